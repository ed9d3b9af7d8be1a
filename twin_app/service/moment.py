"""Opening at a moment: what `--at`, `--paused` and a link make of a request. Not for opening: see `opening`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from twin_app.errors import UsageError
from twin_app.service import link as links
from twin_app.service.opening import remembered, requested
from twin_app.text import N_
from twin_app.times import parse_instant_ns

if TYPE_CHECKING:
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


def linked(link: links.Link, settings: Settings) -> OpenRequest:
    """Return the request for a link's moment. Brokers and logins are those of the last time, or the layout's: never the link's.

    Raises:
        TwinError: as `opening.requested`.
    """
    sources = [f"{source}={address}" for source, address in link.sources.items()]
    request = requested(link.layout, sources, settings)
    last = settings.opened
    if not sources and last.layout == str(link.layout):
        request = replace(request, addresses=dict(last.addresses), logins=remembered(settings))
    return replace(request, begin_at_ns=link.at_ns, paused=True, unit=link.unit, figure=link.figure, span=link.span)
