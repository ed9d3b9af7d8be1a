"""What people call machines, places and parts in topics: word lists behind guesses, each guess to be marked as one. Not for fields' names."""

from __future__ import annotations

import re
from functools import lru_cache

MACHINE_STEMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("depalletiser", ("depal", "unpal", "卸垛")),
    ("palletiser", ("palletis", "palletiz", "码垛")),
    ("case_packer", ("casepack", "packer", "cartoner", "cartoning", "boxer", "装箱")),
    ("labeller", ("labell", "labeler", "labeling", "etikettier", "贴标")),
    ("rinser", ("rins", "washer", "cleaner", "冲瓶", "洗瓶")),
    ("capper", ("capper", "capping", "closer", "corker", "seamer", "旋盖", "压盖", "封盖")),
    ("filler", ("filler", "filling", "dosing", "abfuell", "灌装")),
    ("inspection", ("inspect", "vision", "camera", "checkweigh", "weigher", "weighing", "weigh ", "xray", "detector", "tester", "检测", "检验")),
    ("scara", ("scara",)),
    ("injection_moulder", ("injection", "moulder", "molder", "moulding", "molding", "注塑")),
    ("lathe", ("lathe", "车床")),
    ("conveyor", ("convey", "belt ", "transporter", "输送", "传送")),
    ("robot6", ("robot", "cobot", "manipulator", "kuka", "fanuc", "机器人", "机械手")),
    ("wrapper", ("wrapper", "wrapping", "stretcher", "shrinker", "缠绕")),
    ("agv", ("agv", "amr ", "tugger", "forklift", "vehicle", "shuttle", "小车")),
    ("oven", ("oven ", "furnace", "kiln ", "dryer", "pasteur", "烘箱", "炉")),
    ("press", ("press ", "presses", "punch ", "stamping", "冲压", "压力机")),
    ("cnc_mill", ("cnc", "mill ", "milling", "machining", "grinder", "drill ", "router ", "铣床", "数控")),
    ("rack", ("rack ", "warehouse", "store ", "storage", "asrs ", "silo ", "仓库", "立体库")),
    ("buffer_table", ("buffer ", "accumulat", "缓冲")),
    ("operator_station", ("operator", "workplace", "workstation", "manualstation", "工位")),
)  # fmt: skip
"""Machine type to how words begin that name one, or, with a blank behind, what they are (a press is one, pressure is not).

Asked from the top, so that the longer word comes first.
"""
OTHER_MACHINES = (
    "machine", "mixer", "pump", "welder", "cell", "plc", "mixing", "crane", "lift", "loader", "extruder", "tank", "station",
    "boiler", "chiller", "compressor", "blower", "cutter", "saw", "laser", "printer", "sorter", "feeder", "unit", "anlage", "maschine", "机",
)  # fmt: skip
"""Machines that there is no type for: they are units all the same."""
PLACES = frozenset({
    "site", "plant", "area", "line", "hall", "factory", "enterprise", "building", "region", "department", "dept", "floor", "zone", "werk", "halle",
    "linie", "shopfloor", "production", "company", "corp", "group", "workshop", "车间", "产线", "工厂",
})  # fmt: skip
"""Levels above machines."""
PARTS = frozenset({
    "data", "telemetry", "status", "state", "now", "values", "value", "json", "event", "events", "metrics", "metric", "payload", "sensor", "sensors",
    "motor", "drive", "axis", "bearing", "channel", "measurement", "measurements", "process", "kpi", "count", "counts", "counter", "counters", "admin",
    "command", "cmd", "info", "raw", "signal", "signals", "tags", "tag", "input", "inputs", "output", "outputs", "alarm", "alarms", "temperature",
    "spindle", "servo", "valve", "energy", "power", "speed", "edge", "mqtt", "opcua", "plc_data", "out", "in", "get", "last", "live", "up", "attributes",
})  # fmt: skip
"""Levels below machines, and words for messages."""
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_A-Za-z]+|\d+")
TYPE_RANK = {key: rank for rank, key in enumerate((
    "depalletiser", "rinser", "injection_moulder", "lathe", "cnc_mill", "press", "filler", "capper", "oven", "labeller", "inspection", "scara", "robot6", "machine", "conveyor", "conveyor_bend", "buffer_table",
    "operator_station", "case_packer", "palletiser", "wrapper", "rack", "agv",
))}  # fmt: skip
"""In which order machines of the types usually stand; the flow is another matter."""


@lru_cache(maxsize=8192)
def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name, in small letters: `LabellerA_2` is labeller, a, 2."""
    return tuple(word.casefold() for word in _WORD.findall(name))


@lru_cache(maxsize=8192)
def machine_type_of(name: str) -> str:
    """Return the machine type that a name tells, empty where it tells none."""
    words = [f"{word} " for word in words_of(name)]
    joined = "".join(words_of(name))
    for key, stems in MACHINE_STEMS:
        if any(word.startswith(stem) for word in words for stem in stems) or any(_within(stem, joined) for stem in stems):
            return key
    return ""


def _within(stem: str, joined: str) -> bool:
    """Say whether a stem of several words, or one in a script that does not part words, stands in a name."""
    return (stem in {"casepack", "checkweigh", "manualstation"} and stem in joined) or (not stem.isascii() and stem in joined)


@lru_cache(maxsize=8192)
def names_machine(name: str) -> bool:
    """Say whether a name is that of a machine, of a known type or not."""
    return bool(machine_type_of(name)) or any(word.startswith(other) for word in words_of(name) for other in OTHER_MACHINES)


@lru_cache(maxsize=8192)
def names_place(name: str) -> bool:
    """Say whether a name is that of a place above machines: `line2`, `Hall B`."""
    words = words_of(name)
    return bool(words) and (words[0] in PLACES or words[-1] in PLACES)


@lru_cache(maxsize=8192)
def names_part(name: str) -> bool:
    """Say whether a name is that of a part of a machine, or of a kind of message; a numbered one may well be a machine."""
    words = words_of(name)
    return bool(words) and words[0] in PARTS and not words[-1].isdecimal() and not machine_type_of(name)


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """Return the key that sorts names as people do: press 2 before press 10."""
    return tuple((0, int(word), "") if word.isdecimal() else (1, 0, word) for word in words_of(name))
