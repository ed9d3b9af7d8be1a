"""What is wrong with a layout file, gathered until all of it is known, worded one sentence each. Not for deciding what is wrong."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from twin_app.text import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from twin_app.layout.positions import Path

MAX_WORDED = 200
"""Findings that are worded; of the rest only the number is told."""
_LONGEST_QUOTE = 60
_MOST_CANDIDATES = 500
_MOST_LISTED = 40


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: where, and the sentence that says so."""

    path: Path
    """Keys and indices (from 0) down to the value; empty: the file as a whole."""
    line: int
    """Line of the file, from 1."""
    said: str
    """The sentence alone, for showing beside the place."""
    sentence: str
    """The sentence with file, line and key."""


@dataclass(slots=True)
class Findings:
    """All findings of one file so far."""

    file: str
    lines: Mapping[Path, int]
    _worded: list[Finding] = field(default_factory=list)
    _unworded: int = 0
    _wrong: set[Path] = field(default_factory=set)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._worded) + self._unworded

    def at(self, *path: str | int) -> At:
        """Return a place in the file."""
        return At(self, path)

    def add(self, path: Path, sentence: Callable[[], str]) -> None:
        """Keep one finding; it is worded only while few are, for a nearest match costs time."""
        self._wrong.update(path[:i] for i in range(len(path) + 1))
        if len(self._worded) < MAX_WORDED:
            line = self.line(path)
            place = f"{self.file}:{line}: {key_path(path)}" if path else f"{self.file}:{line}"
            said = sentence()
            self._worded.append(Finding(path, line, said, f"{place}: {said}"))
        else:
            self._unworded += 1

    def line(self, path: Path) -> int:
        """Return the line of a path, or of the nearest table around it; 1 for the file as a whole."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def is_sound(self, path: Path) -> bool:
        """Return whether nothing at or below a path was found wrong so far."""
        return path not in self._wrong

    def sentences(self) -> tuple[str, ...]:
        """Return the findings, worded, in the order of the file."""
        return tuple(finding.sentence for finding in self.listed())

    def listed(self) -> tuple[Finding, ...]:
        """Return the findings in the order of the file, and at the end how many more there are."""
        ordered = sorted(self._worded, key=lambda finding: finding.line)
        if self._unworded:
            more = tr("{file}: {count} more findings are not listed.", file=self.file, count=self._unworded)
            ordered.append(Finding((), ordered[-1].line, more, more))
        return tuple(ordered)


@dataclass(frozen=True, slots=True)
class At:
    """A place in the file, and the way to say what is wrong there."""

    findings: Findings
    path: Path

    def into(self, *steps: str | int) -> At:
        """Return a place further in."""
        return At(self.findings, (*self.path, *steps))

    def is_sound(self) -> bool:
        """Return whether nothing here or further in was found wrong so far."""
        return self.findings.is_sound(self.path)

    def report(self, sentence: str) -> None:
        """Say what is wrong here, in a sentence of the caller's (without place and full stop)."""
        self.findings.add(self.path, lambda: f"{sentence}.")

    def refuse(self, found: object, allowed: str, near: Collection[str] = ()) -> None:
        """Say what was found and what is allowed, with the nearest of the names in `near`."""
        self.findings.add(
            self.path, lambda: _ended(tr("found {found}; allowed: {allowed}", found=quoted(found), allowed=allowed), found, near)
        )

    def unknown_key(self, key: str, known: Collection[str], cure: str = "") -> None:
        """Say that nobody knows this key here; `cure` replaces the list of known keys where there is a better answer."""
        if cure:
            self.findings.add((*self.path, key), lambda: tr("found an unknown key; {cure}.", cure=cure))
        else:
            self.findings.add(
                (*self.path, key), lambda: _ended(tr("found an unknown key; allowed: {known}", known=listed(known)), key, known)
            )

    def missing(self, key: str, allowed: str) -> None:
        """Say that a required key is not there."""
        self.findings.add((*self.path, key), lambda: tr("is missing; allowed: {allowed}.", allowed=allowed))


def _ended(sentence: str, found: object, near: Collection[str]) -> str:
    """Return the sentence with its nearest match as a question, where there is one, else with a full stop."""
    candidates = list(islice(near, _MOST_CANDIDATES))
    nearest = difflib.get_close_matches(found, candidates, n=1) if isinstance(found, str) else []
    folded = [name for name in candidates if isinstance(found, str) and name.casefold() == found.casefold()]
    for match in (folded or nearest)[:1]:
        return tr("{sentence}; did you mean {match}?", sentence=sentence, match=quoted(match))
    return f"{sentence}."


def key_path(path: Path) -> str:
    """Return a path as people write it, elements counted from 1: `unit[2].feeds[1].to`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step + 1}]"
        else:
            plain = step.replace("_", "").replace("-", "").isalnum() and len(step) <= _LONGEST_QUOTE
            text += ("." if text else "") + (step if plain else quoted(step))
    return text


def quoted(value: object) -> str:
    """Return a value as it stands in TOML, shortened, on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return tr("a table")
    if isinstance(value, list):
        return tr("a list of {count}", count=len(value))
    text = str(value)
    short = text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "…"
    visible = "".join(c if c.isprintable() else "�" for c in short)
    return f'"{visible}"' if isinstance(value, str) else visible


def listed(names: Collection[str]) -> str:
    """Return the names in a row, the first 40 of them."""
    some = list(islice(names, _MOST_LISTED))
    return ", ".join(some) + ("" if len(names) <= len(some) else ", …") if some else tr("nothing")
