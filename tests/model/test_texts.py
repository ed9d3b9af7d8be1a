"""Texts are numbered once each, however many there are, and memory holds but the first and the newest of them."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twin_app.model import beyond, samples
from twin_app.model.samples import TextTable


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # what is patched holds for every example
@given(st.lists(st.binary(max_size=3) | st.text(max_size=2)), st.integers(0, 5))
def test_that_a_text_keeps_its_number_wherever_it_lies(monkeypatch: pytest.MonkeyPatch, said: list[bytes | str], in_memory: int) -> None:
    monkeypatch.setattr(samples, "TEXTS_IN_MEMORY", in_memory)
    monkeypatch.setattr(beyond, "NEWEST", 2)
    table = TextTable()
    numbers: dict[bytes, int] = {}
    for text in said:
        entry = text.encode() if isinstance(text, str) else text
        assert table.code(text) == numbers.setdefault(entry, len(numbers))
    assert len(table) == len(numbers)
    assert [table.entry(code) for code in numbers.values()] == list(numbers)
    assert [table.text(code) for code in numbers.values()] == [entry.decode("utf-8", "replace") for entry in numbers]
    with pytest.raises(IndexError):
        table.entry(len(numbers))


def test_that_texts_of_one_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beyond, "hash", lambda _entry: 7, raising=False)
    monkeypatch.setattr(beyond, "NEWEST", 0)
    table = beyond.Beyond(10)
    assert [table.code(entry) for entry in (b"a", b"b", b"a", b"c", b"b")] == [10, 11, 10, 12, 11]
    assert table.entry(11) == b"b"


def test_that_sources_may_add_the_same_texts_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samples, "TEXTS_IN_MEMORY", 50)
    table = TextTable()
    found: list[list[int]] = []

    def add() -> None:
        found.append([table.code(f"order {k}") for k in range(1000)])

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(table) == 1000
    assert all(codes == found[0] for codes in found)
    assert [table.text(code) for code in found[0]] == [f"order {k}" for k in range(1000)]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells which memory is of no file")
def test_that_memory_does_not_grow_with_ever_new_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    def anonymous_kb() -> int:
        (row,) = [row for row in Path("/proc/self/status").read_text().splitlines() if row.startswith("RssAnon:")]
        return int(row.split()[1])

    monkeypatch.setattr(samples, "TEXTS_IN_MEMORY", 100)
    table = TextTable()
    for k in range(20_000):
        table.code(f"{k} counted and said as a text, as some programs do, which is a new one each time {'-' * 200}")
    before_kb = anonymous_kb()
    for k in range(20_000, 60_000):
        table.code(f"{k} counted and said as a text, as some programs do, which is a new one each time {'-' * 200}")
    assert anonymous_kb() - before_kb < 6_000, "forty thousand texts of 290 bytes are 16 MB and more"
    assert table.text(59_000).startswith("59000 counted")
