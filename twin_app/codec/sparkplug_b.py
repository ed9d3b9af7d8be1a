"""Sparkplug B 3.0 as a dialect: its metrics' names as PackML's or their own. Not for births, deaths and order: see `sparkplug.host`.

A metric is mapped by its path, `spBv1.0/<group>/+/<edge node>/<device>/<metric's name>`, as if it were a topic. What PackML
calls by the same name means the same here. Unlike plain tags, nothing is ignored: a publisher that declares a description or an
order among its metrics says what stands there.
"""

from __future__ import annotations

from twin_app.codec import packml_tags
from twin_app.codec.dialect import Dialect
from twin_app.codec.meanings import Meaning, Role, meaning_of
from twin_app.codec.sparkplug import datatypes, wire
from twin_app.codec.sparkplug.host import Host
from twin_app.codec.values import Value
from twin_app.layout.sparkplug import DIALECT


def read(payload: bytes, _tag: str) -> dict[str, Value]:
    """Return the values of those metrics that give their names: all there is to a message without what came before it.

    Raises:
        DecodeError: not a Sparkplug payload, too large, or a value that its datatype does not hold.
    """
    metrics = wire.read(payload).metrics
    found = {name: datatypes.held(metric, metric.datatype) for metric in metrics if (name := wire.name_of(metric))}
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in found.items()}


def meaning(metric: str) -> Meaning:
    """Return what a metric's name means: as PackML has it, else what its values tell."""
    found = packml_tags.meaning(metric)
    return found if found is not None and found.role is not Role.IGNORED else meaning_of(metric)


SPARKPLUG_B = Dialect(key=DIALECT, read=read, host=Host, meaning=meaning, name=packml_tags.name, typed=True)
