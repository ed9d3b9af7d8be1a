"""What a group's card says, and in which order units stand out."""

from __future__ import annotations

from dataclasses import replace
from math import nan

from tests.ui.shell import plant
from twin_app.model.alarm import AlarmPicture, UnitAlarms
from twin_app.model.frame import Frame
from twin_app.model.packml import Category, State
from twin_app.model.story import Cause, CauseKind, Effect, Story
from ui.palette import LIGHT
from ui.strip.faces import group_face, ranked, unit_face
from ui.strip.folding import Run
from ui.strip.standing import Piece
from ui.widgets.card_face import CardFace

LINE = plant.line(tuple(f"Machine {n}" for n in range(1, 9)))
EIGHT = Piece(LINE.units, Run(LINE.units))


def faced(frame: Frame, *, large: tuple[str, ...] = (), selected: str = "", piece: Piece = EIGHT) -> CardFace:
    return group_face(LINE, piece, frame, LIGHT, selected=selected, large=large)


def test_that_a_group_that_is_well_says_how_many_run_and_how_fast_the_slowest() -> None:
    frame = plant.frame(LINE)
    face = faced(replace(frame, rates_per_min={**frame.rates_per_min, "M5": 17.0}))
    assert (face.title, face.glyph, face.state, face.also) == ("Machine 1–8", "▶", "8 running", "")
    assert (face.lead, face.rate, face.ideal) == ("slowest", "17", "of 42/min")
    assert "slowest: Machine 5" in face.notes
    assert (face.color, face.blind) == ("", False)


def test_that_a_groups_worst_is_said_first_and_gives_the_colour() -> None:
    frame = plant.frame(LINE, {"M2": State.SUSPENDED, "M3": State.SUSPENDED, "M4": State.STOPPED, "M5": None, "M6": State.HELD})
    starved = {unit: replace(frame.units[unit], category=Category.STARVED) for unit in ("M2", "M3")}
    face = faced(replace(frame, units={**frame.units, **starved}))
    assert (face.glyph, face.state, face.color) == ("‖", "1 held", LIGHT.held)
    assert face.also == "? 1 without data · ⇥ 2 starved · ■ 1 stopped · ▶ 3 running"
    assert "2 starved: Machine 2, Machine 3" in face.notes


def test_that_those_without_a_card_of_their_own_are_counted_as_more() -> None:
    frame = plant.frame(LINE, {f"M{n}": State.ABORTED for n in range(1, 6)})
    piece = replace(EIGHT, units=LINE.units[2:])
    assert faced(frame, large=("M1", "M2"), piece=piece).state == "3 more aborted"
    assert faced(frame, piece=piece).state == "3 aborted"


def test_that_a_group_nobody_hears_of_is_hatched_and_has_no_rate() -> None:
    face = faced(replace(plant.frame(LINE), units={}, rates_per_min={}))
    assert (face.state, face.glyph, face.blind, face.rate, face.lead) == ("8 without data", "?", True, "", "")
    silent = faced(replace(plant.frame(LINE), rates_per_min=dict.fromkeys(plant.frame(LINE).units, nan)))
    assert (silent.state, silent.rate) == ("8 running", "")


def test_that_a_group_carries_the_gravest_mark_of_its_alarms() -> None:
    told = {
        "M1": UnitAlarms(priority=3, count=2, unacknowledged=True, consequence=False),
        "M2": UnitAlarms(priority=2, count=1, unacknowledged=False, consequence=True),
    }
    face = faced(replace(plant.frame(LINE), alarms=AlarmPicture(units=told)))
    assert face.alarms == UnitAlarms(priority=2, count=3, unacknowledged=False, consequence=True)


def test_that_a_group_is_marked_while_one_of_it_is_selected() -> None:
    assert faced(plant.frame(LINE), selected="M7").selected
    assert not faced(plant.frame(LINE), selected="M9").selected


def test_that_the_root_cause_stands_out_first_then_failures_then_what_is_oldest() -> None:
    frame = plant.frame(LINE, {"M2": State.HELD, "M3": State.ABORTED, "M4": State.ABORTED, "M6": State.ABORTED})
    units = {**frame.units, "M4": replace(frame.units["M4"], since_ns=frame.units["M3"].since_ns - 1)}
    cause = Cause(unit="M6", kind=CauseKind.FAILED, since_ns=frame.at_ns, state=State.ABORTED)
    story = Story(at_ns=frame.at_ns, causes=(cause,), effect=Effect.STOPPED)
    assert ranked(replace(frame, units=units, story=story), LINE.units) == ["M6", "M4", "M3", "M2"]


def test_that_a_card_has_a_shorter_word_where_the_whole_one_is_long() -> None:
    frame = plant.frame(LINE, {"M1": State.SUSPENDED, "M2": State.UNSUSPENDING, "M3": State.SUSPENDED, "M4": None})
    units = {**frame.units, "M3": replace(frame.units["M3"], category=Category.STARVED, inferred=True)}
    faces = [unit_face(LINE, unit, replace(frame, units=units), LIGHT, selected=False) for unit in LINE.units[:5]]
    assert [face.brief for face in faces] == ["Susp.", "Unsusp.", "≈ Starved", "No data", "Execute"]
