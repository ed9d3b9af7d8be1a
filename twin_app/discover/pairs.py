"""Which number a source shows together with which name of a state or mode: machines that number them in their own way. Not for single messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin_app.clock import SECOND_NS
from twin_app.codec import packml_tags
from twin_app.codec.meanings import Role
from twin_app.model.packml import MODE_BY_NAME, STATE_BY_NAME, Mode, State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twin_app.discover.fields import Shown

STABLE_NS = SECOND_NS
"""Name and number belong together where neither changed for so long; while one has changed and the other has not yet, they do not."""
MAX_UNITS = 5_000
_SIDES = {
    Role.STATE_NAME: ("state", 0), Role.STATE_NUMBER: ("state", 1), Role.MODE_NAME: ("mode", 0), Role.MODE_NUMBER: ("mode", 1),
}  # fmt: skip
_LONGEST_NUMBER = 9


@dataclass(slots=True)
class _Shown:
    """What one unit shows at the moment."""

    name: str = ""
    number: str = ""
    since_ns: int = 0


class Pairs:
    """What all units showed; owned by whoever reads the messages."""

    def __init__(self) -> None:
        """Start without a vote."""
        self._shown: dict[tuple[str, str], _Shown] = {}
        self._names: dict[str, dict[int, set[str]]] = {"state": {}, "mode": {}}

    def hear(self, place: str, values: Mapping[str, Shown], at_ns: int) -> None:
        """Take PackTags that were said of one place (a unit, whatever names it) at an instant, UTC ns."""
        for tag, value in values.items():
            meaning = packml_tags.meaning(tag)
            side = _SIDES.get(meaning.role) if meaning is not None else None
            if side is not None:
                self._hear(place, side, "" if value is None else str(value), at_ns)

    def own_numbers(self, what: str, end_ns: int) -> dict[int, str]:
        """Return the numbers of `state` or `mode` that name something else here than PackTags do, where all units agree.

        `end_ns`, UTC ns, is until when somebody listened: what is shown since long before it counts, too.
        """
        for (_, kind), shown in self._shown.items():
            self._vote(kind, shown, end_ns)
        standard = (
            {int(state): state.title for state in State}
            if what == "state"
            else {int(mode): mode.name.capitalize() for mode in Mode if mode <= Mode.USER_DEFINED}
        )
        certain = {number: next(iter(names)) for number, names in sorted(self._names[what].items()) if len(names) == 1}
        return {number: name for number, name in certain.items() if name != standard.get(number)}

    def _hear(self, place: str, side: tuple[str, int], value: str, at_ns: int) -> None:
        """Take one side's value."""
        what, is_number = side
        shown = self._shown.get((place, what))
        if shown is None:
            if len(self._shown) >= MAX_UNITS:
                return
            shown = self._shown[place, what] = _Shown()
        before = shown.number if is_number else shown.name
        if value == before:
            return
        self._vote(what, shown, at_ns)
        shown.since_ns = at_ns
        if is_number:
            shown.number = value
        else:
            shown.name = value

    def _vote(self, what: str, shown: _Shown, at_ns: int) -> None:
        """Count what stood together until now, where it stood for long enough and the name is the standard's."""
        name = _title(what, shown.name)
        is_number = shown.number.lstrip("-").isdigit() and len(shown.number) <= _LONGEST_NUMBER
        if name and is_number and at_ns - shown.since_ns >= STABLE_NS and len(self._names[what]) < MAX_UNITS:
            self._names[what].setdefault(int(shown.number), set()).add(name)


def _title(what: str, name: str) -> str:
    """Return a name in the standard's spelling, empty where it is none of its."""
    if what == "state":
        state = STATE_BY_NAME.get(name.casefold())
        return state.title if state is not None else ""
    mode = MODE_BY_NAME.get(name.casefold())
    return mode.name.capitalize() if mode is not None else ""
