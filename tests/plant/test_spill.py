"""Long columns lie in files without a name: nothing else differs, and memory does not grow with what was heard."""

from __future__ import annotations

import errno
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twin_app.plant import spill
from twin_app.plant.column import Column, place_of
from twin_app.plant.counters import Counter

steps = st.lists(st.tuples(st.floats(0, 1), st.lists(st.integers(-9, 9), max_size=40)), max_size=30)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # what is patched holds for every example
@given(steps, st.sampled_from([0, 3]))
def test_that_a_column_on_disk_holds_what_a_list_would(
    monkeypatch: pytest.MonkeyPatch, plan: list[tuple[float, list[int]]], width: int
) -> None:
    monkeypatch.setattr(spill, "SPILL_BYTES", 1)
    column = Column(np.int64, width=width)
    rows: list[int] = []
    before = None
    for share, tail in plan:
        keep = int(share * len(rows))
        rows = rows[:keep] + tail
        column.replace(keep, np.repeat(np.array(tail, np.int64), width).reshape(-1, width) if width else np.array(tail, np.int64))
        assert (column.view[:, 0] if width else column.view).tolist() == rows
        assert before is None or before.base is not None or len(before) == 0
        before = column.view


def test_that_a_view_outlives_the_column_it_was_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spill, "SPILL_BYTES", 1)
    column = Column(np.int64)
    column.replace(0, np.arange(100))
    view = column.view[10:20]
    del column
    assert view.tolist() == list(range(10, 20))


def test_that_counts_are_the_same_to_the_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(7)
    times = np.arange(5000, dtype=np.int64) * 10**9
    values = np.where(rng.random(5000) < 0.01, 0.0, rng.random(5000) * 9).cumsum() % 1000
    readings = []
    for least in (1, 1 << 60):
        monkeypatch.setattr(spill, "SPILL_BYTES", least)
        counter = Counter()
        for order in np.array_split(rng.permutation(5000) if least == 1 else np.arange(5000), 7):
            counter.extend(times[np.sort(order)], values[np.sort(order)], np.sort(order))
        readings.append([counter.reading(a * 10**9, b * 10**9) for a, b in ((0, 4999), (100, 3000), (17, 18), (-5, 9999))])
    assert repr(readings[0]) == repr(readings[1])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells which memory is of a file")
def test_that_what_was_written_is_the_systems_after_a_while_and_is_still_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def of_files_kb() -> int:
        (row,) = [row for row in Path("/proc/self/status").read_text().splitlines() if row.startswith("RssFile:")]
        return int(row.split()[1])

    monkeypatch.setattr(spill, "HELD_BYTES", 1 << 20)
    column, before_kb = Column(np.int64), of_files_kb()
    for part in range(80):
        column.replace(part * 100_000, np.arange(part * 100_000, (part + 1) * 100_000))
    assert column.view.nbytes == 64_000_000
    assert of_files_kb() - before_kb < 20_000
    assert (np.diff(column.view) == 1).all()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells which memory is of no file")
def test_that_memory_does_not_grow_with_what_was_heard() -> None:
    def anonymous_kb() -> int:
        (row,) = [row for row in Path("/proc/self/status").read_text().splitlines() if row.startswith("RssAnon:")]
        return int(row.split()[1])

    columns = [Column(np.int64) for _ in range(8)]
    before_kb, files = anonymous_kb(), len(list(Path("/proc/self/fd").iterdir()))
    for part in range(100):
        for column in columns:
            column.replace(part * 10_000, np.arange(part * 10_000, (part + 1) * 10_000))
    assert sum(map(len, columns)) == 8_000_000
    assert anonymous_kb() - before_kb < 8_000, "eight million rows are 64 MB"
    assert len(list(Path("/proc/self/fd").iterdir())) - files < 10
    assert all((np.diff(column.view) == 1).all() for column in columns)


@pytest.mark.allow_logs
def test_that_a_full_disk_costs_memory_and_nothing_else(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(spill, "_GROUND", spill._Ground())
    monkeypatch.setattr(spill, "_allot", full)
    column = Column(np.int64)
    with caplog.at_level("WARNING"):
        for part in range(4):
            column.replace(part * 10_000, np.arange(part * 10_000, (part + 1) * 10_000))
    assert column.view.tolist() == list(range(40_000))
    assert [record.message.split(".")[0] for record in caplog.records] == ["No temporary file can be made: what is long lies in memory"]


@pytest.mark.skipif(sys.platform != "linux", reason="asks the system's list of what a process has mapped")
def test_that_a_number_in_a_long_column_brings_little_around_it() -> None:
    mebibyte = 1 << 20
    array = spill.room((64 * mebibyte,), np.dtype(np.uint8))
    array[:] = 1
    spill.touched(spill.HELD_BYTES)
    before_kib = mapped_kib()
    array[::mebibyte] = 2  # 64 pages
    assert mapped_kib() - before_kib < 64 * 128


def mapped_kib() -> int:
    """Return how much of files the process has in its memory."""
    rows = dict(row.split(":", 1) for row in Path("/proc/self/status").read_text(encoding="ascii").splitlines())
    return int(rows["RssFile"].split()[0])


@given(st.lists(st.integers(0, 99), max_size=40), st.integers(-1, 100))
def test_that_an_instant_is_found_among_the_last_times_as_among_all(times: list[int], at_ns: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("twin_app.plant.column.NEAR", 8)
        known = np.array(sorted(times), np.int64)
        assert place_of(known, at_ns) == known.searchsorted(at_ns, "left")
