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
import time
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
LONGEST_S = 4.0
"""A program that plays a sound of a second for longer waits for a device that does not come."""
LONGEST_WORDS = 120


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
    """Plays sounds one at a time, and never waits for one. A graver one cuts off another."""

    def __init__(self) -> None:
        """Start without files; each is made when it is first played."""
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._playing: subprocess.Popen[bytes] | None = None
        self._priority, self._began_s = 0, 0.0
        self._programs = [path for name in _PLAYERS if (path := shutil.which(name))]
        self._failed = 0
        """How many programs failed one after the other."""
        self.trouble = ""
        """Why nothing can be heard, as what should have played says it; empty where it can, as far as is known."""

    def play(self, sound: str, priority: int) -> None:
        """Begin a sound, unless one as grave plays yet."""
        self.settle()
        if self._playing is not None and priority >= self._priority:
            return
        self._stop()
        try:
            file = self._file(sound, priority)
        except OSError as error:
            self.trouble = error.strerror or str(error)
            return
        self._priority, self._began_s = priority, time.monotonic()
        if sys.platform == "win32":
            self._play_on_windows(file)
        elif self._programs:
            self._begin(self._programs[0], file)
        else:
            QApplication.beep()
            self.trouble = ", ".join(_PLAYERS[:-1])

    def settle(self) -> bool:
        """Look how the last sound ended; tell whether it failed and another program could be tried."""
        if self._playing is None:
            return False
        code = self._playing.poll()
        if code is None and time.monotonic() - self._began_s < LONGEST_S:
            return False
        if code == 0:
            self._failed, self.trouble = 0, ""
            self._stop()
            return False
        self._fail(self._said(code))
        return self._failed < len(self._programs)

    @property
    def missing(self) -> bool:
        """Whether the computer has no program that plays sounds."""
        return sys.platform != "win32" and not self._programs

    def close(self) -> None:
        """Stop, and take the files away."""
        self._stop()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _begin(self, program: str, file: Path) -> None:
        """Let a program play; what it says of a failure is kept."""
        quiet = subprocess.DEVNULL
        try:
            self._playing = subprocess.Popen([program, str(file)], stdin=quiet, stdout=quiet, stderr=subprocess.PIPE)  # noqa: S603 - a player found on the PATH, a file of ours
        except OSError as error:
            self._fail(f"{Path(program).name}: {error.strerror or error}")

    def _said(self, code: int | None) -> str:
        """Return what a program that failed, or that does not end, says of it."""
        playing = self._playing
        if playing is None:
            return ""
        if code is None:
            playing.kill()
        words = playing.communicate()[1].decode("utf-8", "replace").split("\n")[0].strip()
        return f"{Path(str(playing.args[0])).name}: {words[:LONGEST_WORDS] or code}"  # type: ignore[index] # a list of ours

    def _fail(self, reason: str) -> None:
        """Note that a program failed, and let the next one try the next time."""
        self._playing = None
        self._failed += 1
        if self._failed >= len(self._programs):
            self.trouble = reason
        self._programs.append(self._programs.pop(0))

    def _stop(self) -> None:
        """Let nothing play."""
        playing, self._playing = self._playing, None
        if playing is not None:
            if playing.poll() is None:
                playing.kill()
            playing.communicate()

    def _play_on_windows(self, file: Path) -> None:
        """Play by Windows' own call."""
        import winsound

        try:
            winsound.PlaySound(str(file), winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT)  # type: ignore[attr-defined,unused-ignore] # Windows alone has it
            self.trouble = ""
        except RuntimeError as error:
            self.trouble = str(error)

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
