"""What the window asks for when a person opens a line. Opening itself is done by whoever made the window (`ui.app`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.bridge import Player


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """How to get into one source. The password lives in memory only."""

    username: str = ""
    password: str = field(default="", repr=False)
    tls_ca: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequest:
    """A layout, and where its sources are if not where the layout says; `sample` for what is bundled with the product."""

    layout: Path
    addresses: Mapping[str, str] = field(default_factory=dict)
    logins: Mapping[str, Login] = field(default_factory=dict)
    sample: bool = False


Opener = Callable[[OpenRequest], "Player"]
"""Opens a line and returns its session, not yet started; raises TwinError with a cure."""
