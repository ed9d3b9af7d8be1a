"""A line so long that its figures are reckoned over several frames."""

from dataclasses import replace

import pytest

from tests.session.plant import LINE, Bench, at, bits
from twin_app.model.message import Status

UNITS = tuple(replace(LINE.units[1], id=f"Capper{i}", title=f"Capper {i}") for i in range(6))
LONG = replace(LINE, units=(LINE.units[0], *UNITS))


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    """Return a replay of seven units, paused at 10 s; a frame has time for the figures of one unit."""
    monkeypatch.setattr("twin_app.session.session.FIGURES_BUDGET_S", 0.0)
    bench = Bench(LONG, live=False)
    for second in range(31):
        for unit in LONG.units:
            bench.source.say(second, unit.id, State="Execute" if second < 20 else "Held", Processed=second)
    bench.source.status = Status.COMPLETE
    bench.session.pause()
    bench.frame()
    bench.session.seek(at(10))
    bench.frame()
    return bench


def test_that_figures_of_one_instant_are_shown_when_every_unit_had_its_turn(bench: Bench) -> None:
    bench.session.play()
    frames = [bench.frame(0.2) for _ in range(12)]
    first, *_ = [number for number, frame in enumerate(frames) if frame.changes.figures]
    shown = frames[first].figures
    assert first == 6  # seven units, one a frame
    assert shown is not None
    assert shown.end_ns == at(10.2)
    assert bits(shown) == bits(bench.session.figures(at(0), at(10.2)))


def test_that_standing_still_reckons_all_of_it_at_once(bench: Bench) -> None:
    bench.session.play()
    bench.frame(0.2)
    bench.session.pause()
    frame = bench.frame()
    assert frame.figures is not None
    assert frame.figures.end_ns == frame.at_ns
    assert bits(frame.figures) == bits(bench.session.figures(at(0), at(10.2)))
    assert not bench.frame().changes.figures


def test_that_a_jump_leaves_no_figure_of_before_it(bench: Bench) -> None:
    bench.session.play()
    bench.frame(0.2)
    bench.session.seek(at(25))
    frame = bench.frame()
    assert frame.figures is not None
    assert frame.figures.end_ns == at(25)
    for _ in range(8):
        figures = bench.frame(0.01).figures
        assert figures is not None
        assert figures.end_ns >= at(25)


def test_that_a_unit_nobody_knows_has_no_rate_although_its_figures_are_older(bench: Bench) -> None:
    bench.source.link(0, up=True)
    bench.source.link(10.3, up=False)
    bench.frame()
    assert bench.frame().rates_per_min["Filler"] == pytest.approx(60)
    bench.session.play()
    assert str(bench.frame(0.4).rates_per_min["Filler"]) == "nan"
