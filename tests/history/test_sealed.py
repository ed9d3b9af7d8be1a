"""Sealed or not, late or not, the answers are those of brute force, and every sample is in the journal or in a slab, never in both."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.history.brute import Brute, Sample, bits, columns, facts, points, table
from twin_app.history import sealing
from twin_app.history.identity import Identity
from twin_app.history.reader import Reader
from twin_app.history.sealed import Sealed
from twin_app.history.store import Store
from twin_app.model.samples import COLUMNS, NEVER, Kind, Quality, Samples, TextTable
from twin_app.model.signal import Signal, SignalKind, SignalTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SIGNALS = 4
LAST_NS = 40
VALUES = st.sampled_from([0.0, -0.0, 1.0, 2.5, float("nan"), float("inf"), 2.0**53, 10 / 4095])

rows = st.builds(
    Sample, signal=st.integers(0, SIGNALS - 2), effective_ns=st.integers(0, LAST_NS), value=VALUES, message=st.integers(0, 9),
    sourced=st.booleans(), kind=st.sampled_from([Kind.NUMBER, Kind.BOOL]), quality=st.sampled_from([Quality.GOOD, Quality.UNCERTAIN]),
)  # fmt: skip
steps = st.tuples(st.lists(rows, max_size=12), st.sampled_from(["", "commit", "seal", "seal"]), st.integers(0, 20))
plans = st.lists(steps, min_size=1, max_size=12)
Plan = list[tuple[list[Sample], str, int]]


def mixed() -> SignalTable:
    """Return two facts and two measurements."""
    kinds = [SignalKind.MEASUREMENT, SignalKind.STATE, SignalKind.MEASUREMENT, SignalKind.COUNTER]
    return SignalTable([Signal(path=f"site/area/line/unit/{i}", unit="unit", name=str(i), kind=kind) for i, kind in enumerate(kinds)])


def ask_everything(store: Store, brute: Brute) -> None:
    for at_ns in range(-1, LAST_NS + 2):
        assert facts(store.state_at(at_ns)) == brute.state_at(at_ns, SIGNALS), at_ns
    for signal in range(SIGNALS):
        for start_ns, end_ns in [(-5, 60), (0, 10), (7, 23), (11, 11), (29, 30), (41, 99)]:
            assert points(store.range(signal, start_ns, end_ns, 0)) == brute.range(signal, start_ns, end_ns), (signal, start_ns, end_ns)


def fill(store: Store, plan: Sequence[tuple[list[Sample], str, int]]) -> Brute:
    """Append the batches, folding, committing and sealing in between as the plan says, then fold the rest."""
    brute = Brute()
    for batch, then, fold in plan:
        store.append(columns(batch))
        brute.add(batch)
        store.fold(fold)
        if then:
            store.commit()
        if then == "seal":
            store.fold()
            store.seal(everything=True)
    while store.folded < store.watermark:
        store.fold(7)
    return brute


def everything_in(path: Path) -> list[tuple[object, ...]]:
    """Return every sample that lies in a file, slabs and journal, sorted."""
    with Reader(path) as reader:
        identity = Identity(SignalTable(), TextTable())
        identity.load(reader)
        sealed = Sealed(reader, identity)
        parts = [sealed.samples(entry) for entry in sealed.entries] + [samples for _, samples in reader.samples()]
        assert sealed.damaged == reader.damaged == 0
    return as_rows(parts)


def as_rows(parts: Sequence[Samples]) -> list[tuple[object, ...]]:
    whole = Samples.concatenate(list(parts))
    found = [getattr(whole, name).tolist() for name in COLUMNS if name != "value"] + [[bits(v) for v in whole.value.tolist()]]
    return sorted(zip(*found, strict=True))


@contextlib.contextmanager
def recording(**named: object) -> Iterator[tuple[Store, Path]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shift.twinrec"
        store = Store.reopen(path, signals=mixed(), **named)  # type: ignore[arg-type] # numbers
        try:
            yield store, path
        finally:
            store.close()


@settings(max_examples=15)
@given(plan=plans, tail_samples=st.sampled_from([1, 5, 40]))
def test_that_what_is_sealed_answers_like_brute_force(plan: Plan, tail_samples: int) -> None:
    with recording(tail_samples=tail_samples) as (store, _):
        ask_everything(store, fill(store, plan))


@settings(max_examples=12)
@given(plan=plans)
def test_that_a_sealed_file_opened_again_answers_the_same_and_holds_every_sample_once(plan: Plan) -> None:
    with recording(tail_samples=5) as (store, path):
        brute = fill(store, plan)
        store.commit()
        store.close()
        assert everything_in(path) == as_rows([columns(brute.arrived)])
        for tail_samples in (1, 1000):
            with contextlib.closing(Store.reopen(path, signals=mixed(), tail_samples=tail_samples)) as again:
                while again.folded < again.watermark:
                    again.fold(5)
                ask_everything(again, brute)
                assert again.damaged == 0


@settings(max_examples=10)
@given(st.lists(st.lists(rows, max_size=30), min_size=1, max_size=15), st.sampled_from([3, 10]), st.sampled_from([6, 1000]))
def test_that_slabs_cut_by_time_or_by_number_answer_alike(batches: list[list[Sample]], least: int, slab_ns: int) -> None:
    """Sealing as it goes by itself, with slabs of a few samples or nanoseconds instead of 49,152 or 300 s."""
    with pytest.MonkeyPatch.context() as patch, recording(tail_samples=5) as (store, path):
        for name, small in (("SLAB_NS", slab_ns), ("LEAST_SAMPLES", least), ("SAMPLES_A_SIGNAL", 0), ("PATIENCE_NS", 2)):
            patch.setattr(sealing, name, small)
        brute = Brute()
        for batch in batches:
            store.append(columns(batch))
            brute.add(batch)
            store.commit()
            store.fold()
            store.seal()
        ask_everything(store, brute)
        store.close()
        assert everything_in(path) == as_rows([columns(brute.arrived)])


def at(signal: int, effective_ns: int, value: float, **more: object) -> Sample:
    return Sample(signal, effective_ns, value, **more)  # type: ignore[arg-type] # columns of a sample


def sealed(store: Store, *batch: Sample) -> None:
    """Append, commit, fold and seal."""
    store.append(columns(batch))
    store.commit()
    store.fold()
    store.seal(everything=True)


def test_that_the_tests_above_really_seal() -> None:
    with recording(tail_samples=1) as (store, path):
        for k in range(6):
            sealed(store, at(0, 10 * k, float(k)), at(1, 10 * k + 1, float(-k)))
        with contextlib.closing(sqlite3.connect(path)) as looking:
            assert looking.execute("SELECT count(*) FROM journal").fetchone() == (0,)
            assert looking.execute("SELECT t0, t1, n, facts FROM slab").fetchall() == [
                (0, 2, 2, 1), (2, 12, 2, 1), (12, 22, 2, 1), (22, 32, 2, 1), (32, 42, 2, 1), (42, 52, 2, 1),
            ]  # fmt: skip
        assert store.state_at(25).value.tolist()[:2] == [2.0, -2.0]


def test_that_a_late_sample_mends_the_slab_of_its_time_and_every_keyframe_until_its_signals_next_sample() -> None:
    with recording(tail_samples=1) as (store, path):
        sealed(store, at(0, 10, 1.0), at(1, 10, 1.0))
        for k in (20, 30, 40):
            sealed(store, at(1, k, float(k)))
        sealed(store, at(0, 50, 5.0))
        sealed(store, at(1, 60, 6.0))
        sealed(store, at(0, 15, 1.5))  # into the second slab; the keyframes of the third to fifth still tell of 10
        versions = "SELECT version FROM slab ORDER BY t0"
        with contextlib.closing(sqlite3.connect(path)) as looking:
            assert [version for (version,) in looking.execute(versions)] == [1, 2, 2, 2, 2, 1]
        store.close()
        with contextlib.closing(Store.reopen(path, tail_samples=1)) as again:
            while again.folded < again.watermark:
                again.fold()
            for at_ns, value in ((14, 1.0), (15, 1.5), (35, 1.5), (49, 1.5), (50, 5.0), (70, 5.0)):
                assert again.state_at(at_ns).value[0] == value, at_ns


def test_that_a_sample_older_than_all_slabs_becomes_the_first() -> None:
    with recording(tail_samples=1) as (store, _):
        sealed(store, at(0, 100, 1.0))
        sealed(store, at(0, 200, 2.0))
        sealed(store, at(0, 5, 0.5), at(1, 7, 0.7))
        assert store.state_at(6).value[0] == 0.5
        assert np.isnan(store.state_at(4).value[0])
        assert store.state_at(150).value.tolist()[:2] == [1.0, 0.7]


def test_that_nothing_is_sealed_that_nobody_has_folded() -> None:
    """Who folds reads what waits in order of arrival, which a slab does not keep."""
    with recording() as (store, _):
        store.append(columns([at(0, k, float(k)) for k in range(10)]))
        store.commit()
        store.fold(4)
        assert not store.seal(everything=True)
        store.fold()
        assert store.seal(everything=True)


def test_that_who_reads_the_past_again_finds_every_sample_under_the_number_it_had() -> None:
    with recording() as (store, _):
        sealed(store, at(0, 20, 2.0), at(1, 10, 1.0), at(0, 30, 3.0))
        sealed(store, at(0, 40, 4.0))
        store.hold_numbers()
        sealed(store, at(1, 5, 0.5), at(0, 50, 5.0))
        read: list[float] = []
        for _ in range(2):
            reached = 0
            while reached < store.watermark:
                samples, after = store.read_since(reached, 2)
                assert len(samples) == after - reached
                read += samples.value.tolist()
                reached = after
            store.seal(everything=True)
        assert read == [1.0, 2.0, 3.0, 4.0, 0.5, 5.0] * 2


def test_that_delays_source_times_texts_and_message_numbers_come_back() -> None:
    rng = np.random.default_rng(1)
    n = 20_000
    effective = 1_700_000_000_000_000_000 + np.sort(rng.integers(0, 60_000, n)) * 1_000_000
    samples = Samples(
        rng.integers(0, 4, n).astype(np.int32), effective, np.where(rng.random(n) < 0.5, effective + 12_345, NEVER),
        effective + rng.integers(-3, 200, n) * 1_000_000, np.round(rng.normal(0, 9, n), 2), rng.integers(0, 2, n).astype(np.uint8),
        rng.integers(0, 5, n).astype(np.uint8), np.arange(n) // 3,
    )  # fmt: skip
    with recording() as (store, path):
        store.append(samples)
        store.commit()
        while store.folded < store.watermark:
            store.fold()
        assert store.seal(everything=True)
        store.close()
        assert everything_in(path) == as_rows([samples])


@pytest.mark.parametrize("table_name", ["block", "keyframe", "message"])
def test_that_a_flipped_bit_in_any_blob_is_found_and_shown_as_unknown_and_never_as_data(table_name: str) -> None:
    with recording() as (store, path):
        sealed(store, at(0, 10, 1.0, message=7), at(1, 11, 1.0), at(2, 12, 4.0), at(3, 13, 4.0))
        sealed(store, at(0, 20, 2.0, message=8), at(1, 21, 2.0))
        store.close()
        whole = path.read_bytes()
        with contextlib.closing(sqlite3.connect(path)) as looking:
            names = [name for _, name, kind, *_ in looking.execute(f"PRAGMA table_info({table_name})") if kind == "BLOB"]
            found = [tuple(row) for row in looking.execute(f"SELECT {', '.join(names)} FROM {table_name}")]  # noqa: S608 - names
        blobs = [blob for row in found for blob in row if blob]
        assert blobs
        for blob in blobs:
            broken = bytearray(whole)
            broken[whole.index(blob) + len(blob) // 2] ^= 16
            path.write_bytes(broken)
            with contextlib.closing(Store.reopen(path, tail_samples=1)) as again:
                for at_ns, known in ((15, [1.0, 1.0, 4.0, 4.0]), (25, [2.0, 2.0, 4.0, 4.0])):
                    page = again._past.page(at_ns, 2**62) if again._past else None
                    assert page is not None
                    answer = page.state_at(at_ns, 4)
                    wrong = [v for v, k in zip(answer.value.tolist(), known, strict=True) if not (v == k or np.isnan(v))]
                    assert not wrong, (at_ns, answer.value)
                    assert set(answer.message.tolist()) <= {7, 8, 0, -1}
                while again.folded < again.watermark:
                    again.fold()
                assert again.damaged >= 1


def test_that_a_version_1_recording_opens_and_goes_on_as_one_of_today(tmp_path: Path) -> None:
    path = tmp_path / "old.twinrec"
    with contextlib.closing(Store.reopen(path, signals=table(1))) as store:
        store.append(columns([at(0, k, float(k)) for k in range(9)]))
        store.commit()
    with contextlib.closing(sqlite3.connect(path)) as old, old:
        for name in ("slab", "block", "keyframe", "message", "gap", "layout", "raw"):
            old.execute(f"DROP TABLE {name}")
        for name in ("meta", "signal"):
            old.execute(f"ALTER TABLE {name} DROP COLUMN crc")
        old.execute("UPDATE meta SET value = '1' WHERE key = 'schema'")
    with Reader(path) as reader:
        assert Sealed(reader, Identity(SignalTable(), TextTable())).entries == ()
        assert sum(len(samples) for _, samples in reader.samples()) == 9
    with contextlib.closing(Store.reopen(path)) as store:
        store.fold()
        assert store.seal(everything=True)
        assert store.state_at(4).value[0] == 4.0
