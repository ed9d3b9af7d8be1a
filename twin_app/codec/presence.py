"""Which units of a source are there, as they say themselves: `Connected/<unit>` of the source. Not for the link to the broker.

Word of coming and going counts in the order of arrival, because a last will bears the time at which it was left with the
broker, long before the news it brings. Whoever speaks is there, whether or not it said so first. A broken link is dated back
to the last proof of life: what the unit did since then nobody knows. Retained words are of unknown age and change nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.codec.dialect import Life
from twin_app.codec.voices import NO_SOURCE_TIME, Stamp, put
from twin_app.model.samples import NEVER, Kind, Quality

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.model.message import Message
    from twin_app.model.samples import SampleColumns


class Presence:
    """The units of one source that say whether they are there; owned by the source's thread."""

    def __init__(self, signal: Callable[[str], int]) -> None:
        """`signal` gives the id of a unit's `Connected` signal, on first use."""
        self._signal = signal
        self._since_ns: dict[str, int | None] = {}
        self._last_ns: dict[str, int] = {}

    def hear(self, unit: str, life: Life, message: Message, into: SampleColumns) -> int:
        """Take what a message tells about its unit's being there, and say so where it changes.

        Returns:
            From when on (UTC ns) what the message says can hold: it was sent after its unit came. `NEVER` where nobody knows.
        """
        if life is Life.UNSAID or message.retain:
            return NEVER
        since_ns = self._since_ns.get(unit)
        if life is not Life.ALIVE:
            at_ns = message.received_ns if life is Life.GONE else self._last_ns.get(unit, message.received_ns)
            if unit not in self._since_ns or since_ns is not None:
                self._say(unit, at_ns, message, into, there=False)
            self._since_ns[unit] = None
            return NEVER
        self._last_ns[unit] = message.received_ns
        if since_ns is None:
            since_ns = self._since_ns[unit] = message.received_ns
            self._say(unit, since_ns, message, into, there=True)
        return since_ns

    def _say(self, unit: str, at_ns: int, message: Message, into: SampleColumns, *, there: bool) -> None:
        """Append one sample of the unit's `Connected`."""
        put(into, self._signal(unit), Stamp(at_ns, message.received_ns, NO_SOURCE_TIME, Quality.GOOD, message.seq), float(there), Kind.BOOL)
