"""`twin-app snapshot`: a picture of the real window at an instant."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from twin_app.commands.base import Command, add_heard, add_instant, has_display, heard
from twin_app.commands.written import check_picture
from twin_app.errors import UsageError
from twin_app.text import N_, tr
from twin_app.times import parse_instant_ns

if TYPE_CHECKING:
    import argparse

WIDTHS_PX, HEIGHTS_PX = range(320, 7681), range(240, 4321)
"""What screens there are."""


def add(parser: argparse.ArgumentParser) -> None:
    """Add what is shown, how large, and where the picture goes."""
    add_heard(parser)
    add_instant(parser)
    parser.add_argument("--size", default="1920x1080", help=tr("width x height in pixels"))
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--palette", choices=("calm", "andon"), default="calm")
    parser.add_argument("--unit", default="", help=tr("the unit to select"))
    parser.add_argument("-o", "--output", type=Path, required=True)


def run(arguments: argparse.Namespace) -> int:
    """Save the picture."""
    size = parse_size(arguments.size)
    check_picture(arguments.output)
    if arguments.at:
        parse_instant_ns(arguments.at, 0)  # before anything is opened
    if not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")  # each window is told that this platform gives no size hints
    from ui.snapshot import save_snapshot

    session = heard(arguments)
    save_snapshot(
        session, arguments.at, size=size, theme=arguments.theme, palette=arguments.palette, unit=arguments.unit, output=arguments.output
    )
    return 0


def parse_size(text: str) -> tuple[int, int]:
    """Return width and height in pixels; raises UsageError for what is no size of a screen."""
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal() and int(width) in WIDTHS_PX and int(height) in HEIGHTS_PX):
        raise UsageError(N_("“{size}” is not a size."), tip=N_("Write width x height in pixels, such as 1920x1080."), size=text)
    return int(width), int(height)


SNAPSHOT = Command(name="snapshot", help=N_("save a picture of the real window at an instant"), add=add, run=run)
