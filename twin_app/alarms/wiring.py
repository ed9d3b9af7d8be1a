"""From a definition to a course that follows the plant: which change moves which alarm. Not for what moves mean: see `machine`."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from typing import TYPE_CHECKING

from twin_app.alarms import feeds
from twin_app.alarms.course import Course
from twin_app.alarms.define import ERRORS
from twin_app.alarms.switch import AnyOf, Switch
from twin_app.model.alarm import Form
from twin_app.model.packml import MODE_BY_NAME, STATE_BY_NAME, Mode
from twin_app.plant.track import FAR_PAST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twin_app.alarms.define import Definition, Definitions
    from twin_app.alarms.ears import Ear, Ears
    from twin_app.alarms.feeds import Feed
    from twin_app.alarms.switch import Judge
    from twin_app.model.samples import TextTable
    from twin_app.plant.plant import Plant

Key = tuple[str, ...]
"""What changed: `("unit", id)` (state, mode, links), `("derived", unit, name)`, or `("heard", unit, name)`."""
Rewrite = Callable[[int], int | None]
"""Follow a change from an instant on; return from when on the alarm differs, None where it does not."""


class Wiring:
    """Everything that alarms listen to."""

    def __init__(self, plant: Plant, texts: TextTable, *, ears: Ears, definitions: Definitions) -> None:
        """Start with no alarm."""
        self._plant, self._texts, self._ears, self._definitions = plant, texts, ears, definitions
        self.courses: list[Course] = []
        """Every alarm's, in the order of discovery."""
        self.defined: list[Definition] = []
        self.of_key: dict[str, int] = {}
        """The number of each alarm by its key."""
        self.of_unit: dict[str, list[Course]] = {}
        self.listeners: dict[Key, list[tuple[int, Rewrite]]] = {}
        self.details: set[Key] = set()
        """Signals whose text says more about an alarm."""
        self._errors: dict[str, feeds.Errors] = {}

    def add(self, definition: Definition) -> int | None:
        """Make an alarm's course; return its number, None where there is one of that key."""
        alarm, rule = definition.alarm, definition.rule
        if alarm.key in self.of_key:
            return None
        number = self.of_key[alarm.key] = len(self.courses)
        key, feed, judge = self._condition(definition)
        condition = Switch(judge, on_ns=_ns(rule.on_delay_s), off_ns=_ns(rule.off_delay_s))
        design = list(self._design(definition))
        course = Course(alarm, condition, AnyOf([switch for switch, _, _ in design]) if design else None)
        self.courses.append(course)
        self.defined.append(definition)
        self.of_unit.setdefault(alarm.unit, []).append(course)
        self._listen(key, number, lambda from_ns: condition.rewrite(from_ns, *feed(from_ns)))
        self.details.update(self._said(alarm.unit, name) for name in (definition.detail, definition.graded) if name)
        for switch, part_key, part_feed in design:
            self._listen(part_key, number, _part(course, switch, part_feed))
        if rule.ack_signal:
            ack_key, ear = self._heard(alarm.unit, rule.ack_signal)
            self._listen(ack_key, number, _acknowledged(course, ear, self._texts))
        return number

    def errors(self, unit: str) -> feeds.Errors:
        """Return the errors that a vehicle tells of."""
        if unit not in self._errors:
            self._errors[unit] = feeds.Errors(self._ears.of(unit, ERRORS), self._texts)
        return self._errors[unit]

    def _condition(self, definition: Definition) -> tuple[Key, Feed, Judge]:
        """Return what an alarm listens to and how it judges that."""
        alarm, rule = definition.alarm, definition.rule
        unit = ("unit", alarm.unit)
        if alarm.form is Form.LINK:
            if alarm.unit.startswith("@"):
                return unit, feeds.source_down(self._plant, alarm.unit[1:]), feeds.flag
            return unit, feeds.way_down(self._plant, alarm.unit), feeds.flag
        if alarm.form is Form.STATE:
            states = {STATE_BY_NAME[word.casefold()] for word in rule.states}
            return unit, feeds.in_states(self._plant, alarm.unit, states), feeds.flag
        if alarm.form is Form.ERROR:
            return ("heard", alarm.unit, alarm.signal), self.errors(alarm.unit).feed(definition.error), feeds.flag
        return self._of_signal(definition)

    def _of_signal(self, definition: Definition) -> tuple[Key, Feed, Judge]:
        """Return how an alarm judges a signal."""
        alarm, rule = definition.alarm, definition.rule
        limits = ((feeds.above, rule.above), (feeds.below, rule.below))
        judge = next((make(limit, rule.deadband or 0.0) for make, limit in limits if limit is not None), feeds.flag)
        if self._definitions.is_derived(alarm.unit, alarm.signal):
            if rule.equals:
                found = feeds.derived_equal(self._plant, alarm.unit, alarm.signal, self._texts, rule.equals)
            else:
                found = feeds.derived(self._plant, alarm.unit, alarm.signal)
            return ("derived", alarm.unit, alarm.signal), found, judge
        key, ear = self._heard(alarm.unit, alarm.signal)
        if rule.bad:
            return key, feeds.bad(ear), judge
        if rule.silent_s is not None:
            return key, feeds.silent(ear, _ns(rule.silent_s)), judge
        return key, feeds.equal(ear, self._texts, rule.equals) if rule.equals else feeds.numbers(ear), judge

    def _design(self, definition: Definition) -> Iterator[tuple[Switch, Key, Feed]]:
        """Give the logic that suppresses an alarm."""
        rule, unit = definition.rule, definition.alarm.unit
        if rule.suppressed_in_states:
            states = {STATE_BY_NAME[word.casefold()] for word in rule.suppressed_in_states}
            yield Switch(feeds.flag), ("unit", unit), feeds.in_states(self._plant, unit, states)
        if rule.suppressed_in_modes:
            modes = {MODE_BY_NAME.get(word.casefold(), Mode.USER_DEFINED) for word in rule.suppressed_in_modes}
            yield Switch(feeds.flag), ("unit", unit), feeds.in_modes(self._plant, unit, modes)
        if rule.suppressed_by and self._definitions.is_derived(unit, rule.suppressed_by):
            yield Switch(feeds.flag), ("derived", unit, rule.suppressed_by), feeds.derived(self._plant, unit, rule.suppressed_by)
        elif rule.suppressed_by:
            key, ear = self._heard(unit, rule.suppressed_by)
            yield Switch(feeds.flag), key, feeds.numbers(ear)

    def _listen(self, key: Key, number: int, rewrite: Rewrite) -> None:
        """Have an alarm follow what changes, and what there is of it already."""
        self.listeners.setdefault(key, []).append((number, rewrite))
        rewrite(FAR_PAST)

    def _said(self, unit: str, name: str) -> Key:
        """Return what is said to change when a text of a unit does."""
        return ("derived", unit, name) if self._definitions.is_derived(unit, name) else self._heard(unit, name)[0]

    def _heard(self, unit: str, name: str) -> tuple[Key, Ear]:
        """Return the ear of a unit's signal; it may not have appeared yet."""
        return ("heard", unit, name), self._ears.of(unit, name)


def _part(course: Course, switch: Switch, feed: Feed) -> Rewrite:
    """Return what follows a part of the logic that suppresses an alarm."""

    def rewrite(from_ns: int) -> int | None:
        differs_ns = switch.rewrite(from_ns, *feed(from_ns))
        return None if differs_ns is None or course.design is None else course.design.follow(differs_ns)

    return rewrite


def _acknowledged(course: Course, ear: Ear, texts: TextTable) -> Rewrite:
    """Return what follows a signal that acknowledges at the machine: by coming true, or by changing where it is a text."""

    def rewrite(from_ns: int) -> int | None:
        row = bisect_left(course.machine, from_ns)
        old = course.machine[row:]
        course.machine[row:] = [at_ns for at_ns in _acks(ear, texts) if at_ns >= from_ns]
        return None if old == course.machine[row:] else from_ns

    return rewrite


def _acks(ear: Ear, texts: TextTable) -> Iterator[int]:
    """Give when a signal came true, or changed to a text that says something."""
    before: object = None
    for at_ns, number, word in zip(ear.numbers.times.tolist(), ear.numbers.values.tolist(), ear.words.values.tolist(), strict=True):
        value: object = number if number == number else texts.text(int(word)).strip() if word == word else before  # noqa: PLR0124 - NaN
        if value != before and value and value not in _NEVER:
            yield at_ns
        before = value


_NEVER = frozenset({"0", "false", "null", "none", "1970-01-01T00:00:00Z"})
"""Texts that say that nothing was acknowledged."""


def _ns(seconds: float | None) -> int:
    """Return a duration in ns."""
    return round((seconds or 0.0) * 1e9)
