from __future__ import annotations

from dataclasses import replace

import pytest

from tests.ui.shell import plant
from twin_app.clock import SECOND_NS
from twin_app.model.message import SourceHealth, Status
from ui.health import summary, trouble

NOW = plant.NOW_NS
LONG_AGO = NOW - 60 * SECOND_NS


def test_that_one_line_says_how_a_live_source_is() -> None:
    assert summary([plant.health(refused={"not JSON": 3}, dropped=2)], NOW) == [
        "Hall broker connected", "1\u2009284 msg/s", "newest 0.2 s", "refused 3", "dropped 2",
    ]  # fmt: skip


def test_that_a_file_has_no_rate_and_no_age() -> None:
    file = replace(plant.health(), live=False, status=Status.COMPLETE, title="Shift", received=5003)
    assert summary([file], NOW) == ["Shift read to its end", "5\u2009003 messages", "refused 0", "dropped 0"]


def test_that_of_a_file_that_is_loading_it_is_said_which_and_how_much_is_there() -> None:
    file = replace(plant.health(), live=False, status=Status.LOADING, address="/data/2026-03-02.twinrec", share=0.437, received=0)
    assert summary([file], NOW)[0] == "2026-03-02.twinrec loading, 43 %"
    further = replace(file, source="two", share=0.999)
    assert summary([further], NOW)[0] == "2026-03-02.twinrec loading, 99 %", "all of it is there when it is read to its end"
    assert summary([file, further], NOW)[0] == "2026-03-02.twinrec loading, 43 %", "one recording holds what all sources said"
    assert summary([replace(file, share=None)], NOW)[0] == "Hall broker loading"


def test_that_several_sources_are_counted_by_how_they_are() -> None:
    assert summary([plant.health(), plant.health(status=Status.FAILED)], NOW)[0] == "1 of 2 sources well"


def test_that_lag_and_unmapped_topics_are_said_only_where_there_are_any() -> None:
    parts = summary([plant.health(unmapped={"a": 2, "b": 1})], NOW, behind_s=3.4)
    assert parts[-2:] == ["not mapped 3", "behind 3.4 s"]


def test_that_a_source_that_never_spoke_says_so() -> None:
    assert "nothing received yet" in summary([plant.health(newest_ns=None)], NOW)
    assert summary([], NOW) == ["no source"]


@pytest.mark.parametrize(
    "health",
    [
        plant.health(),
        plant.health(status=Status.CONNECTING, since_ns=NOW - SECOND_NS),
        plant.health(status=Status.LOADING, live=False),
        plant.health(status=Status.COMPLETE, live=False),
        plant.health(received=10, unmapped={"x": 9}, since_ns=LONG_AGO),
        plant.health(received=10, unmapped={"x": 10}, since_ns=NOW - SECOND_NS),
    ],
)
def test_that_what_is_well_or_soon_will_be_is_no_trouble(health: SourceHealth) -> None:
    assert trouble(health, NOW) is None


def test_that_a_broker_that_stays_away_is_a_trouble_with_its_cure() -> None:
    away = plant.health(status=Status.CONNECTING, since_ns=LONG_AGO, error="Nobody listens at plant:1883. Check the address.")
    found = trouble(away, NOW)
    assert found is not None
    assert found.what == "No connection to Hall broker for 1 min 00 s."
    assert found.rest.endswith("Nobody listens at plant:1883. Check the address.")


def test_that_a_file_that_failed_is_a_trouble() -> None:
    found = trouble(plant.health(status=Status.FAILED, live=False, error="The file is missing."), NOW)
    assert found is not None
    assert (found.what, found.rest) == ("Hall broker failed.", "The file is missing.")


def test_that_a_source_on_whose_topics_nobody_speaks_names_what_the_broker_speaks_of() -> None:
    found = trouble(plant.health(received=0, newest_ns=None, elsewhere=("a/b", "a/c", "a/d", "a/e", "a/f")), NOW)
    assert found is not None
    assert found.what == "Hall broker is connected, but nothing came on its topics."
    assert "The broker speaks of a/b, a/c, a/d and 2 more." in found.rest


def test_that_a_source_without_one_mapped_topic_names_the_loudest_topics() -> None:
    unmapped = {f"t{n}": n for n in range(1, 6)}
    found = trouble(plant.health(received=16, unmapped=unmapped, refused={"not JSON": 1}, since_ns=LONG_AGO), NOW)
    assert found is not None
    assert "no topic of it is mapped" in found.what
    assert "t5, t4, t3 and 2 more" in found.rest


def test_that_a_recorder_that_is_gone_is_no_lost_broker_and_who_records_is_told_while_all_is_well() -> None:
    who = "the recorder of twin (process 7)"
    assert summary((plant.health(recorded_by=who),), NOW)[-1] == f"recorded by {who}"
    gone = trouble(plant.health(status=Status.DISCONNECTED, unheard=True, error="It has ended.", since_ns=NOW - SECOND_NS), NOW)
    assert gone is not None
    assert (gone.what, gone.rest) == ("Nothing was heard of Hall broker for 1.0 s.", "It has ended.")
