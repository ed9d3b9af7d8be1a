"""A curve of weeks on few pixels: from the pyramid or from every sample, sealed, late, cut by files, it is the same curve to the bit."""

from __future__ import annotations

import contextlib
import math
import sqlite3
import tempfile
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.history.brute import Brute, Sample, columns, points, table
from twin_app.history import envelope, rolling, rollup
from twin_app.history.recording import Recording
from twin_app.history.sealed import Sealed
from twin_app.history.store import Store
from twin_app.model.samples import Kind, Quality, TextTable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twin_app.model.historian import Series

LAST_NS = 400
SHOWN = (Quality.GOOD, Quality.UNCERTAIN, Quality.RETAINED)
VALUES = st.sampled_from([0.0, -0.0, 1.0, 2.5, -7.25, float("nan"), float("inf"), 2.0**53, 10 / 4095])

rows = st.builds(
    Sample, signal=st.integers(0, 1), effective_ns=st.integers(0, LAST_NS), value=VALUES, message=st.integers(0, 9), sourced=st.booleans(),
    kind=st.sampled_from([Kind.NUMBER, Kind.NUMBER, Kind.BOOL, Kind.NULL]), quality=st.sampled_from(list(Quality)),
)  # fmt: skip
steps = st.tuples(st.lists(rows, max_size=40), st.sampled_from(["", "commit", "seal", "seal", "roll", "roll"]))
plans = st.lists(steps, min_size=2, max_size=10)
questions = st.lists(
    st.tuples(st.integers(0, 1), st.integers(-20, LAST_NS + 20), st.integers(0, LAST_NS + 40), st.integers(1, 60)), min_size=8, max_size=20
)  # fmt: skip


@contextlib.contextmanager
def tiny() -> Iterator[None]:
    """Buckets of a few nanoseconds, days of a few hundred, a level for every signal."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(envelope, "BUCKETS_NS", (2, 6, 12, 36, 72))
        patch.setattr(rollup, "_FAST", 1)
        patch.setattr(rolling, "HOUR_NS", 50)
        patch.setattr(rolling, "DAY_NS", 200)
        patch.setattr(rolling, "_AT_ONCE", 30)
        patch.setattr(rolling, "_ROWS", 1)
        yield


def on_pixels(brute: Brute, signal: int, span: tuple[int, int], pixels: int) -> list[tuple[int, int, int, int]]:
    """Return what a curve must show, column by column: first, lowest and highest that can be believed, first that cannot, last."""
    start_ns, end_ns = span
    width = math.ceil((end_ns - start_ns + 1) / pixels)
    buckets = [bucket for bucket in envelope.BUCKETS_NS if 2 * bucket <= width] or [b for b in envelope.BUCKETS_NS[:1] if b <= width]
    if buckets:
        width = math.ceil(width / buckets[-1]) * buckets[-1]
    every = brute.of(signal)
    inside = [row for row in every if start_ns <= row.effective_ns <= end_ns]
    before = [row for row in every if row.effective_ns < start_ns][-1:]
    found = [] if inside and inside[0].effective_ns == start_ns else before
    for _, column in groupby(enumerate(inside), lambda one: one[1].effective_ns // width):
        shown = list(column)
        good = [(i, r) for i, r in shown if r.kind <= Kind.BOOL and r.quality in SHOWN and not math.isnan(r.value)]
        keep = {
            shown[0][0],
            shown[-1][0],
            *(i for i, r in shown if (i, r) not in good and not any(k < i for k, s in shown if (k, s) not in good)),
        }
        keep |= (
            {min(good, key=lambda one: (one[1].value, one[0]))[0], min(good, key=lambda one: (-one[1].value, one[0]))[0]} if good else set()
        )
        found += [r for i, r in shown if i in keep]
    return [row.fact()[:4] for row in found]


def ask(who: Store | Recording, brute: Brute, asked: list[tuple[int, int, int, int]]) -> None:
    for signal, start_ns, lasts_ns, pixels in asked:
        span = start_ns, start_ns + lasts_ns
        assert points(who.range(signal, *span, pixels)) == on_pixels(brute, signal, span, pixels), (signal, span, pixels)


def roll(store: Store, *, finished: bool) -> int:
    """Make all of the pyramid that is due; return how many chunks that were."""
    assert store._upkeep is not None
    made = 0
    while store._upkeep._sealer.roll(finished=finished):
        made += 1
    return made


@settings(max_examples=25, deadline=None)
@given(plan=plans, asked=questions, finished=st.booleans(), tail_samples=st.sampled_from([1, 1000]))
def test_that_a_curve_from_the_pyramid_is_the_curve_of_all_samples(
    plan: list[tuple[list[Sample], str]], asked: list[tuple[int, int, int, int]], finished: bool, tail_samples: int
) -> None:
    with tiny(), tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("twin_app.history.whole.MANY", 5)
        path = Path(folder) / "shift.twinrec"
        brute = Brute()
        with contextlib.closing(Store.reopen(path, signals=table(2), tail_samples=tail_samples)) as store:
            for batch, then in plan:
                store.append(columns(batch))
                brute.add(batch)
                store.fold()
                if then:
                    store.commit()
                if then in {"seal", "roll"}:
                    store.seal(everything=True)
                if then == "roll":
                    roll(store, finished=finished)
            ask(store, brute, asked)
        with Recording(path) as recording:
            ask(recording, brute, asked)
            assert recording.damaged == 0


def filled(path: Path, n: int = 20_000) -> tuple[Store, Brute]:
    """Return a store of two signals over 20,000 ns in slabs of a thousand, rolled and out of the tail."""
    store, brute = Store.reopen(path, signals=table(2), tail_samples=1), Brute()
    rng = np.random.default_rng(4)
    for first in range(0, n, 1000):
        batch = [Sample(k % 2, first + k, float(np.round(rng.normal(), 3))) for k in range(1000)]
        brute.add(batch)
        store.append(columns(batch))
        store.commit()
        store.fold()
        store.seal(everything=True)
    return store, brute


def test_that_a_long_curve_reads_no_more_than_the_slabs_at_its_two_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with tiny():
        store, brute = filled(tmp_path / "long.twinrec")
        with contextlib.closing(store):
            assert roll(store, finished=True) > 10
            read: list[int] = []
            series = Sealed.series

            def counted(sealed: Sealed, entry: object, *rest: object) -> object:
                read.append(entry.slab)  # type: ignore[attr-defined] # an entry
                return series(sealed, entry, *rest)  # type: ignore[arg-type] # as it was called

            monkeypatch.setattr(Sealed, "series", counted)
            for span in ((0, 19_999), (333, 17_777)):
                assert points(store.range(0, *span, 50)) == on_pixels(brute, 0, span, 50)
            assert len(set(read)) <= 4, read


def test_that_a_late_sample_makes_its_chunk_unbelieved_until_it_is_made_anew(tmp_path: Path) -> None:
    with tiny():
        store, brute = filled(tmp_path / "late.twinrec", 4000)
        with contextlib.closing(store):
            roll(store, finished=True)
            late = [Sample(0, 1501, 99.0)]
            for sealed in (False, True):
                if sealed:
                    store.seal(everything=True)
                else:
                    brute.add(late)
                    store.append(columns(late))
                    store.commit()
                    store.fold()
                ask(store, brute, [(0, 0, 3999, 20), (0, 1400, 300, 4), (1, 0, 3999, 20)])
            assert roll(store, finished=True) == 1
            ask(store, brute, [(0, 0, 3999, 20), (0, 1400, 300, 4)])
            assert 99.0 in store.range(0, 0, 3999, 3).value


def test_that_an_hour_that_has_passed_is_part_of_a_day_once_that_is_over(tmp_path: Path) -> None:
    """Hours of 50 ns, days of 200: each batch fills an hour to its last nanosecond, and the newest one still grows."""
    with tiny():
        path = tmp_path / "days.twinrec"
        with contextlib.closing(Store.reopen(path, signals=table(1), tail_samples=1)) as store:
            for hour, chunks in enumerate([[], [(0, 50)], [(0, 50), (50, 100)], [(0, 50), (50, 100), (100, 150)], [(0, 200)]]):
                store.append(columns([Sample(0, 50 * hour + k, float(k)) for k in (0, 20, 49)]))
                store.commit()
                store.fold()
                store.seal(everything=True)
                roll(store, finished=False)
                with contextlib.closing(sqlite3.connect(path)) as looking:
                    assert looking.execute("SELECT t0, t1 FROM chunk ORDER BY t0").fetchall() == chunks
                    assert looking.execute("SELECT count(*) FROM rollup").fetchone() == (len(chunks),)


def test_that_a_recording_without_a_pyramid_is_read_and_gets_one_when_somebody_goes_on_with_it(tmp_path: Path) -> None:
    with tiny():
        path = tmp_path / "old.twinrec"
        store, brute = filled(path, 3000)
        store.close()
        with contextlib.closing(sqlite3.connect(path)) as old, old:
            old.execute("DROP TABLE chunk")
            old.execute("DROP TABLE rollup")
        asked = [(0, 0, 2999, 20), (1, 17, 2000, 9)]
        with Recording(path) as recording:
            ask(recording, brute, asked)
        with contextlib.closing(Store.reopen(path, signals=table(2), tail_samples=1)) as store:
            while store.folded < store.watermark:
                store.fold()
            assert roll(store, finished=True)
            ask(store, brute, asked)
        with Recording(path) as recording:
            ask(recording, brute, asked)


@pytest.mark.parametrize("table_name", ["chunk", "rollup"])
def test_that_a_flipped_bit_in_the_pyramid_is_found_and_the_samples_are_read_instead(table_name: str, tmp_path: Path) -> None:
    with tiny():
        path = tmp_path / "flipped.twinrec"
        store, brute = filled(path, 2000)
        roll(store, finished=True)
        store.close()
        whole = path.read_bytes()
        with contextlib.closing(sqlite3.connect(path)) as looking:
            found = [blob for row in looking.execute(f"SELECT * FROM {table_name}") for blob in row if isinstance(blob, bytes)]  # noqa: S608 - names
        asked = [(0, 0, 1999, n) for n in (10, 50, 200)] + [(1, 3, 1500, n) for n in (10, 50, 200)]
        damaged = 0
        for blob in found[::5]:
            broken = bytearray(whole)
            broken[whole.index(blob) + len(blob) // 2] ^= 16
            path.write_bytes(broken)
            with Recording(path) as recording:
                ask(recording, brute, asked)
                damaged += recording.damaged > 0
        assert damaged >= 1


def test_that_the_message_numbers_of_a_long_curve_are_there_for_who_asks(tmp_path: Path) -> None:
    with tiny():
        path = tmp_path / "numbers.twinrec"
        with contextlib.closing(Store.reopen(path, signals=table(1), tail_samples=1)) as store:
            store.append(columns([Sample(0, k, float(k), message=k) for k in range(1000)]))
            store.commit()
            store.fold()
            store.seal(everything=True)
            roll(store, finished=True)
            found: Series = store.range(0, 0, 999, 10)
            assert found.envelope
            assert found.message.tolist() == found.times_ns.tolist()


def test_that_a_curve_that_moves_keeps_its_columns() -> None:
    """Of the same length a second later, all but the columns at the ends show the same samples."""
    rng = np.random.default_rng(5)
    store = Store(table(1), TextTable(), journal=None)
    store.append(columns([Sample(0, 10**9 * k, float(v)) for k, v in enumerate(rng.normal(size=6000))]))
    store.fold()
    first, second = (set(store.range(0, 10**9 * k, 10**9 * (k + 5000), 100).times_ns.tolist()) for k in (200, 201))
    assert len(first ^ second) <= 8
