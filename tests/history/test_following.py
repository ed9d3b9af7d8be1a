"""A recording that is read while another writes it answers as the one who writes does, whatever is sealed, late or begun anew meanwhile."""

from __future__ import annotations

import contextlib
import tempfile
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.history.brute import Brute, Sample, facts, points
from tests.history.test_rotation import HOUR_NS, START, at, going_on, say, settle
from tests.history.test_sealed import SIGNALS, mixed
from twin_app.history.following import Following
from twin_app.history.limits import Limits
from twin_app.history.store import Store
from twin_app.model.message import Message, RawMessage
from twin_app.model.samples import Kind, TextTable
from twin_app.model.signal import Signal, SignalKind

if TYPE_CHECKING:
    from collections.abc import Iterator

LAST_NS = 40


@contextlib.contextmanager
def following(folder: Path, *, needed: frozenset[int] = frozenset(range(SIGNALS)), tail: int = 1000) -> Iterator[Following]:
    """Read a folder that somebody writes into; of what is sealed already only what is `needed` is folded."""
    found = Following(folder, signals=mixed(), texts=TextTable(), tail_samples=tail, raw_bytes=2**20)
    found.expect(lambda: needed, frozenset)
    fold_all(found)
    try:
        yield found
    finally:
        found.close()


def fold_all(store: Following) -> None:
    while store.folded < store.watermark:
        store.fold(7)


sample = st.builds(
    Sample, st.integers(0, SIGNALS - 1), st.integers(0, LAST_NS), st.sampled_from([0.0, 1.0, 2.0, float("nan")]),
    sourced=st.booleans(),
)  # fmt: skip
steps = st.tuples(st.lists(sample, max_size=6), st.sampled_from(["", "read", "seal", "late", "refold"]))


class Plan:
    """A store that writes, and everything that it was told; messages are numbered as they come."""

    def __init__(self, folder: Path) -> None:
        self.store = Store.reopen(folder / "a.twinrec", signals=mixed())
        self.brute = Brute()

    def write(self, batch: list[Sample], then: str) -> None:
        first = len(self.brute.arrived)
        batch = [replace(row, message=first + k) for k, row in enumerate(batch)]
        self.brute.add(batch)
        say(self.store, *batch)
        if then == "seal":
            settle(self.store)


def read(other: Following, then: str) -> None:
    """Read on, unless that comes late, and perhaps derive everything anew."""
    if then != "late":
        other.read_on()
        fold_all(other)
    if then == "refold":
        assert other.refold()
        other.expect(lambda: frozenset({1, 3}), frozenset)
        fold_all(other)


def known(every: list[tuple[int, int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """Return what is known of signals but in which message it came: of the same said twice either may be the one that is kept."""
    return [one[:4] for one in every]


@settings(max_examples=15, phases=[Phase.explicit, Phase.generate])
@given(st.lists(steps, max_size=4), st.lists(steps, max_size=8), st.sampled_from([8, 1000]))
def test_that_who_reads_along_answers_as_a_list_of_all_samples_would(
    before: list[tuple[list[Sample], str]], after: list[tuple[list[Sample], str]], tail: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        plan = Plan(Path(folder))
        for step in before:
            plan.write(*step)
        with contextlib.closing(plan.store), following(Path(folder), needed=frozenset({1, 3}), tail=tail) as other:
            plan.store.readers.read = lambda: [other._next]
            for batch, then in after:
                plan.write(batch, then)
                read(other, then)
            read(other, "")
            assert not other.lost
            for at_ns in range(-1, LAST_NS + 2):
                assert known(facts(other.state_at(at_ns))) == known(plan.brute.state_at(at_ns, SIGNALS)), at_ns
            for signal in range(SIGNALS):
                assert points(other.range(signal, 3, 33, 0)) == plan.brute.range(signal, 3, 33), signal


def test_that_names_and_texts_that_come_later_are_understood(tmp_path: Path) -> None:
    with contextlib.closing(Store.reopen(tmp_path / "a.twinrec", signals=mixed())) as store:
        say(store, at(0, 0, 1.0))
        with following(tmp_path) as other:
            new = store.signals.add(Signal(path="site/area/line/unit/new", unit="unit", name="new", kind=SignalKind.TEXT))
            say(store, at(new, 0.1, store.texts.code("jam at the infeed"), kind=Kind.TEXT))
            other.read_on()
            fold_all(other)
            signal = other.signals.find("unit", "new")
            assert signal is not None
            latest = other.state_at(START + HOUR_NS)
            assert other.texts.entry(int(latest.value[signal])) == b"jam at the infeed"


def test_that_who_reads_along_goes_into_the_next_file(tmp_path: Path) -> None:
    with going_on(tmp_path) as store:
        say(store, at(0, 0, 0.0))
        with following(tmp_path) as other:
            store.readers.read = lambda: [other._next]
            for k in range(1, 40):
                say(store, at(0, k / 10, float(k)))
                if k % 3 == 0:
                    settle(store)
                    other.read_on(store.recording_now().file)
            other.read_on(store.recording_now().file)
            fold_all(other)
            assert not other.lost
            assert other.range(0, START, START + 4 * HOUR_NS, 0).value.tolist() == [float(k) for k in range(40)]
            found = [samples.value.tolist() for samples in other.samples(START, START + 4 * HOUR_NS, signals=[0])]
            assert list(chain(*found)) == [float(k) for k in range(40)]


def test_that_nothing_is_sealed_before_who_reads_along_has_read_it_but_who_stands_still_begins_anew(tmp_path: Path) -> None:
    with contextlib.closing(Store.reopen(tmp_path / "a.twinrec", signals=mixed())) as store:
        say(store, at(0, 0, 1.0), at(0, 1, 2.0))
        with following(tmp_path) as other:
            store.readers.read = lambda: [other._next]
            say(store, at(0, 2, 3.0))
            settle(store)
            other.read_on()
            assert (other.watermark, other.lost) == (3, False)
            store.readers.read = list
            say(store, at(0, 3, 4.0))
            settle(store)
            other.read_on()
            assert other.lost, "in which order it came nobody knows any more"
        with following(tmp_path) as anew:
            fold_all(anew)
            assert anew.state_at(START + 4 * HOUR_NS).value[0] == 4.0


def test_that_raw_messages_are_there_within_what_memory_allows(tmp_path: Path) -> None:
    limits = Limits(raw_days=7.0)
    with contextlib.closing(Store.reopen(tmp_path / "a.twinrec", signals=mixed(), limits=limits)) as store:
        say(store, at(0, 0, 1.0))
        with following(tmp_path) as other:
            store.raw.extend([RawMessage(Message(0, "plant", "line/Filler", b"7", START))])
            store._recorder.beside.write(store._recorder.volumes[-1].journal, everything=True)  # type: ignore[union-attr] # there is one
            other.read_raw()
            other.read_raw()
            assert [raw.message.payload for raw in other.raw.newest(START, 9)] == [b"7"], "once"
