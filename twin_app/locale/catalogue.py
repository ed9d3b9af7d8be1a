"""Finding the sentences of the code and bringing a language's file up to date with them. Not for translating."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("twin_app", "ui")
MARKS = frozenset({"tr", "N_"})
"""Calls whose first argument is a sentence."""
PLACEHOLDER = re.compile(r"(?<!\{)\{([a-z_]+)[^{}]*\}(?!\})")
LINE_WIDTH = 140


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacks:
    """What a language's file lacks. All empty: it is complete."""

    untranslated: tuple[str, ...]
    """Sentences of the code without a translation, in their order."""
    obsolete: tuple[str, ...]
    """Sentences of the file that the code no longer says."""
    garbled: tuple[str, ...]
    """Sentences whose translation has other placeholders."""


def po_files() -> dict[str, Path]:
    """Return every language's file by its code."""
    return {path.parent.name: path for path in sorted(Path(__file__).parent.glob("*/twin.po"))}


def sentences(root: Path = ROOT) -> dict[str, tuple[str, ...]]:
    """Return every sentence in the code below `root`, in its order, with the files that say it."""
    found: dict[str, list[str]] = {}
    for path in (path for package in SOURCES for path in sorted((root / package).rglob("*.py"))):
        for message in marked(path.read_text(encoding="utf-8")):
            said_in = found.setdefault(message, [])
            if (name := path.relative_to(root).as_posix()) not in said_in:
                said_in.append(name)
    return {message: tuple(paths) for message, paths in found.items()}


def marked(source: str) -> list[str]:
    """Return the sentences of one file, in its order.

    Read from the syntax tree: Babel's own reader sees none inside an f-string before Python 3.12.
    """
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.args)
    said = [call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id in MARKS]
    said.sort(key=lambda part: (part.lineno, part.col_offset))
    return [part.value for part in said if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value]


def translations(text: bytes) -> dict[str, str]:
    """Return what a file says to each sentence it names, empty where it says nothing."""
    return {str(m.id): str(m.string) for m in read_po(io.BytesIO(text)) if m.id}


def updated(text: bytes, said: Mapping[str, tuple[str, ...]]) -> bytes:
    """Return a file with just the sentences that are said: translations are kept, nothing is guessed."""
    template = Catalog()
    for message, paths in said.items():
        template.add(message, locations=[(path, 0) for path in paths])
    catalog = read_po(io.BytesIO(text))
    catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
    out = io.BytesIO()
    write_po(out, catalog, width=LINE_WIDTH, ignore_obsolete=True, include_lineno=False)
    return out.getvalue()


def lacks(text: bytes, said: Mapping[str, tuple[str, ...]]) -> Lacks:
    """Return what a file lacks beside what is said."""
    known = translations(text)
    return Lacks(
        untranslated=tuple(message for message in said if not known.get(message)),
        obsolete=tuple(message for message in known if message not in said),
        garbled=tuple(message for message, string in known.items() if string and placeholders(message) != placeholders(string)),
    )


def placeholders(sentence: str) -> set[str]:
    """Return the names in braces; doubled braces stand for themselves."""
    return set(PLACEHOLDER.findall(sentence))


def report(language: str, found: Lacks) -> Iterator[str]:
    """Word what a file lacks, a line each, for whoever keeps it."""
    for what, messages in (
        ("untranslated", found.untranslated),
        ("no longer said", found.obsolete),
        ("placeholders differ", found.garbled),
    ):
        yield from (f"{language}: {what}: {message!r}" for message in messages)
