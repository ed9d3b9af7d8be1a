"""The command line on the capture, against facts that an independent script computed from the same file."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from twin_app.__main__ import main

ROOT = Path(__file__).resolve().parents[2]
LAYOUT = ROOT / "models3d/lines/packaging.toml"
CAPTURE = ROOT / "sample_streams/packaging.jsonl"
EXPECTED = json.loads((ROOT / "tests/data/captures/expected/packml_plain_mqtt.json").read_text())
MACHINES = ("Filler", "Capper", "Labeller")
ON_CAPTURE = ("--layout", str(LAYOUT), "--source", str(CAPTURE))


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a person's settings and recordings out of the tests."""
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path))


def run(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    """Run a command that prints JSON."""
    assert main(words) == 0
    answer = json.loads(capsys.readouterr().out)
    assert isinstance(answer, dict)
    return answer


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The figures of the whole capture."""
    import contextlib
    import io

    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out):
        patch.setenv("TWIN_APP_HOME", str(tmp_path_factory.mktemp("home")))
        assert main(["kpi", *ON_CAPTURE, "--json"]) == 0
    answer = json.loads(out.getvalue())
    assert isinstance(answer, dict)
    return answer


@pytest.mark.parametrize("machine", MACHINES)
def test_that_seconds_in_each_state_are_those_an_independent_script_found(whole: dict[str, Any], machine: str) -> None:
    expected = EXPECTED["machines"][machine]["seconds_in_state"]
    found = whole["units"][machine]["state_s"]
    assert found.keys() == expected.keys()
    for state, seconds in expected.items():
        assert found[state] == pytest.approx(seconds, abs=0.05), state


@pytest.mark.parametrize(("machine", "seconds"), [("Filler", 6.143), ("Capper", 4.896), ("Labeller", 4.902)])
def test_that_the_time_before_the_first_state_is_blind(whole: dict[str, Any], machine: str, seconds: float) -> None:
    assert whole["units"][machine]["blind_s"] == pytest.approx(seconds, abs=0.05)


@pytest.mark.parametrize("machine", MACHINES)
def test_that_counters_are_exact_and_a_reset_takes_nothing_away(whole: dict[str, Any], machine: str) -> None:
    facts, counters = EXPECTED["machines"][machine], whole["units"][machine]["counters"]
    for name in ("Consumed", "Processed", "Defective"):
        assert counters[name]["last"] == facts["acc"][name]
        assert counters[name]["total"] == facts["acc"][name]
        assert counters[f"{name}SinceReset"]["last"] == facts["count_since_reset"][name]
        assert counters[f"{name}SinceReset"]["total"] == pytest.approx(facts["acc"][name], abs=1e-9)


@pytest.mark.parametrize("machine", MACHINES)
def test_that_the_ledger_adds_up_to_the_window(whole: dict[str, Any], machine: str) -> None:
    unit = whole["units"][machine]
    assert sum(unit["category_s"].values()) == pytest.approx(EXPECTED["window_s"], abs=0.002)
    assert sum(unit["state_s"].values()) + unit["blind_s"] == pytest.approx(sum(unit["category_s"].values()), abs=1e-6)


@pytest.mark.parametrize("machine", MACHINES)
def test_that_the_oee_index_is_its_three_factors(whole: dict[str, Any], machine: str) -> None:
    kpi = whole["units"][machine]["kpi"]
    assert kpi["oee_index"] == pytest.approx(kpi["availability"] * kpi["effectiveness"] * kpi["quality_ratio"])


def test_that_the_line_counts_good_units_out_of_its_last_machine(whole: dict[str, Any]) -> None:
    good = EXPECTED["machines"]["Labeller"]["acc"]["Processed"]
    assert whole["line"]["good"] == pytest.approx(good)
    known_s = EXPECTED["window_s"] - 6.143  # the constraint is the Filler, blind before its first state
    assert whole["line"]["oee_index"] == pytest.approx(0.6 * good / known_s, rel=0.001)


def test_that_idle_and_clearing_are_named_rightly_although_their_numbers_are_swapped(capsys: pytest.CaptureFixture[str]) -> None:
    clearing = run(capsys, "state", *ON_CAPTURE, "--at", "+7s", "--json")["units"]["Filler"]
    assert clearing["state"] == "Clearing"
    idle = run(capsys, "state", *ON_CAPTURE, "--at", "+32s", "--json")["units"]["Filler"]
    assert idle["state"] == "Idle"


def test_that_a_state_says_since_when_and_every_value_its_time_and_quality(capsys: pytest.CaptureFixture[str]) -> None:
    answer = run(capsys, "state", *ON_CAPTURE, "--at", "+90s", "--json")
    filler = answer["units"]["Filler"]
    assert filler["state"] == "Holding"
    assert filler["since"].startswith("2026-11-23T")
    speed = filler["signals"]["CurMachSpeed"]
    assert speed["quality"] == "GOOD"
    assert speed["value"] == pytest.approx(57.01026637975714)
    assert speed["at"] <= answer["at"]


def test_that_nothing_is_known_before_the_first_state(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "state", *ON_CAPTURE, "--at", "+1s", "--json")["units"]["Filler"]["state"] is None


def test_that_two_windows_add_up_to_the_whole(capsys: pytest.CaptureFixture[str], whole: dict[str, Any]) -> None:
    first = run(capsys, "kpi", *ON_CAPTURE, "--to", "+100s", "--json")["units"]["Capper"]
    second = run(capsys, "kpi", *ON_CAPTURE, "--from", "+100s", "--json")["units"]["Capper"]
    both = first["state_s"].get("Execute", 0) + second["state_s"].get("Execute", 0)
    assert both == pytest.approx(whole["units"]["Capper"]["state_s"]["Execute"], abs=1e-6)
    total = first["counters"]["Processed"]["total"] + second["counters"]["Processed"]["total"]
    assert total == pytest.approx(whole["units"]["Capper"]["counters"]["Processed"]["total"])


def test_that_what_was_known_at_an_instant_leaves_out_what_came_late(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    late = tmp_path / "late.jsonl"
    said = ((0, 0, "Execute"), (30, 10, "Held"), (40, 40, "Execute"))  # held from 10 s on: became known at 30 s
    noon = 1_795_435_200
    lines = ({"t": noon + received, "topic": "t", "payload": json.dumps({"t": noon + at, "State": state})} for received, at, state in said)
    late.write_text("\n".join(map(json.dumps, lines)))
    layout = tmp_path / "press.toml"
    layout.write_text(
        'schema = 1\n[line]\nid = "l"\nsite = "s"\narea = "a"\nzone = "UTC"\nconstraint = "Press"\n[[unit]]\nid = "Press"\ntype = "press"\n'
        '[[source]]\nid = "plc"\n[[source.map]]\ntopic = "t"\nunit = "Press"\ndialect = "json_flat"\ntime_field = "t"\ntime_unit = "s"\n'
    )
    given = ("--layout", str(layout), "--source", str(late), "--json")
    to_20 = ("kpi", *given, "--to", "+20s")
    assert run(capsys, *to_20)["units"]["Press"]["state_s"] == {"Execute": 10.0, "Held": 10.0}
    assert run(capsys, *to_20, "--as-known-at", "+25s")["units"]["Press"]["state_s"] == {"Execute": 20.0}
    assert run(capsys, "state", *given, "--as-known-at", "+29s")["units"]["Press"]["state"] == "Execute"
    assert run(capsys, "state", *given, "--as-known-at", "+30s")["units"]["Press"]["state"] == "Held"


def test_that_unknown_figures_are_null(capsys: pytest.CaptureFixture[str]) -> None:
    answer = run(capsys, "kpi", *ON_CAPTURE, "--to", "+3s", "--json")
    assert answer["units"]["Filler"]["kpi"]["oee_index"] is None
    assert answer["line"]["oee_index"] is None


def test_that_a_table_shows_the_same_good_count(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["kpi", *ON_CAPTURE]) == 0
    assert "│ Labeller │  157 │     6 │" in (out := capsys.readouterr().out)
    assert "│ Line     │  157 │    29 │" in out  # 15.3 + 7.9 + 5.7 thrown out by all three, as the window says


def test_that_a_good_layout_is_said_to_be_fine(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(LAYOUT)]) == 0
    assert "Filler → Capper" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("check", "nowhere.toml"), "nowhere.toml"),
        (("kpi", "--layout", str(LAYOUT), "--source", "nowhere.jsonl"), "nowhere.jsonl"),
        (("kpi", "--layout", str(LAYOUT), "--source", "other=" + str(CAPTURE)), "plant"),
    ],
)
def test_that_wrong_input_is_one_sentence_on_stderr_and_exit_code_1(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    assert main(words) == 1
    err = capsys.readouterr().err
    assert said in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "words",
    [
        ("kpi", *ON_CAPTURE, "--from", "yesterday"),
        ("kpi", *ON_CAPTURE, "--from", "+90s", "--to", "+10s"),
        ("kpi", "--layout", str(LAYOUT), "--source", "mqtt://user:secret@localhost:1883", "--duration", "1s"),
        ("snapshot", *ON_CAPTURE, "--size", "big", "-o", "out.png"),
        ("snapshot", *ON_CAPTURE, "--at", "noon", "-o", "out.png"),
    ],
)
def test_that_wrong_usage_is_exit_code_2_with_the_cure(capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    assert main(words) == 2
    err = capsys.readouterr().err
    assert "Traceback" not in err
    assert "secret" not in err


def test_that_figures_are_never_a_number_json_cannot_carry(whole: dict[str, Any]) -> None:
    def walk(node: object) -> None:
        if isinstance(node, dict):
            for value in node.values():
                walk(value)
        assert not (isinstance(node, float) and not math.isfinite(node))

    walk(whole)
