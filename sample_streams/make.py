"""Make the sample shifts anew: `python -m sample_streams.make`. The same code gives the same bytes; the manifest says which they were."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

from twin_app.clock import SECOND_NS
from twin_app.layout import load
from twin_app.service import simulating
from twin_app.simulate import Kind
from twin_app.text import clock_time, duration
from twin_app.times import parse_instant_ns

HERE = Path(__file__).resolve().parent
LAYOUT = HERE.parent / "models3d" / "lines" / "bottling.toml"
START = "2026-11-23T06:00:00+08:00"
HOURS, EVERY_S, SEED = 8, 20, 1
SHIFTS = {"good_shift": 0, "eventful_shift": 19 * 60 + 45, "faulty_network": 49 * 60 + 40}
"""Each shift with the second at which a playhead begins that shows something soon."""
_NOT_KEPT = frozenset({Kind.ENTER, Kind.PART, Kind.LEAVE, Kind.TRIP, Kind.BATTERY, Kind.STOCK})
"""What the bundled truth leaves out, because it is long: the sums at its end hold it."""
_WORTH_TELLING_S = 120
_SET_UP = frozenset({"Filler", "LabellerA", "LabellerB", "CasePacker"})
"""Units whose change to another product takes time."""


def main() -> int:
    """Write every shift, its truth, its story and the manifest."""
    manifest = {name: _made(name, begin_s) for name, begin_s in SHIFTS.items()}
    (HERE / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return 0


def plan_of(name: str, hours: float = HOURS) -> simulating.Plan:
    """Return what a shift simulates, or the first hours of it."""
    return simulating.plan(
        LAYOUT, HERE / f"{name}.toml", seed=SEED, start=START, duration_ns=round(hours * 3600 * SECOND_NS), beat_ns=EVERY_S * SECOND_NS
    )


def _made(name: str, begin_s: int) -> dict[str, Any]:
    """Write one shift; return its entry in the manifest."""
    out = HERE / f"{name}.jsonl.gz"
    written = simulating.write(plan_of(name), out, kept=lambda event: event[2] not in _NOT_KEPT)
    (HERE / f"{name}.md").write_text(_story(name, written.truth), encoding="utf-8")
    print(simulating.told(written, out))  # noqa: T201 - a script says what it wrote
    return {
        "messages": written.messages, "sha256": written.sha256, "made": written.made, "layout": LAYOUT.name, "scenario": f"{name}.toml",
        "seed": SEED, "start": START, "hours": HOURS, "every_s": EVERY_S, "begin_s": begin_s,
    }  # fmt: skip


def _story(name: str, truth: Path) -> str:
    """Return what happened, minute by minute: malfunctions, stops worth telling, breaks."""
    with gzip.open(truth, "rt", encoding="utf-8") as file:
        head, *rows, foot = [json.loads(line) for line in file]
    told = [*_malfunctions(head, rows), *_orders(head, rows), *_stops(rows, foot["end_ns"]), *_breaks(rows)]
    lines = [f"| {_clock(t_ns)} | {unit} | {what} |" for t_ns, unit, what in sorted(told)]
    opening = (
        f"# What happens in `{name}.jsonl.gz`\n\nMade by `python -m sample_streams.make` from the truth record; all of it is simulated.\n"
    )
    return "\n".join([opening, "| at | unit | what |", "|---|---|---|", *lines]) + "\n"


def _malfunctions(head: dict[str, Any], rows: list[dict[str, Any]]) -> list[tuple[int, str, str]]:
    """Return when each malfunction begins and ends."""
    kinds = {fault["number"]: fault for fault in head["malfunctions"]}
    told = []
    for row in rows:
        if row["event"] == "fault":
            fault = kinds[row["number"]]
            verb = "begins" if row["begins"] else "ends"
            told.append((row["t_ns"], row["unit"], f"**{fault['kind']}** ({fault['domain']}) {verb}"))
    return told


def _orders(head: dict[str, Any], rows: list[dict[str, Any]]) -> list[tuple[int, str, str]]:
    """Return when the first unit begins each order, and when units are set up for another product."""
    told = []
    for row in rows:
        if row["event"] == "order" and row["unit"] == head["units"][0]:
            told.append((row["t_ns"], row["unit"], f"order {row['order']} begins: {row['planned']:g} bottles"))
        elif row["event"] == "product" and row["cause"] == "changeover" and row["unit"] in _SET_UP:
            told.append((row["t_ns"], row["unit"], f"set up for {row['product']}"))
    return told


def _stops(rows: list[dict[str, Any]], end_ns: int) -> list[tuple[int, str, str]]:
    """Return the repairs, and the waits that lasted long."""
    since: dict[str, dict[str, Any]] = {}
    told = []
    for row in [*rows, *({"event": "state", "unit": unit, "state": "", "t_ns": end_ns} for unit in {row["unit"] for row in rows})]:
        if row["event"] != "state":
            continue
        before = since.get(row["unit"])
        since[row["unit"]] = row
        if before is None or before["state"] not in {"Aborted", "Held", "Suspended"}:
            continue
        seconds = (row["t_ns"] - before["t_ns"]) / SECOND_NS
        if seconds >= (_WORTH_TELLING_S if before["state"] != "Suspended" else 2 * _WORTH_TELLING_S) and _is_machine(before["unit"]):
            told.append((before["t_ns"], before["unit"], f"{before['state']} for {duration(seconds)} ({before['cause']})"))
    return told


def _is_machine(unit: str) -> bool:
    """Say whether a unit's waits are news: those of vehicles and behind the palletiser are their ordinary life."""
    return not unit.startswith("AGV") and unit not in {"Wrapper", "Warehouse", "Palletiser"}


def _breaks(rows: list[dict[str, Any]]) -> list[tuple[int, str, str]]:
    """Return when planned time begins and ends."""
    return [(row["t_ns"], "", "planned time begins" if row["value"] else "planned time ends") for row in rows if row["event"] == "shift"]


def _clock(t_ns: int) -> str:
    """Return a time of the run on the line's clock."""
    plan = parse_instant_ns(START, 0)
    return clock_time(plan + t_ns, load(LAYOUT).tz)[: len("06:00:00")]


if __name__ == "__main__":
    sys.exit(main())
