"""What goods look like at an instant: as the unit says, else as the product that it makes, else as its unit of count. No widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.model.samples import Kind, Quality
from twin_app.model.signal import PRODUCT

if TYPE_CHECKING:
    from twin_app.model.equipment import Line, Unit
    from twin_app.model.frame import Frame
    from ui.context import LineView

_TRUSTED = frozenset({Quality.GOOD, Quality.UNCERTAIN})


def shapes_of(view: LineView, frame: Frame | None) -> dict[str, str]:
    """Return the shape of each unit's goods, a key of `machines.items`, empty where its unit of count says it.

    A product's shape is that of the line's base unit: units that count cases or pallets of it show those. Where nobody says what is made,
    it is the shape that all products have in common.
    """
    line = view.line
    shaped = any(product.shape for product in line.products)
    return {
        unit.id: unit.shape or (_of_product(unit, view, frame) if shaped and _counts_products(unit, line) else "") for unit in line.units
    }


def _counts_products(unit: Unit, line: Line) -> bool:
    """Tell whether a unit counts what the line does."""
    return unit.base_units_per_count == 1.0 and unit.unit_of_count.casefold() == line.unit_of_count.casefold()


def _of_product(unit: Unit, view: LineView, frame: Frame | None) -> str:
    line = view.line
    made = _made(unit.id, view, frame) or (_made(line.orders_from, view, frame) if line.orders_from else "")
    shapes = {product.shape for product in line.products if not made or made in {product.id, product.title}}
    return shapes.pop() if len(shapes) == 1 else ""


def _made(unit: str, view: LineView, frame: Frame | None) -> str:
    """Return the product that a unit says it makes, empty where it says none that can be believed."""
    signal = view.signals.find(unit, PRODUCT)
    if frame is None or signal is None or signal >= len(frame.latest.kind):
        return ""
    latest = frame.latest
    if latest.kind[signal] != Kind.TEXT or latest.quality[signal] not in _TRUSTED:
        return ""
    return view.texts.text(int(latest.value[signal])).strip()
