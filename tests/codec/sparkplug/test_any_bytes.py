"""Whatever bytes come, in whatever order: a refusal or samples, never an exception, never memory without end."""

import gzip
import tracemalloc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.codec.sparkplug import encoding as sp
from tests.codec.sparkplug.conftest import Cell
from tests.codec.sparkplug.encoding import compressed, field, metric, payload, session
from twin_app.codec.sparkplug import datatypes, host, wire
from twin_app.codec.sparkplug.order import Order
from twin_app.errors import DecodeError
from twin_app.model.samples import Quality

KINDS = ["NBIRTH", "DBIRTH", "NDATA", "DDATA", "NDEATH", "DDEATH", "NCMD", "DCMD", "STATE"]
numbers = st.integers(0, 2**64 - 1)
values = st.one_of(
    st.tuples(st.just("int"), st.integers(0, 2**32 - 1)), st.tuples(st.just("long"), numbers), st.tuples(st.just("float"), st.floats(width=32)),
    st.tuples(st.just("double"), st.floats()), st.tuples(st.just("bool"), st.booleans()), st.tuples(st.just("string"), st.text(max_size=20)),
    st.tuples(st.sampled_from(["string", "bytes", "dataset", "template"]), st.binary(max_size=40)), st.just(("", None)),
)  # fmt: skip
names = st.one_of(
    st.none(), st.sampled_from(["Speed", "Status/StateCurrentStr", "Status/StateCurrent", "bdSeq", ""]), st.binary(max_size=5)
)


@st.composite
def metrics(draw: Any) -> bytes:
    kind, value = draw(values)
    return metric(
        draw(names), value, kind, datatype=draw(st.integers(0, 40)), alias=draw(st.none() | st.integers(0, 3)),
        at_ms=draw(st.none() | st.just(1_795_425_957_000) | numbers), null=draw(st.booleans()), historical=draw(st.booleans()),
        properties=draw(st.none() | st.dictionaries(st.sampled_from(["Quality", "engUnit"]), st.integers(0, 600) | st.text(max_size=5))),
    )  # fmt: skip


payloads = st.builds(
    lambda *parts: payload(*parts[0], seq=parts[1], at_ms=parts[2]),
    st.lists(metrics(), max_size=4), st.none() | st.integers(0, 300), st.none() | st.just(1_795_425_957_000) | numbers,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=200), payloads, payloads.map(lambda data: compressed(gzip.compress(data)))))
def test_that_reading_gives_a_payload_or_a_refusal(data: bytes) -> None:
    try:
        found = wire.read(data)
    except DecodeError:
        return
    for one in found.metrics:
        try:
            held = datatypes.held(one, one.datatype)
        except DecodeError:
            continue
        assert held is None or isinstance(held, str | int | float | bytes)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from(["", "Filler", "Capper", "Stranger"]), payloads, st.booleans()), max_size=12)
)
def test_that_any_story_ends_in_samples_with_all_messages_counted(story: list[tuple[str, str, bytes, bool]]) -> None:
    cell = Cell()
    for i, (kind, device, data, retain) in enumerate(story):
        topic = f"spBv1.0/G/{kind}/E" + (f"/{device}" if device else "")
        reason = cell.say(topic, data, at_ms=700 * i, retain=retain)
        assert reason != "not understood, a fault of the program"
    cell.settle(10**9)
    samples = cell.samples()
    assert cell.tally.received == len(story)
    assert all(sample.message < len(story) for sample in samples)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 255), st.lists(st.integers(0, 40), max_size=40))
def test_that_every_message_goes_on_once_in_whatever_order_it_came(first: int, steps: list[int]) -> None:
    order: Order[int] = Order()
    order.restart(first)
    out: list[int] = []
    for i, step in enumerate(steps):
        out += order.offer((first + step) % 256, i, i)
    while (gap := order.give_up(2**62)) is not None:
        assert gap.missed > 0
        out += gap.items
    assert sorted(out) == list(range(len(steps)))


@settings(max_examples=60, deadline=None)
@given(st.permutations(range(8)))
def test_that_what_arrives_within_the_patience_leaves_in_the_senders_order(arrival: list[int]) -> None:
    order: Order[int] = Order()
    order.restart(250)
    out = [item for i in arrival for item in order.offer((251 + i) % 256, i, 0)]
    assert (out, order.due_ns) == (list(range(8)), None)


def test_that_strangers_and_bombs_take_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "MAX_EDGES", 200)
    cell = Cell(topic="spBv1.0/+/+/+/{unit}/{tag...}")
    bomb = compressed(gzip.compress(bytes(32 * 1024 * 1024)))
    nest = b""
    for _ in range(300):
        nest = field(18, field(2, nest))
    tracemalloc.start()
    cell.say("spBv1.0/G/DDATA/E/Filler", bomb)
    cell.say("spBv1.0/G/DDATA/E/Filler", payload(nest, seq=1))
    for i in range(300):
        cell.say(f"spBv1.0/G/DBIRTH/E{i}/Filler", payload(session(0), metric("M", 1, "int", datatype=sp.INT32), seq=1))
        cell.columns.take_all()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20 * 1024 * 1024
    assert sum(n for path, n in cell.tally.unmapped.items() if path != "spBv1.0/G/DDATA/E/Filler") >= 100


def test_that_ten_thousand_names_make_no_more_signals_than_may_appear() -> None:
    cell = Cell()
    cell.hear("NBIRTH", session(0), seq=0)
    cell.hear("DBIRTH", *(metric(f"M{i}", i, "int", datatype=sp.INT32) for i in range(10_000)), device="Filler", seq=1)
    assert len({s.name for s in cell.samples() if s.unit == "Filler" and s.quality is Quality.GOOD}) == 1_000
    assert sum(cell.tally.unmapped.values()) >= 9_000
