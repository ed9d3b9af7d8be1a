"""All figures of a machine reckoned from its messages alone, second by second as ISO 22400-2 has them: shares no line with what it is held against."""

from __future__ import annotations

import gzip
import json
from bisect import bisect_right
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import nan
from pathlib import Path

TAGS = {
    "Status/StateCurrentStr": "State", "Status/UnitModeCurrentStr": "Mode", "Admin/ProdProcessedCount/0/AccCount": "Processed",
    "Admin/ProdDefectiveCount/0/AccCount": "Defective", "Status/EquipmentInterlock/Starved": "Starved", "Status/EquipmentInterlock/Blocked": "Blocked",
    "Status/Parameter/11/Value": "Energy",
}  # fmt: skip
CHANGING = {"Starting", "Stopping", "Holding", "Unholding", "Suspending", "Unsuspending", "Resetting", "Completing"}
FAILED = {"Aborting", "Aborted", "Clearing"}
STANDING = {"failure", "internal_stop", "transition", "waiting", "setup"}
BY_STATE = {"Execute": "production", "Held": "internal_stop", "Stopped": "internal_stop", "Idle": "waiting", "Complete": "waiting"}
BY_CATEGORY = {"category_s", "kwh_by_category", "kg_co2e_per_good_by_category"}
MINOR_NS = 120 * 10**9
KG_A_KWH = 0.5366
"""Of the grid that the bottling line's layout names."""
Steps = list[tuple[int, str]]


def told(path: Path) -> dict[str, dict[str, Steps]]:
    """Return what each machine that speaks PackML tags said of itself, by signal: when it came (to the millisecond, UTC ns), and what; a later word of one instant counts."""
    found: dict[str, dict[str, Steps]] = {}
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as lines:
        for message in map(json.loads, lines):
            place, _, rest = message["topic"].partition("/")
            _, unit, tag = [*rest.split("/", 2), "", ""][:3] if place == "PlantA" else ("", "", "")
            if tag in TAGS:
                steps = found.setdefault(unit, {}).setdefault(TAGS[tag], [])
                at_ns = int(message["t"] * 1000) * 10**6
                steps[len(steps) - bool(steps and steps[-1][0] == at_ns) :] = [(at_ns, message["payload"])]
    return found


def at(steps: Steps, instant: int) -> str:
    """Return what held at an instant; empty: nothing was said yet."""
    row = bisect_right(steps, instant, key=lambda step: step[0])
    return steps[row - 1][1] if row else ""


def counted(steps: Steps, start: int, end: int) -> float:
    """Return by how much a counter went on in (start, end]."""
    values = [float(at(steps, start) or steps[0][1]), *(float(value) for instant, value in steps if start < instant <= end)]
    return sum(after - before if after >= before else after for before, after in pairwise(values))


@dataclass
class Piece:
    """A stretch in which nothing changed: its state, what it costs by itself, and what it costs in the ledger."""

    start: int
    end: int
    state: str
    by_itself: str
    category: str


def _cost(said: dict[str, Steps], instant: int, planned: bool) -> tuple[str, str]:
    """Return the state at an instant and what the time costs."""
    state, mode = at(said["State"], instant), at(said.get("Mode", []), instant)
    sides = [at(said.get(name, []), instant).lower() == "true" for name in ("Starved", "Blocked")]
    rules = (
        (not state, "blind"), (planned, "planned"), (state in FAILED, "failure"), (mode == "Changeover", "setup"), (mode == "Maintenance", "internal_stop"),
        (state == "Suspended", {(True, False): "starved", (False, True): "blocked"}.get((sides[0], sides[1]), "external")),
        (state in CHANGING, "transition"), (True, BY_STATE.get(state, "")),
    )  # fmt: skip
    return state, next(category for holds, category in rules if holds)


def pieces(said: dict[str, Steps], start: int, end: int, breaks: list[tuple[int, int]]) -> list[Piece]:
    """Return the window in pieces; a stop of its own between known times that lasted less than two minutes is a minor one."""
    names = ("State", "Mode", "Starved", "Blocked")
    first = min(start, said["State"][0][0])
    cuts = sorted({first, start, end, *(t for name in names for t, _ in said.get(name, [])), *(edge for pause in breaks for edge in pause)})
    found: list[Piece] = []
    for a, b in pairwise(cut for cut in cuts if first <= cut <= end):
        state, category = _cost(said, a, any(begin <= a < stop for begin, stop in breaks))
        found.append(Piece(a, b, state, category, category))
    runs = [(stands, list(run)) for stands, run in groupby(found, lambda piece: piece.by_itself in STANDING)]
    for (_, before), (stands, run), (_, after) in zip(runs, runs[1:], runs[2:], strict=False):
        beside = {before[-1].by_itself, after[0].by_itself}
        if stands and run[-1].end - run[0].start < MINOR_NS and "blind" not in beside:
            for part in run:
                part.category = "setup" if part.by_itself == "setup" else "minor_stop"
    return [piece for piece in found if piece.start >= start]


def _energy(steps: Steps, window: list[Piece], start: int, end: int) -> dict[str, float]:
    """Return kWh by category: what a meter went on by between two readings is spread evenly; readings after the window do not count."""
    begin = max((i for i, (t, _) in enumerate(steps) if t <= start), default=0)
    readings = [(t, float(value)) for t, value in steps[begin:] if t <= end]
    used: dict[str, float] = {}
    for (t0, v0), (t1, v1) in pairwise(readings):
        for piece in window:
            shared = min(t1, piece.end) - max(t0, piece.start)
            if shared > 0:
                used[piece.category] = used.get(piece.category, 0.0) + max(v1 - v0, 0.0) * shared / (t1 - t0)
    return used


def reckoned(
    said: dict[str, Steps], window: tuple[int, int], cycle_s: float, breaks: list[tuple[int, int]], *, of_all: bool, reworks: bool
) -> dict[str, float]:
    """Return every figure of a machine in a window, by the names that `kpi --json` has; NaN unknown. `of_all`: defective pieces are among the processed."""
    start, end = window
    parts = pieces(said, start, end, breaks)
    spent = {category: sum(p.end - p.start for p in parts if p.category == category) / 1e9 for category in {p.category for p in parts}}
    s = {
        name: spent.get(name, 0.0) for name in (*STANDING, "minor_stop", "starved", "blocked", "external", "production", "planned", "blind")
    }
    known = [p for p in parts if p.category != "blind"]
    processed, scrap = (sum(counted(said[name], p.start, p.end) for p in known) for name in ("Processed", "Defective"))
    produced, good = (processed, processed - scrap) if of_all else (processed + scrap, processed)
    busy = (end - start) / 1e9 - s["planned"] - s["blind"]
    delay = busy - s["production"] - s["setup"]
    states = [state for _, state in said["State"]]
    began = [
        t
        for (t, now), before in zip(said["State"][1:], states, strict=False)
        if now in FAILED and before not in FAILED and start <= t < end
    ]
    restoring = sum(p.end - p.start for p in parts if p.state in FAILED and p.category != "planned") / 1e9
    used = _energy(said.get("Energy", []), parts, start, end)
    fails = len(began)
    effectiveness, quality = cycle_s * produced / s["production"], good / produced
    return {
        "planned_busy_s": busy, "production_s": s["production"], "blind_s": s["blind"], "setup_s": s["setup"], "delay_s": delay, "down_s": 0.0,
        "processing_s": s["production"] + s["setup"], "busy_s": busy, "planned_down_s": s["planned"], "produced": produced, "good": good, "scrap": scrap,
        "availability": s["production"] / busy, "effectiveness": effectiveness, "quality_ratio": quality, "oee_index": cycle_s * good / busy,
        "oee_low": cycle_s * good / (busy + s["blind"]), "oee_high": (cycle_s * good + s["blind"]) / (busy + s["blind"]),
        "nee_index": (s["production"] + s["setup"]) / busy * effectiveness * quality, "utilization_efficiency": s["production"] / busy,
        "allocation_efficiency": 1.0, "technical_efficiency": s["production"] / (s["production"] + delay),
        "setup_ratio": s["setup"] / (s["production"] + s["setup"]), "scrap_ratio": scrap / produced, "rework_ratio": nan if reworks else 0.0,
        "first_pass_yield": nan if reworks else quality, "teep": cycle_s * good / (busy + s["planned"]), "throughput_per_h": produced / busy * 3600,
        "failures": fails, "mtbf_s": s["production"] / fails if fails else nan, "mttr_s": restoring / fails if fails else nan,
        **_losses(said, parts, s, (produced, scrap), cycle_s), **_of_energy(used, good),
        **{f"category_s/{name}": seconds for name, seconds in spent.items()},
    }  # fmt: skip


def _losses(said: dict[str, Steps], parts: list[Piece], s: dict[str, float], made: tuple[float, float], cycle_s: float) -> dict[str, float]:
    """Return the six big losses and the others, seconds; `made`: produced and scrap."""
    on_its_way = [p for p in parts if p.state in CHANGING | {"Aborting", "Clearing"} or p.category == "setup"]
    startup = sum(counted(said["Defective"], p.start, p.end) for p in on_its_way)
    return {
        "equipment_failure": s["failure"], "setup_and_adjustment": s["setup"], "idling_and_minor_stops": s["minor_stop"],
        "reduced_speed": s["production"] - cycle_s * made[0], "process_defects": cycle_s * (made[1] - startup), "startup_losses": cycle_s * startup,
        "other_stops": s["internal_stop"] + s["transition"], "starved_and_blocked": s["starved"] + s["blocked"] + s["external"],
        "waiting": s["waiting"], "no_order": 0.0,
    }  # fmt: skip


def _of_energy(used: dict[str, float], good: float) -> dict[str, float]:
    """Return what a machine used, kWh, and kg of CO2 equivalent, a good piece, in all and by category; no meter, no knowledge."""
    kwh = sum(used.values()) if used else nan
    return {
        "kwh": kwh, "kwh_per_good": kwh / good, "kg_co2e_per_good": KG_A_KWH * kwh / good,
        **{f"kwh_by_category/{name}": kwh for name, kwh in used.items()},
        **{f"kg_co2e_per_good_by_category/{name}": KG_A_KWH * kwh / good for name, kwh in used.items()},
    }  # fmt: skip


def flat(answer: object, name: str = "") -> dict[str, object]:
    """Return an answer of `kpi --json` as one table: by the last key, of what is by category by both."""
    if not isinstance(answer, dict):
        return {name: answer}
    found: dict[str, object] = {}
    for key, value in answer.items():
        path = f"{name}/{key}" if name in BY_CATEGORY else str(key)
        found |= flat(value, path)
    return found
