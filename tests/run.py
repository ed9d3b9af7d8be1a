"""Run every check and test, each group in a process of its own, and close with one line that counts them.

    python tests/run.py                     everything: check, core, broker, gui
    python tests/run.py core gui            some groups
    python tests/run.py core -k oee         further words go to pytest, in every group named

What belongs to a group is a marker (see `[tool.pytest.ini_options]`); this is not the place for fixtures.
TWIN_TEST_DISPLAY names a screen to use instead of an Xvfb of our own.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
PYTEST_NOTHING_RAN = 5
# A group that takes this many times its budget hangs.
PATIENCE = 4


@dataclass(frozen=True, slots=True)
class Group:
    """One process of tests: what it selects, what it needs, and the time it may take."""

    name: str
    budget_s: float
    marks: str
    needs: str = ""
    pytest: tuple[str, ...] = ()
    screens: int = 0
    folders: tuple[str, ...] = ()
    """Where its tests lie, so that no others are imported to be left out; `tests/house/test_harness.py` watches that none lies elsewhere."""


# Qt is kept out of the groups that have no use for it: they prove on the way that the twin runs without it.
NO_QT = ("-p", "no:pytest-qt", "--ignore=tests/ui", "--ignore=tests/scene3d")
TWO = ("-n", "2", "--dist", "loadfile")
# VTK and a crash of its driver stay in a process of their own.
GROUPS = (
    # Two workers, a file each at a time: its fixtures are made once, and setting up an environment waits for nothing else.
    Group("core", 180, "not broker and not gui and not scene3d", pytest=(*NO_QT, *TWO)),
    # What has a broker waits for it most of the time: two wait at once.
    Group("broker", 120, "broker and not gui", needs="mosquitto", pytest=(*NO_QT, *TWO), folders=("tests/broker",)),
    # Two workers, each on a screen of its own: windows on one would take the focus from each other.
    Group("gui", 120, "gui and not scene3d", pytest=TWO, needs="Xvfb", screens=2, folders=("tests/ui", "tests/house")),
    Group("gui 3D", 120, "scene3d", needs="Xvfb", screens=1, folders=("tests/ui",)),
)
CHECKS = (
    ("ruff", "check", "--quiet"),
    ("ruff", "format", "--check", "--quiet"),
    ("mypy", "--no-error-summary"),
    ("lint-imports", "--no-logo"),
)


@dataclass(slots=True)
class Outcome:
    """What came of a step."""

    name: str
    budget_s: float
    seconds: float = 0.0
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    problems: list[str] = field(default_factory=list)


def main(arguments: list[str]) -> int:
    """Run what is asked for, print the account, and return 0 only if all of it held."""
    names = {"check", *(group.name.split()[0] for group in GROUPS)}
    asked = [word for word in arguments if word in names]
    selection = [word for word in arguments if word not in names]
    chosen = asked or ([name for name in names if name != "check"] if selection else list(names))
    outcomes = [check()] if "check" in chosen else []
    outcomes += [run_group(group, selection) for group in GROUPS if group.name.split()[0] in chosen]
    if selection and not any(outcome.passed + outcome.failed + outcome.skipped for outcome in outcomes):
        outcomes[-1].problems.append("nothing matched " + " ".join(selection))
    return report(outcomes)


def report(outcomes: list[Outcome]) -> int:
    """Print a line a step and the closing count."""
    print()
    for outcome in outcomes:
        over = "  OVER BUDGET" if outcome.seconds > outcome.budget_s else ""
        counts = f"{outcome.passed} passed, {outcome.failed} failed, {outcome.skipped} skipped" if outcome.name != "check" else ""
        print(f"{outcome.name:<8}{outcome.seconds:6.1f} s of {outcome.budget_s:.0f} s{over}  {counts}".rstrip())
        for problem in outcome.problems:
            print(f"        {problem}")
    print(f"all     {sum(outcome.seconds for outcome in outcomes):6.1f} s")
    total = [sum(getattr(outcome, what) for outcome in outcomes) for what in ("passed", "failed", "skipped")]
    print("{} passed, {} failed, {} skipped".format(*total), flush=True)
    return 1 if total[1] or any(outcome.problems for outcome in outcomes) else 0


def check() -> Outcome:
    """Run the linters, all of them, whatever the first one says."""
    outcome, began = Outcome("check", budget_s=60), time.monotonic()
    for name, *words in CHECKS:
        print(f"== {name} {' '.join(words)}".rstrip(), flush=True)
        # Beside the interpreter lie the programs of its environment, whether or not it was activated.
        program = shutil.which(name, path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
        if program is None:
            outcome.problems.append(f"{name} is not installed here: run `python start.py test`")
        elif subprocess.run([program, *words], cwd=ROOT, check=False).returncode:
            outcome.problems.append(f"{name} {words[0]} found something")
    outcome.seconds = time.monotonic() - began
    return outcome


def run_group(group: Group, selection: list[str]) -> Outcome:
    """Run one group in its own process, with a screen if it wants one."""
    print(f"== {group.name}", flush=True)
    outcome, began = Outcome(group.name, group.budget_s), time.monotonic()
    if group.needs and (why := lacking(group.needs)):
        if sys.platform == "linux":
            outcome.problems.append(f"{why}: run `python start.py test`, which fetches it")
        else:
            print(f"skipped: {why}")
        return outcome
    with tempfile.TemporaryDirectory(prefix="twin-tests-", ignore_cleanup_errors=True) as folder:
        with screen(Path(folder), group.screens) if group.screens else contextlib.nullcontext(dict(os.environ)) as environment:
            status = pytest(group, selection, Path(folder) / "report.xml", environment)
        count(outcome, Path(folder) / "report.xml")
    ran = outcome.passed + outcome.failed
    if status == PYTEST_NOTHING_RAN or not ran:
        outcome.problems += [] if selection else ["no test ran"]
    elif status and not outcome.failed:
        outcome.problems.append(f"pytest ended with status {status}")
        outcome.failed += 1
    outcome.seconds = time.monotonic() - began
    return outcome


def pytest(group: Group, selection: list[str], report_to: Path, environment: dict[str, str]) -> int:
    """Run pytest on a group's tests and return its exit status, or 1 when it hung."""
    command = [sys.executable, "-m", "pytest", "-q", "--continue-on-collection-errors", f"--junitxml={report_to}", "-m", group.marks]
    named = any((ROOT / word.partition("::")[0]).exists() for word in selection)
    command += [*group.pytest, *selection, *(() if named else group.folders)]
    if group.screens > 1 and "TWIN_TEST_DISPLAYS" not in environment:  # one screen of somebody's has room for one worker
        command += ["-n", "0"]
    try:
        return subprocess.run(command, cwd=ROOT, env=environment, timeout=group.budget_s * PATIENCE, check=False).returncode
    except subprocess.TimeoutExpired:
        print(f"{group.name} took more than {PATIENCE} times its budget and was stopped", file=sys.stderr)
        return 1


def count(outcome: Outcome, report_from: Path) -> None:
    """Add up pytest's own account; there is none when its process died."""
    with contextlib.suppress(FileNotFoundError, ET.ParseError):
        for suite in ET.parse(report_from).iter("testsuite"):  # noqa: S314 - written by the pytest we have just run
            tests, failures, errors, skipped = (int(suite.get(key, "0")) for key in ("tests", "failures", "errors", "skipped"))
            outcome.failed += failures + errors
            outcome.skipped += skipped
            outcome.passed += max(0, tests - failures - errors - skipped)


def lacking(program: str) -> str:
    """Say what a group misses on this machine; empty when nothing."""
    if program == "Xvfb" and (sys.platform != "linux" or os.environ.get("TWIN_TEST_DISPLAY")):
        return ""
    found = shutil.which(program, path=os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"]))
    return "" if found else f"{program} is not installed"


@contextlib.contextmanager
def screen(folder: Path, count: int) -> Iterator[dict[str, str]]:
    """Give the environment of a window test: a screen a worker, one set of fonts, OpenGL in software, the same on every Linux."""
    environment = {**os.environ, "QT_FONT_DPI": "96", "QT_SCALE_FACTOR": "1"}
    if sys.platform != "linux":
        yield environment
        return
    (folder / "run").mkdir(mode=0o700)
    environment |= {
        "FONTCONFIG_FILE": str(ROOT / "tests" / "fonts.conf"),
        "LC_ALL": "C.UTF-8",
        "LIBGL_ALWAYS_SOFTWARE": "1",
        "NO_AT_BRIDGE": "1",
        "QT_QPA_PLATFORM": "xcb",
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_RUNTIME_DIR": str(folder / "run"),
    }
    environment.pop("WAYLAND_DISPLAY", None)
    if given := os.environ.get("TWIN_TEST_DISPLAY"):
        yield {**environment, "DISPLAY": given}
        return
    with contextlib.ExitStack() as servers:
        displays = [servers.enter_context(x_server()) for _ in range(count)]
        yield {**environment, "DISPLAY": displays[0], "TWIN_TEST_DISPLAYS": " ".join(displays)}


@contextlib.contextmanager
def x_server() -> Iterator[str]:
    """Give the display of a screen of our own."""
    read_end, write_end = os.pipe()
    # -displayfd lets the server choose a free number and tell it once it listens: nothing to guess, nothing to wait for.
    command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", "1920x1080x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[write_end], stderr=subprocess.DEVNULL)
    os.close(write_end)
    try:
        with os.fdopen(read_end) as told:
            number = told.readline().strip()
        if not number:
            raise SystemExit("Xvfb did not start: run `Xvfb :99` by hand to see why")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
