"""The line in the terminal, as a process of its own: what it prints, how it is stopped, and what it has open."""

from __future__ import annotations

import os
import re
import signal
import sys
from typing import TYPE_CHECKING

import pytest

from tests.service.program import CAPTURE, LAYOUT, Program

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="terminals of this kind and signals to processes are POSIX")

ON_CAPTURE = ("open", "--headless", str(LAYOUT), "--source", str(CAPTURE))
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def cells(table: str, unit: str) -> list[str]:
    """Return the cells of a unit's last row."""
    row = next(line for line in reversed(CONTROL.sub("", table).splitlines()) if f" {unit} " in line)
    return [cell.strip() for cell in row.strip("│┃ ").split("│")]


def test_that_a_replay_prints_every_unit_with_state_rate_and_oee(start: Callable[..., Program]) -> None:
    ended = start(*ON_CAPTURE, "--speed", "60", "--duration", "2s").ended()
    assert ended.code == 0
    assert ended.err == ""
    assert "REPLAY 60×" in ended.out
    assert "1\u2009808 messages · refused 0 · not mapped 0" in ended.out
    for unit in ("Filler", "Capper", "Labeller"):
        title, state, since, rate, good, *shares = cells(ended.out, unit)
        assert title == unit
        assert state.isalpha()
        assert since.endswith("s")
        assert float(rate) > 0 or state in {"Held", "Suspended"}
        assert float(good) > 0
        assert all(share.endswith((" %", ")", " s")) for share in shares)


def test_that_a_replay_ends_with_the_figures_of_the_whole_file(start: Callable[..., Program]) -> None:
    ended = start(*ON_CAPTURE, "--speed", "1000").ended()
    assert ended.code == 0
    assert cells(ended.out, "Labeller")[1] == "Stopped"
    assert cells(ended.out, "Labeller")[4] == "157"
    assert cells(ended.out, "Filler")[1] == "Complete"
    assert cells(ended.out, "Filler")[4] == "195"


def test_that_without_a_display_it_says_so_in_one_sentence_and_shows_the_sample(start: Callable[..., Program]) -> None:
    program = start()
    program.until("Labeller")
    assert "SAMPLE" in program.out
    program.process.send_signal(signal.SIGINT)
    ended = program.ended()
    assert ended.err == "There is no display here, so the line is shown in the terminal.\n"
    assert ended.code == 0


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("columns", [0, 100])
def test_that_being_stopped_is_no_error(start: Callable[..., Program], how: signal.Signals, columns: int) -> None:
    program = start(*ON_CAPTURE, columns=columns)
    program.until("Labeller")
    program.process.send_signal(how)
    ended = program.ended()
    assert ended.code == 0
    assert ended.err == ""
    assert "Stopped." in ended.out
    assert "Traceback" not in ended.out


def test_that_a_terminal_is_repainted_in_place(start: Callable[..., Program]) -> None:
    program = start(*ON_CAPTURE, "--speed", "20", "--duration", "1500ms", columns=120)
    ended = program.ended()
    assert ended.code == 0
    _, *between, _ = ended.out.split("REPLAY")
    assert len(between) >= 4
    for painted in between:  # from one headline to the next the cursor goes up as many rows as were painted
        assert painted.count("\x1b[1A") == painted.count("\n") >= 8


def test_that_a_narrow_terminal_keeps_oee_and_blind_time_whole(start: Callable[..., Program]) -> None:
    program = start(*ON_CAPTURE, "--speed", "60", "--duration", "1500ms", columns=70)
    ended = program.ended()
    assert "…" not in ended.out
    assert "Effectiveness" not in ended.out.rpartition("REPLAY")[2]
    *_, oee, blind = cells(ended.out, "Filler")
    assert re.fullmatch(r"\d+\.\d % \(\d+\.\d–\d+\.\d\)", oee)
    assert blind == "6.1 s"


def test_that_a_file_that_is_not_there_is_one_sentence_and_exit_code_1(start: Callable[..., Program], tmp_path: Path) -> None:
    ended = start("open", "--headless", str(LAYOUT), "--source", str(tmp_path / "nowhere.jsonl")).ended()
    assert ended.code == 1
    assert "nowhere.jsonl cannot be read" in ended.err
    assert "No data" in ended.out
    assert "SAMPLE" not in ended.out
    assert "Traceback" not in ended.err


def test_that_what_is_no_speed_is_wrong_usage(start: Callable[..., Program]) -> None:
    ended = start(*ON_CAPTURE, "--speed", "nan").ended()
    assert ended.code == 2
    assert "nan is not a speed" in ended.err


@pytest.mark.skipif(sys.platform != "linux", reason="the table of sockets is read from Linux's /proc")
def test_that_a_file_is_shown_without_a_port_or_a_connection(start: Callable[..., Program]) -> None:
    program = start(*ON_CAPTURE, "--speed", "30", columns=120)
    for painted in range(1, 6):
        program.until("REPLAY", painted)
        assert program.process.poll() is None
        assert program.sockets() == []


@pytest.mark.skipif(sys.platform != "linux", reason="the table of sockets is read from Linux's /proc")
def test_that_a_socket_would_have_been_seen(tmp_path: Path) -> None:
    import socket

    from tests.service.program import Socket

    class Ourselves(Program):
        def __init__(self) -> None:
            self.process = type("Process", (), {"pid": os.getpid()})()

    before = Ourselves().sockets()
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert set(Ourselves().sockets()) - set(before) == {Socket("tcp", f"127.0.0.1:{port}", "0.0.0.0:0", listens=True)}
