"""A table that tells its view exactly what changed."""

import pytest
from PySide6.QtCore import QObject, Qt

from ui.inspector.table import Cell, Row, RowsModel, inserted_above


def row(key: int, text: str = "") -> Row:
    return Row(key, (Cell(text=str(key)), Cell(text=text, right=True)))


class Told:
    """Notes what a model tells its views."""

    def __init__(self, model: RowsModel) -> None:
        self.said: list[tuple[object, ...]] = []
        model.modelReset.connect(self._on_reset)
        model.rowsInserted.connect(self._on_inserted)
        model.rowsRemoved.connect(self._on_removed)
        model.dataChanged.connect(self._on_changed)

    def _on_reset(self) -> None:
        self.said.append(("reset",))

    def _on_inserted(self, _: object, first: int, last: int) -> None:
        self.said.append(("in", first, last))

    def _on_removed(self, _: object, first: int, last: int) -> None:
        self.said.append(("out", first, last))

    def _on_changed(self, first: object, last: object) -> None:
        self.said.append(("changed", first.row(), first.column(), last.column()))  # type: ignore[attr-defined]  # Qt hands over QModelIndex


@pytest.fixture
def model() -> tuple[RowsModel, Told]:
    parent = QObject()
    made = RowsModel(2, parent)
    made.setProperty("kept", parent)
    made.setParent(None)
    made.show([row(3), row(2), row(1)])
    return made, Told(made)


def test_that_the_same_rows_again_say_nothing(model: tuple[RowsModel, Told]) -> None:
    rows, told = model
    rows.show([row(3), row(2), row(1)])
    assert told.said == []


def test_that_only_the_cell_that_differs_is_told(model: tuple[RowsModel, Told]) -> None:
    rows, told = model
    rows.show([row(3), row(2, "4.5 s"), row(1)])
    assert told.said == [("changed", 1, 1, 1)]


def test_that_new_rows_come_in_above_and_old_ones_leave_below(model: tuple[RowsModel, Told]) -> None:
    rows, told = model
    rows.show([row(5), row(4), row(3), row(2)])
    assert told.said == [("in", 0, 1), ("out", 4, 4)]
    assert [r.key for r in rows.rows] == [5, 4, 3, 2]


def test_that_other_rows_altogether_are_a_reset(model: tuple[RowsModel, Told]) -> None:
    rows, told = model
    rows.show([row(9)])
    assert told.said == [("reset",)]


@pytest.mark.parametrize(
    ("old", "new", "above"),
    [
        ([3, 2], [3, 2], 0),
        ([3, 2], [4, 3, 2], 1),
        ([3, 2, 1], [4, 3], 1),
        ([3, 2], [2], None),
        ([3, 2], [3, 1], None),
        ([], [1], None),
        ([1], [], None),
    ],
)
def test_that_insertion_above_is_recognised(old: list[int], new: list[int], above: int | None) -> None:
    assert inserted_above([row(k) for k in old], [row(k) for k in new]) == above


def test_that_figures_and_their_heads_stand_right(model: tuple[RowsModel, Told]) -> None:
    rows, _ = model
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    rows.set_heads(("Signal", "Value"))
    assert rows.data(rows.index(0, 1), Qt.ItemDataRole.TextAlignmentRole) == right
    assert rows.headerData(1, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole) == right
    assert rows.headerData(1, Qt.Orientation.Horizontal) == "Value"
