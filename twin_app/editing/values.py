"""Setting, adding and deleting values in the text of a layout, by their paths. Tables that are meant are rewritten (tomlkit), the rest is not read.

tomlkit keeps comments and form within a table; between tables it would move what stands out of order, so that it never sees
more than one. Not for what the values mean.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import tomlkit
from tomlkit.items import InlineTable

from twin_app.editing.sections import Section, behind, below, gone, inserted, lines_of, sections
from twin_app.layout.positions import Path, key_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_BARE = re.compile(r"[A-Za-z0-9_-]+")
Edit = tuple[Path, object, tuple[str, ...]]
"""A path, its new value, and the keys of which the first that is there comes before it where it is new."""


def written(value: object) -> str:
    """Return a value as it stands in TOML, on one line; tables as `{ a = 1 }`."""
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
    return with_values(text, [(path, value, after)])


def with_values(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with several values set, one after the other, as `with_value` sets one.

    Raises:
        KeyError: as there.
    """
    found = sections(text)
    homes: dict[Section, list[Edit]] = defaultdict(list)
    for path, value, after in edits:
        section = _home(found, path)
        homes[section].append((path[len(section.path) :], value, after))
    for section in sorted(homes, key=_start, reverse=True):
        core = text[section.body : section.stop]
        for edit in homes[section]:
            core = _set(core, *edit)
        text = text[: section.body] + core + text[section.stop :]
    return text


def without_value(text: str, path: Path) -> str:
    """Return the text without a value, be it a key, an element or a whole table; what is not there is no matter."""
    return without_values(text, [path])


def without_values(text: str, paths: Sequence[Path]) -> str:
    """Return the text without several values, as `without_value` takes out one; of a list the later elements are to come first."""
    found = sections(text)
    tables = [path for path in paths if below(found, path)]
    going = {section for path in tables for section in below(found, path)}
    homes: dict[Section, list[Path]] = defaultdict(list)
    for path in paths:
        section = _home(found, path)
        if path not in tables and section not in going:
            homes[section].append(path[len(section.path) :])
    for section in sorted({*homes, *going}, key=_start, reverse=True):
        if section in going:
            text = gone(text, section)
            continue
        core = text[section.body : section.stop]
        for way in homes[section]:
            core = _taken(core, way)
        text = text[: section.body] + core + text[section.stop :]
    return text


def with_element(text: str, path: Path, value: Mapping[str, object]) -> str:
    """Return the text with a table added to an array of tables, in whichever of the three forms the array is written."""
    found = sections(text)
    if below(found, path):
        header = ".".join(key_of(step) for step in path if isinstance(step, str))
        rows = "".join(f"{key_of(key)} = {written(each)}\n" for key, each in value.items())
        return inserted(text, behind(text, path), f"[[{header}]]\n{rows}")
    if not _holds(text, path):
        return with_value(text, path, [value])
    section = _home(found, path)

    def add(body: Any) -> None:  # noqa: ANN401 - tomlkit's containers are typed as what they hold
        for step in path[len(section.path) :]:
            body = body[step]
        body.append(tomlkit.value(written(value)))

    return text[: section.body] + _rewritten(text[section.body : section.stop], add) + text[section.stop :]


def _start(section: Section) -> int:
    """Return where a section begins."""
    return section.start


def _holds(text: str, path: Path) -> bool:
    """Tell whether something stands at a path that is no empty list."""
    found: Any = tomllib.loads(text.replace("\r\n", "\n"))
    try:
        for step in path:
            found = found[step]
    except (KeyError, IndexError, TypeError):
        return False
    return bool(found) or not isinstance(found, list)


def _home(found: Sequence[Section], path: Path) -> Section:
    """Return the section in which a path is written."""
    return max((one for one in found if one.path == path[: len(one.path)] and len(one.path) < len(path)), key=lambda one: len(one.path))


def _set(core: str, way: Path, value: object, after: tuple[str, ...]) -> str:
    """Return the lines of a section with a value set."""
    if len(way) == 1 and (new := _as_new_line(core, str(way[0]), value, after)) is not None:
        return new

    def put(body: Any) -> None:  # noqa: ANN401 - as above
        for step in way[:-1]:
            if isinstance(step, str) and step not in body:
                body[step] = tomlkit.value("{}")
            body = body[step]
        body[way[-1]] = tomlkit.value(written(value))

    return _rewritten(core, put)


def _taken(core: str, way: Path) -> str:
    """Return the lines of a section without a value, as they are where it is not there."""

    def take(body: Any) -> None:  # noqa: ANN401 - as above
        above: Any = None
        for step in way[:-1]:
            above, body = body, body[step]
        del body[way[-1]]
        if isinstance(body, InlineTable):  # it leaves its blanks behind
            above[way[-2]] = tomlkit.value(f"{{ {inner} }}" if (inner := body.as_string()[1:-1].strip()) else "{}")

    try:
        return _rewritten(core, take)
    except (KeyError, IndexError):
        return core


def _rewritten(core: str, change: Callable[[Any], None]) -> str:
    """Return the lines of a section with its keys changed, and its ends of lines kept."""
    windows = "\r\n" in core and core.count("\n") == core.count("\r\n")
    if windows:
        core = core.replace("\r\n", "\n")
    if core and not core.endswith("\n"):
        core += "\n"
    document = tomlkit.parse(core)
    change(document)
    core = document.as_string()
    return core.replace("\n", "\r\n") if windows else core


def _as_new_line(core: str, key: str, value: object, after: tuple[str, ...]) -> str | None:
    """Return the lines with a new key on a line of its own behind one that fits on a line, None where there is no such place or the key is there."""
    lines = lines_of(core)
    where = key_lines(core)
    before = next((where[(name,)] for name in after if (name,) in where), None)
    if (key,) in where or before is None or not _is_whole(lines[before - 1]) or not lines[before - 1].endswith("\n"):
        return None
    line = lines[before - 1]
    indent, newline = line[: len(line) - len(line.lstrip())], "\r\n" if line.endswith("\r\n") else "\n"
    lines.insert(before, f"{indent}{key_of(key)} = {written(value)}{newline}")
    return "".join(lines)


def _is_whole(line: str) -> bool:
    """Tell whether a line is a whole `key = value`."""
    try:
        return len(tomllib.loads(line)) == 1
    except ValueError:
        return False
