"""What is asked for when a line is opened. Values only: `service.opening` opens it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from twin_app.sources.base import Login

__all__ = ["Login", "OpenRequest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequest:
    """A layout, and where its sources are if not where it says; `sample` for what is bundled with the product."""

    layout: Path
    addresses: Mapping[str, str] = field(default_factory=dict)
    """Address by source id: `mqtt://host:port`, or a file's absolute path."""
    logins: Mapping[str, Login] = field(default_factory=dict)
    sample: bool = False
    begin_ns: int = 0
    """How far into a recording the playhead begins."""
