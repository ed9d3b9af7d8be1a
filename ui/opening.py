"""What the window asks for when a person opens a line. Opening itself is done by whoever made the window (`ui.app`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from twin_app.service.request import Login, OpenRequest

if TYPE_CHECKING:
    from ui.bridge import Player

__all__ = ["Login", "OpenRequest", "Opener"]

Opener = Callable[[OpenRequest], "Player"]
"""Opens a line and returns its session, not yet started; raises TwinError with a cure."""
