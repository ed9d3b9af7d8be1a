"""What goods look like: the unit's own word, else the product's that is made, else that of all products, else the unit of count's."""

from dataclasses import replace

import pytest

from tests.ui.panels.doubles import Plant, make_line
from twin_app.model.equipment import Product
from twin_app.model.packml import State
from ui.hall.shapes import shapes_of


def plant(*products: tuple[str, str], orders_from: str = "") -> Plant:
    """Return a line of a filler and a packer (in cases of twelve) that makes products of shapes."""
    line = make_line("Filler", "Packer", "Wrapper")
    filler, packer, wrapper = line.units
    units = (filler, replace(packer, unit_of_count="case", base_units_per_count=12.0), replace(wrapper, shape="crate"))
    made = tuple(Product(id=name, title=name.title(), ideal_cycle_s={}, shape=shape) for name, shape in products)
    return Plant(
        replace(line, units=units, products=made, orders_from=orders_from), 60.0, {unit.id: [(0.0, State.EXECUTE)] for unit in units}
    )


def test_that_without_a_shape_the_unit_of_count_says_it() -> None:
    made = plant(("still", ""))
    assert shapes_of(made.view, made.frame(10.0)) == {"Filler": "", "Packer": "", "Wrapper": "crate"}


def test_that_a_products_shape_is_that_of_the_base_unit_alone() -> None:
    made = plant(("still", "can"), ("sparkling", "can"))
    assert shapes_of(made.view, made.frame(10.0)) == {"Filler": "can", "Packer": "", "Wrapper": "crate"}
    assert shapes_of(made.view, None)["Filler"] == "can"


@pytest.mark.parametrize(("orders_from", "who"), [("", "Filler"), ("Packer", "Packer")])
def test_that_the_product_that_is_made_counts_from_its_changeover_on(orders_from: str, who: str) -> None:
    made = plant(("still", "can"), ("sparkling", "bottle"), orders_from=orders_from)
    assert shapes_of(made.view, made.frame(10.0))["Filler"] == ""
    made.say_text(who, "Product", (5.0, "still"), (30.0, "Sparkling"))
    assert [shapes_of(made.view, made.frame(at))["Filler"] for at in (1.0, 10.0, 40.0)] == ["", "can", "bottle"]


def test_that_a_product_nobody_described_has_no_shape() -> None:
    made = plant(("still", "can"), ("sparkling", "can"))
    made.say_text("Filler", "Product", (5.0, "lemonade"))
    assert shapes_of(made.view, made.frame(10.0))["Filler"] == ""
