"""A source's words and numbers for states and modes to PackML's. Not for when a state begins: see `voices`.

The name wins over the number, because numberings differ between PackTags, OPC 30060 and simulators.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from twin_app.codec.refusal import Reason, refuse
from twin_app.model.packml import MODE_BY_NAME, STATE_BY_NAME, Mode, State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twin_app.codec.values import Value
    from twin_app.model.equipment import SourceSpec

Word: TypeAlias = tuple[str, bool]
"""The word to keep, and whether a map named it."""

_Key = TypeVar("_Key")
_PLAUSIBLE = re.compile(r"(?=.*[^\W\d_])\w[\w .,:/+&()'’-]{0,63}")
"""A letter at least, and nothing that belongs to JSON, XML or a binary payload."""
_JOINTS = str.maketrans("", "", " _-")


class Words:
    """The maps of one source for states, or for modes."""

    def __init__(self, names: Mapping[str, str], numbers: Mapping[int, str]) -> None:
        """Keep the maps; names are looked up case-folded, then without blanks, hyphens and underscores (`Un-Holding`)."""
        self._names = {name.casefold(): title for name, title in names.items()}
        self._numbers = dict(numbers)

    def of_name(self, value: Value) -> Word:
        """Return the canonical word of a name; one that no map names is kept as it came."""
        if not isinstance(value, str):
            raise refuse(Reason.NOT_A_STATE, value)
        word = value.strip()
        folded = word.casefold()
        title = self._names.get(folded) or self._names.get(folded.translate(_JOINTS))
        if title is not None:
            return title, True
        if not _PLAUSIBLE.fullmatch(word):
            raise refuse(Reason.EMPTY if not word else Reason.NOT_A_STATE, value)
        return word, False

    def of_number(self, number: int) -> Word:
        """Return the canonical word of a number; one that no map names is kept as its digits."""
        title = self._numbers.get(number)
        return (title, True) if title is not None else (str(number), False)

    def knows_name(self, written: str) -> bool:
        """Say whether a map names this very text, digits included."""
        return written.strip().casefold() in self._names


def state_words(source: SourceSpec) -> Words:
    """Return a source's words for states: the standard's, overridden by its own."""
    names = {name: state.title for name, state in STATE_BY_NAME.items()}
    numbers = {int(state): state.title for state in State}
    return Words(names | _titled(source.state_names), numbers | _titled(source.state_numbers))


def mode_words(source: SourceSpec) -> Words:
    """Return a source's words for modes; numbers above Manual are the user's own and need a map."""
    names = {name: mode.name.capitalize() for name, mode in MODE_BY_NAME.items()}
    numbers = {int(mode): mode.name.capitalize() for mode in Mode if mode < Mode.USER_DEFINED}
    return Words(names | dict(source.mode_names), numbers | dict(source.mode_numbers))


def _titled(mapping: Mapping[_Key, str]) -> dict[_Key, str]:
    """Return a map with its states in the standard's spelling."""
    return {key: STATE_BY_NAME[name.casefold()].title if name.casefold() in STATE_BY_NAME else name for key, name in mapping.items()}
