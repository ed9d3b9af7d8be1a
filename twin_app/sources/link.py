"""One connection to a broker, from the first byte to the last, on paho's public calls. Not for trying again, and not for what comes in.

Our own loop instead of paho's thread, because the commit before each acknowledgement belongs between two reads, and because
paho's thread ends in silence when a callback raises. A link is used once; a new connection is a new link.
"""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from typing_extensions import override

from twin_app.clock import now_ns
from twin_app.sources import faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from paho.mqtt.client import ConnectFlags, DisconnectFlags, SocketLike
    from paho.mqtt.properties import Properties
    from paho.mqtt.reasoncodes import ReasonCode

    from twin_app.errors import SourceError
    from twin_app.sources.address import BrokerAddress

READ_S = 0.01
"""Longest uninterrupted reading: a flood must not keep a batch from being handed over."""
CONNECT_S = 5.0
PATIENCE = 1.75
"""Keepalives of silence after which a link is dead. The ping goes out after one; MQTT allows two, and that is the promise to beat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Everything a link needs to know."""

    broker: BrokerAddress
    client_id: str
    filters: tuple[tuple[str, int], ...]
    """Filter and QoS."""
    username: str = ""
    password: str = ""
    tls_ca: str = ""
    """File with the certificate authority; empty: the system's."""
    keepalive_s: int = 15


class Link:
    """A connection. `open`, then `pump` until `fault` is set, then `close`."""

    def __init__(self, login: Login, *, on_accepted: Callable[[], None], on_message: Callable[[MQTTMessage], None]) -> None:
        """Prepare; `on_accepted` is called when the broker takes the login, `on_message` with each message. Neither may raise.

        Raises:
            SourceError: the certificate authority cannot be read.
        """
        self.accepted = False
        """Whether the broker accepted the login."""
        self.subscribed = False
        """Whether the broker answered the subscription."""
        self.refused_filters: tuple[str, ...] = ()
        self.life_ns = 0
        """UTC ns of the newest packet that came in."""
        self.fault: SourceError | None = None
        """Why the link is over; None while it is up."""
        self._login = login
        self._on_accepted = on_accepted
        self._on_message = on_message
        self._packets = 0
        self._life_s = self._misc_s = time.monotonic()
        self._client = self._prepare()
        self._wake_in, self._wake_out = socket.socketpair()

    def open(self) -> None:
        """Connect and send the login; blocks for name resolution, TCP and TLS.

        Raises:
            SourceError: in one sentence with its cure.
        """
        broker = self._login.broker
        try:
            self._client.connect(broker.host, broker.port, self._login.keepalive_s)
        except (OSError, ValueError) as error:  # ValueError: a host name that no resolver takes
            self.fault = faults.of_exception(error, broker, self._login.tls_ca)
            raise self.fault from error
        self._life_s = time.monotonic()

    def pump(self, wait_s: float) -> bool:
        """Wait up to `wait_s` for the broker, read what is there and keep the link alive; return whether anything came."""
        connection = self._client.socket()
        if connection is None:
            self._note(faults.lost(self._login.broker))
            return False
        came = self._ready(connection, wait_s)
        if came:
            self._read()
        elif time.monotonic() - self._life_s > (PATIENCE * self._login.keepalive_s if self.accepted else CONNECT_S):
            self._dead()
        self._keep_alive()
        return came

    def acknowledge(self, messages: list[tuple[int, int]]) -> None:
        """Acknowledge messages, each given by its id and QoS."""
        for mid, qos in messages:
            self._client.ack(mid, qos)

    def publish(self, topic: str, payload: bytes) -> bool:
        """Publish once, without acknowledgement; return whether the link took it."""
        return self.accepted and self._client.publish(topic, payload).rc is MQTTErrorCode.MQTT_ERR_SUCCESS

    def wake(self) -> None:
        """End a waiting `pump`; safe from any thread."""
        with contextlib.suppress(OSError):
            self._wake_out.send(b"\0")

    def close(self) -> None:
        """Say goodbye and let go of everything."""
        connection = self._client.socket()
        if connection is not None:
            with contextlib.suppress(OSError):  # the connection may end while it is ended
                self._client.disconnect()
            with contextlib.suppress(OSError):
                connection.close()
        self._wake_in.close()
        self._wake_out.close()

    def _prepare(self) -> Client:
        """Return paho's client, set up."""
        login = self._login
        client = Client(
            CallbackAPIVersion.VERSION2, client_id=login.client_id, clean_session=True, protocol=MQTTProtocolVersion.MQTTv311,
            reconnect_on_failure=False, manual_ack=True,
        )  # fmt: skip
        client.suppress_exceptions = True
        client.connect_timeout = CONNECT_S
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_any_message
        if login.username:
            client.username_pw_set(login.username, login.password)
        if login.broker.tls:
            client.tls_set_context(tls_context(login.tls_ca))
        return client

    def _ready(self, connection: SocketLike, wait_s: float) -> bool:
        """Wait until there is something to read; write what waits to be written."""
        pending = getattr(connection, "pending", None)
        if pending is not None and pending():
            return True  # decrypted bytes that no select sees
        writers = [connection] if self._client.want_write() else []
        try:
            readable, writable, _ = select.select([connection, self._wake_in], writers, [], wait_s)
        except (OSError, ValueError):
            self._note(faults.lost(self._login.broker))
            return False
        if writable:
            self._client.loop_write()
        if self._wake_in in readable:
            self._wake_in.recv(4096)
        return connection in readable

    def _read(self) -> None:
        """Read packet by packet until the socket is dry or `READ_S` is over."""
        ends_s = time.monotonic() + READ_S
        while True:
            before = self._packets
            if self._client.loop_read() is not MQTTErrorCode.MQTT_ERR_SUCCESS or self._client.socket() is None:
                self._note(faults.lost(self._login.broker))
                return
            self._life_s = time.monotonic()
            if self._packets == before or self._life_s > ends_s:
                break
        self.life_ns = now_ns()

    def _keep_alive(self) -> None:
        """Let paho send its ping when one is due."""
        now_s = time.monotonic()
        if now_s - self._misc_s > min(1.0, self._login.keepalive_s / 8):
            self._misc_s = now_s
            if self._client.loop_misc() is not MQTTErrorCode.MQTT_ERR_SUCCESS:
                self._note(faults.silent(self._login.broker, round(now_s - self._life_s)))

    def _dead(self) -> None:
        """Give up a link on which nothing comes any more."""
        broker = self._login.broker
        silence_s = round(time.monotonic() - self._life_s)
        self._note(faults.silent(broker, silence_s) if self.accepted else faults.no_answer(broker))

    def _note(self, fault: SourceError) -> None:
        """Keep the first reason why the link is over."""
        if self.fault is None:
            unanswered = not self.accepted and fault.what == faults.LOST
            self.fault = faults.closed_before_login(self._login.broker) if unanswered else fault

    def _on_connect(self, client: Client, _user: object, _flags: ConnectFlags, reason: ReasonCode, _properties: Properties | None) -> None:
        """Subscribe, or keep why not."""
        self._packets += 1
        if reason.is_failure:
            self._note(faults.of_login(_RETURN_CODES.get(reason.value, 0), self._login.broker, self._login.username))
            return
        self.accepted = True
        self.life_ns = now_ns()
        self._on_accepted()
        client.subscribe(list(self._login.filters))

    def _on_subscribe(self, _client: Client, _user: object, _mid: int, reasons: list[ReasonCode], _properties: Properties | None) -> None:
        """Keep which filters were refused."""
        self._packets += 1
        self.subscribed = True
        self.refused_filters = tuple(f for (f, _), reason in zip(self._login.filters, reasons, strict=False) if reason.is_failure)

    def _on_disconnect(
        self, _client: Client, _user: object, _flags: DisconnectFlags, _reason: ReasonCode, _properties: Properties | None
    ) -> None:
        """Keep that the link is over."""
        self._note(faults.lost(self._login.broker))

    def _on_any_message(self, _client: Client, _user: object, message: MQTTMessage) -> None:
        """Pass a message on."""
        self._packets += 1
        self._on_message(message)


_RETURN_CODES = {133: 2, 136: 3, 134: 4, 135: 5}
"""paho words MQTT 3.1.1's return codes as MQTT 5's reason codes: back to the former."""


def tls_context(tls_ca: str) -> ssl.SSLContext:
    """Return the terms of TLS: a certificate of a trusted authority, for the very host that was asked for.

    Raises:
        SourceError: the file of the authority cannot be used.
    """
    try:
        context = ssl.create_default_context(cafile=tls_ca or None)
    except (OSError, ValueError) as error:
        raise faults.of_authority(error, tls_ca) from error
    context.sslsocket_class = _TidySocket
    return context


class _TidySocket(ssl.SSLSocket):
    """Closes itself when TLS cannot be agreed on."""

    @override
    def do_handshake(self, block: bool = False) -> None:
        # WORKAROUND(paho-mqtt 2.2.0): connect() leaves the socket of a failed handshake open, see tests/broker/test_refusals.py
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise
