"""`twin-app overview`: several lines on one screen, or one after the other on a wall."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from twin_app.commands.base import Command, has_display
from twin_app.errors import LayoutError, UsageError
from twin_app.text import N_, tr
from twin_app.times import parse_duration_ns

if TYPE_CHECKING:
    import argparse

    from twin_app.service.request import OpenRequest
    from twin_app.settings import Settings

MOST = 36
"""Lines at once: a screen holds no more that can be read."""


def add(parser: argparse.ArgumentParser) -> None:
    """Add which lines, and how they are shown."""
    parser.add_argument(
        "lines", nargs="+", metavar="LAYOUT[=SOURCE[,id=SOURCE]]",
        help=tr("layout file of a line, and where its messages come from if not where the layout says"),
    )  # fmt: skip
    parser.add_argument("--rotate", metavar="20s", help=tr("show one line after the other, each for this long"))
    parser.add_argument("--full-screen", action="store_true", help=tr("fill the screen"))


def requests(lines: list[str], settings: Settings) -> list[OpenRequest]:
    """Return what is to be opened; where only some layouts are wrong these are left to whoever opens them, and says so in their place.

    Raises:
        TwinError: every layout or an address is wrong, or there are too many lines.
    """
    from twin_app.service.opening import requested
    from twin_app.service.request import OpenRequest

    if len(lines) > MOST:
        raise UsageError(N_("{n} lines are too many for one screen."), tip=N_("Give {most} at most."), n=len(lines), most=MOST)
    found, wrong = [], list[LayoutError]()
    for text in lines:
        layout, _, sources = text.partition("=")
        try:
            found.append(requested(Path(layout), [one for one in sources.split(",") if one], settings))
        except LayoutError as error:
            wrong.append(error)
            found.append(OpenRequest(layout=Path(layout)))
    if len(wrong) == len(found):
        raise wrong[0]
    return found


def run(arguments: argparse.Namespace) -> int:
    """Open the window of all lines."""
    from twin_app import log, settings

    loaded = settings.load()
    rotate_s = parse_duration_ns(arguments.rotate) / 1e9 if arguments.rotate else None
    if rotate_s is not None and rotate_s < 1:
        raise UsageError(N_("Lines cannot take turns in less than a second."), tip=N_("Give a time such as 20s."))
    asked = requests(arguments.lines, loaded.settings)
    if not has_display():
        raise UsageError(N_("There is no display here."), tip=N_("Use `twin-app open --headless` for one line in the terminal."))
    log.start(settings.log_dir(), level=loaded.settings.log.level)
    from ui.app import run_overview

    return run_overview(asked, loaded.settings, rotate_s=rotate_s, full_screen=arguments.full_screen)


OVERVIEW = Command(name="overview", help=N_("several lines on one screen, or in turn on a wall"), add=add, run=run)
