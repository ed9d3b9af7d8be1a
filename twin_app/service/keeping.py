"""Where the samples of a line that is opened lie: in a recording that is looked at, that goes on, or that is forgotten. Not for opening it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from twin_app.clock import SECOND_NS, now_ns
from twin_app.errors import SourceError
from twin_app.history import about
from twin_app.history.limits import Limits
from twin_app.history.recording import Recording
from twin_app.history.replay import Replay
from twin_app.history.rotation import Rotation
from twin_app.history.store import Store
from twin_app.service.places import NOTES
from twin_app.session.notebook import Notebook
from twin_app.sources.kinds import TWIN, kind_of
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from twin_app.model.equipment import Line
    from twin_app.model.samples import TextTable
    from twin_app.model.signal import SignalTable
    from twin_app.settings import Recorded, Settings

_HOUR_NS = 3600 * SECOND_NS
_MIB = 2**20


def of_recording(given: Sequence[str], sources: Sequence[str]) -> dict[str, str]:
    """Return one recording of the twin as the address of every source, for it holds them all; nothing where none is given.

    Raises:
        SourceError: something else is given besides.
    """
    if not any(kind_of(address) is TWIN for address in given):
        return {}
    if len(set(given)) > 1:
        raise _alone()
    return dict.fromkeys(sources, given[0])


def store_of(
    line: Line, addresses: Mapping[str, str], going_on: Path | None, names: tuple[SignalTable, TextTable], *, settings: Settings, pictured: bool,
    of_time: bool = False,
) -> Store | Replay:  # fmt: skip
    """Return where the samples of a line's sources lie or will lie.

    Args:
        line: whose shifts a recording follows.
        addresses: of the sources.
        going_on: the recording that is gone on with, None where none is made.
        names: the line's signals and texts.
        settings: how much memory, and what a recording keeps.
        pictured: whether somebody may look at moving machines.
        of_time: whether the line is laid out as the recording says, which nobody needs to be told of then.

    Raises:
        SourceError: sources that cannot stand in one line.
        RecordingError: the recording cannot be used.
    """
    signals, texts = names
    kinds = {kind_of(address) for address in addresses.values() if address}
    if len({kind.simulated for kind in kinds}) > 1:
        raise SourceError(N_("A simulated source and a real one cannot stand in one line."), tip=N_("Simulate all sources or none."))
    if TWIN in kinds:
        if len(set(addresses.values())) > 1:
            raise _alone()
        recording = Recording(Path(*set(addresses.values())), signals=signals, texts=texts)
        recording.remarks = () if of_time else about.under_another_layout(recording, line)
        return Replay(recording, pictured=pictured)
    tail, raw = settings.memory.tail_samples, settings.memory.raw_bytes
    if going_on is not None:
        rotation = Rotation(line, age_ns=round(settings.recording.file_age_h * _HOUR_NS))
        store = Store.reopen(
            going_on,
            signals=signals,
            texts=texts,
            tail_samples=tail,
            raw_bytes=raw,
            rotation=rotation,
            limits=_limits(going_on.parent, settings.recording),
        )
        store.describe(line, now_ns())
        return store
    return Store.temporary(signals, texts, tail_samples=tail, raw_bytes=raw)


def _limits(folder: Path, kept: Recorded) -> Limits:
    """Return how much of the recording in a folder is kept, and how long."""
    return Limits(
        raw_days=kept.raw_days, raw_bytes=kept.raw_mib * _MIB, models_bytes=kept.models_mib * _MIB, days=kept.keep_days, size=round(kept.keep_gib * 1024 * _MIB),
        spared=_marked(folder / NOTES) if kept.keep_marked else lambda _start_ns, _end_ns: False,
    )  # fmt: skip


def _marked(notes: Path) -> Callable[[int, int], bool]:
    """Return what tells whether somebody marked a moment of a span."""

    def spared(start_ns: int, end_ns: int) -> bool:
        marked = Notebook(notes).bookmarks  # read each time: windows write there, too
        return any(mark.at_ns < end_ns and start_ns <= max(mark.at_ns, mark.end_ns or mark.at_ns) for mark in marked)

    return spared


def _alone() -> SourceError:
    """Return the refusal of anything beside a recording of the twin."""
    what = N_("A recording of the twin holds what all sources of the line said; nothing can stand beside it.")
    return SourceError(what, tip=N_("Give it alone."))
