"""`twin-app simulate`: a line's messages made by the simulator, into a file or onto a broker."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from twin_app.commands.base import Command, add_layout
from twin_app.commands.written import add_force, check_written
from twin_app.history.schema import SUFFIX
from twin_app.text import N_, tr
from twin_app.times import parse_duration_ns

if TYPE_CHECKING:
    import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """Add what says which line is simulated how, and where its messages go."""
    add_layout(parser)
    parser.add_argument("--scenario", type=Path, help=tr("file that says how the line behaves and what goes wrong; default: moderately"))
    parser.add_argument("--seed", type=int, default=1, help=tr("the same seed gives the same messages"))
    parser.add_argument("--start", metavar="T", help=tr("when it begins: ISO 8601 with a zone; default: with a shift of January 2026"))
    parser.add_argument("--duration", default="8h", help=tr("how long it runs, such as 90s or 8h"))
    parser.add_argument("--every", default="1s", help=tr("how often units speak unasked, such as 1s or 10s"))
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument(
        "--out", type=Path, metavar="FILE", help=tr("write the messages to FILE.jsonl, FILE.jsonl.gz or FILE.twinrec, the truth beside")
    )
    where.add_argument("--broker", metavar="mqtt://host:port", help=tr("publish the messages, as they would come from machines"))
    add_force(parser)
    parser.add_argument("--prefix", default="simulated", help=tr("what their topics begin with on the broker"))
    parser.add_argument("--speed", type=float, default=1.0, help=tr("how much faster than real time they are published"))
    parser.add_argument("--username", default="", help=tr("user at the broker; the password is taken from TWIN_APP_PASSWORD"))


def run(arguments: argparse.Namespace) -> int:
    """Simulate a line into a file, or onto a broker."""
    from twin_app.service import publishing, simulating

    every_ns, duration_ns = parse_duration_ns(arguments.every), parse_duration_ns(arguments.duration)
    plan = simulating.plan(
        arguments.layout, arguments.scenario, seed=arguments.seed, start=arguments.start, duration_ns=duration_ns, beat_ns=every_ns
    )
    if arguments.out is not None:
        read = (arguments.layout, *([arguments.scenario] if arguments.scenario else ()))
        for path in (arguments.out, simulating.truth_of(arguments.out)):
            refused_by_writer = path.suffix.casefold() == SUFFIX  # a recording is never written over, with or without --force
            check_written(path, read=read, force=arguments.force or refused_by_writer)
        print(simulating.told(simulating.write(plan, arguments.out), arguments.out))
        return 0
    messages = publishing.publish(
        plan, arguments.broker, prefix=arguments.prefix, speed=arguments.speed, username=arguments.username
    )  # fmt: skip
    print(publishing.published(messages, arguments.broker))
    return 0


SIMULATE = Command(name="simulate", help=N_("simulate a line: into a file, or onto a broker"), add=add, run=run)
