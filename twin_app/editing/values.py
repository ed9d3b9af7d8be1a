"""Setting, adding and deleting single values in the text of a layout, by their path. One table is rewritten (tomlkit), the rest is not read.

tomlkit keeps comments and form within a table; between tables it would move what stands out of order, so that it never sees
more than one. Not for what the values mean.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, cast

import tomlkit
from tomlkit.items import InlineTable

from twin_app.editing.sections import Section, behind, below, inserted, lines_of, sections, without
from twin_app.layout.positions import key_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.layout.positions import Path

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def written(value: object) -> str:
    """Return a value as it stands in TOML, on one line: tables as `{ a = 1 }`, metres to the millimetre are the caller's."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{key_of(str(name))} = {written(each)}" for name, each in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(written, value))}]"
    return tomlkit.item(value).as_string()


def key_of(name: str) -> str:
    """Return a key as it stands in TOML, in quotes where it needs them."""
    return name if _BARE.fullmatch(name) else tomlkit.item(name).as_string()


def with_value(text: str, path: Path, value: object, *, after: tuple[str, ...] = ()) -> str:
    """Return the text with a value set, in its old place and with its comment, or as a new key behind the first of `after` that is there.

    Raises:
        KeyError: the table that is to have it is not there.
    """
    section, way = _home(text, path)
    if way[:-1] == () and (new := _as_new_line(text, section, str(way[-1]), value, after)) is not None:
        return new

    def put(body: Any) -> None:  # noqa: ANN401 - tomlkit's containers are typed as what they hold
        for step in way[:-1]:
            if isinstance(step, str) and step not in body:
                body[step] = tomlkit.value("{}")
            body = body[step]
        body[way[-1]] = tomlkit.value(written(value))

    return _rewritten(text, section, put)


def without_value(text: str, path: Path) -> str:
    """Return the text without a value, be it a key, an element or a whole table; what is not there is no matter."""
    if below(sections(text), path):
        return without(text, path)
    section, way = _home(text, path)

    def take(body: Any) -> None:  # noqa: ANN401 - as above
        above: Any = None
        for step in way[:-1]:
            above, body = body, body[step]
        del body[way[-1]]
        if isinstance(body, InlineTable):  # it leaves its blanks behind
            above[way[-2]] = tomlkit.value(f"{{ {inner} }}" if (inner := body.as_string()[1:-1].strip()) else "{}")

    try:
        return _rewritten(text, section, take)
    except (KeyError, IndexError):
        return text


def with_element(text: str, path: Path, value: Mapping[str, object]) -> str:
    """Return the text with a table added to an array of tables, in whichever of the three forms the array is written."""
    if below(sections(text), path):
        header = ".".join(key_of(step) for step in path if isinstance(step, str))
        rows = "".join(f"{key_of(key)} = {written(each)}\n" for key, each in value.items())
        return inserted(text, behind(text, path), f"[[{header}]]\n{rows}")
    if not _holds(text, path):
        return with_value(text, path, [value])
    section, way = _home(text, path)

    def add(body: Any) -> None:  # noqa: ANN401 - as above
        for step in way:
            body = body[step]
        body.append(tomlkit.value(written(value)))

    return _rewritten(text, section, add)


def _holds(text: str, path: Path) -> bool:
    """Tell whether something stands at a path."""
    found: Any = tomllib.loads(text.replace("\r\n", "\n"))
    try:
        for step in path:
            found = found[step]
    except (KeyError, IndexError, TypeError):
        return False
    return bool(found) or not isinstance(found, list)


def _home(text: str, path: Path) -> tuple[Section, Path]:
    """Return the section in which a path is written, and the way from there on."""
    found = [section for section in sections(text) if section.path == path[: len(section.path)] and len(section.path) < len(path)]
    section = max(found, key=lambda one: len(one.path))
    return section, path[len(section.path) :]


def _rewritten(text: str, section: Section, change: Callable[[MutableMapping[str, Any]], None]) -> str:
    """Return the text with the keys of one section changed."""
    core = text[section.body : section.stop]
    windows = "\r\n" in core and core.count("\n") == core.count("\r\n")
    if windows:
        core = core.replace("\r\n", "\n")
    if core and not core.endswith("\n"):
        core += "\n"
    document = tomlkit.parse(core)
    change(cast("MutableMapping[str, Any]", document))
    core = document.as_string()
    return text[: section.body] + (core.replace("\n", "\r\n") if windows else core) + text[section.stop :]


def _as_new_line(text: str, section: Section, key: str, value: object, after: tuple[str, ...]) -> str | None:
    """Return the text with a new key on a line of its own behind one that fits on a line, None where there is no such place or the key is there."""
    core = text[section.body : section.stop]
    lines = lines_of(core)
    where = key_lines(core)
    before = next((where[(name,)] for name in after if (name,) in where), None)
    if (key,) in where or before is None or not _is_whole(lines[before - 1]) or not lines[before - 1].endswith("\n"):
        return None
    line = lines[before - 1]
    indent, newline = line[: len(line) - len(line.lstrip())], "\r\n" if line.endswith("\r\n") else "\n"
    lines.insert(before, f"{indent}{key_of(key)} = {written(value)}{newline}")
    return text[: section.body] + "".join(lines) + text[section.stop :]


def _is_whole(line: str) -> bool:
    """Tell whether a line is a whole `key = value`."""
    try:
        return len(tomllib.loads(line)) == 1
    except ValueError:
        return False
