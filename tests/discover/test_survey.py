"""A broker as a whole: bounded, counted, and never more looked into than asked for."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.discover.plant import NOON_NS, SECOND_NS, heard
from twin_app.discover.crowd import Crowd
from twin_app.discover.forms import Form
from twin_app.discover.survey import MAX_FIELDS, MAX_TOPICS, Survey, tag_of


def flood(survey: Survey, topics: int) -> Survey:
    for i in range(topics):
        survey.take(f"flood/{i % 317}/{i}/value", b"21.5", NOON_NS + i)
    return survey


def test_that_of_a_hundred_thousand_topics_some_are_kept_and_the_rest_counted() -> None:
    survey = flood(Survey(), 100_000)
    assert (len(survey.topics), survey.messages, survey.beyond_topics) == (MAX_TOPICS, 100_000, 100_000 - MAX_TOPICS)
    assert survey.further_topics == pytest.approx(100_000 - MAX_TOPICS, rel=0.02)


def test_that_a_topic_costs_two_kilobytes_and_one_that_is_not_kept_nothing() -> None:
    tracemalloc.start()
    survey = flood(Survey(max_topics=1_000), 1_000)
    kept, _ = tracemalloc.get_traced_memory()
    for i in range(5_000):
        survey.take(f"further/{i}", b"21.5", NOON_NS + i)
    flooded, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept / 1_000 < 2_500  # bytes: 25 MB for all that are kept
    assert flooded - kept < 10_000


def test_that_fields_are_bounded_over_all_topics() -> None:
    survey = Survey()
    for i in range(200):
        survey.take(f"plant/machine{i}", ("{" + ",".join(f'"f{k}_{i}":1' for k in range(900)) + "}").encode(), NOON_NS + i)
    assert sum(len(profile.fields) for profile in survey.topics.values()) == MAX_FIELDS
    assert sum(profile.fields_left for profile in survey.topics.values()) == 200 * 900 - MAX_FIELDS


def test_that_no_more_messages_a_second_are_looked_into_than_asked_for() -> None:
    survey = Survey(limit=10)
    for i in range(3000):  # 1,000 a second on three topics
        survey.take(f"plant/press/{'abc'[i % 3]}", str(i).encode(), NOON_NS // SECOND_NS * SECOND_NS + i * SECOND_NS // 1000)
    assert (survey.looked, survey.beyond_limit) == (3 + 3 * 10, 3000 - 33)  # the first of each topic always is
    assert sum(profile.messages for profile in survey.topics.values()) == 3000


def test_that_the_first_message_of_each_topic_is_looked_into_whatever_the_limit() -> None:
    survey = heard(*((f"plant/press/{i}", str(i)) for i in range(500)), every_s=0.0, survey=Survey(limit=1), retain=True)
    assert survey.looked == 500
    assert all(profile.retained == 1 for profile in survey.topics.values())


def test_that_topics_no_layout_could_name_are_counted_apart() -> None:
    survey = heard(("x" * 500, "1"), ("tab\there", "1"), ("plant/press/a", "1"))
    survey.refuse(7)
    assert (list(survey.topics), survey.beyond_topics, survey.messages, survey.size) == (["plant/press/a"], 3, 4, 10)


def test_that_a_published_simulation_is_known_as_one() -> None:
    assert not heard(("plant/press/temp", "1")).simulated
    assert heard(("simulated/plant/press/temp", "1")).simulated


def test_that_a_payload_that_was_cut_counts_whole_and_is_not_read() -> None:
    survey = Survey()
    survey.take("plant/camera", b"\xff\xd8", NOON_NS, cut_from=300_000_000)
    (profile,) = survey.topics.values()
    assert (profile.largest, survey.size, profile.form) == (300_000_000, 300_000_000, Form.LARGE)


def test_that_orders_to_the_plant_are_not_read() -> None:
    survey = heard(("spBv1.0/G/NCMD/E", b"\x01"), ("spBv1.0/STATE/host", '{"online":true}'))
    assert {profile.form for profile in survey.topics.values()} == {Form.ORDERS}
    assert not any(profile.is_foreign for profile in survey.topics.values())


@given(st.lists(st.tuples(st.text(min_size=1, max_size=30), st.binary(max_size=100), st.booleans())))
def test_that_nothing_on_a_broker_is_too_odd(said: list[tuple[str, bytes, bool]]) -> None:
    survey = Survey(max_topics=20)
    for i, (topic, payload, retain) in enumerate(said):
        survey.take(topic, payload, NOON_NS + i, retain=retain)
    assert survey.messages == len(said)
    assert survey.messages == sum(profile.messages for profile in survey.topics.values()) + survey.beyond_topics


def test_that_a_crowd_is_counted_in_fixed_memory() -> None:
    crowd = Crowd()
    assert crowd.size == 0
    for i in range(50_000):
        crowd.add(str(i % 25_000).encode())
    assert crowd.size == pytest.approx(25_000, rel=0.02)


def test_that_a_packtag_begins_at_status_admin_or_command() -> None:
    assert tag_of("A/B/Filler/Status/StateCurrent") == ("A/B/Filler", "Status/StateCurrent")
    assert tag_of("A/B/Filler/Status.StateCurrent") == ("A/B/Filler", "Status.StateCurrent")
    assert tag_of("A/B/Filler/temp") == ("A/B/Filler/temp", "")
