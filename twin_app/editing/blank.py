"""A layout to begin with: a line's names and the source that will speak for its machines, and no machine yet. Not for placing them."""

from __future__ import annotations

from dataclasses import dataclass

from twin_app.editing.values import key_of, written
from twin_app.text import tr


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What an engineer says of a new line."""

    id: str
    title: str
    site: str
    area: str
    zone: str
    topic: str = ""
    """Filter of the machines' topics with `{unit}` in it; empty: not known yet."""
    dialect: str = "packml_tags"


def blank(names: Names) -> str:
    """Return the text of a layout without machines. It is sound once it has one, and the constraint names it."""
    head = tr("Made in the window; every key is explained in docs/layout.md, and twin-app check names what is wrong.")
    line = {"id": names.id, "title": names.title, "site": names.site, "area": names.area, "zone": names.zone}
    rows = [f"# {head}", "", "schema = 1", "", "[line]"]
    rows += [f"{key} = {written(value)}" for key, value in line.items() if value]
    rows += ["", "[[source]]", 'id = "plant"']
    if names.topic:
        rows += ["", "[[source.map]]", f"{key_of('topic')} = {written(names.topic)}", f"dialect = {written(names.dialect)}"]
    return "\n".join(rows) + "\n"
