"""A broker as a source: connects, subscribes, comes back after every failure, and says what is wrong. Not for one connection: see `link`.

Sessions are clean: what is published while nobody listens is lost, and shown as blind time, instead of filling queues on the
plant's broker under a name that may never come back. Nothing is ever published, unless the layout allows `rebirth`.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from twin_app import log
from twin_app.clock import now_ns
from twin_app.codec.refusal import Reason
from twin_app.errors import SourceError
from twin_app.model.message import Status
from twin_app.sources import faults, terms_of
from twin_app.sources.address import parse_address
from twin_app.sources.base import Login
from twin_app.sources.kept import Redelivery
from twin_app.sources.link import Link, Terms
from twin_app.sources.look_round import LookRound, Step
from twin_app.sources.pace import Pace
from twin_app.sources.passwords import password_from_environment
from twin_app.sources.tap import DUP, RETAIN
from twin_app.sources.terms_of import DROPPED_TOPIC

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.model.message import SourceHealth
    from twin_app.sources.intake import Intake
    from twin_app.sources.kept import SessionFile

LOGGER = logging.getLogger(__name__)

BACK_OFF_S = (1.0, 2.0, 4.0, 8.0)
"""Pauses between attempts; the last one repeats. It stays below 10 s, so that data is back 10 s after the broker is."""
SHORT_LIFE_S = 5.0
TAKEN_OVER_AFTER = 3
IDLE_WAIT_S = 0.5
SILENT_S = 60.0
"""A connection over which nothing came for so long from its beginning is told of: some brokers withhold topics without a word."""


class MqttSource:
    """A broker's messages, for as long as the program runs."""

    live = True

    def __init__(
        self, intake: Intake, *, address: str = "", login: Login | None = None, password: Callable[[], str] | None = None,
        client_id: str = "", kept: SessionFile | None = None,
    ) -> None:  # fmt: skip
        """Prepare; nothing is connected before `start`.

        Args:
            intake: where messages go.
            address: instead of the layout's.
            login: what of it is empty is the layout's; files are relative to the layout.
            password: asked for at every attempt; without it the login has it, or the environment.
            client_id: for brokers that allow only certain ones; else a unique one is made.
            kept: names the session that the broker is to keep; without it sessions are clean, whatever the layout says: only
                what is recorded durably may be acknowledged for good.

        Raises:
            SourceError: the address is not a broker's, or holds a password; the session's name cannot be kept.
        """
        spec = intake.source
        self.broker = parse_address(address or spec.address)
        self._intake = intake
        login = login or Login()
        beside = intake.line.path.parent
        files = {"tls_ca": login.tls_ca or spec.tls_ca, "tls_cert": login.tls_cert, "tls_key": login.tls_key}
        self._login = replace(login, username=login.username or spec.username, **{k: str(beside / f) for k, f in files.items() if f})
        self._password = password or (lambda: login.password or password_from_environment(spec.id))
        self._kept = kept is not None
        self._client_id = client_id or (kept.at(str(self.broker)).client_id if kept else terms_of.client_id(spec))
        self._filters = terms_of.filters_of(spec, kept=self._kept)
        # A session that the broker keeps shall never hold more than the line's own topics.
        self._look = None if self._kept else LookRound(f for f, _ in self._filters)
        self._redelivery = Redelivery(intake.saved()) if self._kept else None
        self._expects_session = bool(self._kept and intake.saved())
        self._warnings: dict[str, str] = {}
        self._status, self._since_ns, self._error = Status.IDLE, now_ns(), ""
        self._reconnects, self._short_lives, self._met_before = 0, 0, False
        self._accepted_s: float | None = None
        self._dropped, self._dropped_before = 0, -1
        self._unacknowledged: list[tuple[int, int]] = []
        self._came, self._heard = 0, False
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

    def relay(self) -> None:
        """Listen to what the intake's source names by now; what it named before and still does goes on meanwhile. Safe from any thread."""
        self._filters = terms_of.filters_of(self._intake.source, kept=self._kept)
        link = self._link
        if link is not None:
            link.wake()

    def health(self) -> SourceHealth:
        """Return how the source is; safe from any thread."""
        known = self._intake.health(address=str(self.broker), live=True, status=self._status, since_ns=self._since_ns, error=self._error)
        look = self._look  # the source's thread lets go of it
        seen = look.topics if look is not None else ()
        warnings = (*self._warnings.values(), *([terms_of.silent(self._filters, seen)] if seen else []))
        return replace(known, dropped=self._dropped, reconnects=self._reconnects, warnings=warnings, elsewhere=seen)

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
            link = Link(self._terms(), on_accepted=self._on_accepted, on_message=self._on_message)
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

    def _terms(self) -> Terms:
        """Return what the next link needs; the password is asked for anew, and never logged."""
        password = self._password() if self._login.username else ""
        log.conceal(password)
        if warning := terms_of.plain_password(self.broker, password):
            self._warnings["plain"] = warning
        spec = self._intake.source
        return Terms(
            broker=self.broker, client_id=self._client_id, filters=self._filters, login=replace(self._login, password=password),
            keepalive_s=spec.keepalive_s, protocol=spec.protocol, kept=self._kept, session_expiry_s=spec.session_expiry_s,
        )  # fmt: skip

    def _serve(self, link: Link) -> None:
        """Read, hand over, commit and acknowledge until the link is over."""
        pace = Pace()
        intake = self._intake
        while link.fault is None and not self._stopping.is_set():
            before = self._came
            link.listen_to(self._filters)
            link.pump(pace.wait_s(time.monotonic(), IDLE_WAIT_S))
            now_s = time.monotonic()
            pace.took(now_s, count=self._came - before, unacknowledged=len(self._unacknowledged))
            if pace.commit_due(now_s):
                durable = intake.commit(now_ns(), self._saved())
                pace.committed(time.monotonic(), durable=durable)
                if durable:
                    self._acknowledge(link)
            elif pace.flush_due(now_s) or self._came == before:
                intake.flush(now_ns())
                pace.flushed()
            self._look_at_subscription(link)
            self._look_round(link, now_s)
            self._look_for_silence(now_s)
        if link.fault is None and intake.commit(now_ns(), self._saved()):
            self._acknowledge(link)

    def _acknowledge(self, link: Link) -> None:
        """Tell the broker that what it sent is kept."""
        waiting, self._unacknowledged = self._unacknowledged, []
        if waiting:
            link.acknowledge(waiting)

    def _saved(self) -> str:
        """Return what is to be known of the newest messages after our own end."""
        return "" if self._redelivery is None else self._redelivery.saved(len(self._unacknowledged))

    def _look_at_subscription(self, link: Link) -> None:
        """Be connected once the broker has answered the subscription: what is said before that nobody hears.

        Says which filters were refused, the broker's own counters apart: not every broker has them.
        """
        if not link.subscribed:
            return
        if self._status is not Status.CONNECTED:
            self._set(Status.CONNECTED)
        refused = [f for f in link.refused_filters if f != DROPPED_TOPIC]
        if refused:
            self._error = faults.subscription_refused(self.broker, ", ".join(refused)).worded()

    def _look_round(self, link: Link, now_s: float) -> None:
        """Listen to everything for a moment, once, where nothing comes on our own topics."""
        if self._look is None or not link.subscribed:
            return
        step = self._look.step(now_s)
        if step is Step.BEGIN:
            link.listen("#")
        elif step is Step.END:
            link.ignore("#")

    def _look_for_silence(self, now_s: float) -> None:
        """Say so where nothing ever came over a connection that stands; take it back with the first message."""
        if self._heard:
            self._warnings.pop("silent", None)
        elif "silent" not in self._warnings and self._accepted_s is not None and now_s > self._accepted_s + SILENT_S:
            wanted = ", ".join(f for f, _ in self._filters if f != DROPPED_TOPIC)
            self._warnings["silent"] = faults.nothing_came(self.broker, wanted).worded()

    def _ended(self, link: Link) -> float:
        """Record the end of a link; return for how many seconds it was accepted."""
        fault = link.fault
        if self._redelivery is not None:
            self._redelivery.new_link()
        if self._accepted_s is None:
            if fault is not None:
                self._fail(fault)
            return 0.0
        lived_s = time.monotonic() - self._accepted_s
        self._intake.disconnected(link.life_ns)
        self._intake.commit(now_ns(), self._saved())
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
        self._look_for_session()
        self._reconnects += self._met_before
        self._met_before = True
        if self._short_lives < TAKEN_OVER_AFTER:
            self._error = ""
        self._intake.connected(at_ns)
        self._came += 1  # the sample that says so is handed over and committed like a message's
        LOGGER.info("%s: connected to %s", self.id, self.broker)

    def _look_for_session(self) -> None:
        """Say so where the broker no longer has the session that was left with it."""
        link = self._link
        if link is not None and self._expects_session and not link.resumed:
            self._warnings["session"] = faults.session_lost(self.broker).worded()
            LOGGER.warning("%s: %s", self.id, self._warnings["session"])
        self._expects_session = self._kept

    def _on_message(self, topic: bytes, payload: bytes, head: int, mid: int) -> None:
        """Hand one message in. Never raises.

        Args:
            topic: as it was published.
            payload: as it was published.
            head: the packet's first byte.
            mid: the packet's id, 0 at quality 0.
        """
        qos = head >> 1 & 3
        if qos:
            self._unacknowledged.append((mid, qos))
        try:
            name = topic.decode()
        except UnicodeDecodeError:
            self._intake.refuse(Reason.BAD_TOPIC, payload, where="�")
            return
        if name == DROPPED_TOPIC:
            self._count_dropped(payload)
            return
        if self._look is not None:
            if self._look.takes(name):
                return
            self._look.heard()
            self._look = self._look if self._look.looking else None
        self._came += 1
        self._heard = True
        if qos and self._redelivery is not None and self._redelivery.came(topic, payload, mid, again=bool(head & DUP)):
            self._intake.repeated()
            return
        self._intake.receive(name, payload, qos=qos, retain=bool(head & RETAIN))

    def _count_dropped(self, payload: bytes) -> None:
        """Add up the broker's counter of dropped messages from when we first saw it, over its restarts."""
        if not payload.isdigit():
            return
        now = int(payload[:18])
        if self._dropped_before >= 0:
            self._dropped += now - self._dropped_before if now >= self._dropped_before else now
        self._dropped_before = now
