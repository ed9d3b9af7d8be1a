"""What was said about one unit's state, as tracks, and what is known from it at an instant. Not for intervals: see `timeline`."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from twin_app.model.packml import Mode, State
from twin_app.model.samples import Kind
from twin_app.model.timeline import BLIND_STATE
from twin_app.plant.category import INFERRED
from twin_app.plant.duty import SETTING_UP, Duty
from twin_app.plant.steps import Steps
from twin_app.plant.track import FAR_FUTURE, FAR_PAST, Track


class Turns(Protocol):
    """Something that may change at instants of its own."""

    @property
    def times(self) -> NDArray[np.int64]:
        """Return those instants, ascending, UTC ns."""
        ...

    @property
    def newest_ns(self) -> int:
        """Return the last of them, `FAR_PAST` where there is none."""
        ...


class Way(Protocol):
    """A way by which units are heard, which may be up or down."""

    @property
    def track(self) -> Turns:
        """Return when it goes up and down."""
        ...

    @property
    def downs(self) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return when it was known to go up or down, ascending, and whether it is down from then on; each of shape (k,)."""
        ...

    def valid_from(self, at: NDArray[np.int64], /) -> NDArray[np.int64]:
        """Return, for each instant, from when on a sample must be to be known then; shape (m,)."""
        ...

    def lost(self, start_ns: int, end_ns: int, /) -> list[int]:
        """Return when it was down within [start_ns, end_ns], and the last time before."""
        ...


class Connection:
    """The link to one source, shared by its units: from which instant on what was said still holds."""

    def __init__(self) -> None:
        """Start without a word about the link: a file has none and is treated as connected."""
        self._track = Track(np.int16)
        self._valid_from = np.empty(0, np.int64)
        self._lost = np.empty(0, np.int64)

    @property
    def track(self) -> Track[np.int16]:
        """Return what was said of the link."""
        return self._track

    @property
    def downs(self) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return when it was known to go up or down, and whether it is down from then on; see `Way`."""
        return self._track.times, self._track.values == 0

    @property
    def newest_ns(self) -> int:
        """Return the time of the newest word about the link, `FAR_PAST` where there is none."""
        return self.track.newest_ns

    def extend(self, times: NDArray[np.int64], values: NDArray[np.int16], messages: NDArray[np.int64]) -> None:
        """Add m > 0 samples of `Connected`, 1 or 0, each array of shape (m,)."""
        self.track.extend(times, values, messages)
        up = self.track.values == 1
        again = up & np.concatenate((np.zeros(1, bool), ~up[:-1]))
        latest = np.maximum.accumulate(np.where(again, self.track.times, FAR_PAST))
        self._valid_from = np.where(up, latest, FAR_FUTURE)
        self._lost = self.track.times[~up]

    def valid_from(self, at: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return, for each instant, from when on a sample must be to be known then; shape (m,).

        `FAR_PAST` where the link never broke, `FAR_FUTURE` while it is down.
        """
        rows = self.track.times.searchsorted(at, "right") - 1
        return np.where(rows >= 0, self._valid_from[rows], FAR_PAST) if len(self.track) else np.full(len(at), np.int64(FAR_PAST))

    def lost(self, start_ns: int, end_ns: int) -> list[int]:
        """Return when the link was down within [start_ns, end_ns], and the last time before: what a reading there may reach over."""
        first = max(int(self._lost.searchsorted(start_ns, "left")) - 1, 0)
        return list(self._lost[first : int(self._lost.searchsorted(end_ns, "right"))].tolist())


class Links:
    """All the ways by which a unit is heard: its source, and those that the source tells of one by one. All must be up."""

    def __init__(self, source: Connection) -> None:
        """Start with the way that all units of the source share."""
        self._ways: list[Way] = [source]
        self._own: dict[str, Connection] = {}
        self._shared: list[Way] = [source]

    def own(self, name: str) -> Connection:
        """Return the unit's own way of that name, new where it was not met before."""
        if name not in self._own:
            self._own[name] = Connection()
            self._ways.append(self._own[name])
        return self._own[name]

    def add(self, way: Way, *, shared: bool) -> None:
        """Let the unit be heard by one more way, of its own or shared with all units of its source."""
        self._ways.append(way)
        if shared:
            self._shared.append(way)

    @property
    def own_ways(self) -> tuple[Way, ...]:
        """Return the ways by which this unit alone is heard."""
        return tuple(way for way in self._ways if way not in self._shared)

    @property
    def tracks(self) -> tuple[Turns, ...]:
        """Return what turns each way up and down."""
        return tuple(way.track for way in self._ways)

    def valid_from(self, at: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return, for each instant, from when on a sample must be to be known then, see `Connection.valid_from`; shape (m,)."""
        found = self._ways[0].valid_from(at)
        for way in self._ways[1:]:
            found = np.maximum(found, way.valid_from(at))
        return found

    def returns(self, from_ns: int) -> NDArray[np.int64]:
        """Return the instants from `from_ns` on, ascending, from which what was said counts anew; an outage may last no time at all."""
        turns = np.concatenate([track.times[track.times.searchsorted(from_ns, "left") :] for track in self.tracks])
        found = self.valid_from(turns)
        return np.unique(found[(found >= from_ns) & (found < FAR_FUTURE)])

    def lost(self, start_ns: int, end_ns: int) -> list[int]:
        """Return when some way was down, see `Connection.lost`; ascending."""
        return sorted({lost for way in self._ways for lost in way.lost(start_ns, end_ns)})


class Facts:
    """The tracks that decide what state a unit is in and what that state costs."""

    def __init__(self, connection: Connection) -> None:
        """Start with nothing said; `connection` is the unit's source's."""
        self.links = Links(connection)
        self.state = Track(np.int16)
        self.mode = Track(np.int16)
        self.starved = Track(np.int16)
        self.blocked = Track(np.int16)
        self.inferred = Steps(Kind.NUMBER)
        """Starved + 2 * blocked as the neighbours let one think (see `flow`), 0 where they do not."""
        self.changing = Track(np.int16)
        """Whether it says that it is set up for another product, beside the words for its state and mode that mean so."""
        self.unordered = Track(np.int16)
        """Whether it says that it has no order."""
        self.declared = Steps(Kind.NUMBER)
        """Its `Duty` as people say, NaN where they do not."""

    @property
    def tracks(self) -> tuple[Turns, ...]:
        """Return every track, those of the links included."""
        told = (self.state, self.mode, self.starved, self.blocked, self.inferred)
        return (*told, self.changing, self.unordered, self.declared, *self.links.tracks)

    @property
    def newest_ns(self) -> int:
        """Return the time of the newest fact, `FAR_PAST` where there is none."""
        return max(track.newest_ns for track in self.tracks)

    def state_at(self, at: NDArray[np.int64]) -> NDArray[np.int16]:
        """Return the state known at each instant, shape (m,), `BLIND_STATE` where nobody knows.

        A state is known from its sample on, until the link breaks; after that only a sample from after the link came back counts.
        """
        worded = self._worded_at(at)
        return np.where(worded == SETTING_UP, np.int16(State.UNDEFINED), worded)

    def _worded_at(self, at: NDArray[np.int64]) -> NDArray[np.int16]:
        """Return the state known at each instant as it was worded: a PackML state, or `SETTING_UP`."""
        known = self.state.since(at) >= self.links.valid_from(at)
        return np.where(known, self.state.in_force(at, np.int16(BLIND_STATE)), np.int16(BLIND_STATE))

    def mode_at(self, at: NDArray[np.int64]) -> NDArray[np.int16]:
        """Return the mode in force at each instant, shape (m,), `Mode.UNDEFINED` where none was named."""
        return self.mode.in_force(at, np.int16(Mode.UNDEFINED))

    def interlock_at(self, at: NDArray[np.int64]) -> NDArray[np.int16]:
        """Return starved + 2 * blocked at each instant, shape (m,); plus `INFERRED` where the machine never told either."""
        told = self.starved.in_force(at, np.int16(0)) + np.int16(2) * self.blocked.in_force(at, np.int16(0))
        if not len(self.inferred):
            return told
        silent = (self.starved.since(at) < FAR_PAST) & (self.blocked.since(at) < FAR_PAST)
        inferred = np.nan_to_num(self.inferred.at(at)).astype(np.int16)
        return np.where(silent & (inferred > 0), inferred + np.int16(INFERRED), told)

    def duty_at(self, at: NDArray[np.int64]) -> NDArray[np.int16]:
        """Return the `Duty` at each instant, shape (m,): what people say, else what the machine does."""
        none = np.int16(0)
        changing = (self.changing.in_force(at, none) > 0) | (self._worded_at(at) == SETTING_UP)
        told = np.where(changing, np.int16(Duty.CHANGE), np.int16(Duty.IDLE) * self.unordered.in_force(at, none))
        declared = self.declared.at(at)
        return np.where(np.isnan(declared), told, np.nan_to_num(declared)).astype(np.int16)
