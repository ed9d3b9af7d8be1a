"""What can be wrong where signals are made of others, and in the files of faults; and a sound one read whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin_app.layout import load, signal_table
from twin_app.layout.fault_files import MAX_BYTES, read_faults
from twin_app.model.derive import Derive, Fault, FaultWord, StateRule

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Find = Callable[[str | bytes], list[str]]

RUN = '[[unit.derive]]\nname = "Running"\nfrom = "Word"\nbit = 3\n'
"""Put behind the Oven: its first line is line 27."""

# What the Oven has, and what is found.
WRONG: list[tuple[str, list[str]]] = [
    (RUN.replace("bit = 3", "bit = 53"), ["30: unit[2].derive[1].bit: found 53; allowed: a whole number from 0 to 52."]),
    (
        RUN + "above = 2\n",
        ["31: unit[2].derive[1].above: stands beside bit; allowed: one operation for each signal."],
    ),
    (RUN + "scale = 2\n", ["31: unit[2].derive[1].scale: stands beside bit; allowed: one operation for each signal."]),
    (RUN + "hysteresis = 2\n", ["31: unit[2].derive[1].hysteresis: stands without above or below."]),
    (RUN.replace("bit = 3", "bits = 3"), ["30: unit[2].derive[1].bits: stands without bit, the lowest of them."]),
    (RUN.replace("bit = 3", "on_delay_s = 3"), ["30: unit[2].derive[1].on_delay_s: stands beside what is no yes or no."]),
    (
        RUN.replace('from = "Word"\n', ""),
        ["27: unit[2].derive[1].from: is missing; allowed: the name of a signal, or all_of, any_of or none_of instead."],
    ),
    (
        RUN.replace("bit = 3", 'any_of = ["A"]'),
        ["29: unit[2].derive[1].from: stands beside all_of, any_of or none_of, which name their signals themselves."],
    ),
    (RUN.replace('"Running"', '"State"'), ["27: unit[2].derive[1].values: is missing; State is a word."]),
    (RUN + RUN, ['32: unit[2].derive[2].name: found "Running", which a signal before it already has; each must differ.']),
    (
        RUN.replace('"Word"', '"Running"'),
        ["27: unit[2].derive[1]: follows from itself: Running < Running."],
    ),
    (
        RUN + '[[unit.derive]]\nname = "A"\nany_of = ["B", "Running"]\n[[unit.derive]]\nname = "B"\nnone_of = ["A"]\n',
        ["31: unit[2].derive[2]: follows from itself: A < B < A.", "34: unit[2].derive[3]: follows from itself: B < A < B."],
    ),
    ('[[unit.state_rule]]\nwhen = "A"\n', ["27: unit[2].state_rule[1]: gives neither state nor mode."]),
    (
        '[[unit.state_rule]]\nstate = "Idle"\n[[unit.state_rule]]\nwhen = "A"\nstate = "Execute"\n',
        ["27: unit[2].state_rule[1]: always holds, so that those behind it never count; allowed: as the last one."],
    ),
    (
        '[[unit.state_rule]]\nstate = "Idle"\n',
        ["27: unit[2].state_rule: has no rule with when; a state that holds whatever is heard is none."],
    ),
    (
        RUN.replace('"Running"', '"State"').replace("bit = 3", 'values = { 1 = "Execute" }')
        + '[[unit.state_rule]]\nwhen = "A"\nstate = "Idle"\n',
        ['28: unit[2].derive[1].name: found "State", which the state rules already has; each must differ.'],
    ),
    ('[[unit.fault_word]]\nfrom = "F"\nfile = "gone.csv"\n', ["gone.csv: is not there, is no UTF-8, or is larger than 256 KiB."]),
    (
        '[[unit.fault_word]]\nfrom = "F"\nfile = "../f.csv"\n',
        [
            (
                '29: unit[2].fault_word[1].file: found "../f.csv"; allowed: a file in the folder of the layout or below it, '
                "written with /, without .. or a drive."
            )
        ],
    ),
]


def with_oven(good: str, more: str) -> str:
    return good.replace("\n[[product]]", more + "\n[[product]]").replace('source = "plc"\n\n[[product]]', 'source = "plc"\n[[product]]')


@pytest.mark.parametrize(("more", "expected"), WRONG)
def test_that_what_is_derived_wrongly_is_told_in_one_sentence_with_its_line(
    good: str, findings: Find, more: str, expected: list[str]
) -> None:
    assert [sentence.removeprefix("line.toml:") for sentence in findings(with_oven(good, more))] == expected


def test_that_a_misspelt_state_of_a_rule_has_its_nearest_match(good: str, findings: Find) -> None:
    (found,) = findings(with_oven(good, '[[unit.state_rule]]\nwhen = "A"\nstate = "Stoped"\n'))
    assert found.startswith('line.toml:29: unit[2].state_rule[1].state: found "Stoped"; allowed: ')
    assert found.endswith('did you mean "Stopped"?')


def test_that_cycles_need_a_product_that_says_how_long_one_takes(good: str, findings: Find) -> None:
    derive = '[[unit.derive]]\nname = "Standing"\nfrom = "Parts"\nno_part_cycles = 5\n'
    assert findings(with_oven(good, derive)) == []
    (found,) = findings(with_oven(good, derive).replace(", Oven = 1.5", ""))
    assert found.endswith("no_part_cycles: needs one product with an ideal cycle for Oven; no_part_s takes seconds instead.")


def test_that_cycles_come_to_a_day_at_most(good: str, findings: Find) -> None:
    (found,) = findings(with_oven(good, '[[unit.derive]]\nname = "Standing"\nfrom = "Parts"\nno_part_cycles = 60000\n'))
    assert found == "line.toml:30: unit[2].derive[1].no_part_cycles: comes to 90000 s; allowed: up to a day."


def test_that_a_machine_without_packml_is_read_whole_and_its_signals_are_marked_as_derived(good: str, tmp_path: Path) -> None:
    path = tmp_path / "line.toml"
    more = (
        RUN + '[[unit.derive]]\nname = "Temp"\nfrom = "Raw"\nscale = 0.5\noffset = -40\nunit_of_measure = "°C"\n'
        '[[unit.state_rule]]\nwhen = "Running"\nstate = "Execute"\n[[unit.state_rule]]\nstate = "Stopped"\nmode = "Production"\n'
        '[[unit.fault_word]]\nfrom = "FaultWord"\nfile = "oven faults.csv"\n'
    )
    path.write_text(with_oven(good, more), encoding="utf-8")
    (tmp_path / "oven faults.csv").write_text("bit,text,priority,guidance\n4,Too hot,1,Open the vent\n0,Door,2,\n", encoding="utf-8-sig")
    oven = load(path).unit("Oven")
    assert oven.derives == (
        Derive(name="Running", of="Word", bit=3, title="Running"),
        Derive(name="Temp", of="Raw", scale=0.5, offset=-40.0, unit_of_measure="°C", title="Temp"),
    )
    assert oven.state_rules == (StateRule(when="Running", state="Execute"), StateRule(state="Stopped", mode="Production"))
    faults = (Fault(bit=4, text="Too hot", priority=1, guidance="Open the vent"), Fault(bit=0, text="Door", priority=2))
    assert oven.fault_words == (FaultWord(of="FaultWord", file="oven faults.csv", faults=faults),)
    derived = [signal.name for signal in signal_table(load(path)) if signal.derived and signal.unit == "Oven"]
    assert sorted(derived) == ["ActiveFaults", "Door", "Mode", "Running", "State", "StopReason", "Temp", "Too hot"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("bit,text,priority\n4,Hot,1\nx,Door,9\n", ['3: fault[2].bit: found "x"; allowed: a whole number from 0 to 52.',
                                                    "3: fault[2].priority: found 9; allowed: a whole number from 1 to 4."]),
        ("bit;text;priority\n4;Hot, very;1\n4;Door;2\n", ["3: fault[2].bit: found 4, which line 2 already has."]),
        ("bit,text,prio\n4,Hot,1\n", ['1: prio: found an unknown key; allowed: bit, text, priority, guidance; did you mean "priority"?',
                                      "2: fault[1].priority: is missing; allowed: a whole number from 1 to 4."]),
        ('bit,text,priority\n4,"Hot,1\n', [" is no CSV: unexpected end of data."]),
        ("bit,text,priority\n4,Hot\tor not,1\n", ['2: fault[1].text: found "Hot�or not"; allowed: one line of text of up to 100 characters.']),
        ("bit,text,priority\n" + "".join(f"{i},F{i},1\n" for i in range(60)), None),
        ("", []),
    ],
)  # fmt: skip
def test_that_every_fault_of_a_fault_file_is_told_with_its_line(tmp_path: Path, content: str, expected: list[str] | None) -> None:
    (tmp_path / "f.csv").write_text(content, encoding="utf-8")
    _, found = read_faults(FaultWord(of="F", file="f.csv"), tmp_path)
    if expected is None:
        assert found[-1] == "f.csv:55: fault[54]: is one too many; a word has 53 bits at most."
    else:
        assert [sentence.removeprefix("f.csv:") for sentence in found] == expected


def test_that_a_huge_fault_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_bytes(b"a" * (MAX_BYTES + 1))
    assert read_faults(FaultWord(of="F", file="f.csv"), tmp_path)[1]


@given(content=st.one_of(st.binary(max_size=300), st.text(alphabet='bit,text;priority\n"0123456789x\r\0', max_size=300).map(str.encode)))
def test_that_whatever_stands_in_a_fault_file_it_is_faults_or_findings(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("faults")
    (folder / "f.csv").write_bytes(content)
    faults, found = read_faults(FaultWord(of="F", file="f.csv"), folder)
    assert found or all(0 <= fault.bit <= 52 and fault.text is not None for fault in faults)


def test_that_two_faults_of_one_text_are_one_too_many(good: str, tmp_path: Path, findings: Find) -> None:
    (tmp_path / "f.csv").write_text("bit,text,priority\n0,Drive 1/2,1\n1,Drive 1-2,1\n", encoding="utf-8")
    (found,) = findings(with_oven(good, '[[unit.fault_word]]\nfrom = "F"\nfile = "f.csv"\n'))
    assert found == 'line.toml:27: unit[2].fault_word: gives two signals the name "Drive 1-2"; each must differ.'
