"""What becomes of a part's quality in a unit: spoilt, found, thrown out, sent to rework, made good. Not for counting: events tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.simulate.events import Cause, Kind
from twin_app.simulate.parts import leave, note
from twin_app.simulate.state import RETURNING, REWORKED, SPOILT

if TYPE_CHECKING:
    from twin_app.simulate.state import Machine, Part, Run

_HOUR_NS = 3_600_000_000_000


def is_fine(m: Machine, part: Part) -> bool:
    """Return whether a part comes out as nearly all do: good and unmarked. If not, its draws are put back for `test`."""
    if m.worse:
        return False
    ahead = m.quality.ahead
    share = ahead.pop() if ahead else m.quality.draw()
    if share >= m.spoils and not part[3]:
        if not m.inspects:
            return True
        found = m.inspection.draw()
        if found >= m.spec.false_reject:
            return True
        m.inspection.ahead.append(found)
    m.quality.ahead.append(share)
    return False


def test(run: Run, m: Machine, parts: list[Part]) -> list[Part]:
    """Return the parts that the unit hands on; those thrown out have left."""
    kept = []
    for part in parts:
        cause = _verdict(run, m, part)
        if not cause:
            kept.append(part)
        elif _can_be_reworked(m, part):
            part[3] |= REWORKED | RETURNING
            note(run, m, Kind.REWORK, part[0], cause)
            kept.append(part)
        else:
            note(run, m, Kind.SCRAP, part[0], cause)
            leave(run, m, part, cause)
    return kept


def _verdict(run: Run, m: Machine, part: Part) -> int:
    """Return why a part is not good to go on, 0 where it is, after the unit has spoilt or repaired it."""
    spec = m.spec
    share = m.quality.draw()
    scrap = spec.scrap
    if m.worse:
        scrap += m.worse * ((run.now - m.worse_from) / _HOUR_NS)
    if share < scrap:
        part[3] |= SPOILT
        return Cause.QUALITY
    if share < scrap + spec.defect:
        part[3] |= SPOILT
    elif spec.repairs and part[3] & SPOILT and share >= 1.0 - spec.repairs:
        part[3] &= ~SPOILT
    return _inspected(m, part) if m.inspects else Cause.NONE


def _inspected(m: Machine, part: Part) -> int:
    """Return what an inspection says of a part."""
    spec = m.spec
    share = m.inspection.draw()
    if part[3] & SPOILT:
        return Cause.QUALITY if share < spec.detects else Cause.NONE
    return Cause.FALSE_REJECT if share < spec.false_reject else Cause.NONE


def _can_be_reworked(m: Machine, part: Part) -> bool:
    """Return whether a part found bad goes to rework: once at most, and where there is such a place."""
    if m.rework_outlet is None or part[3] & REWORKED:
        return False
    return m.rework.draw() < m.spec.rework_share
