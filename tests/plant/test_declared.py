"""Entries of any kind, length and order against a twin that looks at one second after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin_app.model.entry import Entry, EntryKind
from twin_app.model.packml import CATEGORIES
from twin_app.model.work import Task

MIDNIGHT_NS = 1_767_225_600 * 10**9
END = 30
WORDS = ("Execute", "Held", "Aborted", "Idle")
COST = {"Execute": "production", "Held": "internal_stop", "Aborted": "failure", "Idle": "waiting", None: "blind"}


@dataclass(frozen=True)
class Said:
    start: int
    lasts: int | None
    kind: EntryKind
    product: str


SAID = st.lists(
    st.builds(Said, st.integers(0, END), st.one_of(st.none(), st.integers(1, END)), st.sampled_from([kind for kind in EntryKind if kind is not EntryKind.REASON]), st.sampled_from(["", "A", "B"])),
    max_size=8,
)  # fmt: skip
STATES = st.dictionaries(st.integers(0, END), st.sampled_from(WORDS), max_size=6)


def ns(second: int) -> int:
    return MIDNIGHT_NS + second * 10**9


def entries(said: list[Said]) -> list[Entry]:
    return [
        Entry(
            id=str(i), kind=one.kind, start_ns=ns(one.start), end_ns=None if one.lasts is None else ns(one.start + one.lasts), known_ns=i,
            order=f"o{i}" if one.kind is EntryKind.ORDER else "", product=one.product if one.kind.of_work else "",
        )
        for i, one in enumerate(said)
    ]  # fmt: skip


def holds(one: Said, second: int) -> bool:
    return one.start <= second and (one.lasts is None or second < one.start + one.lasts)


def costs(state: str | None, said: list[Said], second: int) -> str:
    own = COST[state]
    duty = next((one.kind for one in reversed(said) if not one.kind.of_work and holds(one, second)), None)
    if duty in {EntryKind.CLEANING, EntryKind.BREAK}:
        return "planned"
    if duty is EntryKind.CHANGEOVER:
        return own if own == "failure" else "setup"
    if duty is EntryKind.NO_ORDER:
        return own if own == "production" else "no_order"
    return own


def works_on(said: list[Said], second: int) -> Task:
    holding = [(i, one) for i, one in enumerate(said) if holds(one, second)]
    product = next((one.product for _, one in reversed(holding) if one.kind.of_work and one.product), None)
    order = next(((i, one) for i, one in reversed(holding) if one.kind in {EntryKind.ORDER, EntryKind.NO_ORDER}), None)
    return Task(product, None if order is None else f"o{order[0]}" if order[1].kind is EntryKind.ORDER else "")


@settings(max_examples=80)
@given(states=STATES, said=SAID, before=SAID)
def test_that_what_was_said_last_counts_and_the_ledger_adds_up(
    make_bench: Any, states: dict[int, str], said: list[Said], before: list[Said]
) -> None:
    bench = make_bench(minor_stop_s=0.0)
    bench.plant.declare(entries(before))  # what was said before and is undone leaves nothing behind
    bench.states(dict(sorted(states.items())))
    bench.fold()
    bench.plant.declare(entries(said))
    for second in range(-1, END + 3):
        state = next((states[t] for t in sorted(states, reverse=True) if t <= second), None)
        ledger = bench.plant.ledger("Filler", ns(second), ns(second + 1))
        found = [category for category in CATEGORIES if ledger.category_ns[category]]
        assert found == [costs(state, said, second)], second
        assert bench.plant.task("Filler", ns(second)) == works_on(said, second)
    whole = bench.plant.ledger("Filler", ns(-1), ns(END + 3))
    assert sum(whole.category_ns.values()) == (END + 4) * 10**9


@pytest.mark.parametrize("unit", ["", "Filler"])
def test_that_an_entry_of_another_unit_says_nothing(bench: Any, unit: str) -> None:
    bench.states({0: "Idle"})
    bench.fold()
    bench.plant.declare([Entry(id="1", kind=EntryKind.CLEANING, start_ns=ns(10), known_ns=0, unit="Capper"),
                         Entry(id="2", kind=EntryKind.CHANGEOVER, start_ns=ns(20), end_ns=ns(25), known_ns=1, unit=unit)])  # fmt: skip
    assert bench.spent(0, 30) == {"waiting": 25, "setup": 5}


def test_that_the_first_entry_of_all_changes_nothing_before_it(bench: Any) -> None:
    # Else the calendar would be laid out from the beginning of time on: a break that is entered took minutes.
    bench.states({0: "Execute"})
    bench.fold()
    revision = bench.plant.declare([Entry(id="1", kind=EntryKind.CHANGEOVER, start_ns=ns(20), known_ns=0)])
    assert (revision.late_ns, revision.first_ns) == (ns(20), ns(20))
    order = Entry(id="2", kind=EntryKind.ORDER, start_ns=ns(40), known_ns=1, order="7")
    revision = bench.plant.declare([Entry(id="1", kind=EntryKind.CHANGEOVER, start_ns=ns(20), known_ns=0), order])
    assert revision.late_ns == ns(40)
