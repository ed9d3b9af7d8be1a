"""Elementary functions against correctly rounded ones, laws against their textbook quantiles and moments, streams against themselves."""

from __future__ import annotations

import hashlib
import math
import statistics
from decimal import Decimal, getcontext

import numpy as np
import pytest

from twin_app.simulate.elementary import exp, log, normal_quantile, normal_share
from twin_app.simulate.laws import Law, LawKind, gamma
from twin_app.simulate.streams import BLOCK, SHARE, Stream

SHARES = (np.arange(200_000) + 0.5) / 200_000


@pytest.mark.parametrize("x", [1e-300, 5e-17, 0.1, 0.7071, 0.99999, 1.0, 1.00001, 2.0, 3.7, 1e9, 1e300])
def test_that_the_logarithm_is_right_to_the_last_bit_or_two(x: float) -> None:
    getcontext().prec = 40
    expected = float(Decimal(x).ln())
    assert log(np.array([x]))[0] == pytest.approx(expected, rel=4e-16, abs=1.2e-16)


@pytest.mark.parametrize("x", [-690.0, -20.5, -1.0, -1e-9, 0.0, 1e-9, 0.3, 0.35, 1.0, 42.0, 690.0])
def test_that_the_exponential_is_right_to_the_last_bit_or_two(x: float) -> None:
    getcontext().prec = 40
    assert exp(np.array([x]))[0] == pytest.approx(float(Decimal(x).exp()), rel=5e-16)


@pytest.mark.parametrize("share", [1e-16, 1e-9, 0.01, 0.075, 0.2, 0.5, 0.7, 0.93, 0.999, 1 - 1e-12])
def test_that_the_normal_quantile_is_that_of_the_standard_library(share: float) -> None:
    assert normal_quantile(np.array([share]))[0] == pytest.approx(statistics.NormalDist().inv_cdf(share), rel=1e-14, abs=1e-15)


@pytest.mark.parametrize("at", [-8.0, -1.96, 0.0, 0.5, 3.0])
def test_that_the_normal_share_undoes_the_quantile(at: float) -> None:
    assert normal_share(at) == pytest.approx(statistics.NormalDist().cdf(at), abs=1e-15, rel=1e-12)


@pytest.mark.parametrize(("x", "expected"), [(1, 1), (1.5, math.sqrt(math.pi) / 2), (2, 1), (5, 24), (11, 3628800)])
def test_that_the_gamma_function_has_its_known_values(x: float, expected: float) -> None:
    assert gamma(float(x)) == pytest.approx(expected, rel=3e-14)


@pytest.mark.parametrize(
    ("law", "mean_s", "deviation_s"),
    [
        (Law(kind=LawKind.DETERMINISTIC, mean_s=7.0), 7.0, 0.0),
        (Law(kind=LawKind.EXPONENTIAL, mean_s=7.0), 7.0, 7.0),
        (Law(kind=LawKind.LOGNORMAL, mean_s=7.0, cv=0.4), 7.0, 2.8),
        (Law(kind=LawKind.NORMAL, mean_s=7.0, cv=0.1), 7.0, 0.7),
        (Law(kind=LawKind.WEIBULL, mean_s=7.0, shape=2.0), 7.0, 7.0 * math.sqrt(4 / math.pi - 1)),
        (Law(kind=LawKind.TRIANGULAR, low_s=1.0, mode_s=2.0, high_s=6.0), 3.0, math.sqrt((1 + 4 + 36 - 2 - 6 - 12) / 18)),
        (Law(kind=LawKind.UNIFORM, low_s=2.0, high_s=8.0), 5.0, 6 / math.sqrt(12)),
        (Law(kind=LawKind.GEOMETRIC, mean_s=10.0, step_s=2.0), 10.0, 2.0 * math.sqrt(0.8) / 0.2),
        (Law(kind=LawKind.EMPIRICAL, values_s=(1.0, 1.0, 4.0)), 2.0, math.sqrt(2.0)),
    ],
    ids=lambda value: str(value.kind) if isinstance(value, Law) else "",
)
def test_that_a_law_has_the_mean_and_the_deviation_of_its_family(law: Law, mean_s: float, deviation_s: float) -> None:
    times = law.times_ns(SHARES) / 1e9
    assert times.mean() == pytest.approx(mean_s, rel=2e-3)
    assert times.std() == pytest.approx(deviation_s, rel=6e-3, abs=1e-9)


def test_that_a_cut_off_normal_time_is_never_below_its_least() -> None:
    # Cut at the mean, what is left is half a normal distribution: mean m + s * sqrt(2 / pi).
    times = Law(kind=LawKind.NORMAL, mean_s=10.0, cv=0.5, low_s=10.0).times_ns(SHARES) / 1e9
    assert times.min() >= 10.0
    assert times.mean() == pytest.approx(10.0 + 5.0 * math.sqrt(2 / math.pi), rel=1e-3)


def test_that_the_first_draws_of_a_stream_never_change() -> None:
    # Philox 4x64-10 with the key of this name, the upper 53 bits of each word.
    key = int.from_bytes(hashlib.blake2b(b"7\x1fM1\x1fcycle", digest_size=16).digest(), "little")
    stream = Stream(7, "M1", "cycle", SHARE)
    raw = _philox(key, 0, 8)
    assert [stream.draw() for _ in raw] == [((word >> 11) + 0.5) * 2.0**-53 for word in raw]


def _philox(key: int, counter: int, words: int) -> list[int]:
    """Return the first words of Philox 4x64-10 (Salmon et al. 2011), written from the paper; the counter goes up before each four."""
    mask = 2**64 - 1
    found: list[int] = []
    while len(found) < words:
        counter += 1
        c = [counter >> (64 * i) & mask for i in range(4)]
        k = [key & mask, key >> 64]
        for _ in range(10):
            first, second = 0xD2E7470EE14C6C93 * c[0], 0xCA5A826395121157 * c[2]
            c = [(second >> 64) ^ c[1] ^ k[0], second & mask, (first >> 64) ^ c[3] ^ k[1], first & mask]
            k = [(k[0] + 0x9E3779B97F4A7C15) & mask, (k[1] + 0xBB67AE8584CAA73B) & mask]
        found += c
    return found[:words]


def test_that_a_stream_can_be_taken_up_at_any_count() -> None:
    stream = Stream(1, "M1", "x", SHARE)
    draws = [stream.draw() for _ in range(3 * BLOCK)]
    for count in (0, 1, BLOCK - 1, BLOCK, 2 * BLOCK + 7):
        fresh = Stream(1, "M1", "x", SHARE)
        fresh.drawn = count
        assert [fresh.draw() for _ in range(5)] == draws[count : count + 5]


def test_that_streams_of_other_names_or_seeds_have_nothing_in_common() -> None:
    names = [(1, "M1", "x"), (2, "M1", "x"), (1, "M2", "x"), (1, "M1", "y"), (1, "M1x", "")]
    firsts = {Stream(seed, machine, purpose, SHARE).draw() for seed, machine, purpose in names}
    assert len(firsts) == len(names)


def test_that_shares_are_even_and_uncorrelated_across_blocks() -> None:
    stream = Stream(3, "M1", "x", SHARE)
    draws = [stream.draw() for _ in range(40_000)]
    counts, _ = np.histogram(draws, bins=20, range=(0, 1))
    chi_square = float((((counts - 2000) ** 2) / 2000).sum())
    assert 5 < chi_square < 45  # 19 degrees of freedom: 99.9 % lie within 5.4 and 43.8
    assert abs(np.corrcoef(draws[:-1], draws[1:])[0, 1]) < 4 / math.sqrt(40_000)
