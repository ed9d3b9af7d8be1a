"""While the eye moves a slow processor draws fewer pixels, the same number for a whole move, and all of them when it rests."""

from ui.scene3d.sharpness import Sharpness


def test_that_the_first_move_has_every_pixel_for_nothing_is_known() -> None:
    assert Sharpness().share(moving=True) == 1.0


def test_that_a_picture_four_times_too_slow_is_drawn_with_half_the_lines() -> None:
    sharpness = Sharpness()
    sharpness.learn(180.0, 1.0)
    assert sharpness.share(moving=True) == 0.5
    assert sharpness.share(moving=False) == 1.0
    # 45 ms with half the lines is 180 ms with all of them: it stays so.
    sharpness.learn(45.0, 0.5)
    assert sharpness.share(moving=True) == 0.5


def test_that_one_move_keeps_its_share_whatever_is_learned_meanwhile() -> None:
    sharpness = Sharpness()
    assert sharpness.share(moving=True) == 1.0
    sharpness.learn(200.0, 1.0)
    assert sharpness.share(moving=True) == 1.0
    sharpness.share(moving=False)
    assert sharpness.share(moving=True) == 0.5


def test_that_a_quick_one_stays_sharp() -> None:
    sharpness = Sharpness()
    sharpness.learn(20.0, 1.0)
    assert sharpness.share(moving=True) == 1.0
    sharpness = Sharpness()
    sharpness.learn(70.0, 1.0)
    assert sharpness.share(moving=True) == 0.75
