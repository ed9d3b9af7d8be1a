"""`twin-app open`: the window, or the terminal's table where there is no display."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app import log, settings
from twin_app.commands.base import Command, add_sources, has_display, say
from twin_app.errors import UsageError
from twin_app.service.request import Typed
from twin_app.text import N_, tr
from twin_app.times import parse_duration_ns, parse_instant_ns

if TYPE_CHECKING:
    import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """Add which line on which sources, how and for how long."""
    parser.add_argument(
        "layout", nargs="?", help=tr("layout file of the line, a recording (it carries its layout), or a link to a moment (twin:…)")
    )
    parser.add_argument("--layout", dest="named", metavar="LAYOUT", help=tr("the same, as the other commands take it"))
    add_sources(parser)
    parser.add_argument("--headless", action="store_true", help=tr("show a live table in the terminal instead of the window"))
    parser.add_argument("--at", metavar="T", help=tr("begin at this instant: ISO 8601 with a zone, or +90s from the start"))
    parser.add_argument("--paused", action="store_true", help=tr("let time stand at first"))
    parser.add_argument("--blind", action="store_true", help=tr("replay without telling anything that was not known at the playhead"))
    parser.add_argument("--speed", type=float, default=1.0, help=tr("speed of a replay"))
    parser.add_argument("--duration", help=tr("end after this long, such as 90s or 8h"))


def run(arguments: argparse.Namespace) -> int:
    """Open the window, or the table."""
    duration_ns = parse_duration_ns(arguments.duration) if arguments.duration else None
    if arguments.layout and arguments.named:
        raise UsageError(N_("Two layouts are named: {one} and {other}."), one=arguments.layout, other=arguments.named, tip=N_("Name one."))
    if arguments.at:
        parse_instant_ns(arguments.at, 0)  # before anything is opened
    typed = Typed(
        layout=arguments.layout or arguments.named, sources=tuple(arguments.source), at=arguments.at, paused=arguments.paused, blind=arguments.blind
    )  # fmt: skip
    if arguments.headless or not has_display():
        from twin_app.service import terminal

        if not arguments.headless:
            say(tr("There is no display here, so the line is shown in the terminal."))
        log.start(settings.log_dir(), level=settings.load().settings.log.level)
        return terminal.run(typed, speed=arguments.speed, duration_ns=duration_ns)
    from ui.app import run_window

    return run_window(typed, speed=arguments.speed, duration_ns=duration_ns)


OPEN = Command(name="open", help=N_("open the window (the default)"), add=add, run=run)
