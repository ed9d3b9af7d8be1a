"""Where the hall is edited: the draft, what is chosen of it, and every change by its name, with rights and refusals. Not for widgets."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from twin_app.editing import Draft, units, ways
from twin_app.editing.units import Place
from twin_app.editing.values import with_value, without_value
from twin_app.errors import LayoutError, UsageError
from twin_app.machines import machine_type
from twin_app.persons.access import Right
from twin_app.text import N_, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from twin_app.editing import Outline, OutlineUnit
    from twin_app.editing.ways import Point, Way
    from ui.station import Station


class EditDesk(QObject):
    """Handed to every panel; only the hall makes use of it.

    Signals:
        begun(): a layout is being edited.
        ended(): none is any more.
        changed(): the draft says something else, or was saved.
        chosen_changed(): other units are chosen.
        saved(): the draft was written to its file.
        drawing_wanted(str): an aisle or a fence is to be drawn.
        turned(float): what is held or chosen is to be turned, degrees counter-clockwise.
        conflicted(): the file is another than was read, while there is something unsaved.
    """

    begun = Signal()
    ended = Signal()
    changed = Signal()
    chosen_changed = Signal()
    saved = Signal()
    conflicted = Signal()
    turned = Signal(float)
    drawing_wanted = Signal(str)

    def __init__(self, station: Station, parent: QObject | None = None) -> None:
        """Edit nothing yet; `station` knows who may, and tells what was refused."""
        super().__init__(parent)
        self._station = station
        self.draft: Draft | None = None
        self.chosen: tuple[str, ...] = ()
        """Keys of the chosen units, the one whose fields are shown last."""
        self._way = ""

    @property
    def outline(self) -> Outline | None:
        """What stands in the hall by the draft."""
        return self.draft.outline if self.draft else None

    @property
    def first(self) -> OutlineUnit | None:
        """The unit that was chosen last."""
        return self.draft.outline.unit(self.chosen[-1]) if self.draft and self.chosen else None

    @property
    def ways(self) -> tuple[Way, ...]:
        """The aisles and fences of the draft."""
        return ways.ways_of(self.draft.data) if self.draft else ()

    @property
    def way(self) -> Way | None:
        """The aisle or fence that is chosen; then no unit is."""
        return next((way for way in self.ways if way.key == self._way), None) if self._way else None

    def chosen_units(self) -> tuple[OutlineUnit, ...]:
        """Return the chosen units."""
        found = (self.draft.outline.unit(key) for key in self.chosen) if self.draft else ()
        return tuple(unit for unit in found if unit is not None)

    def refusal(self) -> str:
        """Return why whoever is signed on may not edit, worded; empty where they may."""
        return self._station.refusal(Right.LAYOUT)

    # -- beginning and ending -----------------------------------------------------------------------------------

    def begin(self, path: Path) -> bool:
        """Edit a layout's file; return whether it is being edited. Why not is told."""
        if refused := self.refusal():
            self._station.tell(UsageError(refused))
            return False
        try:
            self.draft = Draft(path)
        except LayoutError as error:
            self._station.tell(error)
            return False
        self.chosen, self._way = (), ""
        self.begun.emit()
        return True

    def end(self) -> None:
        """Edit nothing any more; what was not saved is gone."""
        if self.draft is not None:
            self.draft, self.chosen, self._way = None, (), ""
            self.ended.emit()

    def save(self) -> bool:
        """Write the draft to its file; return whether it was. Why not is told."""
        draft = self.draft
        if draft is None or not self._may():
            return False
        try:
            draft.save()
        except LayoutError as error:
            if draft.overtaken and not draft.findings:
                self.conflicted.emit()
            else:
                self._station.tell(error)
            return False
        self.changed.emit()
        self.saved.emit()
        return True

    def look(self) -> None:
        """Take up what somebody else saved; where something of one's own is unsaved, a person is asked."""
        draft = self.draft
        if draft is None or not draft.overtaken or draft.half_written:
            return
        if draft.dirty:
            self.conflicted.emit()
        else:
            self.take_theirs()

    def take_theirs(self) -> None:
        """Read the file again; what was not saved is gone. A file that cannot be edited leaves the draft as it is."""
        if self.draft is not None:
            try:
                self.draft.reload()
            except LayoutError:  # said already by who watches the file
                return
            self._keep_chosen()
            self.changed.emit()

    def keep_both(self) -> Path | None:
        """Write the draft beside its file and take up what is in the file; return where the draft is."""
        if self.draft is None:
            return None
        try:
            beside = self.draft.save_beside()
        except LayoutError as error:
            self._station.tell(error)
            return None
        self.take_theirs()
        return beside

    # -- choosing -----------------------------------------------------------------------------------------------

    def choose(self, keys: Sequence[str]) -> None:
        """Choose units; the last one's fields are shown."""
        known = {unit.key for unit in self.outline.units} if self.outline else set()
        self._choose(tuple(key for key in dict.fromkeys(keys) if key in known), "")

    def choose_way(self, key: str) -> None:
        """Choose an aisle or a fence, and no unit any more; empty: none."""
        self._choose(() if key else self.chosen, key)

    def _choose(self, keys: tuple[str, ...], way: str) -> None:
        """Choose something else, and say so."""
        if (keys, way) != (self.chosen, self._way):
            self.chosen, self._way = keys, way
            self.chosen_changed.emit()

    def toggle(self, key: str) -> None:
        """Choose one more unit, or no longer."""
        self.choose([other for other in self.chosen if other != key] if key in self.chosen else [*self.chosen, key])

    def _keep_chosen(self) -> None:
        """Choose no longer what is not there any more."""
        if self.way is None:
            self.choose(self.chosen)

    # -- changing -----------------------------------------------------------------------------------------------

    def place(self, places: Mapping[str, Place], label: str = N_("Move")) -> None:
        """Put units elsewhere."""
        self._change(label, lambda draft: units.placed(draft.text, draft.outline, places))

    def turn(self, by_deg: float) -> None:
        """Turn the chosen units, several about their common middle."""
        found = self.chosen_units()
        if not found:
            return
        x = sum(unit.x_m for unit in found) / len(found)
        y = sum(unit.y_m for unit in found) / len(found)
        self.place({unit.key: turned_about(unit, (x, y), by_deg) for unit in found}, N_("Rotate"))

    def add(self, kind: str, place: Place) -> None:
        """Add a unit of a machine type and choose it."""
        made: list[str] = []

        def added(draft: Draft) -> str:
            source = draft.outline.sources[0] if len(draft.outline.sources) > 1 else ""
            text, unit = units.added(draft.text, draft.outline, kind, place, like=id_like(kind), source=source)
            made.append(unit)
            return text

        if self._change(N_("Add a machine"), added):
            self.choose(made)

    def connect_flow(self, source: str, target: str) -> None:
        """Let one unit feed another."""
        self._change(N_("Connect flow"), lambda draft: units.connected(draft.text, draft.outline, source, target))

    def disconnect_flow(self, source: str, target: str) -> None:
        """Let one unit feed another no longer."""
        self._change(N_("Disconnect flow"), lambda draft: units.disconnected(draft.text, draft.outline, source, target))

    def delete(self) -> None:
        """Take out what is chosen."""
        chosen, way = self.chosen, self.way
        if way is not None:
            self._change(N_("Delete"), lambda draft: ways.deleted(draft.text, way))
            self.choose_way("")
        elif chosen:
            self._change(N_("Delete"), lambda draft: units.deleted(draft.text, draft.outline, chosen))
            self._keep_chosen()

    def duplicate(self) -> None:
        """Put copies beside the chosen units, and choose those."""
        chosen, made = self.chosen, list[str]()

        def copied(draft: Draft) -> str:
            text, fresh = units.duplicated(draft.text, draft.outline, chosen)
            made.extend(fresh)
            return text

        if chosen and self._change(N_("Duplicate"), copied):
            self.choose(made)

    def draw_way(self, kind: str, points: Sequence[Point], *, closed: bool = False) -> None:
        """Add an aisle or a fence along some points, and choose it."""
        label = N_("Draw an aisle") if kind == ways.AISLE else N_("Draw a fence")
        name = tr("Aisle {n}", n=1 + sum(way.kind == kind for way in self.ways))
        if self._change(label, lambda draft: ways.drawn(draft.text, kind, points, name=name, closed=closed)):
            self.choose_way([way.key for way in self.ways if way.kind == kind][-1])

    def reshape_way(self, points: Sequence[Point], label: str = N_("Move")) -> None:
        """Put the chosen aisle or fence along other points."""
        way = self.way
        if way is not None:
            self._change(label, lambda draft: ways.reshaped(draft.text, way, ways.sound(points)))

    def set_field(self, name: str, value: object) -> None:
        """Set a key of every chosen unit; None takes it out."""

        def changed(draft: Draft) -> str:
            return units.with_field(draft.text, self.chosen_units(), name, value)

        self._change(N_("Change a field"), changed)

    def set_value(self, path: tuple[str | int, ...], value: object, *, after: tuple[str, ...] = ("id",)) -> None:
        """Set a value elsewhere in the layout; None takes it out."""
        self._change(
            N_("Change a field"),
            lambda draft: without_value(draft.text, path) if value is None else with_value(draft.text, path, value, after=after),
        )

    def undo(self) -> None:
        """Take the last step back."""
        if self.draft is not None and self.draft.undoable and self._may():
            self.draft.undo()
            self._keep_chosen()
            self.changed.emit()

    def redo(self) -> None:
        """Take the next step again."""
        if self.draft is not None and self.draft.redoable and self._may():
            self.draft.redo()
            self._keep_chosen()
            self.changed.emit()

    def _change(self, label: str, make: Callable[[Draft], str]) -> bool:
        """Take one step, if whoever is signed on may; return whether something is different then."""
        if self.draft is None or not self._may():
            return False
        try:
            different = self.draft.change(label, make(self.draft))
        except (LayoutError, KeyError) as error:
            told = error if isinstance(error, LayoutError) else LayoutError(
                N_("The layout is written in a way in which this cannot be changed: {reason}."), reason=error
            )  # fmt: skip
            self._station.tell(told)
            different = False
        self.changed.emit()  # even so: a field shows what holds
        return different

    def _may(self) -> bool:
        """Tell whether whoever is signed on may edit; where not, say so."""
        refused = self.refusal()
        if refused:
            self._station.tell(UsageError(refused))
        return not refused


def id_like(kind: str) -> str:
    """Return what ids of a machine type are like: its title where that is one word, else its key as one (`cnc_mill`: `CncMill`)."""
    title = machine_type(kind).title
    return title if title.isalpha() else "".join(part.capitalize() for part in kind.rstrip("0123456789").split("_"))


def turned_about(unit: OutlineUnit, middle: tuple[float, float], by_deg: float) -> Place:
    """Return where a unit stands after a turn about a point: metres, degrees counter-clockwise."""
    c, s = math.cos(math.radians(by_deg)), math.sin(math.radians(by_deg))
    dx, dy = unit.x_m - middle[0], unit.y_m - middle[1]
    heading = units.turned(unit.heading_deg, by_deg)
    return Place(round(middle[0] + c * dx - s * dy, 3), round(middle[1] + s * dx + c * dy, 3), heading)
