"""Searching over shifts: what was typed is understood or refused, and every moment found is one that was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.finding.shifts import HOUR_NS, LINE, MINUTE_NS, local, record, running
from twin_app.errors import TwinError, UsageError
from twin_app.finding.reading import reading
from twin_app.finding.search import Moment, search
from twin_app.finding.wanted import Bound, Wanted, state_of, unit_of, value_of
from twin_app.model.packml import State

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.finding.shifts import Said
    from twin_app.session.known import Known

START = local("2026-03-02T06:00")
END = START + 16 * HOUR_NS
SHORT, LONG, OPEN = START + HOUR_NS, START + 7 * HOUR_NS + 58 * MINUTE_NS, START + 15 * HOUR_NS
"""Stops of the filler: 2 minutes, 6 minutes over the border of the shift, and one that nobody ended."""


def day() -> list[Said]:
    said = running(START, SHORT)
    for begin, minutes, reason in ((SHORT, 2, "Jam at infeed"), (LONG, 6, "No glue")):
        said.append((begin, "Filler", {"State": "Aborted", "StopReason": reason}))
        said.append((begin + minutes * MINUTE_NS, "Filler", {"State": "Execute", "StopReason": ""}))
    said.append((OPEN, "Filler", {"State": "Held"}))
    said += [(START + m * MINUTE_NS, "Filler", {"Temp": 20 + m}) for m in (0, 30, 60, 61, 120)]
    said += [*running(START, START + 2 * HOUR_NS, unit="Capper"), (END, "Capper", {"Processed": 8000})]
    return said


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Known]:
    folder = record(tmp_path_factory.mktemp("search"), LINE, day())
    with reading(LINE, folder) as found:
        yield found


def found(known: Known, **wanted: Any) -> list[tuple[int, int]]:
    return [(one.at_ns, one.end_ns) for one in search(known, Wanted(**wanted), START, END)]


def test_that_a_unit_aborted_for_more_than_three_minutes_is_found_once_over_the_border_of_its_shift(known: Known) -> None:
    assert found(known, unit="Filler", state=State.ABORTED, longer_ns=3 * MINUTE_NS) == [(LONG, LONG + 6 * MINUTE_NS)]
    assert found(known, unit="Filler", state=State.ABORTED) == [(SHORT, SHORT + 2 * MINUTE_NS), (LONG, LONG + 6 * MINUTE_NS)]
    assert found(known, unit="Filler", state=State.ABORTED, longer_ns=6 * MINUTE_NS) == [(LONG, LONG + 6 * MINUTE_NS)], (
        "exactly so long counts"
    )
    assert found(known, unit="Capper", state=State.ABORTED) == []


def test_that_a_moment_says_its_shift_its_reason_and_whether_it_lasts_beyond_the_span(known: Known) -> None:
    long, last = search(known, Wanted(unit="Filler", any_stop=True, longer_ns=3 * MINUTE_NS), START, END)
    assert isinstance(long, Moment)
    assert (long.what, long.why, long.open) == ("Aborted", "No glue", False)
    assert long.slot is not None
    assert (long.slot.key, long.slot.name) == ("2026-03-02/1", "Early")
    assert (last.at_ns, last.what, last.open) == (OPEN, "Held", True)
    assert last.slot is not None
    assert last.slot.name == "Late"


def test_that_a_reason_is_searched_by_a_part_of_it(known: Known) -> None:
    assert found(known, reason="jam") == [(SHORT, SHORT + 2 * MINUTE_NS)]
    assert found(known, reason="nothing like it") == []


def test_that_an_alarm_is_found_from_its_occurrence_to_its_return(known: Known) -> None:
    """The engine raises an alarm where a unit aborts."""
    assert found(known, unit="Filler", alarm="Aborted") == [(SHORT, SHORT + 2 * MINUTE_NS), (LONG, LONG + 6 * MINUTE_NS)]


def test_that_a_value_is_found_for_as_long_as_it_held(known: Known) -> None:
    """20 + minutes, told at 0, 30, 60, 61 and 120: above 80 from the 61st minute on, at 50 from the 30th to the 60th."""
    assert found(known, value=Bound("Temp", ">", 80.5)) == [(START + 61 * MINUTE_NS, END)]
    assert found(known, value=Bound("temp", "=", 50.0)) == [(START + 30 * MINUTE_NS, START + 60 * MINUTE_NS)]
    assert found(known, value=Bound("Temp", "<=", 20.0), longer_ns=31 * MINUTE_NS) == []


def test_that_conditions_given_together_must_hold_together(known: Known) -> None:
    """While the filler was aborted at the first hour it was 81 degrees from the second minute on."""
    assert found(known, state=State.ABORTED, value=Bound("Temp", "=", 81.0)) == [(SHORT, SHORT + 2 * MINUTE_NS)]
    assert found(known, state=State.ABORTED, value=Bound("Temp", "<", 40.0)) == []


def test_that_time_nobody_knows_is_found_as_such_and_never_as_a_value(tmp_path: Path) -> None:
    """Recorded from 6 to 8 and again two days later: the temperature of the last word does not last over the days between."""
    again = START + 48 * HOUR_NS
    record(tmp_path, LINE, [*running(START, START + 2 * HOUR_NS), (START, "Filler", {"Temp": 99})])
    record(tmp_path, LINE, [*running(again, again + HOUR_NS), (again, "Filler", {"Temp": 5})])
    with reading(LINE, tmp_path) as known:
        dark = search(known, Wanted(unit="Filler", no_data=True, longer_ns=HOUR_NS), START, again + HOUR_NS)
        assert [(one.at_ns, one.end_ns) for one in dark] == [(START + 2 * HOUR_NS + 1, again)]
        assert dark[0].what == "No data"
        hot = search(known, Wanted(value=Bound("Temp", ">", 90.0)), START, again + HOUR_NS)
        assert [(one.at_ns, one.end_ns) for one in hot] == [(START, START + 2 * HOUR_NS + 1)]


def test_that_nothing_is_found_in_a_span_of_no_length(known: Known) -> None:
    assert search(known, Wanted(any_stop=True), START, START) == ()


@pytest.mark.parametrize(
    ("text", "unit", "bound"),
    [
        ("Temp > 75", "", Bound("Temp", ">", 75.0)), ("Filler/Temp<=-1.5e1", "Filler", Bound("Temp", "<=", -15.0)),
        ("zones[1].t != 0", "", Bound("zones[1].t", "!=", 0.0)), ("  a/b.c >= 3 ", "a", Bound("b.c", ">=", 3.0)),
    ],
)  # fmt: skip
def test_that_a_value_is_read_as_people_write_it(text: str, unit: str, bound: Bound) -> None:
    assert value_of(text) == (unit, bound)


@pytest.mark.parametrize("text", ["", "Temp", "> 3", "Temp > hot", "Temp => 3", "Temp >", "a > 1 > 2"])
def test_that_what_is_no_value_is_refused_with_its_cure(text: str) -> None:
    with pytest.raises(UsageError, match="no value"):
        value_of(text)


def test_that_states_and_units_are_known_by_any_spelling_and_others_refused() -> None:
    assert state_of("aborted") == {"state": State.ABORTED}
    assert state_of("No Data") == state_of("blind") == {"no_data": True}
    assert state_of("stop") == {"any_stop": True}
    assert unit_of(LINE, "filler") == "Filler"
    assert unit_of(LINE, "") == ""
    with pytest.raises(UsageError, match="Execute"):
        state_of("sleeping")
    with pytest.raises(UsageError, match="Capper"):
        unit_of(LINE, "M7")


def test_that_a_signal_nobody_recorded_is_said(known: Known) -> None:
    with pytest.raises(TwinError, match="Pressure"):
        found(known, value=Bound("Pressure", ">", 1.0))
