"""Where the machine-wide tables lie. Not for what stands in them.

No environment variable moves them: who could set one could choose their own rights.
"""

from __future__ import annotations

import os
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


def stamp() -> tuple[tuple[int, int], ...]:
    """Return what changes when somebody writes the tables: time and size of each; (0, 0) where there is none."""
    found = []
    for name in (ACCESS, PERSONS):
        try:
            status = (folder() / name).stat()
            found.append((status.st_mtime_ns, status.st_size))
        except OSError:
            found.append((0, 0))
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
    """Tell whether whoever runs the program could change a table: then it protects nothing. An administrator always could."""
    administrator = hasattr(os, "geteuid") and os.geteuid() == 0
    return path.exists() and not administrator and (os.access(path, os.W_OK) or os.access(path.parent, os.W_OK))
