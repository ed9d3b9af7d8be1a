"""The rotating log file, with secrets blotted out before a line is written. Not for what a person is to see: that is `ui.notify`."""

from __future__ import annotations

import logging
import re
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING

from typing_extensions import override

if TYPE_CHECKING:
    from pathlib import Path

FILE = "twin-app.log"
BYTES = 1_000_000
FILES = 5
"""Size of a file and how many old ones are kept: at most 6 MB on disk."""
BLOT = "***"
OWN = ("twin_app", "ui", "models3d", "sample_streams")
"""Loggers whose level the setting governs; others speak from WARNING on."""

_IN_ADDRESS = re.compile(r"(?P<scheme>\b[a-z][a-z0-9+.-]*://)[^/\s@]*@", re.IGNORECASE)
_NAMED = re.compile(
    r"""(?P<name>["']?\b\w*(?:password|passwd|passphrase|secret|token|credential)s?\b["']?\s*[:=]\s*)(?P<value>"[^"]*"|'[^']*'|[^\s,;)}\]]+)""",
    re.IGNORECASE,
)
_secrets: set[str] = set()


def conceal(secret: str) -> None:
    """Blot out this very text wherever it would be logged from now on; empty and one-letter secrets are ignored."""
    if len(secret) > 1:
        _secrets.add(secret)


def redacted(text: str) -> str:
    """Return the text without credentials in addresses, values named like a secret, and concealed secrets."""
    for secret in sorted(_secrets, key=len, reverse=True):
        text = text.replace(secret, BLOT)
    text = _IN_ADDRESS.sub(rf"\g<scheme>{BLOT}@", text)
    return _NAMED.sub(rf"\g<name>{BLOT}", text)


class RedactingFormatter(logging.Formatter):
    """Formats as usual, then redacts the whole entry: message, arguments and traceback alike."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))


def start(directory: Path, *, level: str = "info") -> Path | None:
    """Write the log into `directory` from now on and return its path; None where the folder cannot be written.

    `level` is `debug`, `info`, `warning` or `error`. Starting again replaces the file that was open.
    """
    stop()
    try:
        directory.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(directory / FILE, maxBytes=BYTES, backupCount=FILES, encoding="utf-8", delay=False)
    except OSError:
        return None
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.set_name(FILE)
    logging.getLogger().addHandler(handler)
    set_level(level)
    return directory / FILE


def set_level(level: str) -> None:
    """Let the product's own loggers speak from `level` on."""
    for name in OWN:
        logging.getLogger(name).setLevel(level.upper())


def stop() -> None:
    """Close the log file; what others attached to the root logger stays."""
    root = logging.getLogger()
    for handler in [h for h in root.handlers if h.get_name() == FILE]:
        root.removeHandler(handler)
        handler.close()
