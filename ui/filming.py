"""A video from beginning to end: a recording is read, the window filmed, the file written. Not for its pictures (`film`) nor its bytes.

`python -m ui.filming JOB` does it in a process of its own for a window that goes on meanwhile: how far it is and how it ended come as
lines of JSON on standard output, and it gives up when its standard input ends.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from twin_app import settings
from twin_app.errors import TwinError, UsageError
from twin_app.export import mp4
from twin_app.export.film import Film, film_of
from twin_app.export.unfinished import check_free
from twin_app.layout import load
from twin_app.service.heard import left_out
from twin_app.service.of_time import in_force, kept_layouts
from twin_app.service.opening import address_of, open_request, read_through
from twin_app.service.progress import Progress
from twin_app.service.request import OpenRequest
from twin_app.service.stopping import stopping
from twin_app.sources.kinds import kind_of
from twin_app.text import N_, set_language, tr
from twin_app.times import parse_instant_ns
from ui.film import Look, film

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.service.stopping import Stop
    from twin_app.session import Session

SUFFIX = ".mp4"
NICE = 5
"""A window that goes on meanwhile, and a recorder, go before."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """What is filmed, how, and where it goes."""

    layout: str
    addresses: dict[str, str] = field(default_factory=dict)
    """By source id, as in an `OpenRequest`."""
    start: str | None = None
    """An instant as the command line takes it; None: the first that is known."""
    end: str | None = None
    speed: float = 20.0
    rate_per_s: int = 30
    size: tuple[int, int] = (1920, 1080)
    theme: str = ""
    palette: str = ""
    preset: str = ""
    unit: str = ""
    like_window: bool = False
    eye: tuple[float, ...] | None = None
    """Where the eye in the hall is, see `Steering.place`; None: where it sees the whole line."""
    of_time: bool = False
    """Whether it is laid out as the recording says of its start (which is an instant then, no offset), not as the layout's file."""
    output: str = ""
    force: bool = False

    def written(self) -> str:
        """Return the job as JSON."""
        return msgspec.json.encode(self).decode()

    def asking(self, **what: Any) -> Job:  # noqa: ANN401 - whatever its fields are
        """Return the job with something else asked for."""
        return replace(self, **what)


def make(job: Job, tell: Callable[[float], None], stop: Stop, *, say: Callable[[str], None]) -> Film:
    """Make a video and return what it shows. `tell` is told shares of one, `say` what was left out of the recording.

    Raises:
        TwinError: what is asked for cannot be read, drawn or written; UsageError where it makes no sense.
        KeyboardInterrupt: somebody gave it up; there is no file then.
    """
    check(job)
    look = Look(
        size=job.size, theme=job.theme, palette=job.palette, preset=job.preset, unit=job.unit, like_window=job.like_window, eye=job.eye
    )
    with closing(_read(job, say)) as session:
        plan = _planned(job, session)
        said = tr("Simulated, not recorded from a plant.") if session.simulated else ""
        stop.at_once = False  # from here on it ends between two pictures
        with (
            mp4.encoded(Path(job.output), plan, job.size, title=session.line.title, comment=said, force=job.force) as encoder,
            closing(film(session, plan, look)) as pictures,
        ):
            for done, picture in enumerate(pictures, 1):
                encoder.take(picture)
                tell(done / plan.count)
                stop.heed()
    return plan


def check(job: Job) -> None:
    """Refuse what cannot be made, before anything long begins.

    Raises:
        UsageError: says what, and the cure.
        LayoutError: the layout is wrong.
    """
    output, (width, height) = Path(job.output), job.size
    if width % 2 or height % 2:
        raise UsageError(
            N_("A video is an even number of pixels wide and high, not {width} x {height}."), tip=N_("Give a size such as 1920x1080."),
            width=width, height=height,
        )  # fmt: skip
    if output.suffix.lower() != SUFFIX:
        raise UsageError(N_("A video is an MP4 file, and {path} is not named so."), tip=N_("Let its name end in .mp4."), path=output)
    film_of(0, 1, speed=job.speed, rate_per_s=job.rate_per_s)
    for text in (job.start, job.end):
        if text:
            parse_instant_ns(text, 0)
    line = load(Path(job.layout))
    for source in line.sources:
        address = address_of(line, source, job.addresses)
        if address and kind_of(address).live:
            raise UsageError(
                N_("A video is made of a recording, and {source} is live."), tip=N_("Give the recording: --source FILE or FOLDER."), source=source.id
            )  # fmt: skip
    check_free(output, force=job.force)
    mp4.program()


def _read(job: Job, say: Callable[[str], None]) -> Session:
    """Return the session on a recording, with everything folded in."""
    address = next(iter(job.addresses.values()), "")
    version = in_force(kept_layouts(address), parse_instant_ns(job.start, 0)) if job.of_time and job.start else None
    session = open_request(OpenRequest(layout=Path(job.layout), addresses=job.addresses, of_time=version))
    try:
        read_through(session, None)
        for sentence in left_out(session):
            say(sentence)
    except BaseException:
        session.close()
        raise
    return session


def _planned(job: Job, session: Session) -> Film:
    """Return what is filmed; without a span all that is known."""
    span = session.span()
    if span is None:
        raise TwinError(N_("The source holds no sample, so there is nothing to show."))
    start_ns, end_ns = (
        min(max(parse_instant_ns(text, span.start_ns), span.start_ns), span.end_ns) if text else known_ns
        for text, known_ns in ((job.start, span.start_ns), (job.end, span.end_ns))
    )
    return film_of(start_ns, end_ns, speed=job.speed, rate_per_s=job.rate_per_s)


def main(argv: list[str]) -> int:
    """Make the video that a window asks for; the last line says how it ended."""
    set_language(settings.language())
    if sys.platform != "win32":
        os.nice(NICE)
    job = msgspec.json.decode(argv[0], type=Job)
    try:
        with stopping(at_end_of_input=True) as stop:
            made = make(job, Progress(str, steps=True), stop, say=lambda _sentence: None)
    except TwinError as error:
        _tell(error=error.worded())
        return 1
    except KeyboardInterrupt:
        return 130
    _tell(pictures=made.count, lasts_s=made.lasts_s)
    return 0


def _tell(**said: object) -> None:
    """Write a line for the window."""
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
