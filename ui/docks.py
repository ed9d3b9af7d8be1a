"""Where the panels stand: the tuple of all of them, the presets, and how an arrangement is kept and restored. Not for what they show."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QByteArray, QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabBar, QTabWidget, QWidget
from shiboken6 import isValid
from typing_extensions import override

from twin_app.arranged import Arrangement
from twin_app.text import N_, tr
from ui.widgets.dock import CardDock
from ui.widgets.lowness import LOWISH_EM, Lowness

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QResizeEvent, QShowEvent

    from ui.context import Context, LineView
    from ui.panels.base import Panel

Area = Literal["left", "middle", "right", "below_right", "bottom"]
VERSION = 3
"""Raised when docks are renamed, so that Qt refuses arrangements it would misplace."""


def lazy(module: str, name: str) -> Callable[[Context], Panel]:
    """Return what makes a panel of `ui.panels`, importing its module only then: the first window stands before the heavy ones."""

    def make(context: Context) -> Panel:
        made: Panel = getattr(import_module(f"ui.panels.{module}"), name)(context)
        return made

    return make


@dataclass(frozen=True, slots=True)
class DockSpec:
    """One panel: its stable key, its title, its area, and how it is made (imported only then)."""

    key: str
    title: str
    area: Area
    make: Callable[[Context], Panel]


DOCKS = (
    DockSpec("tree", N_("Line"), "left", lazy("tree", "TreePanel")),
    DockSpec("scene", N_("Hall"), "middle", lazy("scene", "ScenePanel")),
    DockSpec("timeline", N_("Timeline"), "bottom", lazy("timeline", "TimelinePanel")),
    DockSpec("alarms", N_("Alarms"), "right", lazy("alarms", "AlarmsPanel")),
    DockSpec("stops", N_("Stops"), "right", lazy("stops", "StopsPanel")),
    DockSpec("trends", N_("Efficiency"), "right", lazy("trends", "TrendsPanel")),
    DockSpec("orders", N_("Orders"), "right", lazy("orders", "OrdersPanel")),
    DockSpec("curves", N_("Curves"), "right", lazy("curves", "CurvesPanel")),
    DockSpec("inspector", N_("Inspector"), "below_right", lazy("inspector", "InspectorPanel")),
    DockSpec("sources", N_("Sources"), "below_right", lazy("sources", "SourcesPanel")),
    DockSpec("instructor", N_("Instructor"), "below_right", lazy("instructor", "InstructorPanel")),
)
"""All panels. Adding one is a file in `ui/panels` and a line here; docks of the same area are tabs, the first in front."""


COLLAPSE = (("tree", 1500), ("inspector", 1120))
"""Panels that give way first, with the least width of the window at which a preset opens them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """An arrangement for a role: what is hidden, and what share of the window each side takes."""

    key: str
    title: str
    hidden: frozenset[str] = frozenset()
    left: float = 0.14
    right: float = 0.34
    bottom: float = 0.31
    lower_right: float = 0.5
    collapse: tuple[tuple[str, int], ...] = COLLAPSE


PRESETS = (
    Preset(key="operator", title=N_("Operator"), hidden=frozenset({"tree", "curves", "sources", "instructor"}), lower_right=0.36),
    Preset(key="trainer", title=N_("Trainer"), hidden=frozenset({"tree", "curves", "sources"}), right=0.30, bottom=0.45),
    Preset(key="engineer", title=N_("Engineer"), hidden=frozenset({"instructor"}), right=0.40, bottom=0.26),
)

FURTHER = Preset(key="further", title="", collapse=())
"""What a person put into a further window stands where it was designed to, and nothing gives way."""

LOW_PX = 900
"""In a window lower than this what stands lower right becomes a tab of what stands above it."""


class DockArea(QMainWindow):
    """The part of a window that panels are docked in; knows no plant, only panels. A panel stands in one window at a time.

    Signals:
        leaving(str): the panel of this key is to stand in another window.
    """

    leaving = Signal(str)

    def __init__(self, context: Context, parent: QWidget, specs: tuple[DockSpec, ...] = DOCKS, *, further: bool = False) -> None:
        """Make the empty docks; `fill` puts the panels in, or in a further window (`further`) `take_in` does, one by one."""
        super().__init__(parent)
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setDockNestingEnabled(True)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.setDocumentMode(True)
        self.setContentsMargins(4, 6, 4, 4)
        self._context = context
        self._specs = specs
        self._saved_panels: dict[str, Mapping[str, Any]] = {}
        self._by_width: set[str] = set()
        self._due = True
        self._low = False
        self._tried = (0, 0)
        self._lowness = Lowness(self, below_em=LOWISH_EM)
        self._kept: QByteArray | None = None
        self.panels: dict[str, Panel] = {}
        self.docks = {spec.key: CardDock(spec.key, context.theme, self, further=further) for spec in specs}
        self.away = set(self.docks) if further else set[str]()
        """The panels that stand in another window: their docks here are empty, and hidden."""
        self._view: LineView | None = None
        self.preset = FURTHER if further else PRESETS[0]
        for dock in self.docks.values():
            dock.leaving.connect(self.leaving)
            dock.visibilityChanged.connect(self._on_tabs_changed)
            dock.dockLocationChanged.connect(self._on_tabs_changed)
            dock.topLevelChanged.connect(self._on_tabs_changed)
        self.retranslate()
        self._place()
        self._hide_away()

    def fill(self) -> None:
        """Make every panel that is not there yet and let it see the open line."""
        for spec in self._specs:
            if spec.key in self.panels or spec.key in self.away:
                continue
            panel = spec.make(self._context)
            self.panels[spec.key] = panel
            self.docks[spec.key].put(panel)
            if panel.insists:
                panel.installEventFilter(self)
            panel.open_line(self._view)
            if saved := self._saved_panels.get(spec.key):
                panel.restore(dict(saved))
        QTimer.singleShot(0, self, self._settle)

    def give_away(self, key: str) -> Panel:
        """Let a panel stand in another window: its dock keeps its place here. Return it for the other's `take_in`."""
        panel = self.panels.pop(key)
        self._saved_panels[key] = panel.save()
        self.away.add(key)
        self._hide_away()
        return panel

    def take_in(self, key: str, panel: Panel) -> None:
        """Let a panel of another window stand here, in front."""
        self.away.discard(key)
        self.panels[key] = panel
        self.docks[key].put(panel)
        self.docks[key].toggleViewAction().setVisible(True)
        self.reveal(key)
        if self.preset is FURTHER:
            self._due = True
            QTimer.singleShot(0, self, self._settle)

    def _hide_away(self) -> None:
        """Hide the docks whose panels stand in another window, also from Qt's own menu of docks."""
        for key in self.away:
            self.docks[key].hide()
            self.docks[key].toggleViewAction().setVisible(False)

    def open_line(self, view: LineView | None) -> None:
        """Tell every panel which line is open."""
        self._view = view
        for panel in self.panels.values():
            panel.open_line(view)

    def relaid(self, view: LineView, *, places: bool) -> None:
        """Tell every panel that the line is laid out otherwise."""
        self._view = view
        for panel in self.panels.values():
            panel.relaid(view, places=places)

    def forget(self, view: LineView) -> None:
        """Tell every panel that less is known than before."""
        self._view = view
        for panel in self.panels.values():
            panel.forget(view)

    def apply_preset(self, preset: Preset, arrangement: Arrangement | None = None) -> None:
        """Arrange the docks for a role: as they were left, or where that cannot be read, as designed."""
        self.preset, self._kept = preset, None
        if arrangement is None or not self._restore(arrangement):
            self.reset()
        else:
            self._due = False

    def reset(self) -> None:
        """Arrange the docks as the preset was designed, within the room there is."""
        self._arrange(low=self.window().height() < LOW_PX)

    def _arrange(self, *, low: bool) -> None:
        """Arrange the docks as designed; `low`: what stands lower right becomes a tab."""
        self._low, self._kept = low, None
        for dock in self.docks.values():
            dock.setFloating(False)
        self._place()
        for key, dock in self.docks.items():
            dock.setVisible(key not in self.preset.hidden and key not in self.away)
        self._by_width.clear()
        self._due = True
        self._settle()

    def arrangement(self) -> Arrangement:
        """Return what is to be remembered of the docks and of every panel."""
        panels = {**self._saved_panels, **{key: panel.save() for key, panel in self.panels.items()}}
        state = bytes(self.saveState(VERSION).data())
        return Arrangement(docks=base64.b64encode(state).decode(), panels={k: v for k, v in panels.items() if v})

    def fit(self) -> None:
        """Let panels give way to a narrow window, and come back to a wide one unless a person has decided otherwise."""
        for key, least in self.preset.collapse:
            dock = self.docks.get(key)
            if dock is None or key in self.preset.hidden or key in self.away or dock.isFloating():
                continue
            if self.width() < least and not dock.isHidden() and key not in self._by_width:
                self._by_width.add(key)
                dock.hide()
            elif self.width() >= least and key in self._by_width:
                self._by_width.discard(key)
                dock.show()

    def give_room(self, key: str) -> None:
        """Let one panel have all the room, until `take_room_back`."""
        if self._kept is None:
            self._kept = self.saveState(VERSION)
            for name, dock in self.docks.items():
                if not dock.isFloating():
                    dock.setVisible(name == key and name not in self.away)

    def take_room_back(self) -> None:
        """Arrange the docks as they were before one had all the room."""
        kept, self._kept = self._kept, None
        if kept is not None:
            self.restoreState(kept, VERSION)
            self._hide_away()

    def reveal(self, key: str) -> None:
        """Bring a panel that stands here to the front."""
        if key not in self.away and (dock := self.docks.get(key)):
            dock.show()
            dock.raise_()

    def retranslate(self) -> None:
        """Word every title and panel."""
        for spec in self._specs:
            self.docks[spec.key].show_title(tr(spec.title))
        for panel in self.panels.values():
            panel.retranslate()

    def _on_tabs_changed(self) -> None:
        """A tab says the title already: the row below it then says it not again."""
        # While the window goes, the docks that are left tell of each that is gone.
        for dock in filter(isValid, self.docks.values()):
            tabbed = any(not other.isHidden() for other in self.tabifiedDockWidgets(dock))
            dock.title_row.show_tabbed(tabbed=tabbed)

    def _settle(self) -> None:
        """Give every side its share once the size is known and the panels are there; afterwards a person's sizes hold."""
        if not self.isVisible():
            return
        if not self._low and self.minimumSizeHint().height() > self._room():
            self._arrange(low=True)
            return
        self.fit()
        if self._due:
            self._proportion()
            self._due = len(self.panels) + len(self.away) < len(self._specs)
        QTimer.singleShot(0, self, self._heed)

    def _heed(self) -> None:
        """Give a panel that insists the height it needs in a low window, as far as those below it give way; a person may take it back."""
        areas = self._areas()
        for key, panel in self.panels.items() if self._lowness.low else ():
            dock = self.docks[key]
            room = dock.widget().layout()
            if not (panel.insists and panel.isVisible()) or dock.isFloating():
                continue
            has = room.contentsRect().height() if room else 0  # below 1 before it is laid out: nobody knows then what it lacks
            short = panel.minimumSizeHint().height() - has if has > 0 else 0
            below = [other for name, other in self.docks.items() if areas[name] in {"below_right", "bottom"} and _is_seen(other)]
            sizes = []
            for other in below:
                sizes.append(other.height() - (given := max(min(short, other.height() - other.minimumSizeHint().height()), 0)))
                short -= given
            given = sum(other.height() for other in below) - sum(sizes)
            tried, self._tried = self._tried, (dock.height(), given)
            if given > 0 and tried != self._tried:  # what did not help does not help again
                self.resizeDocks([dock, *below], [dock.height() + self._tabs_px(dock) + given, *sizes], Qt.Orientation.Vertical)

    def _tabs_px(self, dock: QDockWidget) -> int:
        """Return how high the tabs above a dock are: Qt counts them as its height."""
        bars = self.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return max((bar.height() for bar in bars if bar.isVisible() and 0 <= dock.y() - bar.geometry().bottom() <= bar.height()), default=0)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.LayoutRequest, QEvent.Type.Resize}:
            QTimer.singleShot(0, self, self._heed)
        return super().eventFilter(watched, event)

    def _room(self) -> int:
        """Return how high the docks may be on this screen, below what stands above them."""
        return self.screen().availableGeometry().height() - self.mapTo(self.window(), QPoint(0, 0)).y()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.isVisible():
            self.fit()
            QTimer.singleShot(0, self, self._heed)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self, self._settle)  # the layout gives the size only after this event

    def _restore(self, arrangement: Arrangement) -> bool:
        """Take back an arrangement; False where it cannot be read."""
        try:
            state = base64.b64decode(arrangement.docks, validate=True)
        except (binascii.Error, ValueError):
            return False
        if not state or not self.restoreState(QByteArray(state), VERSION):
            return False
        self._hide_away()
        self._saved_panels = dict(arrangement.panels)
        for key, panel in self.panels.items():
            if saved := self._saved_panels.get(key):
                panel.restore(dict(saved))
        return True

    def _place(self) -> None:
        """Dock everything where it was designed to stand."""
        area = Qt.DockWidgetArea.TopDockWidgetArea
        areas = self._areas()
        first = {areas[spec.key]: self.docks[spec.key] for spec in reversed(self._specs)}
        for dock in self.docks.values():
            self.removeDockWidget(dock)
        row = [first[a] for a in ("left", "middle", "right") if a in first]
        for dock in row:
            self.addDockWidget(area, dock, Qt.Orientation.Horizontal)
        if "below_right" in first:
            self.splitDockWidget(first["right"], first["below_right"], Qt.Orientation.Vertical)
        if "bottom" in first:
            self.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, first["bottom"])
        for spec in self._specs:
            front = first[areas[spec.key]]
            if self.docks[spec.key] is not front:
                self.tabifyDockWidget(front, self.docks[spec.key])
        for dock in first.values():
            dock.raise_()

    def _areas(self) -> dict[str, Area]:
        """Return where each panel stands now: what stands lower right moves up where there is no room or nothing above it."""
        alone = self._low or not any(spec.area == "right" for spec in self._specs)
        return {spec.key: "right" if alone and spec.area == "below_right" else spec.area for spec in self._specs}

    def _proportion(self) -> None:
        """Give each side its share of the window."""
        w, h, p = max(self.width(), 600), max(self.height(), 400), self.preset
        areas = self._areas()
        shown = {areas[s.key]: self.docks[s.key] for s in reversed(self._specs) if not self.docks[s.key].isHidden()}
        left = p.left if "left" in shown else 0.0
        right = p.right if "right" in shown or "below_right" in shown else 0.0
        widths = {"left": left, "middle": 1.0 - left - right, "right": right}
        row = [(shown[a], round(w * share)) for a, share in widths.items() if a in shown]
        self.resizeDocks([d for d, _ in row], [s for _, s in row], Qt.Orientation.Horizontal)
        top = next((shown[a] for a in ("middle", "right", "left") if a in shown), None)
        if "bottom" in shown and top is not None:
            self.resizeDocks([top, shown["bottom"]], [round(h * (1 - p.bottom)), round(h * p.bottom)], Qt.Orientation.Vertical)
        if "below_right" in shown and "right" in shown:
            lower = round(h * (1 - p.bottom) * p.lower_right)
            self.resizeDocks([shown["right"], shown["below_right"]], [round(h * (1 - p.bottom)) - lower, lower], Qt.Orientation.Vertical)


def _is_seen(dock: QDockWidget) -> bool:
    """Say whether a dock is in front, and not in a window of its own."""
    return not dock.isFloating() and dock.isVisible() and not dock.visibleRegion().isEmpty()
