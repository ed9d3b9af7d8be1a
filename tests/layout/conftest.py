"""A good layout to spoil, and a way to read what is found in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from twin_app.errors import LayoutError
from twin_app.layout import load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GOOD = """\
schema = 1

[line]
id = "L1"
site = "S"
area = "A"
zone = "Europe/Berlin"
constraint = "Press"

[[source]]
id = "plc"

[[source.map]]
topic = "S/A/{unit}/{tag...}"
dialect = "packml_tags"

[[unit]]
id = "Press"
type = "machine"
source = "plc"
feeds = [{ to = "Oven" }]

[[unit]]
id = "Oven"
type = "machine"
source = "plc"

[[product]]
id = "lid"
ideal_cycle_s = { Press = 2, Oven = 1.5 }
"""


@pytest.fixture
def good() -> str:
    """Return a small layout without a fault, 30 lines long."""
    return GOOD


@pytest.fixture
def findings(tmp_path: Path) -> Callable[[str | bytes], list[str]]:
    """Return a function that writes a layout `line.toml`, reads it and returns what is wrong with it."""

    def find(content: str | bytes) -> list[str]:
        path = tmp_path / "line.toml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        try:
            load(path)
        except LayoutError as error:
            return list(error.findings) or [error.worded()]
        return []

    return find
