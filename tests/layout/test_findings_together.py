"""Layouts whose parts must fit each other: loops, shifts, sources, versions. Single wrong values are in `test_findings`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Find = Callable[[str | bytes], list[str]]

SHIFT = '[[shift]]\nname = "Early"\nstart = "06:00"\nend = "14:00"\ndays = ["Mon"]\n'


def test_that_a_wrong_time_brings_no_second_finding_about_an_overlap(good: str, findings: Find) -> None:
    late = SHIFT.replace("Early", "Late").replace('"06:00"', '"half past one"')
    assert len(findings(good + SHIFT + late)) == 1


def test_that_a_rework_loop_is_a_layout_as_long_as_something_leaves_the_line(good: str, findings: Find) -> None:
    loop = good.replace('id = "Oven"', 'id = "Oven"\nfeeds = [{ to = "Press" }, { to = "Box" }]')
    assert findings(loop + '[[unit]]\nid = "Box"\ntype = "machine"\nsource = "plc"\n') == []


def test_that_three_shifts_round_the_clock_and_through_the_weekend_do_not_overlap(good: str, findings: Find) -> None:
    days = 'days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]'
    times = [("06:00", "14:00"), ("14:00", "22:00"), ("22:00", "06:00")]
    shifts = [f'[[shift]]\nname = "{start}"\nstart = "{start}"\nend = "{end}"\n{days}\n' for start, end in times]
    night_break = 'breaks = [{ name = "Tea", start = "23:45", end = "00:15" }, { name = "Late", start = "02:00", end = "02:30" }]\n'
    assert findings(good + "".join(shifts) + night_break) == []


def test_that_a_unit_must_name_its_source_once_there_are_several(good: str, findings: Find) -> None:
    one = good.replace('source = "plc"\n', "")
    assert findings(one) == []
    two = one.replace('[[source]]\nid = "plc"', '[[source]]\nid = "meter"\n[[source]]\nid = "plc"')
    assert findings(two) == [
        "line.toml:19: unit[1].source: is missing; allowed: meter, plc.",
        "line.toml:24: unit[2].source: is missing; allowed: meter, plc.",
    ]


def test_that_another_version_of_the_format_is_not_judged_by_the_rules_of_this_one(findings: Find) -> None:
    assert findings("machines = []\nschema = 7\n") == [
        "line.toml:2: schema: found 7; this twin reads 1: open the file with a newer version of the twin."
    ]


def test_that_a_pattern_of_times_must_tell_a_whole_date_and_time(good: str, findings: Find) -> None:
    timed = 'dialect = "json_flat"\ntime_field = "t"\ntime_zone = "Europe/Berlin"\ntime_unit = "{pattern}"'
    for pattern, whole in (("%d.%m.%Y %H:%M:%S.%f", True), ("%Y%m%d%H%M", True), ("%d.%m.%Y", False), ("%H:%M:%S", False), ("100%", False)):
        found = findings(good.replace('dialect = "packml_tags"', timed.format(pattern=pattern), 1))
        refused = (
            f'line.toml:18: source[1].map[1].time_unit: found "{pattern}"; allowed: iso8601, s, ms, us, ns, auto, or a pattern such as'
        )
        assert found == [] if whole else found[0].startswith(refused), pattern


def test_that_a_quality_is_named_where_there_are_fields_and_its_codes_beside_it(good: str, findings: Find) -> None:
    for dialect, expected in (
        ('"scalar"\nquality_field = "q"', "16: source[1].map[1].quality_field: belongs to the dialects json and json_flat, not to scalar."),
        (
            '"json_flat"\nquality_codes = "opc_da"',
            "13: source[1].map[1].quality_field: is missing; quality_codes beside it says what it means.",
        ),
    ):
        assert findings(good.replace('dialect = "packml_tags"', f"dialect = {dialect}", 1)) == [f"line.toml:{expected}"]
    for sound in ('"json"\nquality_field = "StatusCode.Code"', '"json_flat"\nquality_field = "q"\nquality_codes = "flag"'):
        assert findings(good.replace('dialect = "packml_tags"', f"dialect = {sound}", 1)) == []
