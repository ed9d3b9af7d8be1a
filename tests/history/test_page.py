"""A span in memory answers the same however often it is asked: once by all its samples, from then on by few."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.history.brute import Sample, columns
from twin_app.history.page import Page
from twin_app.model.samples import NEVER, Samples

FAR = 2**61
TIMES = st.one_of(st.integers(-50, 50), st.sampled_from([-FAR, FAR, FAR - 1]))
SAID = st.lists(st.tuples(st.integers(0, 4), TIMES), max_size=40, unique=True)


@given(SAID, st.lists(TIMES, min_size=3, max_size=9), st.booleans())
def test_that_the_first_look_and_all_others_find_the_last_sample_of_every_signal(
    said: list[tuple[int, int]], instants: list[int], made: bool
) -> None:
    """Each sample's value is its own number; spans of centuries do not fit into one row of lanes and are looked at as a whole."""
    samples = [Sample(signal, at_ns, float(number), message=number) for number, (signal, at_ns) in enumerate(said)]
    page = Page.of(Samples.empty(), columns(samples), 6)
    if made:
        page.make()
    for at_ns in instants:
        found = page.state_at(at_ns, 6)
        for signal in range(6):
            before = [(at, number) for number, (s, at) in enumerate(said) if s == signal and at <= at_ns]
            at, number = max(before, default=(NEVER, np.nan))
            assert found.effective_ns[signal] == at
            assert np.array_equal(found.value[signal], number, equal_nan=True)
