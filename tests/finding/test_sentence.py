"""A search is said in a sentence, English or Chinese; what is not understood is named, and nothing is guessed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.session.plant import LINE
from twin_app.errors import UsageError
from twin_app.finding.sentence import understood
from twin_app.finding.wanted import Bound, Wanted
from twin_app.model.packml import State

MIN, HOUR, DAY = 60 * 10**9, 3600 * 10**9, 86_400 * 10**9
BOTTLING = replace(LINE, units=(*LINE.units, replace(LINE.units[0], id="M7", title="Labeller A", feeds=())))


@pytest.mark.parametrize(
    ("sentence", "wanted", "last"),
    [
        ("M7 aborted > 3 min, last 30 days", {"unit": "M7", "state": State.ABORTED, "longer_ns": 3 * MIN}, 30 * DAY),
        ("last 30 days: labeller a, aborted for 1 h 30 min", {"unit": "M7", "state": State.ABORTED, "longer_ns": 90 * MIN}, 30 * DAY),
        ("find all stops of the Filler that were longer than 90 s in the past week", {"unit": "Filler", "any_stop": True, "longer_ns": 90 * 10**9}, 7 * DAY),
        ("stopped", {"state": State.STOPPED}, None),
        ("no data at least 5min", {"no_data": True, "longer_ns": 5 * MIN}, None),
        ("M7/Temperature > 75 for 10 min", {"unit": "M7", "value": Bound("Temperature", ">", 75.0), "longer_ns": 10 * MIN}, None),
        ("Temperature below -2.5 °C, last 24 h", {"value": Bound("Temperature", "<", -2.5)}, DAY),
        ('alarm "emergency stop", Capper', {"unit": "Capper", "alarm": "emergency stop"}, None),
        ("alarm jam at the Filler", {"unit": "Filler", "alarm": "jam"}, None),
        ("Capper held because of no caps for more than 2 min", {"unit": "Capper", "state": State.HELD, "reason": "no caps", "longer_ns": 2 * MIN}, None),
        ("Filler 已中止 > 3 分钟，最近 30 天", {"unit": "Filler", "state": State.ABORTED, "longer_ns": 3 * MIN}, 30 * DAY),
        ("最近一周 Filler 停机超过三分钟", {"unit": "Filler", "any_stop": True, "longer_ns": 3 * MIN}, 7 * DAY),
        ("Labeller A 的状态处于已保持 1小时30分以上", {"unit": "M7", "state": State.HELD, "longer_ns": 90 * MIN}, None),
        ("报警“卡瓶”，过去两天", {"alarm": "卡瓶"}, 2 * DAY),
        ("停机 原因 缺瓶盖，最近12小时", {"any_stop": True, "reason": "缺瓶盖"}, 12 * HOUR),
    ],
)  # fmt: skip
def test_that_a_sentence_asks_for_what_it_says(sentence: str, wanted: dict[str, Any], last: int | None) -> None:
    found = understood(sentence, BOTTLING)
    assert (found.wanted, found.last_ns) == (Wanted(**wanted), last)


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("M9 aborted > 3 min", "Not understood: M9"), ("M9 aborted > 3 min", "Understood: Aborted, at least 3 min 00 s"),
        ("Filler aborted > 3", "no unit of time"), ("Filler aborted > 3 parsecs", "no unit of time"), ("Filler/Level > 3 parsecs", "parsecs"),
        ("Filler aborted < 3 min", "shorter"), ("Filler Capper aborted", "two different"), ("aborted or held", "two different"),
        ("Nobody/Temperature > 3", "no unit “Nobody”"), ("", "no sentence"), ("last 3 days", "no sentence"), ("x" * 301, "no sentence"),
        ("alarms of the Filler", "missing"), ("灌装机 已中止", "灌装机"),
    ],
)  # fmt: skip
def test_that_what_is_not_understood_is_named_and_nothing_is_searched_for(sentence: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        understood(sentence, BOTTLING)
    assert said in refused.value.worded()


@given(sentence=st.text(max_size=60))
def test_that_any_letters_at_all_are_understood_or_refused_in_a_sentence(sentence: str) -> None:
    said: object = ""
    try:
        said = understood(sentence, BOTTLING).wanted
    except UsageError as error:
        said = error.worded()
    assert said
