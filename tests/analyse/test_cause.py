from typing import Any

import pytest

from twin_app.analyse.cause import Graph, by_weight, causes, effect, slow
from twin_app.model.packml import Category
from twin_app.model.story import CauseKind, Effect

CHAIN = {"A": ("B",), "B": ("C",), "C": ("D",), "D": ("E",), "E": ()}
FORKED = {"In": ("L1", "L2"), "L1": ("Out",), "L2": ("Out",), "Out": ()}

S, B, F, H, P, W, X = (
    Category.STARVED, Category.BLOCKED, Category.FAILURE, Category.INTERNAL_STOP, Category.PLANNED, Category.WAITING, Category.EXTERNAL
)  # fmt: skip


@pytest.fixture
def found(flow_line: Any, units_now: Any) -> Any:
    def ask(flow: Any = CHAIN, constraint: str = "B", **said: Category) -> Any:
        line = flow_line(flow, constraint)
        return by_weight(line, causes(Graph.of(line), units_now(line, **said)))

    return ask


def test_that_a_failed_unit_is_told_before_anybody_waits_for_it(found: Any) -> None:
    (cause,) = found(C=F)
    assert (cause.unit, cause.kind, cause.since_ns, cause.waiting) == ("C", CauseKind.FAILED, 2 * 10**9, ())


def test_that_those_behind_are_starved_and_those_before_blocked_through_each_other(found: Any) -> None:
    (cause,) = found(A=B, B=B, C=F, D=S, E=S)
    assert (cause.unit, cause.starved, cause.blocked) == ("C", ("D", "E"), ("A", "B"))


def test_that_a_wait_behind_a_unit_that_runs_has_no_cause_but_the_pace(found: Any) -> None:
    assert found(D=S) == ()


def test_that_each_wait_goes_to_its_own_cause(found: Any) -> None:
    first, second = found(A=H, B=S, D=F, E=S)
    assert (first.unit, first.starved) == ("A", ("B",))  # it keeps the constraint from running
    assert (second.unit, second.starved) == ("D", ("E",))


def test_that_a_line_that_starves_from_its_first_unit_on_has_no_supply(found: Any) -> None:
    (cause,) = found(A=S, B=S, C=S)
    assert (cause.unit, cause.kind, cause.starved) == ("A", CauseKind.SUPPLY, ("B", "C"))


def test_that_a_line_that_is_blocked_from_its_last_unit_on_has_no_outlet(found: Any) -> None:
    (cause,) = found(D=B, E=B)
    assert (cause.unit, cause.kind, cause.blocked) == ("E", CauseKind.OUTLET, ("D",))


def test_that_a_unit_that_does_not_say_which_side_it_waits_for_is_found_on_either(found: Any) -> None:
    (cause,) = found(B=X, C=F, D=W)
    assert (cause.unit, cause.starved, cause.blocked) == ("C", ("D",), ("B",))


def test_that_a_unit_nobody_hears_of_is_a_cause_and_its_state_unknown(found: Any) -> None:
    (cause,) = found(C=Category.BLIND, D=S)
    assert (cause.kind, cause.state, cause.starved) == (CauseKind.SILENT, None, ("D",))


def test_that_who_is_known_to_stand_comes_before_who_is_not_heard_unless_only_that_one_keeps_the_constraint(found: Any) -> None:
    stands, silent = found(constraint="A", C=H, D=Category.BLIND, E=S)
    assert (stands.unit, silent.unit) == ("C", "D")
    silent, stands = found(constraint="E", A=H, D=Category.BLIND, E=S)
    assert (silent.unit, stands.unit) == ("D", "A")


def test_that_a_planned_stop_is_no_cause(found: Any) -> None:
    assert found(A=P, B=P, C=P, D=P, E=P) == ()


def test_that_one_of_two_parallel_units_is_the_cause_while_the_other_runs(found: Any) -> None:
    (cause,) = found(FORKED, "In", L2=F, Out=S)
    assert (cause.unit, cause.starved) == ("L2", ("Out",))


def test_that_a_ring_of_waiting_units_is_searched_once_and_has_no_cause(found: Any) -> None:
    assert found({"A": ("B",), "B": ("A",)}, "A", A=X, B=X) == ()


def test_that_the_cause_that_stops_the_constraint_comes_first_whoever_was_first(found: Any) -> None:
    first, second = found(constraint="D", A=H, C=F, D=S)
    assert (first.unit, second.unit) == ("C", "A")


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ({"D": F, "E": S}, Effect.BUFFERED),
        ({"B": F}, Effect.SLOWED),
        ({"B": Category.BLIND, "C": S, "D": S, "E": S}, Effect.UNKNOWN),
        ({"D": Category.BLIND}, Effect.BUFFERED),
        ({"B": F, "C": S, "D": S, "E": S}, Effect.STOPPED),
    ],
)
def test_what_a_cause_does_to_the_line(flow_line: Any, units_now: Any, said: dict[str, Category], what: Effect) -> None:
    line = flow_line(CHAIN, "B")
    units = units_now(line, **said)
    assert effect(line, causes(Graph.of(line), units)[0], units) is what


def test_that_the_slowest_of_those_that_hardly_wait_is_who_a_slow_line_waits_for() -> None:
    waits = {"A": 0.4, "B": 0.02, "C": 0.5, "D": 0.1}
    paces = {"A": 0.55, "B": 0.6, "C": 0.6, "D": 0.85}
    assert slow(waits, paces, {"A": 0.55, "B": 0.6, "C": 0.6, "D": 0.89}, 0.6) == "B"
    assert slow(waits, paces, {"A": 0.55, "C": 0.6}, 0.6) is None  # those that could not keep up waited themselves
    assert slow(waits, paces, {"B": 0.6}, 0.95) is None  # the line is not slow
    assert slow(waits, paces, {"B": 0.6}, float("nan")) is None


def test_that_units_of_one_place_in_the_flow_stand_beside_each_other(flow_line: Any) -> None:
    graph = Graph.of(flow_line(FORKED, "In"))
    assert graph.beside("L1") == graph.beside("L2") == ("L1", "L2")
    assert graph.order == ("In", "L1", "L2", "Out")


def test_that_units_stand_along_the_flow_wherever_the_layout_names_them(flow_line: Any) -> None:
    line = flow_line({"C": (), "A": ("B",), "B": ("C",), "X": ("X",), "D": ("C",)}, "A")
    assert [unit.id for unit in line.flow_order] == ["A", "B", "D", "C", "X"]
