from __future__ import annotations

import string
import tomllib

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from twin_app.layout.positions import MAX_DEPTH, TooDeepError, key_lines

TEXT = '''\
a = 1 # [no]
b.c = "x"
"d e".f = [1,
  2, # ]
  { g = 3 },
  [ 4,
    5 ]]
h = """
k = 1
\\""" ]
"""
i = \'\'\'
j = 2\'\'\'\'
[m]
n = { o = 1, p.q = [ {r = 2} ] }
[[s]]
t = 1979-05-27 07:32:00
[[s.u]]
v = -1.5e-3
[[s.u]]
v = 'w'
[s.x]
y = 1
[[s]]
[s.u]
'''


def test_that_every_key_and_element_has_the_line_where_it_first_stands() -> None:
    assert key_lines(TEXT) == {
        ("a",): 1,
        ("b",): 2,
        ("b", "c"): 2,
        ("d e",): 3,
        ("d e", "f"): 3,
        ("d e", "f", 0): 3,
        ("d e", "f", 1): 4,
        ("d e", "f", 2): 5,
        ("d e", "f", 2, "g"): 5,
        ("d e", "f", 3): 6,
        ("d e", "f", 3, 0): 6,
        ("d e", "f", 3, 1): 7,
        ("h",): 8,
        ("i",): 12,
        ("m",): 14,
        ("m", "n"): 15,
        ("m", "n", "o"): 15,
        ("m", "n", "p"): 15,
        ("m", "n", "p", "q"): 15,
        ("m", "n", "p", "q", 0): 15,
        ("m", "n", "p", "q", 0, "r"): 15,
        ("s",): 16,
        ("s", 0): 16,
        ("s", 0, "t"): 17,
        ("s", 0, "u"): 18,
        ("s", 0, "u", 0): 18,
        ("s", 0, "u", 0, "v"): 19,
        ("s", 0, "u", 1): 20,
        ("s", 0, "u", 1, "v"): 21,
        ("s", 0, "x"): 22,
        ("s", 0, "x", "y"): 23,
        ("s", 1): 24,
        ("s", 1, "u"): 25,
    }


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("a = 1\nb = = 2\nc = 3", {("a",), ("b",)}),
        ("a = 1\n[b\nc = 3", {("a",)}),
        ('a = 1\nb = "open\nc = 3', {("a",), ("b",)}),
        ("a = 1\n[b]]\nc = 3", {("a",), ("b",)}),
        ("a = [1,\nb = 3", {("a",), ("a", 0), ("a", 1)}),
        ("= 1", set()),
        ("", set()),
    ],
)
def test_that_a_text_that_is_no_toml_is_known_as_far_as_it_makes_sense(text: str, known: set[tuple[str | int, ...]]) -> None:
    assert set(key_lines(text)) == known


def test_that_sixteen_levels_are_read_and_seventeen_are_refused() -> None:
    assert len(key_lines("a" + ".a" * (MAX_DEPTH - 1) + " = 1")) == MAX_DEPTH
    with pytest.raises(TooDeepError) as caught:
        key_lines("b = 1\na" + ".a" * MAX_DEPTH + " = 1")
    assert caught.value.args == (2,)


def _paths(value: object, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    """Return every path of a parsed document."""
    steps: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        steps = list(value.items())
    elif isinstance(value, list):
        steps = list(enumerate(value))
    return {(*path, key) for key, _ in steps}.union(*(_paths(inner, (*path, key)) for key, inner in steps))


KEYS = st.text(string.ascii_letters + "-_ .\"'\\#[]é日\t", max_size=5)
VALUES = st.recursive(
    st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | st.text("ab\"'\\\n#[]{}=,", max_size=8) | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_that_the_paths_found_are_those_of_the_parser(document: dict[str, object]) -> None:
    text = tomlkit.dumps(document)
    try:
        parsed = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return  # the writer's fault
    lines = key_lines(text)
    assert set(lines) == _paths(parsed)
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())
