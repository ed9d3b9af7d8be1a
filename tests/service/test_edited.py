"""A layout that is edited while its line is recorded is taken once it stays as it is and is sound, and refused in a sentence otherwise."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from tests.service.test_carried import LAYOUT, line_in
from twin_app.service import edited
from twin_app.service.edited import LayoutFile

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edited, "LOOK_S", 0.0)


def edit(path: Path, title: str) -> str:
    """Write a layout with another title; return its digest."""
    path.write_text(LAYOUT.format(title=title, line_id="L1"))
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_that_a_file_is_read_once_it_has_stayed_as_it_is(tmp_path: Path) -> None:
    line = line_in(tmp_path)
    watched = LayoutFile(line)
    assert watched.look() is None
    digest = edit(line.path, "Edited")
    assert watched.look() is None, "somebody may still be writing it"
    found = watched.look()
    assert found is not None
    assert (found.title, found.content_hash) == ("Edited", digest)
    assert (watched.now.content_hash, watched.before.content_hash) == (digest, line.content_hash)
    assert watched.look() is None


def test_that_who_is_told_reads_at_once_and_a_file_that_says_the_same_is_no_news(tmp_path: Path) -> None:
    line = line_in(tmp_path)
    watched = LayoutFile(line)
    edit(line.path, "Line 1")
    assert watched.look(at_once=True) is None
    edit(line.path, "Edited")
    assert watched.look(at_once=True) is not None


@pytest.mark.allow_logs
@pytest.mark.parametrize(("harm", "why"), [("schema = 1\n[line]\n", "is missing"), ("[[[", "is no valid TOML"), (None, "cannot be")])
def test_that_a_broken_or_missing_file_is_refused_once_and_taken_when_it_is_mended(tmp_path: Path, harm: str | None, why: str) -> None:
    line = line_in(tmp_path)
    watched = LayoutFile(line)
    line.path.unlink() if harm is None else line.path.write_text(harm)
    assert watched.look(at_once=True) is None
    assert "was edited and cannot be used; recording goes on under the one before: " in watched.trouble
    assert why in watched.trouble
    assert watched.now.content_hash == line.content_hash
    edit(line.path, "Mended")
    assert watched.look(at_once=True) is not None
    assert watched.trouble == ""


@pytest.mark.allow_logs
def test_that_the_file_as_it_was_ends_the_trouble(tmp_path: Path) -> None:
    line = line_in(tmp_path)
    content = line.path.read_bytes()
    watched = LayoutFile(line)
    line.path.write_text("[[[")
    watched.look(at_once=True)
    line.path.write_bytes(content)
    found = watched.look(at_once=True)
    assert watched.trouble == ""
    assert found is None or found.content_hash == line.content_hash
