"""What one topic said: how often, how large, in which form, with which fields. Bounded, whatever comes; not for guesses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from twin_app.codec import json_flat, json_nested, umh, vda5050
from twin_app.codec.refusal import reason_of
from twin_app.discover.arrays import ArrayShape, shape_of
from twin_app.discover.fields import FieldProfile, Shown, cut, typed
from twin_app.discover.forms import UNDERSTOOD, Form, Look, look
from twin_app.discover.qualities import believed
from twin_app.discover.speech import Speech, is_vehicle_message
from twin_app.errors import DecodeError
from twin_app.model.equipment import MapRule
from twin_app.model.samples import Quality

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MAX_FIELDS = 2000
"""Fields that are followed of one topic."""
MAX_NAME = 100
"""A field of a longer name can be no signal: it is counted."""
SHAPES_TRIED = 5
VEHICLE_EXTRAS = {"batteryState.batteryVoltage": "BatteryVoltage", "powerSupply.batteryVoltage": "BatteryVoltage"}
"""Fields of vehicles that are worth a signal besides those the dialect knows, by their paths."""
_EXAMPLE_BYTES = 48
_read_vehicle = vda5050.reader(MapRule(topic="", dialect="vda5050", signals=VEHICLE_EXTRAS))


@dataclass(slots=True)
class TopicProfile:
    """One topic, or all the topics of one Sparkplug sender, which stand under the path of its metrics."""

    topic: str
    speech: Speech
    messages: int = 0
    looked: int = 0
    """Messages whose payload was looked into; the rest were beyond the limit."""
    size: int = 0
    """Bytes of all payloads."""
    largest: int = 0
    retained: int = 0
    first_ns: int = 0
    last_ns: int = 0
    forms: dict[Form, int] = field(default_factory=dict)
    fields: dict[str, FieldProfile] = field(default_factory=dict)
    """By the name that the dialect gives; a scalar's own is empty."""
    fields_left: int = 0
    """Values of fields that were one too many, or had too long a name."""
    shape: ArrayShape | None = None
    example: str = ""
    """The last payload that was looked into, cut."""
    trouble: str = ""
    """Why the last payload that was not understood was not, as the catalogue's key."""
    notes: dict[str, int] = field(default_factory=dict)
    """What a protocol tells besides values: births, deaths, values without a name yet."""

    @property
    def form(self) -> Form:
        """Return the form that most of the payloads had; an empty one says nothing where another came, too."""
        told = {form: n for form, n in self.forms.items() if form is not Form.EMPTY}
        return max(told, key=lambda form: told[form], default=Form.EMPTY)

    @property
    def is_understood(self) -> bool:
        """Say whether some dialect takes its payloads apart."""
        return self.form in UNDERSTOOD and self.speech is not Speech.BROKER

    @property
    def is_foreign(self) -> bool:
        """Say whether no dialect understands it although it may come from a machine: neither the broker's own, nor orders, nor empty."""
        return not self.is_understood and self.speech is not Speech.BROKER and self.form not in {Form.ORDERS, Form.EMPTY}

    def count(self, size: int, at_ns: int, *, retain: bool) -> None:
        """Count one message of so many bytes without looking into it."""
        self.messages += 1
        self.size += size
        self.largest = max(self.largest, size)
        self.retained += retain
        self.first_ns, self.last_ns = self.first_ns or at_ns, at_ns

    def look_into(self, payload: bytes, at_ns: int, room: int, *, fresh: bool) -> int:
        """Take one payload's values, of new fields at most `room`; return how many fields are new."""
        seen = look(payload)
        self.looked += 1
        self.example = _excerpt(seen, payload)
        if self.speech is Speech.VEHICLE and not is_vehicle_message(seen.document):
            self.speech = Speech.PLAIN
        try:
            found = self._fields(seen, payload, at_ns)
        except DecodeError as error:
            self.trouble = reason_of(error)
            self._note_form(Form.BROKEN)
            return 0
        self._note_form(seen.form)
        return sum(self.take(values, at_ns, room, fresh=fresh) for values in found)

    def take(self, values: Mapping[str, Shown], at_ns: int, room: int, *, fresh: bool) -> int:
        """Take the values of one instant, of new fields at most `room`; return how many fields are new."""
        before = len(self.fields)
        for name, value in values.items():
            known = self.fields.get(name)
            if known is None:
                if len(name) > MAX_NAME or len(self.fields) >= min(MAX_FIELDS, before + room):
                    self.fields_left += 1
                    continue
                known = self.fields[name] = FieldProfile()
            known.take(value, at_ns, fresh=fresh)
        return len(self.fields) - before

    def skip(self, form: Form, payload: bytes) -> None:
        """Take a payload whose form is known without reading it."""
        self.looked += 1
        self.example = payload[: _EXAMPLE_BYTES // 3].hex(" ")
        self._note_form(form)

    def note(self, what: str) -> None:
        """Count what a protocol tells besides values."""
        self.notes[what] = self.notes.get(what, 0) + 1

    def _note_form(self, form: Form) -> None:
        """Count a form."""
        self.forms[form] = self.forms.get(form, 0) + 1
        if form not in UNDERSTOOD and not self.trouble:
            self.trouble = str(form)

    def _fields(self, seen: Look, payload: bytes, at_ns: int) -> Iterable[Mapping[str, Any]]:
        """Return the values of a payload, as the dialect of its form reads them."""
        if self.speech is Speech.VEHICLE:
            return [report.fields for report in _read_vehicle(payload, self.topic)]
        if self.speech is Speech.UMH and isinstance(seen.document, dict):
            return [report.fields for report in umh.read(payload, "")]
        if seen.form is Form.SCALAR:
            return [{"": typed(seen.document)}]
        if seen.form is Form.OBJECT and not self.forms.get(Form.ARRAYS):
            return [believed(json_flat.read(payload, ""))]
        if seen.form in {Form.OBJECT, Form.ARRAYS}:
            return self._of_arrays(seen.document, payload, at_ns)
        return ()

    def _of_arrays(self, document: Any, payload: bytes, at_ns: int) -> Iterable[Mapping[str, Any]]:  # noqa: ANN401 - JSON may hold anything
        """Return the values of nested JSON, element by element where it is meant so."""
        if self.shape is None and self.forms.get(Form.ARRAYS, 0) < SHAPES_TRIED:
            self.shape = shape_of(document, at_ns)
            if self.shape is not None:
                self.fields.clear()  # they were read by other paths before
        reports = json_nested.reader(rule_of(self.topic, self.shape))(payload, self.topic)
        return [dict.fromkeys(report.fields) if report.quality is Quality.BAD else report.fields for report in reports]


def rule_of(topic: str, shape: ArrayShape | None) -> MapRule:
    """Return the rule by which nested JSON of a shape is read."""
    shape = shape or ArrayShape()
    return MapRule(
        topic=topic, dialect="json", each=shape.each, name_field=shape.name_field, value_field=shape.value_field or "value",
        time_field=shape.time_field, time_unit=shape.time_unit or "iso8601",
        quality_field=shape.quality_field, quality_codes=shape.quality_codes or "opc_ua",
    )  # fmt: skip


def _excerpt(seen: Look, payload: bytes) -> str:
    """Return how a payload begins, as people can read it."""
    if seen.form is Form.BINARY:
        return payload[: _EXAMPLE_BYTES // 3].hex(" ")
    return cut(payload[: 4 * _EXAMPLE_BYTES].decode("utf-8", "replace"))
