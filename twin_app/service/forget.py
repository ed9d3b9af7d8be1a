"""Removing the sessions that brokers keep for a line's complete recording. Not for recordings: those stay."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from twin_app.errors import UsageError
from twin_app.history.lock import WriterLock
from twin_app.layout import load
from twin_app.service.opening import recording_path
from twin_app.sources import faults, passwords
from twin_app.sources.address import parse_address
from twin_app.sources.base import Login
from twin_app.sources.kinds import session_file
from twin_app.sources.link import CONNECT_S, Link, Terms
from twin_app.text import N_, tr

if TYPE_CHECKING:
    from pathlib import Path

    from twin_app.model.equipment import Line, SourceSpec


def forget_sessions(layout: Path, source_id: str = "") -> list[str]:
    """Remove the sessions of a line's sources, or of one; return a worded sentence for each.

    Logging in once with the same id and a clean session ends the kept one (MQTT 3.1.1, section 3.1.2.4; MQTT 5, 3.1.2.4).

    Raises:
        LayoutError: the layout is wrong.
        UsageError: there is no such source.
        RecordingError: the line is being recorded at the moment.
        SourceError: a broker cannot be reached or refuses; what was removed before stays removed.
    """
    line = load(layout)
    chosen = [source for source in line.sources if source_id in {"", source.id}]
    if not chosen:
        known = ", ".join(source.id for source in line.sources)
        raise UsageError(
            N_("{layout} has no source {source}."), tip=N_("Its sources are {known}."), layout=layout.name, source=source_id, known=known
        )
    lock = WriterLock(recording_path(line))  # a twin that records would make the session anew at once
    try:
        return [sentence for source in chosen for sentence in _forget(line, source)]
    finally:
        lock.release()


def _forget(line: Line, source: SourceSpec) -> list[str]:
    """Remove one source's sessions at every broker that may keep one."""
    file = session_file(line, source)
    session = file.read()
    if session is None:
        return [tr("No broker keeps a session for {source}.", source=source.id)]
    said = []
    for address in session.brokers:
        _end(address, session.client_id, line, source)
        file.forget(address)
        said.append(
            tr("{broker} no longer keeps the session {client} of {source}.", broker=address, client=session.client_id, source=source.id)
        )
    return said


def _end(address: str, client_id: str, line: Line, source: SourceSpec) -> None:
    """Log in with a clean session, and out again."""
    broker = parse_address(address)
    login = Login(
        username=source.username, tls_ca=str(line.path.parent / source.tls_ca) if source.tls_ca else "",
        password=passwords.password_for(broker, source.username, source.id, keyring=passwords.desktop_keyring()),
        tls_cert=passwords.from_environment(passwords.CERTIFICATE, source.id), tls_key=passwords.from_environment(passwords.KEY, source.id),
    )  # fmt: skip
    link = Link(
        Terms(broker=broker, client_id=client_id, filters=(), login=login, protocol=source.protocol),
        on_accepted=_nothing, on_message=_ignore,
    )  # fmt: skip
    try:
        link.open()
        ends_s = time.monotonic() + CONNECT_S
        while not link.accepted and link.fault is None and time.monotonic() < ends_s:
            link.pump(0.1)
        if not link.accepted:
            raise link.fault or faults.no_answer(broker)
    finally:
        link.close()


def _nothing() -> None:
    """Take no notice of an accepted login: the loop looks itself."""


def _ignore(_topic: bytes, _payload: bytes, _head: int, _mid: int) -> None:
    """Take no notice of messages: none was asked for."""
