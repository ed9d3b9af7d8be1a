"""The sounds of alarms: made here, played by what the system has. Not for deciding when.

Qt's own way to play (QtMultimedia) is half a gigabyte of addons; a tone of a second is not worth it. The tone is written as a WAV
file once and handed to Windows' own call, to macOS' `afplay`, or on Linux to `pw-play`, `paplay` or `aplay`, whichever is there;
without any of them the desktop's bell rings.
"""

from __future__ import annotations

import math
import shutil
import struct
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

from PySide6.QtWidgets import QApplication

RATE = 22_050
_TONES: dict[str, tuple[tuple[float, float], ...]] = {
    "chime": ((1.0, 0.16), (0.8, 0.28)),
    "pulse": ((1.0, 0.09), (0.0, 0.06), (1.0, 0.09), (0.0, 0.06), (1.0, 0.09)),
    "horn": ((0.5, 0.55),),
}
"""Pitches, as shares of the priority's, each with its seconds; 0 is a pause."""
_PITCH_HZ = {1: 1046.5, 2: 784.0, 3: 587.3, 4: 440.0}
"""The graver the higher."""
_FADE_S = 0.012
_LOUD = 0.45
_PLAYERS = ("pw-play", "paplay", "aplay", "afplay")
SOUNDS = tuple(_TONES)


def samples(sound: str, priority: int) -> bytes:
    """Return a sound as 16-bit samples."""
    found = bytearray()
    for share, seconds in _TONES[sound]:
        count = round(seconds * RATE)
        for i in range(count):
            t = i / RATE
            envelope = min(1.0, t / _FADE_S, (seconds - t) / _FADE_S)
            angle = 2 * math.pi * _PITCH_HZ[priority] * share * t
            found += struct.pack("<h", round(32_000 * _LOUD * envelope * (math.sin(angle) + 0.3 * math.sin(2 * angle)) / 1.3))
    return bytes(found)


class Player:
    """Plays sounds one at a time, and never waits for one."""

    def __init__(self) -> None:
        """Start without files; each is made when it is first played."""
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._playing: subprocess.Popen[bytes] | None = None
        self._program = next((path for name in _PLAYERS if (path := shutil.which(name))), None)

    def play(self, sound: str, priority: int) -> None:
        """Begin a sound, unless one plays yet."""
        if self._playing is not None and self._playing.poll() is None:
            return
        if sys.platform == "win32":
            import winsound

            winsound.PlaySound(str(self._file(sound, priority)), winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT)
        elif self._program:
            quiet = subprocess.DEVNULL
            command = [self._program, str(self._file(sound, priority))]
            self._playing = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet)  # noqa: S603 - a player found on the PATH, a file of ours
        else:
            QApplication.beep()

    def close(self) -> None:
        """Stop, and take the files away."""
        if self._playing is not None:
            self._playing.terminate()
            self._playing.wait()
            self._playing = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _file(self, sound: str, priority: int) -> Path:
        """Return the file of a sound, made if it is not there."""
        self._folder = self._folder or tempfile.TemporaryDirectory(prefix="twin-app-sounds-")
        path = Path(self._folder.name) / f"{sound}-{priority}.wav"
        if not path.exists():
            with wave.open(str(path), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(RATE)
                file.writeframes(samples(sound, priority))
        return path
