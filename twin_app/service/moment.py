"""Opening at a moment: what `--at`, `--paused` and a link make of a request. Not for opening: see `opening`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from twin_app.errors import UsageError
from twin_app.service import link as links
from twin_app.service.of_time import kept_layouts
from twin_app.service.opening import remembered, requested
from twin_app.text import N_
from twin_app.times import parse_instant_ns

if TYPE_CHECKING:
    from collections.abc import Iterable

    from twin_app.service.request import OpenRequest, Typed
    from twin_app.settings import Settings


def asked_for(typed: Typed, settings: Settings) -> OpenRequest:
    """Return what a command line asks for: a layout or a link to a moment, from where, at which instant, and whether time stands.

    Raises:
        TwinError: as `opening.requested`, or the instant or the link is none.
    """
    if typed.layout is not None and links.is_link(typed.layout):
        if typed.sources:
            raise UsageError(N_("A link names its sources itself."), tip=N_("Leave --source out, or give the layout instead of the link."))
        request = linked(links.read(typed.layout), settings)
    else:
        request = requested(None if typed.layout is None else Path(typed.layout), typed.sources, settings)
    return replace(at_moment(request, typed.at), paused=request.paused or typed.paused, blind=typed.blind)


def as_left(request: OpenRequest, settings: Settings) -> OpenRequest:
    """Return the request as the same recording was left: blind, if it was, with the same attempt; not one frame shows what lies ahead."""
    last = settings.opened
    same = last.blind and (last.layout, dict(last.addresses)) == (str(request.layout.absolute()), dict(request.addresses))
    return replace(request, blind=True, attempt=last.attempt, trainee=last.trainee) if same and not request.blind else request


def at_moment(request: OpenRequest, at: str | None) -> OpenRequest:
    """Return the request for another instant: ISO 8601 with a zone, or an offset from the recording's start such as `+90s`.

    Raises:
        UsageError: it is neither.
    """
    if at is None:
        return request
    instant_ns = parse_instant_ns(at, 0)
    if at.startswith("+"):
        return replace(request, begin_ns=instant_ns, begin_at_ns=None)
    return replace(request, begin_at_ns=instant_ns)


def beside(link: links.Link, known: Iterable[str]) -> links.Link:
    """Return a link with each file that is not where it says taken from beside a `known` one, where one of that name lies there.

    So the links of a sheet lead on when its folder is copied to another computer. A link that names no recorded file stays as it is:
    a layout of the same name alone may be another line's.
    """
    if not link.sources:
        return link
    folders = list(
        dict.fromkeys(Path(path) if Path(path).is_dir() else Path(path).parent for path in known if path and links.is_file(path))
    )

    def here(path: Path) -> Path:
        return path if path.exists() else next((folder / path.name for folder in folders if (folder / path.name).exists()), path)

    return replace(link, layout=here(link.layout), sources={source: str(here(Path(address))) for source, address in link.sources.items()})


def linked(link: links.Link, settings: Settings) -> OpenRequest:
    """Return the request for a link's moment. Brokers and logins are those of the last time, or the layout's: never the link's.

    Files that were moved are found beside what was opened last, see `beside`; of a recording that lies there alone its own layout is taken.

    Raises:
        TwinError: as `opening.requested`.
        UsageError: the files are not on this computer.
    """
    last = settings.opened
    link = beside(link, [last.layout, *last.addresses.values(), str(Path(last.report_folder) / "sheet") if last.report_folder else ""])
    sources = [f"{source}={address}" for source, address in link.sources.items()]
    layout: Path | None = link.layout
    if not link.layout.exists():
        alone = [address for address in link.sources.values() if Path(address).exists() and kept_layouts(address)]
        if len(alone) != 1:
            raise UsageError(
                N_("A file of the link is not on this computer: {path}."), path=link.layout,
                tip=N_("Open the layout or the recording once from where it lies now: links find files of the same names beside it."),
            )  # fmt: skip
        layout, sources = None, alone
    request = requested(layout, sources, settings)
    if not sources and last.layout == str(link.layout):
        request = replace(request, addresses=dict(last.addresses), logins=remembered(settings))
    return replace(request, begin_at_ns=link.at_ns, paused=True, unit=link.unit, figure=link.figure, span=link.span)
