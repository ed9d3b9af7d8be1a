"""What is kept of playing a recording between two starts of the window: speed, pause, loop, steps. Not for the playhead, live lines, nor for what is hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from twin_app.model.frame import Mode
from ui.timeline.picture import Marks
from ui.timeline.playback import STEPS

if TYPE_CHECKING:
    from twin_app.model.frame import Frame
    from ui.context import Context, LineView
    from ui.timeline.playback import Playback

REPLAYS = frozenset({Mode.REPLAY, Mode.BLIND})


class Playing(msgspec.Struct, frozen=True):
    """How a recording was played when the window was closed."""

    line: str
    start_ns: int
    """Where the recording begins: another recording of the line is played as any other."""
    speed: float = 1.0
    paused: bool = False
    skip: bool = False
    loop: bool = False
    in_ns: int | None = None
    out_ns: int | None = None
    steps: int = 0
    """By which of `STEPS` Ctrl and the arrows go."""


def played(frame: Frame | None, view: LineView | None, playback: Playback) -> dict[str, object]:
    """Return how a recording is played, JSON-able; nothing of what is no recording."""
    if frame is None or view is None or frame.span is None or frame.mode not in REPLAYS:
        return {}
    kept = Playing(
        line=view.line.id, start_ns=frame.span.start_ns, speed=frame.speed, paused=not frame.playing, skip=playback.skipping,
        loop=playback.looping, in_ns=playback.marks.in_ns, out_ns=playback.marks.out_ns, steps=STEPS.index(playback.kinds),
    )  # fmt: skip
    found: dict[str, object] = msgspec.to_builtins(kept)
    return found


class Memory:
    """Plays the first recording after a start as it was played before, if it is the same."""

    def __init__(self, context: Context, playback: Playback) -> None:
        """Remember nothing."""
        self._context, self._playback = context, playback
        self._kept: Playing | None = None

    def remember(self, saved: object) -> None:
        """Take back what `played` gave; anything else is ignored."""
        try:
            self._kept = msgspec.convert(saved, Playing)
        except msgspec.ValidationError:
            self._kept = None

    def show_frame(self, frame: Frame, view: LineView) -> None:
        """Play on as before, once."""
        kept = self._kept
        if kept is None or frame.span is None:
            return
        self._kept = None
        if frame.mode in REPLAYS and (view.line.id, frame.span.start_ns) == (kept.line, kept.start_ns):
            self._apply(kept, frame)

    def _apply(self, kept: Playing, frame: Frame) -> None:
        """Play as before; what is refused is left."""
        playback, transport = self._playback, self._context.transport
        if frame.speed == 1.0 and kept.speed != 1.0 and (kept.speed > 0 or frame.mode is not Mode.BLIND):
            transport.set_speed(kept.speed)
        if kept.paused and frame.playing:
            transport.pause()
        playback.take(Marks(kept.in_ns, kept.out_ns), looping=kept.loop, skipping=kept.skip)
        playback.step_by(STEPS[kept.steps] if 0 <= kept.steps < len(STEPS) else STEPS[0])
