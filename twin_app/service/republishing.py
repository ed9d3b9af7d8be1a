"""`twin-app publish`: recorded messages back onto a broker, at any speed, said aloud. Not for simulated lines: see `publishing`.

Nothing is retained, so that nothing of it is left once it ends. Payloads go out byte for byte, with the times they were recorded with.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin_app.clock import SECOND_NS
from twin_app.errors import SourceError, UsageError
from twin_app.history import about
from twin_app.history.files import is_recording
from twin_app.history.recording import Recording
from twin_app.layout import load
from twin_app.service.publishing import Post, check_prefix, check_speed
from twin_app.sources.address import parse_address
from twin_app.sources.capture import Broken, Capture, Captured
from twin_app.sources.kinds import kind_of
from twin_app.text import N_, clock_time, number, tr
from twin_app.times import parse_instant_ns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from twin_app.model.equipment import Line
    from twin_app.sources.address import BrokerAddress

PREFIX = "replayed"
REST_S = 0.05
SAID_EVERY_S = 1.0
MOST_QOS = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be published, and where."""

    line: Line
    path: Path
    broker: BrokerAddress
    prefix: str
    """Before each topic; empty: topics as they were recorded."""
    start_ns: int
    end_ns: int
    speed: float


def order(layout: Path, path: Path, broker: str, *, prefix: str | None, window: tuple[str | None, str | None], speed: float) -> Order:
    """Return what a command line asks for; `prefix` None: under the topics they were recorded under.

    Raises:
        TwinError: the layout, the address or the instants are wrong; or the plant's own topics would be published to the plant's own broker.
    """
    line, address = load(layout), parse_address(broker)
    check_speed(speed)
    if prefix is not None:
        check_prefix(prefix)
    elif any(_same(address, source.address) for source in line.sources):
        raise UsageError(
            N_("{broker} is the plant's own broker: recorded messages under their own topics would be taken for the machines'."),
            tip=N_("Give another broker, or leave out --as-recorded: then they go under a prefix."), broker=address,
        )  # fmt: skip
    (start, end), first_ns = window, _first(path)
    start_ns = parse_instant_ns(start, first_ns) if start else first_ns
    end_ns = parse_instant_ns(end, start_ns) if end else 2**62
    if end_ns <= start_ns:
        raise UsageError(N_("The window ends before it starts."), tip=N_("Give --from a time before --to."))
    return Order(
        line=line, path=path, broker=address, prefix="" if prefix is None else f"{prefix}/", start_ns=start_ns, end_ns=end_ns, speed=speed
    )


def _same(address: BrokerAddress, given: str) -> bool:
    """Tell whether a layout's address is the same broker."""
    if not given or not kind_of(given).live or not kind_of(given).recorded:
        return False
    return parse_address(given).host.casefold() == address.host.casefold()


def _first(path: Path) -> int:
    """Return when the first message was received; raises SourceError where there is none."""
    found = next((found.received_ns for found in _whole(path) if not isinstance(found, Broken)), None)
    if found is None:
        raise SourceError(
            N_("{path} keeps no messages as they came."), tip=N_("How long they are kept is the setting recording.raw_days."), path=path
        )
    return found


def _whole(path: Path) -> Iterator[Captured | Broken]:
    """Give all messages of a capture, or those that a recording still keeps as they came, in their order."""
    if is_recording(path):
        with Recording(path) as recording:
            for message in about.messages(recording):
                yield Captured(message.topic, message.payload, message.received_ns, message.qos, message.retain)
        return
    capture = Capture(path)
    try:
        yield from capture
    finally:
        capture.close()


def warning(wanted: Order) -> str:
    """Return what is said before the first message goes out."""
    where = tr("topics {prefix}…", prefix=wanted.prefix) if wanted.prefix else tr("THE TOPICS OF THE MACHINES THEMSELVES")
    return tr(
        "PUBLISHING A RECORDING: {line}, {file} from {start} at {speed}× to {broker}, {where}. These are no machines that run now. Ctrl+C ends it.",
        line=wanted.line.title, file=wanted.path.name, start=clock_time(wanted.start_ns, wanted.line.tz, date=True),
        speed=f"{wanted.speed:g}", broker=wanted.broker, where=where,
    )  # fmt: skip


def publish(wanted: Order, *, username: str = "", progress: Callable[[int, int], None] = lambda _sent, _at_ns: None) -> tuple[int, int]:
    """Publish, and return how many messages that were and how many lines were no messages.

    Raises:
        SourceError: the broker cannot be reached, refuses, or was lost; or the file cannot be read to its end.
    """
    broken = 0
    with Post(wanted.broker, username) as post:
        print(warning(wanted), file=sys.stderr)
        began_s, said_s = time.monotonic(), time.monotonic()
        for found in _messages(wanted):
            if isinstance(found, Broken):
                broken += 1
                continue
            due_s = began_s + (found.received_ns - wanted.start_ns) / SECOND_NS / wanted.speed
            while (left_s := due_s - time.monotonic()) > 0:
                time.sleep(min(left_s, REST_S))
            post.send(f"{wanted.prefix}{found.topic}", found.payload, min(found.qos, MOST_QOS))
            if time.monotonic() - said_s > SAID_EVERY_S:
                said_s = time.monotonic()
                progress(post.sent, found.received_ns)
        post.wait()
    return post.sent, broken


def _messages(wanted: Order) -> Iterator[Captured | Broken]:
    """Give the messages of the window, and what is no message."""
    for found in _whole(wanted.path):
        if isinstance(found, Broken) or wanted.start_ns <= found.received_ns <= wanted.end_ns:
            yield found


def published(sent: int, broken: int, wanted: Order) -> str:
    """Return what was done, worded."""
    said = tr("{messages} recorded messages were published to {broker}.", messages=number(sent), broker=wanted.broker)
    return f"{said} {tr('Lines that are no messages: {n}.', n=number(broken))}" if broken else said
