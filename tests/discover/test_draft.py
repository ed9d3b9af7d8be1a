"""The file that is written: it says what is a guess, and read back it is the line that was suggested, whatever was heard."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.discover.plant import heard, read_back, suggested
from twin_app.discover.draft import written
from twin_app.discover.suggestion import suggest
from twin_app.layout import load
from twin_app.text import set_language

PACKML = (
    ("A/B/Filler/Status/StateCurrentStr", "Execute"), ("A/B/Filler/Admin/MachDesignSpeed", "100"), ("A/B/Filler/Status/Parameter/0/Value", "72.5"),
    ("A/B/Filler/Status/Parameter/0/Name", "Oil temperature"), ("A/B/Filler/Status/Parameter/0/Unit", "degC"),
    ("A/B/Mixer/Status/StateCurrentStr", "Idle"), ("A/B/cam", b"\xff\xd8"), ("A/B/Filler/Admin/ProdProcessedCount/0/AccCount", "7"),
)  # fmt: skip


@pytest.fixture
def text() -> str:
    survey = heard(*PACKML)
    return written(suggested(survey), survey, heard_on="mqtt://plant:1883")


@pytest.mark.parametrize(
    "line",
    [
        'type = "filler"                           # guess: by its name',
        'type = "machine"                          # guess: nothing in its name tells what it is',
        'name = "OilTemperature"                   # seen: 72.5',
        'unit_of_measure = "°C"',
        "Filler = 0.6                              # guess: its design speed is 100/min",
        "processed_includes_defective = true       # guess: nothing that was counted tells",
        "#   A/B/cam: binary, ff d8",
        '#     feeds = [{ to = "Mixer", buffer_capacity = 20 }]',
    ],
)
def test_that_the_draft_says_what_it_guessed_and_what_it_saw(text: str, line: str) -> None:
    assert line in text.splitlines()


def test_that_no_flow_and_no_calendar_are_made_up(text: str) -> None:
    live = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    assert "feeds" not in live
    assert "[[shift]]" not in live
    assert "targets" not in live


def test_that_a_draft_is_written_in_the_readers_language(tmp_path: Path) -> None:
    survey = heard(*PACKML)
    set_language("zh_CN")
    try:
        assert "草稿" in written(suggested(survey), survey, heard_on="mqtt://plant:1883").splitlines()[0]
        assert read_back(suggested(survey), survey, tmp_path) == suggested(survey).line
    finally:
        set_language("en")


def test_that_nothing_is_suggested_where_nothing_names_a_machine() -> None:
    assert suggest(heard(("temperature", "21")), zone="UTC") is None
    assert suggest(heard(("plant/camera", b"\xff\xd8")), zone="UTC") is None
    assert suggest(heard(), zone="UTC") is None


def test_that_odd_names_become_names_that_a_layout_allows(tmp_path: Path) -> None:
    survey = heard(
        ('hall/ @Press "2" /temp', "3"), ("hall/a#b{c}/temp", "3"), ("hall/" + "long" * 60 + "/temp", "3"), ('hall/oven/"quoted\\"', "3")
    )
    found = suggested(survey)
    assert 'Press "2"' in {unit.id for unit in found.line.units}
    assert read_back(found, survey, tmp_path) == found.line


_LEVEL = st.text(min_size=1, max_size=12) | st.sampled_from(
    ["Filler", "press1", "press2", "line1", "Status", "Admin", "state", "now", "spBv1.0", "umh", "v1"]
)
_SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20)
_KEYS = st.text(max_size=12) | st.sampled_from(["state", "count", "run", "fault", "ts", "value", "name", "good", "bad", "mode"])
_JSON = st.recursive(_SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=5), max_leaves=12)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.lists(_LEVEL, min_size=1, max_size=6), _JSON | st.binary(max_size=30)), max_size=12))
def test_that_whatever_was_heard_the_draft_loads_and_is_what_was_suggested(said: list[tuple[list[str], object]]) -> None:
    survey = heard(*(("/".join(levels), payload if isinstance(payload, bytes) else json.dumps(payload)) for levels, payload in said))
    found = suggest(survey, zone="Europe/Berlin")
    if found is not None:
        with tempfile.TemporaryDirectory() as folder:
            assert read_back(found, survey, Path(folder)) == found.line
            load(Path(folder) / "draft.toml")
