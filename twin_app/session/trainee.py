"""What a trainee does in a blind replay: kept in a file of their own, known from when it was done on. Not for what was recorded, nor for comparing: see `training`."""

from __future__ import annotations

import logging
from bisect import insort
from dataclasses import asdict, dataclass, field, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import msgspec

from twin_app.clock import SECOND_NS
from twin_app.errors import RecordingError
from twin_app.history.side import SideFile
from twin_app.model.alarm import Action
from twin_app.model.bookmark import Bookmark
from twin_app.model.entry import Entry
from twin_app.model.training import Attempt, Done
from twin_app.session import action_log, notebook
from twin_app.session.notebook import Notebook, bookmark_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path


LOGGER = logging.getLogger(__name__)
KIND, ATTEMPT, SEEN = "work entry", "attempt", "seen"
WORTH_KEEPING_NS = 60 * SECOND_NS
"""Who saw so much and did nothing made an attempt, too; who looked in for a moment did not."""
_known = attrgetter("known_ns")


def entry_of(raw: dict[str, Any]) -> Entry | None:
    """Return what a line of a side file says of work, None where it is something else."""
    if raw.get("what") != KIND:
        return None
    try:
        return msgspec.convert({key: value for key, value in raw.items() if key != "what"}, Entry)
    except msgspec.ValidationError:
        return None


class Trainee:
    """One attempt. Belongs to the owner's thread.

    Attributes:
        name: of the attempt; its file is called by it.
        who: the trainee, a person's id or what they called themselves.
        entries: what was said of work and stops, by when it became known on the playhead's clock.
        actions: what was done to alarms, likewise.
        notebook: the bookmarks.
    """

    def __init__(self, name: str, path: Path | None, who: str, *, wall: Callable[[], int], hid: bool) -> None:
        """Go on with what the file holds, else begin (None: nothing lasts). `wall` gives UTC ns; `hid`: what people had done is hidden."""
        self.name, self.who, self._wall, self._hid = name, who, wall, hid
        self._file = SideFile(path) if path else None
        self._begun = bool(path and path.is_file())
        read = read_attempt(self.name, self._file.read_on()) if self._file and self._begun else None
        self._attempt = read[0] if read else Attempt(name=name, trainee=who, began_ns=wall(), hid=hid)
        self.who = self._attempt.trainee
        said = [done.what for done in read[1]] if read else []
        self.entries = sorted((one for one in said if isinstance(one, Entry)), key=_known)
        self.actions = sorted((one for one in said if isinstance(one, Action)), key=_known)
        self._deeds = self._attempt.deeds
        self._kept_seen = self._seen = self._attempt.seen_ns
        self.notebook = Notebook(path, write=self._append)

    @property
    def attempt(self) -> Attempt:
        """Return whose attempt it is, and how far it went; the same object while it is the same."""
        fresh = replace(self._attempt, seen_ns=self._seen, deeds=self._deeds)
        self._attempt = self._attempt if fresh == self._attempt else fresh
        return self._attempt

    def keep(self, entry: Entry) -> None:
        """Have an entry on the disk before it counts.

        Raises:
            RecordingError: the file cannot be written.
        """
        self._append({"what": KIND, **asdict(entry), "kind": str(entry.kind)})
        insort(self.entries, entry, key=_known)

    def act(self, action: Action) -> None:
        """Have an action on an alarm on the disk before it counts. Raises as `keep`."""
        self._append(action_log.line_of(action))
        insort(self.actions, action, key=_known)

    def saw(self, at_ns: int) -> None:
        """Take down that an instant was seen."""
        first_ns, last_ns = self._seen or (at_ns, at_ns)
        self._seen = min(first_ns, at_ns), max(last_ns, at_ns)

    def leave(self) -> None:
        """Keep how far it went, unless it was no more than a look."""
        seen = self._seen
        long_enough = seen is not None and seen[1] - seen[0] >= WORTH_KEEPING_NS
        if self._file is None or seen is None or seen == self._kept_seen or not (self._begun or long_enough):
            return
        try:
            self._write({"what": SEEN})
        except RecordingError as error:  # nobody is kept in a blind replay by a full disk
            LOGGER.warning("How far %s went could not be kept: %s", self.name, error)

    def _append(self, line: dict[str, Any]) -> None:
        """Write something that was done."""
        self._write(line)
        self._deeds += 1

    def _write(self, line: dict[str, Any]) -> None:
        """Write a line, below the one that says whose file it is, with the time on the wall and how far the trainee had seen."""
        if self._file is None:
            return
        if not self._begun:
            self._file.append({"what": ATTEMPT, "trainee": self.who, "wall_ns": self._attempt.began_ns, "hid": self._hid})
            self._begun = True
        self._file.append({"by": self.who, **line, "wall_ns": self._wall(), "seen_ns": self._seen})
        self._kept_seen = self._seen


@dataclass(slots=True)
class _Reading:
    """An attempt while its lines are read."""

    attempt: Attempt
    done: list[Done] = field(default_factory=list)
    deeds: int = 0


def read_attempt(name: str, lines: Iterable[dict[str, Any]]) -> tuple[Attempt, tuple[Done, ...]]:
    """Return whose attempt a side file holds and what was done in it, by the playhead's clock; what no line says is unknown."""
    reading = _Reading(Attempt(name=name, trainee="", began_ns=0))
    for raw in lines:
        _take(reading, raw)
    return replace(reading.attempt, deeds=reading.deeds), tuple(sorted(reading.done, key=attrgetter("at_ns")))


def _take(reading: _Reading, raw: dict[str, Any]) -> None:
    """Take in a line."""
    wall_ns, what = _whole(raw.get("wall_ns")), raw.get("what")
    if what == ATTEMPT:
        reading.attempt = replace(
            reading.attempt, trainee=str(raw.get("trainee", "")), began_ns=wall_ns, hid=raw.get("hid") is not False
        )  # fmt: skip
        return
    match raw.get("seen_ns"):
        case [int() as first_ns, int() as last_ns]:
            reading.attempt = replace(reading.attempt, seen_ns=(first_ns, last_ns))
    if what == notebook.KIND and raw.get("removed"):
        reading.done = [replace(one, removed=True) if getattr(one.what, "id", None) == raw.get("id") else one for one in reading.done]
        reading.deeds += 1
        return
    said = entry_of(raw) or action_log.action_of(raw) or bookmark_of(raw)
    if said is not None:
        reading.deeds += 1
        if isinstance(said, Bookmark):  # written anew it is the same one, at the same time
            reading.done = [one for one in reading.done if getattr(one.what, "id", None) != said.id]
        reading.done.append(Done(at_ns=said.known_ns, wall_ns=wall_ns, who=str(raw.get("who") or raw.get("by", "")), what=said))


def _whole(value: object) -> int:
    """Return a whole number as a file has it, 0 where it has none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
