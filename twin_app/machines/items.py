"""What lines carry, by the words that layouts count in: its model, how long it is on a belt, and what it travels on. Not for counting."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Carrier(StrEnum):
    """What goods travel on between machines."""

    CHAIN = "chain"
    """A narrow chain between rails: bottles in single file."""
    BELT = "belt"
    """A belt half a metre wide: cases and parts."""
    ROLLERS = "rollers"
    """A low roller bed a metre wide: pallets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One kind of goods. Its model stands on the origin, its long side along X."""

    key: str
    model: str
    carrier: Carrier
    close_m: float
    """From one to the next where they stand close."""
    apart_m: float
    """From one to the next where they travel."""
    words: tuple[str, ...] = ()
    """Units of count that mean it, in any language, folded."""


PART = Item(key="part", model="part.glb", carrier=Carrier.BELT, close_m=0.42, apart_m=0.75)
ITEMS = (
    Item(
        key="bottle", model="bottle.glb", carrier=Carrier.CHAIN, close_m=0.125, apart_m=0.25,
        words=("bottle", "jar", "vial", "flask", "flasche", "bouteille", "botella", "bottiglia", "瓶"),
    ),
    Item(
        key="can", model="can.glb", carrier=Carrier.CHAIN, close_m=0.1, apart_m=0.2,
        words=("can", "tin", "dose", "canette", "lata", "lattina", "罐"),
    ),
    Item(
        key="box", model="box.glb", carrier=Carrier.BELT, close_m=0.31, apart_m=0.6,
        words=("box", "folding box", "schachtel", "boîte", "scatola", "盒"),
    ),
    Item(
        key="crate", model="crate.glb", carrier=Carrier.BELT, close_m=0.43, apart_m=0.75,
        words=("crate", "kiste", "casier", "cassetta", "周转箱"),
    ),
    Item(
        key="case", model="case.glb", carrier=Carrier.BELT, close_m=0.43, apart_m=0.75,
        words=("case", "carton", "tray", "pack", "karton", "caisse", "caja", "cassa", "箱"),
    ),
    Item(
        key="pallet", model="pallet_load.glb", carrier=Carrier.ROLLERS, close_m=1.3, apart_m=2.4,
        words=("pallet", "palette", "palet", "托盘", "栈板"),
    ),
    PART,
)  # fmt: skip
"""The last stands for whatever nobody described."""
_SUFFIXES = ("", "s", "es", "n", "en")


SHAPES = tuple(item.key for item in ITEMS)
"""What a layout may call the shape of goods."""


def item_of(unit_of_count: str, shape: str = "") -> Item:
    """Return what a unit of count means, where no shape says it: `bottles` are bottles, and what no word names is a part."""
    if shape in SHAPES:
        return ITEMS[SHAPES.index(shape)]
    word = unit_of_count.strip().casefold()
    return next((item for item in ITEMS for known in item.words for suffix in _SUFFIXES if word == known + suffix), PART)
