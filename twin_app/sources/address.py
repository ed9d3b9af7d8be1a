"""Addresses of brokers as people type them: `mqtt://host:port`, `mqtts://`, and over websockets `ws://`, `wss://`. Not for connecting."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from typing_extensions import override

from twin_app.errors import SourceError
from twin_app.text import N_

PORTS = {"mqtt": 1883, "mqtts": 8883, "ws": 80, "wss": 443}
_SECURE = frozenset({"mqtts", "wss"})
_WEBSOCKET = frozenset({"ws", "wss"})
WEBSOCKET_PATH = "/mqtt"
"""Where brokers usually serve MQTT over websockets; used where the address names no path."""
_MAX_PORT = 65_535


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """Where a broker listens."""

    host: str
    port: int
    tls: bool
    websocket: bool = False
    path: str = ""
    """Of a websocket."""

    @override
    def __str__(self) -> str:
        """Return the address with its port, as it would be typed."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        scheme = "ws" if self.websocket else "mqtt"
        return f"{scheme}{'s' if self.tls else ''}://{host}:{self.port}{self.path}"


def is_broker(address: str) -> bool:
    """Say whether an address is meant to be a broker's (or another service's), not a file's."""
    return "://" in address


def parse_address(text: str) -> BrokerAddress:
    """Return a broker's address; without a port the usual one.

    Raises:
        SourceError: not such an address, or one that holds a user or password (which is then not repeated).
    """
    text = text.strip()
    scheme, separator, rest = text.partition("://")
    if separator and "@" in rest:
        raise SourceError(
            N_("The address of a broker must not hold a user or password."),
            tip=N_("Give the bare address; put the user into username and the password into the settings or TWIN_APP_PASSWORD."),
        )
    if not separator or scheme.lower() not in PORTS:
        raise SourceError(
            N_("“{text}” is not the address of a broker."), tip=N_("Write mqtt://host:port, or mqtts://host:port for TLS."), text=text
        )
    return _parsed(text, scheme.lower())


def _parsed(text: str, scheme: str) -> BrokerAddress:
    """Return the parts of an address whose scheme is known."""
    try:
        parts = urlsplit(text)
        port = PORTS[scheme] if parts.port is None else parts.port
    except ValueError:
        port, parts = 0, urlsplit("")
    websocket, path = scheme in _WEBSOCKET, parts.path.rstrip("/")
    if not 0 < port <= _MAX_PORT or not parts.hostname or (path and not websocket) or parts.query or parts.fragment:
        raise SourceError(
            N_("“{text}” needs a host name, and a port between 1 and 65535 if any."),
            tip=N_("Write it like mqtt://broker.example:1883."),
            text=text,
        )
    return BrokerAddress(parts.hostname, port, scheme in _SECURE, websocket, (path or WEBSOCKET_PATH) if websocket else "")
