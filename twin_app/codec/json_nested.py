"""Nested JSON: objects and arrays, elements with times and names of their own. Not for one flat object a message: see `json_flat`.

Every scalar becomes a field named by its path (`motor.bearing[0].temp`). Where a rule says `each`, the elements of that array
are read one by one: at the time each of them gives (`time_field`), as the signal each of them names (`name_field`). Where
`time_field` is an array, the other arrays of its length are columns beside it. Their quality (`quality_field`) is found as the time is.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from twin_app.codec import times
from twin_app.codec.dialect import Dialect, Report
from twin_app.codec.json_flat import Unfit, meaning, name, parsed
from twin_app.codec.paths import MAX_LEAVES, leaves, path_of, select, spelled, written
from twin_app.codec.quality import quality_of
from twin_app.codec.refusal import Reason, refuse
from twin_app.model.samples import Quality

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twin_app.codec.dialect import Reader
    from twin_app.model.equipment import MapRule

_NOWHERE = object()
_Said: TypeAlias = tuple[Any, Any]
"""What stands at the paths of time and quality."""


def reader(rule: MapRule) -> Reader:
    """Return the reader of a rule's messages; raises SourceError where one of its paths is none."""
    return _Reader(rule).read


class _Reader:
    """One rule, compiled."""

    def __init__(self, rule: MapRule) -> None:
        """Compile the rule's paths."""
        self._each = path_of(rule, rule.each)
        self._reads_each = bool(rule.each)
        self._time = path_of(rule, rule.time_field) if rule.time_field else None
        self._name = path_of(rule, rule.name_field) if rule.name_field else None
        self._value = path_of(rule, rule.value_field)
        self._quality = path_of(rule, rule.quality_field) if rule.quality_field else None
        self._quality_of = partial(quality_of, codes=rule.quality_codes)
        self._ns = partial(times.source_time_ns, unit=rule.time_unit, zone=rule.time_zone)
        self._each_written = rule.each
        single = self._time[0] if self._time is not None and len(self._time) == 1 else None
        self._time_key = single if isinstance(single, str) else None
        self._apart = tuple(written(steps) for steps in (self._time, self._quality) if steps)

    def read(self, payload: bytes, tag: str) -> list[Report]:
        """Return the reports of one message, in the order in which they stand.

        Raises:
            DecodeError: not JSON, neither an object nor an array, nested too deeply, or too large.
        """
        document = parsed(payload)
        if not isinstance(document, dict | list):
            raise refuse(Reason.NOT_AN_OBJECT, payload)
        reports = list(self._reports(document, tag))
        if sum(len(report.fields) for report in reports) > MAX_LEAVES:
            raise refuse(Reason.TOO_MANY_FIELDS, payload)
        return reports

    def _reports(self, document: Any, tag: str) -> Iterator[Report]:  # noqa: ANN401 - JSON may hold anything
        """Give the reports of the whole, then of each element."""
        if not self._reads_each and isinstance(document, dict):
            yield from self._record(document, "", tag, (_NOWHERE, _NOWHERE))
            return
        found = [(label, part) for label, part in select(document, self._each) if label or isinstance(part, dict | list)]
        said = self._time_in(document), self._quality_in(document)
        yield from self._rest(document, self._taken(document), said)
        for label, part in found:
            for element in part if isinstance(part, list) else (part,):
                yield from self._record(element, label, tag, said)

    def _taken(self, document: Any) -> set[int]:  # noqa: ANN401 - JSON may hold anything
        """Return the ids of the objects and arrays that `each` leads to; where it ends in a wildcard, of those around them."""
        steps = self._each[:-1] if self._each and self._each[-1] is None else self._each
        return {id(part) for _, part in select(document, steps) if isinstance(part, dict | list)}

    def _rest(self, document: Any, without: set[int], said: _Said) -> Iterator[Report]:  # noqa: ANN401 - JSON may hold anything
        """Give what stands beside the elements."""
        fields = leaves(document, without=without) if id(document) not in without else {}
        if fields:  # a time is only missed where one was there to be read: it may well stand at the elements alone
            fields = self._without(fields)
            yield self._at(fields, said) if said[0] is not _NOWHERE else Report(fields=fields, quality=self._judged(said[1]))

    def _record(self, element: Any, label: str, tag: str, said: _Said) -> Iterator[Report]:  # noqa: ANN401 - JSON may hold anything
        """Give what one element says; where it gives no time or quality of its own the message's counts."""
        time, quality = self._time_in(element), self._quality_in(element)
        quality = said[1] if quality is _NOWHERE else quality
        if isinstance(time, list):
            yield from self._columns(element, time, quality)
            return
        if self._name is not None:
            fields = self._named(element)
        elif isinstance(element, dict | list):
            fields = self._without(leaves(element, spelled(label)), label)
        else:
            fields = {spelled(label) or tag.rpartition("/")[2]: element}
        yield self._at(fields, (said[0] if time is _NOWHERE else time, quality))

    def _named(self, element: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON may hold anything
        """Return the fields of an element that names its signal."""
        _, called = next(select(element, self._name or ()), ("", None))
        if isinstance(called, bool) or not isinstance(called, str | int) or called == "":
            return {f"{self._each_written}[]": Unfit("?")}  # nameless: counted as what no signal can hold
        _, value = next(select(element, self._value), ("", None))
        return leaves(value, spelled(str(called)))

    def _columns(self, element: Any, instants: list[Any], quality: Any) -> Iterator[Report]:  # noqa: ANN401 - JSON may hold anything
        """Give a report a row of columns, and what is no column for itself."""
        columns = {key: value for key, value in element.items() if isinstance(value, list) and len(value) == len(instants)}
        if len(instants) * len(columns) > MAX_LEAVES:
            raise refuse(Reason.TOO_MANY_FIELDS, f"{len(instants)} x {len(columns)}")
        rest = leaves({key: value for key, value in element.items() if not isinstance(value, list)})
        rest |= {spelled(key): Unfit(f"[{len(value)}]") for key, value in element.items() if isinstance(value, list) and key not in columns}
        if rest:
            yield Report(fields=self._without(rest))
        columns = {spelled(key): value for key, value in columns.items() if value is not instants and value is not quality}
        for i, instant in enumerate(instants):
            beside = quality[i] if isinstance(quality, list) and i < len(quality) else quality
            yield self._at({key: _scalar(value[i]) for key, value in columns.items()}, (instant, beside))

    def _quality_in(self, value: Any) -> Any:  # noqa: ANN401 - JSON may hold anything
        """Return what stands at the quality's path, `_NOWHERE` where nothing does."""
        if self._quality is None:
            return _NOWHERE
        return next((found for _, found in select(value, self._quality)), _NOWHERE)

    def _judged(self, said: object) -> Quality | None:
        """Return the quality that was said; what says nothing of it is good."""
        return Quality.GOOD if said is _NOWHERE else self._quality_of(said)

    def _time_in(self, value: Any) -> Any:  # noqa: ANN401 - JSON may hold anything
        """Return what stands at the time's path, `_NOWHERE` where nothing does."""
        if self._time is None:
            return _NOWHERE
        if self._time_key is not None and isinstance(value, dict):
            return value.get(self._time_key, _NOWHERE)
        return next((found for _, found in select(value, self._time)), _NOWHERE)

    def _without(self, fields: dict[str, Any], label: str = "") -> dict[str, Any]:
        """Return the fields without those that hold time and quality."""
        for path in self._apart:
            whole = f"{spelled(label)}.{path}" if label else path
            if fields.pop(whole, None) is None and self._quality is not None:
                for inner in [field for field in fields if field.startswith(f"{whole}.")]:
                    del fields[inner]
        return fields

    def _at(self, fields: dict[str, Any], said: _Said) -> Report:
        """Return the report of one instant."""
        time, quality = said
        known = time if isinstance(time, str | int | float) else None
        return Report(fields=fields, source_ns=self._ns(known), timed=self._time is not None, quality=self._judged(quality))


def _scalar(value: Any) -> Any:  # noqa: ANN401 - JSON may hold anything
    """Return a column's cell; one that is no scalar fits no signal."""
    return Unfit("…") if isinstance(value, dict | list) else value


JSON_NESTED = Dialect(key="json", reader=reader, meaning=meaning, name=name, typed=True)
