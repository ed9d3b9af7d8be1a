"""What the head of a lane says of alarms, painted and told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.ui.panels.doubles import Plant, Stage, at
from tests.ui.panels.test_timeline_marks import colored
from twin_app.model.alarm import Alarm, AlarmNow, AlarmPicture, AlarmState, Form, UnitAlarms
from twin_app.model.frame import Changes
from ui.palette import LIGHT
from ui.panels.timeline import TimelinePanel
from ui.timeline.lane_alarms import Heads, LaneAlarms, alarms_told


@pytest.fixture
def timeline(put: Any, plant: Plant) -> tuple[TimelinePanel, Stage]:
    panel, stage = put(TimelinePanel, plant, 1000, 320)
    panel.offer(plant.frame(100.0))
    return panel, stage


def alarm(unit: str, name: str, state: AlarmState, since_s: float, priority: int = 2) -> AlarmNow:
    made = Alarm(key=f"{unit}/{name}", unit=unit, name=name, form=Form.FAULT, priority=priority, text=name)
    return AlarmNow(alarm=made, state=state, since_ns=at(since_s), changed_ns=at(since_s))


def test_that_the_head_of_a_lane_shows_its_gravest_alarm_and_how_many_wait(timeline: tuple[TimelinePanel, Stage]) -> None:
    """Of Filler one stands and waits, one is over and waits, one is acknowledged; of Capper one is over and waits."""
    panel, stage = timeline
    canvas = panel.canvas
    listed = (
        alarm("Filler", "Drive fault", AlarmState.UNACKNOWLEDGED, 60.0, 1), alarm("Filler", "Jam", AlarmState.ACKNOWLEDGED, 61.0),
        alarm("Filler", "Door", AlarmState.RETURNED_UNACKNOWLEDGED, 40.0), alarm("Capper", "Jam", AlarmState.RETURNED_UNACKNOWLEDGED, 30.0),
    )  # fmt: skip
    units = {"Filler": UnitAlarms(priority=1, count=2, unacknowledged=True, consequence=False)}
    bare = colored(canvas.grab().toImage(), LIGHT.priority[0], 0, canvas.rows.y(0), canvas.scale.left_px, canvas.rows.pitch_px)
    frame = stage.plant.frame(100.0)
    panel.offer(replace(frame, changes=Changes(alarms=True), alarms=AlarmPicture(listed=listed, units=units)))
    filler, capper = (canvas.content.lane(canvas.content.rows[i], canvas.scale, 1.0, canvas.view.known, len).alarms for i in (0, 1))
    assert filler == LaneAlarms(units["Filler"], 2)
    assert capper == LaneAlarms(None, 1)
    image = canvas.grab().toImage()
    in_heads = [colored(image, LIGHT.priority[0], 0, canvas.rows.y(i), canvas.scale.left_px, canvas.rows.pitch_px) for i in (0, 1)]
    assert bare == 0
    assert in_heads[0] > 20
    assert in_heads[1] == 0
    assert canvas.telling(20, canvas.rows.y(0) + 5).splitlines()[-4:] == [
        "2 wait to be acknowledged.", "1  17:26:57  Drive fault · Unacknowledged", "2  17:26:58  Jam · Acknowledged",
        "2  17:26:37  Door · Returned, unacknowledged",
    ]  # fmt: skip
    panel.offer(replace(frame, changes=Changes(alarms=True), alarms=AlarmPicture()))
    assert canvas.content.lane(canvas.content.rows[0], canvas.scale, 1.0, canvas.view.known, len).alarms == LaneAlarms()


def test_that_a_folded_lane_stands_for_the_gravest_of_its_units_and_all_that_wait() -> None:
    listed = (alarm("A", "x", AlarmState.UNACKNOWLEDGED, 1.0, 3), alarm("B", "y", AlarmState.UNACKNOWLEDGED, 2.0, 1))
    units = {now.alarm.unit: UnitAlarms(priority=now.alarm.priority, count=1, unacknowledged=True, consequence=False) for now in listed}
    picture = AlarmPicture(listed=listed, units=units)
    assert Heads(picture).of(("A", "B")) == LaneAlarms(units["B"], 2)
    assert Heads(picture).of(("C",)) == LaneAlarms()


def test_that_of_many_alarms_the_first_are_told_and_the_others_counted(plant: Plant) -> None:
    listed = tuple(alarm("Filler", f"A{i}", AlarmState.ACKNOWLEDGED, float(i)) for i in range(6))
    told = alarms_told(AlarmPicture(listed=listed), ("Filler",), plant.line, ZoneInfo("UTC"))
    assert [line.split("  ")[2] for line in told[:4]] == [f"A{i} · Acknowledged" for i in range(4)]
    assert told[4:] == ["and 2 more here"]
