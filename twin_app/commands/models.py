"""`twin-app models`: every machine type on one sheet."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from twin_app.commands.base import Command, has_display
from twin_app.commands.written import check_picture
from twin_app.text import N_, tr

if TYPE_CHECKING:
    import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """Add where the sheet goes."""
    parser.add_argument("--contact-sheet", type=Path, required=True, metavar="FILE", help=tr("picture to write"))


def run(arguments: argparse.Namespace) -> int:
    """Draw the sheet."""
    check_picture(arguments.contact_sheet)
    if not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from ui.app import make_application
    from ui.scene3d.sheet import save_contact_sheet

    application = make_application()
    save_contact_sheet(arguments.contact_sheet)
    application.quit()
    return 0


MODELS = Command(name="models", help=N_("draw every machine type on one sheet"), add=add, run=run)
