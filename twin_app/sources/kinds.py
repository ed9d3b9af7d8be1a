"""Which kind of source an address asks for: a broker or a recorded file. Adding a kind is a file and a branch here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from twin_app.errors import SourceError
from twin_app.sources.address import is_broker
from twin_app.sources.mqtt import MqttSource, password_from_environment
from twin_app.sources.recording import RecordingSource
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.sources.base import Source
    from twin_app.sources.intake import Intake


def source_at(
    intake: Intake, address: str = "", *, username: str | None = None, tls_ca: str | None = None,
    password: Callable[[], str] = password_from_environment,
) -> Source:  # fmt: skip
    """Return the source for an address given at start, else for the layout's own (whose file lies relative to the layout).

    Raises:
        SourceError: there is no address, or it is no broker's and no file's.
    """
    own = intake.source.address
    if not address and not own:
        raise SourceError(
            N_("The source {source} has no address."), tip=N_("Give one at start: --source {source}=mqtt://host:port or a file."),
            source=intake.source.id,
        )  # fmt: skip
    if is_broker(address or own):
        return MqttSource(intake, address=address, username=username, tls_ca=tls_ca, password=password)
    return RecordingSource(intake, Path(address) if address else intake.line.path.parent / own)
