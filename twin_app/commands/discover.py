"""`twin-app discover`: what is on a broker or in a capture, and a draft of a layout for it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from twin_app.commands.base import Command, add_json, say
from twin_app.text import N_, tr
from twin_app.times import parse_duration_ns

if TYPE_CHECKING:
    import argparse

    from twin_app.service.discover import Heard


def add(parser: argparse.ArgumentParser) -> None:
    """Add where to listen, to what, how long, and where the draft goes."""
    parser.add_argument("address", metavar="mqtt://host:port|FILE", help=tr("a broker, or a capture file"))
    parser.add_argument(
        "--topic", action="append", metavar="FILTER", help=tr("MQTT filter to listen to, may be given several times; default: #")
    )
    parser.add_argument("--duration", help=tr("how long to listen, such as 60s or 10min; default: 60s, and all of a file"))
    parser.add_argument(
        "--limit", type=int, metavar="N", help=tr("messages a second that are looked into, 0 for all; the rest are counted by topic")
    )
    parser.add_argument("--out", type=Path, metavar="FILE.toml", help=tr("write a draft of a layout"))
    parser.add_argument("--username", default="", help=tr("user at the broker; the password is taken from TWIN_APP_PASSWORD"))
    parser.add_argument("--tls-ca", default="", metavar="FILE", help=tr("certificate authority of an mqtts broker"))
    parser.add_argument("--protocol", type=int, choices=(4, 5), default=4, help=tr("version of MQTT: 4 is 3.1.1"))
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Listen, print what was heard, and write the draft. Return 1 where nothing was heard."""
    from twin_app.service import discover, discover_answers, discover_drafts, discover_tables
    from twin_app.sources.base import Login

    discover_drafts.check_new(arguments.out)
    request = discover.Request(
        address=arguments.address, filters=tuple(arguments.topic or discover.EVERYTHING), limit=arguments.limit, protocol=arguments.protocol,
        seconds=parse_duration_ns(arguments.duration) / 1e9 if arguments.duration else None,
        login=Login(username=arguments.username, tls_ca=arguments.tls_ca),
    )  # fmt: skip
    discover.check(request)
    heard = discover.discover(request, progress=_progress if sys.stderr is not None and sys.stderr.isatty() else None)
    suggestion = discover_drafts.suggestion(heard, request)
    if arguments.json:
        from twin_app.commands.answers import as_json

        print(as_json(discover_answers.answer(heard, suggestion)))
    else:
        print(discover_tables.report(heard, suggestion))
    if arguments.out is not None:
        discover_drafts.write(heard, suggestion, arguments.out)
        say(discover_drafts.told(suggestion, arguments.out))
    elif not arguments.json and suggestion is not None:
        print(tr("A layout can be drafted from this: --out draft.toml writes it."))
    return 0 if heard.survey.messages else 1


def _progress(heard: Heard) -> None:
    """Repaint one line that says how far it is; Ctrl+C ends the listening, and what was heard counts."""
    from twin_app.service.discover_tables import headline

    end = "\n" if heard.share >= 1.0 else ""
    print(f"\r\x1b[2K{heard.share:4.0%} {headline(heard)}", end=end, file=sys.stderr, flush=True)


DISCOVER = Command(name="discover", help=N_("say what is on a broker, and draft a layout for it"), add=add, run=run)
