"""Listening to a broker, or reading a capture, to learn what is there. Works in the caller's thread; not for what follows from it."""

from __future__ import annotations

import os
import secrets
import time
import zoneinfo
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from twin_app import log
from twin_app.clock import SECOND_NS, now_ns
from twin_app.codec.topics import TopicPattern
from twin_app.discover.survey import Survey
from twin_app.errors import SourceError, UsageError
from twin_app.layout.addresses import is_filter
from twin_app.sources import passwords
from twin_app.sources.address import is_broker, parse_address
from twin_app.sources.base import Login
from twin_app.sources.capture import Broken, Capture
from twin_app.sources.link import Answer, Link, Terms
from twin_app.sources.tap import RETAIN
from twin_app.sources.terms_of import plain_password
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.sources.address import BrokerAddress

EVERYTHING = ("#",)
LISTEN_S = 60.0
LIMIT = 2_000
"""Messages a second that are looked into where nobody says otherwise."""
CLIENT_PREFIX = "twin-app-discover-"
SOURCE = "plant"
"""Id of the source in a draft; the environment's password for it counts here already."""
LARGEST_BYTES = 4 * 1024 * 1024
"""Of a larger message only the beginning is read: memory stays bounded whatever is published."""
PROGRESS_S = 0.25
_SLICE_S = 0.1
_PAUSE_S = 1.0
_FEW = 64
"""Messages of a file between two looks at whether to go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to listen to."""

    address: str
    """Of a broker, or a capture file."""
    filters: tuple[str, ...] = EVERYTHING
    seconds: float | None = None
    """None: `LISTEN_S` at a broker, all of a file."""
    limit: int | None = None
    """Messages a second that are looked into; None: `LIMIT` at a broker, all of a file."""
    login: Login = field(default_factory=Login)
    protocol: int = 4

    @property
    def live(self) -> bool:
        """Say whether it is a broker."""
        return is_broker(self.address)


@dataclass(slots=True)
class Heard:
    """What was heard so far; the survey grows while somebody listens."""

    where: str
    """The broker's address, or the file's name."""
    live: bool
    survey: Survey
    filters: tuple[str, ...]
    answers: tuple[Answer, ...] = ()
    """What the broker said to each filter; empty for a file."""
    listened_s: float = 0.0
    share: float = 0.0
    """How much of the whole is done, 0 to 1."""
    lost: int = 0
    """How often the connection broke."""
    broken: int = 0
    """Lines of a file that are no messages."""
    trouble: str = ""
    """What ended it early, worded; empty where nothing did."""
    warnings: tuple[str, ...] = ()

    @property
    def refused(self) -> tuple[Answer, ...]:
        """Return the filters that the broker refused."""
        return tuple(answer for answer in self.answers if answer.refused)


def check(request: Request) -> None:
    """Refuse a request that makes no sense, before anybody listens.

    Raises:
        UsageError: a filter is none, or the time or the limit is below nothing.
        SourceError: the address is neither a broker's nor a file's.
    """
    wrong = next((f for f in request.filters if not is_filter(f)), None)
    if wrong is not None:
        raise UsageError(
            N_("“{filter}” is not an MQTT topic filter."), tip=N_("+ stands for one level, # for all that follow: plant/+/state, plant/#."),
            filter=wrong,
        )  # fmt: skip
    if request.limit is not None and request.limit < 0:
        raise UsageError(N_("{n} is not a limit."), tip=N_("Give a number of messages a second, or 0 for all."), n=request.limit)
    if request.live:
        parse_address(request.address)


def discover(
    request: Request, *, cancelled: Callable[[], bool] = bool, progress: Callable[[Heard], None] | None = None
) -> Heard:  # fmt: skip
    """Listen as long as asked for, or until cancelled, and return what was heard.

    Args:
        request: what to listen to.
        cancelled: asked several times a second; true ends the listening, and what was heard counts.
        progress: told several times a second how far it is, in this thread.

    Raises:
        SourceError: the broker cannot be reached or refuses the login; the file cannot be read, or is no capture.
    """
    work = _Listening(request, cancelled, progress or _nobody)
    try:
        return work.to_broker(parse_address(request.address)) if request.live else work.to_file(Path(request.address))
    except KeyboardInterrupt:
        return work.heard


def local_zone() -> str:
    """Return the IANA name of this computer's time zone, `UTC` where it tells none."""
    linked = Path("/etc/localtime")
    names = [os.environ.get("TZ", "").lstrip(":")]
    if linked.is_symlink():
        names.append(str(linked.resolve()).partition("zoneinfo/")[2])
    for name in filter(None, names):
        try:
            return zoneinfo.ZoneInfo(name).key
        except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
            continue
    return "UTC"


class _Listening:
    """One request on its way."""

    def __init__(self, request: Request, cancelled: Callable[[], bool], progress: Callable[[Heard], None]) -> None:
        default = LIMIT if request.live else 0
        survey = Survey(limit=default if request.limit is None else request.limit)
        where = str(parse_address(request.address)) if request.live else Path(request.address).name
        self.heard = Heard(where, request.live, survey, request.filters)
        self._request, self._cancelled, self._progress = request, cancelled, progress
        self._told_s = time.monotonic()
        self._link: Link | None = None

    def to_broker(self, broker: BrokerAddress) -> Heard:
        """Listen to a broker, and come back where it goes away."""
        terms = self._terms(broker)
        began_s = time.monotonic()
        seconds = LISTEN_S if self._request.seconds is None else self._request.seconds
        while self._goes_on(began_s, seconds):
            fault = self._live_once(terms, began_s, seconds)
            if fault is None:
                break
            if not self.heard.answers and not self.heard.survey.messages:
                raise fault  # it never listened at all
            self.heard.lost, self.heard.trouble = self.heard.lost + 1, fault.worded()
            time.sleep(min(_PAUSE_S, max(0.0, began_s + seconds - time.monotonic())))
        self._tell(began_s, seconds, at_once=True)
        return self.heard

    def to_file(self, path: Path) -> Heard:
        """Read a capture: of its time as much as asked for."""
        survey = self.heard.survey
        capture = Capture(path)
        try:
            self._read(capture)
        except SourceError as error:
            if not survey.messages:
                raise
            self.heard.trouble = error.worded()
        finally:
            capture.close()
            self.heard.listened_s = survey.seconds
        self._tell_share(1.0, at_once=True)
        return self.heard

    def _read(self, capture: Capture) -> None:
        """Take every message of a capture that a filter lets in, until the time is over or somebody cancels."""
        survey, seconds = self.heard.survey, self._request.seconds
        patterns = [TopicPattern(f) for f in self._request.filters]
        for count, found in enumerate(capture):
            if isinstance(found, Broken):
                self.heard.broken += 1
                continue
            if seconds is not None and survey.start_ns and found.received_ns - survey.start_ns > seconds * SECOND_NS:
                return
            if any(pattern.match(found.topic) for pattern in patterns):
                survey.take(found.topic, found.payload, found.received_ns, retain=found.retain, simulated=found.simulated)
            if not count % _FEW:
                self._tell_share(capture.progress)
                if self._cancelled():
                    return

    def _terms(self, broker: BrokerAddress) -> Terms:
        """Return how to log in; a password that is not given is the keyring's or the environment's."""
        login = self._request.login
        if login.username and not login.password:
            login = replace(
                login, password=passwords.password_for(broker, login.username, SOURCE, keyring=passwords.desktop_keyring())
            )  # fmt: skip
        log.conceal(login.password)
        warning = plain_password(broker, login.password)
        self.heard.warnings = (warning,) if warning else ()
        return Terms(
            broker=broker, client_id=CLIENT_PREFIX + secrets.token_hex(4), filters=tuple((f, 0) for f in self._request.filters),
            login=login, protocol=self._request.protocol, largest_bytes=LARGEST_BYTES,
        )  # fmt: skip

    def _live_once(self, terms: Terms, began_s: float, seconds: float) -> SourceError | None:
        """Listen over one connection; return why it ended, None where the time is over or there is nothing to wait for."""
        link = self._link = Link(terms, on_accepted=_nothing, on_message=self._on_message)
        try:
            link.open()
            while link.fault is None and self._goes_on(began_s, seconds):
                link.pump(_SLICE_S)
                self.heard.answers = link.answers or self.heard.answers
                self._tell(began_s, seconds)
                if link.answers and all(answer.refused for answer in link.answers):
                    return None
        except SourceError as error:
            return error
        else:
            return link.fault  # as it was before it is closed: saying goodbye is no fault
        finally:
            link.close()

    def _goes_on(self, began_s: float, seconds: float) -> bool:
        """Say whether there is time left and nobody cancelled."""
        return time.monotonic() - began_s < seconds and not self._cancelled()

    def _on_message(self, topic: bytes, payload: bytes, head: int, _mid: int) -> None:
        """Take one message."""
        link = self._link
        cut_from = link.cut_from if link is not None else 0
        try:
            name = topic.decode()
        except UnicodeDecodeError:
            self.heard.survey.refuse(cut_from or len(payload))
            return
        self.heard.survey.take(name, payload, now_ns(), retain=bool(head & RETAIN), cut_from=cut_from)

    def _tell(self, began_s: float, seconds: float, *, at_once: bool = False) -> None:
        """Say how far it is, a few times a second."""
        self.heard.listened_s = time.monotonic() - began_s
        self._tell_share(min(1.0, self.heard.listened_s / seconds) if seconds else 1.0, at_once=at_once)

    def _tell_share(self, share: float, *, at_once: bool = False) -> None:
        """Say how far it is, a few times a second."""
        self.heard.share = share
        if at_once or time.monotonic() - self._told_s >= PROGRESS_S:
            self._progress(self.heard)
            self._told_s = time.monotonic()


def _nobody(_heard: Heard) -> None:
    """Tell nobody."""


def _nothing() -> None:
    """Take no notice of an accepted login: the loop looks itself."""
