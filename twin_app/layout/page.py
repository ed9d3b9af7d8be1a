"""The page `docs/layout.md`, written from the schema that reads the files: `python -m twin_app.layout.page > docs/layout.md`."""

from __future__ import annotations

import dataclasses
import sys
from enum import Enum
from typing import TYPE_CHECKING

from twin_app.layout.kinds import Mapped
from twin_app.layout.schema import TABLES
from twin_app.layout.table import Table, Tables
from twin_app.machines import MACHINE_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.layout.kinds import Kind
    from twin_app.layout.table import Key

HEAD = """\
# The layout file

One TOML file describes one line; a plant is several. `models3d/lines/packaging.toml` is a whole one to copy.
This page is made from the description that reads the files: `python -m twin_app.layout.page > docs/layout.md`.

`twin-app check FILE` lists everything that is wrong at once, each with file, line, key, what was found, what is allowed
and the nearest match; elements of a list are counted from 1:

```
packaging.toml:41: unit[2].type: found "fillr"; allowed: {kinds}; did you mean "filler"?
```

The file is UTF-8 of up to 2 MiB. Passwords never stand in it. Files that it names lie in its own folder or below.
Where a buffer or a total of the line is meant, it counts base units: `base_units_per_count` says how many of them one
count of a unit is.
"""


def page() -> str:
    """Return the page as Markdown."""
    head = HEAD.replace("{kinds}", ", ".join(kind.key for kind in MACHINE_TYPES))
    return "\n".join([head, *(section(table) for table in TABLES)])


def default(table: Table, key: Key) -> str:
    """Return what counts where a key is missing."""
    found = table.model_field(key)
    if table.is_required(key):
        return "**required**"
    if key.instead or found is None:
        return key.instead
    if found.default_factory is not dataclasses.MISSING or found.default in ("", ()):
        return "empty"
    return written(found.default)


def section(table: Table, without: Callable[[Table, Key], str] = default) -> str:
    """Return one table's heading, sentence and keys, as Markdown; `without` says what counts where a key is missing."""
    rows = [f"| `{key.name}` | {_cell(_allowed(key.kind))} | {_cell(without(table, key))} | {_cell(key.says)} |" for key in table.keys]
    heading = f"## `{table.name}`" if table.name else "## The file"
    return "\n".join([heading, "", table.says, "", "| key | allowed | without it | meaning |", "|---|---|---|---|", *rows, ""])


def _allowed(kind: Kind) -> str:
    """Return what a key allows; a table of its own is pointed at."""
    if isinstance(kind, Table):
        return f"a table, see [`{kind.name}`](#{_anchor(kind)})"
    if isinstance(kind, Tables):
        return f"{kind.least} to {kind.most} tables, see [`{kind.table.name}`](#{_anchor(kind.table)})"
    if isinstance(kind, Mapped) and isinstance(kind.value, Table):
        return f"up to {kind.most} names, each of {_allowed(kind.value)}"
    return kind.allowed()


def _anchor(table: Table) -> str:
    """Return the anchor that Markdown gives to a table's heading."""
    return table.name.replace(".", "")


def written(value: object) -> str:
    """Return a default as it would stand in the file."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, str) and not isinstance(value, Enum):
        return f'`"{value}"`'
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def _cell(text: str) -> str:
    """Return text that breaks no Markdown table."""
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(page())
