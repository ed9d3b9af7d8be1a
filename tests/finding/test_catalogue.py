"""The calendar of recordings: of every shift what the playing line would say, reckoned once and kept only while nothing is another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.finding.shifts import HOUR_NS, LINE, LUNCH, MINUTE_NS, SECOND_NS, SHANGHAI, local, record, running
from tests.session.plant import bits
from twin_app.errors import GivenUpError, RecordingError
from twin_app.finding.cache import NAME
from twin_app.finding.catalogue import Catalogue, catalogue
from twin_app.finding.reading import Pace, reading
from twin_app.model.bookmark import Bookmark
from twin_app.model.packml import State

if TYPE_CHECKING:
    from pathlib import Path

    from tests.finding.shifts import Said
    from twin_app.finding.summary import Summary

START = local("2026-03-02T06:00")
SPEED = 60
"""Pieces a minute; at 0.5 s a piece the ideal is 120."""


def early_and_late() -> list[Said]:
    """The filler runs from six to ten at night, but for 20 minutes aborted from 09:00 and an hour without a word from 15:00."""
    stop = START + 3 * HOUR_NS
    said = running(START, stop)
    said.append((stop, "Filler", {"State": "Aborted"}))
    said += running(stop + 20 * MINUTE_NS, START + 16 * HOUR_NS, made=3 * 60 * SPEED)
    both = [row for row in said if not START + 9 * HOUR_NS < row[0] < START + 10 * HOUR_NS]
    return [*both, *((at_ns, "Capper", {**fields}) for at_ns, unit, fields in both)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("catalogue"), LINE, early_and_late())


@pytest.fixture(autouse=True)
def fresh(folder: Path) -> None:
    (folder / NAME).unlink(missing_ok=True)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often files were folded."""
    times: list[int] = []

    def counted(*given: object, **named: object) -> object:
        times.append(1)
        return reading(*given, **named)  # type: ignore[arg-type] # handed on

    monkeypatch.setattr("twin_app.finding.catalogue.reading", counted)
    return times


def by_key(found: Catalogue) -> dict[str, Summary]:
    return {summary.slot.key: summary for summary in found.summaries}


def test_that_a_shift_is_known_by_its_oee_output_biggest_stop_and_alarms(folder: Path) -> None:
    """Eight hours less 20 minutes at half the ideal speed: A = 460/480, E = 1/2; the capper's ideal is a second a piece."""
    found = by_key(catalogue(LINE, folder))
    assert list(found) == ["2026-03-02/1", "2026-03-02/2"]
    early = found["2026-03-02/1"]
    assert early.kpi.availability == pytest.approx(460 / 480)
    assert early.kpi.effectiveness == pytest.approx(0.5)
    assert early.kpi.good == 460 * SPEED
    assert early.kpi.oee_index == pytest.approx(460 * SPEED * 0.5 / (480 * 60))
    assert early.stop is not None
    assert (early.stop.start_ns, early.stop.end_ns, early.stop.state) == (
        START + 3 * HOUR_NS,
        START + 3 * HOUR_NS + 20 * MINUTE_NS,
        State.ABORTED,
    )
    assert early.stops == 2, "filler and capper"
    assert early.gaps == ()
    assert found["2026-03-02/2"].stop is None


def test_that_every_figure_is_the_one_that_the_playing_line_shows(folder: Path) -> None:
    with reading(LINE, folder) as known:
        for summary in catalogue(LINE, folder).summaries:
            window = summary.slot.start_ns, summary.end_ns
            assert bits(summary.kpi) == bits(known.figures(*window).line)
            assert summary.alarms == known.alarm_report(*window).activations


def test_that_a_break_is_no_planned_time(tmp_path: Path) -> None:
    """Half an hour of lunch: 450 minutes are planned, 460 less what fell into the break ran."""
    record(tmp_path, LUNCH, early_and_late())
    early = by_key(catalogue(LUNCH, tmp_path))["2026-03-02/1"]
    assert early.kpi.planned_busy_s == 450 * 60


@pytest.mark.parametrize(("begin", "key", "hours"), [("2026-03-28T22:00", "2026-03-28/3", 7), ("2026-10-24T22:00", "2026-10-24/3", 9)])
def test_that_the_nights_of_the_changed_clocks_are_reckoned_over_their_real_time(tmp_path: Path, begin: str, key: str, hours: int) -> None:
    start = local(begin)
    record(tmp_path, LINE, [*running(start, start + hours * HOUR_NS), *running(start, start + hours * HOUR_NS, unit="Capper")])
    night = by_key(catalogue(LINE, tmp_path))[key]
    assert night.kpi.planned_busy_s == hours * 3600
    assert night.kpi.good == pytest.approx(hours * 60 * SPEED)
    assert night.kpi.oee_index == pytest.approx(0.5)


def test_that_a_night_in_shanghai_is_found_under_the_day_it_began_on(tmp_path: Path) -> None:
    start = local("2026-03-02T22:00", "Asia/Shanghai")
    record(tmp_path, SHANGHAI, [*running(start, start + 8 * HOUR_NS), *running(start, start + 8 * HOUR_NS, unit="Capper")])
    found = catalogue(SHANGHAI, tmp_path).summaries
    assert [(one.slot.key, one.slot.name) for one in found] == [("2026-03-02/3", "Night")]
    assert found[0].kpi.good == 8 * 60 * SPEED


def test_that_time_nobody_recorded_is_a_gap_and_a_shift_nobody_recorded_is_listed_as_such(tmp_path: Path) -> None:
    """Recorded from 06:00 to 08:00, and from 23:00 to midnight the next day: what lies between is not known."""
    again = START + 41 * HOUR_NS
    for begin, hours in ((START, 2), (again, 1)):
        record(tmp_path, LINE, [row for unit in ("Filler", "Capper") for row in running(begin, begin + hours * HOUR_NS, unit=unit)])
    found = catalogue(LINE, tmp_path).summaries
    assert [one.slot.key for one in found] == [
        "2026-03-02/1",
        "2026-03-02/2",
        "2026-03-02/3",
        "2026-03-03/1",
        "2026-03-03/2",
        "2026-03-03/3",
    ]
    first, *between, last = found
    assert first.gap_ns == pytest.approx(6 * HOUR_NS, abs=SECOND_NS)
    assert all(one.gaps == ((one.slot.start_ns, one.slot.end_ns),) and one.kpi.good != 0 for one in between)
    assert last.gap_ns == 7 * HOUR_NS, "an hour before, six after"


def test_that_what_was_reckoned_once_is_not_reckoned_again(folder: Path, read: list[int]) -> None:
    first = catalogue(LINE, folder)
    assert read
    before = len(read)
    again = catalogue(LINE, folder)
    assert len(read) == before
    assert bits(again.summaries) == bits(first.summaries)
    (folder / NAME).unlink()
    assert bits(catalogue(LINE, folder).summaries) == bits(first.summaries)
    assert len(read) == 2 * before


def test_that_another_layout_is_reckoned_anew(folder: Path, read: list[int]) -> None:
    catalogue(LINE, folder)
    before = len(read)
    slow = replace(LINE, products=(replace(LINE.products[0], ideal_cycle_s={"Filler": 1.0, "Capper": 1.0}),), content_hash="two")
    found = by_key(catalogue(slow, folder))["2026-03-02/1"]
    assert len(read) > before
    assert found.kpi.oee_index == pytest.approx(460 * SPEED / (480 * 60))


def test_that_a_file_that_has_grown_is_reckoned_anew_and_the_others_are_not(tmp_path: Path) -> None:
    start = START - 32 * HOUR_NS
    hours = [*running(start, START + HOUR_NS), *running(start, START + HOUR_NS, unit="Capper")]
    record(tmp_path, LINE, hours)
    newest = max(tmp_path.glob("*.twinrec")).name
    before = catalogue(LINE, tmp_path)
    kept = (tmp_path / NAME).read_bytes()
    record(tmp_path, LINE, running(START + 2 * HOUR_NS, START + 3 * HOUR_NS, made=100_000), first=newest)
    after = catalogue(LINE, tmp_path)
    assert (tmp_path / NAME).read_bytes() != kept
    assert bits(after.summaries[:-2]) == bits(before.summaries[:-2])
    assert after.summaries[-1].end_ns == START + 3 * HOUR_NS


@pytest.mark.parametrize("damage", [b"", b"\n", b"{}", b"0" * 64 + b"\n{}", b'["a"]'])
def test_that_a_cache_that_is_not_what_was_written_counts_for_nothing(folder: Path, read: list[int], damage: bytes) -> None:
    first = catalogue(LINE, folder)
    (folder / NAME).write_bytes(damage)
    before = len(read)
    assert bits(catalogue(LINE, folder).summaries) == bits(first.summaries)
    assert len(read) > before


def test_that_figures_in_the_cache_cannot_be_changed_unnoticed(folder: Path) -> None:
    first = catalogue(LINE, folder)
    cache = folder / NAME
    cache.write_bytes(cache.read_bytes().replace(b'"stops":2', b'"stops":7'))
    assert bits(catalogue(LINE, folder).summaries) == bits(first.summaries)


def test_that_bookmarks_are_counted_by_the_shift_they_lie_in(folder: Path) -> None:
    notes = [Bookmark(id=str(n), at_ns=START + n * 5 * HOUR_NS, known_ns=0) for n in range(3)]
    found = by_key(catalogue(LINE, folder, notes=notes))
    assert [found[key].bookmarks for key in ("2026-03-02/1", "2026-03-02/2")] == [2, 1]
    assert by_key(catalogue(LINE, folder))["2026-03-02/1"].bookmarks == 0, "they are not kept"


def test_that_a_work_that_is_given_up_ends_and_is_told_how_far_it_was(folder: Path) -> None:
    shares: list[float] = []
    with pytest.raises(GivenUpError):
        catalogue(LINE, folder, pace=Pace(shares.append, lambda: bool(shares)))
    assert shares


def test_that_a_damaged_file_is_said_and_the_others_are_listed(folder: Path, tmp_path: Path) -> None:
    for path in folder.glob("*.twinrec"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "20260301T050000Z.twinrec").write_bytes(b"nothing of ours")
    found = catalogue(LINE, tmp_path)
    assert len(found.summaries) == 2
    assert "20260301T050000Z.twinrec" in found.problems[0]


def test_that_a_folder_without_recordings_says_so(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="no recording"):
        catalogue(LINE, tmp_path)
