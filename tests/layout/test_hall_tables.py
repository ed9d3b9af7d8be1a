"""Every way to get aisles and fences wrong, and the sentence that tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

POINTS = "2 to 200 points [x, y] in metres: [[0, 0], [12.5, 0]]"

# What to append to the good layout (line 31 on), and the one finding that follows.
WRONG: list[tuple[str, str]] = [
    ('[[aisle]]\nname = "A"', "31: aisle[1]: has neither line nor rectangle."),
    ("[[aisle]]\nline = [[0, 0], [1, 0]]", "31: aisle[1].name: is missing; allowed: one line of text of up to 40 characters."),
    (
        '[[aisle]]\nname = "A"\nline = [[0, 0], [1, 0]]\nrectangle = [[0, 0], [1, 1]]',
        "31: aisle[1]: found both line and rectangle; allowed: one of the two.",
    ),
    ('[[aisle]]\nname = "A"\nline = [[0, 0]]', f"33: aisle[1].line: found a list of 1; allowed: {POINTS}."),
    ('[[aisle]]\nname = "A"\nline = "x"', f'33: aisle[1].line: found "x"; allowed: {POINTS}.'),
    ('[[aisle]]\nname = "A"\nline = [[0, 0], [1, nan]]', "33: aisle[1].line[2]: found a list of 2; allowed: a point [x, y] in metres."),
    ('[[aisle]]\nname = "A"\nline = [[0, 0], [1e6, 0]]', "33: aisle[1].line[2]: found a list of 2; allowed: a point [x, y] in metres."),
    ('[[aisle]]\nname = "A"\nline = [[0, 0], 7]', "33: aisle[1].line[2]: found 7; allowed: a point [x, y] in metres."),
    ('[[aisle]]\nname = "A"\nline = [[1, 0], [1, 0]]', "33: aisle[1].line[2]: found the same place as the point before it."),
    (
        '[[aisle]]\nname = "A"\nrectangle = [[0, 0], [5, 0.2]]',
        "33: aisle[1].rectangle: found corners that are less than 0.3 m apart along or across the hall.",
    ),
    (
        '[[aisle]]\nname = "A"\nrectangle = [[0, 0], [5, 1], [6, 2]]',
        "33: aisle[1].rectangle: found a list of 3; allowed: 2 points [x, y] in metres: [[0, 0], [12.5, 3]].",
    ),
    ("[[fence]]\nclosed = true", f"31: fence[1].line: is missing; allowed: {POINTS}."),
    (
        "[[fence]]\nline = [[0, 0], [4, 0]]\ngates = [{ at_m = 3.9 }]",
        "33: fence[1].gates[1].at_m: found a gate from 3.3 m to 4.5 m; the fence is 4 m long.",
    ),
    (
        "[[fence]]\nline = [[0, 0], [9, 0]]\ngates = [{ at_m = 3 }, { at_m = 4 }]",
        "33: fence[1].gates[2].at_m: found a gate that meets another; gates must not overlap.",
    ),
    ("[[fence]]\nline = [[0, 0], [9, 0]]\nheight = 2", "33: fence[1].height: found an unknown key; allowed: line, closed, gates."),
]


@pytest.mark.parametrize(("added", "expected"), WRONG, ids=[row[1][:60] for row in WRONG])
def test_that_what_is_wrong_in_the_hall_is_told_in_one_sentence_with_its_line(
    added: str, expected: str, good: str, findings: Callable[[str | bytes], list[str]]
) -> None:
    assert findings(good + added) == [f"line.toml:{expected}"]


def test_that_aisles_and_fences_are_read(good: str, findings: Callable[[str | bytes], list[str]]) -> None:
    added = '[[aisle]]\nname = "A/1"\nline = [[0, 0], [1, 0], [1, 5.5]]\n[[aisle]]\nname = ""\nrectangle = [[5, 5], [0, 0]]\n'
    fence = "[[fence]]\nline = [[0, 0], [4, 0], [4, 4]]\nclosed = true\ngates = [{ at_m = 12, width_m = 2 }]\n"
    assert findings(good + added + fence) == []
