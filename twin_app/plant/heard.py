"""A signal that others are derived from, as it came and as far as its link lets one know it. Not for what follows: see `derived`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin_app.model.samples import Kind
from twin_app.plant.reading import Part, Said
from twin_app.plant.steps import Steps
from twin_app.plant.track import FAR_FUTURE, Track

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin_app.plant.facts import Links
    from twin_app.plant.steps import Times, Values

_NUMBER, _WORD = 0, 1


class Heard:
    """All samples of one signal, and its numbers and words as functions of time.

    It is unknown before its first sample, after a bad one, and from the loss of a link until its next sample.
    """

    def __init__(self, links: Links) -> None:
        """Start with nothing heard over the links of its unit."""
        self.number = Steps(Kind.NUMBER)
        self._word: Steps | None = None
        self._links = links
        self._numbers, self._words = Track(np.float64), Track(np.float64)
        self._from_ns = FAR_FUTURE

    def hear_words(self) -> Steps:
        """Return its words, text codes; kept from now on, which is before the first sample."""
        if self._word is None:
            self._word = Steps(Kind.TEXT)
        return self._word

    @property
    def newest_ns(self) -> int:
        """Return the time of the newest sample, `FAR_PAST` where there is none."""
        return self._numbers.newest_ns

    def extend(self, times: Times, values: NDArray[np.float64], messages: NDArray[np.int64]) -> None:
        """Put m > 0 samples where they belong; `values` are numbers and text codes, shape (m, 2), see `read_anything`."""
        says_news = self._is_news(times, values)
        self._numbers.extend(times, values[:, _NUMBER], messages)
        if self._word is not None:
            self._words.extend(times, values[:, _WORD], messages)
        if says_news:
            self._from_ns = min(self._from_ns, int(times.min()))

    def rewrite(self, from_ns: int, times: Times, values: NDArray[np.float64], messages: NDArray[np.int64]) -> None:
        """Put k >= 0 samples, ascending in time, in place of all from `from_ns` on; `values` as of `extend`."""
        self._numbers.rewrite(from_ns, times, values[:, _NUMBER], messages)
        if self._word is not None:
            self._words.rewrite(from_ns, times, values[:, _WORD], messages)
        self._from_ns = min(self._from_ns, from_ns)

    def _is_news(self, times: Times, values: NDArray[np.float64]) -> bool:
        """Tell whether samples may change a function; most repeat, in time, what is known to hold, and then nothing follows from them."""
        if self._word is not None or self._from_ns < FAR_FUTURE or int(times.min()) < self.newest_ns:
            return True
        if len(times) == 1:  # almost always, and ten times faster than as arrays
            return self.number.before(int(times[0]) + 1) != float(values[0, _NUMBER])
        return not np.array_equal(self.number.at(times), values[:, _NUMBER])

    def derive(self, linked_ns: int) -> dict[Steps, int]:
        """Follow new samples, and links that changed from `linked_ns` on; return from when on numbers and words differ."""
        from_ns, self._from_ns = min(linked_ns, self._from_ns), FAR_FUTURE
        if from_ns == FAR_FUTURE or not len(self._numbers):
            return {}
        at = self._instants(from_ns)
        known = self._numbers.since(at) >= self._links.valid_from(at)
        ways = [(self.number, self._numbers)] + ([(self._word, self._words)] if self._word is not None else [])
        changed = {steps: steps.rewrite(from_ns, at, _where(known, track, at)) for steps, track in ways}
        return {steps: differs_ns for steps, differs_ns in changed.items() if differs_ns is not None}

    def _instants(self, from_ns: int) -> Times:
        """Return when it was heard or a link changed, ascending, from an instant on."""
        times = self._numbers.times[self._numbers.times.searchsorted(from_ns, "left") :]
        links = [track.times[track.times.searchsorted(from_ns, "left") :] for track in self._links.tracks if track.newest_ns >= from_ns]
        return np.unique(np.concatenate([times, *links]))


def _where(known: NDArray[np.bool_], track: Track[np.float64], at: Times) -> Values:
    """Return the value in force where it is known, else NaN."""
    return np.where(known, track.in_force(at, np.float64(np.nan)), np.nan)


def read_anything(part: Part) -> Said:
    """Read every sample as a number and as a text code, shape (n, 2), NaN where it is none; a bad one is neither."""
    values = np.full((len(part.times), 2), np.nan)
    values[part.plain, _NUMBER] = part.values[part.plain]
    words = part.trusted_kind == int(Kind.TEXT)
    values[words, _WORD] = part.values[words]
    return Said(part.times, values, part.messages)
