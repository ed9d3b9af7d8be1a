"""Every way to get a layout wrong, and the sentence that tells. Lines are counted in the `GOOD` layout of conftest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from twin_app.machines import MACHINE_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable

    Find = Callable[[str | bytes], list[str]]

NAME = "a name of up to 100 characters without / + # { } or a leading @"
FILE = "a file in the folder of the layout or below it, written with /, without .. or a drive"
ADDRESS = "mqtt://host:port, mqtts://host:port, ws://host:port/path, wss://host:port/path, or a file in the folder of the layout, without user or password"
TYPES = ", ".join(kind.key for kind in MACHINE_TYPES)
STATES = (
    "Undefined, Clearing, Stopped, Starting, Idle, Suspended, Execute, Stopping, Aborting, Aborted, Holding, Held, Unholding, "
    "Suspending, Unsuspending, Resetting, Completing, Complete"
)
SHIFT = '[[shift]]\nname = "Early"\nstart = "06:00"\nend = "14:00"\ndays = ["Mon"]\n'

# What to replace in the good layout, with what, and the one finding that follows; an empty first part appends (line 31 on).
WRONG: list[tuple[str, str, str]] = [
    # --- single values
    ('type = "machine"', 'type = "fillr"', f'19: unit[1].type: found "fillr"; allowed: {TYPES}; did you mean "filler"?'),
    ('type = "machine"', 'type = "MACHINE"', f'19: unit[1].type: found "MACHINE"; allowed: {TYPES}; did you mean "machine"?'),
    ('type = "machine"', "type = 7", f"19: unit[1].type: found 7; allowed: {TYPES}."),
    ('type = "machine"', "type = true", f"19: unit[1].type: found true; allowed: {TYPES}."),
    ('type = "machine"', "type = { a = 1 }", f"19: unit[1].type: found a table; allowed: {TYPES}."),
    ('type = "machine"', "type = [1, 2]", f"19: unit[1].type: found a list of 2; allowed: {TYPES}."),
    ('type = "machine"', "type = 2026-11-23", f"19: unit[1].type: found 2026-11-23; allowed: {TYPES}."),
    ('site = "S"', 'site = "S/1"', f'5: line.site: found "S/1"; allowed: {NAME}.'),
    ('id = "lid"', 'id = ""', f'29: product[1].id: found ""; allowed: {NAME}.'),
    ('id = "lid"', 'id = " lid"', f'29: product[1].id: found " lid"; allowed: {NAME}.'),
    ('id = "lid"', 'id = "@lid"', f'29: product[1].id: found "@lid"; allowed: {NAME}.'),
    ('id = "lid"', 'id = "l\\u202Eid"', f'29: product[1].id: found "l�id"; allowed: {NAME}.'),
    (
        'id = "lid"',
        'title = "two\\nlines"\nid = "lid"',
        '29: product[1].title: found "two�lines"; allowed: one line of text of up to 200 characters.',
    ),
    ("Press = 2,", "Press = 0,", "30: product[1].ideal_cycle_s.Press: found 0; allowed: a number above 0 and up to 1e12."),
    ("Press = 2,", "Press = nan,", "30: product[1].ideal_cycle_s.Press: found nan; allowed: a number above 0 and up to 1e12."),
    ("Press = 2,", "Press = inf,", "30: product[1].ideal_cycle_s.Press: found inf; allowed: a number above 0 and up to 1e12."),
    ("Press = 2,", 'Press = "2",', '30: product[1].ideal_cycle_s.Press: found "2"; allowed: a number above 0 and up to 1e12.'),
    ("Press = 2,", "Press = false,", "30: product[1].ideal_cycle_s.Press: found false; allowed: a number above 0 and up to 1e12."),
    (
        'zone = "Europe/Berlin"',
        'zone = "Europe/Berlin"\nminor_stop_s = -1',
        "8: line.minor_stop_s: found -1; allowed: a number from 0 to 86400.",
    ),
    (
        "Europe/Berlin",
        "Europe/Berln",
        (
            '7: line.zone: found "Europe/Berln"; allowed: a zone of the IANA database such as Asia/Shanghai or Europe/Berlin; '
            'did you mean "Europe/Berlin"?'
        ),
    ),
    (
        "Europe/Berlin",
        "../../etc/hosts",
        '7: line.zone: found "../../etc/hosts"; allowed: a zone of the IANA database such as Asia/Shanghai or Europe/Berlin.',
    ),
    (
        "Europe/Berlin",
        "Europe",
        (
            '7: line.zone: found "Europe"; allowed: a zone of the IANA database such as Asia/Shanghai or Europe/Berlin; '
            'did you mean "Europe/Rome"?'
        ),
    ),
    (
        "",
        "[targets]\noee_index = 85\n",
        "32: targets.oee_index: found 85; allowed: a share of one, above 0 and up to 1: 0.85 for 85 %.",
    ),
    ('id = "plc"', 'id = "plc"\nqos = 3', "12: source[1].qos: found 3; allowed: a whole number from 0 to 2."),
    ('id = "plc"', 'id = "plc"\nqos = 1.0', "12: source[1].qos: found 1.0; allowed: a whole number from 0 to 2."),
    ('id = "plc"', 'id = "plc"\nqos = true', "12: source[1].qos: found true; allowed: a whole number from 0 to 2."),
    (
        'id = "plc"',
        'id = "plc"\nprocessed_includes_defective = 1',
        "12: source[1].processed_includes_defective: found 1; allowed: true, false.",
    ),
    # --- what leads outside
    (
        'id = "plc"',
        'id = "plc"\naddress = "mqtt://joe:pa55@host:1883"',
        (
            "12: source[1].address: holds a user or password; allowed: the bare address, the user goes into username, "
            "the password into the settings."
        ),
    ),
    ('id = "plc"', 'id = "plc"\naddress = "http://host"', f'12: source[1].address: found "http://host"; allowed: {ADDRESS}.'),
    ('id = "plc"', 'id = "plc"\naddress = "mqtt://host:99999"', f'12: source[1].address: found "mqtt://host:99999"; allowed: {ADDRESS}.'),
    ('id = "plc"', 'id = "plc"\naddress = "mqtt://host/a/b"', f'12: source[1].address: found "mqtt://host/a/b"; allowed: {ADDRESS}.'),
    ('id = "plc"', 'id = "plc"\naddress = "mqtt://"', f'12: source[1].address: found "mqtt://"; allowed: {ADDRESS}.'),
    ('id = "plc"', 'id = "plc"\naddress = "../shift.jsonl"', f'12: source[1].address: found "../shift.jsonl"; allowed: {ADDRESS}.'),
    ('id = "plc"', 'id = "plc"\ntls_ca = "/etc/ca.pem"', f'12: source[1].tls_ca: found "/etc/ca.pem"; allowed: {FILE}.'),
    (
        'id = "plc"',
        'id = "plc"\npassword = "pa55"',
        "12: source[1].password: found an unknown key; a password never stands in a layout: the settings keep it.",
    ),
    ('type = "machine"', 'type = "machine"\nmodel = "../a.glb"', f'20: unit[1].model: found "../a.glb"; allowed: {FILE}.'),
    ('type = "machine"', 'type = "machine"\nmodel = "a/../../b.glb"', f'20: unit[1].model: found "a/../../b.glb"; allowed: {FILE}.'),
    ('type = "machine"', 'type = "machine"\nmodel = "C:/a.glb"', f'20: unit[1].model: found "C:/a.glb"; allowed: {FILE}.'),
    ('type = "machine"', "type = \"machine\"\nmodel = 'a\\b.glb'", f'20: unit[1].model: found "a\\b.glb"; allowed: {FILE}.'),
    ('type = "machine"', 'type = "machine"\nmodel = "a/.. /b.glb"', f'20: unit[1].model: found "a/.. /b.glb"; allowed: {FILE}.'),
    # --- topics
    (
        "S/A/{unit}/{tag...}",
        "S/{unit}/#/x",
        (
            '14: source[1].map[1].topic: found "S/{unit}/#/x"; allowed: a topic whose levels may be +, {unit}, '
            "and as the last one # or {tag...}."
        ),
    ),
    (
        "S/A/{unit}/{tag...}",
        "S/{unit}{tag...}",
        (
            '14: source[1].map[1].topic: found "S/{unit}{tag...}"; allowed: a topic whose levels may be +, {unit}, '
            "and as the last one # or {tag...}."
        ),
    ),
    (
        "S/A/{unit}/{tag...}",
        "{unit}/{unit}/{tag...}",
        (
            '14: source[1].map[1].topic: found "{unit}/{unit}/{tag...}"; allowed: a topic whose levels may be +, {unit}, '
            "and as the last one # or {tag...}."
        ),
    ),
    (
        'id = "plc"',
        'id = "plc"\nsubscribe = ["a/#", "b#"]',
        '12: source[1].subscribe[2]: found "b#"; allowed: an MQTT topic filter, where + stands for one level and # for all that follow.',
    ),
    ('id = "plc"', 'id = "plc"\nsubscribe = ["a/#", "a/#"]', "12: source[1].subscribe[2]: stands in the list twice."),
    (
        "S/A/{unit}/{tag...}",
        "S/A/{tag...}",
        "14: source[1].map[1].topic: names no unit; allowed: a level {unit} in it, or the key unit beside it.",
    ),
    (
        'dialect = "packml_tags"',
        'dialect = "packml_tags"\nunit = "Oven"',
        "16: source[1].map[1].unit: stands beside a topic with {unit}; allowed: one of the two.",
    ),
    (
        'topic = "S/A/{unit}/{tag...}"',
        'topic = "S/A/{tag...}"\nunit = "Oven"\nunits = { a = "Oven" }',
        "16: source[1].map[1].units: stands beside a topic without {unit}, so there is no name to translate.",
    ),
    (
        'dialect = "packml_tags"',
        'dialect = "packml_tags"\ntime_field = "t"',
        "16: source[1].map[1].time_field: stands beside packml_tags, whose messages are single values without fields.",
    ),
    (
        'dialect = "packml_tags"',
        'dialect = "json_flat"\ntime_unit = "ms"',
        "13: source[1].map[1].time_field: is missing; time_unit beside it says what it counts in.",
    ),
    (
        'dialect = "packml_tags"',
        'dialect = "scalar"\ntime_field = "t"',
        "16: source[1].map[1].time_field: stands beside scalar, whose messages are single values without fields.",
    ),
    (
        'dialect = "packml_tags"',
        'dialect = "json_flat"\neach = "samples"',
        "16: source[1].map[1].each: belongs to the dialect json, not to json_flat.",
    ),
    (
        'dialect = "packml_tags"',
        'dialect = "json"\neach = "a..b"',
        (
            '16: source[1].map[1].each: found "a..b"; allowed: nothing, or a path such as a.b[0].c, '
            "with [*] for every element and * for every member."
        ),
    ),
    (
        'dialect = "packml_tags"',
        'dialect = "json"\ntime_field = "t"\ntime_zone = "Asia/Shangai"',
        (
            '17: source[1].map[1].time_zone: found "Asia/Shangai"; allowed: nothing, or a zone of the IANA database such as '
            'Asia/Shanghai or Europe/Berlin; did you mean "Asia/Shanghai"?'
        ),
    ),
    (
        'dialect = "packml_tags"',
        "",
        "13: source[1].map[1].dialect: is missing; allowed: json, json_flat, packml_tags, scalar, sparkplug_b, umh, vda5050.",
    ),
    (
        'dialect = "packml_tags"',
        'dialect = "packml_tags"\n[[source.map]]\ntopic = "S/A/{unit}/{tag...}"\nignore = true',
        '17: source[1].map[2].topic: found "S/A/{unit}/{tag...}", which line 14 already has; each must differ.',
    ),
    (
        'dialect = "packml_tags"',
        'dialect = "packml_tags"\nunits = { F01 = "Prss" }',
        '16: source[1].map[1].units.F01: found "Prss"; allowed: Press, Oven; did you mean "Press"?',
    ),
    (
        'dialect = "packml_tags"',
        'dialect = "packml_tags"\nsignals = { "Status/Temp" = "a/b" }',
        (
            '16: source[1].map[1].signals."Status/Temp": found "a/b"; allowed: nothing, or '
            "a name of up to 100 characters without / + # { } or a leading @."
        ),
    ),
    # --- states and modes
    (
        'id = "plc"',
        'id = "plc"\nstate_names = { RUN = "execute" }',
        f'12: source[1].state_names.RUN: found "execute"; allowed: {STATES}; did you mean "Execute"?',
    ),
    (
        'id = "plc"',
        'id = "plc"\nstate_names = { RUN = "Execute", Run = "Idle" }',
        "12: source[1].state_names.Run: names the same as a key before it.",
    ),
    (
        'id = "plc"',
        'id = "plc"\n[source.state_numbers]\n1 = "Idle"\nfour = "Clearing"',
        '14: source[1].state_numbers.four: found "four"; allowed: a whole number as the key.',
    ),
    (
        'id = "plc"',
        'id = "plc"\nstate_numbers = { 1 = "Idle", 01 = "Held" }',
        "12: source[1].state_numbers.01: names the same as a key before it.",
    ),
    (
        'id = "plc"',
        'id = "plc"\nmode_names = { auto = "Prodction" }',
        (
            '12: source[1].mode_names.auto: found "Prodction"; allowed: Production, Maintenance, Manual, Undefined, User-defined, '
            'Changeover; did you mean "Production"?'
        ),
    ),
    # --- keys
    (
        'zone = "Europe/Berlin"',
        'zone = "Europe/Berlin"\nconstrant = 1',
        (
            "8: line.constrant: found an unknown key; allowed: id, title, enterprise, site, area, zone, unit_of_count, constraint, "
            'minor_stop_s, orders_from, no_order_is_planned; did you mean "constraint"?'
        ),
    ),
    ('site = "S"\n', "", f"3: line.site: is missing; allowed: {NAME}."),
    ('id = "lid"\n', "", f"28: product[1].id: is missing; allowed: {NAME}."),
    ("schema = 1\n", "", "1: schema: is missing; allowed: 1."),
    ("schema = 1", 'schema = "1"', '1: schema: found "1"; allowed: 1.'),
    ("schema = 1", "schema = 2", "1: schema: found 2; this twin reads 1: open the file with a newer version of the twin."),
    (
        'feeds = [{ to = "Oven" }]',
        "feeds = [3]",
        "21: unit[1].feeds[1]: found 3; allowed: a table with the keys to, buffer_capacity, level_signal.",
    ),
    (
        'feeds = [{ to = "Oven" }]',
        'feeds = "Oven"',
        '21: unit[1].feeds: found "Oven"; allowed: 0 to 1000 tables with the keys to, buffer_capacity, level_signal.',
    ),
    # --- references
    ('constraint = "Press"', 'constraint = "Pres"', '8: line.constraint: found "Pres"; allowed: Press, Oven; did you mean "Press"?'),
    ('source = "plc"', 'source = "pcl"', '20: unit[1].source: found "pcl"; allowed: plc; did you mean "plc"?'),
    ('to = "Oven"', 'to = "oven"', '21: unit[1].feeds[1].to: found "oven"; allowed: Press, Oven; did you mean "Oven"?'),
    ('to = "Oven"', 'to = "Press"', '21: unit[1].feeds[1].to: found "Press", the unit itself; a unit feeds others.'),
    (
        '{ to = "Oven" }',
        '\n  { to = "Oven" },\n  { to = "Oven" },\n',
        '23: unit[1].feeds[2].to: found "Oven", which line 22 already has; each must differ.',
    ),
    ("Oven = 1.5", "Owen = 1.5", '30: product[1].ideal_cycle_s.Owen: found "Owen"; allowed: Press, Oven; did you mean "Oven"?'),
    (
        "",
        "base_units_per_count = { Pres = 2 }\n",
        '31: product[1].base_units_per_count.Pres: found "Pres"; allowed: Press, Oven; did you mean "Press"?',
    ),
    (
        'id = "Oven"',
        'id = "Oven"\nfeeds = [{ to = "Press" }]',
        "17: unit: found that every unit feeds another; at least one must feed nobody, for what leaves it has left the line.",
    ),
    ("", '[[product]]\nid = "lid"\nideal_cycle_s = {}\n', '32: product[2].id: found "lid", which line 29 already has; each must differ.'),
    (
        "",
        '[[source]]\nid = "plc"\n',
        '32: source[2].id: found "plc", which line 11 already has; each must differ.',
    ),
    # --- signals and limits
    (
        'id = "Oven"',
        'id = "Oven"\nsignal = [{ name = "T", kind = "measurement", limits = { low = 5, high = 5 } }]',
        "25: unit[2].signal[1].limits.high: found 5; allowed: more than the 5 of low.",
    ),
    (
        'id = "Oven"',
        'id = "Oven"\nsignal = [{ name = "T", kind = "measurement", limits = { low_low = 9, high = 5 } }]',
        "25: unit[2].signal[1].limits.high: found 5; allowed: more than the 9 of low_low.",
    ),
    (
        'id = "Oven"',
        'id = "Oven"\nsignal = [{ name = "T", kind = "text" }, { name = "T", kind = "text" }]',
        '25: unit[2].signal[2].name: found "T", which line 25 already has; each must differ.',
    ),
    # --- the calendar
    (
        "",
        SHIFT.replace('"06:00"', '"6:00"'),
        '33: shift[1].start: found "6:00"; allowed: a time of day from "00:00" to "23:59:59".',
    ),
    (
        "",
        SHIFT.replace('"14:00"', '"24:00"'),
        '34: shift[1].end: found "24:00"; allowed: a time of day from "00:00" to "23:59:59".',
    ),
    ("", SHIFT.replace('["Mon"]', '["Mon", "Mon"]'), "35: shift[1].days[2]: stands in the list twice."),
    (
        "",
        SHIFT.replace('["Mon"]', "[]"),
        "35: shift[1].days: found a list of 0; allowed: a list [ ] of 1 to 7, each: Mon, Tue, Wed, Thu, Fri, Sat, Sun.",
    ),
    (
        "",
        SHIFT.replace('"Mon"', '"Tues"'),
        '35: shift[1].days[1]: found "Tues"; allowed: Mon, Tue, Wed, Thu, Fri, Sat, Sun; did you mean "Tue"?',
    ),
    (
        "",
        SHIFT + SHIFT.replace("Early", "Late").replace("06:00", "13:59").replace("14:00", "22:00"),
        '36: shift[2]: found that it meets "Early" on Mon; shifts must not overlap.',
    ),
    (
        "",
        SHIFT + SHIFT.replace("Early", "Night").replace("06:00", "22:00").replace("14:00", "06:01").replace("Mon", "Sun"),
        '36: shift[2]: found that it meets "Early" on Mon; shifts must not overlap.',
    ),
    (
        "",
        SHIFT + 'breaks = [{ name = "Tea", start = "13:50", end = "14:10" }]\n',
        "36: shift[1].breaks[1]: found 13:50:00 to 14:10:00; allowed: a span within the shift, 06:00:00 to 14:00:00.",
    ),
    (
        "",
        SHIFT + 'breaks = [{ name = "Tea", start = "09:00", end = "09:00" }]\n',
        "36: shift[1].breaks[1]: found 09:00:00 to 09:00:00; allowed: a span within the shift, 06:00:00 to 14:00:00.",
    ),
    (
        "",
        SHIFT + 'breaks = [\n{ name = "Tea", start = "09:00", end = "09:15" },\n{ name = "B", start = "09:10", end = "09:20" }]\n',
        "38: shift[1].breaks[2]: found a start at 09:10:00 before another break has ended; breaks must not overlap.",
    ),
    # --- no TOML at all
    ('site = "S"', "site = S", "5: column 8: is no valid TOML: Invalid value."),
    ('site = "S"', 'site = "S', "5: column 10: is no valid TOML: Illegal character '\\n'."),
    ("[line]", "[line", "3: column 6: is no valid TOML: Expected ']' at the end of a table declaration."),
    ('area = "A"', 'site = "S"', "6: column 11: is no valid TOML: Cannot overwrite a value."),
    ("", "x = [1,", "31: column 8: is no valid TOML: Invalid value."),
]


@pytest.mark.parametrize(("old", "new", "expected"), WRONG, ids=[f"{row[2][:60]}" for row in WRONG])
def test_that_a_wrong_layout_is_told_in_one_sentence_with_its_line(old: str, new: str, expected: str, good: str, findings: Find) -> None:
    assert old in good, "the row spoils nothing"
    assert findings(good.replace(old, new, 1) if old else good + new) == [f"line.toml:{expected}"]


def test_that_a_good_layout_has_no_findings(good: str, findings: Find) -> None:
    assert findings(good) == []
    assert findings(good + SHIFT + SHIFT.replace("14:00", "22:00").replace("06:00", "14:00")) == []


def test_that_all_faults_are_told_at_once_in_the_order_of_the_file(good: str, findings: Find) -> None:
    spoiled = good.replace('constraint = "Press"', 'constraint = "Pres"').replace('area = "A"', "area = 5")
    spoiled = spoiled.replace('to = "Oven"', 'too = "Oven"').replace("Oven = 1.5", "Oven = -1")
    assert [found.split(" ")[0] for found in findings(spoiled)] == [
        "line.toml:6:",
        "line.toml:8:",
        "line.toml:21:",
        "line.toml:21:",
        "line.toml:30:",
    ]


def test_that_a_password_in_an_address_is_not_repeated(good: str, findings: Find) -> None:
    (found,) = findings(good.replace('id = "plc"', 'id = "plc"\naddress = "mqtt://joe:pa55@host:1883"'))
    assert "pa55" not in found
    assert "joe" not in found
