"""A row's bytes come back to the bit, and bytes from nowhere are refused."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin_app.history.columns import MAX_ROW_SAMPLES, pack, unpack
from twin_app.model.samples import COLUMNS, NEVER, Kind, Quality, Samples

I64 = st.integers(-(2**63), 2**63 - 1)
ODD = [0.0, -0.0, float("nan"), float("inf"), float("-inf"), 5e-324, 2.0**53, 2.0**53 + 2, -1.5, 0.1, 1e300]


def same(a: Samples, b: Samples) -> bool:
    return all(getattr(a, n).dtype == t and getattr(a, n).tobytes() == getattr(b, n).tobytes() for n, t in COLUMNS.items())


def many(n: int, **columns: Any) -> Samples:
    """Return n samples, columns as given and otherwise plain."""
    plain = {
        "signal": 3,
        "effective_ns": 10**18,
        "source_ns": NEVER,
        "received_ns": 10**18,
        "value": 1.0,
        "kind": 0,
        "quality": 0,
        "message": 7,
    }
    return Samples(**{c: np.array(np.broadcast_to(columns.get(c, plain[c]), n), t) for c, t in COLUMNS.items()})


@pytest.mark.parametrize("n", [1, 256, 257, 5000, MAX_ROW_SAMPLES])
@pytest.mark.parametrize("value", ODD)
def test_that_every_odd_number_keeps_its_bits(n: int, value: float) -> None:
    samples = many(n, value=np.where(np.arange(n) % 3 == 0, value, 20.25))
    assert same(unpack(pack(samples), n), samples)


def test_that_a_nan_keeps_its_payload() -> None:
    odd = struct.unpack("<d", struct.pack("<Q", 0x7FF8_0000_DEAD_BEEF))[0]
    samples = many(400, value=odd)
    assert unpack(pack(samples), 400).value.view(np.uint64)[5] == 0x7FF8_0000_DEAD_BEEF


@pytest.mark.parametrize("n", [5, 700])
def test_that_codes_beyond_two_to_the_53_keep_their_bits(n: int) -> None:
    """Floats above 2^53 are whole numbers, too, but not every whole number is a float."""
    samples = many(n, value=np.linspace(2.0**53, 2.0**63, n))
    assert same(unpack(pack(samples), n), samples)


@given(st.lists(st.tuples(I64, I64, I64, I64, st.integers(0, 2**31 - 1)), min_size=1, max_size=20), st.sampled_from([1, 40]))
def test_that_any_times_and_numbers_come_back(rows: list[tuple[int, ...]], repeat: int) -> None:
    effective, source, received, message, signal = (np.array(c * repeat, object) for c in zip(*rows, strict=True))
    samples = many(len(effective), effective_ns=effective, source_ns=source, received_ns=received, message=message, signal=signal)
    assert same(unpack(pack(samples), len(samples)), samples)


@given(st.binary(max_size=200), st.integers(-1, 1000), st.booleans())
def test_that_bytes_from_nowhere_are_refused(junk: bytes, n: int, compressed: bool) -> None:
    with pytest.raises(ValueError, match=r".+"):
        unpack(zlib.compress(junk) if compressed else junk, n)


@pytest.mark.parametrize("n", [10, 1000])
def test_that_a_row_of_another_length_is_refused(n: int) -> None:
    blob = pack(many(n, value=np.arange(n) / 7))
    for other in (n - 1, n + 1):
        with pytest.raises(ValueError, match=r".+"):
            unpack(blob, other)


def test_that_a_row_that_would_inflate_for_ever_is_refused_unread() -> None:
    bomb = zlib.compress(bytes(50_000_000))
    with pytest.raises(ValueError, match="length"):
        unpack(bomb, 10)


def test_that_kinds_and_qualities_from_the_future_are_refused() -> None:
    for wrong in (many(3, kind=max(Kind) + 1), many(3, quality=max(Quality) + 1)):
        with pytest.raises(ValueError, match="unknown"):
            unpack(pack(wrong), 3)


def test_that_a_typical_second_of_a_line_shrinks_to_a_third_without_the_time_that_deflating_takes() -> None:
    """320 signals a second at 1 ms receive times, values with two decimals: 46 bytes a sample in memory."""
    rng = np.random.default_rng(4)
    n = 3200
    times = 1_700_000_000_000_000_000 + np.sort(rng.integers(0, 10_000, n)) * 1_000_000
    samples = many(
        n,
        effective_ns=times,
        received_ns=times,
        value=np.round(rng.normal(20, 2, n), 2),
        signal=rng.integers(0, 320, n),
        message=np.arange(n) // 8,
    )
    assert len(pack(samples)) < 46 * n / 3


def test_that_a_row_of_many_that_was_deflated_is_still_read() -> None:
    samples = many(1000, value=np.arange(1000) / 4)
    before = zlib.compress(b"\1" + pack(samples)[1:], 1)
    assert np.array_equal(unpack(before, 1000).value, samples.value)
