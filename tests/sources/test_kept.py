"""The session a broker keeps: its name on this machine, and messages that come a second time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from twin_app.sources.kept import SAVED_LEAST, Redelivery, SessionFile


def test_that_a_session_keeps_its_name_and_another_installation_has_another(bench: Any, tmp_path: Path) -> None:
    name = SessionFile(tmp_path / "here", bench.line, "plant").at("mqtt://a:1883").client_id
    assert SessionFile(tmp_path / "here", bench.line, "plant").at("mqtt://a:1883").client_id == name
    assert SessionFile(tmp_path / "there", bench.line, "plant").at("mqtt://a:1883").client_id != name
    assert len(name) <= 23
    assert name.isalnum()


def test_that_every_broker_that_may_keep_a_session_is_remembered_until_it_is_forgotten(bench: Any, tmp_path: Path) -> None:
    file = SessionFile(tmp_path, bench.line, "plant")
    file.at("mqtt://a:1883")
    name = file.at("mqtt://b:1883").client_id
    session = file.read()
    assert session is not None
    assert session.brokers == ("mqtt://a:1883", "mqtt://b:1883")
    file.forget("mqtt://a:1883")
    file.forget("mqtt://b:1883")
    assert file.read() is None
    assert file.at("mqtt://a:1883").client_id != name


def test_that_a_damaged_name_is_replaced(bench: Any, tmp_path: Path) -> None:
    file = SessionFile(tmp_path, bench.line, "plant")
    file.at("mqtt://a:1883")
    for damage in ("", "[]", '{"client_id": 5, "brokers": []}', '{"client_id": "x"}'):
        file.path.write_text(damage)
        assert file.read() is None
    assert file.at("mqtt://a:1883").client_id


def test_that_only_what_is_flagged_and_came_over_an_earlier_link_is_a_duplicate() -> None:
    seen = Redelivery()
    assert not seen.came(b"t", b"1", 7, again=False)
    assert not seen.came(b"t", b"1", 7, again=True), "the same link: the broker sent nothing twice"
    seen.new_link()
    assert seen.came(b"t", b"1", 7, again=True)
    assert not seen.came(b"t", b"1", 7, again=False), "not flagged: a machine may say the same twice"
    assert not seen.came(b"t", b"1", 8, again=True), "another message"
    assert not seen.came(b"t", b"2", 7, again=True), "another payload"
    assert not seen.came(b"u", b"1", 7, again=True), "another topic"


def test_that_duplicates_are_known_over_our_own_end() -> None:
    before = Redelivery()
    for mid in range(1, 1001):
        before.came(b"t", b"%d" % mid, mid, again=False)
    after = Redelivery(before.saved(100))
    assert all(after.came(b"t", b"%d" % mid, mid, again=True) for mid in range(801, 1001))
    assert not after.came(b"t", b"800", 800, again=True), "twice what waited is saved, no more"
    assert sum(Redelivery(before.saved(0)).came(b"t", b"%d" % mid, mid, again=True) for mid in range(1, 1001)) == SAVED_LEAST


def test_that_a_damaged_memory_is_no_memory() -> None:
    for damage in ("?", "AAAA", "AAAAAAAAAAA"):
        assert not Redelivery(damage).came(b"t", b"1", 1, again=True)
