"""The program: reads the command line, runs one command, and says once what was wrong. Not for what commands do."""

from __future__ import annotations

import signal

if __name__ == "__main__" and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C while all below is imported ends the program without a word

import argparse
import io
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from twin_app import __version__, assets, settings
from twin_app.commands import COMMANDS
from twin_app.commands.admission import add_person, admit
from twin_app.commands.base import say
from twin_app.errors import TwinError, UsageError
from twin_app.text import set_language, tr

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

INPUT_IS_WRONG = 1
USAGE = 2
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Return 0 when fine, 1 when the input is wrong (said on stderr), 2 for wrong usage."""
    given = list(sys.argv[1:] if argv is None else argv)
    known = {command.name for command in COMMANDS} | {"-h", "--help", "--version"}
    if not given or given[0] not in known:
        given.insert(0, COMMANDS[0].name)
    arguments = _parser().parse_args(given)
    _heed_ctrl_c()
    try:
        assets.check_packages()
        admit(arguments, arguments.word)
        code = int(arguments.run(arguments))
        if sys.stdout is not None:
            sys.stdout.flush()  # a full disk is told here, not by the interpreter's last breath
    except TwinError as error:
        say(error.worded())
        code = USAGE if isinstance(error, UsageError) else INPUT_IS_WRONG
    except BrokenPipeError:  # whoever read the answer has read enough
        code = _print_no_more(0)
    except OSError as error:  # the answer's disk is full, or its terminal gone
        say(tr("The answer cannot be written: {reason}.", reason=error.strerror or error))
        code = _print_no_more(INPUT_IS_WRONG)
    except KeyboardInterrupt as interruption:
        code = _interrupted(interruption)
    return code


class EndedError(KeyboardInterrupt):
    """The program was told to end by a signal: what is half written goes, as at Ctrl+C."""


def _heed_ctrl_c() -> None:
    """Let Ctrl+C interrupt the command, so that what is half written goes."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _interrupted(interruption: KeyboardInterrupt) -> int:
    """Return the exit code; told to end by a signal, the program ends by that signal, now that nothing half written is left."""
    if isinstance(interruption, EndedError):
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.raise_signal(signal.SIGTERM)
    return INTERRUPTED


def _end(_number: int, _frame: FrameType | None) -> None:
    raise EndedError


def _parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="twin-app", description=tr("A digital twin of a production line: live, or of any recorded instant.")
    )
    parser.add_argument("--version", action="version", version=f"twin-app {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        one = commands.add_parser(command.name, help=tr(command.help))
        command.add(one)
        add_person(one, command.name)
        one.set_defaults(run=command.run, word=command.name)
    return parser


def _print_no_more(code: int) -> int:
    """Let the interpreter's own last flush go nowhere; return the exit code."""
    sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open until the end
    return code


def start() -> None:
    """Run as a program: the language first, because even usage is worded."""
    set_language(settings.language())
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a pipe of few letters shows ? rather than failing
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _end)
    logging.getLogger().addHandler(logging.NullHandler())  # what is logged is for the log file, never for stderr
    sys.exit(main())


if __name__ == "__main__":
    start()
