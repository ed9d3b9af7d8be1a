"""A simulated line that another program publishes: `sim+mqtt://host:port/prefix`. Listened to as a plant would be, and never taken for one.

The prefix keeps simulated topics apart from a plant's on the same broker; here it is taken off, so that the layout fits as it is.
What it says is marked as simulated wherever it is shown, and is not recorded. Not for publishing: see `service.publishing`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from typing_extensions import override

from twin_app.sources.mqtt import MqttSource
from twin_app.sources.prefixed import parse_published
from twin_app.sources.terms_of import DROPPED_TOPIC

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.model.message import SourceHealth
    from twin_app.sources.base import Login
    from twin_app.sources.intake import Intake


class PublishedSource(MqttSource):
    """A broker's messages under a prefix."""

    def __init__(self, intake: Intake, address: str, *, login: Login, password: Callable[[], str]) -> None:
        """Prepare; raises SourceError where the address is wrong."""
        broker, prefix = parse_published(address)
        super().__init__(intake, address=broker, login=login, password=password)
        self._address, self._prefix = address, f"{prefix}/".encode()
        self._filters = tuple((f if f == DROPPED_TOPIC else f"{prefix}/{f}", qos) for f, qos in self._filters)

    @override
    def health(self) -> SourceHealth:
        return replace(super().health(), address=self._address, simulated=True)

    @override
    def _on_message(self, topic: bytes, payload: bytes, head: int, mid: int) -> None:
        super()._on_message(topic.removeprefix(self._prefix), payload, head, mid)

    @override
    def _publish(self, topic: str, payload: bytes) -> bool:
        """Publish nothing: nobody there takes orders."""
        return False
