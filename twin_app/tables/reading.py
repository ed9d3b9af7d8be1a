"""Tables as rows of cells: CSV of any separator and encoding and JSON lines, plain or gzipped, and Parquet through a library that is an extra. Not for what they mean."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import zlib
from collections import Counter
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from twin_app.errors import SourceError, UsageError
from twin_app.tables import json_lines
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

CHINESE_ZONES = frozenset({"Asia/Shanghai", "Asia/Chongqing", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Macau", "PRC"})
"""What is no UTF-8 is of the code page that programs of the line's country write: most bytes of one are letters of the other, too."""
SEPARATORS = (";", "\t", ",", "|")
LOOKED_AT_BYTES = 256 * 1024
LOOKED_AT_ROWS = 200
LOOKED_AT_CELLS = 20_000
ROWS_AT_ONCE = 16_384
LONGEST_CELL = 1_000_000
LONGEST_LINE = 16_000_000
NO_TEXT = "\0\1\2\3\4\5\6\7\x08\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18"
MOST_NO_TEXT = 0.01
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_GZIP = b"\x1f\x8b"
_PARQUET = b"PAR1"

Cell = Any
"""A text of CSV; of Parquet a value: number, flag, text, bytes, datetime or None."""


@dataclass(frozen=True, slots=True)
class Table:
    """An open table; iterate `rows` once."""

    headings: tuple[str, ...]
    rows: Iterator[tuple[int, list[Cell]]]
    """Number of the row in the file, from 1, and its cells; of CSV the first are the headings."""
    encoding: str
    separator: str
    """Both empty for Parquet, this one for JSON lines."""
    first: tuple[Sequence[Cell], ...]
    """The cells of the first rows, which `rows` gives again."""
    share: Callable[[], float]
    """How far the file has been read, a share of one."""
    marked: bool = False
    """Whether a byte order mark says the encoding."""


def open_table(path: Path, *, separator: str = "", encoding: str = "", zone: str = "") -> Table:
    """Open a table; what is not given is found out from its first rows, and where they leave it open from the line's zone.

    Raises:
        SourceError: it cannot be read, is empty, or is no table.
        UsageError: it is Parquet and the library is not installed, or the encoding is unknown.
    """
    try:
        with path.open("rb") as file:
            first = file.read(4)
        if first == _PARQUET:
            return _parquet(path)
        zipped = first[:2] == _GZIP
        with gzip.open(path) if zipped else path.open("rb") as looked:
            beginning = looked.read(LOOKED_AT_BYTES)
    except (OSError, EOFError, zlib.error) as error:
        raise _unreadable(path, error) from error
    if not beginning.strip():
        raise SourceError(N_("{path} is empty."), tip=N_("Give a table with a row of headings."), path=path)
    chosen = encoding or _encoding(beginning, zone)
    text = _decoded(beginning, chosen, path)
    csv.field_size_limit(LONGEST_CELL)  # before the first look, which reads rows, too
    if sum(text.count(sign) for sign in NO_TEXT) > len(text) * MOST_NO_TEXT:
        raise SourceError(N_("{path} is no table: it holds what no text has."), tip=N_("Give a CSV or Parquet file."), path=path)
    place = _Place(path)
    if keys := json_lines.headings(text, LOOKED_AT_ROWS):
        looked_at, rows = _looked_at(_rows(path, place, zipped=zipped, encoding=chosen, split=partial(json_lines.rows, keys=keys)))
        return Table(keys, rows, chosen, "", looked_at, place.share, beginning.startswith(MARKS))
    split = separator or _separator(text)
    rows = _rows(path, place, zipped=zipped, encoding=chosen, split=partial(_csv_rows, path=path, separator=split))
    headings = next(rows, (0, []))[1]
    if len([heading for heading in headings if heading.strip()]) < 2:  # noqa: PLR2004 - a time and a value at least
        raise SourceError(
            N_("{path} is no table: its first row has fewer than two headings."),
            tip=N_("Check separator and encoding; a time and a value are the least."), path=path,
        )  # fmt: skip
    looked_at, rows = _looked_at(rows)
    return Table(_told_apart(headings), rows, chosen, split, looked_at, place.share, beginning.startswith(MARKS))


def _told_apart(headings: Sequence[str]) -> tuple[str, ...]:
    """Return headings without blanks around them; of several that are the same the later ones are counted, so that each can be named."""
    times: Counter[str] = Counter()
    found = []
    for heading in map(str.strip, headings):
        times[heading] += 1
        found.append(f"{heading} ({times[heading]})" if heading and times[heading] > 1 else heading)
    return tuple(found)


class _Place:
    """How far a file has been read."""

    def __init__(self, path: Path) -> None:
        self._size = max(1, path.stat().st_size)
        self.file: io.BufferedReader | None = None

    def share(self) -> float:
        """Return the share that has been read."""
        return min(1.0, self.file.tell() / self._size) if self.file is not None and not self.file.closed else 0.0


def _looked_at(rows: Iterator[tuple[int, list[Cell]]]) -> tuple[tuple[list[Cell], ...], Iterator[tuple[int, list[Cell]]]]:
    """Return the first rows' cells, fewer where rows are long, and all rows again."""
    first: list[tuple[int, list[Cell]]] = []
    cells = 0
    for row in rows:
        first.append(row)
        cells += len(row[1])
        if len(first) >= LOOKED_AT_ROWS or cells >= LOOKED_AT_CELLS:
            break
    return tuple(row for _, row in first), chain(first, rows)


def _encoding(beginning: bytes, zone: str) -> str:
    """Return the encoding of a text's first bytes."""
    if beginning[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return "utf-16"
    if beginning[:64:2].count(0) != beginning[1:64:2].count(0):
        return "utf-16-be" if beginning[:64:2].count(0) > beginning[1:64:2].count(0) else "utf-16-le"
    try:
        beginning.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(beginning) - 4:  # else the cut went through a character
            return "gb18030" if zone in CHINESE_ZONES else "cp1252"
    return "utf-8-sig"


def _decoded(beginning: bytes, encoding: str, path: Path) -> str:
    """Return the first bytes as text."""
    try:
        return beginning.decode(encoding, "replace")
    except LookupError as error:
        raise UsageError(
            N_("“{encoding}” is no encoding."), tip=N_("Give one such as utf-8, utf-16, cp1252 or gb18030."), encoding=encoding, path=path
        ) from error


def _separator(text: str) -> str:
    """Return what separates the cells: what occurs in the headings, and as often in most rows behind."""
    rows = [row for row in text.splitlines()[:LOOKED_AT_ROWS] if row.strip()]

    def alike(separator: str) -> tuple[int, int]:
        counts = [len(next(csv.reader([row], delimiter=separator))) for row in rows]
        return sum(count == counts[0] for count in counts) if counts and counts[0] > 1 else 0, counts[0] if counts else 0

    return max(SEPARATORS, key=alike)


def _rows(
    path: Path, place: _Place, *, zipped: bool, encoding: str, split: Callable[[Iterator[str]], Iterator[tuple[int, list[Cell]]]]
) -> Iterator[tuple[int, list[Cell]]]:
    """Give the rows into which a text's lines are split, with their numbers."""
    try:
        with path.open("rb") as place.file, gzip.open(place.file) if zipped else contextlib.nullcontext(place.file) as raw:
            text = io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="")
            yield from split(_lines(text, path))
    except (OSError, EOFError, UnicodeError, zlib.error) as error:
        raise _unreadable(path, error) from error


def _csv_rows(lines: Iterator[str], *, path: Path, separator: str) -> Iterator[tuple[int, list[Cell]]]:
    """Give the rows of a CSV with their numbers; blank ones are left out."""
    reader = csv.reader((line.replace("\0", "\ufffd") for line in lines), delimiter=separator)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise SourceError(
            N_("{path} is no table from line {line} on: {reason}."), tip=N_("Check separator and encoding."),
            path=path, line=reader.line_num, reason=str(error),
        ) from error  # fmt: skip


def _lines(text: io.TextIOWrapper, path: Path) -> Iterator[str]:
    """Give a text's lines, none of which may fill the memory."""
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            what = N_("{path} is no table: a line of it is longer than {n} characters.")
            raise SourceError(what, tip=N_("Give a CSV or Parquet file."), path=path, n=LONGEST_LINE)
        yield line


def _parquet(path: Path) -> Table:
    """Open a Parquet file."""
    try:
        import pyarrow.parquet  # noqa: PLC0415 - an extra, and slow to load
    except ImportError as error:
        raise UsageError(
            N_("Parquet needs a library that is not installed."),
            tip=N_("Install it: pip install 'twin-app[export]'. CSV and JSON lines need none."),
        ) from error
    try:
        file = pyarrow.parquet.ParquetFile(path)
    except (OSError, pyarrow.ArrowException) as error:
        raise SourceError(N_("{path} cannot be read: {reason}."), tip=N_("Check the path."), path=path, reason=str(error)) from error
    read = [0]
    first, rows = _looked_at(_parquet_rows(file, path, read))
    return Table(_told_apart(file.schema_arrow.names), rows, "", "", first, lambda: min(1.0, read[0] / max(1, file.metadata.num_rows)))


def _parquet_rows(file: Any, path: Path, read: list[int]) -> Iterator[tuple[int, list[Cell]]]:  # noqa: ANN401 - the library has no annotations
    """Give the rows of a Parquet file; instants come as ns since 1970 where they name a zone, else as datetime. `read` is told how many were."""
    import pyarrow as pa  # noqa: PLC0415 - loaded already

    number = 1
    try:
        for batch in file.iter_batches(batch_size=ROWS_AT_ONCE):
            columns = [_parquet_column(column, pa) for column in batch.columns]
            read[0] += len(batch)
            for cells in zip(*columns, strict=True):
                number += 1
                yield number, list(cells)
    except (OSError, pa.ArrowException, ValueError, OverflowError) as error:  # the last two: times that Python has no year for
        raise SourceError(N_("{path} cannot be read: {reason}."), tip=N_("Check the path."), path=path, reason=str(error)) from error


def _parquet_column(column: Any, pa: Any) -> list[Cell]:  # noqa: ANN401 - the library has no annotations
    """Return a column's cells: instants as ns where they name a zone, else as datetime, or as text where they count ns, which that cannot."""
    if not pa.types.is_timestamp(column.type):
        cells: list[Cell] = column.to_pylist()
        return cells
    if column.type.tz:
        return list(column.cast(pa.timestamp("ns", column.type.tz)).cast(pa.int64()).to_pylist())
    moments = column.cast(pa.timestamp("us"), safe=False).to_pylist()
    if column.type.unit != "ns":
        return list(moments)
    counts = column.cast(pa.int64()).to_pylist()
    return [
        None if moment is None else f"{moment.isoformat(timespec='microseconds')}{at % 1000:03d}"
        for moment, at in zip(moments, counts, strict=True)
    ]


def _unreadable(path: Path, error: Exception) -> SourceError:
    """Return why a file cannot be read."""
    reason = getattr(error, "strerror", None) or str(error)
    return SourceError(N_("{path} cannot be read: {reason}."), tip=N_("Check the path."), path=path, reason=reason)
