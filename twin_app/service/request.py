"""What is asked for when a line is opened. Values only: `service.opening` opens it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from twin_app.model.recording import LayoutVersion
from twin_app.service.link import is_link
from twin_app.sources.base import Login

__all__ = ["Login", "OpenRequest", "Typed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequest:
    """A layout, and where its sources are if not where it says; `sample` for what is bundled with the product."""

    layout: Path
    addresses: Mapping[str, str] = field(default_factory=dict)
    """Address by source id: `mqtt://host:port`, or a file's absolute path."""
    logins: Mapping[str, Login] = field(default_factory=dict)
    recordings: Path | None = None
    """The folder that a live line is recorded into; None: the line's own."""
    sample: bool = False
    begin_ns: int = 0
    """How far into a recording the playhead begins."""
    begin_at_ns: int | None = None
    """The instant at which it begins instead, UTC ns."""
    paused: bool = False
    """Whether time stands at first."""
    unit: str = ""
    """The unit that is selected at first."""
    figure: str = ""
    """The figure whose intervals are listed at first, see `link.Link`; empty: none is."""
    span: tuple[int, int] | None = None
    """The window that it is of."""
    blind: bool = False
    """Whether nothing is told that was not known at the playhead."""
    attempt: str = ""
    """Of a blind replay: the attempt that is gone on with, see `session.training`; empty, or none of which anything was kept: a new one."""
    trainee: str = ""
    """Of a new attempt: a person's id, or what the trainee calls themselves."""
    of_time: LayoutVersion | None = None
    """The layout as a recording keeps it, in the place of what the file says now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What a person typed to open a line; nothing of it is understood yet, see `service.moment`."""

    layout: str | None = None
    """A layout file, or a link to a moment."""
    sources: Sequence[str] = ()
    at: str | None = None
    paused: bool = False
    blind: bool = False

    @property
    def is_link(self) -> bool:
        """Tell whether a link is all that was typed: where it leads may be shown already."""
        return bool(self.layout and is_link(self.layout)) and not (self.sources or self.at or self.blind)

    @property
    def names_a_line(self) -> bool:
        """Tell whether a line is named; else the one that was open last is meant."""
        return self.layout is not None or bool(self.sources)
