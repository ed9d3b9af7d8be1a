"""Notes for panels to be tested against."""

from __future__ import annotations

from dataclasses import replace

from twin_app.model.bookmark import Bookmark


class Notebook:
    """Notes that are kept in a list."""

    def __init__(self) -> None:
        self.kept: tuple[Bookmark, ...] = ()

    def bookmark(self, at_ns: int, text: str = "", *, end_ns: int | None = None, unit: str = "", who: str = "") -> str:
        made = Bookmark(id=f"b{len(self.kept)}", at_ns=at_ns, known_ns=at_ns, text=text, end_ns=end_ns, unit=unit)
        self.kept = tuple(sorted((*self.kept, made), key=lambda one: one.at_ns))
        return made.id

    def reword_bookmark(self, bookmark: str, text: str, *, who: str = "") -> None:
        self.kept = tuple(replace(one, text=text) if one.id == bookmark else one for one in self.kept)

    def remove_bookmark(self, bookmark: str, *, who: str = "") -> None:
        self.kept = tuple(one for one in self.kept if one.id != bookmark)
