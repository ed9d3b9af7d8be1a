from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from twin_app.assets import line_files
from twin_app.layout import load, remarks

if TYPE_CHECKING:
    from pathlib import Path

THIRD = '[[unit]]\nid = "Box"\ntype = "machine"\nsource = "plc"\n'
ALONE = "Unit Box feeds nobody and nobody feeds it, so what it makes counts as leaving the line."


def _remarks(folder: Path, text: str) -> list[str]:
    path = folder / "line.toml"
    path.write_text(text)
    return list(remarks(load(path)))


def test_that_a_complete_layout_needs_no_remark(good: str, tmp_path: Path) -> None:
    assert _remarks(tmp_path, good) == []
    assert {path.name: remarks(load(path)) for path in line_files() if path.name != "agvs.toml"} == {
        "bottling.toml": (),
        "packaging.toml": (),
    }


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Press = 2, ", "", ["Product lid has no ideal cycle for Press, so the line's OEE is unknown while it runs."]),
        (
            '[[product]]\nid = "lid"\nideal_cycle_s = { Press = 2, Oven = 1.5 }\n',
            THIRD,
            ["There is no product with an ideal cycle, so effectiveness and OEE stay unknown.", ALONE],
        ),
        (
            'topic = "S/A/{unit}/{tag...}"',
            'topic = "S/A/{tag...}"\nunit = "Press"',
            ["No rule names unit Oven, so it stays without a state."],
        ),
        (
            '[[source.map]]\ntopic = "S/A/{unit}/{tag...}"\ndialect = "packml_tags"\n',
            "",
            ["Source plc has no rule that maps a topic, so nothing it says is understood."],
        ),
        (
            'id = "plc"',
            'id = "plc"\naddress = "shift.jsonl"\ntls_ca = "ca.pem"',
            ["The file shift.jsonl of source plc is not there.", "The file ca.pem of source plc is not there."],
        ),
        ('id = "plc"', 'id = "plc"\naddress = "mqtt://host:1883"', []),
        (
            'id = "Oven"',
            'id = "Oven"\nmodel = "kiln.glb"',
            ["The 3D model kiln.glb of unit Oven is not there; a plain box will stand for it."],
        ),
        ('id = "Oven"', 'id = "Oven"\nmodel = "filler.glb"', []),
    ],
)
def test_that_what_costs_a_figure_or_a_picture_is_said(old: str, new: str, expected: list[str], good: str, tmp_path: Path) -> None:
    assert old in good
    assert _remarks(tmp_path, good.replace(old, new, 1)) == expected
