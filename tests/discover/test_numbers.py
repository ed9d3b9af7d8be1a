"""Numbers that belong to names, cycles and counts: only what was seen, and only where it agrees."""

from __future__ import annotations

import pytest

from tests.discover.plant import NOON_NS, SECOND_NS
from tests.discover.test_fields import seen
from twin_app.discover.paces import counts_good_only, ideal_of
from twin_app.discover.pairs import Pairs

NAME, NUMBER = "Status/StateCurrentStr", "Status/StateCurrent"


def shown(*said: tuple[float, str, str], places: tuple[str, ...] = ("A/Filler",)) -> Pairs:
    """Say names and numbers at seconds from noon, on every place."""
    pairs = Pairs()
    for at_s, tag, value in said:
        for place in places:
            pairs.hear(place, {tag: value}, NOON_NS + round(at_s * SECOND_NS))
    return pairs


def numbers(pairs: Pairs, end_s: float = 100.0) -> dict[int, str]:
    return pairs.own_numbers("state", NOON_NS + round(end_s * SECOND_NS))


def test_that_a_number_of_its_own_is_found_where_it_stood_beside_its_name() -> None:
    assert numbers(shown((0, NAME, "Idle"), (0.01, NUMBER, "1"), (5, NAME, "Execute"), (5.01, NUMBER, "6"))) == {1: "Idle"}


def test_that_while_only_one_of_the_two_has_changed_they_do_not_belong_together() -> None:
    assert numbers(shown((0, NAME, "Execute"), (0.01, NUMBER, "6"), (5, NAME, "Held"), (5.2, NUMBER, "11"))) == {}


def test_that_what_stands_since_just_now_says_nothing_yet() -> None:
    assert numbers(shown((0, NAME, "Idle"), (0.01, NUMBER, "1")), end_s=0.5) == {}


def test_that_machines_that_disagree_say_nothing() -> None:
    pairs = shown((0, NAME, "Idle"), (0.01, NUMBER, "1"))
    pairs.hear("A/Capper", {NAME: "Held", NUMBER: "1"}, NOON_NS)
    assert numbers(pairs) == {}


def test_that_words_of_no_standard_and_empty_ones_say_nothing() -> None:
    assert numbers(shown((0, NAME, "Phase 7"), (0, NUMBER, "1"))) == {}
    assert numbers(shown((0, NAME, ""), (0, NUMBER, "0"))) == {}


def test_that_a_design_speed_goes_before_what_was_seen() -> None:
    made = seen(*range(100))
    ideal = ideal_of({"MachDesignSpeed": seen(0, 100), "Processed": made})
    assert ideal is not None
    assert (ideal.seconds, ideal.per_min, ideal.is_design) == (0.6, 100.0, True)
    observed = ideal_of({"Processed": made})
    assert observed is not None
    assert (observed.seconds, observed.is_design) == (1.0, False)


def test_that_a_machine_that_made_nothing_has_no_ideal() -> None:
    assert ideal_of({}) is None
    assert ideal_of({"Processed": seen(*[7] * 50), "MachDesignSpeed": seen(0)}) is None


@pytest.mark.parametrize(
    ("consumed", "processed", "defective", "found"),
    [
        (range(100), [i * 0.9 for i in range(100)], [i * 0.1 for i in range(100)], True),
        (range(100), range(100), [i * 0.1 for i in range(100)], False),
        (range(100), range(100), [0] * 100, None),
        (range(0, 4000, 40), range(100), [i * 0.1 for i in range(100)], None),  # forty cases make a pallet
    ],
    ids=["apart", "among", "no bad piece", "another unit of count"],
)
def test_that_counts_tell_whether_bad_pieces_are_among_them(
    consumed: object, processed: object, defective: object, found: bool | None
) -> None:
    counts = {"Consumed": consumed, "Processed": processed, "Defective": defective}
    assert counts_good_only([{name: seen(*values) for name, values in counts.items()}]) is found  # type: ignore[misc]  # ranges and lists
