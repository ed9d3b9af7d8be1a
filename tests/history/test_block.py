"""A block's columns come back to the bit, whatever they hold, and bytes from nowhere are refused."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin_app.history import block, decimals, messages, planes
from twin_app.model.samples import COLUMNS, NEVER, Kind, Samples

I64 = st.integers(-(2**63), 2**63 - 1)
ODD = [0.0, -0.0, float("nan"), float("inf"), float("-inf"), 5e-324, 2.0**53, 2.0**53 + 2, -1.5, 0.1, 1e300, -(2.0**63)]


def same(a: Samples, b: Samples) -> bool:
    return all(getattr(a, n).dtype == t and getattr(a, n).tobytes() == getattr(b, n).tobytes() for n, t in COLUMNS.items())


def there_and_back(values: np.ndarray, counts: list[int]) -> bytes:
    """Return the packed bytes of values that came back to the bit."""
    blob = decimals.pack(values, np.array(counts))
    assert decimals.unpack(blob, 0, np.array(counts)).tobytes() == values.tobytes()
    return blob


@given(st.lists(I64, max_size=300), st.booleans())
def test_that_any_whole_numbers_come_back(numbers: list[int], differences: bool) -> None:
    column = np.array(numbers, np.int64)
    found, end = planes.unpack(planes.pack(column, differences=differences) + b"more", 0, len(column))
    assert np.array_equal(found, column)
    assert end == len(planes.pack(column, differences=differences))


@pytest.mark.parametrize("unit", [1, 1_000, 1_000_000, 1_000_000_000])
def test_that_times_take_the_bytes_of_their_resolution(unit: int) -> None:
    """1,000 steps of 100 +- 10 units need one byte each, however small the unit."""
    steps = 100 + np.random.default_rng(1).integers(-10, 11, 1000)
    times = 1_700_000_000_000_000_000 + np.cumsum(steps) * unit
    blob = planes.pack(times, differences=True)
    assert len(blob) < 1050
    assert np.array_equal(planes.unpack(blob, 0, 1000)[0], times)


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=1, max_size=60), st.sampled_from([1, 3]))
def test_that_any_floats_come_back(values: list[float], repeat: int) -> None:
    column = np.array(values * repeat)
    there_and_back(column, [1] * len(column))
    there_and_back(column, [len(column)])


@pytest.mark.parametrize("odd", ODD)
def test_that_odd_values_among_decimals_come_back_and_cost_little(odd: float) -> None:
    values = np.round(np.random.default_rng(2).normal(20, 1, 4000), 2)
    plain = len(there_and_back(values, [4000]))
    values[[0, 5, 6, 7, 3999]] = odd
    assert len(there_and_back(values, [4000])) < plain + 150


def test_that_a_nan_keeps_its_payload() -> None:
    odd = struct.unpack("<d", struct.pack("<Q", 0x7FF8_0000_DEAD_BEEF))[0]
    values = np.full(100, odd)
    values[::7] = 1.25
    there_and_back(values, [50, 50])


def test_that_values_of_a_converter_of_12_bits_cost_two_bytes_and_not_eight() -> None:
    """10 V in 4,096 steps: no decimals, but few different values."""
    codes = np.random.default_rng(3).integers(0, 4096, 40_000)
    assert len(there_and_back(codes * (10.0 / 4095), [40_000])) < 40_000 * 2.2


def test_that_a_controllers_single_with_two_decimals_is_kept_as_its_decimals() -> None:
    """Sparkplug's Float: 20.13 as a single is 20.1299991607666015625 as a double."""
    values = np.round(np.random.default_rng(4).normal(20, 1, 4000), 2).astype(np.float32).astype(np.float64)
    assert len(there_and_back(values, [4000])) < 4000 * 1.4


def test_that_each_signal_has_decimals_of_its_own() -> None:
    rng = np.random.default_rng(5)
    parts = [np.round(rng.normal(5, 1, 1000), digits) for digits in (0, 1, 3, 6)] + [rng.normal(0, 1, 1000)]
    there_and_back(np.concatenate(parts), [1000] * 5)


def test_that_numbers_beyond_two_to_the_53_come_back() -> None:
    there_and_back(np.linspace(2.0**53, 2.0**63, 500), [500])
    there_and_back(-np.linspace(2.0**53, 2.0**63, 500), [500])


@given(st.lists(st.tuples(st.integers(-5, 10**7), st.integers(0, 30)), min_size=1, max_size=100), st.integers(-(2**40), 2**40))
def test_that_message_numbers_come_back(rows: list[tuple[int, int]], first: int) -> None:
    number, tick = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    received = 1_700_000_000_000_000_000 + tick * 500_000
    assert np.array_equal(messages.unpack(messages.pack(number + first, received), received), number + first)


def test_that_message_numbers_that_follow_the_time_of_receipt_cost_almost_nothing() -> None:
    received = np.cumsum(np.random.default_rng(6).integers(1, 4, 10_000)) * 1_000_000
    shuffled = np.random.default_rng(7).permutation(10_000)
    assert len(messages.pack(np.arange(10_000)[shuffled], received[shuffled])) < 200
    eight_each = np.repeat(received, 8)
    assert len(messages.pack(np.repeat(np.arange(10_000), 8), eight_each)) < 400


def test_that_receive_times_centuries_apart_do_not_fill_the_memory() -> None:
    received = np.array([0, 2**62, 5, 2**62])
    numbers = np.array([1, 2, 3, 4])
    assert np.array_equal(messages.unpack(messages.pack(numbers, received), received), numbers)


def some(rows: list[tuple[int, ...]]) -> Samples:
    """Return any samples by signal and time."""
    rows.sort(key=lambda row: row[:2])
    signal, effective, source, received, kind, quality, message = (np.array(c, object) for c in zip(*rows, strict=True))
    value = np.array([ODD[i % len(ODD)] for i in range(len(rows))])
    return Samples(
        signal.astype(np.int32), effective.astype(np.int64), source.astype(np.int64), received.astype(np.int64), value,
        kind.astype(np.uint8), quality.astype(np.uint8), message.astype(np.int64),
    )  # fmt: skip


ROW = st.tuples(st.integers(0, 5), I64, st.one_of(st.just(NEVER), I64), I64, st.integers(0, 5), st.integers(0, 4), I64)


@settings(max_examples=60)
@given(st.lists(ROW, min_size=1, max_size=80))
def test_that_every_column_of_a_block_comes_back(rows: list[tuple[int, ...]]) -> None:
    samples = some(rows)
    blobs = block.pack(samples, "here")
    runs = block.unpack_runs(blobs.runs, "here", len(np.unique(samples.signal)), len(samples))
    times = block.read_times(blobs.times, "here", len(samples)).all()
    marks = block.unpack_marks(blobs.marks, "here", times)
    kind, quality = (column.all() for column in block.read_trust(blobs.marks, "here", len(samples)))
    received = times + block.unpack_delays(blobs.delays, "here", len(samples))
    signal = np.repeat(runs.signal, runs.lengths).astype(np.int32)
    value = block.read_values(blobs.vals, "here", runs).all()
    assert same(Samples(signal, times, marks.source_ns, received, value, marks.kind, marks.quality, samples.message), samples)
    assert np.array_equal(kind, samples.kind)
    assert np.array_equal(quality, samples.quality)


@settings(max_examples=60)
@given(st.lists(ROW, min_size=1, max_size=80), st.data())
def test_that_what_an_instant_needs_of_a_block_is_what_all_of_it_says(rows: list[tuple[int, ...]], data: st.DataObject) -> None:
    samples = some(rows)
    blobs = block.pack(samples, "here")
    runs = block.unpack_runs(blobs.runs, "here", len(np.unique(samples.signal)), len(samples))
    few = np.array(sorted(data.draw(st.sets(st.integers(0, len(samples) - 1)))), np.intp)
    times, value = block.read_times(blobs.times, "here", len(samples)), block.read_values(blobs.vals, "here", runs)
    kind, quality = block.read_trust(blobs.marks, "here", len(samples))
    assert np.array_equal(value.at(few).view(np.int64), samples.value[few].view(np.int64))
    for column, whole in ((times, samples.effective_ns), (kind, samples.kind), (quality, samples.quality)):
        assert np.array_equal(column.at(few), whole[few])
        assert column.bounds() == (whole.min(), whole.max())


@settings(max_examples=40)
@given(st.binary(max_size=120), st.integers(1, 500))
def test_that_bytes_from_nowhere_are_refused(junk: bytes, n: int) -> None:
    runs = block.Runs(np.array([1]), np.array([n]))
    whole = block.seal(junk, "here times"), block.seal(junk, "here vals"), block.seal(junk, "here marks"), block.seal(junk, "here runs")
    for unpack in (
        lambda: block.read_times(whole[0], "here", n + 20),
        lambda: block.read_values(whole[1], "here", runs),
        lambda: block.read_trust(whole[2], "here", n),
        lambda: block.unpack_runs(whole[3], "here", n, n),
        lambda: messages.unpack(junk, np.arange(n)),
    ):
        with pytest.raises(ValueError, match=r".+"):
            unpack()


def test_that_a_flipped_bit_or_a_blob_from_elsewhere_is_refused() -> None:
    samples = some([(1, 10, NEVER, 12, int(Kind.NUMBER), 0, 3)] * 20)
    blobs = block.pack(samples, "here")
    for bit in range(0, 8 * len(blobs.times), 5):
        broken = bytearray(blobs.times)
        broken[bit // 8] ^= 1 << bit % 8
        with pytest.raises(ValueError, match="checksum"):
            block.read_times(bytes(broken), "here", 20)
    with pytest.raises(ValueError, match="checksum"):
        block.read_times(blobs.times, "there", 20)


def test_that_a_column_that_would_inflate_for_ever_is_refused_unread() -> None:
    bomb = planes.pack(np.arange(3_000_000) % 3)
    with pytest.raises(ValueError, match="length"):
        planes.unpack(bomb, 0, 10)
