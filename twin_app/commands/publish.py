"""`twin-app publish`: a recording back onto a broker, for other programs to be tried against it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from twin_app.commands.base import Command, add_layout, add_window, say
from twin_app.errors import UsageError
from twin_app.text import N_, number, tr

if TYPE_CHECKING:
    import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """Add what is published, where, how fast and by whom."""
    add_layout(parser)
    parser.add_argument(
        "--source", type=Path, required=True, metavar="FILE", help=tr("the capture or recording whose messages are published")
    )
    parser.add_argument("--broker", required=True, metavar="mqtt://host:port", help=tr("where they go"))
    parser.add_argument("--prefix", default="replayed", help=tr("what their topics begin with on the broker"))
    parser.add_argument("--as-recorded", action="store_true", help=tr("under their own topics; never onto a broker that the layout names"))
    add_window(parser)
    parser.add_argument("--speed", type=float, default=1.0, help=tr("how much faster than real time they are published"))
    parser.add_argument("--username", default="", help=tr("user at the broker; the password is taken from TWIN_APP_PASSWORD"))
    parser.add_argument("--yes", action="store_true", help=tr("publish without asking"))


def run(arguments: argparse.Namespace) -> int:
    """Publish, once it is clear that it is meant."""
    from twin_app.service import republishing

    wanted = republishing.order(
        arguments.layout, arguments.source, arguments.broker, prefix=None if arguments.as_recorded else arguments.prefix,
        window=(arguments.start, arguments.end), speed=arguments.speed,
    )  # fmt: skip
    if not arguments.yes and not _meant(republishing.warning(wanted)):
        say(tr("Nothing was published."))
        return 1
    sent, broken = republishing.publish(wanted, username=arguments.username, progress=_progress)
    say(republishing.published(sent, broken, wanted))
    return 0


def _meant(warning: str) -> bool:
    """Ask whether it is meant; without a terminal nobody can answer, so it is not."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError(
            N_("Nobody is there to be asked whether this is meant."), tip=N_("Give --yes. It would be said: {warning}"), warning=warning
        )
    say(warning)
    return input(tr("Type yes to publish: ")).strip().casefold() in {"yes", "y", "是"}


def _progress(sent: int, _at_ns: int) -> None:
    """Tell a terminal how far it is."""
    if sys.stderr is not None and sys.stderr.isatty():
        print(f"\r\x1b[2K{tr('Published: {n}', n=number(sent))}", end="", file=sys.stderr, flush=True)


PUBLISH = Command(name="publish", help=N_("publish recorded messages to a broker"), add=add, run=run)
