"""Births, deaths, order and lateness of edge nodes, told in messages."""

from typing import Any

import pytest

from tests.codec.sparkplug import encoding as sp
from tests.codec.sparkplug.conftest import CAPPER, FILLER
from tests.codec.sparkplug.encoding import metric, session
from twin_app.codec.refusal import Reason
from twin_app.model.equipment import MapRule
from twin_app.model.samples import Quality

DAY_MS = 86_400_000


def speed(value: int, *, alias: int | None = None, named: bool = True, **fields: Any) -> bytes:
    return metric("Speed" if named else None, value, "int", datatype=sp.INT32 if named else 0, alias=alias, **fields)


def links(samples: list[Any], name: str = FILLER) -> list[tuple[int, float, Quality]]:
    return [(s.at_ms, s.value, s.quality) for s in samples if s.name == name]


def speeds(samples: list[Any]) -> list[tuple[int, float, Quality]]:
    return [(s.at_ms, s.value, s.quality) for s in samples if s.name == "Speed"]


GOOD, UNCERTAIN = Quality.GOOD, Quality.UNCERTAIN


def test_that_data_by_alias_goes_to_the_metric_that_the_birth_named(cell: Any) -> None:
    cell.born(speed(1, alias=7), metric("Temperature", 20.5, "float", datatype=sp.FLOAT, alias=8))
    cell.samples()
    cell.data(speed(0xFFFFFFFF, alias=7, named=False), metric(None, 21.5, "float", alias=8), seq=2, at_ms=100)
    assert [(s.name, s.value, s.at_ms) for s in cell.samples()] == [("Speed", -1.0, 100), ("Temperature", 21.5, 100)]


def test_that_a_birth_says_that_its_unit_is_there_before_it_says_anything_else(cell: Any) -> None:
    cell.born(speed(1), at_ms=50)
    assert [(s.unit, s.name, s.value, s.at_ms) for s in cell.samples()] == [("@plant", FILLER, 1.0, 50), ("Filler", "Speed", 1.0, 50)]


def test_that_a_birth_tells_what_is_now_however_old_its_values_own_times(cell: Any) -> None:
    cell.born(speed(1, at_ms=1_795_425_957_000 - 2 * DAY_MS), at_ms=50)
    (found,) = [s for s in cell.samples() if s.name == "Speed"]
    assert (found.at_ms, found.source_ms) == (50, -2 * DAY_MS)


def test_that_a_value_stands_at_its_own_time(cell: Any) -> None:
    cell.born(speed(1))
    cell.data(speed(2, at_ms=1_795_425_957_000 + 1_234), seq=2, at_ms=1_500, sent=1_400)
    assert speeds(cell.samples())[1:] == [(1_234, 2.0, GOOD)]


def test_that_an_absurd_clock_is_counted_and_overruled_by_the_time_of_receipt(cell: Any) -> None:
    cell.born(speed(1))
    cell.data(speed(2), seq=2, at_ms=1_500, sent=1_500 + 301_000)
    assert (speeds(cell.samples())[-1], cell.tally.odd_times) == ((1_500, 2.0, GOOD), 1)


def test_that_the_node_dying_takes_the_way_to_every_unit_with_it(cell: Any) -> None:
    cell.born(speed(1), number=3)
    cell.hear("DBIRTH", speed(2), device="Capper", seq=2, at_ms=10, sent=10)
    cell.samples()
    assert cell.died(3, at_ms=900) == ""
    assert sorted((s.name, s.value, s.at_ms, s.quality) for s in cell.samples()) == [(CAPPER, 0.0, 900, GOOD), (FILLER, 0.0, 900, GOOD)]


def test_that_the_death_of_an_earlier_session_is_ignored_and_counted(cell: Any) -> None:
    cell.born(speed(1), number=3)
    cell.born(speed(1), number=4, at_ms=500)
    cell.samples()
    ignored = cell.tally.ignored
    cell.died(3, at_ms=600)
    assert (cell.samples(), cell.notes(), cell.tally.ignored - ignored) == ([], {"deaths of an earlier session, ignored": 1}, 1)
    cell.died(4, at_ms=700)
    assert links(cell.samples()) == [(700, 0.0, GOOD)]


@pytest.mark.parametrize("birth", [(), (session(5),)], ids=["birth without number", "death without number"])
def test_that_a_death_counts_where_no_number_ties_it_to_a_birth(cell: Any, birth: tuple[bytes, ...]) -> None:
    cell.hear("NBIRTH", *birth, seq=0, sent=0)
    cell.hear("DBIRTH", speed(1), device="Filler", seq=1, sent=0)
    cell.samples()
    cell.hear("NDEATH", *(() if birth else (session(9),)), at_ms=50)
    assert links(cell.samples()) == [(50, 0.0, GOOD)]


def test_that_one_device_dying_leaves_its_neighbour_alone(cell: Any) -> None:
    cell.born(speed(1))
    cell.hear("DBIRTH", speed(2), device="Capper", seq=2, at_ms=10, sent=10)
    cell.samples()
    cell.hear("DDEATH", device="Filler", seq=3, at_ms=40, sent=30)
    assert [(s.name, s.value, s.at_ms) for s in cell.samples()] == [(FILLER, 0.0, 30)]


def test_that_a_new_session_breaks_the_way_and_the_devices_birth_mends_it(cell: Any) -> None:
    cell.born(speed(1), number=0)
    cell.hear("NBIRTH", session(1), seq=0, at_ms=100, sent=100)
    cell.hear("DBIRTH", speed(1), device="Filler", seq=1, at_ms=130, sent=130)
    assert links(cell.samples()) == [(0, 1.0, GOOD), (100, 0.0, GOOD), (130, 1.0, GOOD)]


def test_that_the_same_birth_told_again_breaks_nothing(cell: Any) -> None:
    cell.born(speed(1), number=0)
    cell.born(speed(2), metric("More", 1, "int", datatype=sp.INT32), number=0, at_ms=100)
    samples = cell.samples()
    assert [value for _, value, _ in links(samples)] == [1.0, 1.0]
    assert [s.value for s in samples if s.name in {"Speed", "More"}] == [1.0, 2.0, 1.0]
    assert cell.notes() == {}


def test_that_after_a_rebirth_aliases_mean_what_it_says(cell: Any) -> None:
    cell.born(speed(1, alias=1))
    cell.born(metric("Temperature", 20, "int", datatype=sp.INT32, alias=1), number=1, at_ms=10)
    cell.samples()
    cell.data(metric(None, 21, "int", alias=1), seq=2, at_ms=20)
    assert [(s.name, s.value) for s in cell.samples()] == [("Temperature", 21.0)]


def test_that_what_follows_a_birth_never_stands_before_it_though_the_senders_clock_lags(cell: Any) -> None:
    cell.born(speed(1), number=0, at_ms=0)
    cell.died(0, at_ms=10_000)
    cell.born(speed(2), number=1, at_ms=11_000, sent=6_000)
    cell.data(speed(3), seq=2, at_ms=12_000, sent=7_000)
    cell.data(speed(4), seq=3, at_ms=16_500, sent=11_500)
    samples = cell.samples()
    assert links(samples) == [(0, 1.0, GOOD), (10_000, 0.0, GOOD), (10_000, 1.0, GOOD)]
    assert speeds(samples)[1:] == [(10_000, 2.0, GOOD), (10_000, 3.0, GOOD), (11_500, 4.0, GOOD)]


# -- order --------------------------------------------------------------------------------------------------------------


def test_that_numbers_run_on_over_255_without_a_gap(cell: Any) -> None:
    cell.born(speed(0))
    for i in range(2, 600):
        cell.data(speed(i), seq=i % 256, at_ms=i)
    assert (len(speeds(cell.samples())), cell.notes()) == (1 + 598, {})


def test_that_an_overtaken_message_is_waited_for_and_nothing_is_counted(cell: Any) -> None:
    cell.born(speed(1))
    cell.data(speed(3), seq=3, at_ms=100)
    cell.data(speed(4), seq=4, at_ms=200)
    assert [value for _, value, _ in speeds(cell.samples())] == [1.0]
    cell.data(speed(2), seq=2, at_ms=2_050)
    assert [(s.value, s.at_ms, s.message) for s in cell.samples()] == [(2.0, 2_050, 4), (3.0, 100, 2), (4.0, 200, 3)]
    assert cell.notes() == {}


def test_that_a_message_that_does_not_come_within_two_seconds_leaves_what_was_said_before_uncertain(cell: Any) -> None:
    cell.born(speed(1), at_ms=0)
    cell.data(speed(2), seq=2, at_ms=50)
    cell.data(speed(5), seq=5, at_ms=100)
    cell.settle(2_100)
    assert [s.value for s in cell.samples() if s.name == "Speed"] == [1.0, 2.0]
    cell.settle(2_101)
    samples = cell.samples()
    assert [(s.name, s.value, s.quality) for s in samples] == [(FILLER, 1.0, UNCERTAIN), ("Speed", 5.0, GOOD)]
    assert 50 <= samples[0].at_ms < 100
    assert cell.notes() == {"messages missed, by gaps in the sequence numbers": 2}
    cell.born(speed(6), at_ms=3_000)
    assert links(cell.samples()) == [(3_000, 1.0, GOOD)]


def test_that_two_gaps_wait_each_for_itself(cell: Any) -> None:
    cell.born(speed(1))
    cell.data(speed(3), seq=3, at_ms=100)
    cell.data(speed(5), seq=5, at_ms=1_500)
    cell.settle(2_200)
    assert [value for _, value, _ in speeds(cell.samples())] == [1.0, 3.0]
    cell.data(speed(4), seq=4, at_ms=2_300)
    assert [value for _, value, _ in speeds(cell.samples())] == [4.0, 5.0]
    assert cell.notes() == {"messages missed, by gaps in the sequence numbers": 1}


def test_that_a_message_sent_twice_is_taken_where_it_belongs_and_counted(cell: Any) -> None:
    cell.born(speed(1))
    cell.data(speed(2), seq=2, at_ms=10)
    cell.data(speed(2), seq=2, at_ms=20, sent=10)
    cell.data(speed(3), seq=3, at_ms=30)
    assert speeds(cell.samples())[1:] == [(10, 2.0, GOOD), (10, 2.0, GOOD), (30, 3.0, GOOD)]
    assert cell.notes() == {"messages out of turn, or sent twice": 1}


def test_that_a_death_lets_go_of_what_waited_before_it(cell: Any) -> None:
    cell.born(speed(1))
    cell.data(speed(3), seq=3, at_ms=100)
    cell.died(at_ms=200)
    samples = cell.samples()
    assert [value for _, value, _ in speeds(samples)] == [1.0, 3.0]
    assert links(samples)[-1] == (200, 0.0, GOOD)


def test_that_a_flood_that_waits_is_let_go_before_it_fills_the_memory(cell: Any) -> None:
    cell.born(speed(1))
    for i in range(65):
        cell.data(speed(100 + i), seq=10 + i, at_ms=i)
    assert len(speeds(cell.samples())) == 1 + 65


def test_that_a_missed_birth_is_suspected_where_number_zero_is_missing(cell: Any) -> None:
    cell.born(speed(1), number=0)
    for i in range(2, 250):
        cell.data(speed(i), seq=i, at_ms=i)
    cell.data(speed(7), seq=3, at_ms=300)
    cell.settle(5_000)
    cell.samples()
    cell.died(1, at_ms=6_000)  # of the session whose birth was missed
    assert links(cell.samples()) == [(6_000, 0.0, GOOD)]


def test_that_after_the_sources_own_absence_no_gap_is_made_up_and_any_death_counts(cell: Any) -> None:
    cell.born(speed(1), number=0)
    cell.data(speed(4), seq=4, at_ms=90)
    cell.decoder.resume(cell.columns)
    assert [value for _, value, _ in speeds(cell.samples())] == [1.0, 4.0]
    gaps = cell.notes()
    cell.data(speed(9), seq=77, at_ms=100)
    assert (speeds(cell.samples()), cell.notes()) == ([(100, 9.0, GOOD)], gaps)
    cell.died(8, at_ms=200)
    assert links(cell.samples()) == [(200, 0.0, GOOD)]


# -- late join, strangers, history, retained ----------------------------------------------------------------------------


def test_that_names_before_any_birth_are_taken_and_aliases_wait_in_plain_sight(cell: Any) -> None:
    cell.data(speed(5), metric(None, 9, "int", alias=12), seq=88, at_ms=10)
    assert [(s.name, s.value) for s in cell.samples()] == [("Speed", 5.0)]
    assert cell.tally.unmapped == {"spBv1.0/G/DDATA/E/Filler · 12": 1}
    assert cell.notes() == {
        "messages of a sender that announced no birth, or died": 1,
        "values that wait for a birth to say what they are": 1,
        "values of metrics that no birth declared": 1,
    }


def test_that_data_after_a_death_is_kept_and_brings_nobody_back_to_life(cell: Any) -> None:
    cell.born(speed(1))
    cell.died(at_ms=100)
    cell.samples()
    cell.data(speed(2), seq=2, at_ms=200)
    assert [(s.name, s.value) for s in cell.samples()] == [("Speed", 2.0)]


def test_that_a_metric_that_no_birth_declared_is_taken_and_counted(cell: Any) -> None:
    cell.born(speed(1))
    cell.data(metric("Torque", 3, "int", datatype=sp.INT32, alias=4), seq=2, at_ms=10)
    cell.data(metric(None, 4, "int", alias=4), seq=3, at_ms=20)
    assert cell.values("Torque") == [3.0, 4.0]
    assert cell.notes() == {"values of metrics that no birth declared": 1}


def test_that_history_goes_where_it_belongs_however_old_and_is_not_odd(cell: Any) -> None:
    cell.born(speed(1), at_ms=60_000)
    past = [speed(7, at_ms=1_795_425_957_000 + at, historical=True) for at in (30_000, -30 * DAY_MS)]
    cell.data(*past, seq=2, at_ms=61_000)
    assert speeds(cell.samples())[1:] == [(30_000, 7.0, GOOD), (-30 * DAY_MS, 7.0, GOOD)]
    assert cell.tally.odd_times == 0


def test_that_history_never_becomes_the_present(cell: Any) -> None:
    cell.born(speed(1), at_ms=1_000)
    cell.data(speed(7, at_ms=1_795_425_957_000 + 1_500, historical=True), seq=2, at_ms=2_000)
    (_, (at_ms, value, quality)) = speeds(cell.samples())
    assert at_ms < 1_000
    assert (value, quality) == (7.0, UNCERTAIN)


def test_that_history_without_a_time_is_refused(cell: Any) -> None:
    cell.born(speed(1))
    message = speed(7, historical=True), speed(8)
    assert cell.hear("DDATA", *message, device="Filler", seq=2) == Reason.NO_TIME
    assert [s.value for s in cell.samples() if s.name == "Speed"] == [1.0, 8.0]


def test_that_retained_messages_tell_names_and_values_of_unknown_age_but_nothing_of_life(cell: Any) -> None:
    cell.hear("DBIRTH", speed(1, alias=3), device="Filler", seq=1, sent=-DAY_MS, retain=True)
    assert [(s.name, s.value, s.quality, s.at_ms) for s in cell.samples()] == [("Speed", 1.0, Quality.RETAINED, 0)]
    cell.data(speed(2, alias=3, named=False), seq=9, at_ms=50)
    cell.hear("NDEATH", session(0), at_ms=60, retain=True)
    assert [(s.name, s.value, s.quality) for s in cell.samples()] == [("Speed", 2.0, GOOD)]
    assert cell.tally.retained == 2


# -- mapping ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("topic", "units", "metric_name", "found"),
    [
        ("spBv1.0/G/+/E/{unit}/{tag...}", {}, "Status/MachSpeed", ("Filler", "MachSpeed")),
        ("spBv1.0/+/+/+/{unit}/#", {}, "Status/MachSpeed", ("Filler", "MachSpeed")),
        ("spBv1.0/G/+/{unit}/+/{tag...}", {"E": "Capper"}, "status.machspeed", ("Capper", "MachSpeed")),
        ("spBv1.0/G/+/E/Filler/{unit}/{tag...}", {}, "Capper/Status/MachSpeed", ("Capper", "MachSpeed")),
        ("spBv1.0/G/DDATA/E/{unit}/{tag...}", {}, "Oven/Zone 1", ("Filler", "Oven/Zone 1")),
    ],
)
def test_that_a_rule_maps_the_path_of_a_metric_as_if_it_were_a_topic(
    make_cell: Any, topic: str, units: dict[str, str], metric_name: str, found: tuple[str, str]
) -> None:
    cell = make_cell(topic=topic, units=units)
    cell.born(metric(metric_name, 60, "int", datatype=sp.INT32))
    assert [(s.unit, s.name) for s in cell.samples() if not s.unit.startswith("@")] == [found]
    assert cell.decoder.unit_of("spBv1.0/G/DDATA/E/Filler") == found[0]


def test_that_a_layouts_own_names_come_first_and_ignored_paths_are_known(make_cell: Any) -> None:
    ignored = MapRule(topic="spBv1.0/G/+/E/Filler/Noise/#", dialect="", ignore=True)
    cell = make_cell(signals={"Line/St": "State", "Junk": ""}, rules=(ignored,))
    cell.born(
        metric("Line/St", "Execute", "string", datatype=sp.STRING), metric("Junk", 1, "int"), metric("Noise/A", 1, "int"),
        metric("Status/UnitModeCurrentStr", "Producing", "string", datatype=sp.STRING),
    )  # fmt: skip
    assert [(s.name, s.value) for s in cell.samples() if s.unit == "Filler"] == [("State", "Execute"), ("Mode", "Production")]
    assert cell.tally.unmapped == {}


def test_that_a_device_that_no_unit_stands_for_is_listed_by_the_paths_that_would_map_it(cell: Any) -> None:
    cell.born(speed(1), device="Stranger")
    cell.data(speed(2), seq=2, at_ms=5, device="Stranger")
    assert (cell.samples(), cell.tally.unmapped) == ([], {"spBv1.0/G/DDATA/E/Stranger/Speed": 2})


@pytest.mark.parametrize("topic", ["spBv1.0/G/NCMD/E", "spBv1.0/G/DCMD/E/Filler", "spBv1.0/G/NDATA/E/Filler", "spBv1.0/G/DDATA/E"])
def test_that_orders_and_misshapen_topics_are_ignored_on_purpose(cell: Any, topic: str) -> None:
    cell.say(topic, b"\xff not even read")
    assert (cell.samples(), cell.tally.ignored, cell.tally.refused) == ([], 1, {})


def test_that_other_groups_are_none_of_ours(cell: Any) -> None:
    cell.hear("DBIRTH", speed(1), device="Filler", seq=1, group="Other")
    assert (cell.samples(), cell.tally.unmapped) == ([], {"spBv1.0/Other/DBIRTH/E/Filler": 1})


# -- asking -------------------------------------------------------------------------------------------------------------


class Plant:
    """Takes what is published."""

    def __init__(self) -> None:
        self.orders: list[tuple[str, bytes]] = []

    def publish(self, topic: str, payload: bytes) -> bool:
        self.orders.append((topic, payload))
        return True


def test_that_without_the_layouts_word_nothing_is_ever_asked_for(cell: Any) -> None:
    plant = Plant()
    cell.decoder.publish = plant.publish
    cell.data(metric(None, 9, "int", alias=12), seq=88, at_ms=10)
    cell.settle(100_000)
    assert plant.orders == []


def test_that_an_unknown_alias_asks_for_a_birth_once_a_minute_after_the_usual_patience(make_cell: Any) -> None:
    plant, cell = Plant(), make_cell(rebirth=True)
    cell.decoder.publish = plant.publish
    cell.data(metric(None, 9, "int", alias=12), seq=88, at_ms=10)
    cell.settle(2_010)
    assert plant.orders == []
    cell.settle(2_011)
    assert [topic for topic, _ in plant.orders] == ["spBv1.0/G/NCMD/E"]
    at_ms = 1_795_425_957_000 + 2_011
    assert plant.orders[0][1] == sp.payload(metric("Node Control/Rebirth", 1, "bool", datatype=sp.BOOLEAN, at_ms=at_ms), at_ms=at_ms)
    for i, at in enumerate((10_000, 50_000, 70_000, 90_000)):
        cell.data(metric(None, 9, "int", alias=12), seq=89 + i, at_ms=at)
        cell.settle(at + 5_000)
    assert len(plant.orders) == 2
    assert cell.notes()["births asked for"] == 2


def test_that_a_birth_that_comes_by_itself_is_not_asked_for(make_cell: Any) -> None:
    plant, cell = Plant(), make_cell(rebirth=True)
    cell.decoder.publish = plant.publish
    cell.data(metric(None, 9, "int", alias=12), seq=88, at_ms=10)
    cell.born(speed(1), at_ms=500)
    cell.settle(10_000)
    assert plant.orders == []
