"""`twin-app record` and `twin-app health`: one line recorded without a window, and how that is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from twin_app import settings
from twin_app.commands.answers import as_json
from twin_app.commands.base import Command, add_json, add_layout, add_sources, say
from twin_app.errors import TwinError, UsageError
from twin_app.text import N_, tr
from twin_app.times import parse_duration_ns

if TYPE_CHECKING:
    import argparse

UNWELL = 1
LIMITS = {
    "--file-age-h": "recording.file_age_h", "--raw-days": "recording.raw_days", "--raw-mib": "recording.raw_mib",
    "--keep-days": "recording.keep_days", "--keep-gib": "recording.keep_gib",
}  # fmt: skip
"""Options that stand for settings."""


def add_record(parser: argparse.ArgumentParser) -> None:
    """Add which line, from where, into which folder, and for how long."""
    add_layout(parser)
    add_sources(parser)
    parser.add_argument("--out", type=Path, metavar="DIR", help=tr("folder of the recording; default: the line's own"))
    parser.add_argument("--duration", help=tr("end after this long, such as 90s or 8h; default: when told to stop"))
    parser.add_argument("--wait", action="store_true", help=tr("where another program records the line, wait until it does no more"))
    for option, key in LIMITS.items():
        says = next(entry.says for entry in settings.entries() if entry.key == key)
        parser.add_argument(option, type=float, metavar="N", help=tr("{what} Default: the setting {key}.", what=tr(says), key=key))


def run_record(arguments: argparse.Namespace) -> int:
    """Record until the end."""
    from twin_app import log
    from twin_app.service.opening import requested
    from twin_app.service.recorder import record

    chosen = _limited(settings.load().settings, arguments)
    log.start(settings.log_dir(), level=chosen.log.level)
    request = replace(requested(arguments.layout, arguments.source, chosen), recordings=arguments.out)
    duration_ns = parse_duration_ns(arguments.duration) if arguments.duration else None
    return record(request, chosen, duration_ns=duration_ns, waits=_say_waiting if arguments.wait else None, begins=_say_begun)


def _say_waiting(error: TwinError) -> None:
    """Say whom the recorder waits for."""
    say(tr("{held} It waits until then.", held=tr(error.what, **error.arguments)))


def _say_begun(line: str, folder: Path) -> None:
    """Say what is recorded where."""
    say(tr("Recording {line} into {folder}. Ctrl+C ends it; twin-app health tells how it is.", line=line, folder=folder))


def _limited(chosen: settings.Settings, arguments: argparse.Namespace) -> settings.Settings:
    """Return the settings with what the command line says instead.

    Raises:
        UsageError: a number is not allowed.
    """
    entries = {entry.key: entry for entry in settings.entries()}
    for option, key in LIMITS.items():
        value, entry = getattr(arguments, option.removeprefix("--").replace("-", "_")), entries[key]
        if value is None:
            continue
        if not (entry.least or 0) <= value <= (entry.most or value):
            what = N_("{option} must lie between {least} and {most}.")
            raise UsageError(what, option=option, least=entry.least, most=entry.most)
        chosen = settings.changed(chosen, key, type(entry.default)(value))
    return chosen


def add_health(parser: argparse.ArgumentParser) -> None:
    """Add whose recorder is asked for."""
    add_layout(parser)
    parser.add_argument("--out", type=Path, metavar="DIR", help=tr("folder of the recording; default: the line's own"))
    add_json(parser)


def run_health(arguments: argparse.Namespace) -> int:
    """Print how the recorder is; 0 where nothing is wrong, 1 where something is."""
    from twin_app.service.recorder_health import recorder_health, told_in_words

    health = recorder_health(arguments.layout, arguments.out)
    print(as_json(health) if arguments.json else told_in_words(health))
    return 0 if health["healthy"] else UNWELL


RECORD = Command(name="record", help=N_("record a line as a service, without a window"), add=add_record, run=run_record)
HEALTH = Command(
    name="health", help=N_("say how a line's recorder is; exit code 1 where something is wrong"), add=add_health, run=run_health
)
