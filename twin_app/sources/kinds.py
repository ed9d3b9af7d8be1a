"""The kinds of source there are, as an explicit tuple: adding one is a file and a line here. Not for the sources themselves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from twin_app.sources.address import is_broker, parse_address
from twin_app.sources.base import SourceKind
from twin_app.sources.mqtt import MqttSource, password_from_environment
from twin_app.sources.recording import RecordingSource

if TYPE_CHECKING:
    from twin_app.sources.base import Login, Source
    from twin_app.sources.intake import Intake


def _broker(intake: Intake, address: str, login: Login) -> Source:
    """Return the source that listens to a broker; a password that was not given comes from the environment."""
    return MqttSource(
        intake, address=address, username=login.username or None, tls_ca=login.tls_ca or None,
        password=(lambda: login.password) if login.password else password_from_environment,
    )  # fmt: skip


def _capture(intake: Intake, address: str, _login: Login) -> Source:
    """Return the source that reads a recorded file."""
    return RecordingSource(intake, Path(address))


MQTT = SourceKind(key="mqtt", example="mqtt://localhost:1883", live=True, accepts=is_broker, check=parse_address, make=_broker)
CAPTURE = SourceKind(key="capture", example="shift.jsonl", accepts=lambda _address: True, make=_capture)

SOURCES = (MQTT, CAPTURE)
"""Asked from the left; the last one takes every address that is left, as a file."""


def kind_of(address: str) -> SourceKind:
    """Return the kind of source that an address names."""
    return next(kind for kind in SOURCES if kind.accepts(address))
