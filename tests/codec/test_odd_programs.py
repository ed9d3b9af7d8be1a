"""What real programs get wrong in otherwise sound messages: the rest of the message is not lost, and nothing is made up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Maker = Callable[..., Any]


@pytest.mark.parametrize(
    ("payload", "reason", "samples"),
    [
        (b'\xef\xbb\xbf{"a":1}', "", [("a", 1.0)]),
        (b'{"a":1}\0', "", [("a", 1.0)]),
        (b'{"a":1}\r\n', "", [("a", 1.0)]),
        (b'{"a":NaN,"b":2}', "", [("a", None), ("b", 2.0)]),
        (b'{"a":Infinity,"b":2}', "beyond the range of numbers", [("b", 2.0)]),
        (b'{"b":2,"a":-Infinity}', "beyond the range of numbers", [("b", 2.0)]),
        (b'{"a":1e400,"b":2}', "beyond the range of numbers", [("b", 2.0)]),
        (b'{"a":NaN,"b":"\\ud800"}', "not JSON", []),
        (b'{"a":nan}', "not JSON", []),
        (b'{"a":1,}', "not JSON", []),
        (b"{'a':1}", "not JSON", []),
        (b'{"a":1}{"a":2}', "not JSON", []),
        (b'{"a":"\xb0C"}', "not UTF-8 text", []),
        (b"\0\0\0", "not JSON", []),
        (b"NaN", "JSON, but not one object", []),
        (b'{"a":NaN,"b":' + b"[" * 100_000, "nested too deeply", []),
        (b'{"a":NaN,"b":' + b"9" * 5_000 + b"}", "not JSON", []),
    ],
)
def test_that_json_is_read_in_spite_of_what_programs_often_get_wrong(
    json_flat: Maker, payload: bytes, reason: str, samples: list[tuple[str, float | None]]
) -> None:
    bench = json_flat(signals={"a": "a", "b": "b"})
    bench.say("plant/Filler", b'{"a":0.5,"b":0.5}')
    bench.samples()
    assert bench.say("plant/Filler", payload) == reason
    assert [(sample.name, sample.value) for sample in bench.samples()] == samples


@pytest.mark.parametrize(
    ("payload", "value"),
    [(b"12.5\0", 12.5), (b"\xef\xbb\xbf12.5", 12.5), (b" 12.5\r\n", 12.5), (b"+12.5e0", 12.5), (b"NaN", None)],
)
def test_that_a_scalar_is_read_in_spite_of_what_programs_often_get_wrong(by_rule: Maker, payload: bytes, value: float | None) -> None:
    bench = by_rule(topic="plant/{unit}/{tag...}", dialect="scalar")
    bench.say("plant/Filler/level", b"1")
    bench.samples()
    assert bench.say("plant/Filler/level", payload) == ""
    assert [sample.value for sample in bench.samples()] == [value]


@pytest.mark.parametrize("payload", [b"1,5", b"12.5 bar", b"0x1F", b"--5", b"1_000"])
def test_that_what_is_no_number_is_refused_where_one_is_known_to_come(by_rule: Maker, payload: bytes) -> None:
    bench = by_rule(topic="plant/{unit}/{tag...}", dialect="scalar")
    bench.say("plant/Filler/level", b"1")
    assert bench.say("plant/Filler/level", payload) == "not a number"
