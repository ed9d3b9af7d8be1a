"""Being ended while a command starts or works: no traceback, nothing half written, and the exit code that the shell expects."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LAYOUT = ROOT / "models3d/lines/packaging.toml"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of another kind there")


def started(tmp_path: Path, *words: str) -> subprocess.Popen[str]:
    """Start the program, with Ctrl+C as a terminal gives it."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "twin_app", *words], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TWIN_APP_HOME": str(tmp_path / "home")},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509 - no thread runs in a test of the core
    )  # fmt: skip


@pytest.mark.parametrize("after_s", [0.12, 0.25])
def test_that_ctrl_c_while_the_program_starts_is_heeded_without_a_word(tmp_path: Path, after_s: float) -> None:
    process = started(tmp_path, "simulate", "--layout", str(LAYOUT), "--duration", "240h", "--out", "run.jsonl")
    time.sleep(after_s)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (out, err) == ("", "")
    assert process.returncode in (-signal.SIGINT, 130)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_that_a_program_that_is_ended_leaves_nothing_half_written(tmp_path: Path, how: signal.Signals) -> None:
    process = started(tmp_path, "simulate", "--layout", str(LAYOUT), "--duration", "240h", "--out", "run.jsonl")
    ends_s = time.monotonic() + 20
    while not list(tmp_path.glob(".run*")) and time.monotonic() < ends_s:
        time.sleep(0.02)
    process.send_signal(how)
    out, err = process.communicate(timeout=30)
    assert (out, err) == ("", "")
    assert process.returncode == (130 if how is signal.SIGINT else -signal.SIGTERM)
    assert not list(tmp_path.glob(".run*")) + list(tmp_path.glob("run*"))
