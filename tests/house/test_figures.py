"""The figures of the house style that no linter counts, and what no file of a repository should tell about its makers' machines."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 400
LONGEST_FUNCTION = 50
BROAD_EXCEPTS = 3
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


def test_that_broad_excepts_are_few(sources: dict[Path, str]) -> None:
    broad = [
        f"{path}:{node.lineno}"
        for path, text in sources.items()
        if path.parts[0] != "tests"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}))
    ]
    assert len(broad) <= BROAD_EXCEPTS, broad


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
