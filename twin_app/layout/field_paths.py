"""Paths to fields of a JSON message, as a layout writes them: `a.b[0].c`, `lines[*].samples`, `metrics.*`. Not for following them: see `codec.paths`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from twin_app.text import tr

if TYPE_CHECKING:
    from twin_app.layout.findings import At

Step: TypeAlias = str | int | None
"""A member's name, an element's index; None stands for every one."""
Path: TypeAlias = tuple[Step, ...]

LONGEST = 200
_STEP = re.compile(r"""\[(?:(\d{1,6})|(\*)|"([^"]*)"|'([^']*)')\]|\.?([^.\[\]]+)""")


def path(text: str) -> Path:
    """Return the steps of a written path; a name with dots or brackets stands in `["..."]`. Empty: the value itself.

    Raises:
        ValueError: it is no path.
    """
    steps: list[Step] = []
    at = 0
    while at < len(text):
        found = _STEP.match(text, at)
        if found is None or (at == 0 and text[0] == "."):
            raise ValueError(text)
        steps.append(_step(found))
        at = found.end()
    return tuple(steps)


def _step(found: re.Match[str]) -> Step:
    """Return one step."""
    index, every, double, single, plain = found.groups()
    if index is not None:
        return int(index)
    if every or plain == "*":
        return None
    return next(name for name in (double, single, plain) if name is not None)


@dataclass(frozen=True, slots=True)
class FieldPath:
    """A path to a field, as a kind of key; empty where there is none."""

    blank: str = ""

    def allowed(self) -> str:
        """Return what is allowed, in words."""
        return tr("nothing, or a path such as a.b[0].c, with [*] for every element and * for every member")

    def read(self, value: object, at: At) -> str:
        """Return the path as it is written."""
        if isinstance(value, str) and len(value) <= LONGEST:
            try:
                path(value)
            except ValueError:
                pass
            else:
                return value
        at.refuse(value, self.allowed())
        return self.blank
