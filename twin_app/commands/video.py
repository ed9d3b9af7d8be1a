"""`twin-app video`: a span of a recording as a film of the real window. Not for one picture: see `snapshot`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from twin_app.commands.base import Command, add_layout, add_sources, add_window, has_display, instant, say
from twin_app.commands.snapshot import parse_size
from twin_app.errors import TwinError, UsageError
from twin_app.text import N_, duration, number, percent, tr

if TYPE_CHECKING:
    from twin_app.export.film import Film
    from twin_app.service.request import OpenRequest
    from twin_app.service.stopping import Stop
    from twin_app.session import Session

SUFFIX = ".mp4"


def add(parser: argparse.ArgumentParser) -> None:
    """Add what is shown, how fast and how large, and where the video goes."""
    add_layout(parser)
    add_sources(parser)
    add_window(parser)
    parser.add_argument("--speed", type=float, default=20.0, help=tr("how many times faster than the line; default: 20"))
    parser.add_argument("--fps", type=int, default=30, help=tr("pictures a second; default: 30"))
    parser.add_argument("--size", default="1920x1080", help=tr("width x height in pixels, both even"))
    parser.add_argument("--theme", choices=("light", "dark"))
    parser.add_argument("--palette", choices=("calm", "andon"))
    parser.add_argument("--preset", choices=("operator", "trainer", "engineer"), help=tr("whose arrangement of the panels"))
    parser.add_argument("--unit", default="", help=tr("the unit to select"))
    parser.add_argument(
        "--like-window",
        action="store_true",
        help=tr("look as the window was left: theme, language, text size, panels, the eye in the hall"),
    )
    parser.add_argument("--force", action="store_true", help=tr("write over a file that exists"))
    parser.add_argument("--steps", action="store_true", help=argparse.SUPPRESS)  # for the window: progress as JSON, ended with its input
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help=tr("file to write"))


def run(arguments: argparse.Namespace) -> int:
    """Make the video."""
    from twin_app.service.stopping import stopping

    size = _checked(arguments)
    if not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")  # each window is told that this platform gives no size hints
    with stopping(at_end_of_input=arguments.steps) as stop:
        session = _read(arguments)
        try:
            plan = _planned(arguments, session)
        except BaseException:
            session.close()
            raise
        _make(arguments, session, plan, size, stop)
    say(tr(
        "Video written to {path}: {pictures} pictures, {lasts}.", path=arguments.output, pictures=number(plan.count), lasts=duration(plan.lasts_s)
    ))  # fmt: skip
    return 0


def _checked(arguments: argparse.Namespace) -> tuple[int, int]:
    """Return the size, having refused what cannot be made, before anything long begins."""
    from twin_app.export import mp4
    from twin_app.export.film import film_of
    from twin_app.export.unfinished import check_free

    width, height = parse_size(arguments.size)
    if width % 2 or height % 2:
        raise UsageError(
            N_("A video is an even number of pixels wide and high, not {size}."), tip=N_("Give --size 1920x1080."), size=arguments.size
        )
    if arguments.output.suffix.lower() != SUFFIX:
        raise UsageError(
            N_("A video is an MP4 file, and {path} is not named so."), tip=N_("Let its name end in .mp4."), path=arguments.output
        )
    film_of(0, 1, speed=arguments.speed, rate_per_s=arguments.fps)
    check_free(arguments.output, force=arguments.force)
    mp4.program()
    return width, height


def _read(arguments: argparse.Namespace) -> Session:
    """Return the session on a recording, with everything folded in."""
    from twin_app.service.heard import left_out
    from twin_app.service.opening import open_request, read_through, requested
    from twin_app.settings import load as load_settings

    settings = load_settings().settings
    request = requested(arguments.layout, arguments.source, settings)
    _refuse_live(request)
    session = open_request(request, settings)
    try:
        read_through(session, None)
        for sentence in left_out(session):
            say(sentence)
    except BaseException:
        session.close()
        raise
    return session


def _refuse_live(request: OpenRequest) -> None:
    """Refuse a live source: what is not over cannot be filmed picture by picture."""
    from twin_app.layout import load
    from twin_app.service.opening import address_of
    from twin_app.sources.kinds import kind_of

    line = load(request.layout)
    for source in line.sources:
        address = address_of(line, source, request.addresses)
        if address and kind_of(address).live:
            raise UsageError(
                N_("A video is made of a recording, and {source} is live."), tip=N_("Give the recording: --source FILE or FOLDER."), source=source.id
            )  # fmt: skip


def _planned(arguments: argparse.Namespace, session: Session) -> Film:
    """Return what is filmed; without a window all that is known."""
    from twin_app.export.film import film_of

    span = session.span()
    if span is None:
        raise TwinError(N_("The source holds no sample, so there is nothing to show."))
    start_ns, end_ns = (
        min(max(instant(text, session, default_ns), span.start_ns), span.end_ns)
        for text, default_ns in ((arguments.start, span.start_ns), (arguments.end, span.end_ns))
    )
    return film_of(start_ns, end_ns, speed=arguments.speed, rate_per_s=arguments.fps)


def _make(arguments: argparse.Namespace, session: Session, plan: Film, size: tuple[int, int], stop: Stop) -> None:
    """Film the window and write the file; the session is closed then."""
    from twin_app.export.mp4 import encoded
    from twin_app.service.progress import Progress
    from ui.film import Look, film

    look = Look(
        size=size, theme=arguments.theme, palette=arguments.palette, preset=arguments.preset, unit=arguments.unit, like_window=arguments.like_window
    )  # fmt: skip
    progress = Progress(lambda share: tr("Making the video: {share}", share=percent(share, 0)), steps=arguments.steps)
    said = tr("Simulated, not recorded from a plant") if session.simulated else ""
    stop.at_once = False
    try:
        with encoded(arguments.output, plan, size, title=session.line.title, comment=said, force=arguments.force) as encoder:
            for done, picture in enumerate(film(session, plan, look), 1):
                encoder.take(picture)
                progress(done / plan.count)
                stop.heed()
    finally:
        progress.end()


VIDEO = Command(name="video", help=N_("make a video of a span of a recording, as the real window shows it"), add=add, run=run)
