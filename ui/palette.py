"""The colours of the screen, by role, in two themes (ISA-101: grey is normal, colour is for what needs a person). Not for styles."""

from __future__ import annotations

from dataclasses import dataclass

from twin_app.model.packml import Category, State


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme: roles to `#RRGGBB`."""

    name: str
    window: str
    panel: str
    raised: str
    line: str
    text: str
    dim: str
    running: str
    stopped: str
    machine: str
    hall: str
    floor: str
    selection: str
    priority: tuple[str, str, str, str]
    """Alarm priorities 1 to 4; also aborted, held, suspended."""


LIGHT = Palette(
    name="light", window="#E4E6E8", panel="#EEF0F1", raised="#F7F8F8", line="#C9CDD1", text="#2B3036", dim="#5F6770",
    running="#848C94", stopped="#5C636B", machine="#B9BFC5", hall="#DDE0E2", floor="#D6D9DB", selection="#1F6FB2",
    priority=("#C62F33", "#B86200", "#8A6D00", "#9A3DAE"),
)  # fmt: skip
DARK = Palette(
    name="dark", window="#1B1E22", panel="#23272C", raised="#2E333A", line="#383E45", text="#D5D9DD", dim="#98A0A9",
    running="#9AA3AC", stopped="#727A83", machine="#565E67", hall="#202429", floor="#2A2E33", selection="#4FA3E3",
    priority=("#F0565A", "#F08A1A", "#D9B310", "#C86BD8"),
)  # fmt: skip
PALETTES = {p.name: p for p in (LIGHT, DARK)}

GLYPHS = {
    State.EXECUTE: "▶", State.IDLE: "○", State.COMPLETE: "●", State.STOPPED: "■", State.ABORTED: "✕", State.HELD: "‖",
    State.SUSPENDED: "▷", State.UNDEFINED: "?",
}  # fmt: skip
"""A shape per state beside its word; the acting states share TRANSITION_GLYPH, unknown has UNKNOWN_GLYPH."""
TRANSITION_GLYPH = "↻"
UNKNOWN_GLYPH = "?"


def glyph(state: State | None) -> str:
    """Return the shape that stands beside a state's word."""
    return UNKNOWN_GLYPH if state is None else GLYPHS.get(state, TRANSITION_GLYPH)


def state_color(palette: Palette, state: State | None, category: Category) -> str:
    """Return the colour of a state: greys for the normal, a priority colour for what needs a person."""
    if state is None or category is Category.BLIND:
        return palette.line
    if state in {State.ABORTED, State.ABORTING}:
        return palette.priority[0]
    if state in {State.HELD, State.HOLDING}:
        return palette.priority[1]
    if state in {State.SUSPENDED, State.SUSPENDING}:
        return palette.priority[2]
    return palette.running if state in {State.EXECUTE, State.UNHOLDING, State.UNSUSPENDING, State.STARTING} else palette.stopped
