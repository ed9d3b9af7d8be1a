"""Keys that come faster than the answers to where they lead."""

from __future__ import annotations

from ui.timeline.stepping import MOST, PATIENCE_S, Stepping


class Asked:
    """Answers when told to; notes which way was asked for."""

    def __init__(self) -> None:
        self.ways: list[int] = []
        self.clock_s = 0.0
        self.may = True
        self.stepping = Stepping(self.ask, lambda: self.clock_s)

    def ask(self, direction: int) -> bool:
        self.ways.append(direction)
        return self.may


def test_that_two_quick_presses_are_two_steps() -> None:
    one = Asked()
    one.stepping.press(1)
    one.stepping.press(1)
    assert one.ways == [1]
    one.stepping.answered(found=True)
    assert one.ways == [1, 1]
    one.stepping.answered(found=True)
    assert one.ways == [1, 1]


def test_that_a_press_back_takes_one_forwards_away() -> None:
    one = Asked()
    for direction in (1, 1, 1, -1):
        one.stepping.press(direction)
    for _ in range(5):
        one.stepping.answered(found=True)
    assert one.ways == [1, 1]


def test_that_a_key_held_down_ends_soon_after_it_was_let_go_and_at_the_last_event() -> None:
    one = Asked()
    for _ in range(100):
        one.stepping.press(-1)
    for _ in range(100):
        one.stepping.answered(found=True)
    assert one.ways == [-1] * (1 + MOST)
    for _ in range(3):
        one.stepping.press(-1)
    one.stepping.answered(found=False)
    assert len(one.ways) == 2 + MOST


def test_that_an_answer_that_never_comes_does_not_hold_up_the_next_press() -> None:
    one = Asked()
    one.stepping.press(1)
    one.clock_s = PATIENCE_S
    one.stepping.press(1)
    assert one.ways == [1, 1]
    one.stepping.answered(found=True)
    one.may = False
    one.stepping.press(1)
    one.stepping.press(1)
    assert one.ways == [1, 1, 1, 1]
