from collections.abc import Callable
from typing import Any

import pytest

from tests.codec.sparkplug.encoding import metric
from tests.codec.sparkplug.encoding import payload as sparkplug
from twin_app.errors import RecordingError
from twin_app.model.equipment import MapRule
from twin_app.model.message import Status
from twin_app.model.samples import Quality

STATE, NUMBER = "plant/Filler/Status/StateCurrentStr", "plant/Filler/Status/StateCurrent"


def health(bench: Any) -> Any:
    return bench.intake.health(address="", live=True, status=Status.CONNECTED, since_ns=0)


def test_that_a_message_reaches_the_store_with_the_time_it_was_received(bench: Any) -> None:
    bench.intake.receive(STATE, b"Execute", received_ns=bench.now_ns + 7_000_000)
    bench.intake.commit()
    assert bench.rows("Filler", "State") == [(7, "Execute", Quality.GOOD)]


def test_that_the_clock_gives_the_time_where_the_source_has_none(bench: Any) -> None:
    bench.now_ns += 3_000_000
    bench.intake.receive(STATE, b"Execute")
    bench.intake.commit()
    assert bench.rows("Filler", "State") == [(3, "Execute", Quality.GOOD)]


def test_that_every_message_stays_readable_and_refused_ones_say_why(bench: Any) -> None:
    bench.intake.receive(STATE, b"Execute")
    bench.intake.receive("plant/Filler/Status/CurMachSpeed", b"fast")
    bench.intake.flush()
    refused, good = bench.store.raw.newest(2**62, 10)
    assert (good.message.payload, good.refused) == (b"Execute", "")
    assert refused.refused == "Refused: not a number (found 'fast')."


def test_that_a_reopened_connection_wins_over_its_end_at_the_same_instant(bench: Any) -> None:
    bench.intake.connected(bench.now_ns)
    bench.intake.disconnected(bench.now_ns)
    bench.intake.connected(bench.now_ns + 5_000_000)
    bench.intake.commit()
    assert [(at, value) for at, value, _ in bench.rows("@plant", "Connected")] == [(0, 1.0), (0, 0.0), (5, 1.0)]
    at_0 = bench.store.state_at(bench.now_ns)
    assert at_0.value[bench.signals.find("@plant", "Connected")] == 0.0


def test_that_a_loss_noticed_late_is_dated_back_to_the_last_proof_of_life(bench: Any) -> None:
    bench.intake.connected(bench.now_ns)
    bench.now_ns += 30_000_000
    bench.intake.disconnected(bench.now_ns - 20_000_000)
    bench.intake.commit()
    assert [(at, value) for at, value, _ in bench.rows("@plant", "Connected")] == [(0, 1.0), (10, 0.0)]


def test_that_waiting_numbers_settle_while_a_live_source_is_silent(bench: Any) -> None:
    bench.intake.receive(NUMBER, b"6")
    bench.intake.flush(bench.now_ns + 1_000_000_000)
    assert bench.rows("Filler", "State") == []
    bench.intake.flush(bench.now_ns + 1_001_000_000)
    assert bench.rows("Filler", "State") == [(0, "Execute", Quality.GOOD)]


def test_that_the_end_of_a_file_settles_waiting_numbers(bench: Any) -> None:
    bench.intake.receive(NUMBER, b"6")
    assert bench.intake.finish()
    assert bench.rows("Filler", "State") == [(0, "Execute", Quality.GOOD)]


def test_that_everything_out_of_the_ordinary_is_counted_by_reason(bench: Any) -> None:
    said: tuple[tuple[str, bytes], ...] = (
        (STATE, b"Execute"), (STATE, b"Warmup"), ("plant/Filler/Status/CurMachSpeed", b"fast"), ("plant/Filler/Status/CurMachSpeed", b"slow"),
        ("json/Capper", b"{"), ("plant/Filler/Command/Start", b"1"), ("nobody/asked", b"1"),
    )  # fmt: skip
    for topic, payload in said:
        bench.intake.receive(topic, payload)
    bench.intake.receive(STATE, b"Idle", retain=True)
    bench.intake.flush()
    found = health(bench)
    assert (found.received, found.ignored, found.retained) == (8, 1, 1)
    assert found.refused == {"not a number": 2, "not JSON": 1}
    assert found.examples == {"not a number": "'plant/Filler/Status/CurMachSpeed': 'slow'", "not JSON": "'json/Capper': '{'"}
    assert found.unmapped == {"nobody/asked": 1}
    assert found.unknown_states == {"Filler: Warmup": 1}
    assert found.newest_ns == bench.now_ns
    assert found.per_second > 0


def test_that_a_source_of_which_nothing_is_mapped_says_which_topics_were_seen(bench: Any) -> None:
    for i in range(21):
        bench.intake.receive(f"elsewhere/{i % 7}", b"1")
    assert health(bench).error == (
        "None of the 21 messages of plant is mapped to a unit. Topics seen: elsewhere/0, elsewhere/1, elsewhere/2, elsewhere/3, elsewhere/4, …."
        " Map them with [[source.map]] in the layout."
    )
    bench.intake.receive(STATE, b"Execute")
    assert health(bench).error == ""


@pytest.mark.allow_logs
def test_that_a_fault_of_ours_is_counted_and_the_next_message_still_read(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    decode = bench.intake._decoder.decode

    def broken(*_arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(bench.intake._decoder, "decode", broken)
    bench.intake.receive(STATE, b"Execute")
    monkeypatch.setattr(bench.intake._decoder, "decode", decode)
    bench.intake.receive(STATE, b"Held")
    bench.intake.commit()
    assert health(bench).refused == {"not understood, a fault of the program": 1}
    assert [value for _, value, _ in bench.rows("Filler", "State")] == ["Held"]


@pytest.mark.allow_logs
def test_that_a_full_disk_is_told_until_everything_is_durable_again(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> int:
        raise RecordingError("The disk is full.", tip="Make room.")

    bench.intake.receive(STATE, b"Execute")
    monkeypatch.setattr(bench.store, "commit", full)
    assert not bench.intake.commit()
    assert health(bench).error == "The disk is full. Make room."
    monkeypatch.setattr(bench.store, "commit", lambda: 0)
    assert not bench.intake.commit()
    assert health(bench).error == "The disk is full. Make room."
    monkeypatch.undo()
    assert bench.intake.commit()
    assert health(bench).error == ""
    assert [value for _, value, _ in bench.rows("Filler", "State")] == ["Execute"]


def test_that_a_topic_tells_its_unit_before_any_message_came(bench: Any) -> None:
    assert bench.intake.unit_of("plant/Capper/Status/StateCurrent") == "Capper"
    assert bench.intake.unit_of("plant/Stranger/Status/StateCurrent") is None
    assert bench.intake.unit_of("elsewhere") is None


def timed(bench: Any, value: int, source_ms: int) -> None:
    """Say a value with the machine's own time, in ms since the bench's first instant."""
    first_ms = 1_795_425_957_000
    bench.intake.receive("timed/Filler", b'{"at": %d, "level": %d}' % (first_ms + source_ms, value))


def test_that_late_repeated_and_waiting_samples_and_the_clocks_offset_are_told(make_bench: Callable[..., Any]) -> None:
    bench = make_bench(rules=(MapRule(topic="timed/{unit}", dialect="json_flat", time_field="at", time_unit="ms"),))
    for received_ms, source_ms, value in ((500, 0, 1), (600, 100, 2), (700, 200, 3), (800, 150, 4), (900, 200, 3)):
        bench.now_ns = 1_795_425_957_000_000_000 + received_ms * 1_000_000
        timed(bench, value, source_ms)
    bench.intake.flush()
    assert health(bench).backlog == 5
    assert [value for _, value, _ in bench.rows("Filler", "level")] == [1, 2, 4, 3]
    found = health(bench)
    assert (found.samples, found.backlog, found.duplicates, found.out_of_order) == (5, 0, 1, 1)
    assert found.clock_offset_s == 0.5  # the median of 500, 500, 500, 650 and 700 ms


def test_that_a_source_without_times_of_its_own_has_no_clock_to_judge(bench: Any) -> None:
    bench.intake.receive(STATE, b"Execute")
    bench.intake.flush()
    assert health(bench).clock_offset_s is None


def test_that_what_a_sparkplug_host_notices_besides_is_told(make_bench: Callable[..., Any]) -> None:
    bench = make_bench(rules=(MapRule(topic="spBv1.0/G/+/E/{unit}/{tag...}", dialect="sparkplug_b"),))
    bench.intake.receive("spBv1.0/G/DDATA/E/Filler", sparkplug(metric(alias=7, value=1, kind="int"), seq=4))
    assert health(bench).notes == {
        "Sparkplug: messages of a sender that announced no birth, or died": 1,
        "Sparkplug: values that wait for a birth to say what they are": 1,
    }
