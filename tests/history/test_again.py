"""A recording that somebody goes on with shows its present at once: of its slabs the facts are folded, everything else is read when asked for."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.history.brute import Brute, Sample, columns, facts
from tests.history.test_sealed import SIGNALS, Plan, ask_everything, fill, mixed, plans, rows
from twin_app.history.store import Store

FACTS = frozenset({1, 3})
SPEEDS = frozenset({0})


def reopened(path: Path, tail_samples: int = 5) -> Store:
    """Go on with a recording as a session does."""
    store = Store.reopen(path, signals=mixed(), tail_samples=tail_samples)
    store.expect(lambda: FACTS, lambda: SPEEDS)
    return store


def fold_all(store: Store) -> list[tuple[int, int]]:
    """Fold what there is; return signal and time of what was given."""
    found: list[tuple[int, int]] = []
    while store.folded < store.watermark:
        batch = store.fold()
        found += zip(batch.signal.tolist(), batch.effective_ns.tolist(), strict=True)
    return found


@settings(max_examples=12, deadline=None)
@given(plan=plans, more=st.lists(rows, max_size=12), tail_samples=st.sampled_from([1, 5, 100]))
def test_that_a_reopened_line_answers_like_brute_force_and_takes_in_what_is_new_or_late(
    plan: Plan, more: list[Sample], tail_samples: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shift.twinrec"
        with contextlib.closing(Store.reopen(path, signals=mixed(), tail_samples=tail_samples)) as store:
            brute = fill(store, plan)
            store.commit()
            store.fold()
            store.seal(everything=len(more) % 2 == 0)
        with contextlib.closing(reopened(path, tail_samples)) as store:
            fold_all(store)
            ask_everything(store, brute)
            store.append(columns(more))
            brute.add(more)
            fold_all(store)
            ask_everything(store, brute)
            store.commit()
            store.seal(everything=True)
            ask_everything(store, brute)


def shift(path: Path) -> Brute:
    """Record four slabs of ten seconds: a measurement that also moves a machine, one that does not, a state and a counter."""
    brute = Brute()
    with contextlib.closing(Store.reopen(path, signals=mixed())) as store:
        for slab in range(4):
            batch = [Sample(signal, 10 * slab + k, float(100 * signal + 10 * slab + k), message=k) for k in range(10) for signal in (0, 2)]
            batch += [Sample(1, 10 * slab + 2, float(slab)), Sample(3, 10 * slab + 7, float(slab))]
            brute.add(batch)
            store.append(columns(batch))
            store.commit()
            store.fold()
            store.seal(everything=True)
    return brute


def test_that_the_present_is_known_before_anything_is_derived(tmp_path: Path) -> None:
    brute = shift(tmp_path / "shift.twinrec")
    with contextlib.closing(reopened(tmp_path / "shift.twinrec")) as store:
        store.fold()
        assert facts(store.state_at(10**6)) == brute.state_at(10**6, SIGNALS)
        span = store.span()
        assert span is not None
        assert (span.start_ns, span.end_ns) == (0, 39)
        ask_everything(store, brute)


def test_that_of_slabs_only_facts_are_folded_and_the_first_and_the_last_instant(tmp_path: Path) -> None:
    shift(tmp_path / "shift.twinrec")
    with contextlib.closing(reopened(tmp_path / "shift.twinrec")) as store:
        told = fold_all(store)
    expected = (
        {(1, 10 * slab + 2) for slab in range(4)} | {(3, 10 * slab + 7) for slab in range(4)} | {(s, at) for s in (0, 2) for at in (0, 39)}
    )
    assert sorted(told) == sorted(expected)


def test_that_what_machines_move_by_comes_later_with_what_is_new(tmp_path: Path) -> None:
    shift(tmp_path / "shift.twinrec")
    with contextlib.closing(reopened(tmp_path / "shift.twinrec")) as store:
        fold_all(store)
        told = []
        for k in range(6):
            store.append(columns([Sample(2, 50 + k, 1.0)]))
            told += fold_all(store)
    assert [at_ns for signal, at_ns in told if signal == 2] == [50, 51, 52, 53, 54, 55]
    assert sorted(at_ns for signal, at_ns in told if signal == 0) == list(range(40))


def test_that_who_derives_anew_reads_everything_from_its_first_sample(tmp_path: Path) -> None:
    brute = shift(tmp_path / "shift.twinrec")
    with contextlib.closing(reopened(tmp_path / "shift.twinrec", 1000)) as store:
        store.fold()
        assert store.refold()
        assert len(fold_all(store)) == 4 * 22
        ask_everything(store, brute)
        assert np.all(store.state_at(39).message >= 0)
