"""Where a password comes from: a keyring of the test's own, never the desktop's; else the environment."""

from __future__ import annotations

import types
from typing import Any

import pytest

from twin_app.errors import SourceError
from twin_app.sources import passwords
from twin_app.sources.address import parse_address

BROKER = parse_address("mqtts://plant")


class Ring:
    """A keyring in memory."""

    def __init__(self, *, locked: bool = False) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = locked

    def get_password(self, service_name: str, username: str) -> str | None:
        if self.locked:
            raise RuntimeError("locked")
        return self.kept.get((service_name, username))

    def set_password(self, service_name: str, username: str, password: str) -> None:
        if self.locked:
            raise RuntimeError("locked")
        self.kept[service_name, username] = password


def test_that_a_source_has_a_variable_of_its_own_before_the_one_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWIN_APP_PASSWORD", "for all")
    monkeypatch.setenv("TWIN_APP_PASSWORD_HALL_2", "for one")
    assert passwords.password_from_environment("hall-2") == "for one"
    assert passwords.password_from_environment("hall-3") == "for all"


def test_that_the_keyring_comes_first_and_knows_broker_and_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWIN_APP_PASSWORD", "environment")
    ring = Ring()
    passwords.remember(BROKER, "ann", "kept", keyring=ring)
    assert ring.kept == {("twin-app mqtts://plant:8883", "ann"): "kept"}
    assert passwords.password_for(BROKER, "ann", "p", keyring=ring) == "kept"
    assert passwords.password_for(BROKER, "bob", "p", keyring=ring) == "environment"
    assert passwords.password_for(parse_address("mqtt://plant"), "ann", "p", keyring=ring) == "environment"
    assert passwords.password_for(BROKER, "ann", "p", keyring=None) == "environment"


def test_that_a_locked_keyring_is_no_end_of_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWIN_APP_PASSWORD", "environment")
    assert passwords.password_for(BROKER, "ann", "p", keyring=Ring(locked=True)) == "environment"
    with pytest.raises(SourceError, match="did not take the password: locked"):
        passwords.remember(BROKER, "ann", "new", keyring=Ring(locked=True))


@pytest.mark.parametrize(("priority", "usable"), [(5, True), (0, False)])
def test_that_only_a_real_keyring_is_used(monkeypatch: pytest.MonkeyPatch, priority: float, usable: bool) -> None:
    library: Any = types.SimpleNamespace(get_keyring=lambda: types.SimpleNamespace(priority=priority))
    monkeypatch.setattr("importlib.import_module", lambda name: library if name == "keyring" else None)
    assert (passwords.desktop_keyring() is library) is usable


def test_that_without_the_library_there_is_no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> object:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr("importlib.import_module", missing)
    assert passwords.desktop_keyring() is None
