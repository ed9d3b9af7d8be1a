"""Every word of the command line stands in the table of rights, and nobody gets past it whose role may not."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from twin_app.__main__ import main
from twin_app.commands import COMMANDS
from twin_app.commands.admission import PIN_VARIABLE, admit
from twin_app.errors import UsageError
from twin_app.persons import places, secrets
from twin_app.persons.access import ROLES, Right
from twin_app.persons.deeds import COMMAND_LINE, WIDGETS, WINDOW, deed_of, right_of
from twin_app.persons.register import Register

GUARDED = [deed.name for deed in COMMAND_LINE if deed.right is not Right.VIEW]
PIN = "471100"


@pytest.fixture(autouse=True)
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Register:
    """A computer with a person of each role, called as their role; PINs are sealed at a thousandth of the cost."""
    monkeypatch.setattr(secrets, "_COST", {"n": 16, "r": 1, "p": 1})
    monkeypatch.setattr(places, "folder", lambda: tmp_path / "machine")
    monkeypatch.setattr(places, "login", lambda: "kiosk")
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path))
    monkeypatch.delenv(PIN_VARIABLE, raising=False)
    made = Register()
    for role in ROLES:
        made.add(role.title(), role, PIN, login="reports" if role == "lead" else "")
    return made


def asked(word: str, **given: object) -> argparse.Namespace:
    """Return what is asked for with every option that makes a word need its right."""
    option = deed_of(word).option
    return argparse.Namespace(**{"person": "", **({option: "given"} if option else {}), **given})


def test_that_every_word_of_the_command_line_was_decided_on_and_none_besides() -> None:
    assert [deed.name for deed in COMMAND_LINE] == [command.name for command in COMMANDS]


def test_that_nothing_stands_in_the_tables_twice() -> None:
    for deeds in (COMMAND_LINE, (*WINDOW, *WIDGETS)):
        assert len({deed.name for deed in deeds}) == len(deeds)


def test_that_what_nobody_decided_on_is_refused_rather_than_open() -> None:
    with pytest.raises(KeyError):
        right_of("rocket.start")
    with pytest.raises(KeyError):
        deed_of("rocket")


@pytest.mark.parametrize("word", GUARDED)
def test_that_nobody_is_told_which_roles_may(word: str) -> None:
    arguments = asked(word)
    with pytest.raises(UsageError) as refused:
        admit(arguments, word)
    right = deed_of(word).right
    may = [role for role, rights in ROLES.items() if right in rights]
    assert f"These roles may: {', '.join(may)}." in refused.value.worded()
    assert "--person" in refused.value.worded()


@pytest.mark.parametrize("word", GUARDED)
@pytest.mark.parametrize("role", ROLES)
def test_that_each_role_may_what_the_table_says_and_nothing_else(
    word: str, role: str, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PIN_VARIABLE, PIN)
    arguments = asked(word, person=role)
    if deed_of(word).right in ROLES[role]:
        admit(arguments, word)
        person = register.access.find(role)
        assert person is not None
        assert arguments.who == person.id
    else:
        with pytest.raises(UsageError, match=f"{role.title()} may not"):
            admit(arguments, word)


@pytest.mark.parametrize("deed", [deed for deed in COMMAND_LINE if deed.option], ids=lambda deed: deed.name)
def test_that_without_the_option_looking_is_enough(deed: object) -> None:
    name, option = deed.name, deed.option  # type: ignore[attr-defined] # a Deed
    arguments = argparse.Namespace(person="", **{option: None})
    admit(arguments, name)
    assert arguments.who == ""


def test_that_a_wrong_pin_is_nobody_and_no_pin_is_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    for pin in ("000000", ""):
        monkeypatch.setenv(PIN_VARIABLE, pin)
        with pytest.raises(UsageError, match="do not belong together"):
            admit(asked("export", person="Engineer"), "export")


def test_that_an_account_of_the_system_stands_for_its_person_and_their_role(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "login", lambda: "reports")
    arguments = asked("report")
    admit(arguments, "report")
    lead = register.access.find("lead")
    assert lead is not None
    assert arguments.who == lead.id
    with pytest.raises(UsageError, match="Lead may not publish here"):
        admit(asked("publish"), "publish")


def test_that_no_variable_of_a_user_makes_them_somebody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    before = places.login()
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "reports")
    assert places.login() == before


def test_that_an_account_is_of_one_person_alone(register: Register) -> None:
    with pytest.raises(UsageError, match="account belongs to somebody"):
        register.add("Somebody", "administrator", PIN, login="reports")


def test_that_a_refusal_comes_before_anything_is_read_and_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = tmp_path / "there.csv"
    assert main(["export", "--layout", str(tmp_path / "none.toml"), "-o", str(there)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("Sign on to export. These roles may: lead, engineer, administrator.")
    assert not there.exists()


def test_that_without_a_table_everybody_is_the_local_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "folder", lambda: tmp_path / "none")
    for word in GUARDED:
        arguments = asked(word)
        admit(arguments, word)
        assert arguments.who == ""
    with pytest.raises(UsageError, match="no table of persons"):
        admit(asked("export", person="Engineer"), "export")
