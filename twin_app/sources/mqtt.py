"""A broker as a source: connects, subscribes, comes back after every failure, and says what is wrong. Not for one connection: see `link`.

Sessions are clean: what is published while nobody listens is lost, and shown as blind time, instead of filling queues on the
plant's broker under a name that may never come back. Nothing is ever published, unless the layout allows `rebirth`.
"""

from __future__ import annotations

import logging
import os
import secrets
import threading
import time
from typing import TYPE_CHECKING

from twin_app import log
from twin_app.clock import now_ns
from twin_app.codec.refusal import Reason
from twin_app.codec.topics import subscriptions
from twin_app.errors import SourceError
from twin_app.model.message import Status
from twin_app.sources import faults
from twin_app.sources.address import parse_address
from twin_app.sources.link import Link, Login
from twin_app.sources.pace import Pace

if TYPE_CHECKING:
    from collections.abc import Callable

    from paho.mqtt.client import MQTTMessage

    from twin_app.model.message import SourceHealth
    from twin_app.sources.intake import Intake

LOGGER = logging.getLogger(__name__)

PASSWORD_VARIABLE = "TWIN_APP_PASSWORD"  # noqa: S105 - the variable's name, not a password
DROPPED_TOPIC = "$SYS/broker/publish/messages/dropped"
BACK_OFF_S = (1.0, 2.0, 4.0, 8.0)
"""Pauses between attempts; the last one repeats. It stays below 10 s, so that data is back 10 s after the broker is."""
SHORT_LIFE_S = 5.0
TAKEN_OVER_AFTER = 3
IDLE_WAIT_S = 0.5


def password_from_environment() -> str:
    """Return the password that the environment gives, empty where it gives none."""
    return os.environ.get(PASSWORD_VARIABLE, "")


class MqttSource:
    """A broker's messages, for as long as the program runs."""

    live = True

    def __init__(
        self, intake: Intake, *, address: str = "", username: str | None = None, tls_ca: str | None = None,
        password: Callable[[], str] = password_from_environment, client_id: str = "",
    ) -> None:  # fmt: skip
        """Prepare; nothing is connected before `start`.

        Args:
            intake: where messages go.
            address: instead of the layout's.
            username: instead of the layout's.
            tls_ca: instead of the layout's; a file, relative to the layout.
            password: asked for at every attempt.
            client_id: for brokers that allow only certain ones; else a unique one is made.

        Raises:
            SourceError: the address is not a broker's, or holds a password.
        """
        spec = intake.source
        self.broker = parse_address(address or spec.address)
        self._intake = intake
        self._username = spec.username if username is None else username
        authority = spec.tls_ca if tls_ca is None else tls_ca
        self._tls_ca = str(intake.line.path.parent / authority) if authority else ""
        self._password = password
        self._client_id = client_id or f"twin-app-{spec.id[:10]}-{secrets.token_hex(4)}"
        self._filters = (*((f, spec.qos) for f in subscriptions(spec)), (DROPPED_TOPIC, 0))
        self._status, self._since_ns, self._error = Status.IDLE, now_ns(), ""
        self._reconnects, self._short_lives, self._met_before = 0, 0, False
        self._accepted_s: float | None = None
        self._dropped, self._dropped_before = 0, -1
        self._unacknowledged: list[tuple[int, int]] = []
        self._came = 0
        self._link: Link | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        intake.allow_publishing(self._publish)

    @property
    def id(self) -> str:
        """Return the source's id in the layout."""
        return self._intake.source.id

    def start(self) -> None:
        """Connect in a thread, and go on for ever."""
        self._thread = threading.Thread(target=self._run, name=f"mqtt {self.id}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Disconnect; returns when everything that came is committed."""
        self._stopping.set()
        link = self._link
        if link is not None:
            link.wake()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def health(self) -> SourceHealth:
        """Return how the source is; safe from any thread."""
        return self._intake.health(
            address=str(self.broker), live=True, status=self._status, since_ns=self._since_ns, error=self._error,
            dropped=self._dropped, reconnects=self._reconnects,
        )  # fmt: skip

    def unit_of(self, topic: str) -> str | None:
        """Return the unit that a topic speaks of, None where no rule maps it."""
        return self._intake.unit_of(topic)

    def _run(self) -> None:
        """Connect again and again until stopped."""
        attempt = 0
        self._set(Status.CONNECTING)
        while not self._stopping.is_set():
            attempt = 0 if self._live_once() >= SHORT_LIFE_S else attempt
            self._stopping.wait(BACK_OFF_S[min(attempt, len(BACK_OFF_S) - 1)])
            attempt += 1
        self._intake.finish()

    def _live_once(self) -> float:
        """Live through one connection; return for how many seconds it was accepted."""
        self._accepted_s = None
        self._unacknowledged.clear()
        try:
            link = Link(self._login(), on_accepted=self._on_accepted, on_message=self._on_message)
        except SourceError as error:
            self._fail(error)
            return 0.0
        self._link = link
        try:
            link.open()
            self._serve(link)
        except SourceError:
            pass  # the link keeps its fault
        finally:
            self._link = None
            link.close()
        return self._ended(link)

    def _login(self) -> Login:
        """Return what the next link needs; the password is asked for anew, and never logged."""
        password = self._password() if self._username else ""
        log.conceal(password)
        return Login(
            broker=self.broker, client_id=self._client_id, filters=self._filters, username=self._username, password=password,
            tls_ca=self._tls_ca, keepalive_s=self._intake.source.keepalive_s,
        )  # fmt: skip

    def _serve(self, link: Link) -> None:
        """Read, hand over, commit and acknowledge until the link is over."""
        pace = Pace()
        while link.fault is None and not self._stopping.is_set():
            before = self._came
            link.pump(pace.wait_s(time.monotonic(), IDLE_WAIT_S))
            now_s = time.monotonic()
            pace.took(now_s, count=self._came - before, unacknowledged=len(self._unacknowledged))
            if pace.commit_due(now_s):
                durable = self._intake.commit(now_ns())
                pace.committed(time.monotonic(), durable=durable)
                if durable:
                    self._acknowledge(link)
            elif pace.flush_due(now_s) or self._came == before:
                self._intake.flush(now_ns())
                pace.flushed()
            self._complain(link)

    def _acknowledge(self, link: Link) -> None:
        """Tell the broker that what it sent is kept."""
        waiting, self._unacknowledged = self._unacknowledged, []
        link.acknowledge(waiting)

    def _complain(self, link: Link) -> None:
        """Say which subscriptions were refused, the broker's own counters apart: not every broker has them."""
        refused = [f for f in link.refused_filters if f != DROPPED_TOPIC]
        if refused:
            self._error = faults.subscription_refused(self.broker, ", ".join(refused)).worded()

    def _ended(self, link: Link) -> float:
        """Record the end of a link; return for how many seconds it was accepted."""
        fault = link.fault
        if self._accepted_s is None:
            if fault is not None:
                self._fail(fault)
            return 0.0
        lived_s = time.monotonic() - self._accepted_s
        self._intake.disconnected(link.life_ns)
        self._intake.commit(now_ns())
        self._set(Status.DISCONNECTED, since_ns=link.life_ns)
        if fault is not None:
            cut_short = lived_s < SHORT_LIFE_S and fault.what == faults.LOST
            self._short_lives = self._short_lives + 1 if cut_short else 0
            if self._short_lives >= TAKEN_OVER_AFTER:
                fault = faults.taken_over(self.broker, self._client_id, self._short_lives)
            self._tell(fault)
        return lived_s

    def _fail(self, fault: SourceError) -> None:
        """Note that a connection did not come about; one that was lost before stays lost since then."""
        if self._status is Status.CONNECTING:
            self._set(Status.FAILED)
        self._tell(fault)

    def _tell(self, fault: SourceError) -> None:
        """Show what is wrong, and log it when it is new."""
        sentence = fault.worded()
        if sentence != self._error:
            LOGGER.info("%s: %s", self.id, sentence)
        self._error = sentence

    def _set(self, status: Status, *, since_ns: int = 0) -> None:
        """Note a new status and since when (UTC ns, 0 for now)."""
        self._status = status
        self._since_ns = since_ns or now_ns()

    def _publish(self, topic: str, payload: bytes) -> bool:
        """Publish what the layout allows to be asked of the plant; called in the source's own thread, tells whether a link is there."""
        link = self._link
        return link is not None and link.publish(topic, payload)

    def _on_accepted(self) -> None:
        """Record that the source is there."""
        at_ns = now_ns()
        self._accepted_s = time.monotonic()
        self._reconnects += self._met_before
        self._met_before = True
        if self._short_lives < TAKEN_OVER_AFTER:
            self._error = ""
        self._intake.connected(at_ns)
        self._set(Status.CONNECTED, since_ns=at_ns)
        LOGGER.info("%s: connected to %s", self.id, self.broker)

    def _on_message(self, message: MQTTMessage) -> None:
        """Hand one message in. Never raises."""
        if message.qos:
            self._unacknowledged.append((message.mid, message.qos))
        payload = bytes(message.payload)
        try:
            topic = message.topic
        except UnicodeDecodeError:
            self._intake.refuse(Reason.BAD_TOPIC, payload, where="�")
            return
        if topic == DROPPED_TOPIC:
            self._count_dropped(payload)
            return
        self._came += 1
        self._intake.receive(topic, payload, qos=message.qos, retain=message.retain)

    def _count_dropped(self, payload: bytes) -> None:
        """Add up the broker's counter of dropped messages from when we first saw it, over its restarts."""
        if not payload.isdigit():
            return
        now = int(payload[:18])
        if self._dropped_before >= 0:
            self._dropped += now - self._dropped_before if now >= self._dropped_before else now
        self._dropped_before = now
