"""When sealing begins, and that whoever seals in the background leaves the others their turn."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.history.brute import Sample, columns, table
from twin_app.history import sealing, upkeep
from twin_app.history.store import Store
from twin_app.model.samples import TextTable

SECOND_NS = 10**9


def said(second: float, count: int) -> list[Sample]:
    """Return samples of one instant, each with a value of its own."""
    at_ns = round(second * SECOND_NS)
    return [Sample(0, at_ns, float(k), message=k, received_ns=at_ns) for k in range(count)]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Return a store of one signal that seals from ten samples on."""
    monkeypatch.setattr(sealing, "LEAST_SAMPLES", 10)
    return Store.reopen(tmp_path / "a.twinrec", signals=table(1), texts=TextTable())


def take(store: Store, second: float, count: int) -> None:
    store.append(columns(said(second, count)))
    store.fold()
    store.commit()
    thread = store._upkeep._thread if store._upkeep else None
    if thread is not None:
        thread.join()


def test_that_nothing_is_read_to_be_sealed_while_its_late_samples_are_still_waited_for(store: Store) -> None:
    assert store._upkeep is not None
    for second in (0.0, 0.5, 1.0, 1.5):
        take(store, second, 50)
        assert store._upkeep._thread is None, "two seconds are waited for who comes late"
    take(store, 2.6, 1)
    assert store._upkeep._sealed == 100, "what was said at 0 and at 0.5"
    store.close()


def test_that_who_seals_in_the_background_rests_and_who_is_waited_for_does_not(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    rests: list[float] = []
    monkeypatch.setattr(upkeep, "_HURRY", 1000)
    monkeypatch.setattr(time, "sleep", rests.append)
    store.append(columns(said(0.0, 50)))
    store.fold()
    store.commit()
    assert store.seal(everything=True)
    assert rests == []
    take(store, 1.0, 50)
    take(store, 3.5, 1)
    assert rests
    assert max(rests) <= upkeep.LONGEST_REST_S
    store.close()


def test_that_nobody_rests_while_much_waits(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    rests: list[float] = []
    monkeypatch.setattr(time, "sleep", rests.append)
    take(store, 1.0, 50)
    take(store, 3.5, 50)
    assert rests == [], "fifty samples are five slabs of ten, before and after"
    store.close()
