"""`twin:` links that a click opens: this account's desktop is told which program opens them. Not for what links say: see `link`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import twin_app
from twin_app.errors import TwinError
from twin_app.text import N_

ENTRY = "twin-app.desktop"
KEY = r"Software\Classes\twin"
_ROOT = Path(twin_app.__file__).resolve().parents[1]


def command(place: str) -> list[str]:
    """Return the words that open a link, `place` standing for it: this Python, with this program wherever it lies."""
    words = [sys.executable, "-m", "twin_app", "open", place]
    installed = any(Path(path).resolve() == _ROOT for path in sys.path if path and Path(path).name in {"site-packages", "dist-packages"})
    return words if installed or sys.platform == "win32" else ["env", f"PYTHONPATH={_ROOT}", *words]


def announce() -> Path | None:
    """Let a click on a link open this program; return the file that says so, None where it stands in the registry.

    Raises:
        TwinError: this desktop knows no way, or its settings cannot be written.
    """
    try:
        if sys.platform == "win32":
            _announce_on_windows()
            return None
        if sys.platform == "darwin":
            raise TwinError(
                N_("On macOS only a program with a bundle of its own is told of links."),
                tip=N_("Paste a link into the time of the window (G)."),
            )
        return _announce_on_linux()
    except OSError as error:
        raise TwinError(
            N_("The desktop cannot be told: {reason}."),
            tip=N_("Paste a link into the time of the window (G)."),
            reason=error.strerror or error,
        ) from error


def withdraw() -> None:
    """Let a click on a link open nothing any more; where nothing was announced nothing happens."""
    if sys.platform == "win32":
        _withdraw_on_windows()
    else:
        _entry().unlink(missing_ok=True)


def _entry() -> Path:
    """Return the file in which a desktop of freedesktop.org looks for programs of the account."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "applications" / ENTRY


def _announce_on_linux() -> Path:
    """Write the entry, and make it the one for `twin:` where the desktop's tool is there."""
    entry = _entry()
    entry.parent.mkdir(parents=True, exist_ok=True)
    words = " ".join(
        word if word == "%u" else '"' + word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%") + '"' for word in command("%u")
    )
    entry.write_text(
        "\n".join(
            ("[Desktop Entry]", "Type=Application", "Name=twin-app", f"Exec={words}", "Terminal=false", "Categories=Science;Engineering;", "MimeType=x-scheme-handler/twin;", "")
        ),
        encoding="utf-8",
    )  # fmt: skip
    for tool, words_ in (("xdg-mime", ("default", ENTRY, "x-scheme-handler/twin")), ("update-desktop-database", (str(entry.parent),))):
        if found := shutil.which(tool):
            subprocess.run([found, *words_], check=False, capture_output=True, timeout=20)  # noqa: S603 - a tool of the desktop, with words of our own
    return entry


def _announce_on_windows() -> None:
    """Write the scheme into the account's registry."""
    if sys.platform == "win32":
        import winreg  # noqa: PLC0415 - only there

        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, KEY) as key:
            winreg.SetValueEx(key, "", 0, winreg.REG_SZ, "URL:twin-app")
            winreg.SetValueEx(key, "URL Protocol", 0, winreg.REG_SZ, "")
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, rf"{KEY}\shell\open\command") as key:
            winreg.SetValueEx(key, "", 0, winreg.REG_SZ, subprocess.list2cmdline(command("%1")).replace("%1", '"%1"'))


def _withdraw_on_windows() -> None:
    """Take the scheme out of the account's registry."""
    if sys.platform == "win32":
        import winreg  # noqa: PLC0415 - only there

        for key in (rf"{KEY}\shell\open\command", rf"{KEY}\shell\open", rf"{KEY}\shell", KEY):
            try:
                winreg.DeleteKey(winreg.HKEY_CURRENT_USER, key)
            except FileNotFoundError:
                continue
