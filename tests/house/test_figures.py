"""The figures of the house style that no linter counts, and what no file of a repository should tell about its makers' machines."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 400
LONGEST_FUNCTION = 50
BROAD_EXCEPTS = {
    "twin_app/sources/intake.py": "one message that nobody foresaw must not end the reading of all others; it is counted and kept",
    "twin_app/sources/passwords.py": "a desktop's keyring may raise anything; without it the environment has the password",
    "ui/bridge.py": "a frame that fails would fail again 30 times a second; the person is told once",
    "ui/connect_dialog.py": "a trial that breaks down must not end silently in its thread; the person is told",
    "ui/discover_work.py": "a listening that breaks down must not end silently in its thread; the person is told",
    "ui/finding/work.py": "a long work that breaks down must not end silently in its thread; the person is told",
    "ui/query.py": "a thread that dies would leave every view without answers; the log has the question",
    "ui/report_work.py": "a sheet that breaks down must not end silently in its thread; the person is told",
    "ui/scene3d/worker.py": "whatever goes wrong while drawing, the rest of the window runs on; the person is told",
}
"""The borders of threads and timers: the only places where any exception at all is caught and goes no further, once each."""
TEXT = {".py", ".toml", ".md", ".txt", ".lock", ".yml", ".yaml", ".sh", ".json", ".cfg", ".conf", ".po", ""}
MACHINE_PATH = re.compile(r"(?:^|[\s\"'(=`:])(/(?:work|root|tmp|farm|home/\w+|Users/\w+)/\S*|C:\\Users\\\S+)", re.MULTILINE)
EXEMPTION = re.compile(r"# (?:noqa|type: ignore)(?:: |\[)?([\w, -]*?)\]?( +(?:-|#) \w.*)?$")
REGISTRY = re.compile(
    r"files\.pythonhosted\.org|pypi\.org/simple|https?://[^\s\"'/]*(?:pypi|nexus|artifactory|devpi|mirror)[^\s\"']*", re.IGNORECASE
)


def test_that_no_file_is_longer_than_a_reader_can_hold(sources: dict[Path, str]) -> None:
    assert {path.as_posix(): text.count("\n") for path, text in sources.items() if text.count("\n") > LONGEST_FILE} == {}


def test_that_no_function_is_longer_than_a_screen(sources: dict[Path, str]) -> None:
    too_long = {
        f"{path}:{node.lineno} {node.name}": size
        for path, text in sources.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (size := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert too_long == {}


def test_that_everything_is_caught_only_at_borders_that_give_their_reason(sources: dict[Path, str]) -> None:
    broad = [
        path.as_posix()
        for path, text in sources.items()
        if path.parts[0] != "tests"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ExceptHandler) and catches_everything(node.type) and not raises_again(node)
    ]
    assert sorted(broad) == sorted(BROAD_EXCEPTS)


def catches_everything(caught: ast.expr | None) -> bool:
    """Tell whether an except clause takes any exception, alone or in a tuple."""
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(name is None or (isinstance(name, ast.Name) and name.id in {"Exception", "BaseException"}) for name in names)


def raises_again(handler: ast.ExceptHandler) -> bool:
    """Tell whether what was caught goes on after a tidying up."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


@pytest.mark.parametrize("pattern", [MACHINE_PATH, REGISTRY], ids=["paths of a machine", "addresses of package registries"])
def test_that_no_file_tells_where_it_was_made(tracked: list[Path], pattern: re.Pattern[str]) -> None:
    found = {
        path.as_posix(): match[0].strip()
        for path in tracked
        if path.suffix in TEXT and path.parts[0] != "tests" and path.name != "LICENSE"
        for match in [pattern.search((ROOT / path).read_text(encoding="utf-8", errors="replace"))]
        if match
    }
    assert found == {}


def test_that_every_exemption_from_a_rule_gives_its_reason_where_it_is_first_taken(sources: dict[Path, str]) -> None:
    bare = []
    for path, text in sources.items():
        reasoned: set[str] = set()
        for number, line in enumerate(text.splitlines(), 1):
            for rules, reason in EXEMPTION.findall(line):
                reasoned |= {rules} if reason else set()
                bare += [] if rules in reasoned else [f"{path}:{number} {rules}"]
    assert bare == []
