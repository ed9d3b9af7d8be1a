"""Who writes a line: one program of the computer, by a lock that even a kill releases; who that is and where it listens stands in the lock's file.

Not for what is said there: see `hub` and `guest`.
"""

from __future__ import annotations

import getpass
import hashlib
import os
import platform
import secrets
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from twin_app.errors import RecordingError
from twin_app.history.lock import WriterLock
from twin_app.text import N_, tr

if TYPE_CHECKING:
    from collections.abc import Mapping

LOCK = "line"
"""The lock is called `line.lock` in the folder of the line."""
_LONGEST_PATH = 100
"""A socket's path may have 104 to 108 bytes."""
_SECRET_BYTES = 32
_MOST_BYTES = 65_536


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """Who writes a line."""

    pid: int
    host: str
    since: str
    """ISO 8601, UTC."""
    kind: str
    """`recorder`, `window` or `terminal`."""
    who: str
    """Whom the program belongs to: the name of the computer's account."""
    folder: str
    """Of the recording."""
    layout: str
    """The digest of the layout it was opened with."""
    addresses: dict[str, str]
    """Of its sources, by id; without credentials."""
    channel: str
    """Where it listens."""
    secret: str
    """The file with the secret, readable by that account alone."""

    def worded(self) -> str:
        """Return who that is, for a person."""
        words = {"recorder": N_("the recorder of {who} (process {pid})"), "terminal": N_("the terminal of {who} (process {pid})")}
        return tr(words.get(self.kind, N_("a window of {who} (process {pid})")), who=self.who, pid=self.pid)


class Claim:
    """A line that this program writes, from `Claim(folder, …)` until `release`.

    Attributes:
        channel: where to listen.
        secret: what whoever comes must know.
    """

    def __init__(self, folder: Path, run: Path) -> None:
        """Claim the line whose recordings lie in `folder`; sockets and secrets lie in `run`, which is for this account alone.

        Raises:
            HeldError: another program writes the line.
            RecordingError: one of the folders cannot be written.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = WriterLock(folder / LOCK)
        except OSError as error:
            raise _unwritable(folder, error) from error
        name = f"{_name(folder)}-{secrets.token_hex(6)}"
        self.secret = secrets.token_bytes(_SECRET_BYTES)
        self._secret_path = run / f"{name}.key"
        try:
            run.mkdir(parents=True, exist_ok=True, mode=0o700)
            run.chmod(0o700)
            _forget(run, _name(folder))
            self.channel = _channel(run, name)
            with os.fdopen(os.open(self._secret_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(self.secret)
        except OSError as error:
            self._lock.release()
            raise _unwritable(run, error) from error

    def tell(self, *, kind: str, folder: Path, layout: str, addresses: Mapping[str, str]) -> None:
        """Say who writes the line, once somebody listens."""
        holder = Holder(
            pid=os.getpid(), host=platform.node() or "?", since=self._lock.since, kind=kind, who=_account(), folder=str(folder.absolute()),
            layout=layout, addresses=dict(addresses), channel=self.channel, secret=str(self._secret_path),
        )  # fmt: skip
        self._lock.tell(msgspec.json.encode(holder).decode())

    def free(self) -> None:
        """Let another program write the line; a second call does nothing."""
        self._secret_path.unlink(missing_ok=True)
        self._lock.release()


def holder_of(folder: Path) -> Holder | None:
    """Return who says to write the line whose recordings lie in `folder`, whether that program still runs or not; None where nobody does."""
    try:
        with (folder / f"{LOCK}.lock").open("rb") as file:
            return msgspec.json.decode(file.read(_MOST_BYTES).partition(b"\n")[2], type=Holder)
    except (OSError, msgspec.DecodeError):
        return None


def _unwritable(folder: Path, error: OSError) -> RecordingError:
    """Return the refusal of a folder."""
    what = N_("{path} cannot be written: {reason}.")
    return RecordingError(what, tip=N_("Choose a folder you may write to."), path=folder, reason=error.strerror or error)


def _name(folder: Path) -> str:
    """Return what the files of a line's channel begin with."""
    return hashlib.sha256(str(folder.absolute()).encode()).hexdigest()[:16]


def _channel(run: Path, name: str) -> str:
    """Return where to listen: in the folder, in one of its own where the path is too long for a socket, or a pipe's name (Windows)."""
    if sys.platform == "win32":
        return rf"\\.\pipe\twin-app-{name}"
    path = str(run / f"{name}.sock")
    return path if len(os.fsencode(path)) <= _LONGEST_PATH else str(Path(tempfile.mkdtemp(prefix="twin-app-run-")) / "line.sock")


def _forget(run: Path, name: str) -> None:
    """Drop what a program left that was killed while it wrote the line: whoever holds the lock is the only one."""
    for path in run.glob(f"{name}-*"):
        path.unlink(missing_ok=True)


def _account() -> str:
    """Return the name of the account that the program runs under."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # it has none
        return "?"
