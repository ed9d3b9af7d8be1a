"""Pictures by their properties: where they differ and which colours they hold, never pixel by pixel."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic

import numpy as np
import pytest

from models3d import machine_model
from ui.scene3d.camera import Camera
from ui.scene3d.cards import machine_rects
from ui.scene3d.renderer import SceneRenderer
from ui.scene3d.request import Picture, Profile, Request, low_profile
from ui.scene3d.scene import Look, Scene, SceneUnit, corners
from ui.scene3d.theme import DARK, LIGHT, SceneTheme, rgb

Ask = Callable[..., Request]
RUNNING = (Look.RUNNING,) * 3


def near(picture: Picture, colour: str, tolerance: float = 0.06) -> int:
    """Return how many pixels are close to a colour."""
    apart = np.abs(picture.pixels[..., :3] / 255.0 - rgb(colour)).max(axis=-1)
    return int((apart < tolerance).sum())


def changed(one: Picture, other: Picture) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
    apart = np.abs(one.pixels[..., :3].astype(int) - other.pixels[..., :3].astype(int)).max(axis=-1)
    different: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] = apart > 3
    return different


def around(picture: Picture, row: int, margin: int) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
    """Return a mask of the pixels around one machine."""
    request = picture.request
    rect = machine_rects(request.bases(), picture.boxes, request.camera, request.size)[row]
    assert rect is not None
    y, x = np.mgrid[: request.size[1], : request.size[0]]
    inside: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] = (
        (x > rect.x - margin) & (x < rect.x + rect.width + margin) & (y > rect.y - margin) & (y < rect.y + rect.height + margin)
    )
    return inside


def test_that_a_picture_has_the_asked_size_and_machines_in_it(renderer: SceneRenderer, ask: Ask) -> None:
    picture = renderer.render(ask())
    assert picture.pixels.shape == (270, 480, 4)
    empty = renderer.render(ask(scene=Scene((), (), ""), looks=(), phases=np.empty(0), camera=picture.request.camera))
    for row in range(3):
        assert changed(picture, empty)[around(picture, row, 0)].mean() > 0.3


def test_that_the_same_request_gives_the_same_picture(renderer: SceneRenderer, ask: Ask) -> None:
    assert np.array_equal(renderer.render(ask()).pixels, renderer.render(ask()).pixels)


def test_that_a_phase_seen_before_gives_the_picture_seen_before(renderer: SceneRenderer, ask: Ask) -> None:
    first = renderer.render(ask(phases=np.array([7.3, 2.1, 5.0])))
    renderer.render(ask(phases=np.array([8.9, 1.0, 2.0])))
    again = renderer.render(ask(phases=np.array([7.3, 2.1, 5.0])))
    assert np.array_equal(first.pixels, again.pixels)


def test_that_a_counting_machine_moves_and_a_frozen_one_does_not(renderer: SceneRenderer, ask: Ask) -> None:
    before = renderer.render(ask(phases=np.array([0.0, 0.0, 0.0])))
    after = renderer.render(ask(phases=np.array([0.0, 0.0, 2.4])))
    moved = changed(before, after)
    assert moved[around(before, 2, 4)].sum() > 30
    assert not moved[~around(before, 2, 4)].any()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize(("look", "role"), [(Look.ABORTED, "aborted"), (Look.HELD, "held"), (Look.SUSPENDED, "suspended")])
def test_that_an_abnormal_colour_appears_only_around_the_abnormal_machine(
    renderer: SceneRenderer, ask: Ask, theme: SceneTheme, look: Look, role: str
) -> None:
    colour = getattr(theme, role)
    calm = renderer.render(ask(theme=theme))
    assert near(calm, colour) == 0
    alarmed = renderer.render(ask(theme=theme, looks=(Look.RUNNING, look, Look.RUNNING)))
    assert near(alarmed, colour) > 40
    assert not (changed(calm, alarmed) & ~around(alarmed, 1, 30)).any()


def test_that_selecting_a_machine_changes_only_its_surroundings(renderer: SceneRenderer, ask: Ask) -> None:
    plain, selected = renderer.render(ask()), renderer.render(ask(selected=0))
    assert near(plain, LIGHT.selection) == 0
    assert near(selected, LIGHT.selection) > 20
    assert not (changed(plain, selected) & ~around(plain, 0, 30)).any()


def test_that_hovering_lightens_only_the_machine_under_the_pointer(renderer: SceneRenderer, ask: Ask) -> None:
    plain, hovered = renderer.render(ask()), renderer.render(ask(hovered=2))
    assert not (changed(plain, hovered) & ~around(plain, 2, 3)).any()
    touched = changed(plain, hovered)
    assert touched.sum() > 200
    outline = hovered.pixels[..., 2].astype(int) - hovered.pixels[..., 0] > 25
    lit = touched & ~outline
    assert hovered.pixels[lit].astype(int).mean() > plain.pixels[lit].astype(int).mean() + 5


def test_that_a_stale_machine_is_hatched_and_still_recognisable(renderer: SceneRenderer, ask: Ask) -> None:
    fresh = renderer.render(ask())
    stale = renderer.render(ask(looks=(Look.UNKNOWN, Look.RUNNING, Look.RUNNING)))
    inside = around(fresh, 0, 0)
    grey = stale.pixels[..., :3].astype(float).mean(axis=-1)
    # Stripes run down to the right: along that diagonal neighbours agree, across it they differ.
    along = np.abs(grey[2:, 2:] - grey[:-2, :-2])[inside[2:, 2:]].mean()
    across = np.abs(grey[2:, :-2] - grey[:-2, 2:])[inside[2:, 2:]].mean()
    assert across > 1.5 * along
    assert not (changed(fresh, stale) & ~around(fresh, 0, 30)).any()


def test_that_dark_is_darker_than_light(renderer: SceneRenderer, ask: Ask) -> None:
    light, dark = (renderer.render(ask(theme=theme)).pixels[..., :3].mean() for theme in (LIGHT, DARK))
    assert dark < 80
    assert light > 180


def test_that_the_middle_of_the_floor_has_the_palettes_colour(renderer: SceneRenderer, ask: Ask) -> None:
    picture = renderer.render(
        ask(scene=Scene((), (), ""), looks=(), phases=np.empty(0), camera=Camera(elevation_deg=60.0, distance_m=12.0))
    )
    middle = Picture(picture.request, picture.pixels[100:170, 180:300], picture.boxes, picture.beacons, (), "", 0.0)
    assert near(middle, LIGHT.floor, 0.02) > 0.6 * 70 * 120


def test_that_a_resized_request_gives_a_resized_picture(renderer: SceneRenderer, ask: Ask) -> None:
    assert renderer.render(ask(size=(333, 217))).pixels.shape == (217, 333, 4)
    assert renderer.render(ask()).pixels.shape == (270, 480, 4)


def test_that_a_draft_shows_the_same_room_without_smoothing(renderer: SceneRenderer, ask: Ask) -> None:
    fine, draft = renderer.render(ask()), renderer.render(ask(draft=True))
    assert 0 < changed(fine, draft).mean() < 0.2


def test_that_running_machines_are_drawn_where_standing_ones_would_be(renderer: SceneRenderer, ask: Ask) -> None:
    """Only edges of what moves may differ: they are not smoothed."""
    for phase in (0.0, 0.3, 0.55):
        phases = np.full(3, phase)
        still, running = renderer.render(ask(phases=phases)), renderer.render(ask(phases=phases, running=True))
        assert changed(still, running).mean() < 0.03
        apart = np.abs(still.pixels.astype(int) - running.pixels.astype(int)).max(axis=-1)
        assert (apart > 60).mean() < 0.001


def test_that_a_picture_of_running_machines_does_not_depend_on_the_one_before(renderer: SceneRenderer, ask: Ask) -> None:
    now = ask(phases=np.array([0.3, 0.6, 0.2]), running=True)
    renderer.render(replace(now, phases=now.phases + 0.25))
    after_another = renderer.render(now)
    renderer.render(replace(now, hovered=1))  # what stands still is drawn anew
    renderer.render(replace(now, running=False))
    assert np.array_equal(after_another.pixels, renderer.render(now).pixels)


def test_that_a_state_that_changes_while_machines_run_is_seen(renderer: SceneRenderer, ask: Ask) -> None:
    calm = renderer.render(ask(running=True))
    alarmed = renderer.render(ask(running=True, looks=(Look.RUNNING, Look.ABORTED, Look.RUNNING)))
    assert near(calm, LIGHT.aborted) == 0
    assert near(alarmed, LIGHT.aborted) > 40


def test_that_running_machines_are_drawn_from_wherever_the_eye_went_and_in_any_size(renderer: SceneRenderer, ask: Ask) -> None:
    for changes in ({"camera": Camera(azimuth_deg=200.0)}, {"size": (333, 217)}, {"theme": DARK}):
        still, running = renderer.render(ask(**changes)), renderer.render(ask(**changes, running=True))
        assert still.pixels.shape == running.pixels.shape
        assert changed(still, running).mean() < 0.03


def test_that_a_vehicle_that_drives_among_running_machines_leaves_no_trace(renderer: SceneRenderer, ask: Ask) -> None:
    stands = ask().bases().copy()
    renderer.render(ask(running=True, stands=stands.copy()))
    stands[2, 0, 3] += 0.8
    driven = renderer.render(ask(running=True, stands=stands))
    assert changed(renderer.render(ask(stands=stands)), driven).mean() < 0.08
    stopped = renderer.render(ask(running=True, stands=stands.copy()))
    assert changed(renderer.render(ask(stands=stands)), stopped).mean() < 0.03


def test_that_a_machine_too_fast_for_the_pictures_does_not_run_backwards(renderer: SceneRenderer, ask: Ask) -> None:
    """Nine tenths of a product between two pictures look like a tenth back; four tenths forward are shown."""
    renderer.render(ask(phases=np.zeros(3)))
    fast = renderer.render(ask(phases=np.full(3, 0.9), onward=True))
    renderer.render(ask(phases=np.full(3, 0.4)))
    assert np.array_equal(fast.pixels, renderer.render(ask(phases=np.full(3, 0.4), onward=True)).pixels)


def test_that_an_opengl_that_keeps_no_picture_draws_the_whole_room(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    lame = SceneRenderer()
    monkeypatch.setattr(lame._backdrop, "_copy", lambda _source, _target: None)
    draft, running = lame.render(ask(draft=True)), lame.render(ask(running=True))
    moved = lame.render(ask(running=True, phases=np.full(3, 0.5)))
    lame.close()
    assert np.array_equal(draft.pixels, running.pixels)
    assert changed(running, moved).any()


def with_models(renderer: SceneRenderer, request: Request) -> Picture:
    """Return the picture once every model is read."""
    deadline = monotonic() + 30
    while (picture := renderer.render(request)).loading:
        assert monotonic() < deadline
    return picture


def test_that_a_box_of_the_machines_size_stands_in_until_a_model_is_read(renderer: SceneRenderer, tmp_path: Path) -> None:
    path = tmp_path / "bottle.glb"
    path.write_bytes(machine_model("bottle.glb").read_bytes())
    scene = Scene((SceneUnit("u", "M1", "machine", path, 10.0, 0, 0, 0, 0),), (), "")
    request = Request(scene, LIGHT, Profile.LOW, Camera(), (64, 64), (Look.RUNNING,), np.zeros(1))
    at_first = renderer.render(request)
    assert at_first.loading == ("bottle.glb",)
    assert at_first.problems == ()
    assert np.allclose(at_first.boxes[0, :, :2], [(-1.2, -0.95), (1.2, 0.95)])
    assert np.allclose(np.ptp(with_models(renderer, request).boxes[0, :, :2], axis=0), 1.12, atol=0.03)


def test_that_a_missing_model_becomes_a_box_of_the_machines_size_and_a_sentence(renderer: SceneRenderer, tmp_path: Path) -> None:
    unit = SceneUnit("u", "M1", "machine", tmp_path / "robot.glb", 0.001, 0, 0, 0, 0)
    scene = Scene((unit,), (), "")
    camera = Camera().fitted(corners(scene.boxes(), scene.bases()).reshape(-1, 3), (480, 270))
    request = Request(scene, LIGHT, Profile.LOW, camera, (480, 270), (Look.RUNNING,), np.zeros(1))
    picture = with_models(renderer, request)
    assert next(problem.worded() for problem in picture.problems).startswith("The 3D model robot.glb cannot be opened")
    assert np.allclose(picture.boxes[0, :, :2], [(-1.2, -0.95), (1.2, 0.95)])
    assert near(picture, LIGHT.floor, 0.02) < 480 * 270 * 0.9


def test_that_a_users_model_in_millimetres_is_scaled_to_metres(renderer: SceneRenderer, tmp_path: Path) -> None:
    from models3d.machines.glb import encode
    from models3d.machines.mesh import box
    from models3d.machines.model import Model, Node, Part

    path = tmp_path / "crate.glb"
    path.write_bytes(encode(Model("crate", (Node("body"),), (Part("body", "body", box((2000, 1000, 1500), (0, 0, 750))),))))
    scene = Scene((SceneUnit("u", "M1", "machine", path, 0.001, 0, 0, 0, 0),), (), "")
    request = Request(scene, LIGHT, Profile.LOW, Camera(), (64, 64), (Look.RUNNING,), np.zeros(1))
    assert np.allclose(with_models(renderer, request).boxes[0, :, :2], [(-1.0, -0.5), (1.0, 0.5)])


def test_that_the_rich_finish_shows_the_same_room(renderer: SceneRenderer, ask: Ask) -> None:
    low, high = renderer.render(ask()), renderer.render(ask(profile=Profile.HIGH))
    assert changed(low, high).mean() > 0.01
    assert abs(low.pixels[..., :3].mean() - high.pixels[..., :3].mean()) < 25
    again = renderer.render(ask())
    assert np.array_equal(low.pixels, again.pixels)


@pytest.mark.parametrize(
    ("graphics", "low"),
    [
        ("llvmpipe (LLVM 15.0.6, 256 bits)", True),
        ("softpipe", True),
        ("Microsoft Basic Render Driver", True),
        ("Mesa Intel(R) UHD Graphics 620 (KBL GT2)", False),
        ("NVIDIA GeForce RTX 3060/PCIe/SSE2", False),
        ("Apple M2", False),
    ],
)
def test_that_the_plain_finish_is_taken_where_no_graphics_card_draws(graphics: str, low: bool) -> None:
    assert low_profile(graphics) is low


def test_that_requests_are_compared_by_what_they_show(ask: Ask) -> None:
    request = ask()
    assert request.same_picture(replace(request, phases=request.phases.copy()))
    assert not request.same_picture(None)
    assert not request.same_picture(replace(request, phases=request.phases + 0.01))
    assert not request.same_picture(replace(request, hovered=1))
    assert not request.same_picture(replace(request, scene=Scene((), (), "")))


def test_that_a_machine_far_away_is_drawn_with_fewer_triangles_and_looks_the_same(renderer: SceneRenderer, ask: Ask) -> None:
    """Against the same picture drawn with every triangle: only single pixels along edges may differ."""
    far = replace(Camera().fitted(np.array([(-60.0, -40, 0), (60, 40, 2)]), (480, 270)))
    coarse = renderer.render(ask(camera=far))
    assert set(renderer._levels.tolist()) == {4}
    renderer._cast.split(np.zeros(3, dtype=np.int64))
    renderer._furnish(ask(camera=far))
    fine = renderer.render(ask(camera=far))
    renderer._last = None
    apart = np.abs(coarse.pixels[..., :3].astype(int) - fine.pixels[..., :3].astype(int)).max(axis=-1)
    assert (apart > 90).mean() < 0.0005


def test_that_nothing_is_drawn_of_machines_outside_the_picture(renderer: SceneRenderer, ask: Ask) -> None:
    aside = Camera(focus=(-2.0, 0.0, 0.8), azimuth_deg=0.0, distance_m=6.0)
    renderer.render(ask(camera=aside))
    assert renderer._levels.tolist() == [0, -1, -1]
    whole = renderer.render(ask())
    assert min(renderer._levels) >= 0
    assert np.array_equal(whole.pixels, renderer.render(ask()).pixels)
