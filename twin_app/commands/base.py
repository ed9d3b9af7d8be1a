"""What every command of the command line is made of, and the options several share. Not for what any one of them does."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import category

from twin_app.text import tr
from twin_app.times import parse_duration_ns, parse_instant_ns

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from twin_app.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A word after `twin-app`: its options are added, and it is run, by the functions it names."""

    name: str
    help: str
    """An N_ sentence."""
    add: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]
    """Return the exit code; raises TwinError for input that is wrong."""


def say(sentence: str) -> None:
    """Print a sentence on stderr; where that is closed nowhere, because on stdout it would pass for the answer.

    What it quotes from outside cannot steer the terminal: control characters, but for the end of a line, are shown as dots.
    """
    if sys.stderr is not None:
        print("".join("·" if category(sign) == "Cc" and sign != "\n" else sign for sign in sentence), file=sys.stderr)


def add_layout(parser: argparse.ArgumentParser) -> None:
    """Add which line."""
    parser.add_argument("--layout", type=Path, required=True, help=tr("layout file of the line"))


def add_sources(parser: argparse.ArgumentParser) -> None:
    """Add where messages come from."""
    parser.add_argument(
        "--source", action="append", default=[], metavar="[id=]FILE|mqtt://host:port",
        help=tr("where messages come from; with several sources in the layout, id= says which"),
    )  # fmt: skip


def add_heard(parser: argparse.ArgumentParser) -> None:
    """Add which line, where its messages come from, and how long a live source is listened to."""
    add_layout(parser)
    add_sources(parser)
    parser.add_argument("--duration", help=tr("how long to listen to a live source, such as 90s or 8h"))


def add_instant(parser: argparse.ArgumentParser) -> None:
    """Add which instant."""
    parser.add_argument("--at", metavar="T", help=tr("the instant: ISO 8601 with a zone, or +90s from the start; default: the end"))


def add_window(parser: argparse.ArgumentParser) -> None:
    """Add which window."""
    parser.add_argument("--from", dest="start", metavar="T", help=tr("start of the window: ISO 8601 with a zone, or +90s"))
    parser.add_argument("--to", dest="end", metavar="T", help=tr("end of the window"))


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add the form of the answer."""
    parser.add_argument("--json", action="store_true", help=tr("print one JSON object"))


def heard(arguments: argparse.Namespace) -> Session:
    """Open the layout on its sources and return the session with everything folded in; the caller closes it."""
    from twin_app.service.heard import left_out
    from twin_app.service.opening import open_line, read_through

    session = open_line(arguments.layout, arguments.source, record=False)
    try:
        read_through(session, parse_duration_ns(arguments.duration) if arguments.duration else None)
        for sentence in left_out(session):
            say(sentence)
    except BaseException:
        session.close()
        raise
    return session


def instant(text: str | None, session: Session, default_ns: int) -> int:
    """Return a typed instant; offsets count from the first message."""
    span = session.span()
    return default_ns if text is None or span is None else parse_instant_ns(text, span.start_ns)


def has_display() -> bool:
    """Tell whether a window can be opened. Windows and macOS always have a desktop for a program started by a person."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("QT_QPA_PLATFORM") == "offscreen")
