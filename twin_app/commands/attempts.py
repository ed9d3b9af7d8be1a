"""`twin-app attempts`: what trainees did in blind replays of a recording, each beside what was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.commands.answers import as_json
from twin_app.commands.base import Command, add_heard, add_json, heard
from twin_app.text import N_, tr

if TYPE_CHECKING:
    import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """Add which recording, and which attempt at it."""
    add_heard(parser)
    parser.add_argument("--attempt", metavar="NAME", help=tr("an attempt of the list; default: the list"))
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the attempts, or one beside what was recorded."""
    from twin_app.persons.access import load
    from twin_app.service import training_answers as answers

    access, session = load(), heard(arguments)

    def name_of(trainee: str) -> str:
        person = access.person(trainee)
        return person.name if person else trainee or "–"

    try:
        line = session.line
        if arguments.attempt:
            review = session.training.review(arguments.attempt)
            print(as_json(answers.review_answer(review)) if arguments.json else answers.review_table(line, review, name_of))
        else:
            attempts = session.training.attempts()
            print(as_json(answers.attempts_answer(attempts)) if arguments.json else answers.attempts_table(line, attempts, name_of))
    finally:
        session.close()
    return 0


ATTEMPTS = Command(name="attempts", help=N_("print what trainees did in blind replays, beside what was recorded"), add=add, run=run)
