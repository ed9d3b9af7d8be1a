"""Which level of a topic names the machine, in name-spaces as plants have them."""

from __future__ import annotations

import pytest

from twin_app.discover.places import NOWHERE, Spoken, place
from twin_app.discover.words import machine_type_of, names_machine, names_part, names_place, natural
from twin_app.machines import MACHINE_TYPES

DOCUMENT = "a payload that names its signals itself"


def machines(*topics: str, shape: str | None = None) -> dict[str, str]:
    """Return the level that names each topic's machine, a dash where none does."""
    spoken = {topic: Spoken(tuple(topic.split("/")), shape) for topic in topics}
    return {topic: "-" if depth == NOWHERE else topic.split("/")[depth] for topic, depth in place(spoken).items()}


@pytest.mark.parametrize(
    ("topics", "found"),
    [
        (("site/line1/press1/temp", "site/line1/press1/drive/speed", "site/line1/press2/temp", "site/line2/oven/temp"), ("press1", "press1", "press2", "oven")),
        (("Acme/Leipzig/Assembly/Station10/Temp/Value", "Acme/Leipzig/Assembly/Station20/Temp/Value"), ("Station10", "Station20")),
        (("abc/xyz/temperature", "abc/xyz/speed"), ("xyz", "xyz")),
        (("plc7/status/run", "plc7/counts/good"), ("plc7", "plc7")),
        (("hall/m1/motor1/temp", "hall/m1/motor2/temp", "hall/press2/motor1/temp", "hall/press2/motor2/temp"), ("m1", "m1", "press2", "press2")),
        (("工厂/灌装机/温度", "工厂/贴标机/温度"), ("灌装机", "贴标机")),
        (("temperature",), ("-",)),
        (("/leading/press/temp",), ("press",)),
    ],
)  # fmt: skip
def test_that_single_values_stand_below_their_machine(topics: tuple[str, ...], found: tuple[str, ...]) -> None:
    assert tuple(machines(*topics).values()) == found


@pytest.mark.parametrize(
    ("topics", "found"),
    [
        (("bottling/edge/depal/now", "bottling/edge/rinser/now", "bottling/edge/store/now"), ("depal", "rinser", "store")),
        (("hall2/Press",), ("Press",)),
        (("factory/data",), ("data",)),
        (("press1",), ("press1",)),
        (("plant/a17/telemetry", "plant/b3/telemetry"), ("a17", "b3")),
    ],
)  # fmt: skip
def test_that_documents_may_stand_at_the_machine_itself(topics: tuple[str, ...], found: tuple[str, ...]) -> None:
    assert tuple(machines(*topics, shape=DOCUMENT).values()) == found


def test_that_very_deep_topics_are_left_alone() -> None:
    deep = "/".join(f"l{i}" for i in range(200))
    assert machines(deep)[deep] != "-"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Filler", "filler"), ("filling_station_2", "filler"), ("LabellerA", "labeller"), ("labeler", "labeller"), ("depal", "depalletiser"),
        ("Palletizer", "palletiser"), ("casePacker", "case_packer"), ("case-packer 3", "case_packer"), ("vision", "inspection"), ("weigh", "inspection"),
        ("Robot1", "robot6"), ("AGV1", "agv"), ("store", "rack"), ("CNC-04", "cnc_mill"), ("press12", "press"), ("Tunnel oven", "oven"),
        ("Conveyor 4", "conveyor"), ("Lathe", "lathe"), ("SCARA_2", "scara"), ("moulding3", "injection_moulder"), ("灌装机3", "filler"),
        ("pressure", ""), ("compressor", ""), ("fillRate", ""), ("weight", ""), ("labelsLeft", ""), ("palletCount", ""), ("milliseconds", ""), ("beltSpeed", "conveyor"), ("Emulated Device", ""), ("line2", ""), ("temperature", ""),
    ],
)  # fmt: skip
def test_that_a_machines_type_is_told_by_its_name(name: str, key: str) -> None:
    assert machine_type_of(name) == key


def test_that_only_types_that_there_are_are_guessed() -> None:
    from twin_app.discover.words import MACHINE_STEMS, TYPE_RANK

    keys = {kind.key for kind in MACHINE_TYPES}
    assert {key for key, _ in MACHINE_STEMS} <= keys
    assert set(TYPE_RANK) == keys


def test_that_places_and_parts_are_no_machines() -> None:
    assert all(names_place(name) for name in ("line2", "Hall B", "plant", "车间"))
    assert all(names_part(name) for name in ("status", "telemetry", "motor", "sensors"))
    assert not any(names_part(name) for name in ("motor 2", "Filler", "a17"))  # a numbered part may be a machine
    assert all(names_machine(name) for name in ("machine7", "mixer", "Station10", "灌装机"))


def test_that_names_are_sorted_as_people_do() -> None:
    assert sorted(["press10", "press2", "Press1"], key=natural) == ["Press1", "press2", "press10"]
