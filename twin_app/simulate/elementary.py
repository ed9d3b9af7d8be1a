"""Logarithm, exponential and normal quantile that give the same bits on every platform. Not for speed: they work on blocks.

A C library's `log` and `exp` differ in the last bit from one platform to the next, and numpy's from one processor to the next.
These use addition, multiplication, division and square root alone, which IEEE 754 rounds in one way only, each as a numpy
operation of its own, so that nothing fuses two of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
"""ln 2 as a sum whose first part has 21 trailing zero bits, so that small integers times it are exact (fdlibm)."""
_ROOT_HALF = 0.7071067811865476
_LOG_TERMS = tuple(1.0 / n for n in range(23, 0, -2))
_EXP_TERMS = tuple(1.0 / d for d in (6227020800, 479001600, 39916800, 3628800, 362880, 40320, 5040, 720, 120, 24, 6, 2, 1, 1))


def _columns(above: tuple[float, ...], below: tuple[float, ...]) -> Floats:
    """Return the coefficients of two polynomials side by side, shape (powers, 2, 1)."""
    return np.array([above, below]).T[:, :, np.newaxis].copy()


# Wichura, Algorithm AS 241 (Applied Statistics 37, 1988), PPND16: numerator and denominator, highest power first.
_CENTRE = _columns(
    (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
     13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608),
    (5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
     5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0),
)  # fmt: skip
_MIDDLE = _columns(
    (7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
     3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
     0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0),
)  # fmt: skip
_TAIL = _columns(
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
     0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772),
    (2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
     0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1.0),
)  # fmt: skip
_CENTRE_HALF_WIDTH = 0.425
_TAIL_FROM = 5.0


def log(x: Floats) -> Floats:
    """Return the natural logarithm of positive numbers, any shape, to about 1e-16 of it or of 1."""
    mantissa, exponent = np.frexp(x)
    low = mantissa < _ROOT_HALF
    mantissa = np.where(low, mantissa * 2.0, mantissa)
    power = (exponent - low).astype(np.float64)
    ratio = (mantissa - 1.0) / (mantissa + 1.0)
    series = _polynomial(_LOG_TERMS, ratio * ratio)
    return power * _LN2_HIGH + (ratio * series * 2.0 + power * _LN2_LOW)


def exp(x: Floats) -> Floats:
    """Return e to the power of numbers within +-700, any shape, to about 2e-16 of it."""
    power = np.rint(x / (_LN2_HIGH + _LN2_LOW))
    rest = (x - power * _LN2_HIGH) - power * _LN2_LOW
    return np.ldexp(_polynomial(_EXP_TERMS, rest), power.astype(np.int64))


def normal_quantile(share: Floats) -> Floats:
    """Return where the standard normal distribution reaches each share in (0, 1), any shape (Wichura's AS 241)."""
    off = share - 0.5
    found = off * _ratio(_CENTRE, 0.180625 - off * off)
    is_far = np.abs(off) > _CENTRE_HALF_WIDTH
    below = share[is_far]
    root = np.sqrt(-log(np.minimum(below, 1.0 - below)))
    outer = _ratio(_MIDDLE, root - 1.6)
    is_tail = root > _TAIL_FROM
    if is_tail.any():
        outer[is_tail] = _ratio(_TAIL, root[is_tail] - _TAIL_FROM)
    found[is_far] = np.copysign(outer, off[is_far])
    return found


def normal_share(at: float) -> float:
    """Return the share of the standard normal distribution below a point, by halving the span between shares.

    Found from the quantile, so that it is the same everywhere and fits it to the last bit.
    """
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        below = normal_quantile(np.array([min(max(middle, 2.0**-54), 1 - 2.0**-53)]))[0] < at
        low, high = (middle, high) if below else (low, middle)
    return low


def _ratio(polynomials: Floats, x: Floats) -> Floats:
    """Return one polynomial over another, each by Horner's rule, highest power first; shape (powers, 2, 1)."""
    total = np.empty((2, *x.shape))
    total[:] = polynomials[0]
    for coefficients in polynomials[1:]:
        total *= x
        total += coefficients
    ratio: Floats = total[0] / total[1]
    return ratio


def _polynomial(coefficients: tuple[float, ...], x: Floats) -> Floats:
    """Return a polynomial by Horner's rule, highest power first."""
    total = np.full_like(x, coefficients[0])
    for coefficient in coefficients[1:]:
        total *= x
        total += coefficient
    return total
