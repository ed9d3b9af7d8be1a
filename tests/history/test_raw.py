"""The raw messages that stay readable: the newest, within a bound that no hostile payload can break."""

from __future__ import annotations

import gc
import threading

from twin_app.history.raw import MAX_PAYLOAD_BYTES, RawRing
from twin_app.model.message import Message, RawMessage


def raw(seq: int, *, size: int = 10, topic: str = "a/b", refused: str = "") -> RawMessage:
    return RawMessage(Message(seq=seq, source="s", topic=topic, payload=b"x" * size, received_ns=seq * 1000), refused)


def numbers(found: list[RawMessage]) -> list[int]:
    return [one.message.seq for one in found]


def test_that_the_newest_come_first_and_none_from_after_the_playhead() -> None:
    ring = RawRing(10**6)
    for seq in range(2000):
        ring.append(raw(seq))
    assert numbers(ring.newest(1500 * 1000, 3)) == [1500, 1499, 1498]
    assert numbers(ring.newest(10**9, 2)) == [1999, 1998]
    assert ring.newest(-1, 5) == []


def test_that_a_units_messages_are_found_among_all_others() -> None:
    ring = RawRing(10**6)
    for seq in range(1000):
        ring.append(raw(seq, topic=f"line/{seq % 10}/State"))
    found = ring.newest(10**9, 3, lambda message: message.topic == "line/4/State")
    assert numbers(found) == [994, 984, 974]


def test_that_refused_messages_keep_their_reason() -> None:
    ring = RawRing(10**6)
    ring.append(raw(1, refused="Not JSON."))
    assert ring.newest(10**9, 1)[0].refused == "Not JSON."


def test_that_the_oldest_fall_out_and_are_counted() -> None:
    ring = RawRing(100_000)
    for seq in range(5000):
        ring.append(raw(seq))
    kept = numbers(ring.newest(10**9, 10**6))
    assert kept == list(range(4999, 4999 - len(ring), -1)), "without a gap"
    assert 1200 < len(ring) <= 100_000 // 77, "ten bytes, three of topic, and what keeping them costs"
    assert ring.fallen_out == 5000 - len(ring)


def test_that_ten_megabytes_in_one_payload_do_not_flush_the_others() -> None:
    ring = RawRing(2**20)
    for seq in range(100):
        ring.append(raw(seq))
    for seq in range(100, 105):
        ring.append(raw(seq, size=10_000_000))
    assert len(ring) == 105
    cut = ring.newest(10**9, 1)[0]
    assert len(cut.message.payload) == MAX_PAYLOAD_BYTES
    assert cut.cut_from_bytes == 10_000_000
    assert ring.newest(99_000, 1)[0].cut_from_bytes == 0


def test_that_a_message_is_found_by_the_number_its_samples_carry() -> None:
    ring = RawRing(10**6)
    for seq in range(0, 3000, 3):
        ring.append(raw(seq))
    found = ring.find(2997)
    assert found is not None
    assert found.message.seq == 2997
    assert ring.find(2998) is None


def test_that_the_newest_message_is_kept_even_in_a_ring_too_small_for_it() -> None:
    ring = RawRing(1)
    ring.append(raw(1))
    ring.append(raw(2))
    assert numbers(ring.newest(10**9, 9)) == [2]


def test_that_reading_while_sources_append_never_fails_nor_shows_a_message_twice() -> None:
    ring = RawRing(200_000)
    done = threading.Event()

    def receive() -> None:
        for seq in range(8000):
            ring.append(raw(seq))
        done.set()

    source = threading.Thread(target=receive)
    source.start()
    while not done.is_set():
        seen = numbers(ring.newest(10**12, 300))
        assert seen == sorted(set(seen), reverse=True)
    source.join()


def test_that_a_message_is_given_back_as_it_came_however_long_ago() -> None:
    ring = RawRing(10**7)
    told = [
        RawMessage(
            Message(seq, "s\ud83d", "größe/€", b"\0\xff" * seq, 1_795_425_957_000_000_000 + seq, seq % 3, seq % 2 == 1), "x" * seq, seq
        )
        for seq in range(1500)
    ]
    ring.extend(told)
    assert ring.newest(2**62, 1500) == told[::-1]
    assert [ring.find(seq) for seq in (0, 700, 1499)] == [told[0], told[700], told[1499]]


def test_that_messages_kept_for_long_are_no_objects_for_the_collector_of_garbage() -> None:
    ring = RawRing(10**7)
    before = len(gc.get_objects())
    ring.extend(raw(seq) for seq in range(20_000))
    assert len(ring) == 20_000
    assert len(gc.get_objects()) - before < 2_000
