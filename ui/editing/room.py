"""Edit mode within the hall panel: band, tools, fields and library put around the view, and the draft as the view draws it. Not for commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from twin_app.assets import model_file
from twin_app.editing.ways import seen_of
from twin_app.shapes.fit import PIVOTS, UP_AXES
from ui.editing.band import EditBand
from ui.editing.floor import FloorTool
from ui.editing.properties import Properties
from ui.editing.shelf import Shelf
from ui.scene3d.scene import SceneLink, SceneUnit

if TYPE_CHECKING:
    from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

    from twin_app.editing import Draft
    from ui.context import Context
    from ui.scene3d.view import SceneView


class EditRoom(QObject):
    """What is seen of edit mode; made with the view, shown while something is edited."""

    def __init__(self, panel: QWidget, context: Context, view: SceneView, column: QVBoxLayout, row: QHBoxLayout) -> None:
        """Stand around a view: the band at the top of `column` and the library at its foot, the fields at the end of `row`."""
        super().__init__(panel)
        self._context, self._view = context, view
        self._drawn: object = None
        self.floor = FloorTool(view, context.editing, context.theme)
        self.band = EditBand(context.editing, context.commands, context.theme, panel)
        self._panel, self._row = panel, row
        self.fields = self._made_fields(panel)
        self.shelf = Shelf(view, self.floor, context.theme, panel)
        column.insertWidget(0, self.band)
        column.addWidget(self.shelf)
        context.editing.turned.connect(self.floor.turn)
        context.editing.chosen_changed.connect(self._on_chosen_changed)
        context.selection.unit_changed.connect(self._on_unit_changed)
        self.show(on=context.editing.draft is not None)

    def _made_fields(self, panel: QWidget) -> Properties:
        """Return the fields, worded in the current language, at the end of the row."""
        fields = Properties(self._context.editing, panel)
        fields.wanted.connect(self._view.guide.fly_to)
        self._row.addWidget(fields)
        return fields

    def show(self, *, on: bool) -> None:
        """Show edit mode, or the hall alone."""
        self._drawn = None
        for widget in (self.band, self.fields, self.shelf):
            widget.setVisible(on)
        if on:
            self.band.refresh()
            self.fields.refresh()

    def retranslate(self) -> None:
        """Word what is not worded with every change."""
        before, shown = self.fields, not self.fields.isHidden()
        self.fields = self._made_fields(self._panel)
        before.hide()
        before.deleteLater()
        self.fields.setVisible(shown)
        self.fields.refresh()
        self.band.refresh()
        self.shelf.retranslate()

    def draw(self, draft: Draft, *, home: bool = False) -> bool:
        """Have the view draw what stands in the hall by the draft; return whether it is another picture. `home`: see all of it."""
        units = tuple(_drawn(draft, i) for i in range(len(draft.outline.units)))
        keys = {unit.id: unit.key for unit in reversed(draft.outline.units)}
        links = tuple(
            SceneLink(unit.key, keys[to])
            for unit in draft.outline.units
            for to in dict.fromkeys(unit.feeds)
            if to in keys and keys[to] != unit.key
        )
        aisles, fences = seen_of(draft.data)
        drawn = (units, links, draft.outline.title, aisles, fences)
        if drawn == self._drawn:
            return False
        self._drawn = drawn
        self._view.set_scene(units, links, draft.outline.title, aisles=aisles, fences=fences, keep_eye=not home)
        self.floor.refresh()
        return True

    def _on_chosen_changed(self) -> None:
        """Let the rest of the window look at what is chosen, where it knows of it."""
        first = self._context.editing.first
        if first is not None and first.id == first.key:
            self._context.selection.select(first.id)

    def _on_unit_changed(self, unit: str) -> None:
        """Choose what was selected elsewhere."""
        desk = self._context.editing
        if unit and unit not in desk.chosen:
            desk.choose([unit])


def _drawn(draft: Draft, number: int) -> SceneUnit:
    """Return a unit of a draft as the view draws it."""
    unit, table = draft.outline.units[number], draft.data["unit"][number]
    up, count, pivot = table.get("model_up"), table.get("unit_of_count"), table.get("model_pivot")
    point = isinstance(pivot, list) and len(pivot) == 3 and all(isinstance(each, (int, float)) for each in pivot)  # noqa: PLR2004 - x, y, z
    return SceneUnit(
        unit_id=unit.key, title=unit.title, machine_type=unit.type, model_file=model_file(draft.path, unit.model) if _inside(unit.model) else None,
        scale=unit.model_scale if unit.model_scale > 0 else 1.0, x_m=unit.x_m, y_m=unit.y_m, z_m=unit.z_m, heading_deg=unit.heading_deg,
        up=up if up in UP_AXES else "", pivot=tuple(pivot) if point else pivot if pivot in PIVOTS else "origin", unit_of_count=count if isinstance(count, str) else "",
    )  # fmt: skip


def _inside(model: str) -> bool:
    """Tell whether a model's name may be followed: relative, and staying in the layout's folder, as the layout's own reader demands."""
    return bool(model) and not model.startswith(("/", "\\")) and ":" not in model and ".." not in model.replace("\\", "/").split("/")
