import pytest

from twin_app.codec.topics import Match, TopicPattern, covers, subscription, subscriptions
from twin_app.model.equipment import MapRule, SourceSpec


@pytest.mark.parametrize(
    ("pattern", "topic", "found"),
    [
        ("hall/{unit}/{tag...}", "hall/Filler/Status/StateCurrent", Match("Filler", "Status/StateCurrent")),
        ("hall/{unit}/{tag...}", "hall/Filler", None),
        ("hall/{unit}/state", "hall/Filler/state", Match("Filler", "state")),
        ("hall/{unit}/state", "hall/Filler/state/raw", None),
        ("hall/+/speed", "hall/Filler/speed", Match("", "speed")),
        ("hall/+/speed", "hall//speed", Match("", "speed")),
        ("hall/{unit}/#", "hall/Filler/a/b", Match("Filler", "a/b")),
        ("hall/{unit}/#", "hall/Filler", Match("Filler", "Filler")),
        ("#", "anything/at/all", Match("", "anything/at/all")),
        ("#", "$SYS/broker/uptime", None),
        ("+/broker/uptime", "$SYS/broker/uptime", None),
        ("$SYS/broker/{tag...}", "$SYS/broker/uptime", Match("", "uptime")),
        ("a.b/{unit}", "axb/Filler", None),
        ("hall/{unit}/{tag...}", "hall/Filler/with\nnewline", Match("Filler", "with\nnewline")),
        ("工厂/{unit}/{tag...}", "工厂/灌装机/状态", Match("灌装机", "状态")),
    ],
)
def test_that_a_topic_names_its_unit_and_its_tag(pattern: str, topic: str, found: Match | None) -> None:
    assert TopicPattern(pattern).match(topic) == found


def test_that_a_rule_is_subscribed_to_by_mqtts_own_wildcards() -> None:
    assert subscription("hall/{unit}/+/{tag...}") == "hall/+/+/#"


@pytest.mark.parametrize(
    ("wide", "narrow", "expected"),
    [
        ("#", "a/b", True),
        ("a/#", "a", True),
        ("a/#", "a/b/c", True),
        ("a/+/c", "a/b/c", True),
        ("a/+/c", "a/+/c", True),
        ("a/+", "a/#", False),
        ("a/b", "a/+", False),
        ("a/+/c", "a/b", False),
        ("a/b", "a/b/c", False),
    ],
)
def test_that_a_wider_filter_is_known_to_cover_a_narrower_one(wide: str, narrow: str, expected: bool) -> None:
    assert covers(wide, narrow) is expected


def test_that_overlapping_rules_are_subscribed_to_once_and_ignored_topics_not_at_all() -> None:
    rules = (
        MapRule(topic="junk/#", dialect="packml_tags", ignore=True),
        MapRule(topic="hall/{unit}/state", dialect="json_flat"),
        MapRule(topic="hall/{unit}/{tag...}", dialect="packml_tags"),
        MapRule(topic="hall/+/#", dialect="packml_tags", unit="Filler"),
        MapRule(topic="yard/{unit}", dialect="json_flat"),
    )
    assert subscriptions(SourceSpec(id="s", title="", rules=rules)) == ("hall/+/#", "yard/+")


def test_that_a_sources_own_filters_come_before_its_rules() -> None:
    source = SourceSpec(id="s", title="", subscribe=("a/#", "a/b"), rules=(MapRule(topic="x/{unit}", dialect="json_flat"),))
    assert subscriptions(source) == ("a/#",)
