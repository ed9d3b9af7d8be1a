"""`twin-app shifts`: the shifts of a recording, or of all lines recorded on this computer, with what each is known by."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from twin_app.commands.answers import as_json
from twin_app.commands.base import Command, add_json, say
from twin_app.errors import RecordingError, TwinError
from twin_app.text import N_, tr

if TYPE_CHECKING:
    import argparse

    from twin_app.finding.catalogue import Catalogue
    from twin_app.model.equipment import Line

    Found = tuple[Line, Path, Catalogue]


def add(parser: argparse.ArgumentParser) -> None:
    """Add which recording of which line."""
    parser.add_argument(
        "--layout", type=Path, help=tr("layout file of the line; default: the one that the recording carries, of every line recorded here")
    )
    parser.add_argument(
        "recording", nargs="?", type=Path, metavar="FOLDER", help=tr("a folder of .twinrec files, or one; default: the line's own")
    )
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the shifts; 1 where a file of them cannot be read or is damaged."""
    from twin_app.service.shift_answers import catalogue_answer
    from twin_app.service.shift_tables import catalogue_table

    if arguments.layout is None and arguments.recording is None:
        found, wrong = _every_line()
    else:
        found, wrong = [_of(arguments.layout, arguments.recording)], False
    if arguments.json:
        answers = [catalogue_answer(*one) for one in found]
        print(as_json({"lines": answers} if arguments.layout is None and arguments.recording is None else answers[0]))
    else:
        print("\n".join(catalogue_table(line, catalogue) for line, _, catalogue in found))
    return int(wrong or any(catalogue.problems for _, _, catalogue in found))


def _of(layout: Path | None, recording: Path | None) -> Found:
    """Return the shifts of one recording, by a layout or by the one that it carries."""
    from twin_app.layout import load
    from twin_app.service.lines import line_of
    from twin_app.service.shifts import chosen, existing, shifts
    from twin_app.service.telling import told

    line = load(layout) if layout is not None else line_of(existing(recording or Path()), None)
    path = chosen(line, recording)
    with told(N_("Reading the shifts: {share}")) as pace:
        return line, path, shifts(line, path, pace=pace)


def _every_line() -> tuple[list[Found], bool]:
    """Return the shifts of all lines recorded on this computer, and whether one of them cannot be told.

    Raises:
        RecordingError: there is none.
    """
    from twin_app.service.lines import recorded_lines
    from twin_app.settings import data_dir

    found: list[Found] = []
    wrong = False
    lines = recorded_lines()
    if not lines:
        raise RecordingError(
            N_("There is no recording {path}."), tip=N_("Name a .twinrec file or a folder that holds some."), path=data_dir() / "recordings"
        )
    for one in lines:
        try:
            found.append(_of(None, one.path))
        except TwinError as error:
            say(error.worded())
            wrong = True
    return found, wrong


SHIFTS = Command(
    name="shifts", help=N_("list the shifts of a recording: OEE, output, longest stop, alarms, gaps, bookmarks"), add=add, run=run
)
