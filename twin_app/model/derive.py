"""What is to be made of what a machine without PackML says: signals from signals, states by rules, faults by bits. Not for doing it: see `plant`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from twin_app.model.signal import SignalKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ACTIVE_FAULTS = "ActiveFaults"
"""How many faults of the unit's fault words are active."""
STOP_REASON = "StopReason"
"""The text of the gravest active fault, empty where none is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Derive:
    """A signal that follows from others of its unit by one operation; None, empty or false where it is another one's.

    Unknown operands make it unknown, unless the others decide alone (a false one of `all_of`).
    """

    name: str
    of: str = ""
    """The signal it is made of; empty where it combines several."""
    bit: int | None = None
    """The lowest bit taken out of a word, 0 the least significant."""
    bits: int = 1
    """How many bits: one is yes or no, more are a number."""
    values: Mapping[str, str] = field(default_factory=dict)
    """Value to word; what is not in it stays as it is."""
    equals: tuple[str, ...] = ()
    """True where the value is one of these."""
    above: float | None = None
    below: float | None = None
    hysteresis: float = 0.0
    """How far back beyond the threshold the value must come."""
    all_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    no_part_cycles: float | None = None
    """True where the counter has not counted for so many ideal cycles."""
    no_part_s: float | None = None
    count_edges: bool = False
    """Counts how often the value rose: from no to yes."""
    scale: float = 1.0
    offset: float = 0.0
    on_delay_s: float = 0.0
    off_delay_s: float = 0.0
    assume: float | None = None
    """What others take it for while it is unknown; None: then what needs it is unknown, too."""
    unit_of_measure: str = ""
    title: str = ""

    @property
    def operations(self) -> tuple[str, ...]:
        """Return the operations that the keys name; a sound one names one, or none at all, which is scale and offset."""
        named = {
            "bit": self.bit is not None,
            "values": bool(self.values),
            "equals": bool(self.equals),
            "above": self.above is not None,
            "below": self.below is not None,
            "all_of, any_of, none_of": bool(self.operands),
            "no_part_cycles": self.no_part_cycles is not None,
            "no_part_s": self.no_part_s is not None,
            "count_edges": self.count_edges,
        }
        return tuple(name for name, given in named.items() if given)

    @property
    def operands(self) -> tuple[str, ...]:
        """Return the signals that a combination looks at."""
        return (*self.all_of, *self.any_of, *self.none_of)

    @property
    def is_flag(self) -> bool:
        """Tell whether it is yes or no."""
        return bool(self.operations) and not (self.values or self.count_edges or (self.bit is not None and self.bits > 1))

    @property
    def kind(self) -> SignalKind:
        """Return how its values are to be read."""
        if self.values:
            return SignalKind.TEXT
        return SignalKind.COUNTER if self.count_edges else SignalKind.MEASUREMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class StateRule:
    """While `when` is true (always, where it is empty) the unit is in `state`, in `mode`, or both; earlier rules win."""

    when: str = ""
    state: str = ""
    mode: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One bit of a fault word."""

    bit: int
    text: str
    priority: int
    """1 is the gravest."""
    guidance: str = ""

    @property
    def name(self) -> str:
        """Return the name of its signal: the text, without what a signal's path reserves."""
        return "".join("-" if char in "/+#{}@" else char for char in self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultWord:
    """A signal whose bits are faults, as a CSV file beside the layout describes them."""

    of: str
    file: str
    faults: tuple[Fault, ...] = ()


def graver_first(words: tuple[FaultWord, ...]) -> Iterator[tuple[FaultWord, Fault]]:
    """Yield every fault of a unit with its word, the gravest first; of equals the one that is listed earlier."""
    yield from sorted(((word, fault) for word in words for fault in word.faults), key=lambda pair: pair[1].priority)
