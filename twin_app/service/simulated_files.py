"""Files that simulated messages are written to: captures and recordings, each there only once it is whole. Not for what is written: see `simulating`."""

from __future__ import annotations

import base64
import gzip
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from twin_app.clock import MILLISECOND_NS
from twin_app.codec.topics import TopicPattern, subscriptions
from twin_app.errors import UsageError
from twin_app.history.schema import SUFFIX
from twin_app.history.store import Store
from twin_app.layout.signals import signal_table
from twin_app.model.samples import TextTable
from twin_app.sources.intake import Intake
from twin_app.sources.twin import SIMULATED
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from io import BufferedWriter
    from pathlib import Path

    from twin_app.model.equipment import Line
    from twin_app.simulate.speech import Sent

CAPTURES = (".jsonl.gz", ".jsonl")
SUFFIXES = (*CAPTURES, SUFFIX)


def capture_line(message: Sent) -> bytes:
    """Return a message as a line of a capture; each says that it is simulated, so that no part of the file can be taken for a plant's."""
    at_us = message.at_ns // 1000
    try:
        payload, encoding = message.payload.decode(), b""
    except UnicodeDecodeError:
        payload, encoding = base64.b64encode(message.payload).decode(), b'"enc":"base64",'
    return b'{"t":%d.%06d,"topic":%b,"payload":%b,%b"simulated":true}\n' % (
        at_us // 1_000_000, at_us % 1_000_000, msgspec.json.encode(message.topic), msgspec.json.encode(payload), encoding,
    )  # fmt: skip


@contextmanager
def recording(path: Path, line: Line, said: str) -> Iterator[Callable[[list[Sent]], object]]:
    """Give what takes messages into a new recording, which says of itself that it is simulated, and how.

    Raises:
        UsageError: there is a file of this name; nothing that was recorded is written over.
        RecordingError: it cannot be written.
    """
    if path.exists():
        raise UsageError(N_("{path} is there already, and a recording is never written over."), tip=N_("Give another name."), path=path)
    part = path.with_name(f".{path.name.removesuffix(SUFFIX)}.part{SUFFIX}")
    part.unlink(missing_ok=True)
    signals, texts = signal_table(line), TextTable()
    store = Store.reopen(part, signals=signals, texts=texts)
    try:
        store.mark(SIMULATED, said)
        hearing = _Hearing(store, [Intake(line, source, store=store, signals=signals, texts=texts) for source in line.sources])
        yield hearing.take
        hearing.end()
        if (span := store.span()) is not None:
            store.describe(line, span.start_ns)
    except BaseException:
        store.close()
        part.unlink(missing_ok=True)
        raise
    store.close()
    part.replace(path)


class _Hearing:
    """The sources of a line, as they hear what a broker would deliver to each, and a store that is folded as it fills."""

    def __init__(self, store: Store, intakes: list[Intake]) -> None:
        self._store = store
        self._wanted = [(intake, [TopicPattern(topic) for topic in subscriptions(intake.source)]) for intake in intakes]
        self._by_topic: dict[str, list[Intake]] = {}
        self._begun = False

    def take(self, messages: list[Sent]) -> None:
        """Record messages, in the order in which they are received."""
        if messages and not self._begun:
            self._begun = True
            for intake, _ in self._wanted:
                intake.connected(_received(messages[0]))
        for message in messages:
            if message.topic not in self._by_topic:
                wanted = [intake for intake, filters in self._wanted if any(f.match(message.topic) is not None for f in filters)]
                self._by_topic[message.topic] = wanted
            for intake in self._by_topic[message.topic]:
                intake.receive(message.topic, message.payload, received_ns=_received(message))
        self._commit()

    def end(self) -> None:
        """Record what is left, and seal all of it."""
        for intake, _ in self._wanted:
            intake.finish()
        self._commit()
        self._store.seal(everything=True)

    def _commit(self) -> None:
        for intake, _ in self._wanted:
            intake.flush()
        self._store.commit()
        while self._store.folded < self._store.watermark:
            self._store.fold()


def _received(message: Sent) -> int:
    """Return when a message was received, as intakes have it: whole milliseconds."""
    return message.at_ns // MILLISECOND_NS * MILLISECOND_NS


@contextmanager
def whole(path: Path, *, zipped: bool) -> Iterator[Callable[[bytes], object]]:
    """Give what writes to a file that takes its name once all is written; zipped files hold neither name nor time."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as raw:
            yield from _zipped(raw) if zipped else iter((raw.write,))
        part.replace(path)
    except OSError as error:
        raise UsageError(N_("{path} cannot be written: {reason}."), path=path, reason=error.strerror or error) from error
    finally:
        part.unlink(missing_ok=True)


def _zipped(raw: BufferedWriter) -> Iterator[Callable[[bytes], object]]:
    with gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=9, mtime=0) as file:
        yield file.write
