"""What a session asks of where its samples lie, growing or not. The protocol; `store` and `replay` answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from twin_app.history.raw import RawRing
    from twin_app.model.equipment import Line
    from twin_app.model.historian import Latest, Series, Span
    from twin_app.model.recording import RecordingNow
    from twin_app.model.samples import Samples


class Kept(Protocol):
    """Everything one line ever said. One thread folds, any thread asks."""

    raw: RawRing
    """The newest raw messages."""

    @property
    def watermark(self) -> int:
        """Return how many samples there are so far."""
        ...

    @property
    def folded(self) -> int:
        """Return the number after the last sample folded; the watermark once all of them are."""
        ...

    @property
    def share(self) -> float:
        """Return how much of what states and figures follow from was folded, 0 to 1, where all of it is there; 1.0 for what grows."""
        ...

    def expect(self, needed: Callable[[], frozenset[int]], afterwards: Callable[[], frozenset[int]]) -> None:
        """Learn what will be derived: from which signals, and from which others that may come later. It need not fold more than that."""
        ...

    def fold(self, limit: int) -> Samples:
        """Return new samples for whoever derives from them, about `limit` at most, without exact repeats; may be empty while more waits."""
        ...

    def refold(self) -> bool:
        """Begin to fold from the first sample again; False where that cannot be."""
        ...

    def read_since(self, watermark: int, limit: int) -> tuple[Samples, int]:
        """Return up to `limit` samples from number `watermark` on, and the number to go on from."""
        ...

    def hold_numbers(self) -> None:
        """Let every sample keep its number from now on."""
        ...

    def span(self) -> Span | None:
        """Return from when to when anything is effective, None before the first sample."""
        ...

    def state_at(self, at_ns: int) -> Latest:
        """Return the latest of every signal at or before an instant."""
        ...

    def range(self, signal: int, start_ns: int, end_ns: int, pixels: int) -> Series:
        """Return a signal's samples of a span with the one in force at its start, or an envelope of `pixels` columns."""
        ...

    def samples(self, start_ns: int, end_ns: int, *, signals: Collection[int]) -> Iterator[Samples]:
        """Yield the samples of some signals in [start_ns, end_ns], some at a time, by effective time."""
        ...

    def describe(self, line: Line, at_ns: int) -> None:
        """Have the layout that is in force from an instant on kept with the samples, where they last."""
        ...

    def recording_now(self) -> RecordingNow:
        """Return how the recording is at this moment."""
        ...

    def notices(self) -> tuple[str, ...]:
        """Return what a person must know about the recording, each a worded sentence with its cure."""
        ...

    def close(self) -> None:
        """Let go."""
        ...
