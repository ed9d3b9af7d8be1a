"""Aisles and fences drawn, reshaped and deleted in the text of a layout; every other line stays the same byte for byte."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from twin_app.editing import Draft
from twin_app.editing.ways import AISLE, FENCE, Way, deleted, drawn, moved, reshaped, seen_of, sound, split, ways_of, without

BOTTLING = Path(__file__).resolve().parents[2] / "models3d" / "lines" / "bottling.toml"
TEXT = BOTTLING.read_text(encoding="utf-8")
WAYS = ways_of(tomllib.loads(TEXT))


def way_of(text: str, kind: str, index: int) -> Way:
    return next(way for way in ways_of(tomllib.loads(text)) if (way.kind, way.index) == (kind, index))


def test_that_the_ways_of_a_layout_are_those_that_its_line_has() -> None:
    line = Draft(BOTTLING).line
    assert line is not None
    assert seen_of(tomllib.loads(TEXT)) == (line.aisles, line.fences)


@pytest.mark.parametrize("kind", [AISLE, FENCE])
@pytest.mark.parametrize("text", [TEXT, BOTTLING.with_name("packaging.toml").read_text(encoding="utf-8")])
def test_that_a_way_that_is_drawn_is_the_last_of_its_kind_and_nothing_else_differs(tmp_path: Path, kind: str, text: str) -> None:
    points = ((0.0, -4.0), (6.5, -4.0), (6.5, 2.0))
    after = drawn(text, kind, points, name="North", closed=kind == FENCE)
    before = [way for way in ways_of(tomllib.loads(text)) if way.kind == kind]
    new = way_of(after, kind, len(before))
    assert (new.points, new.closed) == (points, kind == FENCE)
    assert "[[0, -4], [6.5, -4], [6.5, 2]]" in after
    path = tmp_path / "line.toml"
    path.write_text(after, encoding="utf-8")
    assert not [found for found in Draft(path).findings if set(found.path[:1]) & {AISLE, FENCE}]
    assert deleted(after, new).rstrip() == text.rstrip()


def test_that_a_way_is_reshaped_in_its_place_and_keeps_its_comment() -> None:
    for way in WAYS:
        after = reshaped(TEXT, way, moved(way, 0, (1.25, -30.0)))
        assert way_of(after, way.kind, way.index).points[0] == (1.25, -30.0)
        changed = [(a, b) for a, b in zip(TEXT.splitlines(), after.splitlines(), strict=True) if a != b]
        assert len(changed) == 1


def test_that_points_are_put_in_between_and_taken_away_down_to_a_way() -> None:
    way = Way(kind=AISLE, index=0, points=((0.0, 0.0), (4.0, 0.0), (4.0, 4.0)))
    assert split(way, 0, (2.0, 0.5)) == ((0.0, 0.0), (2.0, 0.5), (4.0, 0.0), (4.0, 4.0))
    assert without(way, 1) == ((0.0, 0.0), (4.0, 4.0))
    assert without(Way(kind=AISLE, index=0, points=((0.0, 0.0), (4.0, 0.0))), 0) == ((0.0, 0.0), (4.0, 0.0))
    assert without(Way(kind=FENCE, index=0, points=way.points, closed=True), 1) == way.points, "a ring of two is none"
    assert without(Way(kind=AISLE, index=0, points=way.points[:2], form="rectangle"), 0) == way.points[:2]
    assert sound([(0.0, 0.0), (0.0, 0.0), (1.0, 0.0)]) == ((0.0, 0.0), (1.0, 0.0))


def test_that_the_ground_of_an_aisle_is_as_wide_as_it_is() -> None:
    aisle = Way(kind=AISLE, index=0, points=((0.0, 0.0), (4.0, 0.0)), width_m=2.0)
    assert [aisle.holds((2.0, y)) for y in (-1.1, -0.9, 1.0, 1.1)] == [False, True, True, False]
    square = Way(kind=AISLE, index=0, points=((4.0, 3.0), (0.0, 0.0)), form="rectangle")
    assert [square.holds(at) for at in ((0.1, 2.9), (4.1, 1.0))] == [True, False]
    assert not Way(kind=FENCE, index=0, points=aisle.points).holds((2.0, 0.0))


@pytest.mark.parametrize(
    "table",
    ["line = 3", "line = [[0, 0], [1]]", 'line = [["a", 0], [1, 1]]', "line = [[0, 0], [0, 0]]", "rectangle = [[0, 0], [0, 4]]", ""],
)
def test_that_what_is_no_way_is_listed_and_not_drawn(table: str) -> None:
    data = tomllib.loads(f"[[aisle]]\n{table}\n[[fence]]\nline = [[0, 0], [4, 0]]\n[[fence.gates]]\nat_m = 9\n")
    assert [way.key for way in ways_of(data)] == ["aisle#0", "fence#0"]
    aisles, fences = seen_of(data)
    assert not aisles
    assert [(fence.line, fence.gates) for fence in fences] == [(((0.0, 0.0), (4.0, 0.0)), ())], "a gate beyond its fence is a finding"
