"""`twin-app alarms` on the eventful sample shift: what it counts is what its makers say happened."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest

from twin_app.__main__ import main

ROOT = Path(__file__).resolve().parents[2]
LAYOUT = str(ROOT / "models3d/lines/bottling.toml")
CAPTURE = ("--layout", str(ROOT / "models3d/lines/packaging.toml"), "--source", str(ROOT / "sample_streams/packaging.jsonl"))
BURST = ("--from", "2026-11-23T12:49:00+08:00", "--to", "2026-11-23T13:00:00+08:00")
Answer = tuple[dict[str, Any], list[dict[str, str]]]


@pytest.fixture(scope="module")
def burst(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    """The answer on the minutes of the alarm burst, as JSON and as rows of CSV; of the shift only its alarms are read."""
    home = tmp_path_factory.mktemp("home")
    with gzip.open(ROOT / "sample_streams/eventful_shift.jsonl.gz", "rt") as shift:
        (home / "alarms.jsonl").write_text("".join(line for line in shift if "/Admin/Alarm/" in line))
    printed = []
    for form in ("--json", "--csv"):
        out = io.StringIO()
        with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out):
            patch.setenv("TWIN_APP_HOME", str(home))
            assert main(["alarms", "--layout", LAYOUT, "--source", str(home / "alarms.jsonl"), *BURST, form]) == 0
        printed.append(out.getvalue())
    return json.loads(printed[0]), list(csv.DictReader(io.StringIO(printed[1])))


def test_that_the_burst_is_a_flood_from_its_tenth_alarm_on(burst: Answer) -> None:
    # Twelve a minute from each of five machines, which begin 2 s apart at 12:50:00: at 0, 2, 4, 6, 8, then 5, 7, 9, 11, 13 s,
    # so that the tenth comes at 12:50:13 where nothing was shown in the ten minutes before.
    answer, _ = burst
    own = [row for row in answer["journal"] if row["shown"] and row["at"] < "2026-11-23T04:51:30" and row["name"] >= "Alarm[100]"]
    assert len({row["alarm"] for row in own if row["name"].startswith("Alarm[1") and len(row["name"]) == len("Alarm[100]")}) == 60
    assert len(answer["floods"]) == 1
    assert "2026-11-23T04:50:05" <= answer["floods"][0]["from"] <= "2026-11-23T04:50:13.001Z"
    assert answer["simulated"] is True


def test_that_bins_and_priorities_add_up_to_what_was_shown(burst: Answer) -> None:
    answer, _ = burst
    shown = sum(row["shown"] for row in answer["journal"])
    assert shown == answer["activations"] == sum(answer["by_priority"].values()) == sum(b["activations"] for b in answer["per_10_min"])
    assert [b["at"] for b in answer["per_10_min"]] == ["2026-11-23T04:40:00.000Z", "2026-11-23T04:50:00.000Z", "2026-11-23T05:00:00.000Z"]


def test_that_the_csv_holds_the_same_journal(burst: Answer) -> None:
    answer, rows = burst
    assert [(row["at"], row["alarm"], row["after"], row["why"]) for row in rows] == [
        (row["at"], row["alarm"], row["after"], row["why"]) for row in answer["journal"]
    ]


def test_that_a_window_that_ends_before_it_starts_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path))
    assert main(["alarms", *CAPTURE, "--from", "+2min", "--to", "+1min"]) == 2
    assert "ends before it starts" in capsys.readouterr().err
