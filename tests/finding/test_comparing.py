"""Two shifts beside each other: each figure is the one shown of it anywhere, and unknown is no difference."""

from __future__ import annotations

from math import isnan, nan
from typing import TYPE_CHECKING

import pytest

from tests.finding.shifts import HOUR_NS, LINE, MINUTE_NS, local, record, running
from twin_app.finding.comparing import Difference, differences, window
from twin_app.finding.reading import reading
from twin_app.service.compare_answers import change, figure

if TYPE_CHECKING:
    from pathlib import Path

START = local("2026-03-02T06:00")


def test_that_a_shift_with_a_stop_differs_from_one_without_by_the_stop(tmp_path: Path) -> None:
    """Two hours at 60/min; of the second shift's 24 minutes failed, and 24 * 60 pieces were not made."""
    said = []
    for begin, minutes in ((START, 0), (START + 24 * HOUR_NS, 24)):
        for unit in ("Filler", "Capper"):
            ends = begin + (120 - minutes) * MINUTE_NS
            said += running(begin, ends, each_min=8, unit=unit)
            said += [(ends, unit, {"State": "Aborted"})] if minutes else []
            said.append((begin + 2 * HOUR_NS, unit, {"Temp": 20}))
    record(tmp_path, LINE, said)
    with reading(LINE, tmp_path) as known:
        one, two = (window(known, begin, begin + 2 * HOUR_NS) for begin in (START, START + 24 * HOUR_NS))
    found = {(row.unit, row.measure): row for row in differences(["Filler", "Capper"], two, one)}
    assert found["", "availability"].this == pytest.approx(0.8)
    assert found["", "availability"].difference == pytest.approx(-0.2)
    assert found["", "good"].difference == -24 * 60
    assert found["", "oee_index"].difference == pytest.approx(-0.1), "half the ideal speed over 80 % instead of 100 % of the time"
    assert (found["Filler", "failures"].this, found["Filler", "failures"].other) == (1.0, 0.0)
    assert found["Filler", "equipment_failure"].difference == 24 * 60.0
    assert found["Filler", "starved_and_blocked"].difference == 0.0


def test_that_unknown_on_one_side_is_no_difference() -> None:
    assert isnan(Difference("", "good", "Good", "count", nan, 3.0).difference)
    assert isnan(Difference("", "good", "Good", "count", 3.0, nan).difference)


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("share", -0.0831, "−8.3 pts"), ("share", 0.0001, "±0.0 pts"), ("count", 4882.0, "+4 882"), ("seconds", -72.0, "−1 min 12 s"),
        ("count", 0.0, "±0"), ("share", nan, "–"),
    ],
)  # fmt: skip
def test_that_a_difference_carries_its_sign_and_what_rounds_to_nothing_has_none(kind: str, value: float, shown: str) -> None:
    assert change(kind, value).replace("\u2009", " ") == shown  # type: ignore[arg-type] # one of the kinds
    assert figure("count", nan) == "–"
