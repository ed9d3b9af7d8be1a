"""What a recording keeps beside samples: messages as they came, what is missing, the layout with its models. From memory to the newest file. Not for samples: see `recorder`.

It is written a second after it came, apart from the samples: a kill costs a second of raw messages and no sample.
"""

from __future__ import annotations

import hashlib
import itertools
import threading
import time
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from twin_app.errors import LayoutError
from twin_app.history import checks, payloads
from twin_app.history.gaps import gap_row
from twin_app.history.models import Waiting, gathered
from twin_app.layout import read_bytes
from twin_app.model.recording import Gap, LayoutVersion, Why
from twin_app.text import N_, number, tr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from twin_app.history.journal import Journal
    from twin_app.history.limits import Limits
    from twin_app.history.models import Step
    from twin_app.model.equipment import Line
    from twin_app.model.message import Message, RawMessage

_Key = tuple[Why, str]
EVERY_S = 1.0
BATCH_BYTES = 2**20
"""So much is written sooner."""
WAITING_BYTES = 64 * 2**20
"""Messages that wait for a failing disk; more are given up, and counted."""
_OVERHEAD_BYTES = 100
MOST_BYTES = 64 * 2**20
"""No layout, and no file that one names, is as large."""
TOGETHER_NS = 10_000_000_000
"""Messages refused within so long of each other are one gap."""


class Beside:
    """Belongs to a recorder, who writes; everything else is safe from any thread."""

    def __init__(self, limits: Limits | None) -> None:
        """Keep nothing yet; `limits` say whether raw messages are kept at all, and how much of a layout's own models; None: neither."""
        self._lock = threading.Lock()
        self._keeps = limits is not None and limits.raw_days > 0
        self._models_bytes = limits.models_bytes if limits is not None else 0
        self._models = Waiting()
        self._gathering: threading.Thread | None = None
        self._unkept: tuple[str, ...] = ()
        self._messages: list[Message] = []
        self._bytes = 0
        self._gaps: dict[int, Gap] = {}
        self._serial = itertools.count()
        self._newest: dict[_Key, int] = {}
        self._numbers: dict[int, int] = {}
        self._fresh: set[int] = set()
        self._layout: LayoutVersion | None = None
        self._layout_written = True
        self._due_s = 0.0
        self.given_up = 0
        """Raw messages that were not written because the disk failed for too long."""

    def extend(self, messages: Sequence[RawMessage]) -> None:
        """Keep messages as they came, and note those that could not be understood."""
        for raw in messages:
            if raw.refused:
                self._refused(raw.message.source, raw.message.received_ns)
        if not self._keeps:
            return
        with self._lock:
            for raw in messages:
                self._messages.append(raw.message)
                self._bytes += len(raw.message.payload) + _OVERHEAD_BYTES

    def describe(self, line: Line, at_ns: int) -> None:
        """Note that a line's layout is in force from an instant on; its own models are read in a thread, for they may be large."""
        version = layout_as_it_is(line, at_ns)
        if version is None or not self.layout(version) or not self._models_bytes:
            return
        self.gathered()
        self._gathering = threading.Thread(target=self._gather, args=(line, version.content_hash), name="models kept", daemon=True)
        self._gathering.start()

    def layout(self, version: LayoutVersion) -> bool:
        """Note which layout is in force from an instant on; return whether that is news."""
        with self._lock:
            fresh = self._layout is None or self._layout.content_hash != version.content_hash
            if fresh:
                self._layout, self._layout_written = version, False
            return fresh

    def gathered(self) -> None:
        """Wait until the models of the layout in force are read."""
        if self._gathering is not None:
            self._gathering.join()

    def _gather(self, line: Line, layout: str) -> None:
        """Read a line's own models."""
        files = gathered(line, self._models_bytes)
        with self._lock:
            self._models.add(layout, files)
            self._unkept = tuple(file.name for file in files if not file.digest)

    def notices(self, path: Path) -> tuple[str, ...]:
        """Return what a person must know about what is kept beside the samples of the file at `path`."""
        if not self._unkept:
            return ()
        what = N_(
            "{path} does not carry these files of the layout's own 3D models, for together they are larger than {size} MiB: {names}. Allow more in the settings (recording.models_mib)."
        )
        return (tr(what, path=path, size=number(self._models_bytes / 2**20), names=", ".join(self._unkept)),)

    def missing(self, gap: Gap) -> None:
        """Note that something is missing."""
        with self._lock:
            self._note(gap, next(self._serial))

    def _refused(self, source: str, at_ns: int) -> None:
        """Note a message that could not be understood; those soon after each other are one gap."""
        with self._lock:
            newest = self._newest.get((Why.REFUSED, source))
            last = None if newest is None else self._gaps.get(newest)
            if newest is not None and last is not None and at_ns - (last.end_ns or 0) <= TOGETHER_NS:
                self._note(replace(last, end_ns=max(at_ns, last.end_ns or 0), count=(last.count or 0) + 1), newest)
            else:
                self._note(Gap(start_ns=at_ns, end_ns=at_ns, why=Why.REFUSED, source=source, count=1), next(self._serial))

    def _note(self, gap: Gap, serial: int) -> None:
        """Have a gap written, anew where it was."""
        self._gaps[serial] = gap
        self._newest[gap.why, gap.source] = serial
        self._fresh.add(serial)

    def goes_on(self) -> None:
        """Note that another file is written from now on: it says anew what still holds."""
        with self._lock:
            self._gaps = {serial: self._gaps[serial] for serial in self._fresh}
            self._numbers.clear()
            self._layout_written = self._layout is None
            self._models.goes_on(self._layout.content_hash if self._layout else None)

    @property
    def waits(self) -> bool:
        """Tell whether something is not written yet."""
        return bool(self._messages or self._fresh or self._models or not self._layout_written)

    def write(self, journal: Journal, *, everything: bool = False) -> None:
        """Write what waits, if that is due.

        Raises:
            RecordingError: the disk is full or failing; it goes on waiting.
        """
        due = everything or self._bytes >= BATCH_BYTES or time.monotonic() >= self._due_s
        if not (due and self.waits):
            return
        self._due_s = time.monotonic() + EVERY_S
        with self._lock:
            messages, self._messages, self._bytes = self._messages, [], 0
            gaps = {serial: self._gaps[serial] for serial in sorted(self._fresh)}
            layout = None if self._layout_written else self._layout
            models = self._models.take(journal.named(), everything=everything) if self._models else []
        try:
            numbers = self._write(journal, messages, gaps, layout, models)
        except BaseException:
            self._wait_again(messages)
            raise
        with self._lock:
            self._numbers |= numbers
            self._fresh = {serial for serial in self._fresh if self._gaps[serial] != gaps.get(serial)}
            still = {*self._fresh, *self._newest.values()}
            self._gaps = {serial: gap for serial, gap in self._gaps.items() if serial in still}
            self._layout_written = self._layout is layout or layout is None
            self._models.written(models)

    def _write(
        self, journal: Journal, messages: Sequence[Message], gaps: Mapping[int, Gap], layout: LayoutVersion | None, models: Sequence[Step],
    ) -> dict[int, int]:  # fmt: skip
        """Write one transaction; return the numbers of the gaps in the file."""
        free = itertools.count(journal.next_number("gap"))
        numbers = {serial: self._numbers.get(serial) or next(free) for serial in gaps}
        journal.put_beside(
            raw=[_raw_row(journal.next_number("raw"), messages)] if messages else [],
            gaps=[gap_row(numbers[serial], gap) for serial, gap in gaps.items()],
            layouts=_layout_rows(journal.next_number("layout"), layout) if layout else [], models=models,
        )  # fmt: skip
        return numbers

    def _wait_again(self, messages: list[Message]) -> None:
        """Put messages back that could not be written; too many are given up, the oldest first."""
        with self._lock:
            self._messages = messages + self._messages
            sizes = [len(message.payload) + _OVERHEAD_BYTES for message in self._messages]
            self._bytes, gone = sum(sizes), 0
            while self._bytes > WAITING_BYTES:
                self._bytes -= sizes[gone]
                gone += 1
            del self._messages[:gone]
            self.given_up += gone


def layout_as_it_is(line: Line, at_ns: int) -> LayoutVersion | None:
    """Return a line's layout as its file is now, in force from an instant on; None where that cannot be read."""
    try:
        content = read_bytes(line.path)
        named = dict.fromkeys(word.file for unit in line.units for word in unit.fault_words if word.file)
        beside = tuple((name, (line.path.parent / name).read_bytes()) for name in named)
    except (OSError, LayoutError):
        return None
    return LayoutVersion(
        at_ns=at_ns, content_hash=hashlib.sha256(content).hexdigest(), name=line.path.name, content=content, beside=beside
    )  # fmt: skip


def layout_of(row: tuple[Any, ...]) -> LayoutVersion | None:
    """Return the layout of a row, None where it is not what was written."""
    if not checks.shaped(row, "iissbi"):
        return None
    _, at_ns, content_hash, name, packed, _ = row
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(packed, MOST_BYTES)
    except zlib.error:
        return None
    return LayoutVersion(at_ns=at_ns, content_hash=content_hash, name=name, content=content) if unpacking.eof else None


def messages_of(row: tuple[Any, ...]) -> list[Message] | None:
    """Return the messages of a row, None where it is not what was written."""
    try:
        return payloads.unpack(row[-2]) if checks.shaped(row, "iiiiibi") else None
    except ValueError:
        return None


def _layout_rows(number: int, layout: LayoutVersion) -> list[tuple[object, ...]]:
    """Return the rows of table `layout`: the layout, and behind it under its hash each file that it names."""
    rows = [
        (number + more, layout.at_ns, layout.content_hash, name, zlib.compress(content))
        for more, (name, content) in enumerate([(layout.name, layout.content), *layout.beside])
    ]
    return [(*row, checks.of_row(*row)) for row in rows]


def _raw_row(number: int, messages: Sequence[Message]) -> tuple[object, ...]:
    """Return a row of table `raw`; its size is that of the payloads."""
    times = [message.received_ns for message in messages]
    row = (number, min(times), max(times), len(messages), sum(len(m.payload) for m in messages), payloads.pack(messages))
    return *row, checks.of_row(*row)
