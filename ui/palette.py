"""The colours of the screen, by role: light and dark, calm and andon. Not for styles.

Calm is ISA-101's: grey is normal, colour is for what needs a person. Andon, for halls that have learned it from their stack lights,
shows green besides where machines run. All that needs a person looks the same in both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from twin_app.model.packml import Category, State

CALM, ANDON = "calm", "andon"


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme in one scheme: roles to `#RRGGBB`; `name` is the theme's."""

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
    neutral: str
    """What is on its way to running, and fills that mean no state: how full a buffer is, how far something has come."""
    scheme: str = CALM

    @property
    def aborted(self) -> str:
        """The colour of a unit that was aborted, wherever it is shown."""
        return self.priority[0]

    @property
    def held(self) -> str:
        """The colour of a unit that is held."""
        return self.priority[1]

    @property
    def suspended(self) -> str:
        """The colour of a unit that is starved, blocked or waits for something else outside."""
        return self.priority[2]

    @property
    def unknown(self) -> str:
        """The colour of the hatching of what nobody knows."""
        return self.dim


LIGHT = Palette(
    name="light", window="#E4E6E8", panel="#EEF0F1", raised="#F7F8F8", line="#C9CDD1", text="#2B3036", dim="#5F6770",
    running="#848C94", stopped="#5C636B", machine="#B9BFC5", hall="#DDE0E2", floor="#D6D9DB", selection="#1F6FB2",
    priority=("#C62F33", "#AD5B00", "#8A6D00", "#9A3DAE"), neutral="#848C94",
)  # fmt: skip
DARK = Palette(
    name="dark", window="#1B1E22", panel="#23272C", raised="#2E333A", line="#383E45", text="#D5D9DD", dim="#98A0A9",
    running="#9AA3AC", stopped="#727A83", machine="#565E67", hall="#202429", floor="#2A2E33", selection="#4FA3E3",
    priority=("#F0565A", "#F08A1A", "#D9B310", "#C86BD8"), neutral="#9AA3AC",
)  # fmt: skip
ANDON_LIGHT = replace(LIGHT, scheme=ANDON, running="#2E7D46")
ANDON_DARK = replace(DARK, scheme=ANDON, running="#4CC38A")
PALETTES = {p.name: p for p in (LIGHT, DARK)}
"""The calm palettes by theme: for what has nothing to do with states."""
EVERY_PALETTE = (LIGHT, DARK, ANDON_LIGHT, ANDON_DARK)

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
        return palette.unknown
    if state in {State.ABORTED, State.ABORTING}:
        return palette.aborted
    if state in {State.HELD, State.HOLDING}:
        return palette.held
    if state in {State.SUSPENDED, State.SUSPENDING}:
        return palette.suspended
    if state in {State.UNHOLDING, State.UNSUSPENDING, State.STARTING}:
        return palette.neutral
    return palette.running if state is State.EXECUTE else palette.stopped


def coloured(palette: Palette, color: str) -> bool:
    """Tell whether a state's colour is one, not a grey: then words in it are worth it."""
    return color in palette.priority or (palette.scheme == ANDON and color == palette.running)
