"""The page `docs/scenario.md`, written from the schema that reads the files: `python -m twin_app.simulate.page > docs/scenario.md`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from twin_app.layout.page import default, section, written
from twin_app.simulate.schema import TABLES, UNIT
from twin_app.simulate.spec import DATA_FAULTS, LIVELY, SIZES, FaultKind

if TYPE_CHECKING:
    from twin_app.layout.table import Key, Table

HEAD = """\
# The scenario file

The layout says what a line is, a scenario how it behaves when it is simulated: cycles, failures, crews, stocks, orders, and what
goes wrong. `sample_streams/good_shift.toml` is a whole one to copy. Without one a line behaves as machines ordinarily do.
This page is made from the description that reads the files: `python -m twin_app.simulate.page > docs/scenario.md`.

```
twin-app simulate --layout line.toml --scenario monday.toml --duration 8h --out monday.jsonl.gz   # or .jsonl, or .twinrec
twin-app simulate --layout line.toml --scenario monday.toml --broker mqtt://localhost --speed 10  # under simulated/...
twin-app open line.toml --source "sim:monday.toml?seed=1&speed=10"                                # in the window, no broker
twin-app open line.toml --source sim+mqtt://localhost/simulated                                   # what another one publishes
```

The same layout, scenario, `--seed` and `--start` give the same messages, to the byte. Beside a file stands the truth
(`NAME.truth.jsonl.gz`): every event with its cause. Whatever is simulated says so in every line of a file, in the window's badge
and frame and in every answer; it is never recorded among what a plant said.

Units speak in the layout's own topics and dialects: PackML tags, flat and nested JSON, plain scalars, UMH, Sparkplug B (edge nodes
with births and deaths) and VDA 5050 for vehicles.

| a unit tells | signal |
|---|---|
| state, mode, why it stands | `State`, `Mode`, `StopReason`, `Starved`, `Blocked`, `WaitsForCrew` |
| what it has made | `Consumed`, `Processed`, `Defective`, each also since the last reset |
| what it works on | `Order`, `OrderQuantity` (base units of the line), `Product`; `No order` where it has none |
| its speed | `CurMachSpeed`, `MachSpeed`, `MachDesignSpeed` |
| its energy | `Power` (kW), `Energy` (a meter in kWh) |
| its alarms | `Alarm[n]` with `.ID`, `.Message`, `.Category` (PackML: `Admin/Alarm/n/...`); with a `fault_word` in the layout its bits instead |
| what it stocks | `Stock` |
| its instruments | as the scenario or the layout names them |
"""

FAULTS = """\
## Malfunctions

Each begins at a time (`at_s`), on a condition (`when`) or by hand (the instructor's panel), and ends after `lasts_s` or by hand. The
truth tells a fault of the machine, of which everything is told as it is, from a fault of the data, where only the telling is wrong.

| `kind` | of | `size`, without it | what it does |
|---|---|---|---|
"""

_DOES: dict[FaultKind, tuple[str, str]] = {
    FaultKind.STOP: ("", "The unit stands in Aborted, with its alarm."),
    FaultKind.SHORT_STOPS: ("working seconds between two, on average", "It is Held for moments, again and again."),
    FaultKind.CYCLE_DRIFT: ("share by which the cycle is longer an hour later", "It gets slower and slower."),
    FaultKind.QUALITY_DRIFT: ("share of its parts that are scrap an hour later", "It throws out more and more."),
    FaultKind.BUFFER_JAM: ("", "Nothing passes the buffers before the unit: it starves, those before it are blocked."),
    FaultKind.SUPPLY_SHORTAGE: ("", "A first unit gets no raw material and starves."),
    FaultKind.AGV_LOST: ("", "A vehicle stands where it is, with a FATAL error."),
    FaultKind.ENERGY_RISE: ("share more power", "It takes more power in every state."),
    FaultKind.SENSOR_FREEZE: ("", "A measurement stays at its last value."),
    FaultKind.SENSOR_BIAS: ("what is added, in the sensor's unit", "A measurement shows too much, or too little."),
    FaultKind.SENSOR_NOISE: ("standard deviation, in the sensor's unit", "A measurement is noisy."),
    FaultKind.SENSOR_DROPOUT: ("", "A measurement is not told any more."),
    FaultKind.COMMUNICATION_LOSS: (
        "",
        "Nothing is heard of the unit; a vehicle's last will comes after 22.5 s, Sparkplug's death after 5 s.",
    ),
    FaultKind.DUPLICATE: ("share of messages", "Messages come twice."),
    FaultKind.LATE: ("seconds", "Messages come late, with their own right time in them."),
    FaultKind.OUT_OF_ORDER: ("seconds within which they change places", "Messages overtake each other."),
    FaultKind.CLOCK_SKEW: ("seconds that it is ahead", "The unit's clock is wrong, and so are the times in its messages."),
    FaultKind.WRONG_STATE: ("", "It tells `state` whatever it does."),
    FaultKind.ALARM_BURST: ("alarms in a minute", "Alarms come and go that nothing has caused."),
}


def page() -> str:
    """Return the page as Markdown."""
    rows = "".join(
        f"| `{kind}` | {'data' if kind in DATA_FAULTS else 'machine'} | {_size(kind)} | {_DOES[kind][1]} |\n" for kind in FaultKind
    )
    return "\n".join([HEAD, FAULTS + rows, *(section(table, _without) for table in TABLES)])


def _size(kind: FaultKind) -> str:
    """Return what the size of a malfunction is, and its usual one."""
    return f"{_DOES[kind][0]}, {SIZES[kind]:g}" if _DOES[kind][0] else ""


def _without(table: Table, key: Key) -> str:
    """Return what counts where a key is missing; of a unit's keys in either base."""
    plain = default(table, key)
    if table is not UNIT or key.name not in LIVELY or key.instead:
        return plain
    lively = LIVELY[key.name]
    return f"{plain}; `lively`: {'half a second to three' if isinstance(lively, dict) else written(lively)}"


if __name__ == "__main__":
    sys.stdout.write(page())
