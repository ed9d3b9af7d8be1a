"""`twin-app alarms`: the journal of a window's alarms, their counts, rates and floods, as a table, as JSON or as CSV."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from twin_app.commands.answers import add_known, as_json, heard_as_known, window
from twin_app.commands.base import Command, add_heard, add_json, add_window
from twin_app.text import N_, tr

if TYPE_CHECKING:
    import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """Add which window of which line."""
    add_heard(parser)
    add_window(parser)
    add_known(parser)
    add_json(parser)
    parser.add_argument("--csv", action="store_true", help=tr("print the journal as CSV"))


def run(arguments: argparse.Namespace) -> int:
    """Print the alarms of a window."""
    from twin_app.service import alarm_answers, alarm_tables

    session = heard_as_known(arguments)
    try:
        start_ns, end_ns = window(arguments, session)
        report = session.alarm_report(start_ns, end_ns)
        line, simulated = session.line, session.simulated
    finally:
        session.close()
    if arguments.csv:
        sys.stdout.write(alarm_answers.journal_csv(line, report.transitions))
    elif arguments.json:
        print(as_json(alarm_answers.report_answer(line, report, simulated=simulated)))
    else:
        print(alarm_tables.report_table(line, report, simulated=simulated))
    return 0


ALARMS = Command(name="alarms", help=N_("print the journal of alarms, their counts, rates and floods"), add=add, run=run)
