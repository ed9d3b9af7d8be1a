"""No two commands of the window have the same key: the second to be registered would not let the window open. Read from the code, without Qt."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def keys_of(code: str) -> list[tuple[str, str]]:
    """Return command and key for every `Command(...)` whose id and keys are written out."""
    found = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Command":
            given = {word.arg: word.value for word in node.keywords}
            if isinstance(keys := given.get("keys"), ast.Tuple):
                command = ast.unparse(given["id"])
                found += [(command, key.value) for key in keys.elts if isinstance(key, ast.Constant) and isinstance(key.value, str)]
    return found


def shared(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    """Return the keys that several commands have, with those."""
    by_key: dict[str, list[str]] = defaultdict(list)
    for command, key in pairs:
        by_key["+".join(sorted(key.casefold().split("+")))].append(command)
    return {key: commands for key, commands in by_key.items() if len(commands) > 1}


def test_that_no_two_commands_have_the_same_key() -> None:
    pairs = [pair for path in sorted((ROOT / "ui").rglob("*.py")) for pair in keys_of(path.read_text(encoding="utf-8"))]
    assert len(pairs) > 40
    assert shared(pairs) == {}


@pytest.mark.parametrize("other", ['keys=("Ctrl+E",)', 'keys=("Q", "Ctrl+E")', 'keys=("ctrl+e",)'])
def test_that_a_shared_key_would_be_found(other: str) -> None:
    code = f'add(Command(id="a.b", keys=("Ctrl+E",)), run)\nadd(Command(id="c.d", {other}), run)'
    assert shared(keys_of(code)) == {"ctrl+e": ["'a.b'", "'c.d'"]}
