"""The distributions of times: a law turns shares in (0, 1) into nanoseconds, a block at a time. Not for drawing the shares."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from twin_app.simulate.elementary import exp, log, normal_quantile, normal_share

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SECOND_NS = 1_000_000_000


class LawKind(StrEnum):
    """The families of distributions."""

    DETERMINISTIC = "deterministic"
    EXPONENTIAL = "exponential"
    NORMAL = "normal"
    LOGNORMAL = "lognormal"
    TRIANGULAR = "triangular"
    WEIBULL = "weibull"
    GEOMETRIC = "geometric"
    EMPIRICAL = "empirical"
    UNIFORM = "uniform"


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """How a time is distributed. Every family is drawn by inversion: one share, one time, so that streams stay in step."""

    kind: LawKind = LawKind.DETERMINISTIC
    mean_s: float = 1.0
    """Mean; of `normal` before what lies below `low_s` is cut off. Of no meaning to `triangular` and `empirical`."""
    cv: float = 0.1
    """Standard deviation over mean, of `normal` and `lognormal`."""
    shape: float = 1.0
    """Weibull's shape: below 1 failures come early, above 1 they come with wear."""
    low_s: float = 0.0
    """Least time, of `normal`, `triangular` and `uniform`."""
    mode_s: float = 1.0
    """Most frequent time, of `triangular`."""
    high_s: float = 2.0
    """Greatest time, of `triangular` and `uniform`."""
    step_s: float = 1.0
    """Of `geometric`: the time is 1, 2, 3, ... steps, and each step is the last one with probability step / mean."""
    values_s: tuple[float, ...] = ()
    """Of `empirical`: each value is as likely as any other."""

    def times_ns(self, share: Floats) -> NDArray[np.int64]:
        """Return the times whose distribution function is at each share, ns >= 0, shape (n,)."""
        times: NDArray[np.int64] = np.rint(np.maximum(_INVERSES[self.kind](self, share), 0.0) * SECOND_NS).astype(np.int64)
        return times


def _deterministic(law: Law, share: Floats) -> Floats:
    return np.full_like(share, law.mean_s)


def _exponential(law: Law, share: Floats) -> Floats:
    return -log(share) * law.mean_s


def _normal(law: Law, share: Floats) -> Floats:
    """Cut off below `low_s`: the shares are moved into what lies above it."""
    deviation = law.cv * law.mean_s
    cut = _normal_share((law.low_s - law.mean_s) / deviation)
    return normal_quantile(cut + share * (1.0 - cut)) * deviation + law.mean_s


@lru_cache(maxsize=1024)
def _normal_share(at: float) -> float:
    return normal_share(at)


def _lognormal(law: Law, share: Floats) -> Floats:
    """Mean m and variation c are those of the time itself: sigma^2 = ln(1 + c^2), mu = ln m - sigma^2 / 2."""
    centre, sigma = _logarithmic(law.mean_s, law.cv)
    return exp(normal_quantile(share) * sigma + centre)


@lru_cache(maxsize=1024)
def _logarithmic(mean_s: float, cv: float) -> tuple[float, float]:
    """Return mean and standard deviation of the logarithm of a lognormal time."""
    variance = log(np.array([1.0 + cv * cv]))
    centre = log(np.array([mean_s])) - variance / 2.0
    return float(centre[0]), float(np.sqrt(variance)[0])


def _triangular(law: Law, share: Floats) -> Floats:
    width, rise = law.high_s - law.low_s, law.mode_s - law.low_s
    if width <= 0:
        return np.full_like(share, law.low_s)
    up = np.sqrt(share * width * rise) + law.low_s
    down = law.high_s - np.sqrt((1.0 - share) * width * (law.high_s - law.mode_s))
    return np.where(share * width < rise, up, down)


def _uniform(law: Law, share: Floats) -> Floats:
    return share * (law.high_s - law.low_s) + law.low_s


def _weibull(law: Law, share: Floats) -> Floats:
    """Scale from the mean: mean = scale * gamma(1 + 1/shape)."""
    spread = exp(log(-log(share)) / law.shape)
    return spread * (law.mean_s / gamma(1.0 + 1.0 / law.shape))


def _geometric(law: Law, share: Floats) -> Floats:
    chance = min(law.step_s / law.mean_s, 1.0)
    if chance >= 1.0:
        return np.full_like(share, law.step_s)
    return (np.floor(log(share) / log(np.array([1.0 - chance]))) + 1.0) * law.step_s


def _empirical(law: Law, share: Floats) -> Floats:
    values = np.array(law.values_s)
    return values[(share * len(values)).astype(np.intp)]


def gamma(x: float) -> float:
    """Return the gamma function of x >= 1 to 1e-14 of it: Stirling's series at x + 12 or more, brought down step by step.

    The series' own error there is below 1e-16; `math.gamma` differs between platforms.
    """
    product = 1.0
    while x < 12.0:  # noqa: PLR2004 - from here on five terms are enough
        product *= x
        x += 1.0
    inverse = 1.0 / x
    square = inverse * inverse
    series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188))))
    logarithm = float(log(np.array([x]))[0])
    half_log_tau = 0.91893853320467274178
    return float(exp(np.array([(x - 0.5) * logarithm - x + half_log_tau + series]))[0]) / product


_INVERSES: dict[LawKind, Callable[[Law, Floats], Floats]] = {
    LawKind.DETERMINISTIC: _deterministic, LawKind.EXPONENTIAL: _exponential, LawKind.NORMAL: _normal,
    LawKind.LOGNORMAL: _lognormal, LawKind.TRIANGULAR: _triangular, LawKind.WEIBULL: _weibull,
    LawKind.GEOMETRIC: _geometric, LawKind.EMPIRICAL: _empirical, LawKind.UNIFORM: _uniform,
}  # fmt: skip
