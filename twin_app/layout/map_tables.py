"""The table of rules that map topics to signals. Not for what rules must not say together: see `consistency`."""

from __future__ import annotations

from twin_app.layout.addresses import TopicFilter
from twin_app.layout.field_paths import FieldPath
from twin_app.layout.kinds import Choice, Flag, Mapped, Name, Text, WordOrPattern, Zone
from twin_app.layout.table import Key, Table
from twin_app.model.equipment import MapRule

DIALECT = Choice(("json", "json_flat", "packml_tags", "scalar", "sparkplug_b", "umh", "vda5050"))
PLACING_DIALECTS = frozenset({"umh"})
"""Those whose topics name the unit in a way of their own, without `{unit}`."""
QUALITY_CODES = ("opc_ua", "opc_da", "flag")
TIME_UNITS = ("iso8601", "s", "ms", "us", "ns", "auto")

_ID = Name()

RULE = Table(
    "source.map",
    "How the messages of matching topics become signals; of several rules that match, the first counts.",
    MapRule,
    (
        Key(
            "topic",
            TopicFilter(placeholders=True),
            "MQTT filter; the level `{unit}` names the unit, the levels `{tag...}` at the end are the tag. Of `sparkplug_b` it is the path "
            "of metrics, `spBv1.0/group/+/edge node/device/metric`: `spBv1.0/PlantA/+/Cell1/{unit}/{tag...}` where devices are units, "
            "`spBv1.0/PlantA/+/{unit}/+/{tag...}` where edge nodes are, and `{unit}` further behind where metrics' names begin with the unit.",
        ),
        Key(
            "dialect",
            DIALECT,
            "`packml_tags`: one scalar a message, the tag is a PackTag; `scalar`: one scalar, the tag names the signal; "
            "`json_flat`: one JSON object a message; `json`: objects and arrays with paths; `umh`: unified namespace of UMH; `sparkplug_b`: Sparkplug B 3.0; `vda5050`: automated guided vehicles.",
            instead="none; needed unless `ignore = true`",
        ),
        Key("unit", _ID, "The unit, where the topic does not name it."),
        Key("units", Mapped(Text(), _ID), "Name in the topic to unit id, where they differ."),
        Key(
            "signals",
            Mapped(Text(), Name(or_empty=True)),
            "PackTag, tag or JSON field (`a.b[0].c`; `[*]` for any index) to signal name; an empty name ignores it. Adds to the dialect's own.",
        ),
        Key("time_field", Text(), "JSON field with the source's own time; empty: there is none, the time of receipt counts."),
        Key(
            "time_unit",
            WordOrPattern(TIME_UNITS),
            "How that field is to be read: ISO 8601 (or `/Date(ms)/`), what a number counts since 1970 UTC, `auto`: by form and size; "
            "or a pattern such as `%d.%m.%Y %H:%M:%S.%f`.",
        ),
        Key("time_zone", Zone(or_empty=True), "Zone of times that name none themselves; empty: such times are not taken."),
        Key(
            "each",
            FieldPath(),
            "`json`: path to the array (`data.samples`, `lines[*].metrics`, `metrics.*`) whose elements are read one by one.",
        ),
        Key("name_field", FieldPath(), "`json`: the element's field that names its signal; empty: its fields are the signals."),
        Key("value_field", FieldPath(), "`json`: the element's field with the value, beside `name_field`."),
        Key(
            "quality_field",
            FieldPath(),
            "JSON field with the quality of the values beside it (`q`, `StatusCode.Code`), of the message or of each element: true or false, a "
            "word (`Good`, `BadSensorFailure`) or a number; empty: there is none, and they count as good. A bad value is shown and counts as unknown.",
        ),
        Key(
            "quality_codes",
            Choice(QUALITY_CODES),
            "What numbers in that field mean: `opc_ua` status codes (0 is good, 2147483648 is bad), `opc_da` qualities (192 is good, 0 is bad), "
            "or a `flag` (1 is good, 0 is bad).",
        ),
        Key("units_of_measure", Mapped(Text(), Text()), "JSON field to unit of measure, for signals that nobody describes."),
        Key("ignore", Flag(), "Known and of no interest: counted, never called unmapped."),
    ),
    make=lambda **read: MapRule(**{"dialect": "", **read}),
)
