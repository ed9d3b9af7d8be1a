"""A table of the file: which keys it may hold, and reading it into a value of the model. Not the tables themselves: see `schema`."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from twin_app.layout.findings import At, Findings
from twin_app.text import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from twin_app.layout.kinds import Kind


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table: what it may hold and what it means."""

    name: str
    kind: Kind
    says: str
    field: str = ""
    """The model's field, where it is named differently."""
    of: type | None = None
    """The dataclass that has the field, where it is not the table's own."""
    instead: str = ""
    """What counts where the key is missing, in words, where that is not the model's default."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with known keys that becomes one value of the model."""

    name: str
    says: str
    model: type
    keys: tuple[Key, ...]
    make: Callable[..., object] | None = None
    """Builds the value from the keys that are there; the model's own constructor where None."""
    cures: Mapping[str, str] = field(default_factory=dict)
    """Answers to keys that people expect here and that must not be."""

    @property
    def blank(self) -> object:
        """What stands for a wrong table: a value of blanks."""
        return self.read({}, Findings("", {}).at())

    def allowed(self) -> str:
        """Return what is allowed, in words."""
        return tr("a table with the keys {keys}", keys=", ".join(key.name for key in self.keys))

    def read(self, value: object, at: At) -> object:
        """Return the model's value; every key that is wrong, unknown or missing is reported."""
        if not isinstance(value, dict):
            at.refuse(value, self.allowed())
            return self.blank
        known = {key.name: key for key in self.keys}
        for name in value:
            if name not in known:
                at.unknown_key(name, tuple(known), tr(self.cures[name]) if name in self.cures else "")
        read: dict[str, object] = {}
        for key in self.keys:
            if key.name in value:
                read[key.field or key.name] = key.kind.read(value[key.name], at.into(key.name))
            elif self.is_required(key):
                at.missing(key.name, key.kind.allowed())
                read[key.field or key.name] = key.kind.blank
        return (self.make or self.model)(**read)

    def is_required(self, key: Key) -> bool:
        """Return whether the file must hold a key: the model has no default for it, and nothing else stands in."""
        found = self.model_field(key)
        defaults = (found.default, found.default_factory) if found else ()
        return not key.instead and all(default is dataclasses.MISSING for default in defaults)

    def model_field(self, key: Key) -> dataclasses.Field[object] | None:
        """Return the field of the model behind a key, None where there is none."""
        name = key.field or key.name
        return next((f for f in dataclasses.fields(key.of or self.model) if f.name == name), None)


@dataclass(frozen=True, slots=True)
class Tables:
    """A list of tables of one shape: `[[unit]]` headers, or `[{ ... }, { ... }]`."""

    table: Table
    least: int = 0
    most: int = 1000

    @property
    def blank(self) -> tuple[object, ...]:
        """What stands for a wrong list."""
        return ()

    def allowed(self) -> str:
        """Return what is allowed, in words."""
        return tr(
            "{least} to {most} tables with the keys {keys}",
            least=self.least,
            most=self.most,
            keys=", ".join(k.name for k in self.table.keys),
        )

    def read(self, value: object, at: At) -> tuple[object, ...]:
        """Return one value of the model for each table."""
        if isinstance(value, list) and self.least <= len(value) <= self.most:
            return tuple(self.table.read(element, at.into(i)) for i, element in enumerate(value))
        at.refuse(value, self.allowed())
        return self.blank
