"""Where the machine-wide tables lie. Not for what stands in them.

No environment variable moves them: who could set one could choose their own rights.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import platformdirs

if sys.platform != "win32":
    import pwd

ACCESS = "access.json"
PERSONS = "persons.json"


def folder() -> Path:
    r"""Return the folder of the tables: `/etc/twin-app`, `/Library/Application Support/twin-app`, `C:\ProgramData\twin-app`."""
    if sys.platform == "win32":
        return platformdirs.site_config_path("twin-app", appauthor=False)
    return Path("/Library/Application Support/twin-app") if sys.platform == "darwin" else Path("/etc/twin-app")


def stamp() -> tuple[tuple[int, int, int], ...]:
    """Return what changes when somebody writes or replaces the tables: time, size and place on the disk of each; zeros where there is none."""
    found = []
    for name in (ACCESS, PERSONS):
        try:
            status = (folder() / name).stat()
            found.append((status.st_mtime_ns, status.st_size, status.st_ino))
        except OSError:
            found.append((0, 0, 0))
    return tuple(found)


def login() -> str:
    """Return the account under which the program runs, as the system knows it, empty where it does not.

    No environment variable is asked, as `getpass.getuser` would: who could set one could be anybody.
    """
    try:
        if sys.platform == "win32":
            return os.getlogin()
        return pwd.getpwuid(os.getuid()).pw_name
    except (OSError, KeyError):
        return ""


def open_to_all(path: Path) -> bool:
    """Tell whether whoever runs the program could change a table: then it protects nothing. An administrator always could.

    What counts is the file that a link leads to, and every folder on the way: who owns one could make it writable, or put another there.
    """
    own = os.geteuid() if hasattr(os, "geteuid") else -1
    if not own or not is_there(path):
        return False
    return any(_changeable(place, own) for way in (path.absolute(), path.resolve()) for place in (way, *way.parents))


def _changeable(place: Path, own: int) -> bool:
    """Tell whether an account may write a file or a folder or make it writable; what others put into a sticky folder stays theirs."""
    try:
        status = place.stat()
    except OSError:
        return False
    sticky = stat.S_ISDIR(status.st_mode) and bool(status.st_mode & stat.S_ISVTX)
    return (own >= 0 and status.st_uid == own) or (not sticky and os.access(place, os.W_OK))


def is_there(path: Path) -> bool:
    """Tell whether there is a table, be it one that cannot be looked at, or a link that leads nowhere."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True
