"""Values as a person reads them."""

import numpy as np
import pytest

from twin_app import text as catalogue
from twin_app.model.historian import Latest
from twin_app.model.samples import NEVER, Kind, Quality, TextTable
from twin_app.model.signal import Signal, SignalKind
from ui.inspector.readings import Reading, figure, payload_text, reading, spoken, value_text

THIN = "\u2009"
S = 1_000_000_000


def latest(effective: int, value: float, kind: Kind, quality: Quality) -> Latest:
    return Latest(np.array([effective]), np.array([value]), np.array([kind], np.uint8), np.array([quality], np.uint8), np.array([0]))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (-0.0, "0"), (701.0, "701"), (1_284_000.0, f"1{THIN}284{THIN}000"), (117.86113441149973, "117.861"), (0.5, "0.5"), (61.4, "61.4"),
        (1234567.25, f"1{THIN}234{THIN}567"), (-3.25, "-3.25"), (0.00001234, "1.234e-05"), (2.5e12 + 0.5, "2.5e+12"), (0.30000000000000004, "0.3"),
    ],
)  # fmt: skip
def test_that_a_figure_has_six_digits_and_no_tail_of_noughts(value: float, text: str) -> None:
    assert figure(value) == text


def test_that_the_unknown_is_a_dash_never_nought() -> None:
    texts = TextTable()
    assert value_text(float("nan"), Kind.NUMBER, texts) == value_text(0.0, Kind.NULL, texts) == "–"
    never = latest(NEVER, 0.0, Kind.NULL, Quality.UNKNOWN)
    assert reading(never, 0, 5 * S, texts) == Reading("–", "never", Quality.UNKNOWN)
    assert reading(never, 7, 5 * S, texts).value == "–"


def test_that_age_counts_from_the_values_own_time_to_the_playhead() -> None:
    heard = latest(10 * S, 35.0, Kind.NUMBER, Quality.STALE)
    assert reading(heard, 0, 272 * S, TextTable()) == Reading("35", "4 min 22 s", Quality.STALE)


def test_that_text_switches_and_bytes_are_told_apart() -> None:
    texts = TextTable()
    assert value_text(float(texts.code("Production")), Kind.TEXT, texts) == "Production"
    assert value_text(float(texts.code("9223372036854775807")), Kind.BIG_INT, texts) == "9223372036854775807"
    assert value_text(float(texts.code(b"\x00\x01\x02")), Kind.BLOB, texts) == "3 bytes"
    assert [value_text(v, Kind.BOOL, texts) for v in (0.0, 1.0)] == ["off", "on"]


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        (b"42", "42"), (b'{\n "a": 1\n}', '{  "a": 1 }'), (b"\xff\x00\x10", "0xff 00 10"), (b"", ""), ("温度 61".encode(), "温度 61"),
        (b"a\x00b", "a\N{SYMBOL FOR SUBSTITUTE FORM TWO}b"),
    ],
)  # fmt: skip
def test_that_a_payload_is_one_readable_line(payload: bytes, text: str) -> None:
    assert payload_text(payload) == text


def test_that_ten_megabytes_are_cut_and_say_so() -> None:
    shown = payload_text("温".encode() * 3_500_000, 50)
    assert shown == "温" * 50 + "…"
    assert payload_text(b"x" * 51, 50) == "x" * 50 + "…"
    assert payload_text(b"x" * 50, 50) == "x" * 50


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [("State", "Held", "已保持"), ("Mode", "Production", "生产"), ("State", "Sterilising", "Sterilising"), ("Recipe", "Held", "Held")],
)
def test_that_only_standard_names_of_states_and_modes_are_translated(
    name: str, value: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(catalogue._current, "language", "zh_CN")
    assert spoken(Signal(path=f"s/a/l/u/{name}", unit="u", name=name, kind=SignalKind.TEXT), value) == shown
