"""Places in the hall for machines whose places nobody knows: rows along the hall, none in another's way. Not for where they really stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.machines import machine_type

if TYPE_CHECKING:
    from collections.abc import Sequence

GAP_M = 1.5
AISLE_M = 4.0
LONGEST_ROW_M = 90.0


def lay_out(types: Sequence[str]) -> list[tuple[float, float]]:
    """Return x and y in metres for machines of these types, in their order; what drives about stands in a row of its own."""
    standing = [i for i, key in enumerate(types) if not machine_type(key).mobile]
    driving = [i for i, key in enumerate(types) if machine_type(key).mobile]
    places = [(0.0, 0.0)] * len(types)
    y_m = 0.0
    for group in (standing, driving):
        y_m = _rows(group, types, places, y_m)
    return places


def _rows(group: list[int], types: Sequence[str], places: list[tuple[float, float]], y_m: float) -> float:
    """Place a group in rows from `y_m` on; return where the next row may begin."""
    edge_m = row_m = 0.0
    for i in group:
        length_m, width_m = machine_type(types[i]).footprint_m
        if edge_m and edge_m + length_m > LONGEST_ROW_M:
            edge_m, y_m, row_m = 0.0, y_m + row_m + AISLE_M, 0.0
        places[i] = (round(edge_m + length_m / 2, 2), round(y_m, 2))
        edge_m += length_m + GAP_M
        row_m = max(row_m, width_m)
    return y_m + row_m + AISLE_M if group else y_m
