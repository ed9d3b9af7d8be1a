"""The door of the twin: messages of one source in, samples and raw messages into the store. Not for connections or files.

`receive` never raises: an exception in a network callback would end the reading in silence. What cannot be understood is
counted by reason and kept raw with a sentence that says why.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol

from twin_app.clock import now_ns
from twin_app.codec.decoder import Decoder
from twin_app.codec.refusal import Reason, excerpt, reason_of, refuse
from twin_app.errors import DecodeError, RecordingError
from twin_app.layout.signals import signal_path
from twin_app.model.message import Message, RawMessage, SourceHealth
from twin_app.model.samples import Kind, SampleColumns
from twin_app.model.signal import CONNECTED, Signal, SignalKind, source_unit
from twin_app.sources.gauge import Gauge
from twin_app.sources.rate import Rate
from twin_app.text import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy as np
    from numpy.typing import NDArray

    from twin_app.model.equipment import Line, SourceSpec
    from twin_app.model.message import Status
    from twin_app.model.samples import Samples, TextTable
    from twin_app.model.signal import SignalTable

LOGGER = logging.getLogger(__name__)

BATCH = 4096
"""Samples that are handed over at once when nothing else asks for it sooner."""
PATIENCE = 20
"""Messages without a single mapped one before the source is said to map nothing."""
_TOPICS_NAMED = 5
_LOGGED = 10
"""Faults of ours that are logged with their traceback; all are counted."""


class RawSink(Protocol):
    """Keeps raw messages for reading."""

    def extend(self, messages: Iterable[RawMessage]) -> None:
        """Keep messages, cut where they are huge."""
        ...


class Keeper(Protocol):
    """What an intake needs of the store."""

    @property
    def raw(self) -> RawSink:
        """Return where raw messages are kept."""
        ...

    @property
    def lasting(self) -> bool:
        """Say whether what is committed is still there when the program has ended."""
        ...

    @property
    def waiting(self) -> int:
        """Return how many samples are not folded or not durable yet."""
        ...

    def repeats_of(self, signals: NDArray[np.intp]) -> int:
        """Return how many exact repeats of these signals were left out."""
        ...

    def next_seq(self) -> int:
        """Return the next message number of this run."""
        ...

    def append(self, samples: Samples) -> int:
        """Take samples over; return how many there are now in all."""
        ...

    def mark(self, key: str, value: str) -> None:
        """Save a word with the samples taken over so far."""
        ...

    def marked(self, key: str) -> str:
        """Return the word of a key, empty where there is none."""
        ...

    def commit(self) -> int:
        """Make everything taken over durable; return how many samples are. Raises RecordingError once when the disk fails."""
        ...


class Intake:
    """One source's messages on their way in. Owned by the source's thread; `health` may be asked from any."""

    def __init__(
        self, line: Line, source: SourceSpec, *, store: Keeper, signals: SignalTable, texts: TextTable, now: Callable[[], int] = now_ns
    ) -> None:
        """Make the source's decoder.

        Args:
            line: the line whose units the rules name.
            source: the source and its rules.
            store: where samples and raw messages go.
            signals: the line's signals, shared.
            texts: the line's texts, shared.
            now: gives UTC ns, quantised to 1 ms.

        Raises:
            SourceError: a rule cannot be used.
        """
        self.line = line
        self.source = source
        self.trouble = ""
        """Why the last commit failed, worded; empty while storing goes well."""
        self._store = store
        self._now = now
        self._names = signals, texts
        self._decoder = Decoder(line, source, signals, texts)
        self._columns = SampleColumns()
        self._rate = Rate()
        self._gauge = Gauge()
        self._raw: list[RawMessage] = []
        self._examples: dict[str, str] = {}
        self._appended = 0
        self._duplicates = 0
        self._mark = f"delivered.{source.id}"
        self._newest_ns: int | None = None
        pseudo_unit = source_unit(source.id)
        path = signal_path(line, pseudo_unit, CONNECTED)
        self._connected = signals.add(Signal(path=path, unit=pseudo_unit, name=CONNECTED, kind=SignalKind.STATE))

    def relay(self, line: Line) -> None:
        """Read by the units and rules of another layout from the next message on. What was counted stays counted."""
        source = line.source(self.source.id)
        fresh = Decoder(line, source, *self._names)
        fresh.tally, fresh.publish = self._decoder.tally, self._decoder.publish
        self.line, self.source, self._decoder = line, source, fresh

    @property
    def keeper(self) -> Keeper:
        """Return where samples and raw messages go."""
        return self._store

    @property
    def lasting(self) -> bool:
        """Say whether what is committed is still there when the program has ended."""
        return self._store.lasting

    def receive(self, topic: str, payload: bytes, *, received_ns: int | None = None, qos: int = 0, retain: bool = False) -> None:
        """Take one message: decode it, keep it raw, count it. Never raises.

        Args:
            topic: as it was published.
            payload: as it was published.
            received_ns: UTC ns; None stands for now.
            qos: of the delivery.
            retain: whether the broker had kept it: then its age is unknown.
        """
        at_ns = self._now() if received_ns is None else received_ns
        message = Message(self._store.next_seq(), self.source.id, topic, payload, at_ns, qos, retain)
        refused = ""
        try:
            self._decoder.decode(message, self._columns)
        except DecodeError as error:
            refused = error.worded()
            self._examples[reason_of(error)] = _example(topic, payload)
        except Exception:  # a fault of ours must not end the reading of all other messages
            self._decoder.tally.refuse(Reason.UNFORESEEN)
            if self._decoder.tally.refused[Reason.UNFORESEEN] <= _LOGGED:
                LOGGER.exception("A message of %s on %r was not foreseen.", self.source.id, topic[:200])
            refused = refuse(Reason.UNFORESEEN, payload).worded()
            self._examples[Reason.UNFORESEEN] = _example(topic, payload)
        self._newest_ns = at_ns
        self._raw.append(RawMessage(message, refused))
        if len(self._columns) >= BATCH or len(self._raw) >= BATCH:
            self.flush()

    def refuse(self, reason: Reason, found: bytes, *, where: str) -> None:
        """Count and keep what is no message at all.

        Args:
            reason: why.
            found: what came instead.
            where: the line of a file, or whatever stands in for a topic.
        """
        error = refuse(reason, found)
        self._decoder.tally.received += 1
        self._decoder.tally.refuse(reason_of(error))
        self._examples[reason_of(error)] = _example(where, found)
        at_ns = self._now() if self._newest_ns is None else self._newest_ns
        message = Message(self._store.next_seq(), self.source.id, where, found, at_ns)
        self._raw.append(RawMessage(message, error.worded()))

    def connected(self, at_ns: int) -> None:
        """Record that the source is there from `at_ns` (UTC ns) on."""
        self._decoder.resume(self._columns)
        self._say_connected(at_ns, there=True)

    def disconnected(self, last_life_ns: int) -> None:
        """Record that nobody knows anything of the source since its last proof of life (UTC ns)."""
        self._say_connected(last_life_ns, there=False)

    def allow_publishing(self, publish: Callable[[str, bytes], bool]) -> None:
        """Let the decoder publish what the source's settings allow: `publish` takes topic and payload, and tells whether it could."""
        if self.source.rebirth:
            self._decoder.publish = publish

    def flush(self, now_ns: int | None = None) -> None:
        """Hand what waits over to the store; a live source says which receive time it is, so that waiting state numbers settle."""
        if now_ns is not None:
            self._decoder.settle(now_ns, self._columns)
        if self._raw:
            raw, self._raw = self._raw, []
            self._rate.add(len(raw))
            self._store.raw.extend(raw)
        if len(self._columns):
            samples = self._columns.take_all()
            self._appended = self._store.append(samples)
            self._gauge.take(samples)

    def repeated(self) -> None:
        """Count a message that came before and is known: it is nowhere else."""
        self._decoder.tally.received += 1
        self._duplicates += 1
        self._rate.add(1)

    def saved(self) -> str:
        """Return what was saved with the newest samples of an earlier run (see `commit`), empty where nothing was."""
        return self._store.marked(self._mark)

    def commit(self, now_ns: int | None = None, saved: str = "") -> bool:
        """Hand over and make durable; return whether all of it is (else `trouble` says why, and it is to be tried again).

        `saved` is kept with the samples, for `saved()` of a later run.
        """
        self.flush(now_ns)
        if saved:
            self._store.mark(self._mark, saved)
        try:
            durable = self._store.commit() >= self._appended
        except RecordingError as error:
            LOGGER.exception("What %s sends cannot be stored.", self.source.id)
            self.trouble = error.worded()
            return False
        if durable:
            self.trouble = ""
        return durable

    def finish(self) -> bool:
        """Hand over everything, numbers that still wait for names included, and commit: nothing more will come."""
        return self.commit(2**62)

    def unit_of(self, topic: str) -> str | None:
        """Return the unit that a topic speaks of, None where no rule maps it."""
        return self._decoder.unit_of(topic)

    def health(self, *, address: str, live: bool, status: Status, since_ns: int, error: str = "") -> SourceHealth:
        """Return the source's health as far as it is counted here; what the source knows of its connection it adds."""
        tally, gauge = self._decoder.tally, self._gauge
        return SourceHealth(
            source=self.source.id, title=self.source.title, address=address, live=live, status=status, since_ns=since_ns,
            received=tally.received, per_second=self._rate.per_second(), newest_ns=self._newest_ns,
            samples=gauge.samples, samples_per_second=gauge.rate.per_second(), backlog=len(self._columns) + self._store.waiting,
            refused={tr(reason): n for reason, n in tally.refused.copy().items()},
            examples={tr(reason): found for reason, found in self._examples.copy().items()}, unmapped=tally.unmapped.copy(),
            unknown_states=tally.unknown_states.copy(), notes={tr(note): n for note, n in tally.notes.copy().items()}, ignored=tally.ignored, retained=tally.retained, odd_times=tally.odd_times,
            duplicates=self._duplicates + self._store.repeats_of(gauge.heard), out_of_order=gauge.out_of_order,
            clock_offset_s=gauge.clock_offset_s, error=error or self.trouble or self._nothing_mapped(),
        )  # fmt: skip

    def _nothing_mapped(self) -> str:
        """Return the sentence for a source of which nothing is mapped, empty while something is."""
        tally = self._decoder.tally
        if tally.mapped or tally.received < PATIENCE or not tally.unmapped:
            return ""
        seen = tuple(tally.unmapped)
        topics = ", ".join(seen[:_TOPICS_NAMED]) + (", …" if len(seen) > _TOPICS_NAMED else "")
        return tr(
            "None of the {n} messages of {source} is mapped to a unit. Topics seen: {topics}. Map them with [[source.map]] in the layout.",
            n=tally.received, source=self.source.id, topics=topics,
        )  # fmt: skip

    def _say_connected(self, at_ns: int, *, there: bool) -> None:
        """Append one sample of the source's own signal; its own number lets it win over earlier ones at the same instant."""
        self._columns.append(
            self._connected, effective_ns=at_ns, received_ns=self._now() if not there else at_ns, value=float(there), kind=Kind.BOOL,
            message=self._store.next_seq(),
        )  # fmt: skip


def _example(topic: str, payload: bytes) -> str:
    """Return where a refused message came from and how it begins, printable however hostile it is."""
    return f"{excerpt(topic)}: {excerpt(payload)}"
