"""People say what the line works on and what its time is for: figures follow at once, and everywhere alike."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.session.plant import LINE, SECOND_NS, Played, Rooms, asked, at, bits, content
from twin_app.errors import UsageError
from twin_app.history.store import Store
from twin_app.layout.signals import signal_table
from twin_app.model import equipment
from twin_app.model.entry import EntryKind
from twin_app.model.equipment import Break, Product, Shift
from twin_app.model.frame import Frame
from twin_app.model.message import Status
from twin_app.model.packml import Category
from twin_app.model.samples import TextTable
from twin_app.session import Session

SLOW_AND_FAST = replace(LINE, products=(
    Product(id="fast", title="", ideal_cycle_s={"Filler": 0.5, "Capper": 1.0}), Product(id="slow", title="", ideal_cycle_s={"Filler": 2.0, "Capper": 2.0}),
))  # fmt: skip
NO, CHANGE, ORDER, BREAK = EntryKind.NO_ORDER, EntryKind.CHANGEOVER, EntryKind.ORDER, EntryKind.BREAK


class Line:
    """A live line that runs for 100 s and stands for 100 s; its clock is the test's."""

    def __init__(self, entries: Path | None = None, *, of: equipment.Line = SLOW_AND_FAST) -> None:
        signals, texts = signal_table(of), TextTable()
        self.rooms = Rooms(of, Store.temporary(signals, texts), signals, texts)
        self.source = Played(self.rooms, live=True)
        self.path = entries
        self.session = self.rooms.session(self.source, now=lambda: self.source.now_ns, entries=entries)
        for unit in ("Filler", "Capper"):
            self.source.say(0, unit, State="Execute", Processed=0, Defective=0)
            self.source.say(100, unit, State="Idle", Processed=50, Defective=0)
            self.source.say(200, unit, State="Idle")
        self.now(200)

    def now(self, second: float) -> Frame:
        self.source.now_ns = at(second)
        return self.session.advance(0)

    def spent(self, start: float = 0, end: float = 200) -> dict[str, float]:
        ledger = self.session.figures(at(start), at(end)).units["Filler"].ledger
        return {str(category): ns / SECOND_NS for category, ns in ledger.category_ns.items() if ns}

    def recorded(self) -> Session:
        """Return a replay of the same samples, with the same side file."""
        rooms = Rooms(SLOW_AND_FAST, self.rooms.store, self.rooms.signals, self.rooms.texts)
        rooms.plant.fold(self.rooms.store.read_since(0)[0])
        source = Played(rooms, live=False)
        source.status = Status.COMPLETE
        return rooms.session(source, entries=self.path)


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    made = Line(tmp_path / "entries.jsonl")
    yield made
    made.session.close()


def test_that_figures_follow_what_is_said_at_once_and_its_undoing_too(line: Line) -> None:
    before = line.now(200)
    assert line.spent() == {"production": 100, "waiting": 100}
    said = line.session.entries.enter(CHANGE, at(150), end_ns=at(180), who="p1")
    after = line.now(200)
    assert line.spent() == {"production": 100, "waiting": 70, "setup": 30}
    assert after.changes.all
    assert after.figures is not None
    assert after.figures.units["Filler"].ledger.category_ns[Category.SETUP] == 30 * SECOND_NS
    line.session.entries.undo(said, who="p2")
    again = line.now(200)
    assert line.spent() == {"production": 100, "waiting": 100}
    assert bits(again.figures) == bits(before.figures)
    assert [(e.undone, e.who) for e in line.session.entries.history(said)] == [(False, "p1"), (True, "p2")]


@pytest.mark.parametrize(("kind", "expected"), [
    (EntryKind.CLEANING, {"production": 100, "waiting": 20, "planned": 80}), (BREAK, {"production": 100, "waiting": 20, "planned": 80}),
    (NO, {"production": 100, "waiting": 20, "no_order": 80}), (CHANGE, {"production": 100, "waiting": 20, "setup": 80}),
])  # fmt: skip
def test_that_what_holds_until_further_notice_ends_with_the_next_that_is_said(
    line: Line, kind: EntryKind, expected: dict[str, float]
) -> None:
    line.session.entries.enter(kind, at(100))
    assert line.spent() == {"production": 100, str({CHANGE: "setup", NO: "no_order"}.get(kind, "planned")): 100}
    line.session.entries.enter(ORDER, at(180), order="4711")
    assert line.spent() == expected
    assert [(e.kind, e.end_ns) for e in line.session.entries.current] == [(kind, at(180)), (ORDER, None)]


def test_that_an_order_that_is_entered_afterwards_ends_where_the_next_one_begins(line: Line) -> None:
    entries = line.session.entries
    entries.enter(ORDER, at(120), order="2", product="slow", quantity=500)
    entries.enter(ORDER, at(20), order="1", product="fast", quantity=100)
    assert [(e.order, e.end_ns) for e in entries.current] == [("1", at(120)), ("2", None)]
    frame = line.now(200)
    task = frame.units["Filler"].task
    assert (task.order, task.product, task.quantity) == ("2", "slow", 500)


def test_that_the_right_product_brings_the_right_ideal(line: Line) -> None:
    line.session.entries.enter(EntryKind.PRODUCT, at(0), product="slow", unit="Filler")
    figures = line.session.figures(at(0), at(200))
    assert figures.units["Filler"].kpi.effectiveness == 50 * 2.0 / 100
    line.session.entries.enter(EntryKind.PRODUCT, at(0), product="fast", unit="Filler")
    assert line.session.figures(at(0), at(200)).units["Filler"].kpi.effectiveness == 50 * 0.5 / 100


def test_that_a_correction_keeps_what_was_before(line: Line) -> None:
    entries = line.session.entries
    said = entries.enter(CHANGE, at(110), end_ns=at(190), note="wrong")
    entries.correct(replace(entries.current[0], start_ns=at(150), note="right"), who="p9")
    assert line.spent() == {"production": 100, "waiting": 60, "setup": 40}
    assert [(e.start_ns, e.note, e.who) for e in entries.history(said)] == [(at(110), "wrong", ""), (at(150), "right", "p9")]


def test_that_a_restart_and_a_replay_show_the_same_bit_for_bit(line: Line) -> None:
    line.session.entries.enter(ORDER, at(0), order="1", product="slow", quantity=60)
    line.session.entries.enter(NO, at(150))
    live = line.now(200)
    line.session.pause()
    shown = content(asked(line.session, at(170)))
    with closing(line.recorded()) as replay:
        again = content(asked(replay, at(170)))
        assert {key: again[key] for key in ("units", "figures", "rates_per_min")} == {
            key: shown[key] for key in ("units", "figures", "rates_per_min")
        }
        assert bits(replay.figures(at(0), at(200))) == bits(line.session.figures(at(0), at(200)))
        assert replay.entries.current == line.session.entries.current == live.entries


def test_that_another_window_sees_what_was_entered_in_this_one(line: Line) -> None:
    with closing(line.recorded()) as other:
        line.session.entries.enter(CHANGE, at(150))
        other.advance(0)
        other.advance(SECOND_NS)
        assert [e.kind for e in other.advance(0).entries] == [CHANGE]


def test_that_a_blind_replay_tells_of_an_entry_when_it_became_known(line: Line) -> None:
    line.source.now_ns = at(160)
    line.session.entries.enter(CHANGE, at(120), end_ns=at(140))
    with closing(line.recorded()) as replay:
        replay.advance(0)
        replay.pause()
        replay.blindfold(on=True, hide_notes=False)
        for second, expected in ((150, Category.WAITING), (165, Category.SETUP)):
            replay.seek(at(second))
            frame = replay.advance(0)
            ledger = replay.figures(at(100), at(150)).units["Filler"].ledger
            assert bool(ledger.category_ns[Category.SETUP]) is (expected is Category.SETUP)
            assert bool(frame.entries) is (expected is Category.SETUP)
        replay.blindfold(on=False)
        replay.blindfold(on=True, hide_notes=True)
        replay.seek(at(165))
        assert replay.advance(0).entries == ()


def test_that_what_a_trainee_enters_counts_in_the_blind_replay_alone_and_is_kept_in_a_file_of_its_own(line: Line) -> None:
    line.session.entries.enter(ORDER, at(100), order="PO-1")
    assert line.path is not None
    before = {path: path.read_bytes() for path in line.path.parent.iterdir()}
    with closing(line.recorded()) as replay:
        replay.advance(0)
        replay.pause()
        replay.blindfold(on=True)
        replay.seek(at(150))
        replay.advance(0)
        made = replay.entries.enter(CHANGE, at(120), end_ns=at(140), note="I think")
        assert replay.figures(at(100), at(150)).units["Filler"].ledger.category_ns[Category.SETUP] == 20 * SECOND_NS
        assert [entry.note for entry in replay.advance(0).entries] == ["I think"]
        replay.seek(at(149))  # there it was not said yet
        assert replay.advance(0).entries == ()
        replay.seek(at(151))
        assert [entry.note for entry in replay.advance(0).entries] == ["I think"]
        replay.entries.undo(made)
        assert replay.advance(0).entries == ()
        replay.blindfold(on=False)
        assert [entry.order for entry in replay.advance(0).entries] == ["PO-1"]
        assert replay.figures(at(100), at(150)).units["Filler"].ledger.category_ns[Category.SETUP] == 0
    after = {path: path.read_bytes() for path in line.path.parent.iterdir()}
    (own,) = set(after) - set(before)
    assert ".blind-" in own.name
    assert [json.loads(text)["undone"] for text in own.read_text().splitlines()[1:]] == [False, True]  # below whose file it is
    assert {path: after[path] for path in before} == before


@pytest.mark.parametrize("wrong", [
    {"kind": ORDER}, {"kind": EntryKind.PRODUCT}, {"kind": EntryKind.PRODUCT, "product": "unheard of"}, {"kind": CHANGE, "unit": "Nobody"},
    {"kind": CHANGE, "end_ns": at(100)}, {"kind": ORDER, "order": "1", "quantity": 0.0}, {"kind": ORDER, "order": "1", "quantity": float("nan")},
])  # fmt: skip
def test_that_what_makes_no_sense_is_refused_and_not_kept(line: Line, wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        line.session.entries.enter(**{"start_ns": at(150), **wrong})
    assert line.session.entries.current == ()
    assert line.path is not None
    assert not line.path.exists()


def test_that_a_damaged_line_of_the_file_is_counted_and_costs_no_other(line: Line) -> None:
    line.session.entries.enter(CHANGE, at(150))
    assert line.path is not None
    with line.path.open("ab") as file:
        file.write(b'{"schema": 1, "what": "work entry", "id": "x"}\n')
    line.session.entries.refresh()
    assert len(line.session.entries.notices()) == 1
    assert len(line.session.entries.current) == 1


def test_that_work_in_overtime_is_planned_busy_time() -> None:
    made = Line()
    with closing(made.session):
        made.session.entries.enter(BREAK, at(50))
        made.session.entries.enter(EntryKind.OVERTIME, at(80), end_ns=at(120))
        # said last, it counts for its span alone; the break ended with it
        assert made.spent() == {"production": 70, "planned": 30, "waiting": 100}


def test_that_a_shift_that_is_edited_in_its_middle_costs_what_was_worked_and_no_more() -> None:
    # The calendar has a shift of 150 s with a break from 60 to 70 s; the machine runs for 100 s and stands from then on.
    begin = datetime.fromtimestamp(at(0) / 1e9, LINE.tz)
    hours = [(begin + timedelta(seconds=second)).time() for second in (0, 60, 70, 150)]
    shift = Shift(
        name="early", start=hours[0], end=hours[3], days=tuple(range(7)), breaks=(Break(name="tea", start=hours[1], end=hours[2]),)
    )
    made = Line(of=replace(SLOW_AND_FAST, shifts=(shift,)))
    with closing(made.session):
        assert made.spent() == {"production": 90, "minor_stop": 50, "planned": 10 + 50}
        made.session.entries.enter(EntryKind.OVERTIME, at(60), end_ns=at(70))  # the break was worked through
        made.session.entries.enter(BREAK, at(120), end_ns=at(135))  # there was one later
        longer = made.session.entries.enter(EntryKind.OVERTIME, at(150), end_ns=at(180))
        assert made.spent() == {"production": 100, "minor_stop": 20 + 45, "planned": 15 + 20}
        kpi = made.session.figures(at(0), at(200)).units["Filler"].kpi
        assert (kpi.planned_busy_s, kpi.availability) == (165, 100 / 165)
        assert made.spent(140, 170) == {"waiting": 30}  # a stop that a window cuts is known to be short only when it has ended
        made.session.entries.undo(longer)
        assert made.spent() == {"production": 100, "minor_stop": 20 + 15, "planned": 15 + 50}


def test_that_what_is_said_at_the_playhead_ails_the_line_since_then_and_not_since_the_machine_began_to_run(line: Line) -> None:
    line.session.entries.enter(CHANGE, at(50), end_ns=at(90))
    line.session.seek(at(50))
    line.now(200)
    assert {cause.unit: cause.since_ns for cause in line.session.story(at(50)).causes} == {"Filler": at(50), "Capper": at(50)}
    assert {cause.since_ns for cause in line.session.story(at(70)).causes} == {at(50)}
