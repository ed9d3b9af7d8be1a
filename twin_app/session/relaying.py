"""What another layout of an open line asks for: only other places, everything derived anew, or the line opened anew. Not for doing it."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING

from twin_app.layout.signals import signal_table
from twin_app.layout.sparkplug import DIALECT as SPARKPLUG
from twin_app.model.equipment import Placement
from twin_app.sources.mqtt import MqttSource
from twin_app.sources.simulated import SimulatedSource

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from twin_app.model.equipment import Line, SourceSpec
    from twin_app.model.signal import SignalTable
    from twin_app.sources.base import Source


class Way(Enum):
    """How a line comes to another layout."""

    NOTHING = "nothing"
    """It says the same."""
    PLACES = "places"
    """Only where things stand is different: no figure is."""
    DERIVED = "derived"
    """What was heard is the same, what follows from it is not."""
    UNITS = "units"
    """Other units or topics: what comes in is to be read by them from now on, and everything derived anew."""
    ANEW = "anew"
    """What was heard is to be read in another way: sources and their messages begin anew."""


def way(before: Line, after: Line, sources: Sequence[Source], signals: SignalTable) -> Way:
    """Return how a line comes from one layout to another; `sources` are those that speak for it now, `signals` what is known by name."""
    if _names(before) != _names(after) or _links(before) != _links(after) or _described_anew(after, signals):
        return Way.ANEW
    if before.sources != after.sources:  # read in another way from now on, over the same connections
        listens = all(isinstance(source, MqttSource) for source in sources)
        return Way.UNITS if listens and not (_reads_births(before) or _reads_births(after)) else Way.ANEW
    if _bare(before) != _bare(after) and any(isinstance(source, SimulatedSource) for source in sources):
        return Way.ANEW  # other machines, or the same ones joined otherwise, would have run otherwise
    if _heard(before) != _heard(after):
        return Way.UNITS if not _reads_births(before) and all(source.live for source in sources) else Way.ANEW
    if _bare(before) != _bare(after):
        return Way.DERIVED
    return Way.PLACES if [unit.placement for unit in before.units] != [unit.placement for unit in after.units] else Way.NOTHING


def _names(line: Line) -> tuple[str, ...]:
    """Return what every signal's path begins with."""
    return line.site, line.area, line.id


def _links(line: Line) -> list[SourceSpec]:
    """Return what decides how each source is connected."""
    return [
        replace(
            source, title="", subscribe=(), rules=(), heartbeat_s=None, processed_includes_defective=True,
            state_names={}, state_numbers={}, mode_names={}, mode_numbers={},
        )
        for source in line.sources
    ]  # fmt: skip


def _reads_births(line: Line) -> bool:
    """Tell whether what comes is understood only by what came before it."""
    return any(rule.dialect == SPARKPLUG for source in line.sources for rule in source.rules)


def _heard(line: Line) -> set[Hashable]:
    """Return what decides which message is about which unit, and what signals it has."""
    return {(unit.id, unit.source, unit.type) for unit in line.units}


def _described_anew(line: Line, signals: SignalTable) -> bool:
    """Tell whether a signal that was heard already is now to be read in another way."""
    known = [(signal, signals.find(signal.unit, signal.name)) for signal in signal_table(line)]
    return any(number is not None and signals[number] != signal for signal, number in known)


def _bare(line: Line) -> Line:
    """Return a line without where things stand."""
    units = tuple(replace(unit, placement=Placement()) for unit in line.units)
    return replace(line, content_hash="", units=units)
