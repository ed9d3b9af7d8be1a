"""What the hall costs at 1,000 and 10,000 machines, beside the usual way with pyvista on the same line in the same run. Not a test.

    python benchmarks/scene.py [--quick] [--gpu] [--machines 1000]

The line: robots of six parts each in a square hall, all of them moving, one in a hundred changing its state each frame. The peer
(`scene_peer.py`, with the extra `bench`) has one actor a part; without pyvista its figures are null. Figures in ms are of processor
time, all threads added, the middle of several frames; ratios are of the same. `--gpu` measures the clock instead, at 1920x1080, with
effects on and off, at 1,000 and 10,000 machines, for a machine with a graphics card (VTK finds it through EGL). The last line is one
JSON object.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from benchmarks.scene_peer import Naive, spent
from models3d import machine_model
from twin_app import machines
from twin_app.shapes import Surface, read_model
from ui.scene3d.body import STILL, Body
from ui.scene3d.camera import Camera
from ui.scene3d.coarse import CELLS_M, coarse
from ui.scene3d.picker import pick
from ui.scene3d.renderer import SceneRenderer
from ui.scene3d.request import Profile, Request
from ui.scene3d.rig import Rig, bind
from ui.scene3d.scene import Look, Scene, SceneUnit, corners
from ui.scene3d.theme import LIGHT

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SIZE, GPU_SIZE, SMALL = (1280, 720), (1920, 1080), (64, 64)
APART_M = (4.0, 4.0)
ROBOT = replace(machines.machine_type("robot6"), key="benchmark", carried=())
"""The robot without goods on its belt, for the peer has none."""
FRAME_PHASE = 0.013
_NOTHING_LOST_M = 1e-5
LOOKS = (Look.ABORTED, Look.RUNNING, Look.STOPPED)


def say(line: str) -> None:
    """Print at once."""
    print(line, flush=True)


def six_parts(*, triangle: bool = False) -> Rig:
    """Return the robot's rig with one body a mover, or with one triangle a mover."""
    rig = bind(read_model(machine_model(ROBOT.model)), ROBOT.motions)
    bodies = coarse([replace(body, surface=replace(body.surface, opacity=1.0)) for body in rig.bodies], _NOTHING_LOST_M)
    if triangle:
        corner = np.array([(0.0, 0, 0), (0.5, 0, 0), (0, 0, 0.5)])
        surface = Surface("part")
        bodies = tuple(Body(body.mover, surface, corner, np.tile((0.0, 1, 0), (3, 1)), np.array([[0, 1, 2]])) for body in bodies)
    details = dict.fromkeys(range(len(CELLS_M)), bodies) if triangle else {0: bodies}
    return replace(rig, bodies=bodies, details=details)


@dataclass(frozen=True, slots=True)
class Hall:
    """A square hall of robots and the eye that sees all of it."""

    scene: Scene
    camera: Camera
    phases: Floats
    size: tuple[int, int]

    def request(self, frame: int, profile: Profile = Profile.LOW, *, running: bool = True) -> Request:
        """Return the picture of a frame: every robot a step further, one in a hundred in another state than before."""
        count = len(self.scene.units)
        looks = [Look.RUNNING] * count
        for number in range(count // 100):
            looks[(frame * 37 + number * 97) % count] = LOOKS[(frame + number) % len(LOOKS)]
        return Request(
            self.scene, LIGHT, profile, self.camera, self.size, tuple(looks), self.phases + frame * FRAME_PHASE, running=running
        )  # fmt: skip


def hall(count: int, size: tuple[int, int]) -> Hall:
    """Return a hall of so many robots."""
    side = int(np.ceil(count**0.5))
    units = tuple(
        SceneUnit(f"u{i}", f"Robot {i + 1}", ROBOT.key, None, 1.0, i % side * APART_M[0], i // side * -APART_M[1], 0.0, 0.0)
        for i in range(count)
    )
    scene = Scene(units, (), "Hall")
    camera = Camera().fitted(corners(scene.boxes(), scene.bases()).reshape(-1, 3), size)
    return Hall(scene, camera, np.random.default_rng(7).random(count) * 10.0, size)


def renderer(rig: Rig) -> SceneRenderer:
    """Return the product's renderer that draws robots of a rig."""
    opened = SceneRenderer()
    opened._library._rigs[machine_model(ROBOT.model), ROBOT.key] = rig  # noqa: SLF001 - the robot of six parts
    return opened


def frames(work: Callable[[int], object], count: int, *, skip: int = 2, clock: bool = False) -> float:
    """Return the middle of what frames cost in ms, the first few left out."""
    times = [spent(lambda frame=frame: work(frame))[clock] for frame in range(count + skip)]
    return round(median(times[skip:]), 3)


def matrices(rig: Rig, placed: Hall, frame: int) -> Floats:
    """Return where each part of each robot is, shape (robots x parts, 4, 4), as the peer wants it."""
    moved = placed.scene.bases()[:, None] @ rig.displacements(placed.phases + frame * FRAME_PHASE)
    still = placed.scene.bases()[:, None]
    columns = [still if body.mover == STILL else moved[:, body.mover : body.mover + 1] for body in rig.bodies]
    return np.concatenate(columns, axis=1).reshape(-1, 4, 4)


def update_ms(count: int, repeats: int) -> float:
    """Return what it costs to bring all poses and states up to date, in the thread that does it."""
    placed, opened = hall(count, SIZE), renderer(six_parts())
    requests = [placed.request(frame) for frame in range(8)]

    def prepare(frame: int) -> None:
        opened.prepare(requests[frame % 8])
        opened._last = requests[frame % 8]  # noqa: SLF001 - as `render` leaves it

    cost = frames(prepare, repeats)
    opened.close()
    return cost


def naive_update_ms(naive: Naive, rig: Rig, placed: Hall, repeats: int) -> float:
    """Return what the peer's update costs."""
    poses = [matrices(rig, placed, frame) for frame in range(2)]
    colours = [np.random.default_rng(frame).random((len(poses[0]), 3)) for frame in range(2)]
    return frames(lambda frame: naive.update(poses[frame % 2], colours[frame % 2]), repeats, skip=1)


def driver_ms(count: int, repeats: int) -> tuple[float, float | None]:
    """Return a frame of one-triangle parts in a tiny picture, update included, ours and the peer's."""
    placed, rig = hall(count, SMALL), six_parts(triangle=True)
    bare = Bare(rig, placed)
    ours = frames(bare.frame, repeats)
    if not peer_is_there():
        return ours, None
    naive = Naive(rig.bodies, count, placed.camera, SMALL)
    poses = [matrices(rig, placed, frame) for frame in range(2)]
    colours = [np.random.default_rng(frame).random((len(poses[0]), 3)) for frame in range(2)]

    def frame(number: int) -> None:
        naive.update(poses[number % 2], colours[number % 2])
        naive.draw()

    theirs = frames(frame, 3, skip=1)
    naive.close()
    return ours, theirs


class Bare:
    """The product's machines in an empty room: no floor, no rings, no beacons, for the peer has none."""

    def __init__(self, rig: Rig, placed: Hall) -> None:
        """Put them up."""
        from ui.scene3d.cast import Troupe  # noqa: PLC0415 - VTK, late
        from ui.scene3d.paint import Paint  # noqa: PLC0415 - as above
        from ui.scene3d.scene import codes_of  # noqa: PLC0415 - as above

        self.placed, self.opened = placed, renderer(rig)
        self.window, room = self.opened._window, self.opened._renderer  # noqa: SLF001 - the window alone is wanted
        rows = np.arange(len(placed.scene.units))
        self.troupe = Troupe(rig, rows, placed.scene.bases())
        self.troupe.split(np.zeros(len(rows), dtype=np.int64))
        for body, copies in self.troupe.staged.copies():
            del body
            copies.shade()
            room.AddActor(copies.actor)
        self.requests = [placed.request(frame) for frame in range(8)]
        self.paint = lambda request: Paint(codes_of(request.looks), (), None, LIGHT, 1.0)
        self.opened._hall = type("Nothing", (), {"extent": type("Extent", (), {"middle": np.zeros(3), "radius": 1000.0})})()  # noqa: SLF001 - as above
        self.opened._look_through(self.requests[0])  # noqa: SLF001 - as above
        self.window.SetSize(*SMALL)

    def frame(self, number: int) -> None:
        """Draw a frame and wait for it."""
        request = self.requests[number % 8]
        self.troupe.pose(request.phases)
        self.troupe.paint(self.paint(request))
        self.window.Render()
        self.window.WaitForCompletion()


def whole_ms(count: int, repeats: int) -> tuple[dict[str, float], float | None, float | None]:
    """Return a whole frame in software at 1280x720: ours (all that the product draws), the peer's, and the peer's update."""
    placed, rig = hall(count, SIZE), six_parts()
    opened = renderer(rig)
    began = time.perf_counter()
    opened.render(placed.request(0))
    ours = {"first_picture_s": round(time.perf_counter() - began, 2)}
    ours["frame_ms"] = frames(lambda frame: opened.render(placed.request(frame)), repeats)
    still = [replace(placed.request(0), phases=placed.phases + frame * FRAME_PHASE) for frame in range(repeats + 2)]
    ours["frame_same_states_ms"] = frames(lambda frame: opened.render(still[frame]), repeats)
    opened.close()
    if not peer_is_there():
        return ours, None, None
    naive = Naive(rig.bodies, count, placed.camera, SIZE)
    update = naive_update_ms(naive, rig, placed, 2)
    poses, colours = matrices(rig, placed, 1), np.random.default_rng(1).random((len(rig.bodies) * count, 3))

    def frame(_number: int) -> None:
        naive.update(poses, colours)
        naive.draw()

    theirs = frames(frame, max(2, repeats // 3), skip=1)
    naive.close()
    return ours, theirs, update


def peer_is_there() -> bool:
    """Tell whether pyvista is installed."""
    return importlib.util.find_spec("pyvista") is not None


def pick_ms(count: int) -> float:
    """Return what it costs to find the machine under the pointer."""
    placed = hall(count, SIZE)
    boxes, bases = placed.scene.boxes(), placed.scene.bases()
    rays = [placed.camera.ray(x, 360.0, SIZE) for x in np.linspace(100, 1180, 50)]
    return frames(lambda frame: pick(*rays[frame % 50], boxes, bases), 100)


def many(count: int) -> dict[str, float]:
    """Return what a very large hall costs."""
    placed, opened = hall(count, SIZE), renderer(six_parts())
    began = time.perf_counter()
    opened.render(placed.request(0))
    found = {"first_picture_s": round(time.perf_counter() - began, 2)}
    found["frame_ms"] = frames(lambda frame: opened.render(placed.request(frame)), 2, skip=1)
    opened.close()
    return found | {"update_ms": update_ms(count, 10)}


def graphics(counts: tuple[int, ...]) -> dict[str, Any]:
    """Return milliseconds of the clock a frame on a graphics card, effects on and off."""
    found: dict[str, Any] = {}
    for count in counts:
        placed, opened = hall(count, GPU_SIZE), renderer(six_parts())
        found["graphics"] = opened.graphics
        for name, profile in (("effects_off", Profile.LOW), ("effects_on", Profile.HIGH)):
            requests = [placed.request(frame, profile, running=False) for frame in range(33)]
            cost = frames(lambda frame, asked=requests, one=opened: one.render(asked[frame]), 30, skip=3, clock=True)
            found[f"{name}_{count}"] = {"frame_ms": cost, "frames_per_s": round(1e3 / cost)}
            say(f"{count} machines, {name}: {cost} ms a frame")
        opened.close()
    return found


def software(options: argparse.Namespace) -> dict[str, Any]:
    """Return all figures of a computer without a graphics card."""
    from benchmarks.scene_labels import label_figures  # noqa: PLC0415 - Qt, late

    count, repeats = options.machines, 6 if options.quick else 20
    found: dict[str, Any] = {"machines": count, "update_ms_1000": update_ms(count, 60), "pick_ms_5000": pick_ms(5000)}
    say(f"update {found['update_ms_1000']} ms; pick at 5,000 {found['pick_ms_5000']} ms")
    whole, naive, naive_update = whole_ms(count, repeats)
    driver, naive_driver = driver_ms(count, repeats * 3)
    found |= whole | {"naive_frame_ms": naive, "naive_update_ms": naive_update, "driver_frame_ms": driver, "naive_driver_ms": naive_driver}
    found["update_vs_naive"] = ratio(naive_update, found["update_ms_1000"])
    found["driver_frame_vs_naive"] = ratio(naive_driver, driver)
    found["frame_vs_naive"] = ratio(naive, whole["frame_ms"])
    say(f"frame {whole['frame_ms']} ms against {naive}; driver only {driver} against {naive_driver}; update {naive_update} by the peer")
    found |= label_figures(hall(count, SIZE), six_parts(), peer=peer_is_there())
    found["hall_of_10000"] = many(10_000)
    return found


def ratio(theirs: float | None, ours: float) -> float | None:
    """Return how many times as much theirs costs, None without theirs."""
    return None if theirs is None else round(theirs / ours, 1)


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--quick", action="store_true", help="fewer frames, under 50 s")
    options.add_argument("--gpu", action="store_true", help="the clock's milliseconds at 1920x1080 on a graphics card")
    options.add_argument("--machines", type=int, default=1000)
    asked = options.parse_args()
    machines._BY_KEY[ROBOT.key] = ROBOT  # noqa: SLF001 - a machine type of this benchmark's own
    found = graphics((1000,) if asked.quick else (1000, 10_000)) if asked.gpu else software(asked)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
