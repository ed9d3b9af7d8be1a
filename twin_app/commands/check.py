"""`twin-app check`: everything that is wrong with a layout file, and on request what its sources really say."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from twin_app.commands.base import Command, add_sources, say
from twin_app.commands.written import add_force, check_written
from twin_app.errors import UsageError
from twin_app.text import N_, duration, number, tr
from twin_app.times import parse_duration_ns

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from twin_app.model.message import SourceHealth

MISSING = 1
"""Exit code where a signal that the layout names was never seen."""


def add(parser: argparse.ArgumentParser) -> None:
    """Add which file, and how it is held against its sources."""
    parser.add_argument("layout", type=Path)
    parser.add_argument(
        "--live", metavar="TIME", help=tr("listen so long, such as 10min, and list every point; 1 where one that the layout names was never seen")
    )  # fmt: skip
    add_sources(parser)
    parser.add_argument("--csv", type=Path, metavar="FILE", help=tr("save the point list as CSV"))
    add_force(parser)


def run(arguments: argparse.Namespace) -> int:
    """Check the file; with `--live` or `--source` its point list too."""
    from twin_app.service.check import check

    listens = bool(arguments.live or arguments.source)
    if arguments.csv is not None and not listens:
        raise UsageError(N_("There is no point list without listening."), tip=N_("Give --live 10min, or --source FILE."))
    if arguments.csv is not None:
        check_written(arguments.csv, read=(arguments.layout, *arguments.source), force=arguments.force)
    print(check(arguments.layout))
    return _points(arguments) if listens else 0


def _points(arguments: argparse.Namespace) -> int:
    """Listen, print the list and save it."""
    from twin_app.service.point_tables import table, write_csv
    from twin_app.service.points import points

    listen_s = parse_duration_ns(arguments.live) / 1e9 if arguments.live else None
    progress = _Progress(listen_s) if sys.stderr is not None and sys.stderr.isatty() else None
    found = points(arguments.layout, arguments.source, listen_s=listen_s, progress=progress)
    print(table(found))
    if arguments.csv is not None:
        write_csv(found, arguments.csv)
        say(tr("{path} is written.", path=arguments.csv))
    return MISSING if found.missing else 0


class _Progress:
    """One line that says how far it is; Ctrl+C ends the listening, and the list holds until then."""

    def __init__(self, listen_s: float | None) -> None:
        self._whole = duration(listen_s) if listen_s is not None else "…"

    def __call__(self, seconds: float, health: Sequence[SourceHealth]) -> None:
        """Repaint the line."""
        words = tr(
            "{time} of {whole}: {n} messages", time=duration(seconds), whole=self._whole, n=number(sum(one.received for one in health))
        )  # fmt: skip
        print(f"\r\x1b[2K{words}", end="", file=sys.stderr, flush=True)


CHECK = Command(name="check", help=N_("check a layout file and say everything that is wrong with it"), add=add, run=run)
