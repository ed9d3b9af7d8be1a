"""`twin-app check`: everything that can be said about a layout file before a message arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.layout import load, remarks
from twin_app.text import tr

if TYPE_CHECKING:
    from pathlib import Path


def check(layout: Path) -> str:
    """Return what the layout describes, in a few lines, and what it lacks.

    Raises:
        LayoutError: it is wrong; every finding is in it.
    """
    line = load(layout)
    flow = ", ".join(f"{unit.id} → {feed.to}" for unit in line.units for feed in unit.feeds)
    rows = [
        tr("{path} is fine.", path=layout),
        tr(
            "Line {title} at {site}/{area}, zone {zone}, counted in {unit}",
            title=line.title,
            site=line.site,
            area=line.area,
            zone=line.zone,
            unit=line.unit_of_count or tr("pieces"),
        ),
        tr(
            "{units} units, constraint {constraint}; flow {flow}",
            units=len(line.units),
            constraint=line.constraint,
            flow=flow or tr("not given"),
        ),
        *(
            tr("Source {id}: {rules} rules, {address}", id=s.id, rules=len(s.rules), address=s.address or tr("address given at start"))
            for s in line.sources
        ),
        tr("{shifts} shifts, {products} products", shifts=len(line.shifts), products=len(line.products)),
        *(tr("Note: {remark}", remark=remark) for remark in remarks(line)),
    ]
    return "\n".join(rows)
