"""Finding the sentences of the code with Babel and bringing a language's file up to date with them. Not for translating."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("twin_app", "ui")
KEYWORDS = {"tr": None, "N_": None}
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
    for package in SOURCES:
        for file, _, message, _, _ in sorted(extract_from_dir(root / package, keywords=KEYWORDS), key=lambda hit: hit[:2]):
            said_in = found.setdefault(str(message), [])
            if (path := f"{package}/{Path(file).as_posix()}") not in said_in:
                said_in.append(path)
    return {message: tuple(paths) for message, paths in found.items() if message}


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
