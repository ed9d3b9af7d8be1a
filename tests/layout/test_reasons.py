"""The tree of reasons in a layout: read as it is, and wrong in every way it can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

WRONG = [
    ('[[reason]]\ntitle = "A"', "reason[1].id: is missing"),
    ('[[reason]]\nid = "a"\n[[reason]]\nid = "a"', 'reason[2].id: found "a" a second time; each must differ'),
    ('[[reason]]\nid = "a"\nbelow = "b"', 'reason[1].below: found "b", which is no reason of this file'),
    ('[[reason]]\nid = "a"\nbelow = "b"\n[[reason]]\nid = "b"\nbelow = "a"', "reason[1].below: found a reason that is a part of itself"),
    ('[[reason]]\nid = "a"\nmatches = "*jam*"', "reason[1].matches: found"),
]


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_that_a_wrong_reason_is_told(text: str, said: str, good: str, findings: Callable[[str | bytes], list[str]]) -> None:
    found = findings(good + text)
    assert any(said in finding for finding in found), found


def test_that_a_tree_is_read(good: str, findings: Callable[[str | bytes], list[str]]) -> None:
    assert findings(good + '[[reason]]\nid = "jam"\ntitle = "Jam"\nbelow = "m"\nmatches = ["*jam*"]\n[[reason]]\nid = "m"\n') == []
