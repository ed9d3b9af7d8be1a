"""The tree that people are shown: machines of a kind in one row, siblings that are alike in one row, nothing lost."""

from __future__ import annotations

from tests.discover.plant import heard, suggested
from twin_app.discover.suggestion import suggest
from twin_app.discover.survey import Survey
from twin_app.discover.tree import Node, tree_of


def titles(survey: Survey) -> list[str]:
    """Return every row, indented."""

    def below(node: Node, depth: int) -> list[str]:
        return [row for child in node.children.values() for row in ("  " * depth + child.title, *below(child, depth + 1))]

    return below(tree_of(survey.topics.values(), suggest(survey, zone="UTC")), 0)


def test_that_the_machines_of_a_line_stand_in_one_row() -> None:
    survey = heard(
        *((f"PlantA/Packaging/{unit}/Status/{tag}", "1") for unit in ("Filler", "Capper") for tag in ("CurMachSpeed", "MachSpeed"))
    )
    assert titles(survey) == ["PlantA/Packaging", "  {Filler, Capper}", "    Status", "      CurMachSpeed", "      MachSpeed"]


def test_that_siblings_with_the_same_below_them_stand_in_one_row() -> None:
    survey = heard(*((f"A/B/Filler/Admin/Alarm/{i}/Trigger", "true") for i in range(9)), ("A/B/Filler/Status/StateCurrentStr", "Execute"))
    assert "    {0, 1, 2, 3, … 9}" in titles(survey)


def test_that_different_values_of_one_machine_stay_apart() -> None:
    survey = heard(*((f"hall/press/{tag}", "1") for tag in ("temp", "speed", "force", "oil", "level")))
    assert titles(survey) == ["hall/press", "  force", "  level", "  oil", "  speed", "  temp"]


def test_that_numbered_values_stand_in_one_row_and_a_flood_does_too() -> None:
    survey = heard(*((f"hall/press/zone{i}", "1") for i in range(4)), ("hall/press/force", "1"))
    assert titles(survey) == ["hall/press", "  force", "  {zone0, zone1, zone2, zone3}"]
    flood = heard(*((f"hall/press/x{chr(97 + i)}y", "1") for i in range(20)))
    assert titles(flood) == ["hall/press", "  {xay, xby, xcy, xdy, … 20}"]


def test_that_no_topic_is_lost_on_the_way() -> None:
    survey = heard(*((f"hall/m{i % 7}/{i % 5}/v{i}", "1") for i in range(300)), ("hall/m1", '{"a":1}'), ("hall/cam", b"\xff"))
    root = tree_of(survey.topics.values(), suggested(survey))
    assert sorted(profile.topic for profile in root.leaves()) == sorted(survey.topics)
