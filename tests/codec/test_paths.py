"""Paths into JSON, against a document worked out by hand."""

from typing import Any

import pytest

from twin_app.codec.paths import MAX_ITEMS, leaves, path_of, select
from twin_app.errors import DecodeError, SourceError
from twin_app.layout.field_paths import Path, path
from twin_app.model.equipment import MapRule

DOCUMENT: dict[str, Any] = {
    "a": {"b": [{"c": 1}, {"c": 2, "x.y": 3}]},
    "lines": [{"samples": [10, 11]}, {"samples": [12]}],
    "metrics": {"temp": {"v": 70}, "drive/speed": {"v": 8}},
}


@pytest.mark.parametrize(
    ("written", "steps"),
    [
        ("", ()),
        ("a", ("a",)),
        ("a.b[0].c", ("a", "b", 0, "c")),
        ("[0][1]", (0, 1)),
        ("lines[*].samples", ("lines", None, "samples")),
        ("metrics.*", ("metrics", None)),
        ('a["x.y"]', ("a", "x.y")),
        ("a['x[0]']", ("a", "x[0]")),
        ("温度.值", ("温度", "值")),
    ],
)
def test_that_a_path_is_read_step_by_step(written: str, steps: Path) -> None:
    assert path(written) == steps


@pytest.mark.parametrize("written", [".a", "a..b", "a.", "a[", "a[x]", "a[-1]", "a]b", "a.[0]"])
def test_that_what_is_no_path_is_refused_with_the_way_to_write_one(written: str) -> None:
    with pytest.raises(SourceError, match="which is no path") as caught:
        path_of(MapRule(topic="t/{unit}", dialect="json"), written)
    assert "a.b[0].c" in caught.value.tip


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("a.b[0].c", [("", 1)]),
        ("a.b[*].c", [("", 1), ("", 2)]),
        ('a.b[1]["x.y"]', [("", 3)]),
        ("lines[*].samples[*]", [("", 10), ("", 11), ("", 12)]),
        ("metrics.*.v", [("temp", 70), ("drive/speed", 8)]),
        ("a.b[7].c", []),
        ("a.b.c", []),
        ("nowhere", []),
    ],
)
def test_that_a_path_leads_to_every_value_it_names(written: str, found: list[tuple[str, int]]) -> None:
    assert list(select(DOCUMENT, path(written))) == found


def test_that_leaves_are_named_by_their_paths_and_slashes_never_split_a_signals_name() -> None:
    assert leaves(DOCUMENT) == {
        "a.b[0].c": 1, "a.b[1].c": 2, "a.b[1].x.y": 3, "lines[0].samples[0]": 10, "lines[0].samples[1]": 11, "lines[1].samples[0]": 12,
        "metrics.temp.v": 70, "metrics.drive.speed.v": 8,
    }  # fmt: skip
    assert leaves(DOCUMENT, without={id(DOCUMENT["a"]), id(DOCUMENT["lines"])}) == {"metrics.temp.v": 70, "metrics.drive.speed.v": 8}


def test_that_a_waveform_is_named_as_a_whole_and_endless_names_are_cut() -> None:
    found = leaves({"wave": [0.5] * (MAX_ITEMS + 1), "n" * 5000: 1})
    assert found == {"wave": "[101]", "n" * 200: "…"}


def test_that_depth_is_bounded() -> None:
    deep: Any = 1
    for _ in range(17):
        deep = [deep]
    with pytest.raises(DecodeError):
        leaves(deep)
