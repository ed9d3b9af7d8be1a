"""The bundled recording published through a real broker at twenty times its speed, beside the same recording read from its file.

States, their order, last values, counters and totals are the same. Seconds are held twice: against when each message really went
out, and against the recording itself, where what the sender was late (it says so) is allowed for; a punctual one allows nothing.
"""

import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.broker.plant import Broker, hurry, until
from twin_app.model.packml import State
from twin_app.service.answers import kpi_answer, state_answer
from twin_app.service.opening import open_request, read_through
from twin_app.service.request import OpenRequest
from twin_app.session import Session
from twin_app.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
CAPTURE = ROOT / "sample_streams/packaging.jsonl"
LINE = ROOT / "models3d/lines/packaging.toml"
SPEED = 20.0
ROWS = [json.loads(line) for line in CAPTURE.read_text(encoding="utf-8").splitlines()]
UNITS = ("Filler", "Capper", "Labeller")
ATTEMPTS = 3
"""For the seconds alone: a busy machine may let broker or listener wait once, a wrong twin is wrong each time."""
SLACK_S, SLACK_A_BOUNDARY_S = 0.05, 0.010
"""A state's seconds may differ by 0.05 s of the line and 10 ms of the wall for each time it begins or ends."""
NODELAY = "allow_anonymous true\nset_tcp_nodelay true"
"""Mosquitto else keeps small messages for up to 40 ms, to send several at once."""


@pytest.fixture
def opened() -> Iterator[Callable[[str], Session]]:
    """Return what opens the line on an address, as the program does; closed with the test."""
    sessions: list[Session] = []

    def open_on(address: str) -> Session:
        sessions.append(open_request(OpenRequest(layout=LINE, addresses={"plant": address}), Settings(), record=False))
        return sessions[-1]

    yield open_on
    for session in sessions:
        session.close()


def play(*ports: int) -> list[list[tuple[int, int]]]:
    """Publish the recording to brokers, with quality 0, 1 …; return for each when each message was due and when it went out, in UTC ns."""
    command = [sys.executable, str(Path(__file__).with_name("player.py")), str(CAPTURE), str(SPEED), *map(str, ports)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return [[(due, sent) for due, sent in times] for times in json.loads(done.stdout)]


def answers(session: Session) -> tuple[dict[str, Any], dict[str, Any], dict[str, list[str]]]:
    """Return what `kpi` and `state` print from the first message to the last, and the states of each unit in their order."""
    messages = session.raw(None, 2**62, len(ROWS) + 1)
    assert len(messages) == len(ROWS)
    start_ns, end_ns = messages[-1].message.received_ns, messages[0].message.received_ns
    kpi: Any = kpi_answer(session.figures(start_ns, end_ns))["units"]
    state: Any = state_answer(session, end_ns)["units"]
    stays = {u: session.timeline(u, start_ns, end_ns).state for u in UNITS}  # a change of mode within a state begins another
    return kpi, state, {u: [State(int(s)).title for s, _ in groupby(states) if s > 0] for u, states in stays.items()}


def boundaries(unit: str) -> list[tuple[str, int, int]]:
    """Return each stay of a unit in a state, with the messages that began and ended it."""
    changes = [i for i, row in enumerate(ROWS) if row["topic"].endswith(f"/{unit}/Status/StateCurrentStr")]
    return [("", 0, changes[0]), *((ROWS[i]["payload"], i, end) for i, end in pairwise([*changes, len(ROWS) - 1]))]


def seconds(unit: str, at_ns: list[int]) -> Counter[str]:
    """Return a unit's seconds in each state (and without one) when its messages come at these times."""
    found: Counter[str] = Counter()
    for state, begin, end in boundaries(unit):
        found[state] += at_ns[end] - at_ns[begin]
    return Counter({state: ns / 1e9 for state, ns in found.items()})


@pytest.mark.timeout(180)
def test_that_a_line_heard_over_a_broker_is_the_line_of_its_recording_with_either_quality(
    make_broker: Callable[..., Broker], opened: Callable[[str], Session]
) -> None:
    replay = opened(str(CAPTURE))
    read_through(replay, None)
    kpi_of_file, state_of_file, order_of_file = answers(replay)
    brokers = [make_broker(settings=NODELAY) for _ in (0, 1)]
    for broker in brokers:
        hurry(broker.pid)
    waiting: dict[int, list[str]] = {0: [], 1: []}  # what was wrong with each quality's seconds, of those that were never right
    for _ in range(ATTEMPTS):
        for qos, times, (kpi, state, order) in heard(opened, brokers):
            assert order == order_of_file
            assert values(state) == values(state_of_file)
            assert {unit: told["counters"] for unit, told in kpi.items()} == {unit: told["counters"] for unit, told in kpi_of_file.items()}
            assert {len(told["counters"]) for told in kpi.values()} == {6}
            wrong = [one for unit in UNITS for one in wrong_seconds(unit, times, kpi[unit], kpi_of_file[unit])]
            if qos in waiting:
                waiting |= {qos: wrong}
                if not wrong:
                    del waiting[qos]
        if not waiting:
            return
    pytest.fail(f"{ATTEMPTS} times out of {ATTEMPTS}, at last, by quality, {waiting}")


def heard(opened: Callable[[str], Session], brokers: list[Broker]) -> list[tuple[int, list[tuple[int, int]], Any]]:
    """Play to sessions that listen, one a broker; return of each the quality, the messages' times and what it then answers."""
    lives = [opened(broker.address) for broker in brokers]
    for live in lives:
        live.start()
        source: Any = live._sources[0]
        until(partial(subscribed, source))
        hurry(source._thread.native_id)
    times = play(*(broker.port for broker in brokers))
    for live in lives:
        until(partial(is_folded, live))
        (health,) = live.health()
        assert (health.refused, health.unmapped, health.unknown_states, health.dropped) == ({}, {}, {}, 0)
    return [(qos, times[qos], answers(live)) for qos, live in enumerate(lives)]


def subscribed(source: Any) -> bool:
    """Tell whether the broker has confirmed what a source wants to hear."""
    return bool(getattr(source._link, "subscribed", False))


def is_folded(live: Session) -> bool:
    """Fold what came; tell whether the last message is in it."""
    live.fold()
    messages = live.raw(None, 2**62, len(ROWS) + 1)
    return len(messages) == len(ROWS) and bool(live.latest(2**62).message.max() == messages[0].message.seq)


def values(state: dict[str, Any]) -> dict[str, Any]:
    """Return each unit's last state and every signal's last value and quality, without its time."""
    return {
        unit: (told["state"], {name: (signal["value"], signal["quality"]) for name, signal in told["signals"].items()})
        for unit, told in state.items()
    }


def wrong_seconds(unit: str, times: list[tuple[int, int]], heard: dict[str, Any], recorded: dict[str, Any]) -> list[str]:
    """Hold what was heard to when it went out, and to the recording; return what is beyond its bounds."""
    went_out = seconds(unit, [sent for _, sent in times])
    late_s: dict[str, float] = defaultdict(float)
    ends = Counter[str]()
    for state, begin, end in boundaries(unit):
        ends[state] += 2
        late_s[state] += sum(abs(times[i][1] - times[i][0]) / 1e9 for i in (begin, end))
    told, of_file = {**heard["state_s"], "": heard["blind_s"]}, {**recorded["state_s"], "": recorded["blind_s"]}
    assert told.keys() == of_file.keys() == went_out.keys()
    wrong = []
    for state, s in told.items():
        slack_s = SLACK_S + SPEED * SLACK_A_BOUNDARY_S * ends[state]
        for what, other_s, more_s in (("sent", went_out[state] * SPEED, 0.0), ("recorded", of_file[state], SPEED * late_s[state])):
            if abs(s * SPEED - other_s) > slack_s + more_s:
                wrong.append(f"{unit} {state or 'blind'}: {s * SPEED:.3f} s heard, {other_s:.3f} s {what} (± {slack_s + more_s:.3f} s)")
    return wrong
