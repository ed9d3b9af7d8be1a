"""Whatever a publisher sends, every dialect either makes samples of it or refuses it with a reason; nothing else ever happens."""

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.codec.conftest import Bench
from twin_app.codec.dialects import DIALECTS
from twin_app.codec.refusal import Reason
from twin_app.model.equipment import MapRule, SourceSpec
from twin_app.model.samples import Kind

RULES: dict[str, list[dict[str, Any]]] = {
    "packml_tags": [{"topic": "{unit}/{tag...}"}],
    "scalar": [{"topic": "{unit}/{tag...}"}],
    "json_flat": [{"topic": "{unit}/#", "time_field": "t", "time_unit": "auto"}],
    "json": [
        {"topic": "{unit}/#", "time_field": "t", "time_unit": "auto", "time_zone": "Asia/Shanghai"},
        {"topic": "{unit}/#", "each": "a", "time_field": "t", "time_unit": "ms", "signals": {"v": "State", "a[*].v": "Processed"}},
        {"topic": "{unit}/#", "each": "a.*", "name_field": "name", "value_field": "v"},
        {"topic": "{unit}/#", "each": "a[*].a", "time_field": "[0]"},
    ],
    "umh": [{"topic": "#"}],
    "vda5050": [{"topic": "{unit}/+", "signals": {"a[0].v": "Extra"}}],
}
"""Rules of every dialect that leave much to the message."""
CASES = [(dialect, rule) for dialect, rules in RULES.items() for rule in rules]
TAGS = (
    "state",
    "connection",
    "visualization",
    "Status/StateCurrent",
    "Admin/ProdProcessedCount[0]/AccCount",
    "_historian/x",
    "_raw",
    "order",
)
MEMBERS = (
    "a", "t", "v", "name", "value", "timestamp_ms", "timestamp", "connectionState", "agvPosition", "mobileRobotPosition", "x", "theta",
    "positionInitialized", "velocity", "vx", "errors", "errorLevel", "loads", "loadId", "driving", "paused", "operatingMode", "batteryState",
    "powerSupply", "batteryCharge", "charging", "safetyState", "eStop", "actionStates", "actionStatus", "State", "Processed", "a/b", "",
)  # fmt: skip
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=12),
    st.sampled_from(["FATAL", "ONLINE", "CONNECTIONBROKEN", "Execute", "NONE", "2026-11-23T09:25:57Z", 1_795_425_957_000]),
)  # fmt: skip
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=6)),
    max_leaves=20,
)
"""JSON of the members that the dialects look for, in places and of kinds where they do not belong."""
PAYLOADS = st.one_of(st.binary(max_size=64), st.text(max_size=32).map(str.encode), DOCUMENTS.map(lambda d: json.dumps(d).encode()))
MESSAGES = st.lists(st.tuples(st.sampled_from(TAGS), PAYLOADS, st.booleans()), min_size=1, max_size=6)


def made(dialect: str, rule: dict[str, Any]) -> Bench:
    """Return a bench that hears one rule."""
    return Bench(SourceSpec(id="plant", title="", rules=(MapRule(dialect=dialect, **rule),)))


@pytest.mark.parametrize(("dialect", "rule"), CASES)
@given(messages=MESSAGES)
@settings(max_examples=50)
def test_that_any_message_becomes_samples_or_is_refused_with_a_reason(
    dialect: str, rule: dict[str, Any], messages: list[tuple[str, bytes, bool]]
) -> None:
    bench = made(dialect, rule)
    for i, (tag, payload, retain) in enumerate(messages):
        assert bench.say(f"Filler/{tag}", payload, at_ms=i, retain=retain) in {"", *Reason}
    for sample in bench.samples():
        assert sample.kind is not Kind.NUMBER or math.isfinite(float(sample.value or 0.0))
        assert "/" not in sample.name or sample.unit == "@plant"
    assert bench.tally.received == len(messages)
    assert sum(bench.tally.refused.values()) <= len(messages)
    assert Reason.UNFORESEEN not in bench.tally.refused


@pytest.mark.parametrize(("dialect", "rule"), CASES)
def test_that_every_cut_of_a_sound_message_is_read_or_refused(dialect: str, rule: dict[str, Any], sound: bytes) -> None:
    bench = made(dialect, rule)
    for end in range(len(sound)):
        assert bench.say("Filler/state", sound[:end]) in {"", *Reason}
    assert bench.say("Filler/state", sound) == ""


@pytest.fixture
def sound() -> bytes:
    """A message that every dialect understands in its own way."""
    return b'{"t":1795425957000,"a":[{"name":"temp","v":"Execute","t":1795425957000}],"value":1,"driving":true,"errors":[]}'


def test_that_every_dialect_of_single_messages_is_tried() -> None:
    """Sparkplug B, which remembers what it heard before, has tests of its own."""
    assert set(RULES) == {dialect.key for dialect in DIALECTS} - {"sparkplug_b"}
