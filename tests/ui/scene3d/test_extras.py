"""Marks over the picture: the sign of an estimate over its conveyor, and vehicles' batteries; where they lie and when they are left out."""

from collections.abc import Callable
from dataclasses import replace
from math import nan

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from ui.scene3d import LIGHT, SceneLink, SceneUnit, UnitLook
from ui.scene3d.camera import Camera
from ui.scene3d.estimates import middles
from ui.scene3d.extras import Extras
from ui.scene3d.measure import Measure
from ui.scene3d.request import Picture, Request
from ui.scene3d.scene import Look, Scene

pytestmark = pytest.mark.usefixtures("qapp")
SIZE = (480.0, 270.0)
NEAR, FAR = Camera((2.0, 0, 0.5), 0.0, 40.0, 12.0), Camera((2.0, 0, 0.5), 0.0, 40.0, 300.0)
LOOK = UnitLook(Look.RUNNING, "Execute", "", "▶", 0.0)


def picture(ask: Callable[..., Request], camera: Camera, kind: str = "machine") -> Picture:
    units = tuple(SceneUnit(name, name, kind, None, 1.0, x, 0, 0, 0) for name, x in (("a", 0.0), ("b", 5.0)))
    scene = Scene(units, (SceneLink("a", "b"), SceneLink("a", "gone")), "")
    request = ask(scene=scene, camera=camera, looks=(Look.RUNNING,) * 2, phases=np.zeros(2))
    return Picture(request, np.zeros((1, 1, 4), np.uint8), scene.boxes(), np.zeros((2, 3)), (), "", 1.0)


def painted(
    shown: Picture, looks: tuple[UnitLook, UnitLook], estimated: tuple[tuple[str, str], ...], chosen: tuple[int, ...] = ()
) -> QImage:
    image = QImage(480, 270, QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT.floor))
    painter = QPainter(image)
    extras = Extras(Measure())
    extras.estimated = estimated
    extras.below(painter, shown, looks, chosen, LIGHT, SIZE)
    extras.above(painter, shown, LIGHT, SIZE)
    painter.end()
    return image


def changed(image: QImage) -> list[tuple[int, int]]:
    return [(x, y) for x in range(480) for y in range(270) if image.pixelColor(x, y) != QColor(LIGHT.floor)]


def test_that_an_estimate_is_marked_over_the_middle_of_its_conveyor(ask: Callable[..., Request]) -> None:
    shown = picture(ask, NEAR)
    # From the outfeed of the first at x = 1.2 to the infeed of the second at x = 3.8, both 0.95 m high.
    assert middles(shown.request.scene, [0], shown.request.bases()) == pytest.approx(np.array([(2.5, 0.0, 1.5)]))
    marks = np.array(changed(painted(shown, (LOOK, LOOK), (("a", "b"),))))
    seen = NEAR.project(np.array([(2.5, 0.0, 1.5)]), SIZE)[0]
    assert (marks.min(axis=0) + marks.max(axis=0)) / 2 == pytest.approx(seen[:2], abs=1.5)


@pytest.mark.parametrize(
    ("camera", "kind", "estimated"), [(FAR, "machine", (("a", "b"),)), (NEAR, "machine", ()), (NEAR, "machine", (("a", "gone"),))]
)
def test_that_nothing_is_marked_from_afar_where_all_was_counted_and_where_there_is_no_conveyor(
    ask: Callable[..., Request], camera: Camera, kind: str, estimated: tuple[tuple[str, str], ...]
) -> None:
    assert changed(painted(picture(ask, camera, kind), (LOOK, LOOK), estimated)) == []


def test_that_batteries_are_filled_by_their_charge_and_hatched_where_nobody_knows(ask: Callable[..., Request]) -> None:
    shown = picture(ask, NEAR, "agv")

    def filled(charge: float) -> int:
        image = painted(shown, (replace(LOOK, battery=charge), LOOK), ())
        return sum(image.pixelColor(x, y) == QColor(LIGHT.running) for x, y in changed(image))

    full, half, empty, unknown = (filled(charge) for charge in (100.0, 50.0, 0.0, nan))
    assert full > 60
    assert half == pytest.approx(full / 2, abs=full * 0.15)
    assert empty == unknown == 0
    assert changed(painted(shown, (replace(LOOK, battery=nan), LOOK), ()))


def test_that_a_charging_battery_shows_a_bolt(ask: Callable[..., Request]) -> None:
    shown = picture(ask, NEAR, "agv")
    calm, charging = (painted(shown, (replace(LOOK, battery=100.0, charging=on), LOOK), ()) for on in (False, True))
    assert calm != charging


def test_that_from_afar_only_the_chosen_vehicles_battery_is_shown(ask: Callable[..., Request]) -> None:
    shown = picture(ask, FAR, "agv")
    looks = (replace(LOOK, battery=50.0), replace(LOOK, battery=50.0))
    assert changed(painted(shown, looks, ())) == []
    assert changed(painted(shown, looks, (), (1,)))
