"""Trying a broker step by step, so that a person sees which one fails: name, TCP, TLS, login, subscription, first message. Not for data."""

from __future__ import annotations

import secrets
import socket
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from twin_app import log
from twin_app.errors import SourceError
from twin_app.sources import faults
from twin_app.sources.address import parse_address
from twin_app.sources.base import Login
from twin_app.sources.link import CONNECT_S, Link, Terms
from twin_app.sources.tls import tls_context
from twin_app.text import N_, duration, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from twin_app.sources.address import BrokerAddress

FIRST_MESSAGE_S = 10.0
_SLICE_S = 0.1
"""How often a waiting step looks whether it was cancelled."""


class Step(StrEnum):
    """What is tried, in this order; the catalogue's words."""

    NAME = N_("Name")
    TCP = N_("Network")
    TLS = N_("TLS")
    LOGIN = N_("Login")
    SUBSCRIPTION = N_("Subscription")
    FIRST_MESSAGE = N_("First message")


@dataclass(frozen=True, slots=True)
class Finding:
    """How one step went."""

    step: Step
    ok: bool
    sentence: str
    """Worded: what was found, or what is wrong with its cure."""
    seconds: float


def probe(
    address: str, *, filters: Sequence[str], login: Login | None = None, protocol: int = 4,
    first_message_s: float = FIRST_MESSAGE_S, cancelled: Callable[[], bool] = bool,
) -> Iterator[Finding]:  # fmt: skip
    """Try a broker; give a finding as each step ends, and end after the first that fails. For a worker thread: steps block.

    Args:
        address: as typed.
        filters: MQTT filters to subscribe to.
        login: user, password (never logged) and files of certificates; what is empty there is none, or the system's.
        protocol: MQTT's number on the wire, 4 or 5.
        first_message_s: how long to wait for a message; none in that time fails the last step alone.
        cancelled: asked while waiting; true ends the trial without a finding.
    """
    login = login or Login()
    log.conceal(login.password)
    trial = _Trial(address, tuple((f, 0) for f in filters), login, protocol, cancelled)
    try:
        for step, work in (
            (Step.NAME, trial.name), (Step.TCP, trial.tcp), (Step.TLS, trial.tls), (Step.LOGIN, trial.login),
            (Step.SUBSCRIPTION, trial.subscription), (Step.FIRST_MESSAGE, lambda: trial.first_message(first_message_s)),
        ):  # fmt: skip
            finding = _finding(step, work)
            if cancelled():
                return
            if finding.sentence:
                yield finding
            if not finding.ok:
                return
    finally:
        trial.close()


def _finding(step: Step, work: Callable[[], str]) -> Finding:
    """Do one step and return how it went."""
    began_s = time.monotonic()
    try:
        ok, sentence = True, work()
    except SourceError as error:
        ok, sentence = False, error.worded()
    return Finding(step, ok, sentence, time.monotonic() - began_s)


class _Trial:
    """One trial; each step returns what it found, or an empty text where there was nothing to try."""

    def __init__(
        self, address: str, filters: tuple[tuple[str, int], ...], login: Login, protocol: int, cancelled: Callable[[], bool]
    ) -> None:
        self._address, self._filters, self._cancelled = address, filters, cancelled
        self._login, self._protocol = login, protocol
        self._broker: BrokerAddress
        self._link: Link | None = None
        self._topics: list[str] = []

    def name(self) -> str:
        """Resolve the host's name."""
        self._broker = broker = parse_address(self._address)
        try:
            found = socket.getaddrinfo(broker.host, broker.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:  # UnicodeError: no resolver takes such a name
            raise faults.of_exception(error, broker) from error
        return tr("{host} is {address}.", host=broker.host, address=found[0][4][0])

    def tcp(self) -> str:
        """Open and close a connection."""
        broker = self._broker
        try:
            socket.create_connection((broker.host, broker.port), CONNECT_S).close()
        except OSError as error:
            raise faults.of_exception(error, broker) from error
        return tr("Port {port} is open.", port=broker.port)

    def tls(self) -> str:
        """Agree on TLS and check the certificate."""
        broker = self._broker
        if not broker.tls:
            return ""
        own = self._login
        context = tls_context(own.tls_ca, own.tls_cert, own.tls_key)
        try:
            with (
                socket.create_connection((broker.host, broker.port), CONNECT_S) as plain,
                context.wrap_socket(plain, server_hostname=broker.host) as secure,
            ):
                version = secure.version()
        except OSError as error:
            raise faults.of_exception(error, broker, own.tls_ca) from error
        return tr("{version}; the certificate is trusted.", version=version)

    def login(self) -> str:
        """Connect as the twin would."""
        terms = Terms(
            broker=self._broker, client_id=f"twin-app-test-{secrets.token_hex(4)}", filters=self._filters, login=self._login,
            protocol=self._protocol,
        )  # fmt: skip
        self._link = Link(terms, on_accepted=_nothing, on_message=self._note)
        self._link.open()
        self._pump(lambda link: link.accepted, CONNECT_S)
        return tr("The login is accepted.")

    def subscription(self) -> str:
        """See whether the broker lets us listen."""
        link = self._pump(lambda link: link.subscribed, CONNECT_S)
        wanted = ", ".join(f for f, _ in self._filters)
        if link.refused_filters:
            raise faults.subscription_refused(self._broker, ", ".join(link.refused_filters))
        return tr("Listening to {filters}.", filters=wanted)

    def first_message(self, seconds: float) -> str:
        """Wait for a message."""
        self._pump(lambda _link: bool(self._topics), seconds)
        if self._topics:
            return tr("A message came on {topic}.", topic=self._topics[0])
        raise SourceError(
            N_("No message came in {time}."), tip=N_("The line may be silent just now. If it is not, check the topics: {filters}."),
            time=duration(seconds), filters=", ".join(f for f, _ in self._filters),
        )  # fmt: skip

    def close(self) -> None:
        """Hang up."""
        if self._link is not None:
            self._link.close()

    def _pump(self, done: Callable[[Link], bool], seconds: float) -> Link:
        """Listen until something is done, time is over, or the link ends."""
        link = self._link
        assert link is not None  # noqa: S101 - the login comes first
        ends_s = time.monotonic() + seconds
        while not done(link) and time.monotonic() < ends_s and not self._cancelled():
            link.pump(_SLICE_S)
            if link.fault is not None:
                raise link.fault
        return link

    def _note(self, topic: bytes, _payload: bytes, _head: int, _mid: int) -> None:
        """Keep a topic."""
        if not self._topics:
            self._topics.append(topic.decode("utf-8", "replace"))


def _nothing() -> None:
    """Take no notice of an accepted login: the trial looks itself."""
