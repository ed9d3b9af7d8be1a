"""Look-ups against brute force: whatever arrives in whatever order, wherever it lies by now, the answer is the same."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.history.brute import Brute, Sample, columns, facts, points, table
from twin_app.history.store import Store
from twin_app.model.samples import Kind, Quality, TextTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pytest

    from twin_app.model.samples import Samples

SIGNALS = 4
LAST_NS = 30
VALUES = st.sampled_from([0.0, -0.0, 1.0, 2.5, float("nan"), float("inf"), 2.0**53])

rows = st.builds(
    Sample, signal=st.integers(0, SIGNALS - 2), effective_ns=st.integers(0, LAST_NS), value=VALUES, message=st.integers(0, 9),
    sourced=st.booleans(), kind=st.sampled_from([Kind.NUMBER, Kind.BOOL]), quality=st.sampled_from([Quality.GOOD, Quality.UNCERTAIN]),
)  # fmt: skip
batches = st.lists(st.tuples(st.lists(rows, max_size=12), st.booleans(), st.integers(0, 20)), min_size=1, max_size=12)


def ask_everything(store: Store, brute: Brute) -> None:
    """Compare every instant, and every signal over spans that begin and end on and off samples."""
    for at_ns in range(-1, LAST_NS + 2):
        assert facts(store.state_at(at_ns)) == brute.state_at(at_ns, SIGNALS), at_ns
    for signal in range(SIGNALS):
        for start_ns, end_ns in [(-5, 40), (0, 10), (7, 23), (11, 11), (29, 30), (31, 99)]:
            assert points(store.range(signal, start_ns, end_ns, 0)) == brute.range(signal, start_ns, end_ns), (signal, start_ns, end_ns)


def fill(store: Store, plan: Sequence[tuple[list[Sample], bool, int]]) -> Brute:
    """Append the batches, committing and folding in between as the plan says, then fold the rest."""
    brute, arrived = Brute(), []
    for batch, commit, fold in plan:
        store.append(columns(batch))
        arrived += batch
        if commit:
            store.commit()
        store.fold(fold)
    while store.folded < store.watermark:
        store.fold(7)
    brute.add(arrived)
    return brute


@settings(max_examples=60)
@given(plan=batches)
def test_that_memory_alone_answers_like_brute_force(plan: list[tuple[list[Sample], bool, int]]) -> None:
    store = Store(table(SIGNALS), TextTable(), journal=None, tail_samples=1)
    brute = fill(store, plan)
    ask_everything(store, brute)
    assert store.repeats == len(brute.arrived) - len(brute.kept)


@settings(max_examples=60)
@given(plan=batches, tail_samples=st.integers(1, 40))
def test_that_what_left_the_tail_answers_like_brute_force(plan: list[tuple[list[Sample], bool, int]], tail_samples: int) -> None:
    store = Store.temporary(table(SIGNALS), TextTable(), tail_samples=tail_samples)
    try:
        ask_everything(store, fill(store, plan))
    finally:
        store.close()


def test_that_the_small_tail_of_the_test_above_really_lets_samples_go() -> None:
    store = Store.temporary(table(1), TextTable(), tail_samples=20)
    try:
        for i in range(100):
            store.append(columns([Sample(0, i, float(i))]))
            store.fold()
        assert store._tail.snapshot.floor_ns > 50
        assert len(store._tail.snapshot.views[0].times) <= 20
        assert store.state_at(3).value[0] == 3.0
    finally:
        store.close()


def test_that_a_silent_signal_keeps_its_last_value_however_much_the_others_say() -> None:
    store = Store.temporary(table(2), TextTable(), tail_samples=50)
    try:
        store.append(columns([Sample(0, 10, 7.0)]))
        for i in range(400):
            store.append(columns([Sample(1, 100 + i, float(i))]))
        while len(store.fold(30)):
            pass
        assert store.state_at(10_000).value.tolist() == [7.0, 399.0]
        assert store.state_at(300).value.tolist() == [7.0, 200.0]
        assert points(store.range(0, 450, 499, 0)) == [Sample(0, 10, 7.0).fact()[:4]]
    finally:
        store.close()


def test_that_of_two_samples_of_one_instant_the_later_arrival_is_in_force() -> None:
    store = Store(table(1), TextTable(), journal=None)
    store.append(columns([Sample(0, 10, 2.0, message=8), Sample(0, 10, 1.0, message=7)]))
    store.fold()
    assert store.state_at(10).value[0] == 2.0
    store.append(columns([Sample(0, 10, 3.0, message=9)]))
    store.fold()
    assert store.state_at(10).value[0] == 3.0


def test_that_a_redelivered_sample_is_dropped_and_counted_and_does_not_overrule_its_successor() -> None:
    store = Store(table(1), TextTable(), journal=None)
    first = Sample(0, 10, 1.0, message=1, sourced=True)
    store.append(columns([first, Sample(0, 10, 2.0, message=2, sourced=True)]))
    store.fold()
    store.append(columns([Sample(0, 10, 1.0, message=3, sourced=True)]))
    assert len(store.fold()) == 0
    assert store.state_at(10).value[0] == 2.0
    assert store.repeats == 1


def test_that_a_good_sample_after_its_retained_copy_of_unknown_age_counts() -> None:
    store = Store(table(1), TextTable(), journal=None)
    store.append(columns([Sample(0, 10, 1.0, message=1, sourced=True, quality=Quality.UNCERTAIN)]))
    store.append(columns([Sample(0, 10, 1.0, message=2, sourced=True)]))
    assert len(store.fold()) == 2
    assert store.state_at(10).quality[0] == Quality.GOOD


def test_that_equal_receive_times_without_source_time_are_no_repeats() -> None:
    store = Store(table(1), TextTable(), journal=None)
    store.append(columns([Sample(0, 10, 1.0, message=1), Sample(0, 10, 1.0, message=2)]))
    assert len(store.fold()) == 2


def test_that_a_late_sample_changes_pages_that_were_already_read() -> None:
    store = Store.temporary(table(1), TextTable(), tail_samples=20)
    try:
        for i in range(100):
            store.append(columns([Sample(0, 10 * i, float(i))]))
            store.fold()
        assert store.state_at(105).value[0] == 10.0
        store.append(columns([Sample(0, 104, -1.0)]))
        store.fold()
        assert store.state_at(105).value[0] == -1.0
        assert store.state_at(103).value[0] == 10.0
        assert store.state_at(110).value[0] == 11.0
    finally:
        store.close()


def test_that_a_repeat_of_what_was_overruled_long_ago_does_not_come_back_to_life() -> None:
    """Both samples of the instant stay with a silent signal's entry into the tail, or the repeat of the first would not be known."""
    store = Store.temporary(table(2), TextTable(), tail_samples=20)
    try:
        store.append(columns([Sample(0, 10, 1.0, message=1, sourced=True), Sample(0, 10, 2.0, message=2, sourced=True)]))
        for i in range(100):
            store.append(columns([Sample(1, 100 + i, float(i), message=3 + i)]))
            store.fold()
        assert store._tail.snapshot.floor_ns > 100
        store.append(columns([Sample(0, 10, 1.0, message=200, sourced=True)]))
        store.fold()
        assert store.state_at(10_000).value[0] == 2.0
    finally:
        store.close()


def test_that_a_late_history_of_a_silent_signal_does_not_fill_the_tail() -> None:
    store = Store.temporary(table(2), TextTable(), tail_samples=20)
    try:
        for i in range(100):
            store.append(columns([Sample(1, 1000 + i, float(i))]))
            store.fold()
        store.append(columns([Sample(0, i, float(i)) for i in range(500)]))
        store.fold()
        assert store._tail.snapshot.views[0].times.tolist() == [499]
        assert store.state_at(10_000).value[0] == 499.0
        assert store.state_at(123).value[0] == 123.0
    finally:
        store.close()


def test_that_a_page_read_while_a_late_sample_arrives_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store.temporary(table(1), TextTable(), tail_samples=20)
    try:
        for i in range(100):
            store.append(columns([Sample(0, 10 * i, float(i))]))
            store.fold()
        assert store._past is not None
        scan = store._past._scan

        def meanwhile(start_ns: int, end_ns: int) -> Iterator[Samples]:
            """Read the file first, then let the late sample arrive."""
            found = list(scan(start_ns, end_ns))
            monkeypatch.undo()
            store.append(columns([Sample(0, 104, -1.0)]))
            store.fold()
            yield from found

        monkeypatch.setattr(store._past, "_scan", meanwhile)
        store.state_at(105)
        assert store.state_at(105).value[0] == -1.0
    finally:
        store.close()


def test_that_readers_of_other_threads_never_see_half_a_batch() -> None:
    """Every batch gives all eight signals one value: an answer with two values would be torn."""
    store = Store(table(8), TextTable(), journal=None)
    torn: list[object] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            latest = store.state_at(10**9)
            if len(set(latest.value[~np.isnan(latest.value)].tolist())) > 1:
                torn.append(latest.value)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for i in range(200):
        store.append(columns([Sample(s, i if i % 5 else i - 3, float(i), message=i) for s in range(8)]))
        store.fold()
    done.set()
    for reader in readers:
        reader.join()
    assert not torn


def test_that_a_store_without_samples_knows_no_span_and_no_value() -> None:
    store = Store(table(2), TextTable(), journal=None)
    assert store.span() is None
    assert facts(store.state_at(5)) == Brute().state_at(5, 2)
    assert len(store.range(1, 0, 10, 100).value) == 0


def test_that_the_span_reaches_from_the_first_to_the_last_effective_time() -> None:
    store = Store(table(2), TextTable(), journal=None)
    store.append(columns([Sample(0, 50, 1.0), Sample(1, 20, 1.0), Sample(0, 90, 1.0)]))
    store.fold()
    span = store.span()
    assert span is not None
    assert (span.start_ns, span.end_ns) == (20, 90)


def test_that_what_is_folded_anew_is_answered_from_and_what_came_since(tmp_path: Path) -> None:
    with contextlib.closing(Store.reopen(tmp_path / "again.twinrec", signals=table(1))) as store:
        for first in (0, 10):
            store.append(columns([Sample(0, first + k, float(first + k)) for k in range(10)]))
            store.commit()
            store.fold()
            if not first:
                assert store.refold()
                store.fold()
        assert store.range(0, 0, 19, 0).value.tolist() == [float(k) for k in range(20)]
        assert store.state_at(19).value[0] == 19.0
