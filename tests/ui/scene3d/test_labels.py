"""Labels find places that cover neither each other nor an abnormal machine."""

from hypothesis import given
from hypothesis import strategies as st

from ui.scene3d.labels import Rect, Wanted, placed

SIZE = (1280.0, 720.0)
RECTS = st.builds(Rect, st.floats(-50, 1250), st.floats(-50, 700), st.floats(30, 250), st.floats(30, 250))


@given(st.lists(RECTS, max_size=14))
def test_that_no_label_covers_another_or_an_abnormal_machine_or_leaves_the_picture(machines: list[Rect]) -> None:
    wanted = [Wanted(row, machine, 140, 42) for row, machine in enumerate(machines)]
    places = placed(wanted, dict(enumerate(machines)), SIZE)
    cards = list(places.values())
    for number, card in enumerate(cards):
        assert all(card.overlap(other) == 0 for other in cards[number + 1 :])
        assert all(card.overlap(machine) == 0 for machine in machines)
        assert 0 <= card.x <= SIZE[0] - card.width
        assert 0 <= card.y <= SIZE[1] - card.height


def test_that_a_lone_label_stands_centred_above_its_machine() -> None:
    machine = Rect(500, 300, 200, 150)
    assert placed([Wanted(3, machine, 100, 40)], {3: machine}, SIZE) == {3: Rect(550, 244, 100, 40)}


def test_that_the_most_urgent_label_gets_the_best_place() -> None:
    machine = Rect(500, 300, 200, 150)
    places = placed([Wanted(0, machine, 100, 40), Wanted(1, machine, 100, 40)], {}, SIZE)
    assert places[0] == Rect(550, 244, 100, 40)
    assert places[1].overlap(places[0]) == 0


def test_that_a_label_without_room_is_left_out() -> None:
    full = Rect(0, 0, *SIZE)
    assert placed([Wanted(0, full, 100, 40)], {0: full}, SIZE) == {}
