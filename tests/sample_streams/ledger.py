"""What holds of the time ledger of any recording, however its machines behaved: asked of captures and sample shifts alike."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING

from twin_app.model.kpi import By
from twin_app.model.packml import Category

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twin_app.session import Session

CUTS = 12
STOPS = frozenset({Category.MINOR_STOP, Category.FAILURE, Category.INTERNAL_STOP, Category.TRANSITION, Category.WAITING, Category.NO_ORDER})


def adds_up(session: Session) -> None:
    """Assert that every unit's categories add up to every window to the nanosecond, and to what the intervals behind them say."""
    span = session.span()
    assert span is not None
    random = Random(7)
    cuts = sorted({span.start_ns, span.end_ns, *(random.randrange(span.start_ns, span.end_ns) for _ in range(CUTS))})
    for by in (By.HOUR, By.SHIFT):
        cuts = sorted(
            {*cuts, *(edge for part in session.parts(None, by, span.start_ns, span.end_ns) for edges in part.spans for edge in edges)}
        )
    whole: dict[str, Counter[Category]] = {unit.id: Counter() for unit in session.line.units}
    for window in pairwise(cuts):
        for unit, figures in session.figures(*window).units.items():
            assert sum(figures.ledger.category_ns.values()) == window[1] - window[0]
            assert sum(figures.ledger.state_ns.values()) + figures.ledger.blind_ns == window[1] - window[0]
            whole[unit] += Counter(figures.ledger.category_ns)
    for unit, figures in session.figures(span.start_ns, span.end_ns).units.items():
        assert settled(whole[unit]) == settled(figures.ledger.category_ns)
        assert behind(session, unit, span.start_ns, span.end_ns) == +Counter(figures.ledger.category_ns)
        _parts_add_up(session, unit, (span.start_ns, span.end_ns))


def settled(time_ns: Mapping[Category, int]) -> Counter[str]:
    """Return time by category, stops of the unit's own together: that one of them was minor is known only once it has ended."""
    found: Counter[str] = Counter()
    for category, ns in time_ns.items():
        found["stopped" if category in STOPS else category] += ns
    return +found


def behind(session: Session, unit: str, start_ns: int, end_ns: int) -> Counter[Category]:
    """Return the time by category of the intervals that a click on a figure opens, which follow one another without a gap."""
    found: Counter[Category] = Counter()
    last_ns = start_ns
    for row in session.account(unit, start_ns, end_ns).spent:
        assert row.start_ns == last_ns
        found[row.category] += row.end_ns - row.start_ns
        last_ns = row.end_ns
    assert last_ns == end_ns
    return found


def _parts_add_up(session: Session, unit: str, whole: tuple[int, int]) -> None:
    """Of one unit: production and pieces of its hours, shifts, products and orders are those of the whole."""
    kpi = session.figures(*whole).units[unit].kpi
    for by in By:
        parts = session.parts(unit, by, *whole)
        assert sum(part.kpi.production_s for part in parts) == _near(kpi.production_s)
        assert sum(part.kpi.blind_s for part in parts) == _near(kpi.blind_s)
        if kpi.good == kpi.good:
            assert sum(part.kpi.good for part in parts if part.kpi.good == part.kpi.good) == _near(kpi.good)


def _near(value: float) -> object:
    """Return what a sum of floats may be."""
    import pytest

    return pytest.approx(value, rel=1e-9, abs=1e-6)
