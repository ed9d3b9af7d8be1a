"""The hall's commands for its eye: whole line, flights, plan, following, walk, measuring, and views kept under the number keys."""

from __future__ import annotations

from functools import partial
from math import isfinite
from typing import TYPE_CHECKING

from twin_app.text import N_, tr
from ui.commands import Command
from ui.scene3d.camera import Camera

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ui.context import Context
    from ui.scene3d.guide import Guide

MENU, VIEWS = N_("Hall"), N_("Kept views")
NUMBERS = range(1, 10)
FOLLOW, WALK, MEASURE = "view.scene.follow", "view.scene.walk", "view.scene.measure"
_RECALL = {
    1: N_("Go to view 1"), 2: N_("Go to view 2"), 3: N_("Go to view 3"), 4: N_("Go to view 4"), 5: N_("Go to view 5"),
    6: N_("Go to view 6"), 7: N_("Go to view 7"), 8: N_("Go to view 8"), 9: N_("Go to view 9"),
}  # fmt: skip
_KEEP = {
    1: N_("Keep as view 1"), 2: N_("Keep as view 2"), 3: N_("Keep as view 3"), 4: N_("Keep as view 4"), 5: N_("Keep as view 5"),
    6: N_("Keep as view 6"), 7: N_("Keep as view 7"), 8: N_("Keep as view 8"), 9: N_("Keep as view 9"),
}  # fmt: skip
COMMANDS = (
    Command(id="view.scene.fit", text=N_("Show the whole line"), keys=("Ctrl+Shift+0",), menu=MENU),
    Command(id="view.scene.fly", text=N_("Fly to the selected machine"), keys=("Ctrl+Shift+F",), menu=MENU),
    Command(id="view.scene.top", text=N_("Plan from above, and back"), keys=("Ctrl+Shift+T",), menu=MENU),
    Command(id=FOLLOW, text=N_("Follow the selected machine"), keys=("Ctrl+Shift+V",), menu=MENU, checkable=True),
    Command(id=WALK, text=N_("Walk along the line"), keys=("Ctrl+Shift+W",), menu=MENU, checkable=True),
    Command(id=MEASURE, text=N_("Measure a distance"), keys=("Ctrl+M",), menu=MENU, checkable=True),
    *(Command(id=f"view.scene.recall.{n}", text=_RECALL[n], keys=(str(n),), menu=VIEWS) for n in NUMBERS),
    *(Command(id=f"view.scene.keep.{n}", text=_KEEP[n], keys=(f"Alt+{n}",), menu=VIEWS) for n in NUMBERS),
)
_LINES_KEPT = 20
_PARTS = 7


class Steering:
    """What a person asks of the eye, by menu, key and palette; nothing happens where no room is drawn."""

    def __init__(self, context: Context, guide: Callable[[], Guide | None]) -> None:
        """Register the commands; `guide` gives the eye of the room that is there now."""
        self._context, self._guide = context, guide
        self._line = ""
        self._views: dict[str, dict[str, list[float]]] = {}
        """Of each line the kept views by number, as lists of numbers."""
        single = (self._fit, self._fly, self._top, self._follow, self._walk, self._measure)
        numbered = [partial(act, number) for act in (self.recall, self.keep) for number in NUMBERS]
        runs: list[Callable[[], None]] = [*single, *numbered]
        for command, run in zip(COMMANDS, runs, strict=True):
            context.commands.add(command, run)

    def attach(self, guide: Guide) -> None:
        """A room is drawn now: show in the menus what its eye does."""
        guide.changed.connect(self.sync)

    def sync(self) -> None:
        """Tick what is being done."""
        guide = self._guide()
        done = {
            FOLLOW: guide is not None and guide.following() is not None,
            WALK: guide is not None and guide.eye.tour is not None,
            MEASURE: guide is not None and guide.tool.active,
        }
        for command, on in done.items():
            self._context.commands.action(command).setChecked(on)

    def save(self) -> dict[str, object]:
        """Return the kept views, JSON-able."""
        return {line: dict(views) for line, views in self._views.items()}

    def restore(self, saved: object) -> None:
        """Take back what `save` gave; what is no view is left out."""
        self._views = {}
        for line, views in saved.items() if isinstance(saved, dict) else ():
            known = {str(n): views[str(n)] for n in NUMBERS if _is_view(views.get(str(n)))} if isinstance(views, dict) else {}
            if known:
                self._views[str(line)] = known

    def keep(self, number: int, *_: object) -> None:
        """Keep what is seen now under a number."""
        guide = self._guide()
        if guide is None or not self._line:
            return
        kept = self._views.pop(self._line, {})
        self._views[self._line] = {**kept, str(number): _numbers(guide.eye.goal)}
        for oldest in list(self._views)[:-_LINES_KEPT]:
            del self._views[oldest]
        guide.say(tr("Kept as view {number}: the key {number} comes back to it.", number=number))

    def recall(self, number: int, *_: object) -> None:
        """Fly to what was kept under a number."""
        guide = self._guide()
        if guide is None:
            return
        kept = self._views.get(self._line, {}).get(str(number))
        if kept is None:
            guide.say(tr("Nothing is kept as view {number} yet: Alt+{number} keeps what is seen.", number=number))
        else:
            guide.recall(_camera(kept))

    def place(self) -> tuple[float, ...] | None:
        """Return where the eye is or flies to, as `take` takes it; None while it sees the whole line as at first."""
        guide = self._guide()
        return tuple(_numbers(guide.eye.goal)) if guide is not None and guide.eye.touched else None

    def take(self, place: Sequence[float]) -> None:
        """Be at once where `place` was; what is no place is passed over."""
        guide = self._guide()
        if guide is not None and _is_view(list(place)):
            guide.eye.take(_camera(list(place)))

    def open_line(self, line: str) -> None:
        """Know which line's views are meant: `site/area/line`."""
        self._line = line

    def _fit(self) -> None:
        if guide := self._guide():
            guide.fit()

    def _fly(self) -> None:
        guide = self._guide()
        if guide and self._context.selection.unit:
            guide.fly_to(self._context.selection.unit)

    def _top(self) -> None:
        if guide := self._guide():
            guide.top_view()

    def _follow(self) -> None:
        guide, unit = self._guide(), self._context.selection.unit
        if guide and guide.following() is not None:
            guide.follow(None)
        elif guide and unit:
            guide.follow(unit)
        elif guide:
            guide.say(tr("Select the machine or vehicle to follow first."))
        self.sync()

    def _walk(self) -> None:
        if guide := self._guide():
            guide.walk(on=guide.eye.tour is None)
        self.sync()

    def _measure(self) -> None:
        if guide := self._guide():
            guide.measure(on=not guide.tool.active)
        self.sync()


def _numbers(camera: Camera) -> list[float]:
    return [*camera.focus, camera.azimuth_deg, camera.elevation_deg, camera.distance_m, camera.field_deg]


def _camera(numbers: list[float]) -> Camera:
    x, y, z, azimuth, elevation, distance, field = numbers
    return Camera((x, y, z), azimuth, elevation, distance, field)


def _is_view(kept: object) -> bool:
    """Tell whether what was read from the settings can be a view."""
    if not isinstance(kept, list) or len(kept) != _PARTS or not all(isinstance(part, (int, float)) and isfinite(part) for part in kept):
        return False
    elevation, distance, field = (float(part) for part in kept[-3:])
    return 0.0 < elevation <= 90.0 and distance > 0.0 and (field == 0.0 or 10.0 <= field <= 60.0)  # noqa: PLR2004 - degrees
