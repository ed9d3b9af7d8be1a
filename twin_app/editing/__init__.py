"""Changing a layout file as a person would with great care: what is not touched stays as it is, byte for byte. Not for showing it."""

from __future__ import annotations

from twin_app.editing.draft import Draft
from twin_app.editing.outline import Outline, OutlineUnit

__all__ = ["Draft", "Outline", "OutlineUnit"]
