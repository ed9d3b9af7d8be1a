"""A folder of files is one recording: nothing is seen of their borders, and time in which nobody recorded is not known."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.finding.shifts import HOUR_NS, LINE, MINUTE_NS, SECOND_NS, local, record, running
from tests.session.plant import bits
from twin_app.history.recording import Recording
from twin_app.history.replay import Replay
from twin_app.layout.signals import signal_table
from twin_app.model.packml import State
from twin_app.model.samples import Kind, Quality, TextTable
from twin_app.plant.plant import Plant
from twin_app.service.answers import kpi_answer
from twin_app.session import Opened, Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.finding.shifts import Said

START = local("2026-03-02T06:00")


def two_days() -> list[Said]:
    """A filler that stops over each border of a shift, and restarts its counter with each early shift; a capper that says little."""
    said = [(START, "Capper", {"State": "Execute", "Mode": "Production", "Processed": 0, "Defective": 0})]
    for shift in range(6):
        begin = START + shift * 8 * HOUR_NS
        said += running(begin + 5 * MINUTE_NS, begin + 8 * HOUR_NS - 5 * MINUTE_NS, made=7 * (shift % 3))
        said.append((begin + 8 * HOUR_NS - 5 * MINUTE_NS, "Filler", {"State": "Aborted"}))
        said.append((begin + 3 * HOUR_NS, "Capper", {"Processed": 100 * (shift + 1), "Temp": 20.0 + shift}))
    return said


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Session]:
    """Open a recording of the line and fold all of it."""
    signals, texts = signal_table(LINE), TextTable()
    store = Replay(Recording(path, signals=signals, texts=texts))
    with contextlib.closing(Session(Opened(LINE, signals, texts, store, Plant(LINE, signals, texts, store.range), ()))) as session:
        session.fold()
        yield session


class Both(NamedTuple):
    whole: Session
    files: Session
    folder: Path


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """The same two days in one file and in six."""
    folder = tmp_path_factory.mktemp("days")
    record(folder / "one", LINE, two_days(), whole=True)
    record(folder / "six", LINE, two_days())
    with opened(folder / "one") as whole, opened(folder / "six") as files:
        yield Both(whole, files, folder / "six")


def test_that_two_days_are_six_files(both: Both) -> None:
    assert len(list(both.folder.glob("*.twinrec"))) == 6
    assert both.files.span() == both.whole.span()


def test_that_every_figure_over_the_borders_is_that_of_one_file_to_the_bit(both: Both) -> None:
    span = both.whole.span()
    assert span is not None
    edges = [
        span.start_ns,
        *(START + shift * 8 * HOUR_NS + more for shift in range(1, 6) for more in (-SECOND_NS, 0, 1, 7 * MINUTE_NS)),
        span.end_ns,
    ]
    for i, start_ns in enumerate(edges):
        for end_ns in edges[i + 1 :: 3]:
            assert bits(both.files.figures(start_ns, end_ns)) == bits(both.whole.figures(start_ns, end_ns)), (start_ns, end_ns)
            for unit in ("Filler", "Capper"):
                assert both.files.spent(unit, start_ns, end_ns) == both.whole.spent(unit, start_ns, end_ns)
    assert bits(both.files.alarm_report(span.start_ns, span.end_ns)) == bits(both.whole.alarm_report(span.start_ns, span.end_ns))


def test_that_every_state_and_value_around_the_borders_is_that_of_one_file(both: Both) -> None:
    for shift in range(1, 6):
        for more in (-6 * MINUTE_NS, -1, 0, 1, 6 * MINUTE_NS):
            at_ns = START + shift * 8 * HOUR_NS + more
            for unit in ("Filler", "Capper"):
                assert both.files.unit_now(unit, at_ns) == both.whole.unit_now(unit, at_ns)
            assert bits(both.files.latest(at_ns)) == bits(both.whole.latest(at_ns))
    for number, signal in enumerate(both.whole.signals):
        mine = both.files.signals.find(signal.unit, signal.name)
        assert mine is not None
        for pixels in (0, 7):
            whole = (START + 15 * HOUR_NS, START + 17 * HOUR_NS, pixels)
            assert bits(both.files.range(mine, *whole)) == bits(both.whole.range(number, *whole)), signal.path


def test_that_no_more_is_told_of_a_recording_that_is_being_read_than_is_known_of_it(both: Both) -> None:
    signals, texts = signal_table(LINE), TextTable()
    store = Replay(Recording(both.folder, signals=signals, texts=texts), at_once=1)
    ends: list[int] = []
    with contextlib.closing(Session(Opened(LINE, signals, texts, store, Plant(LINE, signals, texts, store.range), ()))) as session:
        while session.share < 1.0:
            session.fold(1e-9)
            span = session.span()
            assert span is not None
            ends.append(span.end_ns)
            for unit in ("Filler", "Capper"):
                told, true = (one.timeline(unit, span.start_ns, span.end_ns) for one in (session, both.whole))
                over = true.over_ns if true.over_ns is not None and true.over_ns <= span.end_ns else None
                assert bits(told) == bits(replace(true, over_ns=over)), span
        assert session.span() == both.whole.span()
    assert ends == sorted(ends)
    assert len(set(ends)) > 5  # it was seen on the way


def test_that_what_is_exported_over_a_border_is_what_one_file_holds(both: Both) -> None:
    span = START + 7 * HOUR_NS, START + 17 * HOUR_NS
    rows = []
    for session in both[:2]:
        words = []
        for samples in session.samples(*span, signals=range(len(session.signals))):
            for sid, at_ns, value, kind in zip(samples.signal, samples.effective_ns, samples.value, samples.kind, strict=True):
                said = session.texts.text(int(value)) if kind == Kind.TEXT else float(value)
                words.append((int(at_ns), session.signals[int(sid)].path, said))
        rows.append(sorted(words, key=str))
    assert rows[0] == rows[1]
    assert len(rows[0]) > 60


def test_that_a_file_alone_knows_what_held_when_it_began(both: Both, tmp_path: Path) -> None:
    """The capper said Execute once, two shifts ago, and the filler has been Aborted for five minutes."""
    third = sorted(both.folder.glob("*.twinrec"))[2]
    (tmp_path / third.name).write_bytes(third.read_bytes())
    begin = START + 16 * HOUR_NS
    with opened(tmp_path / third.name) as alone:
        for more in (0, 3 * MINUTE_NS, 2 * HOUR_NS):
            for unit in ("Filler", "Capper"):
                mine, theirs = alone.unit_now(unit, begin + more), both.whole.unit_now(unit, begin + more)
                assert (mine.state, mine.since_ns, mine.category) == (theirs.state, theirs.since_ns, theirs.category), (unit, more)
        shift = begin, begin + 8 * HOUR_NS - MINUTE_NS
        mine_answer, whole_answer = kpi_answer(alone.figures(*shift)), kpi_answer(both.whole.figures(*shift))
        assert json.dumps(mine_answer) == json.dumps(whole_answer)


def test_that_where_a_file_was_lost_nobody_knows_until_what_the_next_one_began_with(both: Both, tmp_path: Path) -> None:
    """Without the second file: the filler's last word before is its stop at 13:55, known again is the one at 21:55."""
    for path in sorted(both.folder.glob("*.twinrec")):
        if path.name != "20260302T130000Z.twinrec":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    lost, back = local("2026-03-02T13:55"), local("2026-03-02T21:55")
    with opened(tmp_path) as session:
        assert session.unit_now("Filler", lost).state is State.ABORTED
        assert session.unit_now("Filler", lost + MINUTE_NS).state is None
        assert session.unit_now("Filler", back - 1).state is None
        assert session.unit_now("Filler", back).state is State.ABORTED, "the next file began with it"
        state = session.signals.find("Filler", "State")
        assert state is not None
        assert session.latest(lost + HOUR_NS).quality[state] == Quality.STALE
        assert session.unit_now("Capper", local("2026-03-02T22:00")).state is State.EXECUTE, "said again by what the next file began with"
        ledger = session.figures(lost, back).units["Filler"].ledger
        assert ledger.blind_ns == 8 * HOUR_NS - 1, "of eight hours all but the instant of the last word"
        after = local("2026-03-02T22:00"), local("2026-03-03T05:50")
        assert bits(session.figures(*after).units["Filler"]) == bits(both.whole.figures(*after).units["Filler"])


def test_that_a_recorder_that_came_back_after_days_began_anew_and_the_days_between_are_not_known(tmp_path: Path) -> None:
    record(tmp_path, LINE, running(START, START + 2 * HOUR_NS))
    later = START + 72 * HOUR_NS
    record(tmp_path, LINE, running(later, later + HOUR_NS))
    with opened(tmp_path) as session:
        figures = session.figures(START, later + HOUR_NS).units["Filler"]
        assert figures.ledger.blind_ns == 70 * HOUR_NS - 1
        assert figures.kpi.produced == 2 * 3600 + 3600, "3 h at 60/min, and what the counter says over the hole belongs to nobody's time"


def test_that_time_between_files_is_not_known_whatever_they_are_called(tmp_path: Path) -> None:
    """Two hours, three days later one more: exported by people who call the first one last in the alphabet."""
    record(tmp_path, LINE, running(START, START + 2 * HOUR_NS), whole=True, first="shift.twinrec")
    later = START + 72 * HOUR_NS
    record(tmp_path, LINE, running(later, later + HOUR_NS), whole=True, first="another.twinrec")
    with opened(tmp_path) as session:
        ledger = session.figures(START, later + HOUR_NS).units["Filler"].ledger
        assert (ledger.blind_ns, ledger.state_ns) == (70 * HOUR_NS - 1, {State.EXECUTE: 3 * HOUR_NS + 1})


def test_that_what_is_not_known_of_a_hole_is_not_exported_as_a_value_before_the_recording(both: Both) -> None:
    span = both.files.span()
    assert span is not None
    signals = range(len(both.files.signals))
    first = next(iter(both.files.samples(-(2**62), 2**62, signals=signals)))
    assert int(first.effective_ns.min()) == span.start_ns
