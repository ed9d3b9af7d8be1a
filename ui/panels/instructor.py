"""The instructor's desk of a simulated line: run, freeze, step, speed, snapshots, malfunctions. Calm and empty for any other line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from twin_app.clock import SECOND_NS
from twin_app.text import N_, duration, tr
from ui.panels.base import Panel
from ui.theme import set_role
from ui.words import speed_word

if TYPE_CHECKING:
    from twin_app.model.frame import Frame
    from twin_app.model.instructor import Instructor, RunStatus
    from ui.context import Context, LineView

SPEEDS = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
KIND_WORDS = {
    "stop": N_("Stop"), "short_stops": N_("Short stops"), "cycle_drift": N_("Gets slower"), "quality_drift": N_("More and more scrap"),
    "buffer_jam": N_("Jam before the unit"), "supply_shortage": N_("No material"), "agv_lost": N_("Vehicle lost"),
    "energy_rise": N_("Takes more power"), "sensor_freeze": N_("Data: sensor frozen"), "sensor_bias": N_("Data: sensor shows too much"),
    "sensor_noise": N_("Data: sensor noisy"), "sensor_dropout": N_("Data: sensor silent"), "communication_loss": N_("Data: no connection"),
    "duplicate_messages": N_("Data: messages twice"), "late_messages": N_("Data: messages late"),
    "out_of_order_messages": N_("Data: messages out of order"), "clock_skew": N_("Data: clock ahead"), "wrong_state": N_("Data: wrong state"),
    "alarm_burst": N_("Data: burst of alarms"),
}  # fmt: skip
"""What a malfunction is called; those of data leave the machine well."""
SIZE_WORDS = {
    "short_stops": (1.0, N_(" s apart")), "cycle_drift": (100.0, N_(" % in an hour")), "quality_drift": (100.0, N_(" % in an hour")),
    "energy_rise": (100.0, " %"), "sensor_bias": (1.0, ""), "sensor_noise": (1.0, ""), "duplicate_messages": (100.0, " %"),
    "late_messages": (1.0, " s"), "out_of_order_messages": (1.0, " s"), "clock_skew": (1.0, " s"), "alarm_burst": (1.0, N_(" in a minute")),
}  # fmt: skip
"""How the size of a malfunction is written: how many of what is shown are one of its own unit, and what stands behind them."""
LARGEST = 100_000.0
SHORTEST_LIST_PX = 48


class InstructorPanel(Panel):
    """Buttons above, what is wrong at the moment below. Everything acts at once and is told by the line itself."""

    key = "instructor"
    title = N_("Instructor")

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        """Build the desk; it works once a simulated line is open."""
        super().__init__(context, parent)
        self.buttons = {key: QPushButton(self) for key in ("run", "freeze", "step", "snapshot", "back_track", "trigger", "clear")}
        self.speed, self.snapshots, self.kinds, self.units = (QComboBox(self) for _ in range(4))
        self.size_box = QDoubleSpinBox(self)
        self.size_box.setRange(-LARGEST, LARGEST)
        self.size_box.setDecimals(1)
        policy = self.size_box.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # the button beside it stays where it is
        self.size_box.setSizePolicy(policy)
        self.active = QListWidget(self)
        self.remark = QLabel(self)
        self.remark.setWordWrap(True)
        set_role(self.remark, "dim")
        self._shown: RunStatus | None = None
        self._lay_out()
        for key, button in self.buttons.items():
            button.clicked.connect(getattr(self, f"_on_{key}_clicked"))
        self.speed.activated.connect(self._on_speed_activated)
        self.kinds.currentIndexChanged.connect(self._on_kind_changed)
        context.selection.unit_changed.connect(self._on_unit_changed)
        self.retranslate()

    @property
    def _instructor(self) -> Instructor | None:
        return self.view.instructor if self.view else None

    @override
    def open_line(self, view: LineView | None) -> None:
        super().open_line(view)
        self._shown = None
        self.active.clear()
        self.snapshots.clear()
        self._fill()

    @override
    def show_frame(self, frame: Frame) -> None:
        instructor = self._instructor
        if instructor is not None:
            self._show(instructor.status())

    @override
    def retranslate(self) -> None:
        words = {
            "run": tr("Run"), "freeze": tr("Freeze"), "step": tr("Step"), "snapshot": tr("Snapshot"), "back_track": tr("Back-track"),
            "trigger": tr("Trigger"), "clear": tr("Clear"),
        }  # fmt: skip
        tips = {
            "freeze": tr("Stop time on the simulated line"), "step": tr("Go on to the next thing that happens"),
            "back_track": tr("Put the line back to how it was; the clock goes on, and what was recorded stays"),
        }  # fmt: skip
        for key, button in self.buttons.items():
            button.setText(words[key])
            button.setToolTip(tips.get(key, ""))
        for part, name in (
            (self.speed, tr("Speed")), (self.snapshots, tr("Kept snapshots")), (self.kinds, tr("Malfunction")), (self.units, tr("Unit")),
            (self.size_box, tr("Size")), (self.active, tr("Malfunctions at work")),
        ):  # fmt: skip
            part.setAccessibleName(name)
        self._shown = None
        self._fill()
        if self.frame is not None:
            self.show_frame(self.frame)

    def _lay_out(self) -> None:
        """Put everything in its place."""
        grid = QGridLayout()
        rows: tuple[tuple[QWidget, ...], ...] = (
            (self.buttons["run"], self.buttons["freeze"], self.buttons["step"], self.speed),
            (self.buttons["snapshot"], self.snapshots, self.buttons["back_track"]),
            (self.kinds, self.units),
            (self.size_box, self.buttons["trigger"], self.buttons["clear"]),
        )
        for number, row in enumerate(rows):
            line = QHBoxLayout()
            for widget in row:
                line.addWidget(widget, 1)
            grid.addLayout(line, number, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addLayout(grid)
        layout.addWidget(self.remark)
        self.active.setMinimumHeight(SHORTEST_LIST_PX)
        layout.addWidget(self.active, 1)

    def _fill(self) -> None:
        """Offer speeds, malfunctions and units anew, and let the desk work only where there is a line to instruct."""
        instructor = self._instructor
        kind = self.kinds.currentData()
        for box in (self.speed, self.kinds):
            box.clear()
        for speed in SPEEDS:
            self.speed.addItem(speed_word(speed), speed)
        for one in instructor.kinds if instructor else ():
            self.kinds.addItem(tr(KIND_WORDS.get(one, one)), one)
        self.kinds.setCurrentIndex(max(self.kinds.findData(kind), 0))
        self._fill_units()
        for widget in (*self.buttons.values(), self.speed, self.snapshots, self.kinds, self.units, self.size_box, self.active):
            widget.setEnabled(instructor is not None)
        if instructor is None:
            self.remark.setText(tr("Only a simulated line can be instructed. Open one with --source sim:"))

    def _fill_units(self) -> None:
        """Offer the units that the chosen malfunction can befall, and its usual size where it has one."""
        instructor, kind = self._instructor, self.kinds.currentData()
        chosen = self.units.currentData() or self.context.selection.unit
        self.units.clear()
        fit = instructor.units_for(kind) if instructor and kind else ()
        for unit in self.view.line.units if self.view else ():
            if unit.id in fit:
                self.units.addItem(unit.title, unit.id)
        self.units.setCurrentIndex(max(self.units.findData(chosen), 0))
        factor, suffix = SIZE_WORDS.get(kind, (1.0, ""))
        self.size_box.setVisible(kind in SIZE_WORDS)
        self.size_box.setSuffix(tr(suffix) if suffix.strip(" %") else suffix)
        self.size_box.setValue(factor * instructor.usual_size(kind) if instructor and kind else 0.0)

    def _show(self, status: RunStatus) -> None:
        """Show how the run is; what has not changed is left alone, so that a list does not move under the pointer."""
        before, self._shown = self._shown, status
        ran = duration(status.ran_ns // SECOND_NS)
        self.remark.setText(tr("Frozen after {ran}", ran=ran) if status.frozen else tr("Running for {ran}", ran=ran))
        self.buttons["run"].setEnabled(status.frozen)
        self.buttons["freeze"].setEnabled(not status.frozen)
        if before is None or before.speed != status.speed:
            self.speed.setCurrentIndex(self.speed.findData(status.speed))
        if before is None or before.snapshots_ns != status.snapshots_ns:
            self._show_snapshots(status)
        if before is None or before.active != status.active:
            self._show_active(status)

    def _show_snapshots(self, status: RunStatus) -> None:
        """List the snapshots, the newest chosen."""
        self.snapshots.clear()
        for number, at_ns in enumerate(status.snapshots_ns):
            self.snapshots.addItem(tr("{n}: after {ran}", n=number + 1, ran=duration(at_ns // SECOND_NS)), number)
        self.snapshots.setCurrentIndex(self.snapshots.count() - 1)
        self.buttons["back_track"].setEnabled(bool(status.snapshots_ns))

    def _show_active(self, status: RunStatus) -> None:
        """List what is wrong now."""
        self.active.clear()
        line = self.view.line if self.view else None
        for fault in status.active:
            title = line.unit(fault.unit).title if line else fault.unit
            item = QListWidgetItem(f"{title}: {tr(KIND_WORDS.get(fault.kind, fault.kind))}", self.active)
            item.setData(0x100, fault.number)  # Qt.ItemDataRole.UserRole
        self.active.setCurrentRow(self.active.count() - 1)
        self.buttons["clear"].setEnabled(bool(status.active))

    def _on_unit_changed(self, unit: str) -> None:
        """Offer the selected unit."""
        if (index := self.units.findData(unit)) >= 0:
            self.units.setCurrentIndex(index)

    def _on_kind_changed(self, _index: int) -> None:
        """Offer what fits the kind."""
        self._fill_units()

    def _on_run_clicked(self) -> None:
        self._do("run")

    def _on_freeze_clicked(self) -> None:
        self._do("freeze")

    def _on_step_clicked(self) -> None:
        self._do("step")

    def _on_snapshot_clicked(self) -> None:
        self._do("snapshot")

    def _on_back_track_clicked(self) -> None:
        if (number := self.snapshots.currentData()) is not None:
            self._do("back_track", number)

    def _on_trigger_clicked(self) -> None:
        if self.kinds.count() and self.units.count():
            kind = self.kinds.currentData()
            size = self.size_box.value() / SIZE_WORDS[kind][0] if kind in SIZE_WORDS else None
            self._do("trigger", kind, self.units.currentData(), size)

    def _on_clear_clicked(self) -> None:
        if (item := self.active.currentItem()) is not None:
            self._do("clear", item.data(0x100))

    def _on_speed_activated(self, index: int) -> None:
        self._do("set_speed", self.speed.itemData(index))

    def _do(self, what: str, *arguments: object) -> None:
        """Let the run do something, and show at once what has become of it."""
        instructor = self._instructor
        if instructor is not None:
            getattr(instructor, what)(*arguments)
            self._show(instructor.status())
