"""One connection to a broker, from the first byte to the last, on paho's calls. Not for trying again, and not for what comes in.

Our own loop instead of paho's thread, because the commit before each acknowledgement belongs between two reads, and because
paho's thread ends in silence when a callback raises. Publications are taken off the stream before paho (see `tap`).
A link is used once; a new connection is a new link.
"""

from __future__ import annotations

import contextlib
import select
import socket
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from typing_extensions import override

from twin_app.clock import now_ns
from twin_app.sources import faults
from twin_app.sources.base import Login
from twin_app.sources.tap import CHUNK, DUP, PUBLISH, RETAIN, Tap
from twin_app.sources.tls import tls_context

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from paho.mqtt.client import ConnectFlags, DisconnectFlags, SocketLike
    from paho.mqtt.reasoncodes import ReasonCode

    from twin_app.errors import SourceError
    from twin_app.sources.address import BrokerAddress

READ_S = 0.01
"""Longest uninterrupted reading: a flood must not keep a batch from being handed over."""
CONNECT_S = 5.0
PING_SHARE = 0.75
"""Of a keepalive: then a ping goes out."""
PATIENCE = 1.75
"""Keepalives of silence after which a link is dead. The ping goes out after one; MQTT allows two, and that is the promise to beat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Everything a link needs to know."""

    broker: BrokerAddress
    client_id: str
    filters: tuple[tuple[str, int], ...]
    """Filter and QoS."""
    login: Login = field(default_factory=Login)
    keepalive_s: int = 15
    protocol: int = 4
    """MQTT's number on the wire: 4 is 3.1.1, 5 is 5."""
    kept: bool = False
    """Whether the broker is to keep the session, with what comes meanwhile, while nobody listens."""
    session_expiry_s: int = 0
    """For how long, where MQTT 5 lets us say it."""
    largest_bytes: int = 0
    """Of a larger message only the beginning is handed over (see `Link.cut_from`); 0: all of them whole."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a broker said to one filter (SUBACK)."""

    filter: str
    code: int
    """The granted quality of service, or why it is refused: 128 where MQTT 3.1.1 gives no reason."""
    words: str
    """The code's name in the specification."""
    refused: bool


OnMessage: TypeAlias = "Callable[[bytes, bytes, int, int], None]"
"""Gets topic, payload, the packet's first byte (`tap`'s masks) and its id, 0 at quality 0."""


class Link:
    """A connection. `open`, then `pump` until `fault` is set, then `close`."""

    def __init__(self, terms: Terms, *, on_accepted: Callable[[], None], on_message: OnMessage) -> None:
        """Prepare; `on_accepted` is called when the broker takes the login, `on_message` with each message. Neither may raise.

        Raises:
            SourceError: a file of certificates cannot be read.
        """
        self.resumed = False
        """Whether the broker still had the session of the link before."""
        self.accepted = False
        """Whether the broker accepted the login."""
        self.subscribed = False
        """Whether the broker answered the subscription."""
        self.refused_filters: tuple[str, ...] = ()
        self.answers: tuple[Answer, ...] = ()
        """What the broker said to each filter."""
        self.life_ns = 0
        """UTC ns of the newest packet that came in."""
        self.fault: SourceError | None = None
        """Why the link is over; None while it is up."""
        self._terms = terms
        self._on_accepted = on_accepted
        self._on_message = on_message
        self._tap: Tap | None = None
        self._asked: int | None = 0
        self._wanted: tuple[tuple[str, int], ...] = ()
        self._life_s = self._misc_s = self._pinged_s = time.monotonic()
        self._client = self._prepare()
        self._wake_in, self._wake_out = socket.socketpair()

    @property
    def cut_from(self) -> int:
        """Return how many bytes the message had that is being handed over, 0 where it is whole."""
        return 0 if self._tap is None else self._tap.cut_from

    def open(self) -> None:
        """Connect and send the login; blocks for name resolution, TCP and TLS.

        Raises:
            SourceError: in one sentence with its cure.
        """
        broker = self._terms.broker
        try:
            if self._terms.protocol == MQTTProtocolVersion.MQTTv5:
                self._client.connect(
                    broker.host, broker.port, self._terms.keepalive_s, clean_start=not self._terms.kept, properties=self._properties()
                )
            else:
                self._client.connect(broker.host, broker.port, self._terms.keepalive_s)
        except (OSError, ValueError) as error:  # ValueError: a host name that no resolver takes, and paho's word for a websocket refused
            self.fault = faults.of_exception(error, broker, self._terms.login.tls_ca)
            raise self.fault from error
        self._life_s = time.monotonic()

    def pump(self, wait_s: float) -> bool:
        """Wait up to `wait_s` for the broker, read what is there and keep the link alive; return whether anything came."""
        connection = self._client.socket()
        if connection is None:
            self._note(faults.lost(self._terms.broker))
            return False
        came = self._ready(connection, wait_s)
        if came:
            self._read()
        elif time.monotonic() - self._life_s > (PATIENCE * self._terms.keepalive_s if self.accepted else CONNECT_S):
            self._dead()
        self._keep_alive()
        return came

    def acknowledge(self, messages: list[tuple[int, int]]) -> None:
        """Acknowledge messages, each given by its id and QoS."""
        rest = messages
        if self._tap is not None and not self._client.want_write():  # never into the middle of a packet of paho's
            self._tap.acknowledge([mid for mid, qos in messages if qos == 1])
            rest = [(mid, qos) for mid, qos in messages if qos != 1]
        for mid, qos in rest:
            self._client.ack(mid, qos)

    def publish(self, topic: str, payload: bytes) -> bool:
        """Publish once, without acknowledgement; return whether the link took it."""
        return self.accepted and self._client.publish(topic, payload).rc is MQTTErrorCode.MQTT_ERR_SUCCESS

    def listen_to(self, filters: tuple[tuple[str, int], ...]) -> None:
        """Listen to these filters from now on, once the first were answered: to those that are new, then no more to those that are gone."""
        if filters == self._terms.filters or not self.subscribed:
            return
        before, after = dict(self._terms.filters), dict(filters)
        self._terms = replace(self._terms, filters=filters)
        self.answers = tuple(answer for answer in self.answers if after.get(answer.filter) == before[answer.filter])
        fresh = tuple((f, qos) for f, qos in filters if before.get(f) != qos)
        if fresh:
            self._wanted = fresh
            _, self._asked = self._client.subscribe(list(fresh))
        for gone in before.keys() - after.keys():
            self._client.unsubscribe(gone)

    def listen(self, topic_filter: str) -> None:
        """Listen to something more, at quality 0; whether the broker allows it is not noted."""
        self._client.subscribe(topic_filter, 0)

    def ignore(self, topic_filter: str) -> None:
        """Listen to it no more."""
        self._client.unsubscribe(topic_filter)

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

    def _prepare(self) -> _Client:
        """Return paho's client, set up."""
        terms = self._terms
        newest = terms.protocol == MQTTProtocolVersion.MQTTv5
        client = _Client(
            self._tapped, client_id=terms.client_id, clean_session=None if newest else not terms.kept,
            protocol=MQTTProtocolVersion.MQTTv5 if newest else MQTTProtocolVersion.MQTTv311,
            transport="websockets" if terms.broker.websocket else "tcp",
        )  # fmt: skip
        client.suppress_exceptions = True
        client.connect_timeout = CONNECT_S
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_any_message
        if terms.login.username:
            client.username_pw_set(terms.login.username, terms.login.password)
        if terms.broker.tls:
            client.tls_set_context(tls_context(terms.login.tls_ca, terms.login.tls_cert, terms.login.tls_key))
        if terms.broker.websocket:
            client.ws_set_options(path=terms.broker.path)
        return client

    def _properties(self) -> Properties:
        """Return what MQTT 5 adds to the login."""
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho's one class without annotations
        properties.SessionExpiryInterval = self._terms.session_expiry_s if self._terms.kept else 0
        return properties

    def _tapped(self, connection: SocketLike) -> Tap:
        """Put the tap between the network and paho."""
        newest = self._terms.protocol == MQTTProtocolVersion.MQTTv5
        self._tap = Tap(connection, self._on_message, properties=newest, largest=self._terms.largest_bytes)
        return self._tap

    def _ready(self, connection: SocketLike, wait_s: float) -> bool:
        """Wait until there is something to read; write what waits to be written."""
        tap = self._tap
        if tap is not None and tap.pending():
            return True  # decrypted bytes that no select sees
        writers = [connection] if self._client.want_write() or (tap is not None and tap.wants_write) else []
        try:
            readable, writable, _ = select.select([connection, self._wake_in], writers, [], wait_s)
        except (OSError, ValueError):
            self._note(faults.lost(self._terms.broker))
            return False
        if writable:
            if tap is not None:
                tap.flush()
            self._client.loop_write()
        if self._wake_in in readable:
            self._wake_in.recv(4096)
        return connection in readable

    def _read(self) -> None:
        """Read until the socket is dry or `READ_S` is over."""
        tap = self._tap
        assert tap is not None  # noqa: S101 - there is a connection, hence its tap
        ends_s = time.monotonic() + READ_S
        came = CHUNK
        while came >= CHUNK:  # less than that was all there is
            came = tap.fill()
            self._client.confirm()
            tap.deliver()
            while tap.for_paho:
                if self._client.loop_read() is not MQTTErrorCode.MQTT_ERR_SUCCESS or self._client.socket() is None:
                    self._note(faults.of_broken(tap.ended, self._terms.broker))
                    return
                tap.deliver()
            self._life_s = time.monotonic() if came else self._life_s
            if self._life_s > ends_s:
                break
        self.life_ns = now_ns()

    def _keep_alive(self) -> None:
        """Send a ping when one is due; how long its answer takes is only asked where nothing else comes.

        It may stand behind all that the broker has in store for us, which paho takes for its death.
        """
        now_s, keepalive_s, tap = time.monotonic(), self._terms.keepalive_s, self._tap
        if now_s - self._misc_s > min(1.0, keepalive_s / 8):
            self._misc_s = now_s
            if tap is not None and self.accepted and now_s - self._life_s < keepalive_s:
                if now_s - self._pinged_s > PING_SHARE * keepalive_s and not self._client.want_write():
                    self._pinged_s = now_s
                    tap.ping()
            elif self._client.loop_misc() is not MQTTErrorCode.MQTT_ERR_SUCCESS:
                self._note(faults.silent(self._terms.broker, round(now_s - self._life_s)))

    def _dead(self) -> None:
        """Give up a link on which nothing comes any more."""
        broker = self._terms.broker
        silence_s = round(time.monotonic() - self._life_s)
        self._note(faults.silent(broker, silence_s) if self.accepted else faults.no_answer(broker))

    def _note(self, fault: SourceError) -> None:
        """Keep the first reason why the link is over."""
        if self.fault is None:
            unanswered = not self.accepted and fault.what == faults.LOST
            self.fault = faults.closed_before_login(self._terms.broker) if unanswered else fault

    def _on_connect(self, client: Client, _user: object, flags: ConnectFlags, reason: ReasonCode, _properties: Properties | None) -> None:
        """Subscribe, or keep why not."""
        if reason.is_failure:
            code = _RETURN_CODES.get(reason.value, reason.value)
            self._note(faults.of_login(code, self._terms.broker, self._terms.login.username))
            return
        self.accepted = True
        self.resumed = flags.session_present
        self.life_ns = now_ns()
        self._on_accepted()
        if self._terms.filters:
            self._wanted = self._terms.filters
            _, self._asked = client.subscribe(list(self._wanted))

    def _on_subscribe(self, _client: Client, _user: object, mid: int, reasons: list[ReasonCode], _properties: Properties | None) -> None:
        """Keep which filters were refused."""
        if mid != self._asked:
            return
        self.subscribed = True
        asked = zip(self._wanted, reasons, strict=False)
        self.answers += tuple(Answer(f, reason.value, str(reason), refused=reason.is_failure) for (f, _), reason in asked)
        self.refused_filters = tuple(answer.filter for answer in self.answers if answer.refused)

    def _on_disconnect(
        self, _client: Client, _user: object, flags: DisconnectFlags, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        """Keep that the link is over, and why where MQTT 5 lets the broker say it."""
        if flags.is_disconnect_packet_from_server and self._terms.protocol == MQTTProtocolVersion.MQTTv5:
            self._note(faults.of_goodbye(reason.value, str(reason), self._terms.broker, self._terms.client_id))
        else:
            self._note(faults.of_broken(None if self._tap is None else self._tap.ended, self._terms.broker))

    def _on_any_message(self, _client: Client, _user: object, message: MQTTMessage) -> None:
        """Pass a message on that paho had to handle: of quality 2."""
        try:
            topic = message.topic.encode()
        except UnicodeDecodeError:
            topic = b"\xff"
        head = PUBLISH | message.qos << 1 | (RETAIN if message.retain else 0) | (DUP if message.dup else 0)
        self._on_message(topic, bytes(message.payload), head, message.mid)


class _Client(Client):
    """paho's client with a tap in front of it."""

    def __init__(
        self, tapped: Callable[[SocketLike], SocketLike], *, client_id: str, clean_session: bool | None,
        protocol: MQTTProtocolVersion, transport: Literal["tcp", "websockets"],
    ) -> None:  # fmt: skip
        self._tapped = tapped
        self._made: list[socket.socket] = []
        super().__init__(
            CallbackAPIVersion.VERSION2, client_id, clean_session, protocol=protocol, transport=transport,
            reconnect_on_failure=False, manual_ack=True,
        )  # fmt: skip

    @override
    def _create_socket(self) -> SocketLike:
        # WORKAROUND(paho-mqtt 2.2.0): no public way to bring one's own socket, and the socket of a refused websocket stays
        # open, see tests/broker/test_ways_in.py
        try:
            return self._tapped(super()._create_socket())
        except OSError:
            for made in self._made:
                made.close()
            raise

    @override
    def _create_socket_connection(self) -> socket.socket:
        self._made = [super()._create_socket_connection()]
        return self._made[0]

    def confirm(self) -> None:
        """Let the system confirm at once what was read (Linux): it would wait up to 40 ms, and most brokers send no small rest until then."""
        if _QUICKACK is not None and self._made:
            with contextlib.suppress(OSError):  # a connection that broke is noticed by reading
                self._made[-1].setsockopt(socket.IPPROTO_TCP, _QUICKACK, 1)

    @override
    def _ssl_wrap_socket(self, tcp_sock: socket.socket) -> ssl.SSLSocket:
        secure = super()._ssl_wrap_socket(tcp_sock)
        self._made.append(secure)
        return secure


_QUICKACK: int | None = getattr(socket, "TCP_QUICKACK", None)
_RETURN_CODES = {132: 1, 133: 2, 136: 3, 134: 4, 135: 5}
"""paho words MQTT 3.1.1's return codes as MQTT 5's reason codes: back to the former."""
