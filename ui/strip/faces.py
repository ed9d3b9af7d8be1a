"""What cards say: a unit's state, rate and reason; of a group how many are how, the worst first. Not for which card there is."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from twin_app.clock import SECOND_NS
from twin_app.model.alarm import UnitAlarms
from twin_app.model.packml import STATE_BRIEFS, STATE_WORDS, TRANSIENT, Category, State
from twin_app.text import N_, number, percent, tr
from ui.palette import coloured, glyph, state_color
from ui.strip.folding import called
from ui.widgets.card_face import CardFace
from ui.words import GUESSED, ideal_per_min, known, lasted, of_ideal, rate, state_word, unit_notes, unit_state

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from twin_app.model.equipment import Line, Unit
    from twin_app.model.frame import Frame
    from twin_app.model.timeline import UnitNow
    from ui.palette import Palette
    from ui.strip.standing import Piece

LOUD_AFTER_S = 10.0
"""A stop that is no failure is loud after so long: the short ones would make the strip dance."""
_FAILED = frozenset({State.ABORTED, State.ABORTING})
_HELD = frozenset({State.HELD, State.HOLDING})
_ARROWS = {Category.STARVED: "⇥", Category.BLOCKED: "⇤"}
_SIDES = {Category.STARVED: N_("Starved"), Category.BLOCKED: N_("Blocked")}
NAMED_MOST = 8
"""A group's tip names no more units of one condition."""

_UNKNOWN, _TRANSIENT = "unknown", "transient"
_COUNTED = {
    "failed": N_("{n} aborted"), "held": N_("{n} held"), _UNKNOWN: N_("{n} without data"), "suspended": N_("{n} suspended"),
    Category.BLOCKED: N_("{n} blocked"), Category.STARVED: N_("{n} starved"), State.STOPPED: N_("{n} stopped"),
    State.UNDEFINED: N_("{n} undefined"), _TRANSIENT: N_("{n} changing state"), State.IDLE: N_("{n} idle"),
    State.COMPLETE: N_("{n} complete"), State.EXECUTE: N_("{n} running"),
}  # fmt: skip
"""Conditions of a group's units, the worst first, as they are counted."""
_MORE = {"failed": N_("{n} more aborted"), "held": N_("{n} more held")}
"""As they are counted where others of the kind have cards of their own."""
_RANK = {condition: rank for rank, condition in enumerate(_COUNTED)}


def is_loud(now: UnitNow | None, at_ns: int) -> bool:
    """Tell whether a unit needs a person by itself: it failed, or has been held for a while."""
    if now is None or now.category is Category.BLIND:
        return False
    return now.state in _FAILED or (now.state in _HELD and at_ns - now.since_ns >= LOUD_AFTER_S * SECOND_NS)


def ranked(frame: Frame, units: Sequence[Unit]) -> list[str]:
    """Return the units that stand out, the root cause first: as the story names its causes, then failures before holds, the oldest first."""
    causes = [cause.unit for cause in frame.story.causes] if frame.story else []
    place = {unit: i for i, unit in enumerate(causes)}
    loud = [unit.id for unit in units if is_loud(frame.units.get(unit.id), frame.at_ns)]

    def order(unit: str) -> tuple[int, bool, int]:
        now = frame.units[unit]
        return place.get(unit, len(place)), now.state not in _FAILED, now.since_ns

    return sorted(loud, key=order)


def seconds_of(frame: Frame, unit: str) -> int | None:
    """Return for how many seconds a unit has been as it is, None where nothing is known."""
    now = frame.units.get(unit)
    return None if now is None or known(frame) is None else round((frame.at_ns - now.since_ns) / SECOND_NS)


def unit_face(line: Line, unit: Unit, frame: Frame, palette: Palette, *, selected: bool) -> CardFace:
    """Return what a unit's card shows at the frame."""
    now = frame.units.get(unit.id)
    if now is None:
        return CardFace(title=unit.title, blind=True, glyph=glyph(None), state=state_word(None), selected=selected)
    color = state_color(palette, now.state, now.category)
    ideal = ideal_per_min(line, unit.id, now.task.product)
    figures = frame.figures.units.get(unit.id) if frame.figures else None
    oee = figures.kpi.oee_told if figures else math.nan
    made = figures.kpi.produced if figures else math.nan
    causes = frame.story.causes if frame.story else ()
    return CardFace(
        title=unit.title, glyph=_sign(now), state=_condition(now), brief=_brief(now), notes=tuple(unit_notes(now)), since=lasted(frame, now),
        rate=rate(frame.rates_per_min.get(unit.id, math.nan), ideal), ideal=of_ideal(ideal),
        per=of_ideal(None), parts=tr("{n} made", n=number(made)) if math.isfinite(made) else "",
        reason=next((cause.reason for cause in causes if cause.unit == unit.id), ""),
        oee=tr("OEE {oee}", oee=percent(oee)), color=color if coloured(palette, color) and now.state is not None else "",
        loud=is_loud(now, frame.at_ns), blind=now.state is None, selected=selected, alarms=frame.alarms.units.get(unit.id),
    )  # fmt: skip


def group_face(line: Line, piece: Piece, frame: Frame, palette: Palette, *, selected: str, large: Collection[str]) -> CardFace:
    """Return what the card of a group shows: how many are how, the worst first, and which of them is slowest."""
    kinds: dict[object, list[Unit]] = {}
    for unit in piece.units:
        kinds.setdefault(_kind(frame.units.get(unit.id)), []).append(unit)
    found = sorted(kinds.items(), key=lambda kind: _RANK[kind[0]])
    seen = Counter(_kind(frame.units.get(unit)) for unit in large)
    told = [(_shape(kind, frame.units.get(units[0].id)), _counted(kind, len(units), others=seen[kind])) for kind, units in found]
    worst = frame.units.get(found[0][1][0].id)
    color = palette.unknown if worst is None else state_color(palette, worst.state, worst.category)
    per_min, ideal, slowest = _slowest(line, piece.units, frame)
    return CardFace(
        title=called(piece.run), glyph=told[0][0], state=told[0][1], brief=number(len(found[0][1])),
        also=" · ".join(f"{sign} {words}" for sign, words in told[1:]), lead=tr("slowest") if slowest else "",
        rate=rate(per_min, ideal) if slowest else "", ideal=of_ideal(ideal) if slowest else "", per=of_ideal(None) if slowest else "",
        notes=(
            *(_named(words, units) for (_, words), (_, units) in zip(told, found, strict=True) if len(found) > 1),
            *([tr("slowest: {unit}", unit=slowest)] if slowest else []),
            tr("{n} units; Enter opens them, Escape closes them", n=len(piece.run.units)),
        ),
        color=color if coloured(palette, color) and worst is not None and worst.state is not None else "",
        blind=found[0][0] == _UNKNOWN and len(found) == 1, selected=selected in {unit.id for unit in piece.units},
        alarms=_alarms(frame, piece.units), several=True,
    )  # fmt: skip


def _condition(now: UnitNow) -> str:
    """Return a state's word; of one that waits for a neighbour, which side."""
    if now.category not in _SIDES:
        return unit_state(now)
    word = tr(_SIDES[now.category])
    return tr("{word} (inferred)", word=word) if now.inferred else word


def _brief(now: UnitNow) -> str:
    """Return the shortest word for it."""
    if now.state is None:
        return state_word(None)
    word = _SIDES.get(now.category) or STATE_BRIEFS.get(now.state) or STATE_WORDS[now.state]
    return f"{GUESSED} {tr(word)}" if now.derived or now.inferred else tr(word)


def _sign(now: UnitNow) -> str:
    """Return a state's shape; an arrow from the side a unit waits for."""
    return _ARROWS.get(now.category, glyph(now.state))


def _kind(now: UnitNow | None) -> object:
    """Return which of the counted conditions a unit is in."""
    if now is None or now.state is None or now.category is Category.BLIND:
        return _UNKNOWN
    if now.state in _FAILED or now.state in _HELD:
        return "failed" if now.state in _FAILED else "held"
    if now.category in _SIDES:
        return now.category
    if now.state in {State.SUSPENDED, State.SUSPENDING}:
        return "suspended"
    return _TRANSIENT if now.state in TRANSIENT else now.state


def _shape(kind: object, now: UnitNow | None) -> str:
    """Return the shape of a condition."""
    return glyph(None) if kind == _UNKNOWN or now is None else _sign(now)


def _counted(kind: object, n: int, *, others: int) -> str:
    """Return how many are in a condition, `12 more aborted` where others of the kind stand out."""
    words: str = _MORE[kind] if others and kind in _MORE else _COUNTED[kind]
    return tr(words, n=n)


def _named(words: str, units: Sequence[Unit]) -> str:
    """Return a condition with the units that are in it, as far as a tip has room."""
    names = ", ".join(unit.title for unit in units[:NAMED_MOST])
    return f"{words}: {names}" + (" …" if len(units) > NAMED_MOST else "")


def _slowest(line: Line, units: Sequence[Unit], frame: Frame) -> tuple[float, float, str]:
    """Return rate and ideal of the running unit that is furthest below its ideal, and its name, empty where nobody can tell."""
    found = []
    for unit in units:
        now, per_min = frame.units.get(unit.id), frame.rates_per_min.get(unit.id, math.nan)
        ideal = ideal_per_min(line, unit.id, now.task.product if now else None)
        if now is not None and now.state is State.EXECUTE and ideal and math.isfinite(per_min):
            found.append((per_min / ideal, per_min, ideal, unit.title))
    return min(found)[1:] if found else (math.nan, math.nan, "")


def _alarms(frame: Frame, units: Sequence[Unit]) -> UnitAlarms | None:
    """Return the gravest mark of some units; None where none has one."""
    found = [frame.alarms.units[unit.id] for unit in units if unit.id in frame.alarms.units]
    if not found:
        return None
    priority = min(alarms.priority for alarms in found)
    gravest = [alarms for alarms in found if alarms.priority == priority]
    return UnitAlarms(
        priority=priority, count=sum(alarms.count for alarms in found),
        unacknowledged=any(alarms.unacknowledged for alarms in gravest), consequence=all(alarms.consequence for alarms in gravest),
    )  # fmt: skip
