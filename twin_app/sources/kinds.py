"""The kinds of source there are, as an explicit tuple: adding one is a file and a line here. Not for the sources themselves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from twin_app.settings import data_dir
from twin_app.sources import passwords
from twin_app.sources.address import is_broker, parse_address
from twin_app.sources.base import SourceKind
from twin_app.sources.kept import SessionFile
from twin_app.sources.mqtt import MqttSource
from twin_app.sources.prefixed import is_published, parse_published
from twin_app.sources.published import PublishedSource
from twin_app.sources.recording import RecordingSource
from twin_app.sources.simulated import SimulatedSource, is_simulated, parse_simulated
from twin_app.sources.twin import TwinSource, is_recording

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.model.equipment import Line, SourceSpec
    from twin_app.sources.base import Login, Source
    from twin_app.sources.intake import Intake


def _broker(intake: Intake, address: str, login: Login) -> Source:
    """Return the source that listens to a broker; what the login leaves open comes from keyring and environment."""
    spec = intake.source
    login, password = _completed(login, intake, address)
    kept = session_file(intake.line, spec) if spec.complete and intake.lasting else None
    return MqttSource(intake, address=address, login=login, password=password, kept=kept)


def _published(intake: Intake, address: str, login: Login) -> Source:
    """Return the source that listens to a simulation on a broker."""
    login, password = _completed(login, intake, parse_published(address)[0])
    return PublishedSource(intake, address, login=login, password=password)


def _completed(login: Login, intake: Intake, address: str) -> tuple[Login, Callable[[], str]]:
    """Return a login with what it leaves open from layout and environment, and what asks for its password when it is wanted."""
    spec, broker = intake.source, parse_address(address)
    username = login.username or spec.username
    cert = login.tls_cert or passwords.from_environment(passwords.CERTIFICATE, spec.id)
    key = login.tls_key or passwords.from_environment(passwords.KEY, spec.id)
    return replace(
        login, username=username, tls_cert=cert, tls_key=key
    ), lambda: login.password or passwords.password_for(broker, username, spec.id, keyring=passwords.desktop_keyring())


def session_file(line: Line, source: SourceSpec) -> SessionFile:
    """Return where the name of a source's session at its broker is kept."""
    return SessionFile(data_dir() / "sessions", line, source.id)


def _capture(intake: Intake, address: str, _login: Login) -> Source:
    """Return the source that reads a recorded file."""
    return RecordingSource(intake, Path(address))


def _simulation(intake: Intake, address: str, _login: Login) -> Source:
    """Return the source that runs a simulated line."""
    return SimulatedSource(intake, address)


def _twin(intake: Intake, address: str, _login: Login) -> Source:
    """Return one of the sources that a recording of the twin holds."""
    return TwinSource(intake, Path(address))


PUBLISHED = SourceKind(
    key="published", example="sim+mqtt://localhost:1883/simulated", live=True, recorded=False, simulated=True, accepts=is_published,
    check=parse_published, make=_published,
)  # fmt: skip
SIMULATION = SourceKind(
    key="simulation", example="sim:", live=True, recorded=False, simulated=True, accepts=is_simulated, check=parse_simulated,
    make=_simulation,
)  # fmt: skip
MQTT = SourceKind(key="mqtt", example="mqtt://localhost:1883", live=True, accepts=is_broker, check=parse_address, make=_broker)
CAPTURE = SourceKind(key="capture", example="shift.jsonl", accepts=lambda _address: True, make=_capture)

TWIN = SourceKind(key="twin", example="shift.twinrec", accepts=lambda address: is_recording(Path(address)), make=_twin)

SOURCES = (PUBLISHED, SIMULATION, MQTT, TWIN, CAPTURE)
"""Asked from the left; the last one takes every address that is left, as a file."""


def kind_of(address: str) -> SourceKind:
    """Return the kind of source that an address names."""
    return next(kind for kind in SOURCES if kind.accepts(address))
