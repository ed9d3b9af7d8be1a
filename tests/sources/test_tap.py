"""What is taken off the wire: whole publications, whatever pieces they come in; bytes made by hand from the standard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin_app.sources.tap import CHUNK, DUP, Tap

CONNACK = b"\x20\x02\x00\x00"
PINGRESP = b"\xd0\x00"
Heard = tuple[bytes, bytes, int, int]


class Wire:
    """A socket that gives given pieces, then has nothing; `takes` is how much it sends at a time."""

    def __init__(self, *pieces: bytes, takes: int = 1 << 20) -> None:
        self.pieces, self.sent, self.takes = list(pieces), b"", takes

    def recv(self, buffer_size: int) -> bytes:
        if not self.pieces:
            raise BlockingIOError
        piece = self.pieces.pop(0)
        self.pieces[:0] = [piece[buffer_size:]] if len(piece) > buffer_size else []
        return piece[:buffer_size]

    def send(self, buffer: bytes | bytearray) -> int:
        if not self.takes:
            raise BlockingIOError
        self.sent += bytes(buffer[: self.takes])
        return min(self.takes, len(buffer))

    def close(self) -> None:
        self.pieces = [b""]

    def fileno(self) -> int:
        return -1

    def setblocking(self, flag: bool) -> None:
        assert not flag


def length(size: int) -> bytes:
    """Return a length as MQTT 3.1.1, section 2.2.3, writes it."""
    found = b""
    while True:
        size, rest = divmod(size, 128)
        found += bytes((rest | (128 if size else 0),))
        if not size:
            return found


def publication(topic: bytes, payload: bytes, *, head: int = 0x30, mid: int = 0, properties: bytes = b"") -> bytes:
    body = len(topic).to_bytes(2) + topic + (mid.to_bytes(2) if head & 6 else b"") + properties + payload
    return bytes((head,)) + length(len(body)) + body


def heard(wire: Wire, *, properties: bool = False) -> tuple[list[Heard | bytes], Tap]:
    """Return publications and paho's packets in the order in which they are handed out."""
    found: list[Heard | bytes] = []
    tap = Tap(wire, lambda *said: found.append(said), properties=properties)
    while tap.fill():
        tap.deliver()
        while tap.for_paho:
            found.append(tap.recv(CHUNK))
            tap.deliver()
    return found, tap


def test_that_publications_and_other_packets_keep_their_order() -> None:
    said = CONNACK + publication(b"a/b", b"1") + PINGRESP + publication(b"a/c", b"2", head=0x32, mid=513)
    assert heard(Wire(said))[0] == [CONNACK, (b"a/b", b"1", 0x30, 0), PINGRESP, (b"a/c", b"2", 0x32, 513)]


def test_that_marks_of_a_publication_are_handed_on() -> None:
    ((_, _, head, mid),) = heard(Wire(publication(b"t", b"", head=0x3B, mid=7)))[0]
    assert (bool(head & DUP), head & 1, head >> 1 & 3, mid) == (True, 1, 1, 7)


@given(
    st.lists(st.tuples(st.binary(max_size=20), st.binary(max_size=300), st.sampled_from([0x30, 0x31, 0x32, 0x3A])), max_size=8),
    st.integers(1, 400),
)
def test_that_it_does_not_matter_in_which_pieces_the_network_brings_them(said: list[tuple[bytes, bytes, int]], size: int) -> None:
    packets = [publication(topic, payload, head=head, mid=9) for topic, payload, head in said]
    whole = b"".join(packets)
    found, _ = heard(Wire(*(whole[i : i + size] for i in range(0, len(whole), size))))
    assert found == [(topic, payload, head, 9 if head & 6 else 0) for topic, payload, head in said]


def test_that_a_message_larger_than_any_read_comes_whole() -> None:
    payload = bytes(range(256)) * 4096
    assert heard(Wire(publication(b"big", payload) + publication(b"next", b"1")))[0] == [
        (b"big", payload, 0x30, 0), (b"next", b"1", 0x30, 0),
    ]  # fmt: skip


def test_that_properties_of_mqtt_5_are_no_part_of_the_payload() -> None:
    properties = b"\x05\x02\x00\x00\x00\x3c"  # message expiry interval of 60 s
    found, _ = heard(Wire(publication(b"t", b"21.5", head=0x32, mid=2, properties=properties)), properties=True)
    assert found == [(b"t", b"21.5", 0x32, 2)]


def test_that_quality_2_is_left_to_paho() -> None:
    packet = publication(b"t", b"1", head=0x34, mid=5)
    assert heard(Wire(packet))[0] == [packet]


@pytest.mark.parametrize("packet", [b"\x30\x00", b"\x30\x01x", b"\x30\x03\x00\x09t", b"\x32\x03\x00\x01t", b"\x30\xff\xff\xff\xff\x01x"])
def test_that_a_malformed_publication_is_left_to_paho_to_judge(packet: bytes) -> None:
    found, _ = heard(Wire(packet + b"\x00" * 8))
    assert found
    assert isinstance(found[0], bytes)


def test_that_the_end_of_the_connection_reaches_paho_after_what_came_before() -> None:
    wire = Wire(publication(b"t", b"1"), b"")
    found, tap = heard(wire)
    assert found == [(b"t", b"1", 0x30, 0)]
    tap.deliver()
    assert tap.for_paho
    assert tap.recv(1) == b""


def test_that_acknowledgements_go_out_whole_before_anything_of_pahos() -> None:
    wire = Wire(takes=3)
    tap = Tap(wire, print, properties=False)
    wire.takes = 0
    tap.acknowledge([1, 513])
    assert tap.wants_write
    with pytest.raises(BlockingIOError):
        tap.send(b"ping")
    wire.takes = 3
    assert tap.send(b"ping") == 3
    assert wire.sent == b"\x40\x02\x00\x01\x40\x02\x02\x01pin"


@pytest.mark.parametrize("piece", [CHUNK, 4 * CHUNK + 1, 9 * CHUNK])
@pytest.mark.parametrize("head", [0x31, 0x32])
def test_that_of_a_publication_beyond_the_limit_only_its_beginning_is_kept(piece: int, head: int) -> None:
    huge = publication(b"camera/picture", bytes(20 * CHUNK), head=head, mid=7)
    stream = publication(b"a", b"1") + huge + publication(b"b", b"2")
    found: list[tuple[bytes, int, int]] = []
    tap: Tap
    pieces = [stream[i : i + piece] for i in range(0, len(stream), piece)]
    tap = Tap(
        Wire(*pieces),
        lambda topic, payload, _head, _mid: found.append((topic, len(payload), tap.cut_from)),
        properties=False,
        largest=CHUNK,
    )
    most = 0
    while tap.fill():
        most = max(most, tap._have)
        tap.deliver()
    (first, (topic, size, cut_from), last) = found
    assert (first, last) == ((b"a", 1, 0), (b"b", 1, 0))
    assert (topic, cut_from) == (b"camera/picture", 20 * CHUNK + 16 + (2 if head == 0x32 else 0))
    assert 0 < size < 10 * CHUNK
    assert most < 11 * CHUNK
