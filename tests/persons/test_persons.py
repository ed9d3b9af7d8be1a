"""Who may do what at a machine: tables that only an administrator writes, PINs that stand nowhere, persons who can be erased."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import pytest

from twin_app.__main__ import main
from twin_app.errors import UsageError
from twin_app.persons import places, secrets
from twin_app.persons.access import LOCKED_S, TRIES, Door, Right, load
from twin_app.persons.register import Register


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seal at a thousandth of the cost; what is tested is who gets in."""
    monkeypatch.setattr(secrets, "_COST", {"n": 16, "r": 1, "p": 1})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The machine's folder, for a test; no way but this one moves it."""
    monkeypatch.setattr(places, "folder", lambda: tmp_path)
    return tmp_path


@pytest.fixture
def register(folder: Path) -> Register:
    made = Register()
    made.add("Mary Miller", "operator", "4711", badge="00A1B2")
    made.add("Li Wei", "engineer", "2580")
    return made


def test_that_without_a_table_everybody_may_do_everything(folder: Path) -> None:
    access = load()
    assert not access.signing
    assert access.rights("") == frozenset(Right)


def test_that_no_variable_of_a_user_moves_the_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    before = places.folder()
    for name in ("TWIN_APP_HOME", "XDG_CONFIG_HOME", "XDG_CONFIG_DIRS", "HOME"):
        monkeypatch.setenv(name, "/somewhere/else")
    assert places.folder() == before


def test_that_with_a_table_whoever_is_not_signed_on_may_only_look(register: Register) -> None:
    access = load()
    assert access.signing
    assert access.rights("") == {Right.VIEW}
    assert Right.ALARMS in access.rights(access.persons[0].id)
    assert Right.LAYOUT not in access.rights(access.persons[0].id)
    assert Right.LAYOUT in access.rights(access.persons[1].id)


@pytest.mark.parametrize("said", ["Mary Miller", "mary miller", " 00A1B2 "])
def test_that_name_or_badge_with_the_pin_let_a_person_in(register: Register, said: str) -> None:
    person = Door(load()).let_in(said, "4711")
    assert person is not None
    assert person.name == "Mary Miller"


@pytest.mark.parametrize(("said", "pin"), [("Mary Miller", "2580"), ("00A1B2", ""), ("Nobody", "4711"), ("", "4711"), ("00a1b3", "4711")])
def test_that_nobody_else_gets_in(register: Register, said: str, pin: str) -> None:
    assert Door(load()).let_in(said, pin) is None


def test_that_after_too_many_wrong_pins_nobody_may_try_for_a_while(register: Register) -> None:
    now = [0.0]
    door = Door(load(), clock=lambda: now[0])
    for _ in range(TRIES):
        assert door.let_in("Li Wei", "0000") is None
    assert door.let_in("Li Wei", "2580") is None
    now[0] = LOCKED_S
    assert door.let_in("Li Wei", "2580") is not None


def test_that_neither_pin_nor_badge_stands_in_the_files(register: Register, folder: Path) -> None:
    text = (folder / places.PERSONS).read_text() + (folder / places.ACCESS).read_text()
    assert "4711" not in text
    assert "00A1B2" not in text
    assert "Mary" in text


def test_that_names_stand_in_a_table_of_their_own(register: Register, folder: Path) -> None:
    assert "Mary" not in (folder / places.ACCESS).read_text()
    if os.name == "posix":
        assert (folder / places.PERSONS).stat().st_mode & 0o777 == 0o644


def test_that_an_erased_person_is_nobody_and_their_id_stays_what_it_is(register: Register) -> None:
    mary = load().persons[0]
    register.erase("Mary Miller")
    access = load()
    assert access.person(mary.id) is None
    assert access.rights(mary.id) == {Right.VIEW}
    assert [person.name for person in access.persons] == ["Li Wei"]


def test_that_another_pin_counts_at_once(register: Register) -> None:
    register.set_pin("Li Wei", "99999")
    door = Door(load())
    assert door.let_in("Li Wei", "2580") is None
    assert door.let_in("Li Wei", "99999") is not None


@pytest.mark.parametrize(
    ("name", "role", "pin", "badge", "said"),
    [
        ("mary miller", "operator", "4711", "", "name of their own"), ("New", "king", "4711", "", "no role king"), ("New", "operator", "47", "", "at least 4"),
        ("New", "operator", "4711", "00A1B2", "belongs to somebody"), ("  ", "operator", "4711", "", "name of their own"),
    ],
)  # fmt: skip
def test_that_what_would_confuse_the_table_is_refused(register: Register, name: str, role: str, pin: str, badge: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        register.add(name, role, pin, badge)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"schema": 2}', '{"schema": 1, "roles": {"x": ["fly"]}}', '{"schema": 1, "roles": 3}'])
def test_that_a_table_that_cannot_be_read_gives_nobody_more_than_to_look(folder: Path, text: str) -> None:
    (folder / places.ACCESS).write_text(text)
    access = load()
    assert access.signing
    assert access.rights("") == {Right.VIEW}
    assert len(access.problems) == 1
    with pytest.raises(UsageError, match="cannot be read"):
        Register()


def test_that_a_table_that_anybody_may_change_is_said_to_protect_nothing(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(os, "access", lambda *_: True)
    assert len(load().problems) == 2
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert load().problems == ()


def test_that_the_command_line_adds_lists_and_erases(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(pin: str, *words: str) -> str:
        monkeypatch.setattr(sys, "stdin", io.StringIO(pin))
        assert main(["persons", *words]) == 0
        return capsys.readouterr().out

    assert "everybody is the local user" in said("", "list")
    person_id, role, name = said("4711\n", "add", "Mary Miller", "--role", "lead").strip().split("\t")
    assert (role, name) == ("lead", "Mary Miller")
    said("9999\n", "pin", person_id)
    assert Door(load()).let_in("Mary Miller", "9999") is not None
    assert said("", "list").strip() == f"{person_id}\tlead\tMary Miller"
    said("", "erase", "Mary Miller")
    assert json.loads((folder / places.PERSONS).read_text())["persons"] == []
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert main(["persons", "erase", "Mary Miller"]) == 2


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only an administrator gives files away")
def test_that_a_table_its_user_owns_protects_nothing_though_nobody_may_write_it(
    register: Register, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its owner makes it writable again. The file that a link leads to is what counts."""
    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    assert load().problems == ()
    theirs = folder / "home" / "persons.json"
    theirs.parent.mkdir()
    (folder / places.PERSONS).rename(theirs)
    (folder / places.PERSONS).symlink_to(theirs)
    for place in (theirs, theirs.parent):
        os.chown(place, 1000, -1)
        assert len(load().problems) == 1
        os.chown(place, 0, -1)
    assert load().problems == ()


@pytest.mark.parametrize("lost", [places.ACCESS, places.PERSONS])
def test_that_a_table_that_is_gone_or_leads_nowhere_gives_nobody_more_than_to_look(register: Register, folder: Path, lost: str) -> None:
    for target in (None, folder / "nowhere", lost):
        (folder / lost).unlink(missing_ok=True)
        if target is not None:
            (folder / lost).symlink_to(target)
        access = load()
        assert access.signing
        assert access.rights("") == {Right.VIEW}
        assert len(access.problems) == 1


def test_that_a_table_put_in_place_of_another_of_the_same_age_and_size_is_noticed(register: Register, folder: Path) -> None:
    table, before = folder / places.ACCESS, places.stamp()
    other = folder / "other"
    other.write_bytes(table.read_bytes())
    os.utime(other, ns=(table.stat().st_atime_ns, table.stat().st_mtime_ns))
    other.replace(table)
    assert places.stamp() != before
