"""Pictures as a video file (MP4, H.264) through ffmpeg, a program of its own. Not for which pictures: see `film`.

ffmpeg comes with an extra (imageio-ffmpeg), or with the system. It runs beside this program and is handed pixels through a pipe: its
licence (GPL, for H.264 is x264's work) stays with it, what breaks it down does not break a window, and it has a processor of its own.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from twin_app.errors import RecordingError, UsageError
from twin_app.export.unfinished import whole_or_gone
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from twin_app.export.film import Film

PATIENCE_S = 60.0
"""So long the program may take for what is left once the last picture was handed over."""
_SAID_BYTES = 2000
_PART = re.compile(r"^\[[^\]]*\] *")
"""Which part of itself ffmpeg says had the trouble."""
# The colours of a screen as televisions name them, without which players guess and text looks washed out.
_COLOURS = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv")


def program() -> str:
    """Return the path of ffmpeg.

    Raises:
        UsageError: there is none.
    """
    try:
        import imageio_ffmpeg  # noqa: PLC0415 - an extra

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError) as error:
        found = shutil.which("ffmpeg")
        if found is None:
            what = N_("A video needs the program ffmpeg, which is not installed.")
            raise UsageError(what, tip=N_("Install it: pip install 'twin-app[video]'.")) from error
        return found


class Encoder:
    """Takes pictures one after another."""

    def __init__(self, process: subprocess.Popen[bytes], program: str, said: IO[bytes], path: Path) -> None:
        """Hand over to a running program that writes what it has to complain of to `said`."""
        self._process, self._program, self._said, self._path = process, program, said, path

    def take(self, pixels: bytes | memoryview) -> None:
        """Take the next picture: 4 bytes a pixel, red, green, blue and one that means nothing, row by row from the top.

        Raises:
            RecordingError: the program broke down, or the disk is full.
        """
        assert self._process.stdin is not None  # noqa: S101 - made so
        try:
            self._process.stdin.write(pixels)
        except OSError as error:
            raise self._broken() from error

    def finish(self) -> None:
        """Wait until everything is written.

        Raises:
            RecordingError: it could not be.
        """
        assert self._process.stdin is not None  # noqa: S101 - made so
        try:
            self._process.stdin.close()
            code = self._process.wait(PATIENCE_S)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise self._broken() from error
        if code:
            raise self._broken()

    def end(self) -> None:
        """Let nothing of the program stay behind."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()

    def _broken(self) -> RecordingError:
        """Return what to say of a program that broke down."""
        self.end()
        self._said.seek(0)
        last = self._said.read(_SAID_BYTES).decode(errors="replace").strip().splitlines()[-1:]
        return RecordingError(
            N_("The video {path} could not be written: {reason}."),
            tip=N_("See that its disk has room and that the program is whole: {program}."),
            path=self._path, reason=_PART.sub("", (last or ["-"])[0]).rstrip("."), program=self._program,
        )  # fmt: skip


@contextmanager
def encoded(
    path: Path, film: Film, size: tuple[int, int], *, title: str, comment: str = "", force: bool = False, ffmpeg: Sequence[str] = ()
) -> Iterator[Encoder]:
    """Give what takes the pictures of a film, and write a file that is there whole or not at all. `ffmpeg` stands for `program()`.

    Raises:
        UsageError: see `check_free`; or there is no ffmpeg.
        RecordingError: the program broke down, or the disk is full.
    """
    asked = [*(ffmpeg or (program(),)), *_asked(film, size, title, comment)]
    with whole_or_gone(path, force=force) as part, tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 - ffmpeg, with arguments of ours
            [*asked, f"file:{os.fspath(part.absolute())}"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said, **_apart()
        )  # fmt: skip
        encoder = Encoder(process, asked[0], said, path)
        try:
            yield encoder
            encoder.finish()
        finally:
            encoder.end()


def _asked(film: Film, size: tuple[int, int], title: str, comment: str) -> list[str]:
    """Return what ffmpeg is to do: players find any second quickly (a whole picture every two), and text stays sharp."""
    rate = str(film.rate_per_s)
    taken = ["-f", "rawvideo", "-pix_fmt", "rgb0", "-s", f"{size[0]}x{size[1]}", "-r", rate, "-i", "pipe:0"]
    drawn = ["-vf", "scale=out_color_matrix=bt709:out_range=tv", "-c:v", "libx264", "-preset", "veryfast", "-crf", "18"]
    kept = ["-pix_fmt", "yuv420p", *_COLOURS, "-g", str(2 * film.rate_per_s), "-movflags", "+faststart"]
    said = ["-metadata", f"title={title}", "-metadata", f"comment={comment}"]
    return ["-hide_banner", "-loglevel", "error", "-y", *taken, *drawn, *kept, *said, "-f", "mp4"]


def _apart() -> dict[str, Any]:
    """Return what keeps a program out of sight, and Ctrl+C, which is meant for this one, away from it."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}
