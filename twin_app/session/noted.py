"""Bookmarks as they are seen at the playhead, and where new ones go: a trainee's into a file of their own. Not for the file: see `notebook`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from twin_app.model.bookmark import Bookmark
from twin_app.session.deeds import Mark, Reword, Unmark
from twin_app.session.notebook import Notebook, new_id

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from twin_app.session.deeds import Deed, Send


class Noted:
    """`model.bookmark.Notes` of an open line. Belongs to the owner's thread."""

    def __init__(self, path: Path | None, now: Callable[[], int], send: Send | None = None) -> None:
        """Begin with the bookmarks of a side file (None: there are none, and new ones last until the line is closed).

        `now` gives UTC ns by the clock that decides when something became known. Where another program writes the line, `send` has
        bookmarks kept there.
        """
        self._now, self._send = now, send
        self._recorded = Notebook(path)
        self._trainee: Notebook | None = None
        self._hidden = False
        self._seen: tuple[Bookmark, ...] = ()

    def blindfold(self, trainee: Notebook | None, *, hide_recorded: bool) -> None:
        """Show only what was known at the playhead, without what was recorded where that is to be hidden; None: everything again.

        New bookmarks go into the trainee's.
        """
        self._trainee = trainee
        self._hidden = trainee is not None and hide_recorded

    def seen(self, until_ns: int) -> tuple[Bookmark, ...]:
        """Return what is to be seen, in order of time; the same tuple while it is the same. The instant matters while something is hidden."""
        if self._trainee is None:
            return self._recorded.bookmarks
        every = self._trainee.bookmarks if self._hidden else (*self._recorded.bookmarks, *self._trainee.bookmarks)
        seen = tuple(sorted((b for b in every if max(b.known_ns, b.at_ns) <= until_ns), key=lambda b: (b.at_ns, b.id)))
        self._seen = seen if seen != self._seen else self._seen
        return self._seen

    def refresh(self) -> None:
        """Read what other windows wrote."""
        self._recorded.refresh()

    def notices(self) -> tuple[str, ...]:
        """Return what a person must know about the bookmarks, each a worded sentence."""
        return self._recorded.notices()

    def bookmark(self, at_ns: int, text: str = "", *, end_ns: int | None = None, unit: str = "", who: str = "") -> str:
        """Mark a moment or a stretch; return the bookmark's id.

        Raises:
            RecordingError: it cannot be kept.
        """
        if self._send is not None:
            return self._sent(Mark(at_ns=at_ns, text=text, end_ns=end_ns, unit=unit), who)
        made = Bookmark(id=new_id(), at_ns=at_ns, known_ns=self._now(), text=text, end_ns=end_ns, unit=unit)
        (self._trainee or self._recorded).put(made)
        return made.id

    def reword_bookmark(self, bookmark: str, text: str, *, who: str = "") -> None:
        """Write something else beside a bookmark.

        Raises:
            RecordingError: it cannot be kept.
        """
        if self._send is not None:
            self._sent(Reword(bookmark=bookmark, text=text), who)
            return
        for notebook in self._writable:
            if found := notebook.find(bookmark):
                notebook.put(replace(found, text=text))

    def remove_bookmark(self, bookmark: str, *, who: str = "") -> None:
        """Take a bookmark away.

        Raises:
            RecordingError: that cannot be kept.
        """
        if self._send is not None:
            self._sent(Unmark(bookmark=bookmark), who)
            return
        for notebook in self._writable:
            notebook.remove(bookmark)

    def _sent(self, deed: Deed, who: str) -> str:
        """Have something kept by who writes the line; return the id of what was made."""
        made = self._send(deed, who) if self._send is not None else ""
        self.refresh()
        return made

    @property
    def _writable(self) -> tuple[Notebook, ...]:
        """Return where something may be changed: a trainee changes nothing of what was recorded."""
        return (self._trainee or self._recorded,)
