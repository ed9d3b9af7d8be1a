"""How far a long command is and how it is given up: what is said, to whom, how often; and where an interruption may end it."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from twin_app.service import progress
from twin_app.service.progress import Progress
from twin_app.service.stopping import stopping


def clock(*seconds: float) -> Iterator[float]:
    """Yield seconds, one a look."""
    yield from seconds


def test_that_a_program_is_told_a_line_a_step_and_how_long_the_rest_takes(capsys: pytest.CaptureFixture[str]) -> None:
    """Told first at 5 s and a tenth, a half four seconds later: 0.4 took 4 s, so 0.5 take 5 s. What took the 5 s before goes otherwise."""
    seconds = clock(0.0, 5.0, 5.1, 9.0, 14.0)
    tell = Progress(str, steps=True, now=lambda: next(seconds))
    for share in (0.1, 0.11, 0.5, 1.0):
        tell(share)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert told == [{"share": 0.1, "left_s": None}, {"share": 0.5, "left_s": 5.0}, {"share": 1.0, "left_s": 0.0}]


def test_that_a_terminal_is_told_on_one_line_and_nobody_else_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = clock(0.0, 1.0, 4.0)
    tell = Progress(lambda share: f"{share:.0%}", now=lambda: next(seconds))
    tell(0.25)
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(progress, "on_terminal", lambda: True)
    tell(0.5)
    tell.end()
    assert capsys.readouterr().err == "\r\x1b[2K50%, 6.0 s left\r\x1b[2K"


def asked_to_end(*, said: int | None = None) -> None:
    """Be told to end by a signal, or by the end of what was being written to a pipe; and wait for it."""
    if said is None:
        os.kill(os.getpid(), signal.SIGTERM)
    else:
        os.write(said, b"said and passed over")
        os.close(said)
    time.sleep(5)


def test_that_an_interruption_ends_it_at_once_until_something_is_half_done() -> None:
    with pytest.raises(KeyboardInterrupt), stopping():
        asked_to_end()
    with stopping() as stop:
        stop.at_once = False
        stop.heed()
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop.asked
        with pytest.raises(KeyboardInterrupt):
            stop.heed()
    assert signal.getsignal(signal.SIGTERM) is not stop


def test_that_it_ends_with_its_input_where_it_serves_a_window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading) as given:
        monkeypatch.setattr(sys, "stdin", given)
        with pytest.raises(KeyboardInterrupt), stopping(at_end_of_input=True):
            asked_to_end(said=writing)
