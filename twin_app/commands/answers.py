"""`twin-app state` and `twin-app kpi`: what the engine knows of an instant and of a window, as a table or as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from twin_app.commands.base import Command, add_heard, add_instant, add_json, add_window, heard, instant
from twin_app.errors import TwinError, UsageError
from twin_app.text import N_, tr

if TYPE_CHECKING:
    import argparse

    from twin_app.session import Session


def add_state(parser: argparse.ArgumentParser) -> None:
    """Add which instant of which line."""
    add_heard(parser)
    add_instant(parser)
    add_known(parser)
    add_json(parser)


def add_kpi(parser: argparse.ArgumentParser) -> None:
    """Add which window of which line."""
    add_heard(parser)
    add_window(parser)
    add_by(parser)
    add_known(parser)
    add_json(parser)


def add_by(parser: argparse.ArgumentParser) -> None:
    """Add what the window is taken apart by."""
    parser.add_argument(
        "--by", choices=("hour", "shift", "product", "order"), help=tr("figures of the window by hour, shift, product or order")
    )
    parser.add_argument("--unit", metavar="U", help=tr("with --by: of one unit of the layout; default: of the line"))


def add_known(parser: argparse.ArgumentParser) -> None:
    """Add whose knowledge counts."""
    known = tr("answer as one would have then: from what had been received by T, leaving out what came late; about time until T")
    parser.add_argument("--as-known-at", metavar="T", help=known)


def heard_as_known(arguments: argparse.Namespace) -> Session:
    """Return the session of all that is to count; the caller closes it."""
    session = heard(arguments)
    if arguments.as_known_at:
        try:
            session.as_known_at(instant(arguments.as_known_at, session, 0))
        except BaseException:
            session.close()
            raise
    return session


def run_state(arguments: argparse.Namespace) -> int:
    """Print the state of every unit at an instant, and how the sources are."""
    from twin_app.clock import now_ns
    from twin_app.service import answers, tables
    from twin_app.service.source_lines import source_lines

    session = heard_as_known(arguments)
    try:
        span = session.span()
        answer = answers.state_answer(session, instant(arguments.at, session, span.end_ns if span else 0))
        told = [line.text for health in session.health() for line in source_lines(health, now_ns())]
    finally:
        session.close()
    print(as_json(answer) if arguments.json else "\n".join((tables.state_table(answer), *told)))
    return 0


def run_kpi(arguments: argparse.Namespace) -> int:
    """Print the figures of a window."""
    from twin_app.service import answers, tables

    session = heard_as_known(arguments)
    try:
        start_ns, end_ns = window(arguments, session)
        if arguments.by:
            print(parts_told(arguments, session, start_ns, end_ns))
            return 0
        names = [None, *(unit.id for unit in session.line.units)]
        details = {name: session.detail(name, start_ns, end_ns) for name in names} if arguments.json else None
        plan = session.against(None, start_ns, end_ns)
        answer = answers.kpi_answer(session.figures(start_ns, end_ns), details, plan=plan, simulated=session.simulated)
        energy = session.detail(None, start_ns, end_ns).energy
        told = [tables.plan_line(plan, session.line), tables.energy_line(energy), tables.energy_by_state(energy)]
    finally:
        session.close()
    print(as_json(answer) if arguments.json else "\n".join(filter(None, (tables.kpi_table(answer), *told))))
    return 0


def parts_told(arguments: argparse.Namespace, session: Session, start_ns: int, end_ns: int) -> str:
    """Return the figures of a window in parts, as a table or as JSON.

    Raises:
        UsageError: the layout has no such unit.
    """
    from twin_app.model.kpi import By
    from twin_app.service.parts_answers import parts_answer, parts_table

    known = [unit.id for unit in session.line.units]
    if arguments.unit and arguments.unit not in known:
        raise UsageError(
            N_("The layout has no unit {unit}."), tip=N_("Its units are {known}."), unit=arguments.unit, known=", ".join(known)
        )
    found = session.parts(arguments.unit, By(arguments.by), start_ns, end_ns, energy=True)
    answer = parts_answer(arguments.by, arguments.unit, found, (start_ns, end_ns), simulated=session.simulated)
    return as_json(answer) if arguments.json else parts_table(answer, session.line, found)


def window(arguments: argparse.Namespace, session: Session) -> tuple[int, int]:
    """Return the window that is asked for, else all that is known.

    Raises:
        TwinError: nothing is known.
        UsageError: the window ends before it starts.
    """
    span = session.span()
    if span is None:
        raise TwinError(N_("The source holds no message that the layout maps, so there is nothing to count."))
    start_ns, end_ns = instant(arguments.start, session, span.start_ns), instant(arguments.end, session, span.end_ns)
    typed = arguments.start or arguments.end  # else one message alone is a window of no length, and its figures unknown
    if end_ns < start_ns or (typed and end_ns == start_ns):
        raise UsageError(N_("The window ends before it starts."), tip=N_("Give --from a time before --to."))
    return start_ns, end_ns


def as_json(answer: object) -> str:
    """Return an answer as the text that scripts read; unknown figures are null already."""
    return json.dumps(answer, indent=1, ensure_ascii=False, allow_nan=False)


STATE = Command(name="state", help=N_("print every unit's state and signals at an instant"), add=add_state, run=run_state)
KPI = Command(name="kpi", help=N_("print states, counters and ISO 22400 figures of a window"), add=add_kpi, run=run_kpi)
