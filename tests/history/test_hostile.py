"""A recording that somebody made to do harm, or that something wrote into: sentences, never an error of the program, and nothing beside it is touched."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.history.brute import Sample, columns
from tests.history.test_models import START, line_in
from twin_app.errors import TwinError
from twin_app.history import about, checks
from twin_app.history.beside import MOST_BYTES
from twin_app.history.limits import Limits
from twin_app.history.recording import Recording
from twin_app.history.rolling import roll
from twin_app.history.rollup import Chunk
from twin_app.history.slab import Entry
from twin_app.history.store import Store
from twin_app.layout.signals import signal_table
from twin_app.model.message import Message, RawMessage
from twin_app.model.recording import Gap, Why
from twin_app.service.carried import of_itself
from twin_app.service.contents import contents, write_layouts
from twin_app.service.repairing import repair

if TYPE_CHECKING:
    from collections.abc import Callable

SECOND_NS = 10**9
NAME = "20260302T050000Z.twinrec"
VALUES: tuple[object, ...] = (b"\xff\x00x", -1, 2**62, 1.5, "../../etc/passwd\0", "9" * 400)
TABLES = (
    "meta",
    "signal",
    "text",
    "journal",
    "slab",
    "block",
    "keyframe",
    "message",
    "chunk",
    "rollup",
    "gap",
    "layout",
    "named",
    "piece",
    "raw",
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed recording with a row at least in every table."""
    folder = tmp_path_factory.mktemp("hostile")
    line = line_in(folder / "plant")
    path = folder / NAME
    with contextlib.closing(
        Store.reopen(path, signals=signal_table(line), limits=Limits(models_bytes=2**20, raw_days=7, raw_bytes=2**20))
    ) as store:
        store.describe(line, START)
        message = Message(seq=0, source="plc", topic="L1/Press", payload=b"{}", received_ns=START)
        store.raw.extend([RawMessage(message=message)])
        store.missing(Gap(start_ns=START, end_ns=START + 1, why=Why.DOWN))
        code = float(store.texts.code("Execute"))
        for part in range(3):
            times = [START + (part * 400 + k) * SECOND_NS for k in range(400)]
            store.append(columns([Sample(k % 3, at_ns, float(k), message=k, received_ns=at_ns) for k, at_ns in enumerate(times)]))
            store.append(columns([Sample(4, times[0], code, kind=2, received_ns=times[0])]))
            store.mark("delivered", "x")
            store.commit()
            store.fold()
            if part < 2:
                store.seal(everything=True)
    roll(path)
    return path


def ask(path: Path) -> None:
    """Ask everything that is asked of a recording."""
    with Recording(path) as recording:
        span = recording.span()
        for at_ns in (START - 1, START, START + 500 * SECOND_NS, START + 5000 * SECOND_NS):
            recording.state_at(at_ns)
        for pixels in (0, 10):
            for signal in range(min(len(recording.signals), 6)):
                recording.range(signal, START, START + 1300 * SECOND_NS, pixels).value.sum()
        for samples in recording.samples():
            [recording.texts.text(int(code)) for code in samples.value[samples.kind == 2]]
        list(recording.samples(signals={0, 4}))
        recording.notices(), about.gaps(recording), about.layouts(recording, with_models=True), about.raw_kept(recording)
        list(about.messages(recording))
        recording.settle()
        assert span is None or span.start_ns <= span.end_ns


def reopened(path: Path) -> None:
    """Go on in a copy of it."""
    shutil.copy(path, path.with_suffix(".again.twinrec"))
    Store.reopen(path.with_suffix(".again.twinrec")).close()


def everything(path: Path, folder: Path, *, writes: bool) -> None:
    """Do everything that is done with a recording; what is refused is refused in a sentence."""
    reads: tuple[Callable[[], object], ...] = (
        lambda: ask(path),
        lambda: (contents(path), write_layouts(path, folder / "out")),
        lambda: of_itself(path),
    )
    for do in (*reads, *((lambda: reopened(path), lambda: repair(path), lambda: ask(path)) if writes else ())):
        with contextlib.suppress(TwinError):
            do()


def checked(table: str, row: list[object]) -> list[object]:
    """Return a row with the checksum that its writer would have given it."""
    try:
        if table in {"meta", "signal", "text", "gap", "layout", "named", "piece", "raw"}:
            return [*row[:-1], checks.of_row(*row[:-1])]
        if table == "slab":
            return [*row[:-1], Entry(*row[:-1]).crc()]  # type: ignore[arg-type] # whatever they are
        if table == "chunk":
            return [*row[:-1], Chunk(*row[:-1]).crc()]  # type: ignore[arg-type] # whatever they are
        if table == "journal":
            head = " ".join(str(value) for value in row[:6])
            return [*row[:6], zlib.crc32(row[7], zlib.crc32(head.encode())), row[7]]  # type: ignore[arg-type] # whatever they are
    except (TypeError, ValueError, OverflowError):
        pass
    return row


def forged(sound: Path, folder: Path, table: str, change: Callable[[list[object], int], list[object]]) -> list[Path]:
    """Return recordings in which a column of all rows of a table is another, one a column."""
    with contextlib.closing(sqlite3.connect(sound)) as connection:
        names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        rows = connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - names of our tables
    assert rows, table
    found = []
    for number in range(len(names)):
        path = folder / f"{number}.twinrec"
        shutil.copy(sound, path)
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our tables
            for row in rows:
                marks = ", ".join("?" * len(row))
                with contextlib.suppress(sqlite3.Error):  # a key has its type
                    connection.execute(f"INSERT INTO {table} VALUES ({marks})", checked(table, change(list(row), number)))  # noqa: S608 - names of our tables
            connection.commit()
        found.append(path)
    return found


@pytest.mark.parametrize("table", TABLES)
def test_that_a_value_of_any_kind_in_any_column_is_no_error_of_the_program(sound: Path, tmp_path: Path, table: str) -> None:
    """A checksum that fits proves nothing to who made it."""
    turn = TABLES.index(table)
    for number, path in enumerate(
        forged(sound, tmp_path, table, lambda row, n: [*row[:n], VALUES[(n + turn) % len(VALUES)], *row[n + 1 :]])
    ):
        everything(path, tmp_path, writes=(number + turn) % 4 == 0)


def test_that_ten_thousand_strange_files_in_a_folder_stand_in_nobodys_way(sound: Path, tmp_path: Path) -> None:
    for number in range(10_000):
        os.close(os.open(tmp_path / f"{number}.txt", os.O_CREAT))
    shutil.copy(sound, tmp_path / NAME)
    (tmp_path / "folder.twinrec").mkdir()
    with Recording(tmp_path) as recording:
        assert [reader.path.name for reader in recording.readers] == [NAME]
        assert recording.notices() == ()
        assert not recording.refresh()


def test_that_a_layout_that_would_fill_the_memory_is_left_out(sound: Path, tmp_path: Path) -> None:
    packed = zlib.compress(bytes(MOST_BYTES + 1))
    (path, *_) = forged(sound, tmp_path, "layout", lambda row, n: [*row[:4], packed, *row[5:]])
    with Recording(path) as recording:
        assert about.layouts(recording) == []
