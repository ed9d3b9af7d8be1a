"""Folding anew: who derives from samples once more gets every one of them, sealed, committed or still waiting, and every answer is the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.history.brute import Sample, columns, table
from twin_app.history import sealing
from twin_app.history.store import Store
from twin_app.model.samples import TextTable

SECOND_NS = 10**9


def rows(start: int, count: int) -> list[Sample]:
    """Samples of two signals, a tenth of a second apart, each with a value of its own; every seventh comes late."""
    found = []
    for k in range(start, start + count):
        at_ns = (k - (30 if k % 7 == 0 and k > 40 else 0)) * SECOND_NS // 10
        found.append(Sample(k % 2, at_ns, float(k), message=k, received_ns=k * SECOND_NS // 10))
    return found


def answers(store: Store) -> list[str]:
    """What the store says of many instants and spans, in words, for nobody equals NaN."""
    found: list[str] = []
    for second in range(0, 90, 3):
        latest = store.state_at(second * SECOND_NS)
        found.append(repr((latest.effective_ns.tolist(), latest.value.tolist())))
    for signal in (0, 1):
        series = store.range(signal, 0, 90 * SECOND_NS, 0)
        found.append(repr((series.times_ns.tolist(), series.value.tolist())))
    return found


@pytest.mark.parametrize("temporary", [True, False])
def test_that_everything_is_folded_again_in_order_and_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, temporary: bool
) -> None:
    monkeypatch.setattr(sealing, "LEAST_SAMPLES", 10)
    signals, texts = table(2), TextTable()
    store = Store.temporary(signals, texts, tail_samples=100)
    if not temporary:
        store.close()
        store = Store.reopen(tmp_path / "a.twinrec", signals=signals, texts=texts, tail_samples=100)
    for start in range(0, 800, 50):
        store.append(columns(rows(start, 50)))
        while store.folded < store.watermark:
            store.fold(20)
        store.commit()
    store.seal(everything=True)
    store.append(columns(rows(800, 40)))
    while store.folded < store.watermark:
        store.fold(20)
    before = answers(store)
    assert store.refold()
    assert store.folded == 0
    values: list[float] = []
    while store.folded < store.watermark:
        values += store.fold(33).value.tolist()
        store.commit()
    assert sorted(values) == [float(k) for k in range(840)]
    assert answers(store) == before
    store.append(columns(rows(840, 10)))
    assert store.fold(100).value.tolist() == [float(k) for k in range(840, 850)]
    store.close()


def test_that_what_lies_in_memory_alone_cannot_be_folded_again() -> None:
    store = Store(table(1), TextTable(), journal=None)
    store.append(columns(rows(0, 10)))
    store.fold()
    assert not store.refold()
    assert store.folded == 10
    store.close()
