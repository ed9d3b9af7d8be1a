"""What a layout says about alarms: which there are beyond those that follow by themselves, and how they are rationalised. Not for states."""

from __future__ import annotations

from dataclasses import dataclass

PRIORITIES = (1, 2, 3, 4)
"""1 is the gravest."""
SHELVE_S = 8 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRule:
    """One `[[alarm]]`: with a condition it makes an alarm of each unit that it concerns, without one it describes those of its name.

    None, where a field allows it, leaves what is so without the rule.
    """

    name: str = ""
    """Of the alarm within its unit; `*` stands for any text. Empty: what the condition names."""
    units: tuple[str, ...] = ()
    """Ids of units; empty: every one."""
    signal: str = ""
    """The signal that is judged; alone it alarms while it is true. `*` stands for any text."""
    above: float | None = None
    below: float | None = None
    equals: tuple[str, ...] = ()
    bad: bool = False
    """Alarms while the signal's quality is not good."""
    silent_s: float | None = None
    """Alarms once nothing was heard of the signal for so long."""
    states: tuple[str, ...] = ()
    """Alarms while the unit is in one of these states."""
    deadband: float | None = None
    on_delay_s: float | None = None
    off_delay_s: float | None = None
    priority: int | None = None
    text: str = ""
    guidance: str = ""
    group: str = ""
    """Class of alarms (ISA-18.2): those that are handled alike."""
    latching: bool | None = None
    enabled: bool = True
    suppressed_by: str = ""
    suppressed_in_states: tuple[str, ...] = ()
    suppressed_in_modes: tuple[str, ...] = ()
    shelve_max_s: float | None = None
    """For how long it may be shelved; 0: never."""
    ack_signal: str = ""
    """The signal by which the machine or SCADA says that it was acknowledged there: by coming true, or by changing."""
    consequence: bool | None = None
    """Whether it follows from what neighbours do, so that it folds under the alarm that came first on its cause."""

    @property
    def conditions(self) -> tuple[str, ...]:
        """Return the keys of the condition it gives beside the signal; a sound rule has one at most."""
        given = {
            "above": self.above is not None,
            "below": self.below is not None,
            "equals": bool(self.equals),
            "bad": self.bad,
            "silent_s": self.silent_s is not None,
            "states": bool(self.states),
        }
        return tuple(key for key, there in given.items() if there)

    @property
    def makes(self) -> bool:
        """Tell whether it makes alarms, or only describes those there are."""
        return bool(self.signal or self.states)
