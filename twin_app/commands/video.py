"""`twin-app video`: a span of a recording as a film of the real window. Not for one picture: see `snapshot`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from twin_app.commands.base import Command, add_layout, add_sources, add_window, has_display, say
from twin_app.commands.snapshot import parse_size
from twin_app.text import N_, duration, number, percent, tr

if TYPE_CHECKING:
    import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """Add what is shown, how fast and how large, and where the video goes."""
    add_layout(parser)
    add_sources(parser)
    add_window(parser)
    parser.add_argument("--speed", type=float, default=20.0, help=tr("how many times faster than the line; default: 20"))
    parser.add_argument("--fps", type=int, default=30, help=tr("pictures a second; default: 30"))
    parser.add_argument("--size", default="1920x1080", help=tr("width x height in pixels"))
    parser.add_argument("--theme", choices=("light", "dark"), default="")
    parser.add_argument("--palette", choices=("calm", "andon"), default="")
    parser.add_argument("--preset", choices=("operator", "trainer", "engineer"), default="", help=tr("whose arrangement of the panels"))
    parser.add_argument("--unit", default="", help=tr("the unit to select"))
    parser.add_argument(
        "--like-window",
        action="store_true",
        help=tr("look as the window was left: theme, language, text size, panels, the eye in the hall"),
    )
    parser.add_argument("--force", action="store_true", help=tr("write over a file that exists"))
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help=tr("file to write"))


def run(arguments: argparse.Namespace) -> int:
    """Make the video."""
    from twin_app.service.opening import requested
    from twin_app.service.progress import Progress
    from twin_app.service.stopping import stopping
    from twin_app.settings import load as load_settings

    if not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")  # each window is told that this platform gives no size hints
    from ui.filming import Job, make

    request = requested(arguments.layout, arguments.source, load_settings().settings)
    job = Job(
        layout=str(request.layout), addresses=dict(request.addresses), start=arguments.start, end=arguments.end, speed=arguments.speed,
        rate_per_s=arguments.fps, size=parse_size(arguments.size), theme=arguments.theme, palette=arguments.palette, preset=arguments.preset,
        unit=arguments.unit, like_window=arguments.like_window, output=str(arguments.output), force=arguments.force,
    )  # fmt: skip
    progress = Progress(lambda share: tr("Making the video: {share}", share=percent(share, 0)))
    try:
        with stopping() as stop:
            made = make(job, progress, stop, say=say)
    except KeyboardInterrupt:
        progress.end()
        say(tr("Given up: no video was written."))
        raise
    progress.end()
    say(tr(
        "Video written to {path}: {pictures} pictures, {lasts}.", path=arguments.output, pictures=number(made.count), lasts=duration(made.lasts_s)
    ))  # fmt: skip
    return 0


VIDEO = Command(name="video", help=N_("make a video of a span of a recording, as the real window shows it"), add=add, run=run)
