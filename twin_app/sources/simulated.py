"""A simulated line as a source: `sim:`, or `sim:scenario.toml?seed=1&speed=10`. No broker, and nothing leaves the program.

Not for the simulation (see `simulate`); what it says comes in by the one door that every message takes.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from twin_app.clock import MILLISECOND_NS, SECOND_NS, now_ns
from twin_app.errors import SourceError
from twin_app.model.message import Status
from twin_app.simulate import scenario
from twin_app.simulate.live import LiveRun
from twin_app.text import N_

if TYPE_CHECKING:
    from twin_app.model.equipment import Line
    from twin_app.model.message import SourceHealth
    from twin_app.sources.intake import Intake

LOGGER = logging.getLogger(__name__)
SCHEME = "sim:"
STEP_S = 0.03
COMMIT_EVERY_S = 0.25
LONGEST_STEP_NS = SECOND_NS // 2
"""A computer that slept does not make the line hurry after it."""
_SIX = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedAddress:
    """What an address of a simulation says."""

    scenario: str = ""
    """File, empty for an ordinary line."""
    seed: int = 1
    speed: float = 1.0


def is_simulated(address: str) -> bool:
    """Say whether an address is a simulation's."""
    return address.startswith(SCHEME)


def parse_simulated(address: str) -> SimulatedAddress:
    """Return what an address says.

    Raises:
        SourceError: it holds something else than a scenario, a seed and a speed.
    """
    path, _, query = address.removeprefix(SCHEME).partition("?")
    given = dict(parse_qsl(query, keep_blank_values=True))
    try:
        found = SimulatedAddress(scenario=path, seed=int(given.pop("seed", "1")), speed=float(given.pop("speed", "1")))
    except ValueError:
        given[query] = ""
    if given:
        raise SourceError(
            N_("“{address}” is no address of a simulation."), tip=N_("Write sim:, or sim:scenario.toml?seed=1&speed=10."), address=address
        )
    return found


class SimulatedSource:
    """One line that runs in a thread of its own."""

    live = True

    def __init__(self, intake: Intake, address: str) -> None:
        """Lay the line out; it stands until `start`.

        Raises:
            SourceError: the address is wrong, the line has several sources, or a unit cannot speak.
            ScenarioError: the scenario is wrong.
        """
        asked, line = parse_simulated(address), intake.line
        if len(line.sources) != 1:
            raise SourceError(
                N_("{layout} has {n} sources; a line that is simulated in the window speaks through one."),
                tip=N_("Simulate it into a file: twin-app simulate --out FILE."), layout=line.path.name, n=len(line.sources),
            )  # fmt: skip
        found = scenario.load(_file(asked.scenario, line), line)[1] if asked.scenario else scenario.lively(line)
        self.run = LiveRun(line, found, seed=asked.seed, start_ns=_morning_ns(line), speed=asked.speed)
        self.address = address
        self._intake = intake
        self._status, self._since_ns = Status.IDLE, now_ns()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def id(self) -> str:
        """Return the source's id in the layout."""
        return self._intake.source.id

    def now_ns(self) -> int:
        """Return the time on the simulated line, UTC ns: what `now` is for whoever watches it."""
        return self.run.now_ns()

    def start(self) -> None:
        """Let it run in a thread."""
        self._thread = threading.Thread(target=self._live, name=f"simulation {self.id}", daemon=True)
        self._thread.start()
        self._status, self._since_ns = Status.CONNECTED, now_ns()

    def stop(self) -> None:
        """End it; what was said is handed over."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
            self._intake.finish()

    def health(self) -> SourceHealth:
        """Return how the source is; safe from any thread."""
        health = self._intake.health(address=self.address, live=True, status=self._status, since_ns=self._since_ns)
        return replace(health, simulated=True)

    def unit_of(self, topic: str) -> str | None:
        """Return the unit that a topic speaks of, None where no rule maps it."""
        return self._intake.unit_of(topic)

    def _live(self) -> None:
        """Let the line run at the wall's pace until stopped."""
        self._intake.connected(_received(self.run.now_ns()))
        before_ns, committed_s = time.perf_counter_ns(), time.monotonic()
        elapsed_ns = 0
        while not self._stopping.is_set():
            for message in self.run.advance(min(elapsed_ns, LONGEST_STEP_NS)):
                self._intake.receive(message.topic, message.payload, received_ns=_received(message.at_ns))
            self._intake.flush(_received(self.run.now_ns()))
            if time.monotonic() - committed_s > COMMIT_EVERY_S:
                self._intake.commit()
                committed_s = time.monotonic()
            self._stopping.wait(STEP_S)
            elapsed_ns, before_ns = time.perf_counter_ns() - before_ns, time.perf_counter_ns()


def _received(at_ns: int) -> int:
    """Return an instant as intakes have it, whole milliseconds."""
    return at_ns // MILLISECOND_NS * MILLISECOND_NS


def _file(path: str, line: Line) -> Path:
    """Return a scenario's file: from where the program was started, else beside the layout."""
    given = Path(path)
    return given if given.exists() else line.path.parent / path


def _morning_ns(line: Line) -> int:
    """Return when a run in the window begins, UTC ns: at six, or as the first shift does, of the newest working day on the line's clock."""
    day = datetime.fromtimestamp(now_ns() // SECOND_NS, line.tz).replace(hour=0, minute=0, second=0, microsecond=0)
    for _ in range(7):
        starts = [shift.start for shift in line.shifts if day.weekday() in shift.days]
        if starts or not line.shifts:
            at = min(starts) if starts else (datetime.min + _SIX).time()  # noqa: DTZ901 - a time of day has no zone
            return int(datetime.combine(day.date(), at, tzinfo=line.tz).timestamp()) * SECOND_NS
        day -= timedelta(days=1)
    return int(day.timestamp()) * SECOND_NS
