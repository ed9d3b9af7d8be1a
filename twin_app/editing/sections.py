"""A layout's text cut at its table headers, and what of it goes when a table goes. Not for the keys within a table: see `values`."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin_app.layout.positions import Path, headers

if TYPE_CHECKING:
    from collections.abc import Iterable

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_HEADING = re.compile(r"#\s*[-=#*]{2}")
"""A comment that divides the file into parts belongs to no table."""


@dataclass(frozen=True, slots=True)
class Section:
    """A header and what stands below it, as offsets into the text; the part before the first header has no header."""

    path: Path
    lead: int
    """Where the comments right above the header begin that are about it."""
    start: int
    """Where the header's line begins."""
    body: int
    """Where the line below it begins."""
    stop: int
    """Behind the last line that belongs to it: a value, or a comment without a blank line between."""


def lines_of(text: str) -> list[str]:
    """Return the lines with their ends, as TOML means lines: `str.splitlines` would cut strings, too."""
    return _LINE.findall(text)


def sections(text: str) -> tuple[Section, ...]:
    """Return the sections of a text that is TOML, in order; the first is what stands before all headers."""
    lines = lines_of(text)
    offsets = [0, *itertools.accumulate(map(len, lines))]
    found = headers(text)
    starts = [line for _, line, _ in found[1:]] + [len(lines) + 1]
    made, floor = [], 0
    for (path, line, end), following in zip(found, starts, strict=True):
        lead = max(line - 1, 0)
        while lead > floor and _is_about_the_next(lines[lead - 1]):
            lead -= 1
        floor = max(end, line)
        stop = floor
        while stop < following - 1 and lines[stop].strip():
            stop += 1
        if stop == following - 1 < len(lines):  # no blank line: what stands in between is about the next header
            stop = floor
        made.append(Section(path, *(offsets[i] for i in (lead, max(line - 1, 0), line, stop))))
    return tuple(made)


def _is_about_the_next(line: str) -> bool:
    """Tell whether a line above a header is a comment about it, and none that divides the file into parts."""
    return line.strip().startswith("#") and not _HEADING.match(line.strip())


def below(found: Iterable[Section], path: Path) -> tuple[Section, ...]:
    """Return the sections of a table and of all tables in it."""
    return tuple(section for section in found if section.path[: len(path)] == path and section.body > section.start)


def gone(text: str, section: Section) -> str:
    """Return the text without a section and the comments that are about it; other lines stay as they are."""
    head, rest = text[: section.lead], text[section.stop :]
    if _ends_blank(head):  # of the blank lines on both sides one side is enough
        rest = _without_blank(rest)
    elif not rest.strip():
        head = head.rstrip("\r\n \t") + _newline(text) if head.strip() else ""
    return head + rest


def copied(text: str, path: Path) -> str:
    """Return the text of a table and of those in it, without what stands between them and belongs to others."""
    return _newline(text).join(text[section.start : section.stop] for section in below(sections(text), path))


def behind(text: str, path: Path) -> int:
    """Return where a further element of an array of tables goes: behind its last one, else at the end of the text."""
    found = below(sections(text), path)
    return found[-1].stop if found else len(text)


def inserted(text: str, at: int, table: str) -> str:
    """Return the text with a table put in between, set off by a blank line."""
    newline = _newline(text)
    table = table.replace("\r\n", "\n").replace("\n", newline)
    head, rest = text[:at], text[at:]
    gap = "" if not head.strip() or _ends_blank(head) else newline if head.endswith("\n") else newline * 2
    foot = newline if rest.strip() and lines_of(rest)[0].strip() else ""
    return head + gap + table + foot + rest


def _newline(text: str) -> str:
    """Return how the text ends its lines, by the first that it ends."""
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"


def _ends_blank(text: str) -> bool:
    """Tell whether a text is empty or ends with a blank line."""
    lines = lines_of(text)
    return not lines or not lines[-1].strip()


def _without_blank(text: str) -> str:
    """Return a text without the blank lines that it begins with."""
    lines = lines_of(text)
    while lines and not lines[0].strip():
        del lines[0]
    return "".join(lines)
