"""A recording decoded anew under another layout, from the messages it keeps as they came, into a recording of its own. Not for changing the one that is read."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

from twin_app.clock import SECOND_NS
from twin_app.errors import RecordingError, UsageError
from twin_app.history import about
from twin_app.history.recording import Recording
from twin_app.history.schema import SUFFIX
from twin_app.history.store import Store
from twin_app.layout import load
from twin_app.layout.signals import signal_table
from twin_app.model.message import Status
from twin_app.model.samples import NEVER, TextTable
from twin_app.model.signal import CONNECTED, source_unit
from twin_app.sources.intake import Intake
from twin_app.sources.twin import SIMULATED
from twin_app.text import N_
from twin_app.times import iso_utc

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from twin_app.model.equipment import Line
    from twin_app.model.message import Message

AT_ONCE = 20_000
"""Messages between two commits."""
SLACK_NS = 10 * SECOND_NS
"""What was said so long before the oldest message that is kept proves that older ones are gone."""

_Event = tuple[int, int, str, "Message | Status"]


@dataclass(slots=True)
class Remapped:
    """What came of it."""

    messages: int = 0
    samples: int = 0
    refused: int = 0
    strange: int = 0
    """Messages of sources that the layout does not name."""


def remap(path: Path, layout: Path, output: Path, *, start_ns: int | None = None) -> Remapped:
    """Decode the messages of a recording (from an instant on, where one is given) and write what they say under `layout` to `output`.

    Raises:
        UsageError: there is a file of that name, or it is no name of a recording.
        RecordingError: messages are gone, or the recording cannot be read or written.
        LayoutError: the layout is wrong.
    """
    line = load(layout)
    if output.suffix != SUFFIX or output.exists():
        raise UsageError(
            N_("{path} is there already, or does not end in .twinrec."), tip=N_("Give another name; nothing is written over."), path=output
        )
    part = output.with_name(f".{output.name.removesuffix(SUFFIX)}.part{SUFFIX}")
    part.unlink(missing_ok=True)
    try:
        with Recording(path) as recording:
            begins_ns = _checked(recording, start_ns)
            done = _decoded(recording, line, part, begins_ns)
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)
    return done


def _checked(recording: Recording, start_ns: int | None) -> int:
    """Return from when on messages are decoded; all that was said from then on must be kept.

    Raises:
        RecordingError: it is not.
    """
    kept = about.raw_kept(recording)
    if kept.start_ns is None:
        raise RecordingError(
            N_("No messages of {path} are kept as they came, so they cannot be decoded anew."),
            tip=N_("How long they are kept is the setting recording.raw_days."),
            path=recording.path,
        )
    gone = kept.dropped > 0 or _said_before(recording, kept.start_ns - SLACK_NS)
    if gone and (start_ns is None or start_ns < kept.start_ns):
        raise RecordingError(
            N_("The messages of {path} before {start} are gone, so they cannot be decoded anew."),
            tip=N_("Give --from {start} to decode what came after; how long they are kept is the setting recording.raw_days."),
            path=recording.path,
            start=iso_utc(-(-kept.start_ns // 1_000_000) * 1_000_000),
        )
    return kept.start_ns if start_ns is None else start_ns


def _said_before(recording: Recording, at_ns: int) -> bool:
    """Tell whether a message was received before an instant, by the samples it became; what held before an exported span was not of it."""
    own = {number for number, signal in enumerate(recording.signals) if not signal.unit.startswith(source_unit(""))}
    return any(
        bool(((samples.received_ns < at_ns) & (samples.received_ns != NEVER)).any())
        for samples in recording.samples(end_ns=at_ns, signals=own)
    )


def _decoded(recording: Recording, line: Line, output: Path, begins_ns: int) -> Remapped:
    """Write what messages say under a layout."""
    clock, done = [begins_ns], Remapped()
    signals, texts = signal_table(line), TextTable()
    store = Store.reopen(output, signals=signals, texts=texts, folds=False)
    try:
        intakes = {
            source.id: Intake(line, source, store=store, signals=signals, texts=texts, now=lambda: clock[0]) for source in line.sources
        }
        store.mark(about.PARENT, str(recording.path.resolve()))
        if recording.marked(SIMULATED):
            store.mark(SIMULATED, recording.marked(SIMULATED))
        store.describe(line, begins_ns)
        for at_ns, _, source, event in heapq.merge(_links(recording), _messages(recording, begins_ns), key=itemgetter(0, 1)):
            clock[0] = max(clock[0], at_ns)
            _take(intakes.get(source), event, at_ns, done)
            if done.messages % AT_ONCE == 0:
                _commit(store, intakes)
        for intake in intakes.values():
            intake.finish()
        while store.seal(everything=True):
            """A slab at a time."""
        done.samples = store.watermark
        done.refused = sum(sum(_health(intake)) for intake in intakes.values())
    finally:
        store.close()
    return done


def _health(intake: Intake) -> list[int]:
    """Return how many messages of a source were refused, by reason."""
    return list(intake.health(address="", live=False, status=Status.COMPLETE, since_ns=0).refused.values())


def _take(intake: Intake | None, event: Message | Status, at_ns: int, done: Remapped) -> None:
    """Hand an event to its source."""
    if intake is None:
        done.strange += not isinstance(event, Status)
    elif event is Status.CONNECTED:
        intake.connected(at_ns)
    elif isinstance(event, Status):
        intake.disconnected(at_ns)
    else:
        done.messages += 1
        intake.receive(event.topic, event.payload, received_ns=event.received_ns, qos=event.qos, retain=event.retain)


def _commit(store: Store, intakes: dict[str, Intake]) -> None:
    """Make durable what was decoded so far."""
    for intake in intakes.values():
        intake.flush()
    store.commit()


def _messages(recording: Recording, begins_ns: int) -> Iterator[_Event]:
    """Yield messages in the order in which they came; those of one instant by number."""
    for message in about.messages(recording):
        if message.received_ns >= begins_ns:
            yield message.received_ns, message.seq, message.source, message


def _links(recording: Recording) -> list[_Event]:
    """Return when sources came and went."""
    events: list[_Event] = []
    for number, signal in enumerate(tuple(recording.signals)):
        if signal.name == CONNECTED and signal.unit.startswith(source_unit("")):
            source = signal.unit.removeprefix(source_unit(""))
            for samples in recording.samples(signals={number}):
                there = zip(samples.effective_ns.tolist(), samples.value.tolist(), strict=True)
                events += [(at_ns, -1, source, Status.CONNECTED if value else Status.DISCONNECTED) for at_ns, value in there]
    return sorted(events, key=lambda event: event[:2])
