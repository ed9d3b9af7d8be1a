"""Samples handed out as they had been received, in whatever order files were read."""

from __future__ import annotations

from contextlib import closing

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.history.brute import Sample, columns, table
from twin_app.history.store import Store
from twin_app.model.samples import TextTable
from twin_app.session import arrivals
from twin_app.session.arrivals import Arrivals


@settings(max_examples=40)
@given(
    received=st.lists(st.integers(0, 60), min_size=1, max_size=60), folded=st.booleans(), page=st.integers(1, 9),
    looks=st.lists(st.integers(-1, 61), min_size=1, max_size=6),
)  # fmt: skip
def test_that_what_was_received_by_an_instant_comes_once_and_in_order(
    received: list[int], folded: bool, page: int, looks: list[int]
) -> None:
    with pytest.MonkeyPatch.context() as patch, closing(Store.temporary(table(1), TextTable())) as store:
        patch.setattr(arrivals, "PAGE", page)
        store.append(columns(Sample(0, number, float(number), message=number, received_ns=at) for number, at in enumerate(received)))
        store.commit()
        if folded:
            store.fold()
        given_out = Arrivals(store)
        for _ in range(2):
            found: list[int] = []
            for look in sorted(looks):
                while (batch := given_out.due(look)) is not None:
                    found += batch.value.astype(int).tolist()
                    assert np.all(np.diff(batch.received_ns) >= 0)
                assert sorted(found) == [number for number, at in enumerate(received) if at <= look]
            given_out.rewind()


def test_that_files_read_one_after_the_other_are_mixed_as_they_were_heard() -> None:
    with closing(Store.temporary(table(1), TextTable())) as store:
        for at in (*range(0, 10, 2), *range(1, 10, 2)):  # one file, then the other
            store.append(columns([Sample(0, at, float(at), received_ns=at)]))
        first = Arrivals(store).due(7)
        assert first is not None
        assert first.received_ns.tolist() == [0, 1, 2, 3, 4, 5, 6, 7]
