"""The attempts of trainees at a recording, found beside it, and each beside what was recorded. Not for making one: see `trainee`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.errors import UsageError
from twin_app.history.side import SideFile
from twin_app.model.alarm import Action
from twin_app.model.training import Attempt, Review
from twin_app.session.trainee import Trainee, read_attempt
from twin_app.text import N_
from twin_app.times import iso_compact

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from twin_app.model.training import Done
    from twin_app.session.known import Known

PREFIX = "blind-"


class Attempts:
    """`model.training.Training` of an open line. Belongs to the owner's thread."""

    def __init__(self, recorded: Path | None, *, known: Callable[[], Known], hiding: Callable[[], bool], wall: Callable[[], int]) -> None:
        """Look beside a recorded side file (None: nothing lasts). `known` gives all that is recorded, `wall` UTC ns."""
        self._recorded, self._known, self._hiding, self._wall = recorded, known, hiding, wall

    def attempts(self) -> tuple[Attempt, ...]:
        """Return every trainee's, the newest first."""
        found = [self._read(name)[0] for name in self._names()]
        return tuple(sorted(found, key=lambda one: (one.began_ns, one.name), reverse=True))

    def review(self, attempt: str) -> Review:
        """Return an attempt beside what was recorded; an alarm is asked of in the time that the trainee saw.

        Raises:
            UsageError: the playhead is in a blind replay, or there is no such attempt.
        """
        if self._hiding():
            raise UsageError(N_("A blind replay is not told what was recorded."), tip=N_("End it first: Ctrl+Shift+B."))
        found, done = self._read(self._checked(attempt))
        times = [one.at_ns for one in done]
        seen = found.seen_ns or ((min(times), max(times)) if times else None)
        actions = [one.what for one in done if isinstance(one.what, Action)]
        answered = self._known().alarms.answered(actions, *seen) if seen else ()
        return Review(attempt=found, done=done, answered=answered)

    def open(self, attempt: str, trainee: str, *, hid: bool) -> Trainee:
        """Go on with an attempt, or begin a new one of a trainee where it is empty.

        Raises:
            UsageError: there is no such attempt.
        """
        name = self._checked(attempt) if attempt else self._new()
        return Trainee(name, self._path(name), trainee, wall=self._wall, hid=hid)

    def _checked(self, attempt: str) -> str:
        """Return the name of an attempt that there is: what is asked for is no path."""
        if attempt not in self._names():
            raise UsageError(N_("There is no attempt {name} beside this recording."), name=attempt)
        return attempt

    def _new(self) -> str:
        """Return a name that no attempt has yet: several may begin in one second."""
        name, names, number = f"{PREFIX}{iso_compact(self._wall())}", self._names(), 2
        while name in names:
            name = f"{name.partition('.')[0]}.{number}"
            number += 1
        return name

    def _names(self) -> set[str]:
        """Return the names of all attempts."""
        if self._recorded is None:
            return set()
        stem, suffix = self._recorded.stem, self._recorded.suffix
        found = (path.name for path in self._recorded.parent.glob(f"*{suffix}") if path.name.startswith(f"{stem}.{PREFIX}"))
        return {name.removeprefix(f"{stem}.").removesuffix(suffix) for name in found}

    def _path(self, name: str) -> Path | None:
        """Return the file of an attempt."""
        return self._recorded.with_name(f"{self._recorded.stem}.{name}{self._recorded.suffix}") if self._recorded else None

    def _read(self, name: str) -> tuple[Attempt, tuple[Done, ...]]:
        """Return an attempt and what was done in it."""
        path = self._path(name)
        return read_attempt(name, SideFile(path).read_on() if path else ())
