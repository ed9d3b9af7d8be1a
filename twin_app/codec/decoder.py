"""Messages of one source to samples in columns. Not for receiving or keeping them: see `sources.intake`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from twin_app.codec import feeds, times
from twin_app.codec.desk import Desk
from twin_app.codec.json_flat import Unfit
from twin_app.codec.meanings import Meaning, Role, kind_of_role, role_of_kind
from twin_app.codec.presence import Presence
from twin_app.codec.quality import quality_of
from twin_app.codec.refusal import reason_of
from twin_app.codec.routes import Router
from twin_app.codec.states import mode_words, state_words
from twin_app.codec.tally import THE_REST, Tally, count
from twin_app.codec.values import looks_like_flag, looks_like_number
from twin_app.codec.voices import NO_SOURCE_TIME, Stamp, Voice
from twin_app.errors import DecodeError
from twin_app.layout.signals import signal_path
from twin_app.model import signal as names
from twin_app.model.samples import Quality
from twin_app.model.signal import Signal, SignalKind, source_unit
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from twin_app.codec.dialect import Fields, Report
    from twin_app.codec.feeds import Feed
    from twin_app.codec.routes import Route
    from twin_app.codec.values import Value
    from twin_app.model.equipment import Line, SourceSpec
    from twin_app.model.message import Message
    from twin_app.model.samples import SampleColumns, TextTable
    from twin_app.model.signal import SignalTable

STRANGE_QUALITY = N_("Messages that give a quality nobody knows: their values count as uncertain")
MAX_TOPICS = 50_000
"""Topics whose way is remembered; a flood of new ones starts the memory anew."""
MAX_FOUND = 1_000
"""Signals that may appear at run time; values of further ones are counted as unmapped."""
Outcome: TypeAlias = tuple[bool, bool, DecodeError | None]
"""Whether some field became a sample, whether some was ignored on purpose, and the first refusal."""
_STATE_ROLES = frozenset({Role.STATE, Role.STATE_NAME, Role.STATE_NUMBER})
_MODE_ROLES = frozenset({Role.MODE, Role.MODE_NAME, Role.MODE_NUMBER})


class Decoder:
    """One source's messages to samples; owned by the source's thread. `tally` counts what did not become samples."""

    def __init__(self, line: Line, source: SourceSpec, signals: SignalTable, texts: TextTable) -> None:
        """Compile the source's rules; raises SourceError where a rule names an unknown dialect."""
        self.tally = Tally()
        self._line = line
        self._source = source
        self._signals = signals
        self._texts = texts
        self._router = Router(line, source)
        self._routes: dict[str, Route | None] = {}
        self._words = {names.STATE: state_words(source), names.MODE: mode_words(source)}
        self._voices: dict[tuple[str, str], Voice] = {}
        self._presence = Presence(self._presence_signal)
        self._due_ns: int | None = None
        self._found = 0
        self.publish: Callable[[str, bytes], bool] | None = None
        """Publishes to the plant; None, and nothing ever is, unless the source's setting `rebirth` allows it."""
        desk = Desk(
            tally=self.tally, texts=texts, route=self._router.route, feed=self._make_feed, link=self._source_signal,
            wait_until=self._wait_until, ask=self._ask,
        )  # fmt: skip
        self._hosts = tuple(host(source, desk) for host in self._router.hosts)

    def decode(self, message: Message, into: SampleColumns) -> None:
        """Append the samples of one message, and count it.

        Good fields are taken even where another field of the message is refused.

        Raises:
            DecodeError: the payload, or a field of it, cannot be understood; the tally has counted it.
        """
        self.tally.received += 1
        if self._due_ns is not None:
            self.settle(message.received_ns, into)
        try:
            self._decode(message, into)
        except DecodeError as error:
            self.tally.refuse(reason_of(error))
            raise

    def settle(self, now_ns: int, into: SampleColumns) -> None:
        """Let state numbers that waited in vain for names become states (see `voices`); `now_ns` is receive time."""
        if self._due_ns is None or now_ns <= self._due_ns:
            return
        self._due_ns = None
        for host in self._hosts:
            host.settle(now_ns, into)
        for voice in self._voices.values():
            due_ns = voice.settle(now_ns, into)
            if due_ns is not None:
                self._wait_until(due_ns)

    def unit_of(self, topic: str) -> str | None:
        """Return the unit that a topic speaks of, None where no rule maps it; safe from any thread."""
        route = self._routes.get(topic) or self._router.route(topic)
        found = None if route is None else route.unit or None
        return found or next((unit for host in self._hosts if (unit := host.unit_of(topic))), None)

    def resume(self, into: SampleColumns) -> None:
        """Know that messages may have been missed, because the source was away."""
        for host in self._hosts:
            host.resume(into)

    def _decode(self, message: Message, into: SampleColumns) -> None:
        """Route one message and write its fields."""
        if message.retain:
            self.tally.retained += 1
        if self._hosts and any(host.take(message, into) for host in self._hosts):
            return
        route = self._route(message.topic)
        if route is None:
            count(self.tally.unmapped, message.topic)
            return
        if route.rule.ignore:
            self.tally.ignored += 1
            return
        if route.reader is not None:
            taken, ignored, refusal = self._write_reports(route, route.reader(message.payload, route.tag), message, into)
        elif route.dialect.read is not None:
            fields = route.dialect.read(message.payload, route.tag)
            taken, ignored, refusal = self._write(route, fields, self._stamp(route, fields, message), message, into)
        else:
            return
        self.tally.mapped += taken
        self.tally.ignored += ignored and not taken
        if refusal is not None:
            raise refusal

    def _write_reports(self, route: Route, reports: Sequence[Report], message: Message, into: SampleColumns) -> Outcome:
        """Write every report of a message, each at its own instant."""
        outcomes = []
        odd = False
        for report in reports:
            from_ns = self._presence.hear(route.unit, report.life, message, into)
            stamp, believed = _stamp_of(report, message, from_ns)
            odd |= report.timed and not believed
            if report.quality is None:
                count(self.tally.notes, STRANGE_QUALITY)
            outcomes.append(self._write(route, report.fields, stamp, message, into))
        self.tally.odd_times += odd
        taken, ignored, refusals = zip(*outcomes, strict=True) if outcomes else ((), (), ())
        return any(taken), any(ignored), next((refusal for refusal in refusals if refusal is not None), None)

    def _write(self, route: Route, fields: Fields, stamp: Stamp, message: Message, into: SampleColumns) -> Outcome:
        """Write every field; the first refusal is returned after all others are taken."""
        refusal: DecodeError | None = None
        taken = ignored = False
        bad = stamp.quality is Quality.BAD
        for name, value in fields.items():
            try:
                feed = route.feeds[name] if name in route.feeds else self._feed(route, name, value, message.topic, bad=bad)
                if feed is None:
                    ignored = True
                elif isinstance(value, Unfit):
                    count(self.tally.unmapped, f"{message.topic} · {name}")
                elif feed is not _NOTHING:
                    if bad:
                        feed.bad(value, stamp, into)
                    else:
                        feed.take(value, stamp, into)
                    taken = True
            except DecodeError as error:
                refusal = refusal or error
        return taken, ignored, refusal

    def _stamp(self, route: Route, fields: Fields, message: Message) -> Stamp:
        """Return when the message's values apply; a retained one is of unknown age whatever it says."""
        source_ns = NO_SOURCE_TIME
        effective_ns = message.received_ns
        if route.rule.time_field:
            found = times.source_time_ns(fields.get(route.rule.time_field), route.rule.time_unit, route.rule.time_zone)
            source_ns = NO_SOURCE_TIME if found is None else found
            if found is None or not times.believable(found, message.received_ns):
                self.tally.odd_times += 1
            elif not message.retain:
                effective_ns = found
        said: Quality | None = Quality.GOOD
        if route.rule.quality_field in fields and route.rule.quality_field:
            said = quality_of(fields[route.rule.quality_field], route.rule.quality_codes)
            if said is None:
                count(self.tally.notes, STRANGE_QUALITY)
        return Stamp(effective_ns, message.received_ns, source_ns, _quality(message, said), message.seq)

    def _route(self, topic: str) -> Route | None:
        """Return a topic's route, from memory where it was met before."""
        try:
            return self._routes[topic]
        except KeyError:
            if len(self._routes) >= MAX_TOPICS:
                self._routes.clear()
            route = self._routes[topic] = self._router.route(topic)
            return route

    def _feed(self, route: Route, name: str, value: Value, topic: str, *, bad: bool) -> Feed | None:
        """Return what a field feeds, and remember it with the route; None where it feeds nothing on purpose."""
        apart = bool(name) and name in {route.rule.time_field, route.rule.quality_field}
        meaning = None if apart else route.meaning(name)
        if apart or (meaning is not None and meaning.role is Role.IGNORED):
            route.feeds[name] = None
            return None
        if meaning is None:
            count(self.tally.unmapped, topic)
            return _NOTHING
        if isinstance(value, Unfit) or (
            (value is None or bad) and meaning.role is Role.FOUND and self._signals.find(route.unit, meaning.name) is None
        ):
            return _NOTHING  # an array, or no value of a signal that nobody knows yet: nothing to keep
        feed = self._make_feed(route, meaning, value)
        if feed is None:
            count(self.tally.unmapped, THE_REST)
            return _NOTHING
        route.feeds[name] = feed
        return feed

    def _make_feed(self, route: Route, meaning: Meaning, value: Value) -> Feed | None:
        """Return a new feed; None where no more signals may appear."""
        if meaning.role in _STATE_ROLES | _MODE_ROLES:
            return self._spoken(route.unit, meaning.role)
        role = meaning.role
        signal = self._signals.find(route.unit, meaning.name)
        if role is Role.FOUND and signal is not None:
            role = role_of_kind(self._signals[signal].kind)
        elif role is Role.FOUND:
            role = _guess(value, typed=route.dialect.typed)
        if signal is None:
            signal = self._new_signal(route.unit, meaning, role)
        return None if signal is None else feeds.PlainFeed(signal, feeds.READERS[role], self._texts)

    def _spoken(self, unit: str, role: Role) -> Feed:
        """Return the feed of a state's or mode's name or number."""
        what = names.STATE if role in _STATE_ROLES else names.MODE
        words, voice = self._words[what], self._voice(unit, what)
        if role in {Role.STATE_NUMBER, Role.MODE_NUMBER}:
            return feeds.NumberFeed(voice)
        return feeds.NameFeed(voice, words) if role in {Role.STATE_NAME, Role.MODE_NAME} else feeds.EitherFeed(voice, words)

    def _voice(self, unit: str, what: str) -> Voice:
        """Return a unit's voice for its state or mode."""
        voice = self._voices.get((unit, what))
        if voice is None:
            is_state = what == names.STATE
            number_name = names.STATE_NUMBER if is_state else names.MODE_NUMBER
            voice = self._voices[unit, what] = Voice(
                words=self._words[what],
                texts=self._texts,
                signal=partial(self._signal, unit, what, SignalKind.STATE if is_state else SignalKind.TEXT),
                number_signal=partial(self._signal, unit, number_name, SignalKind.MEASUREMENT),
                unknown=partial(self._count_unknown, unit) if is_state else _ignore,
                waits=self._wait_until,
            )
        return voice

    def _signal(self, unit: str, name: str, kind: SignalKind) -> int:
        """Return the id of one of the engine's own signals, adding it where it is new."""
        found = self._signals.find(unit, name)
        return (
            self._signals.add(Signal(path=signal_path(self._line, unit, name), unit=unit, name=name, kind=kind)) if found is None else found
        )

    def _presence_signal(self, unit: str) -> int:
        """Return the id of the signal that says whether a unit is there; it is the source's, not the unit's own."""
        return self._source_signal(names.UNIT_LINK + unit)

    def _source_signal(self, name: str) -> int:
        """Return the id of one of the source's own signals."""
        return self._signal(source_unit(self._source.id), name, SignalKind.STATE)

    def _ask(self, topic: str, payload: bytes) -> bool:
        """Publish, where that is allowed; tell whether it was."""
        return self.publish is not None and self.publish(topic, payload)

    def _new_signal(self, unit: str, meaning: Meaning, role: Role) -> int | None:
        """Add a signal that nobody declared; None where there are too many already."""
        if self._found >= MAX_FOUND:
            return None
        self._found += 1
        path = signal_path(self._line, unit, meaning.name)
        return self._signals.add(
            Signal(path=path, unit=unit, name=meaning.name, kind=kind_of_role(role), unit_of_measure=meaning.unit_of_measure)
        )

    def _count_unknown(self, unit: str, word: str) -> None:
        """Count a state's word that no map names."""
        count(self.tally.unknown_states, f"{unit}: {word}")

    def _wait_until(self, due_ns: int) -> None:
        """Note when a waiting number becomes a state."""
        self._due_ns = due_ns if self._due_ns is None else min(self._due_ns, due_ns)


class _Nothing:
    """Feeds nothing: the field was counted already."""

    def take(self, value: Value, stamp: Stamp, into: SampleColumns) -> None:
        """Take no notice."""

    def nothing(self, stamp: Stamp, into: SampleColumns) -> None:
        """Take no notice."""

    def bad(self, value: Value, stamp: Stamp, into: SampleColumns) -> None:
        """Take no notice."""


_NOTHING = _Nothing()


def _stamp_of(report: Report, message: Message, from_ns: int) -> tuple[Stamp, bool]:
    """Return when a report applies, and whether its own time is believed; nothing holds before its sender came."""
    source_ns = report.source_ns
    believed = source_ns is not None and times.believable(source_ns, message.received_ns)
    effective_ns = message.received_ns
    if source_ns is not None and believed and not (message.retain or report.by_arrival):
        effective_ns = max(source_ns, from_ns)
    quality = _quality(message, report.quality)
    return Stamp(effective_ns, message.received_ns, NO_SOURCE_TIME if source_ns is None else source_ns, quality, message.seq), believed


def _quality(message: Message, said: Quality | None) -> Quality:
    """Return the quality of a message's values: bad ones are bad whenever that was; what the broker had kept may be of any age."""
    if said is Quality.BAD:
        return said
    return Quality.RETAINED if message.retain else Quality.UNCERTAIN if said is None else said


def _guess(value: Value, *, typed: bool) -> Role:
    """Return how to read a signal that nobody declared, from its first value."""
    if isinstance(value, str) and (typed or not (looks_like_number(value) or looks_like_flag(value))):
        return Role.TEXT
    return Role.MEASUREMENT


def _ignore(_word: str) -> None:
    """Count no unknown modes: any name may be a mode of the user's own."""
