"""Links to a moment: `twin:` addresses that name a layout, the files that are replayed, the instant and the unit. Not for opening them.

    twin:///home/me/line.toml?at=2026-11-23T02:03:04.500Z&unit=Filler&source=plc%3D%2Fhome%2Fme%2Fshift.jsonl

A link to what a figure is made of names the figure, too, and the window that it is of:

    …&unit=Filler&figure=Availability&from=2026-11-22T22:00:00.000Z&to=2026-11-23T06:00:00.000Z&source=…

A link comes from anywhere. It names files only: never a broker, a user or a password, so that nobody is sent to another plant by it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from twin_app.errors import UsageError
from twin_app.sources.kinds import kind_of
from twin_app.text import N_
from twin_app.times import iso_utc, parse_instant_ns

SCHEME = "twin:"
ALARMS = "Alarms"
"""The figure that the journal of alarms of a window is."""
LONGEST = 8000
ELSEWHERE = ("//", "\\\\", "/\\", "\\/")
"""What names of files on other computers begin with."""
_DRIVE = re.compile(r"/[A-Za-z]:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a link names."""

    layout: Path
    at_ns: int
    unit: str = ""
    figure: str = ""
    """The figure whose intervals are listed, by its words in the catalogue; `ALARMS`: the journal. Empty: none is."""
    span: tuple[int, int] | None = None
    """The window that the figure is of, UTC ns."""
    sources: Mapping[str, str] = field(default_factory=dict)
    """File by source id; a source that is not named is where it was when the line was last open, or where the layout says."""

    def written(self) -> str:
        """Return the link as it is copied."""
        layout = self.layout.absolute().as_posix()
        files = [("source", f"{source}={address}") for source, address in self.sources.items() if is_file(address)]
        window = zip(("from", "to"), map(iso_utc, self.span or ()), strict=False)
        named = [pair for pair in (("unit", self.unit), ("figure", self.figure), *window) if pair[1]]
        query = urlencode([("at", iso_utc(self.at_ns)), *named, *files], quote_via=quote, safe=":/")
        return f"{SCHEME}//{quote(layout if layout.startswith('/') else f'/{layout}', safe='/:')}?{query}"


def linker(layout: Path, sources: Mapping[str, str]) -> Callable[..., str]:
    """Return what gives the addresses of moments of one line and its files, see `report.leads.LinkTo`."""

    def link(at_ns: int, unit: str, figure: str = "", span: tuple[int, int] | None = None) -> str:
        return Link(layout=layout, at_ns=at_ns, unit=unit, figure=figure, span=span, sources=sources).written()

    return link


def is_link(text: str) -> bool:
    """Tell whether a text is meant as a link."""
    return text.strip().casefold().startswith(SCHEME)


def read(text: str) -> Link:
    """Return what a link names.

    Raises:
        UsageError: it is damaged, or names something that a link may not.
    """
    parts = urlsplit(text.strip())
    said = dict(parse_qsl(parts.query))
    sources = dict(value.split("=", 1) for key, value in parse_qsl(parts.query) if key == "source" and "=" in value)
    path = unquote(parts.path)
    if (
        len(text) > LONGEST
        or parts.netloc
        or not path
        or path.startswith(ELSEWHERE)
        or "\0" in path
        or "at" not in said
        or not all(map(is_file, sources.values()))
    ):
        raise UsageError(
            N_("“{link}” is no link to a moment."), tip=N_("Copy it again, whole, with the key C on the timeline."), link=text.strip()[:80]
        )
    layout = Path(path[1:] if _DRIVE.match(path) else path)
    span = (parse_instant_ns(said["from"], 0), parse_instant_ns(said["to"], 0)) if {"from", "to"} <= said.keys() else None
    return Link(
        layout=layout, at_ns=parse_instant_ns(said["at"], 0), unit=said.get("unit", ""), figure=said.get("figure", ""),
        span=span if span is not None and span[0] < span[1] else None, sources=sources,
    )  # fmt: skip


def is_file(address: str) -> bool:
    """Tell whether an address is a file's, and of this computer: whoever looks at a share of another one tells it who they are."""
    return bool(address) and not address.startswith(ELSEWHERE) and not kind_of(address).live
