"""What trainees did in blind replays, each a go of one person at a recording, and how it stands beside what was recorded. Values; see `session.training`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from twin_app.model.alarm import Action
from twin_app.model.bookmark import Bookmark
from twin_app.model.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin_app.model.alarm import Alarm, Why

Said: TypeAlias = Action | Entry | Bookmark


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One go of one trainee, kept in a file of its own."""

    name: str
    """Of the file, as it stands among the files beside the recording."""
    trainee: str
    """A person's id, or what they called themselves; empty: nobody said."""
    began_ns: int
    """By the clock on the wall, UTC ns."""
    hid: bool = True
    """Whether what people had written and acknowledged was hidden."""
    seen_ns: tuple[int, int] | None = None
    """The earliest and the latest instant that was seen, on the playhead's clock; None: it was not kept."""
    deeds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Something that a trainee did."""

    at_ns: int
    """When, on the playhead's clock."""
    wall_ns: int
    """When, by the clock on the wall; 0: it was not kept."""
    who: str
    what: Said
    removed: bool = False
    """Of a bookmark: it was taken away again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What ended the waiting of an alarm, or kept it from waiting."""

    why: Why
    """Acknowledged, here or at the machine, or hidden."""
    at_ns: int
    """Before the alarm where it was hidden already, or had been acknowledged while it was latched."""
    who: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One coming of an alarm, and how those in the shift and the trainee answered it; None: never."""

    at_ns: int
    alarm: Alarm
    detail: str
    recorded: Answer | None
    trained: Answer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """An attempt beside what was recorded."""

    attempt: Attempt
    done: tuple[Done, ...]
    """In the order in which it counts: by the playhead."""
    answered: tuple[Answered, ...]
    """Every coming of an alarm that was shown, to those in the shift or to the trainee, in the time that the trainee saw."""


class Training(Protocol):
    """The attempts at what is open."""

    def attempts(self) -> Sequence[Attempt]:
        """Return every trainee's, the newest first."""
        ...

    def review(self, attempt: str) -> Review:
        """Return an attempt beside what was recorded; raises UsageError in a blind replay, which it would tell what lies ahead, and where there is none."""
        ...
