"""Picking against brute force: walking along the sight line in small steps."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ui.scene3d.picker import distances, pick
from ui.scene3d.scene import Scene, SceneUnit


def room(seed: int) -> Scene:
    random = np.random.default_rng(seed)
    kinds = ("filler", "capper", "machine")
    units = [
        SceneUnit(str(i), "", kinds[i % 3], None, 1.0, random.uniform(-12, 12), random.uniform(-12, 12), 0.0, random.uniform(0, 360))
        for i in range(8)
    ]
    return Scene(tuple(units), (), "")


@given(st.integers(0, 10_000))
def test_that_the_picked_machine_is_the_first_that_a_walk_along_the_line_enters(seed: int) -> None:
    scene = room(seed)
    random = np.random.default_rng(seed + 1)
    origin = random.uniform((-30, -30, 5), (30, 30, 20))
    target = random.uniform((-12, -12, 0), (12, 12, 2))
    direction = (target - origin) / np.linalg.norm(target - origin)
    boxes, bases = scene.boxes(), scene.bases()
    steps = origin + direction * np.arange(0, 80, 0.02)[:, None]
    local = np.einsum("nji,snj->sni", bases[:, :3, :3], steps[:, None] - bases[None, :, :3, 3])
    inside = ((local >= boxes[None, :, 0]) & (local <= boxes[None, :, 1])).all(axis=2)
    found = distances(origin, direction, boxes, bases)
    first = np.where(inside.any(axis=0), inside.argmax(axis=0) * 0.02, np.inf)
    # The walk may step over a corner that the line only grazes; it never enters what the line misses.
    walked = np.isfinite(first)
    assert (np.abs(first[walked] - found[walked]) <= 0.0201).all()
    grazed = np.isfinite(found) & ~walked
    assert (inside.sum(axis=0)[grazed] == 0).all()
    if walked.any() and not grazed.any():
        row = pick(origin, direction, boxes, bases)
        assert row is not None
        assert found[row] <= first.min() + 1e-9


def test_that_a_line_parallel_to_a_wall_is_judged_by_where_it_runs() -> None:
    boxes, bases = np.array([[(-1.0, -1, 0), (1, 1, 2)]]), np.eye(4)[None]
    along_x = np.array((1.0, 0, 0))
    assert pick(np.array((-5.0, 0, 1)), along_x, boxes, bases) == 0
    assert pick(np.array((-5.0, 3, 1)), along_x, boxes, bases) is None
    assert pick(np.array((5.0, 0, 1)), along_x, boxes, bases) is None


def test_that_nothing_is_picked_in_an_empty_room() -> None:
    assert pick(np.zeros(3), np.array((0.0, 0, -1)), np.empty((0, 2, 3)), np.empty((0, 4, 4))) is None


def test_that_picking_among_thousands_finds_what_asking_each_of_them_finds() -> None:
    random = np.random.default_rng(5)
    bases = np.broadcast_to(np.eye(4), (2000, 4, 4)).copy()
    angles = random.uniform(0, 2 * np.pi, 2000)
    bases[:, 0, 0] = bases[:, 1, 1] = np.cos(angles)
    bases[:, 1, 0] = np.sin(angles)
    bases[:, 0, 1] = -bases[:, 1, 0]
    bases[:, :2, 3] = random.uniform(-100, 100, (2000, 2))
    # Boxes that do not hold their own origin are among them.
    low = random.uniform(-3, 2, (2000, 3))
    boxes = np.stack([low, low + random.uniform(0.2, 3, (2000, 3))], axis=1)
    for _ in range(50):
        origin, direction = random.uniform(-120, 120, 3), random.normal(size=3)
        found = distances(origin, direction, boxes, bases)
        best = int(found.argmin())
        assert pick(origin, direction, boxes, bases) == (best if np.isfinite(found[best]) else None)
