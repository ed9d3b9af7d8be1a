"""Rows as Parquet, through a library that comes with an extra; without it a sentence says which. Not for other formats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

from twin_app.errors import UsageError
from twin_app.export.rows import batches, rows
from twin_app.export.words import HEADINGS
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from twin_app.export.choice import Choice
    from twin_app.export.rows import Row, Tally
    from twin_app.session import Session

_VALUES = ("number", "boolean", "text", "bytes", "integer")
"""A column a type of value: a column of Parquet has one type. All are null where the value is; of an integer its digits are kept."""


def library() -> Any:  # noqa: ANN401 - the library has no annotations
    """Return pyarrow.

    Raises:
        UsageError: it is not installed.
    """
    try:
        import pyarrow.parquet  # noqa: PLC0415 - an extra, and slow to load
    except ImportError as error:
        what = N_("Parquet needs a library that is not installed.")
        raise UsageError(what, tip=N_("Install it: pip install 'twin-app[export]'. CSV and JSON lines need none.")) from error
    return pyarrow


def write_parquet(out: BinaryIO, session: Session, choice: Choice, tally: Tally, progress: Callable[[int], None]) -> None:
    """Write the chosen samples, a row group at a time."""
    arrow = library()
    schema = _schema(arrow)
    with arrow.parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        for samples in batches(session, choice, tally, progress):
            columns = _columns(rows(session, samples), simulated=session.simulated)
            arrays = [arrow.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
            writer.write_table(arrow.Table.from_arrays(arrays, schema=schema))


def _schema(arrow: Any) -> Any:  # noqa: ANN401 - the library has no annotations
    """Return the columns and their types."""
    word, instant = arrow.dictionary(arrow.int32(), arrow.string()), arrow.timestamp("ns", "UTC")
    values = dict(zip(_VALUES, (arrow.float64(), arrow.bool_(), arrow.string(), arrow.binary(), arrow.string()), strict=True))
    types = dict.fromkeys(HEADINGS[:3], instant) | dict.fromkeys(HEADINGS[3:6], word) | values
    types |= {"unit_of_measure": word, "quality": word, "simulated": arrow.bool_()}
    return arrow.schema(list(types.items()))


def _columns(found: Sequence[Row], *, simulated: bool) -> list[Sequence[object]]:
    """Return the columns of rows, in the order of the schema."""
    times, source, received, unit, signal, kinds, values, measure, quality = zip(*found, strict=True)
    typed = [[value if kind == wanted else None for kind, value in zip(kinds, values, strict=True)] for wanted in _VALUES]
    return [times, source, received, unit, signal, kinds, *typed, [text or None for text in measure], quality, [simulated] * len(found)]
