"""Files that are no layouts, by accident or by malice."""

from __future__ import annotations

import os
import sys
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from twin_app.assets import ROOT
from twin_app.errors import LayoutError
from twin_app.layout import MAX_BYTES, load

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.model.equipment import Line

    Find = Callable[[str | bytes], list[str]]

SAMPLE = (ROOT / "models3d/lines/packaging.toml").read_bytes()
TOO_DEEP = "nests deeper than 16 levels, or holds a word of over a thousand characters."


def test_that_a_missing_file_a_folder_and_an_unreadable_name_are_one_sentence_each(tmp_path: Path) -> None:
    said = {}
    for path in (tmp_path / "gone.toml", tmp_path, tmp_path / ("x" * 300)):
        with pytest.raises(LayoutError) as caught:
            load(path)
        said[path] = caught.value.worded()
    assert said[tmp_path / "gone.toml"] == f"There is no layout file {tmp_path / 'gone.toml'}."
    assert said[tmp_path] == f"{tmp_path} is a folder, not a layout file. Name one of the .toml files in it."
    assert said[tmp_path / ("x" * 300)].startswith("The layout ") or said[tmp_path / ("x" * 300)].startswith("There is no")
    assert all("\n" not in sentence for sentence in said.values())


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes in the file system")
def test_that_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    with pytest.raises(LayoutError, match="There is no layout file"):
        load(tmp_path / "pipe.toml")


def test_that_the_message_holds_the_summary_and_every_finding(tmp_path: Path) -> None:
    path = tmp_path / "l.toml"
    path.write_text("schema = 1\n")
    with pytest.raises(LayoutError) as caught:
        load(path)
    assert caught.value.worded().splitlines()[0] == f"The layout {path} cannot be used as it stands:"
    assert [finding.split(":")[2] for finding in caught.value.findings] == [" line", " source", " unit"]


def test_that_bytes_that_are_no_utf8_are_told_with_their_line(good: str, findings: Find) -> None:
    spoiled = good.encode().replace(b'site = "S"', b'site = "M\xfcnchen"')
    assert findings(spoiled) == ["line.toml:5: holds bytes that are no UTF-8; save the file as UTF-8."]
    assert findings(good.encode("utf-16")) == ["line.toml:1: holds bytes that are no UTF-8; save the file as UTF-8."]


def test_that_a_byte_order_mark_and_windows_line_ends_change_nothing_but_the_hash(good: str, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(good.encode())
    (tmp_path / "b.toml").write_bytes(b"\xef\xbb\xbf" + good.replace("\n", "\r\n").encode())
    a, b = load(tmp_path / "a.toml"), load(tmp_path / "b.toml")
    assert (a.units, a.sources, a.products, a.zone) == (b.units, b.sources, b.products, b.zone)
    assert a.content_hash != b.content_hash


def test_that_windows_line_ends_do_not_move_the_line_of_a_finding(good: str, findings: Find) -> None:
    spoiled = good.replace('constraint = "Press"', 'constraint = "Pres"').replace("\n", "\r\n")
    assert [found.split(" ")[0] for found in findings(spoiled)] == ["line.toml:8:"]


def test_that_a_file_over_2_mib_is_refused_before_it_is_parsed(findings: Find) -> None:
    (found,) = findings(b"#" * (MAX_BYTES + 1))
    assert found.endswith("is larger than 2 MiB, so it is none.")


@pytest.mark.parametrize(
    ("attack", "line"),
    [
        ("x = " + "[" * 100_000, 1),
        ("x = " + "{a = " * 100_000, 1),
        ("\n" + ".".join("a" * 50_000) + " = 1", 2),
        ("[" + ".".join("a" * 50_000) + "]", 1),
        ("x = " + "9" * 5000, 1),
        ("x = 0x" + "f" * 5000, 1),
    ],
    ids=["arrays", "tables", "dotted key", "dotted header", "long number", "long hexadecimal"],
)
def test_that_depth_and_length_that_would_stall_a_parser_are_refused_with_their_line(attack: str, line: int, findings: Find) -> None:
    assert findings(attack) == [f"line.toml:{line}: {TOO_DEEP}"]


@pytest.mark.parametrize(
    "attack",
    [
        "\n".join(f"k{i} = {i}" for i in range(100_000)),
        "\n".join("[[unit]]" for _ in range(50_000)),
        "schema = 1\nunit = [" + "1," * 300_000 + "]",
        '"""' * 300_000,
        "'''\\'" * 300_000,
        'x = "' + "\\" * 1_000_001,
        'schema = 1\nconstraint = "' + "a" * 2_000_000 + '"',
        "".join(f'[[unit]]\nid = "u{i}"\ntype = "x"\nsource = "y{i}"\nfeeds = [{{to = "v{i}"}}]\n' for i in range(1000)),
    ],
    ids=["keys", "units", "numbers", "quotes", "other quotes", "escapes", "long text", "wrong references"],
)
def test_that_a_large_wrong_file_is_refused_in_seconds_and_few_words(attack: str, findings: Find) -> None:
    started = time.perf_counter()
    found = findings(attack)
    assert time.perf_counter() - started < 30
    assert 1 <= len(found) <= 201
    assert all(len(sentence) < 1000 for sentence in found)


def test_that_of_very_many_findings_the_rest_are_counted(good: str, findings: Find) -> None:
    found = findings("\n".join(f"k{i} = {i}" for i in range(250)) + "\n" + good)
    assert len(found) == 201
    assert found[-1] == "line.toml: 50 more findings are not listed."


PIECES = st.sampled_from(
    [
        b"",
        b"\n",
        b"[",
        b"]]",
        b"{",
        b"}",
        b'"',
        b"'",
        b"\\",
        b"\x00",
        b"\xff",
        b"= nan",
        b"= 1e999",
        b"-0",
        b"1",
        b"true",
        b"[[unit]]\n",
        b"[unit]\n",
    ]
) | st.binary(max_size=8)


@given(st.lists(st.tuples(st.integers(0, len(SAMPLE)), st.integers(0, 60), PIECES), min_size=1, max_size=6))
def test_that_whatever_happens_to_a_file_it_is_a_line_or_a_layout_error(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[int, int, bytes]]
) -> None:
    data = SAMPLE
    for start, length, piece in edits:
        data = data[:start] + piece + data[start + length :]
    path = tmp_path_factory.getbasetemp() / "mutated.toml"
    path.write_bytes(data)
    line, sentences = _read(path)
    assert all(sentence.startswith("mutated.toml:") for sentence in sentences)
    assert (line is None) == bool(sentences)
    assert line is None or line.constraint in {unit.id for unit in line.units}


def _read(path: Path) -> tuple[Line | None, tuple[str, ...]]:
    """Return the line, or what is wrong with it; any other error is the test's to fail by."""
    try:
        return load(path), ()
    except LayoutError as error:
        return None, error.findings


VALUES = st.recursive(
    st.booleans() | st.integers(-(10**15), 10**15) | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def _places(value: object) -> list[tuple[Any, Any]]:
    """Return container and key of every place in a document."""
    steps: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, inner in steps for place in ((value, key), *_places(inner))]


@given(st.data())
def test_that_any_value_in_any_place_is_a_line_or_findings(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    document = tomllib.loads(SAMPLE.decode())
    container, key = data.draw(st.sampled_from(_places(document)))
    container[key] = data.draw(VALUES)
    path = tmp_path_factory.getbasetemp() / "mutated.toml"
    try:
        path.write_text(tomlkit.dumps(document), encoding="utf-8")
    except (ValueError, TypeError):
        return  # TOML has no such value
    line, sentences = _read(path)
    assert (line is None) == bool(sentences)
