"""`docs/scenario.md` says what the files may hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from twin_app.simulate.page import page
from twin_app.simulate.schema import TABLES
from twin_app.simulate.spec import FaultKind

if TYPE_CHECKING:
    from twin_app.layout.table import Table

PAGE = Path(__file__).parents[2] / "docs" / "scenario.md"


def test_that_the_page_is_in_step_with_the_schema() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m twin_app.simulate.page > docs/scenario.md"


def test_that_the_page_names_every_malfunction() -> None:
    assert all(f"| `{kind}` |" in page() for kind in FaultKind)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name or "file")
def test_that_every_key_has_a_kind_and_a_sentence(table: Table) -> None:
    for key in table.keys:
        assert key.says.endswith("."), key.name
        assert key.kind.allowed(), key.name
