"""A layout on its way: what is wrong is said at once, saving is whole or not at all, and nobody else's work is overwritten."""

from __future__ import annotations

import os
import tomllib
from typing import TYPE_CHECKING

import pytest

from twin_app import layout
from twin_app.editing import Draft
from twin_app.editing.blank import Names, blank
from twin_app.editing.units import Place, added, deleted, placed, with_field
from twin_app.errors import LayoutError

if TYPE_CHECKING:
    from pathlib import Path


def moved(draft: Draft, x_m: float = 1.0) -> None:
    draft.change("move", placed(draft.text, draft.outline, {"Capper": Place(x_m, 0.0, 0.0)}))


def test_that_what_is_wrong_is_known_at_once_and_by_its_place_and_gone_with_undo(hall: Path) -> None:
    draft = Draft(hall)
    draft.change("field", with_field(draft.text, [draft.outline.units[1]], "heading_deg", 400.0))
    (finding,) = draft.findings_at("unit", 1, "heading_deg")
    assert finding.said == "found 400.0; allowed: a number from -360 to 360."
    assert draft.line is None
    assert draft.findings_at("unit", 0) == ()
    draft.undo()
    assert (draft.findings, draft.line is not None, draft.dirty) == ((), True, False)


def test_that_no_finding_of_the_layout_is_lost(hall: Path) -> None:
    hall.write_text(
        hall.read_text("utf-8").replace('zone = "Asia/Shanghai"', 'zone = "Nowhere"').replace("x_m = 17.0", "x_m = true"), "utf-8"
    )
    with pytest.raises(LayoutError) as refused:
        layout.load(hall)
    assert tuple(finding.sentence for finding in Draft(hall).findings) == refused.value.findings
    assert len(refused.value.findings) == 2


def test_that_steps_go_back_and_forth_until_something_else_is_done(hall: Path) -> None:
    draft = Draft(hall)
    before = draft.text
    moved(draft, 1.0)
    moved(draft, 2.0)
    draft.undo()
    assert (draft.outline.units[1].x_m, draft.undoable, draft.redoable) == (1.0, "move", "move")
    draft.redo()
    assert draft.outline.units[1].x_m == 2.0
    draft.undo()
    moved(draft, 3.0)
    assert draft.redoable == ""
    draft.redo()
    draft.undo()
    draft.undo()
    draft.undo()
    assert (draft.text, draft.undoable) == (before, "")


def test_that_a_change_that_changes_nothing_is_no_step(hall: Path) -> None:
    draft = Draft(hall)
    assert not draft.change("nothing", draft.text)
    assert draft.undoable == ""


def test_that_a_text_that_is_no_toml_is_refused_and_nothing_has_changed(hall: Path) -> None:
    draft = Draft(hall)
    before = draft.text
    with pytest.raises(LayoutError):
        draft.change("break", before + "\n[[unit")
    assert (draft.text, draft.undoable) == (before, "")


def test_that_saving_is_refused_while_something_is_wrong_and_says_what(hall: Path) -> None:
    draft = Draft(hall)
    before = hall.read_bytes()
    draft.change("delete", deleted(draft.text, draft.outline, ["Filler"]))
    with pytest.raises(LayoutError, match="constraint"):
        draft.save()
    assert hall.read_bytes() == before
    assert draft.dirty


def test_that_a_file_that_somebody_changed_is_not_overwritten_and_both_can_be_kept(hall: Path) -> None:
    draft = Draft(hall)
    moved(draft)
    hall.write_bytes(hall.read_bytes() + b"# theirs\n")
    assert draft.overtaken
    with pytest.raises(LayoutError, match="somebody else"):
        draft.save()
    mine = draft.save_beside()
    assert mine.name == "hall-2.toml"
    assert tomllib.loads(mine.read_text("utf-8"))["unit"][1]["x_m"] == 1.0
    assert hall.read_bytes().endswith(b"# theirs\n")
    draft.reload()
    assert (draft.dirty, draft.overtaken, draft.undoable) == (False, False, "")
    assert draft.text.endswith("# theirs\n")
    assert draft.save_beside().name == "hall-3.toml"


def test_that_a_deleted_file_counts_as_changed(hall: Path) -> None:
    draft = Draft(hall)
    moved(draft)
    hall.unlink()
    with pytest.raises(LayoutError):
        draft.save()


def test_that_a_link_stays_a_link_and_the_rights_of_the_file_stay(hall: Path, tmp_path: Path) -> None:
    hall.chmod(0o640)
    link = tmp_path / "link.toml"
    link.symlink_to(hall)
    draft = Draft(link)
    moved(draft)
    draft.save()
    assert link.is_symlink()
    assert b"x_m = 1.0" in hall.read_bytes()
    assert hall.stat().st_mode & 0o777 == 0o640


def test_that_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(hall: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = Draft(hall)
    moved(draft)
    before = hall.read_bytes()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LayoutError, match="No space left"):
        draft.save()
    assert (hall.read_bytes(), [path.name for path in hall.parent.iterdir()], draft.dirty) == (before, ["hall.toml"], True)


def test_that_a_file_that_is_no_toml_cannot_be_edited_and_says_where(hall: Path) -> None:
    hall.write_text("[line\n", "utf-8")
    with pytest.raises(LayoutError) as refused:
        Draft(hall)
    assert "hall.toml:1" in refused.value.worded()


def test_that_a_broken_file_is_not_loaded_over_the_draft(hall: Path) -> None:
    draft = Draft(hall)
    moved(draft)
    text = draft.text
    hall.write_text("[line\n", "utf-8")
    with pytest.raises(LayoutError):
        draft.reload()
    assert (draft.text, draft.dirty) == (text, True)


@pytest.mark.parametrize(("text", "half"), [("[line\n", True), ("", True), ("schema = 1\n", False)])
def test_that_a_half_written_file_is_told_from_another_version(hall: Path, text: str, half: bool) -> None:
    draft = Draft(hall)
    assert not draft.half_written
    hall.write_text(text, "utf-8")
    assert (draft.overtaken, draft.half_written) == (True, half)
    hall.unlink()
    assert draft.half_written


def test_that_a_new_layout_lacks_its_machines_and_then_nothing(tmp_path: Path) -> None:
    path = tmp_path / "new.toml"
    path.write_text(
        blank(Names(id="l1", title="Linie “1”", site="S", area="A", zone="Europe/Berlin", topic="S/A/l1/{unit}/{tag...}")), "utf-8"
    )
    draft = Draft(path)
    assert {finding.path for finding in draft.findings} == {("unit",), ("line", "constraint")}
    draft.change("add", added(draft.text, draft.outline, "press", Place(0, 0, 0), like="Press")[0])
    assert draft.findings == ()
    draft.save()
    line = layout.load(path)
    assert (line.title, line.units[0].id, line.sources[0].rules[0].dialect) == ("Linie “1”", "Press", "packml_tags")
