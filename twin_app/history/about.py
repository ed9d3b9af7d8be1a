"""What a recording tells of itself: its gaps, its layouts, the messages it keeps as they came. Not for samples: see `recording`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from twin_app.history.housekeeping import together
from twin_app.history.models import kept
from twin_app.model.recording import Gap, RawKept, Why
from twin_app.model.signal import CONNECTED, source_unit
from twin_app.text import N_, tr
from twin_app.times import iso_utc

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twin_app.history.recording import Recording
    from twin_app.model.equipment import Line
    from twin_app.model.message import Message
    from twin_app.model.recording import LayoutVersion

PARENT = "parent"
"""The mark of a recording that was made of another, which it names."""


def gaps(recording: Recording) -> list[Gap]:
    """Return what is missing in a recording, by time: what its files note, and when a source was not there by what they say of that."""
    noted = [gap for reader in recording.readers for gap in reader.gaps()]
    return sorted({*noted, *_away(recording)}, key=lambda gap: (gap.start_ns, gap.why, gap.source))


def layouts(recording: Recording, *, with_models: bool = False) -> list[LayoutVersion]:
    """Return the layouts that were in force, each from an instant on; a file that goes on with one says so again, which is left out.

    `with_models` reads the 3D models of their own that are kept with them, too.
    """
    found: list[LayoutVersion] = []
    for reader in recording.readers:
        for layout in reader.layouts():
            if not found or found[-1].content_hash != layout.content_hash:
                found.append(layout)
            elif layout.name not in {found[-1].name, *dict(found[-1].beside)} and PurePath(layout.name).name == layout.name:
                found[-1] = replace(found[-1], beside=(*found[-1].beside, (layout.name, layout.content)))
    if not with_models:
        return found
    rows = [row for reader in recording.readers for row in reader.named()]
    pieces = {digest: parts for reader in recording.readers for digest, parts in reader.pieces().items()}
    models = kept(rows, pieces)
    return [replace(layout, models=models.get(layout.content_hash, ())) for layout in found]


def raw_kept(recording: Recording) -> RawKept:
    """Return which messages are kept as they came."""
    kept = RawKept()
    for reader in recording.readers:
        kept = together(kept, reader.raw_kept())
    return kept


def messages(recording: Recording) -> Iterator[Message]:
    """Yield the messages that are kept as they came, in order of arrival."""
    for reader in recording.readers:
        for some in reader.raw():
            yield from some


def parent(recording: Recording) -> str:
    """Return the recording that this one was made of, empty where it was recorded."""
    return recording.marked(PARENT)


def under_another_layout(recording: Recording, line: Line) -> tuple[str, ...]:
    """Return the sentence for figures that follow another layout than the one that was in force; nothing where it is the same all along."""
    others = [layout for layout in layouts(recording) if layout.content_hash != line.content_hash]
    if not others or not line.content_hash:
        return ()
    what = N_("From {at} on another layout was in force ({name}); what is shown follows {given}.")
    said = tr(what, at=iso_utc(others[0].at_ns), name=others[0].name, given=line.path.name)
    return (
        tr(
            "{what} {cure}",
            what=said,
            cure=tr(
                N_("“Show by the layouts of their time” (Playback) follows them; twin-app contents {path} --layouts FOLDER writes them."),
                path=recording.path,
            ),
        ),
    )


def _away(recording: Recording) -> Iterator[Gap]:
    """Yield when a source was not there."""
    for number, signal in enumerate(tuple(recording.signals)):
        if signal.name != CONNECTED or not signal.unit.startswith(source_unit("")):
            continue
        source, since_ns = signal.unit.removeprefix(source_unit("")), None
        for samples in recording.samples(signals={number}):
            for at_ns, there in zip(samples.effective_ns.tolist(), samples.value.tolist(), strict=True):
                if there == 0.0 and since_ns is None:
                    since_ns = at_ns
                elif there == 1.0 and since_ns is not None:
                    yield Gap(start_ns=since_ns, end_ns=at_ns, why=Why.AWAY, source=source)
                    since_ns = None
        if since_ns is not None:
            yield Gap(start_ns=since_ns, end_ns=None, why=Why.AWAY, source=source)
