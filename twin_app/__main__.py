"""The command line and the composition root: the only module of the twin that may open a window."""

from __future__ import annotations

import argparse
import io
import json
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from twin_app import __version__, assets, log, settings
from twin_app.errors import TwinError, UsageError
from twin_app.text import N_, set_language, tr
from twin_app.times import parse_duration_ns, parse_instant_ns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin_app.session import Session

INPUT_IS_WRONG = 1
USAGE = 2
INTERRUPTED = 130
COMMANDS = ("open", "check", "state", "kpi", "forget-session", "snapshot", "simulate", "models")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Return 0 when fine, 1 when the input is wrong (said on stderr), 2 for wrong usage."""
    given = list(sys.argv[1:] if argv is None else argv)
    if not any(word in COMMANDS or word in {"-h", "--help", "--version"} for word in given[:1]):
        given.insert(0, "open")
    arguments = _parser().parse_args(given)
    try:
        assets.check_packages()
        code = int(arguments.run(arguments))
        if sys.stdout is not None:
            sys.stdout.flush()  # a full disk is told here, not by the interpreter's last breath
    except TwinError as error:
        _say(error.worded())
        code = USAGE if isinstance(error, UsageError) else INPUT_IS_WRONG
    except BrokenPipeError:  # whoever read the answer has read enough
        code = _print_no_more(0)
    except OSError as error:  # the answer's disk is full, or its terminal gone
        _say(tr("The answer cannot be written: {reason}.", reason=error.strerror or error))
        code = _print_no_more(INPUT_IS_WRONG)
    except KeyboardInterrupt:
        code = INTERRUPTED
    return code


def _say(sentence: str) -> None:
    """Print a sentence on stderr; where that is closed nowhere, because on stdout it would pass for the answer."""
    if sys.stderr is not None:
        print(sentence, file=sys.stderr)


def _print_no_more(code: int) -> int:
    """Let the interpreter's own last flush go nowhere; return the exit code."""
    sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open until the end
    return code


def _parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="twin-app", description=tr("A digital twin of a production line: live, or of any recorded instant.")
    )
    parser.add_argument("--version", action="version", version=f"twin-app {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    window = commands.add_parser("open", help=tr("open the window (the default)"))
    window.add_argument("layout", nargs="?", type=Path, help=tr("layout file of the line"))
    _add_sources(window)
    window.add_argument("--headless", action="store_true", help=tr("show a live table in the terminal instead of the window"))
    window.add_argument("--speed", type=float, default=1.0, help=tr("speed of a replay"))
    window.add_argument("--duration", help=tr("end after this long, such as 90s or 8h"))
    window.set_defaults(run=_open)

    check = commands.add_parser("check", help=tr("check a layout file and say everything that is wrong with it"))
    check.add_argument("layout", type=Path)
    check.set_defaults(run=_check)

    for name, run, text in (
        ("state", _state, tr("print every unit's state and signals at an instant")),
        ("kpi", _kpi, tr("print states, counters and ISO 22400 figures of a window")),
        ("snapshot", _snapshot, tr("save a picture of the real window at an instant")),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("--layout", type=Path, required=True, help=tr("layout file of the line"))
        _add_sources(command)
        command.add_argument("--duration", help=tr("how long to listen to a live source, such as 90s or 8h"))
        command.set_defaults(run=run)
        if name == "kpi":
            command.add_argument("--from", dest="start", metavar="T", help=tr("start of the window: ISO 8601 with a zone, or +90s"))
            command.add_argument("--to", dest="end", metavar="T", help=tr("end of the window"))
        else:
            command.add_argument(
                "--at", metavar="T", help=tr("the instant: ISO 8601 with a zone, or +90s from the start; default: the end")
            )
        if name == "snapshot":
            command.add_argument("--size", default="1920x1080", help=tr("width x height in pixels"))
            command.add_argument("--theme", choices=("light", "dark"), default="light")
            command.add_argument("--unit", default="", help=tr("the unit to select"))
            command.add_argument("-o", "--output", type=Path, required=True)
        else:
            command.add_argument("--json", action="store_true", help=tr("print one JSON object"))
    _add_forget(commands.add_parser("forget-session", help=tr("remove the sessions that brokers keep for complete recording")))
    _add_simulation(commands.add_parser("simulate", help=tr("simulate a line: into a file, or onto a broker")))
    _add_models(commands.add_parser("models", help=tr("draw every machine type on one sheet")))
    return parser


def _add_forget(parser: argparse.ArgumentParser) -> None:
    """Add whose sessions are to go."""
    parser.add_argument("--layout", type=Path, required=True, help=tr("layout file of the line"))
    parser.add_argument("--source", default="", metavar="ID", help=tr("only this source"))
    parser.set_defaults(run=_forget)


def _add_models(parser: argparse.ArgumentParser) -> None:
    """Add where the sheet of machine types goes."""
    parser.add_argument("--contact-sheet", type=Path, required=True, metavar="FILE", help=tr("picture to write"))
    parser.set_defaults(run=_models)


def _add_simulation(parser: argparse.ArgumentParser) -> None:
    """Add what says which line is simulated how, and where its messages go."""
    parser.add_argument("--layout", type=Path, required=True, help=tr("layout file of the line"))
    parser.add_argument("--scenario", type=Path, help=tr("file that says how the line behaves and what goes wrong; default: moderately"))
    parser.add_argument("--seed", type=int, default=1, help=tr("the same seed gives the same messages"))
    parser.add_argument("--start", metavar="T", help=tr("when it begins: ISO 8601 with a zone; default: with a shift of January 2026"))
    parser.add_argument("--duration", default="8h", help=tr("how long it runs, such as 90s or 8h"))
    parser.add_argument("--every", default="1s", help=tr("how often units speak unasked, such as 1s or 10s"))
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--out", type=Path, metavar="FILE", help=tr("write the messages to FILE.jsonl or FILE.jsonl.gz, the truth beside"))
    where.add_argument("--broker", metavar="mqtt://host:port", help=tr("publish the messages, as they would come from machines"))
    parser.add_argument("--prefix", default="simulated", help=tr("what their topics begin with on the broker"))
    parser.add_argument("--speed", type=float, default=1.0, help=tr("how much faster than real time they are published"))
    parser.add_argument("--username", default="", help=tr("user at the broker; the password is taken from TWIN_APP_PASSWORD"))
    parser.set_defaults(run=_simulate)


def _add_sources(parser: argparse.ArgumentParser) -> None:
    """Add the option that says where messages come from."""
    parser.add_argument(
        "--source", action="append", default=[], metavar="[id=]FILE|mqtt://host:port",
        help=tr("where messages come from; with several sources in the layout, id= says which"),
    )  # fmt: skip


def _listening(arguments: argparse.Namespace) -> Session:
    """Open the layout on its sources and return the session with everything folded in."""
    from twin_app.service.heard import left_out
    from twin_app.service.opening import open_line, read_through

    session = open_line(arguments.layout, arguments.source, record=False)
    try:
        read_through(session, parse_duration_ns(arguments.duration) if arguments.duration else None)
        for sentence in left_out(session):
            _say(sentence)
    except BaseException:
        session.close()
        raise
    return session


def _instant(text: str | None, session: Session, default_ns: int) -> int:
    """Return a typed instant; offsets count from the first message."""
    span = session.span()
    return default_ns if text is None or span is None else parse_instant_ns(text, span.start_ns)


def _state(arguments: argparse.Namespace) -> int:
    """Print the state of every unit at an instant."""
    from twin_app.service import answers, tables

    session = _listening(arguments)
    try:
        span = session.span()
        answer = answers.state_answer(session, _instant(arguments.at, session, span.end_ns if span else 0))
    finally:
        session.close()
    print(json.dumps(answer, indent=1, ensure_ascii=False, allow_nan=False) if arguments.json else tables.state_table(answer))
    return 0


def _kpi(arguments: argparse.Namespace) -> int:
    """Print the figures of a window."""
    from twin_app.service import answers, tables

    session = _listening(arguments)
    try:
        span = session.span()
        if span is None:
            raise TwinError(N_("The source holds no message that the layout maps, so there is nothing to count."))
        start_ns, end_ns = _instant(arguments.start, session, span.start_ns), _instant(arguments.end, session, span.end_ns)
        typed = arguments.start or arguments.end  # else one message alone is a window of no length, and its figures unknown
        if end_ns < start_ns or (typed and end_ns == start_ns):
            raise UsageError(N_("The window ends before it starts."), tip=N_("Give --from a time before --to."))
        answer = answers.kpi_answer(session.figures(start_ns, end_ns), simulated=session.simulated)
    finally:
        session.close()
    print(json.dumps(answer, indent=1, ensure_ascii=False, allow_nan=False) if arguments.json else tables.kpi_table(answer))
    return 0


def _check(arguments: argparse.Namespace) -> int:
    """Check a layout file."""
    from twin_app.service.check import check

    print(check(arguments.layout))
    return 0


def _simulate(arguments: argparse.Namespace) -> int:
    """Simulate a line into a file, or onto a broker."""
    from twin_app.service import publishing, simulating

    every_ns, duration_ns = parse_duration_ns(arguments.every), parse_duration_ns(arguments.duration)
    plan = simulating.plan(
        arguments.layout, arguments.scenario, seed=arguments.seed, start=arguments.start, duration_ns=duration_ns, beat_ns=every_ns
    )
    if arguments.out is not None:
        print(simulating.told(simulating.write(plan, arguments.out), arguments.out))
        return 0
    messages = publishing.publish(
        plan, arguments.broker, prefix=arguments.prefix, speed=arguments.speed, username=arguments.username
    )  # fmt: skip
    print(publishing.published(messages, arguments.broker))
    return 0


def _forget(arguments: argparse.Namespace) -> int:
    """Remove sessions at the brokers."""
    from twin_app.service.forget import forget_sessions

    print("\n".join(forget_sessions(arguments.layout, arguments.source)))
    return 0


def _open(arguments: argparse.Namespace) -> int:
    """Open the window, or the terminal's table where there is no display."""
    duration_ns = parse_duration_ns(arguments.duration) if arguments.duration else None
    if arguments.headless or not _has_display():
        from twin_app.service.terminal import run

        if not arguments.headless:
            _say(tr("There is no display here, so the line is shown in the terminal."))
        log.start(settings.log_dir(), level=settings.load().settings.log.level)
        return run(arguments.layout, arguments.source, speed=arguments.speed, duration_ns=duration_ns)
    from ui.app import run_window

    return run_window(arguments.layout, arguments.source, speed=arguments.speed, duration_ns=duration_ns)


def _snapshot(arguments: argparse.Namespace) -> int:
    """Save a picture of the real window."""
    width, _, height = arguments.size.partition("x")
    if not (width.isdecimal() and height.isdecimal() and 320 <= int(width) <= 7680 and 240 <= int(height) <= 4320):  # noqa: PLR2004 - what screens there are
        raise UsageError(N_("“{size}” is not a size."), tip=N_("Write width x height in pixels, such as 1920x1080."), size=arguments.size)
    if arguments.at:
        parse_instant_ns(arguments.at, 0)  # before anything is opened
    if not _has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")  # each window is told that this platform gives no size hints
    from ui.snapshot import save_snapshot

    save_snapshot(
        _listening(arguments),
        arguments.at,
        size=(int(width), int(height)),
        theme=arguments.theme,
        unit=arguments.unit,
        output=arguments.output,
    )
    return 0


def _models(arguments: argparse.Namespace) -> int:
    """Draw every machine type on one sheet."""
    if not _has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from ui.app import make_application
    from ui.scene3d.sheet import save_contact_sheet

    application = make_application()
    save_contact_sheet(arguments.contact_sheet)
    application.quit()
    return 0


def _has_display() -> bool:
    """Tell whether a window can be opened. Windows and macOS always have a desktop for a program started by a person."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("QT_QPA_PLATFORM") == "offscreen")


def start() -> None:
    """Run as a program: the language first, because even usage is worded."""
    set_language(settings.language())
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a pipe of few letters shows ? rather than failing
    logging.getLogger().addHandler(logging.NullHandler())  # what is logged is for the log file, never for stderr
    sys.exit(main())


if __name__ == "__main__":
    start()
