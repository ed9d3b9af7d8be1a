"""The hall panel: tells the 3D view what each unit looks like. Everything of VTK stays behind `ui.scene3d`."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QComboBox, QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget
from typing_extensions import override

from twin_app.assets import model_file
from twin_app.errors import TwinError, UsageError
from twin_app.machines import machine_type
from twin_app.text import N_, tr
from ui.commands import Command
from ui.effort import Tally
from ui.hall.boxed import BoxedMenu
from ui.hall.fleet import Fleet
from ui.hall.ghosts import ghosts_of
from ui.hall.heat import ENERGY, EVERY_NS, OFF, SINCE_PART, Laid, choices
from ui.hall.looks import estimated_in, levels_of, looks_of, notes_of, vehicle_words
from ui.hall.shapes import shapes_of
from ui.hall.steering import COMMANDS as STEERING
from ui.hall.steering import Steering
from ui.panels.base import Panel
from ui.scene3d.request import Profile
from ui.scene3d.scene import SceneLink, SceneUnit
from ui.scene3d.theme import THEMES

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from twin_app.model.equipment import Unit
    from twin_app.model.frame import Frame
    from twin_app.model.usage import Usage
    from ui.context import Context, LineView
    from ui.editing.room import EditRoom
    from ui.scene3d.view import SceneView

_EDGE_PX = 10
UNMOVED_MS = 1000
"""So long the hall waits at most for the line to move: its libraries take longer to load than everything else."""
LABELS = Command(id="view.scene.labels", text=N_("Label every machine"), keys=("Ctrl+Shift+N",), menu=N_("Hall"), checkable=True)
COMMANDS = (*STEERING, LABELS)


class ScenePanel(Panel):
    """The machines in motion. Without OpenGL it says so, and everything else goes on."""

    key = "scene"
    title = N_("Hall")

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        """Build the empty hall; the 3D room itself is made once the line moves."""
        super().__init__(context, parent)
        self._scene: SceneView | None = None
        self._failed = self._late = False
        self._sentence = QLabel(tr("The hall is being drawn …"))
        self._sentence.setObjectName("empty")
        self._sentence.setWordWrap(True)
        self._stack = QStackedLayout()
        page = QWidget(self)
        QVBoxLayout(page).addWidget(self._sentence)
        self._stack.addWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self._overlay = QComboBox(self)
        self._overlay.setAccessibleName(tr("Overlay of figures"))
        self._overlay.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._overlay.setMinimumContentsLength(16)
        self._overlay.activated.connect(self._on_overlay_chosen)
        self._chosen = OFF
        self._usage: Usage | None = None
        self._shapes: dict[str, str] = {}
        self._laid = Laid()
        self._fleet = Fleet(context.query, self.key, self._show_again)
        self._asked_ns = 0
        self._outer, self._row = outer, QHBoxLayout()
        self._row.setSpacing(0)
        self._row.addLayout(self._stack, 1)
        self._edit: EditRoom | None = None
        outer.addLayout(self._row, 1)
        self._note = QLabel(self)
        self._note.setObjectName("note")
        self._note.setWordWrap(True)
        self._note.setContentsMargins(12, 6, 12, 6)
        self._note.hide()
        outer.addWidget(self._note)
        self.setMinimumSize(320, 200)
        self.steering = Steering(context, lambda: self._scene.guide if self._scene else None)
        context.commands.add(LABELS, self._on_labels)
        context.selection.unit_changed.connect(self._on_unit_changed)
        context.theme.changed.connect(self._on_theme_changed)
        context.editing.begun.connect(self._on_editing_changed)
        context.editing.ended.connect(self._on_editing_changed)
        context.editing.changed.connect(self._on_draft_changed)
        context.other.changed.connect(self._show_again)
        self._making = QTimer(self)
        self._making.setSingleShot(True)
        self._making.timeout.connect(self._make_scene)
        self._making.start(UNMOVED_MS)

    def _make_scene(self) -> None:
        """Bring up the 3D room, unless the settings leave it out."""
        if self.context.settings.drawing.scene == "off":
            self._failed = True
            self._sentence.setText(tr("The 3D view is switched off in the settings; everything else works."))
            return
        from ui.editing.room import EditRoom
        from ui.scene3d.view import SceneView

        try:
            scene = SceneView(self)
        except TwinError as error:
            self._on_failed(error.worded())
            return
        self._scene = scene
        scene.unit_picked.connect(self.context.selection.select)
        scene.units_boxed.connect(self._on_units_boxed)
        scene.failed.connect(self._on_failed)
        scene.hungry.connect(self._on_hungry, Qt.ConnectionType.QueuedConnection)
        self.steering.attach(scene.guide)
        scene.set_notes(self._notes)
        scene.set_profile(self._profile())
        scene.set_theme(THEMES[self.context.theme.palette])  # before it is seen: its first picture takes longest
        self._stack.addWidget(scene)
        self._stack.setCurrentWidget(scene)
        self._edit = EditRoom(self, self.context, scene, self._outer, self._row)
        self._on_theme_changed()
        self._fill()
        self._on_unit_changed(self.context.selection.unit)
        self._on_labels()
        self._offer_overlays()

    @override
    def open_line(self, view: LineView | None) -> None:
        """Put up the machines of another line."""
        super().open_line(view)
        self._note.hide()
        self._usage = None
        self._fleet.open_line(view)
        self.steering.open_line(f"{view.line.site}/{view.line.area}/{view.line.id}" if view else "")
        self._offer_overlays()
        self._fill()

    @override
    def forget(self, view: LineView) -> None:
        """Leave the machines where they are: the next frame says what they do."""
        self.view = view
        self._usage, self._asked_ns = None, 0
        self._fleet.open_line(view)

    @override
    def relaid(self, view: LineView, *, places: bool) -> None:
        super().relaid(view, places=places)
        if places and self.context.editing.draft is None:
            self._fill()

    def _fill(self, *, keep_eye: bool = False) -> None:
        """Tell the scene what stands where, and show the newest frame."""
        if self._scene is not None and self._edit is not None and (draft := self.context.editing.draft) is not None:
            self._edit.draw(draft, home=self.view is None and not draft.dirty)
            if self.frame is not None and self.view is not None:
                self.show_frame(self.frame)
            return
        if self._scene is None or self.view is None:
            return
        line = self.view.line
        self._shapes = shapes_of(self.view, self.frame)
        units = [self._placed(unit) for unit in line.units]
        links = [SceneLink(unit.id, feed.to) for unit in line.units for feed in unit.feeds]
        self._scene.set_scene(units, links, line.title, aisles=line.aisles, fences=line.fences, keep_eye=keep_eye)
        self._on_unit_changed(self.context.selection.unit)
        if self.frame is not None:
            self.show_frame(self.frame)

    def _placed(self, unit: Unit) -> SceneUnit:
        """Return a unit as the scene wants it."""
        assert self.view is not None  # noqa: S101 - only called with a line
        place = unit.placement
        return SceneUnit(
            unit_id=unit.id, title=unit.title, machine_type=unit.type, scale=place.model_scale, heading_deg=place.heading_deg,
            model_file=model_file(self.view.line.path, place.model) if place.model else None, x_m=place.x_m, y_m=place.y_m, z_m=place.z_m,
            up=place.model_up, pivot=place.model_pivot, unit_of_count=unit.unit_of_count, base_units=unit.base_units_per_count,
            shape=self._shapes[unit.id],
        )  # fmt: skip

    @override
    def show_frame(self, frame: Frame) -> None:
        """Let the machines stand and move as the frame says. The first that knows of them is painted before the 3D room is made."""
        if self._making.isActive() and frame.span is not None:
            self._making.start(0)
        if self._scene is not None and self.view is not None:
            changes = frame.changes
            waits = self._scene.sated() and frame.playing and not self._scene.eye.moving
            self._late = waits and not (changes.all or changes.units or changes.alarms)
            if self._late:  # nobody would see it: the frame that is newest when the next picture begins is shown
                return
            if self.context.editing.draft is None and shapes_of(self.view, frame) != self._shapes:
                self._fill(keep_eye=True)  # another product is made now: what lies on the belts looks different
                return
            self._scene.set_profile(self._profile())
            self._scene.picturing = _is_still()
            self._scene.eye.calm = self.context.settings.look.less_motion or _is_still()
            self._show_overlay(frame)
            self._scene.show_alarms(frame.alarms.units, ghosts_of(self.context.other.aligned, frame, self.view.line))
            editing = self.context.editing.draft is not None
            looks = looks_of(frame, self.view, self._fleet.poses(frame))
            if editing:  # vehicles stand at home, where they can be placed
                looks = {unit: replace(look, pose=None) for unit, look in looks.items()}
            self._scene.show_trails({} if editing else self._fleet.trails(frame.at_ns))
            self._scene.extras.estimated = estimated_in(frame)
            self._scene.show_looks(looks, levels_of(frame))

    def _profile(self) -> Profile:
        """Return how much work a picture may be, as the settings say."""
        wanted = self.context.settings.drawing.scene
        return Profile.AUTO if wanted == "off" else Profile(wanted)

    def _offer_overlays(self) -> None:
        """Offer what may be laid over the machines of the open line."""
        self._overlay.clear()
        offered = choices(self.view) if self.view else {}
        for key, title in offered.items():
            self._overlay.addItem(title, key)
        self._overlay.setCurrentIndex(max(0, self._overlay.findData(self._chosen)))
        self._overlay.setVisible(bool(offered) and self._scene is not None and self.context.editing.draft is None)
        self._put_overlay()

    def _put_overlay(self) -> None:
        """Keep the choice of overlays in the lower left corner, below where labels go."""
        self._overlay.adjustSize()
        below = 0 if self._note.isHidden() else self._note.height()
        self._overlay.move(_EDGE_PX, self.height() - below - self._overlay.height() - _EDGE_PX)
        self._overlay.raise_()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._put_overlay()

    def _on_overlay_chosen(self) -> None:
        """Lay another figure over the machines."""
        self._chosen, self._asked_ns = str(self._overlay.currentData()), 0
        if self.frame is not None and self.view is not None:
            self.show_frame(self.frame)

    def _show_overlay(self, frame: Frame) -> None:
        """Lay the chosen figure over the machines; what it is made of is asked for twice a second of the playhead."""
        if self._scene is None or self.view is None:
            return
        if self._chosen in {SINCE_PART, ENERGY} and abs(frame.at_ns - self._asked_ns) >= EVERY_NS:
            self._asked_ns = frame.at_ns
            self.context.query.usage(self.key, frame.shift_start_ns, frame.at_ns, self._on_used)
        theme = THEMES[self.context.theme.palette]
        known = self._chosen if self._overlay.findData(self._chosen) >= 0 else OFF
        laid = self._laid.of(known, frame, self.view, self._usage, theme)
        self._scene.show_heat(laid.colours, laid.legend)

    def _on_hungry(self) -> None:
        """Show what had to wait for the picture before."""
        if self._late:
            began_ns = time.perf_counter_ns()
            self._show_again()
            self.shown.more(time.perf_counter_ns() - began_ns)

    def _on_used(self, usage: Usage) -> None:
        """Show what was asked for."""
        self._usage = usage
        self._show_again()

    def _show_again(self) -> None:
        """Show the newest frame once more: more is known of it."""
        if self.frame is not None and self.view is not None and self.isVisible():
            self.show_frame(self.frame)

    def _on_labels(self) -> None:
        """Label every machine, or only those that need somebody."""
        if self._scene is not None:
            self._scene.label_all(every=self.context.commands.action(LABELS.id).isChecked())

    @override
    def save(self) -> dict[str, object]:
        labels = self.context.commands.action(LABELS.id).isChecked()
        return {"overlay": self._chosen, "labels": labels, "views": self.steering.save()}

    @override
    def restore(self, saved: dict[str, object]) -> None:
        self._chosen = str(saved.get("overlay", OFF))
        self._offer_overlays()
        self.steering.restore(saved.get("views"))
        self.context.commands.action(LABELS.id).setChecked(saved.get("labels") is True)
        self._on_labels()

    def _notes(self, unit: str) -> tuple[str, ...]:
        """Return what else there is to say of a unit that somebody points at."""
        if self.view is None or self.frame is None or unit not in self.frame.units:
            return ()
        known = self.view.line.unit(unit)
        drives = vehicle_words(unit, self.frame, self.view) if machine_type(known.type).mobile else ()
        return (*notes_of(known, self.frame, self.view), *drives)

    @override
    def drawn(self) -> Tally | None:
        return self._scene.drawn if self._scene is not None else None

    @override
    def settled(self) -> bool:
        """Say whether the hall shows the newest frame."""
        return self._failed or not self.isVisible() or (self._scene is not None and not self._late and self._scene.settled())

    @override
    def retranslate(self) -> None:
        """Word the labels and the choice of overlays anew."""
        self._offer_overlays()
        self._overlay.setAccessibleName(tr("Overlay of figures"))
        if self._scene is not None:
            self._scene.retranslate()
        if not self._failed:
            self._sentence.setText(tr("The hall is being drawn …"))
        if self._edit is not None:
            self._edit.retranslate()
        if self.frame is not None and self.view is not None:
            self.show_frame(self.frame)

    def _on_failed(self, sentence: str) -> None:
        """Say under the hall what of it cannot be drawn, or in its place why nothing can."""
        if self._scene is not None:
            self._note.setText(sentence)
            self._note.setHidden(sentence == self._scene.sentence())
            return
        self._failed = True
        self._sentence.setText(tr("The hall cannot be drawn, everything else works. {why}", why=sentence))

    def _on_unit_changed(self, unit: str) -> None:
        """Show the shared selection; while the hall is edited, what is chosen there."""
        if self._scene is not None and self.context.editing.draft is None:
            self._scene.set_selected(unit or None)

    def _on_editing_changed(self) -> None:
        """The hall is edited from now on, or no longer."""
        if self._making.isActive():
            self._making.start(0)
        if self._failed and self.context.editing.draft is not None:
            what, tip = (
                N_("The hall cannot be edited where it is not drawn."),
                N_("Edit the layout's file: what is saved is in force at once."),
            )
            self.context.station.tell(UsageError(what, tip=tip))
            self.context.editing.end()
            return
        if self._edit is not None:
            self._edit.show(on=self.context.editing.draft is not None)
        self._offer_overlays()
        self._fill()

    def _on_draft_changed(self) -> None:
        """The hall stands otherwise."""
        if self.context.editing.draft is not None:
            self._fill()

    def _on_theme_changed(self) -> None:
        """Repaint in the other palette."""
        if self._scene is not None:
            self._scene.set_theme(THEMES[self.context.theme.palette])

    def _on_units_boxed(self, units: tuple[str, ...]) -> None:
        """Select the one machine in a box, or offer those that are."""
        if self.view is None or self.frame is None or self._scene is None:
            return
        if len(units) == 1:
            self.context.selection.select(units[0])
            return
        menu = BoxedMenu(units, self.view, self.frame, self)
        menu.chosen.connect(self.context.selection.select)
        menu.shown.connect(self._on_boxed_shown)
        menu.popup(QCursor.pos())

    def _on_boxed_shown(self, units: tuple[str, ...]) -> None:
        """Look at the machines of a box."""
        if self._scene is not None:
            self._scene.guide.fly_to(*units)


def _is_still() -> bool:
    """Tell whether a picture of the window is being taken, in which nothing flies."""
    application = QApplication.instance()
    return application is not None and bool(application.property("still"))
