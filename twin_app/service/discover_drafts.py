"""The draft of a layout for what was heard: suggested, written into a file that was not there before, and told. Not for guessing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.discover.draft import written
from twin_app.discover.suggestion import suggest
from twin_app.errors import TwinError, UsageError
from twin_app.service.discover import local_zone
from twin_app.text import N_, number, tr

if TYPE_CHECKING:
    from pathlib import Path

    from twin_app.discover.suggestion import Suggestion
    from twin_app.service.discover import Heard, Request


def suggestion(heard: Heard, request: Request) -> Suggestion | None:
    """Return a layout for what was heard; None where nothing of it names a machine."""
    address, username = (heard.where, request.login.username) if request.live else ("", "")
    return suggest(heard.survey, zone=local_zone(), address=address, username=username, protocol=request.protocol if request.live else 4)


def check_new(path: Path | None) -> None:
    """Refuse to write over a file, before anybody listens for a minute.

    Raises:
        UsageError: there is such a file already, or no folder for it.
    """
    if path is None:
        return
    if path.exists():
        raise UsageError(N_("{path} is there already."), tip=N_("A draft never replaces a file: give another name."), path=path)
    if not path.parent.is_dir():
        raise UsageError(N_("There is no folder {path}."), tip=N_("Make it first, or give another name."), path=path.parent)


def write(heard: Heard, suggested: Suggestion | None, path: Path, *, replace: bool = False) -> None:
    """Write the draft; over a file that is there only where a person agreed to `replace` it.

    Raises:
        TwinError: there is nothing to draft, or the file cannot be written.
    """
    if suggested is None:
        raise TwinError(N_("There is nothing to draft a layout from, so {path} was not written."), path=path)
    text = written(suggested, heard.survey, heard_on=heard.where)
    try:
        with path.open("w" if replace else "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise TwinError(
            N_("{path} cannot be written: {reason}."), tip=N_("Give another name or folder."), path=path, reason=error.strerror or error
        ) from error


def told(suggested: Suggestion | None, path: Path) -> str:
    """Return what was written and what to do next."""
    units = len(suggested.line.units) if suggested is not None else 0
    return tr(
        "{path} is written: {n} units. Look through its guesses, then: twin-app check {path}, twin-app {path}", path=path, n=number(units)
    )
