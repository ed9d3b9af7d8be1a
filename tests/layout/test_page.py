from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from twin_app.layout.page import page
from twin_app.layout.schema import TABLES
from twin_app.layout.table import Table

PAGE = Path(__file__).parents[2] / "docs" / "layout.md"


def test_that_the_page_is_in_step_with_the_schema() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m twin_app.layout.page > docs/layout.md"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name or "file")
def test_that_every_key_has_a_place_in_the_model_a_kind_and_a_sentence(table: Table) -> None:
    for key in table.keys:
        assert key.says.endswith("."), key.name
        assert key.kind.allowed(), key.name
        assert key.instead or table.is_required(key) or table.model_field(key), key.name


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name or "file")
def test_that_every_field_of_the_model_can_be_written_in_the_file(table: Table) -> None:
    reached = {key.field or key.name for key in table.keys if key.of is None}
    elsewhere = {"": {"path", "content_hash"}, "line": {"path", "content_hash"}, "unit": {"placement"}, "unit.fault_word": {"faults"}}.get(
        table.name, set()
    )
    if table.name in {"", "line"}:  # one value of the model, two tables in the file
        reached = {key.field or key.name for t in TABLES if t.name in {"", "line"} for key in t.keys}
    assert {field.name for field in dataclasses.fields(table.model)} - elsewhere - reached == set()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name or "file")
def test_that_a_wrong_table_still_becomes_a_value_so_that_reading_can_go_on(table: Table) -> None:
    assert table.blank is not None
