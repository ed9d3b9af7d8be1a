"""What a rule's topic says about Sparkplug, and what a layout may say at all."""

from collections.abc import Callable
from pathlib import Path

import pytest

from twin_app.errors import LayoutError
from twin_app.layout import load
from twin_app.layout.sparkplug import head, subscription

LAYOUT = """
schema = 1
[line]
id = "L1"
site = "S"
area = "A"
zone = "UTC"
constraint = "Filler"
[[source]]
id = "plant"
{source}
[[source.map]]
topic = "{topic}"
dialect = "sparkplug_b"
{rule}
[[unit]]
id = "Filler"
type = "filler"
"""


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., object]:
    def read(topic: str = "spBv1.0/G/+/E/{unit}/#", rule: str = "", source: str = "") -> object:
        path = tmp_path / "line.toml"
        path.write_text(LAYOUT.replace("{topic}", topic).replace("{rule}", rule).replace("{source}", source), encoding="utf-8")
        return load(path).sources[0]

    return read


@pytest.mark.parametrize(
    ("topic", "wanted"),
    [
        ("spBv1.0/G/+/E/{unit}/{tag...}", "spBv1.0/G/+/E/#"),  # the node's births and deaths belong to every device
        ("spBv1.0/G/DDATA/E/D/{unit}/#", "spBv1.0/G/+/E/#"),
        ("spBv1.0/{unit}/+/+/#", "spBv1.0/+/+/+/#"),
        ("spBv1.0/G/+/{unit}/+/{tag...}", "spBv1.0/G/+/+/#"),
        ("bridge/north/spBv1.0/G/NDATA/{unit}/#", "bridge/north/spBv1.0/G/+/+/#"),
    ],
)
def test_that_all_messages_of_the_edge_nodes_that_a_rule_names_are_subscribed_to(topic: str, wanted: str) -> None:
    assert subscription(topic) == wanted


@pytest.mark.parametrize(
    "topic",
    ["plant/{unit}/#", "spBv1.0/G/+/E", "spBv1.0/G/DBIRTH/E/{unit}/#", "spBv1.0/G/#", "spBv1.0/G/+/{tag...}", "spbv1.0/G/+/E/{unit}/#"],
)
def test_that_what_is_no_path_of_metrics_is_told_apart(topic: str) -> None:
    assert head(topic) is None


def test_that_a_topic_that_is_no_path_of_metrics_is_refused_with_what_it_should_be(read: Callable[..., object]) -> None:
    with pytest.raises(LayoutError) as caught:
        read(topic="spBv1.0/G/DBIRTH/E/{unit}/#")
    (finding,) = caught.value.findings
    assert finding.partition(":")[2] == (
        "13: source[1].map[1].topic: is no path of Sparkplug metrics; "
        "allowed: spBv1.0/group/+/edge node/, then device and metric, {unit} or {tag...}."
    )


def test_that_a_time_field_has_no_business_beside_metrics_that_bear_their_own(read: Callable[..., object]) -> None:
    with pytest.raises(LayoutError) as caught:
        read(rule='time_field = "ts"')
    assert "stands beside sparkplug_b, whose metrics bear their own times" in caught.value.findings[0]


@pytest.mark.parametrize(("source", "rebirth"), [("", False), ("rebirth = true", True), ("rebirth = false", False)])
def test_that_births_are_asked_for_only_where_the_layout_says_so(read: Callable[..., object], source: str, rebirth: bool) -> None:
    assert getattr(read(source=source), "rebirth") is rebirth  # noqa: B009 - a source, to be sure
