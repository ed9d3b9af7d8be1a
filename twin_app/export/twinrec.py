"""A span of an open line as a recording of its own, which opens elsewhere with nothing else. Not for programs that read rows: see `forms`."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from twin_app.export.rows import Tally, batches
from twin_app.history.about import PARENT
from twin_app.history.journal import Journal
from twin_app.history.limits import Limits
from twin_app.history.schema import SUFFIX
from twin_app.history.store import Store
from twin_app.model.message import RawMessage
from twin_app.model.samples import NEVER, Kind, Samples, TextTable
from twin_app.model.signal import CONNECTED, SignalTable, source_unit
from twin_app.sources.twin import SIMULATED

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from numpy.typing import NDArray

    from twin_app.export.choice import Choice
    from twin_app.session import Session

EVERYTHING = Limits(raw_days=36_500.0, raw_bytes=2**62, models_bytes=2**30)
"""What was chosen is kept, however old and large."""
MESSAGES_AT_ONCE = 5_000
_CODED = np.array([kind in {Kind.TEXT, Kind.BLOB, Kind.BIG_INT} for kind in Kind])


def write_twinrec(out: BinaryIO, session: Session, choice: Choice, tally: Tally, progress: Callable[[int], None]) -> None:
    """Write the chosen samples, and before them each signal's last one, so that the first instant is known.

    The sources' own signals go along: without them nobody could tell when nothing was known. Of the last samples before the span the
    time of their source and receipt is not kept. Messages as they came go along where they are kept, if they are wanted.
    """
    links = [i for i, signal in enumerate(session.signals) if signal.unit.startswith(source_unit("")) and CONNECTED in signal.name]
    numbers = {i: k for k, i in enumerate(sorted({*choice.signals, *links}))}
    texts = TextTable()
    with tempfile.TemporaryDirectory(prefix="twin-app-") as folder:
        path = Path(folder) / f"export{SUFFIX}"
        table = SignalTable([session.signals[i] for i in numbers])
        store = Store.reopen(path, signals=table, texts=texts, raw_bytes=1, folds=False, limits=EVERYTHING)
        with closing(store):
            store.mark(PARENT, session.line.id)
            if session.simulated:
                store.mark(SIMULATED, SIMULATED)
            store.describe(session.line, choice.start_ns)
            store.begin(_anew(_before(session, choice.start_ns, numbers), numbers, session.texts, texts))
            astray: set[int] = set()
            for samples in batches(session, choice, tally, progress, beside=links):
                store.append(_anew(samples, numbers, session.texts, texts))
                store.commit()
                received_ns = samples.received_ns
                astray.update(received_ns[(received_ns < choice.start_ns) | (received_ns > choice.end_ns)].tolist())
            if choice.raw:
                _keep_messages(store, session, choice, tally, astray)
            while store.seal(everything=True):
                """A slab at a time."""
        Journal(path, going_on=False).close(compact=True)
        with path.open("rb") as file:
            shutil.copyfileobj(file, out)


def _keep_messages(store: Store, session: Session, choice: Choice, tally: Tally, astray: Collection[int]) -> None:
    """Keep the messages that were received in the span, and those received at other instants that told of it, `astray`."""
    wanted = (
        RawMessage(message)
        for message in session.messages(choice.units)
        if choice.start_ns <= message.received_ns <= choice.end_ns or message.received_ns in astray
    )
    while some := list(islice(wanted, MESSAGES_AT_ONCE)):
        store.raw.extend(some)
        store.commit()
        tally.messages += len(some)


def _before(session: Session, start_ns: int, numbers: Mapping[int, int]) -> Samples:
    """Return each signal's last sample before an instant."""
    latest = session.kept_at(start_ns - 1)
    known = np.array([i for i in numbers if i < len(latest.effective_ns) and latest.effective_ns[i] != NEVER], np.intp)
    times = latest.effective_ns[known]
    return Samples(
        known.astype(np.int32), times, np.full(len(known), NEVER), times, latest.value[known], latest.kind[known], latest.quality[known],
        np.full(len(known), -1, np.int64),
    )  # fmt: skip


def _anew(samples: Samples, numbers: Mapping[int, int], theirs: TextTable, texts: TextTable) -> Samples:
    """Return samples in the numbers of the new recording's signals and texts."""
    value = samples.value.copy()
    coded = _CODED[samples.kind]
    different, where = np.unique(value[coded].astype(np.int64), return_inverse=True)
    if len(different):
        value[coded] = np.array([texts.code(theirs.entry(code)) for code in different.tolist()], np.float64)[where]
    return replace(samples, signal=_looked_up(samples.signal, numbers), value=value)


def _looked_up(signal: NDArray[np.int32], numbers: Mapping[int, int]) -> NDArray[np.int32]:
    """Return the new numbers of signals."""
    different, where = np.unique(signal, return_inverse=True)
    return np.array([numbers[i] for i in different.tolist()], np.int32)[where]
