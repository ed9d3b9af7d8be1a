"""Whatever a file looks like, a change leaves every line it does not mean as it was, byte for byte, and undoing gives the very file back."""

from __future__ import annotations

import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.editing.conftest import HALL
from twin_app.editing import Draft
from twin_app.editing.units import Place, added, connected, deleted, duplicated, placed

ODD_WORDS = ("灌装机", "Füller", 'tab\\tquote\\"', "a # no comment", "[unit]", "line\u2028separator", "x\u0085y", "")
COMMENTS = ("", "  # by the wall", "# ganz außen ", "  # [[unit]]")


@st.composite
def halls(draw: st.DrawFn) -> str:
    """Layouts of units written in many ways: tables in and out of order, arrays over several lines, odd words, any line end."""
    rows = ["# 头 – first", "schema = 1", "", "[line]  # the line", 'id = "l"', "", "[[source]]", 'id = "p"', ""]
    n = draw(st.integers(1, 4))
    for i in range(n):
        rows += draw(st.sampled_from([[], ["# about the next"], ["# ---- part", ""], ["", "", "# far away", ""]]))
        rows += [f"[[unit]]{draw(st.sampled_from(COMMENTS))}", f'id = "u{i}"', f'title = "{draw(st.sampled_from(ODD_WORDS))}"']
        if draw(st.booleans()):
            rows.append(f"x_m = {draw(st.sampled_from(['1', '2.50', '+3.0', '1e1', '0x10']))}{draw(st.sampled_from(COMMENTS))}")
        if draw(st.booleans()):
            rows.append("targets.availability = 0.9 # dotted")
        if i:
            to = f"u{i - 1}"
            rows += draw(st.sampled_from([
                [f'feeds = [{{to="{to}"}}]'], ["feeds = [", f'    {{ to = "{to}" }}, # belt', "    # nothing more", "]"],
                ["[[unit.feeds]]", f"to = '{to}'", "buffer_capacity = 12_000"], [],
            ]))  # fmt: skip
        if draw(st.booleans()):
            rows += ["", "  [[unit.signal]]", '  name = """T', '# in a string"""', "  [unit.signal.limits]", "  low = 1"]
        if draw(st.booleans()):
            rows += [
                "",
                "[[product]]",
                f'id = "p{i}"',
                "[product.ideal_cycle_s]",
                f"u{i} = 1.5  # maker",
                "",
                "[[unit.derive]]",
                'name = "late"',
            ]
        rows += draw(st.sampled_from([[], [""], ["", ""]]))
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    return newline.join(rows) + draw(st.sampled_from([newline, "", newline * 2]))


def draft_of(folder: str, text: str, *, bom: bool = False) -> Draft:
    path = Path(folder) / "hall.toml"
    path.write_bytes((b"\xef\xbb\xbf" if bom else b"") + text.encode())
    return Draft(path)


def is_subsequence(few: list[str], many: list[str]) -> bool:
    rest = iter(many)
    return all(line in rest for line in few)


def data(text: str) -> dict[str, Any]:
    return tomllib.loads(text.replace("\r\n", "\n"))


QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@given(halls(), st.booleans(), st.data())
@QUICK
def test_that_moving_a_unit_touches_its_three_keys_alone(text: str, bom: bool, choose: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        draft = draft_of(folder, text, bom=bom)
        unit = choose.draw(st.sampled_from(draft.outline.units))
        draft.change("move", placed(draft.text, draft.outline, {unit.key: Place(7.5, -2.0, 45.0)}))
        own = {"x_m", "y_m", "heading_deg"}
        kept = [line for line in text.split("\n") if line.split("=")[0].strip() not in own and line.strip()]
        assert is_subsequence(kept, draft.text.split("\n"))
        before, after = data(text), data(draft.text)
        before["unit"][unit.index] |= {"x_m": 7.5, "y_m": -2.0, "heading_deg": 45.0}
        assert after == before
        assert ("\r\n" in draft.text) == ("\r\n" in text)
        assert "\r\n" not in text or draft.text.replace("\r\n", "").count("\n") == 0
        draft.undo()
        assert draft.text == text


@given(halls(), st.data())
@QUICK
def test_that_deleting_a_unit_leaves_the_others_as_they_are(text: str, choose: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        draft = draft_of(folder, text)
        unit = choose.draw(st.sampled_from(draft.outline.units))
        draft.change("delete", deleted(draft.text, draft.outline, [unit.key]))
        left = [table for i, table in enumerate(data(text)["unit"]) if i != unit.index]
        for table in left:
            feeds = [feed for feed in table.get("feeds", []) if feed["to"] != unit.id]
            table.pop("feeds", None)
            table.update({"feeds": feeds} if feeds else {})
        assert data(draft.text).get("unit", []) == left
        assert is_subsequence([line for line in draft.text.split("\n") if line.strip()], text.split("\n"))
        draft.undo()
        assert draft.text == text


@given(halls(), st.data())
@QUICK
def test_that_what_is_added_leaves_every_line_there(text: str, choose: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        draft = draft_of(folder, text)
        unit = choose.draw(st.sampled_from(draft.outline.units))
        lines = [line for line in text.split("\n") if line.strip()]
        draft.change("add", added(draft.text, draft.outline, "press", Place(1, 2, 3), like="Press")[0])
        draft.change("copy", duplicated(draft.text, draft.outline, [unit.key])[0])
        assert is_subsequence(lines, draft.text.split("\n")) or text[-1] != "\n"
        draft.change("join", connected(draft.text, draft.outline, "Press", unit.key))
        after = data(draft.text)
        assert after["unit"][: len(data(text)["unit"])] == data(text)["unit"]
        assert after["unit"][-2] == {"id": "Press", "type": "press", "x_m": 1.0, "y_m": 2.0, "heading_deg": 3, "feeds": [{"to": unit.id}]}
        copy = {key: value for key, value in data(text)["unit"][unit.index].items() if key not in {"id", "title", "feeds", "y_m"}}
        assert {key: value for key, value in after["unit"][-1].items() if key not in {"id", "title", "y_m"}} == copy
        steps = 0
        while draft.undoable:
            draft.undo()
            steps += 1
        assert (steps, draft.text) == (3, text)
        for _ in range(steps):
            draft.redo()
        assert data(draft.text) == after


@pytest.mark.parametrize("bom", [False, True])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_that_a_file_saved_after_undoing_all_is_the_very_file(tmp_path: Path, newline: str, bom: bool) -> None:
    draft = draft_of(str(tmp_path), HALL.replace("\n", newline), bom=bom)
    before = draft.path.read_bytes()
    draft.change("move", placed(draft.text, draft.outline, {"Capper": Place(1, 1, 1)}))
    draft.save()
    assert draft.path.read_bytes() != before
    assert draft.path.read_bytes().startswith(b"\xef\xbb\xbf") is bom
    draft.undo()
    draft.save()
    assert draft.path.read_bytes() == before
