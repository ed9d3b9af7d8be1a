"""One open line under one clock: what anybody may ask of it, and what moves its time."""

from twin_app.session.asked import Opened
from twin_app.session.session import Session

__all__ = ["Opened", "Session"]
