"""Whether what was read through says anything of the line, and what of it was left out. Not for reading, nor for the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.errors import SourceError, TwinError
from twin_app.model.samples import NEVER
from twin_app.text import N_

if TYPE_CHECKING:
    from twin_app.session import Session

_TOPICS_NAMED = 5


def left_out(session: Session) -> list[str]:
    """Return what a person must know of a session that was read through, beside its figures: a worded sentence a source.

    Raises:
        SourceError: messages came, and none of them is mapped to a unit; names the topics that were seen.
        TwinError: lines or messages came, and nothing of them could be understood.
    """
    healths = session.health()
    if any(health.received for health in healths) and not _anything(session):
        topics = [topic for health in healths for topic in health.unmapped]
        if not topics:
            raise TwinError(N_("The source holds no message that the layout maps, so there is nothing to count."))
        raise SourceError(
            N_("None of the {n} messages of {source} is mapped to a unit. Topics seen: {topics}. Map them with [[source.map]] in the layout."),
            n=sum(health.received for health in healths), source=", ".join(health.source for health in healths),
            topics=", ".join(topics[:_TOPICS_NAMED]) + (", …" if len(topics) > _TOPICS_NAMED else ""),
        )  # fmt: skip
    silent = [health.warnings[-1] for health in healths if health.elsewhere]
    return [health.error for health in healths if health.error] + silent


def _anything(session: Session) -> bool:
    """Tell whether any unit ever said anything."""
    span = session.span()
    if span is None:
        return False
    heard = session.latest(span.end_ns).effective_ns
    signals = (signal for unit in session.line.units for signal in session.signals.of_unit(unit.id))
    return any(signal < len(heard) and heard[signal] != NEVER for signal in signals)
