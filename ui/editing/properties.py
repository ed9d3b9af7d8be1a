"""The property panel in edit mode: the fields of what is chosen, or of the line, each with what is wrong with it, and all findings. Not the tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from twin_app.editing.outline import tables
from twin_app.editing.ways import FENCE
from twin_app.machines import MACHINE_TYPES
from twin_app.text import tr
from ui.editing.fields import Choice, Field, Measure, Words
from ui.editing.flow_list import FlowList
from ui.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin_app.editing import Draft, OutlineUnit
    from twin_app.editing.ways import Way
    from twin_app.layout import Finding
    from ui.editing.desk import EditDesk

WIDTH_PX = 276
_LISTED = 12


class Properties(QScrollArea):
    """Right of the hall.

    Signals:
        wanted(str): a person wants to see a unit, its key.
    """

    wanted = Signal(str)

    def __init__(self, desk: EditDesk, parent: QWidget) -> None:
        """Serve a desk."""
        super().__init__(parent)
        self._desk = desk
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedWidth(WIDTH_PX)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = self._page = QWidget(self)
        self.setWidget(page)
        self._layout = QVBoxLayout(page)
        self._layout.setContentsMargins(12, 8, 12, 12)
        self._layout.setSpacing(8)
        self._cycles: dict[str, tuple[int, Field]] = {}
        self._make_head(page)
        self._make_fields(page)
        self._make_foot(page)
        desk.changed.connect(self.refresh)
        desk.chosen_changed.connect(self.refresh)

    def _make_head(self, page: QWidget) -> None:
        """Make what says which units are meant."""
        self.title, self.under = QLabel(page), QLabel(page)
        set_role(self.title, "heading")
        set_role(self.under, "small")
        for label in (self.title, self.under):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._layout.addWidget(label)

    def _make_fields(self, page: QWidget) -> None:
        """Make the fields of a unit and those of the line."""
        metres, degrees = " m", "°"
        name, kind, model, constraint = Words(page), Choice(page), Words(page), Choice(page)
        line_title = Words(page)
        self.fields = {
            "line.title": Field(tr("Name of the line"), line_title, page),
            "line.constraint": Field(tr("Sets the pace (constraint)"), constraint, page),
            "way.name": Field(tr("Name of the aisle"), Words(page), page),
            "way.width_m": Field(tr("Width"), Measure(metres, page, step=0.5, decimals=3), page),
            "way.closed": Field(tr("Goes on from its last point to the first"), Choice(page), page),
            "title": Field(tr("Name of the machine"), name, page),
            "type": Field(tr("Machine type"), kind, page),
            "x_m": Field(tr("Along the hall, x"), Measure(metres, page, step=0.5, decimals=3), page),
            "y_m": Field(tr("Across the hall, y"), Measure(metres, page, step=0.5, decimals=3), page),
            "z_m": Field(tr("Height, z"), Measure(metres, page, step=0.1, decimals=3), page),
            "heading_deg": Field(tr("Heading"), Measure(degrees, page, step=15.0, decimals=1), page),
            "model": Field(tr("Model of your own (file beside the layout)"), model, page),
        }
        grid = QGridLayout()
        grid.setSpacing(8)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        places = {"x_m": (0, 0), "y_m": (0, 1), "z_m": (1, 0), "heading_deg": (1, 1)}
        for key, field in self.fields.items():
            if key in places:
                grid.addWidget(field, *places[key], Qt.AlignmentFlag.AlignTop)
            else:
                self._layout.addWidget(field)
            field.editor.setProperty("key", key)
            editor = field.editor
            assert isinstance(editor, Words | Choice | Measure)  # noqa: S101 - made above
            editor.entered.connect(self._on_entered)
            if key == "type":
                self._layout.addLayout(grid)
        self._of_cycles = QVBoxLayout()
        self._of_cycles.setSpacing(8)
        self._layout.addLayout(self._of_cycles)
        self.flow = FlowList(page)
        self.fields["feeds"] = Field(tr("Feeds"), self.flow, page)
        self.flow.joined.connect(self._on_joined)
        self.flow.parted.connect(self._on_parted)
        self.flow.sized.connect(self._on_sized)
        self._layout.addWidget(self.fields["feeds"])

    def _make_foot(self, page: QWidget) -> None:
        """Make the list of all findings, and what else there is to know."""
        self._found = QLabel(page)
        set_role(self._found, "bold")
        self._layout.addWidget(self._found)
        self._of_findings = QVBoxLayout()
        self._of_findings.setSpacing(2)
        self._layout.addLayout(self._of_findings)
        self.findings: list[QToolButton | QLabel] = []
        self._remarks = QLabel(page)
        set_role(self._remarks, "small")
        self._remarks.setWordWrap(True)
        self._remarks.setTextFormat(Qt.TextFormat.PlainText)
        self._layout.addWidget(self._remarks)
        self._layout.addStretch()

    # -- showing ------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what is chosen as the draft has it now."""
        draft, units = self._desk.draft, self._desk.chosen_units()
        if draft is None:
            return
        single = units[0] if len(units) == 1 else None
        way = self._desk.way
        shown = self._fields_of(way) if way is not None else None
        for key, field in self.fields.items():
            if key.startswith("way.") or shown is not None:
                field.setVisible(shown is not None and key in shown)
                continue
            of_line = key.startswith("line.")
            needs_one = key in {"title", "feeds"}
            field.setVisible(of_line if not units else not of_line and (single is not None or not needs_one))
        self._show_head(draft, units)
        if way is not None:
            self._show_way(draft, way)
        elif units:
            self._show_units(draft, units)
        else:
            self._show_line(draft)
        self._show_cycles(draft, units)
        self._show_findings(draft)
        self._show_remarks(draft, units)

    def _show_head(self, draft: Draft, units: Sequence[OutlineUnit]) -> None:
        """Say what the fields are about."""
        if (way := self._desk.way) is not None:
            self.title.setText(way.name or (tr("Fence") if way.kind == FENCE else tr("Aisle")))
            self.under.setText(
                tr("Drag its points; one of the small ones makes a further point, a double click takes one out. Del deletes it.")
            )
        elif not units:
            self.title.setText(draft.outline.title or draft.path.name)
            n = len(draft.outline.units)
            begin = tr("The line has no machine yet. The first one sets its pace, until you choose another.")
            self.under.setText(tr("The line; {n} machines. Choose a machine to see its fields.", n=n) if n else begin)
        elif len(units) == 1:
            self.title.setText(units[0].title or units[0].key)
            self.under.setText(tr("id {id}, part of every signal's name", id=units[0].id or "?"))
        else:
            self.title.setText(tr("{n} machines", n=len(units)))
            self.under.setText(tr("A field that is changed is changed in all of them."))

    def _show_line(self, draft: Draft) -> None:
        """Show the fields of the line."""
        line = draft.data.get("line")
        given = line if isinstance(line, dict) else {}
        self._words("line.title").show_value(str(given.get("title", "")), str(given.get("id", "")))
        choices = {unit.id: unit.title for unit in draft.outline.units if unit.id}
        constraint = self.fields["line.constraint"].editor
        assert isinstance(constraint, Choice)  # noqa: S101 - made so
        lost = tr("{id} (is not there)", id=draft.outline.constraint) if draft.outline.constraint else tr("none yet")
        constraint.show_choices(choices, draft.outline.constraint, lost)
        for key in ("title", "constraint"):
            self.fields[f"line.{key}"].show_findings(draft.findings_at("line", key))

    @staticmethod
    def _fields_of(way: Way) -> frozenset[str]:
        """Return the fields that an aisle or a fence has."""
        if way.kind == FENCE:
            return frozenset({"way.closed"})
        return frozenset({"way.name", "way.width_m"} if way.form == "line" else {"way.name"})

    def _show_way(self, draft: Draft, way: Way) -> None:
        """Show the fields of an aisle or a fence."""
        self._words("way.name").show_value(way.name, "")
        width, closed = self.fields["way.width_m"].editor, self.fields["way.closed"].editor
        assert isinstance(width, Measure)  # noqa: S101 - made so
        assert isinstance(closed, Choice)  # noqa: S101 - made so
        width.show_value(way.width_m)
        closed.show_choices({"true": tr("yes"), "false": tr("no")}, "true" if way.closed else "false", "")
        for key in self._fields_of(way):
            self.fields[key].show_findings(draft.findings_at(way.kind, way.index, key.removeprefix("way.")))

    def _show_units(self, draft: Draft, units: Sequence[OutlineUnit]) -> None:
        """Show the fields of the chosen units; where they differ, no value."""
        tables_of = [draft.data["unit"][unit.index] for unit in units]
        if len(units) == 1:
            self._words("title").show_value(str(tables_of[0].get("title", "")), units[0].id)
            self.flow.show_unit(draft, units[0])
        for key in ("x_m", "y_m", "z_m", "heading_deg"):
            editor = self.fields[key].editor
            assert isinstance(editor, Measure)  # noqa: S101 - made so
            values = {getattr(unit, key) for unit in units}
            editor.show_value(values.pop() if len(values) == 1 else None)
        kinds = {unit.type for unit in units}
        kind = self.fields["type"].editor
        assert isinstance(kind, Choice)  # noqa: S101 - made so
        known = {one.key: tr(one.title) for one in sorted(MACHINE_TYPES, key=lambda one: tr(one.title))}
        kind.show_choices(known, kinds.pop() if len(kinds) == 1 else "", tr("several") if len(units) > 1 else "")
        models = {unit.model for unit in units}
        self._words("model").show_value(models.pop() if len(models) == 1 else "", tr("the machine type's") if len(units) == 1 else "")
        for key in ("title", "type", "x_m", "y_m", "z_m", "heading_deg", "model", "feeds"):
            self.fields[key].show_findings([found for unit in units for found in draft.findings_at("unit", unit.index, key)])

    def _show_cycles(self, draft: Draft, units: Sequence[OutlineUnit]) -> None:
        """Show the ideal cycle of the one chosen unit for each product."""
        products = [product for product in draft.outline.products if product] if len(units) == 1 and units[0].id else []
        if list(self._cycles) != products:
            for _, field in self._cycles.values():
                field.hide()
                field.deleteLater()
            self._cycles = {}
            for name in products:
                number = draft.outline.products.index(name)
                editor = Measure(" s", self._page, step=0.1, decimals=3, known=False)
                editor.setProperty("product", number)
                editor.entered.connect(self._on_cycle_entered)
                field = Field(tr("Ideal cycle for {product}, per count", product=name), editor, self._page)
                self._cycles[name] = number, field
                self._of_cycles.addWidget(field)
        for number, field in self._cycles.values():
            cycles = tables(draft.data.get("product"))[number].get("ideal_cycle_s")
            value = cycles.get(units[0].id) if isinstance(cycles, dict) else None
            editor_of = field.editor
            assert isinstance(editor_of, Measure)  # noqa: S101 - made so
            editor_of.show_value(float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None)
            field.show_findings(draft.findings_at("product", number, "ideal_cycle_s", units[0].id))

    def _show_findings(self, draft: Draft) -> None:
        """List everything that is wrong, a click leads there."""
        for row in self.findings:
            row.hide()
            row.deleteLater()
        self.findings = []
        self._found.setText(draft.told())
        self._found.setVisible(bool(draft.findings))
        for finding in draft.findings[:_LISTED]:
            row = QLabel(finding.sentence, self._page)
            row.setWordWrap(True)
            row.setTextFormat(Qt.TextFormat.PlainText)
            set_role(row, "small")
            row.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            self._of_findings.addWidget(row)
            self.findings.append(row)
            if key := self._unit_of(draft, finding):
                button = QToolButton(self._page)
                button.setText(tr("Show {unit}", unit=key))
                button.setProperty("key", key)
                button.clicked.connect(self._on_finding_clicked)
                self._of_findings.addWidget(button)
                self.findings.append(button)

    @staticmethod
    def _unit_of(draft: Draft, finding: Finding) -> str:
        """Return the key of the unit that a finding is about, empty where it is about none."""
        path = finding.path
        if len(path) > 1 and path[0] == "unit" and isinstance(path[1], int) and path[1] < len(draft.outline.units):
            return draft.outline.units[path[1]].key
        return ""

    def _show_remarks(self, draft: Draft, units: Sequence[OutlineUnit]) -> None:
        """Say what is allowed and yet costs something; of a chosen unit what is said of it."""
        ids = [unit.id for unit in units]
        rows = [remark for remark in draft.remarks if not ids or any(f" {one}" in remark for one in ids if one)]
        self._remarks.setText("\n".join(rows[:_LISTED]))
        self._remarks.setVisible(bool(rows))

    def _words(self, key: str) -> Words:
        """Return a field that takes text."""
        editor = self.fields[key].editor
        assert isinstance(editor, Words)  # noqa: S101 - made so
        return editor

    # -- what a person gives ------------------------------------------------------------------------------------

    def _on_entered(self, value: object) -> None:
        """A field has another value: an empty text is none."""
        editor = self.sender()
        if not isinstance(editor, QWidget):
            return
        key, given = str(editor.property("key")), None if value == "" else value
        way = self._desk.way
        if key.startswith("way.") and way is not None:
            told = value == "true" if key == "way.closed" else given
            self._desk.set_value((way.kind, way.index, key.removeprefix("way.")), told, after=("name", "line"))
        elif key.startswith("line."):
            self._desk.set_value(("line", key.removeprefix("line.")), given)
        elif not (key == "type" and given is None):
            self._desk.set_field(key, given)

    def _on_cycle_entered(self, value: object) -> None:
        """An ideal cycle is another."""
        editor, unit = self.sender(), self._desk.first
        if unit is not None:
            self._desk.set_value(("product", int(editor.property("product")), "ideal_cycle_s", unit.id), value)

    def _on_joined(self, key: str) -> None:
        """The unit is to feed another."""
        if (unit := self._desk.first) is not None:
            self._desk.connect_flow(unit.key, key)

    def _on_parted(self, unit_id: str) -> None:
        """The unit is to feed another no longer."""
        unit = self._desk.first
        if unit is not None and unit_id in unit.feeds:
            self._desk.disconnect_flow(unit.key, unit_id)

    def _on_sized(self, row: int, value: object) -> None:
        """A buffer holds something else."""
        if (unit := self._desk.first) is not None:
            self._desk.set_value(("unit", unit.index, "feeds", row, "buffer_capacity"), value)

    def _on_finding_clicked(self) -> None:
        """Show the unit that a finding is about."""
        if (button := self.sender()) is not None:
            self._desk.choose([str(button.property("key"))])
            self.wanted.emit(str(button.property("key")))
