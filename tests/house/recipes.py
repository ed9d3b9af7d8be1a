"""The recipes of CONTRIBUTING.md as they stand there: what each writes into a checkout. Not for judging what comes of it."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```python\n# (in )?(\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Recipe:
    """New files by path, and edits: the lines to be joined to a file that is there."""

    title: str
    files: dict[str, str]
    edits: dict[str, str]

    def lines(self) -> int:
        """Return how many lines a person writes, blank ones not counted."""
        return sum(bool(line.strip()) for text in (*self.files.values(), *self.edits.values()) for line in text.splitlines())

    def follow(self, checkout: Path) -> None:
        """Do in a checkout what the recipe says."""
        for path, text in self.files.items():
            assert not (checkout / path).exists(), path
            (checkout / path).write_text(text, encoding="utf-8")
        for path, lines in self.edits.items():
            (checkout / path).write_text(edited((checkout / path).read_text(encoding="utf-8"), lines), encoding="utf-8")


def recipes() -> dict[str, Recipe]:
    """Return the recipes by their titles: `A panel`."""
    chapter = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Add one")[2]
    found = {}
    for part in chapter.split("\n### ")[1:]:
        blocks = BLOCK.findall(part)
        assert len(blocks) == part.count("```python"), f"a block of {part[:20]!r} does not say where it belongs"
        title = part.partition("\n")[0]
        found[title] = Recipe(title, {p: code for e, p, code in blocks if not e}, {p: code for e, p, code in blocks if e})
    return found


def edited(text: str, lines: str) -> str:
    """Return a module with imports added, and with every tuple that is given with `...` longer by what stands beside the dots."""
    for node in ast.parse(lines).body:
        if isinstance(node, ast.ImportFrom):
            text = text.replace("from __future__ import annotations\n", f"from __future__ import annotations\n\n{ast.unparse(node)}", 1)
        else:
            assert isinstance(node, ast.Assign)
            text = _longer(text, node)
    return text


def _longer(text: str, asked: ast.Assign) -> str:
    """Return the module with one tuple made longer, at the front or at the end."""
    name, new = ast.unparse(asked.targets[0]), _tuple(asked.value)
    dots = next(i for i, part in enumerate(new.elts) if isinstance(part, ast.Constant) and part.value is ...)
    code = ", ".join(ast.unparse(part) for i, part in enumerate(new.elts) if i != dots)
    old = next(_tuple(node.value) for node in ast.parse(text).body if _assigns(node, name) and node.value is not None)
    at_line, at_column = (
        (old.elts[-1].end_lineno, old.elts[-1].end_col_offset) if dots == 0 else (old.elts[0].lineno, old.elts[0].col_offset)
    )
    lines = text.encode().splitlines(keepends=True)
    line = lines[(at_line or 1) - 1]
    lines[(at_line or 1) - 1] = line[:at_column] + (f", {code}" if dots == 0 else f"{code}, ").encode() + line[at_column:]
    return b"".join(lines).decode()


def _assigns(node: ast.stmt, name: str) -> TypeGuard[ast.Assign | ast.AnnAssign]:
    """Tell whether a statement gives a name its value."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return any(isinstance(target, ast.Name) and target.id == name for target in targets)


def _tuple(value: ast.expr) -> ast.Tuple:
    """Return the tuple of an expression: itself, or the argument of a call."""
    return next(node for node in ast.walk(value) if isinstance(node, ast.Tuple))
