"""Everything that was said on a broker while somebody listened, topic by topic, in bounded memory. Not for listening, nor for guesses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from twin_app.clock import SECOND_NS
from twin_app.codec.refusal import reason_of
from twin_app.discover.crowd import Crowd
from twin_app.discover.forms import Form
from twin_app.discover.pairs import Pairs
from twin_app.discover.profile import TopicProfile
from twin_app.discover.sparkplug import Senders
from twin_app.discover.speech import Speech, address_of, speech_of
from twin_app.errors import DecodeError

if TYPE_CHECKING:
    from twin_app.codec.sparkplug.address import Address

MAX_TOPICS = 10_000
MAX_FIELDS = 40_000
"""Of all topics together: some 30 MB at most, whatever a broker holds."""
SIMULATED = "simulated/"
"""What the topics of a published simulation begin with."""
MAX_TOPIC_CHARS = 400
"""A longer topic fits no rule of a layout; it is counted."""


@dataclass(slots=True)
class Survey:
    """What was heard; owned by the thread that reads."""

    limit: int = 0
    """Messages a second that are looked into; 0: all. The first of each topic always is."""
    max_topics: int = MAX_TOPICS
    topics: dict[str, TopicProfile] = field(default_factory=dict)
    """By topic; Sparkplug's by the path of a sender's metrics."""
    messages: int = 0
    size: int = 0
    looked: int = 0
    beyond_limit: int = 0
    """Messages that were counted by their topic alone, because more than `limit` came in that second."""
    beyond_topics: int = 0
    """Messages of topics that are not kept: there were too many, or their names are too long or no text."""
    simulated: bool = False
    """Some of it was marked as made by a simulation."""
    start_ns: int = 0
    end_ns: int = 0
    pairs: Pairs = field(default_factory=Pairs)
    _crowd: Crowd = field(default_factory=Crowd)
    _senders: Senders = field(default_factory=Senders)
    _fields: int = 0
    _second: int = 0
    _in_second: int = 0

    def take(
        self, topic: str, payload: bytes, at_ns: int, *, retain: bool = False, simulated: bool = False, cut_from: int = 0
    ) -> None:  # fmt: skip
        """Take one message, received at `at_ns` (UTC ns). Never raises.

        Args:
            topic: as it was published.
            payload: as it was published, or the beginning of one that had `cut_from` bytes.
            at_ns: when it was received.
            retain: whether the broker had kept it.
            simulated: whether it is marked as made by a simulation.
            cut_from: its size where it was cut, else 0.
        """
        size = cut_from or len(payload)
        self.messages += 1
        self.size += size
        self.simulated |= simulated or topic.startswith(SIMULATED)
        self.start_ns = min(self.start_ns or at_ns, at_ns)
        self.end_ns = max(self.end_ns, at_ns)
        profile, address, known = self._profile(topic)
        if profile is None:
            self.beyond_topics += 1
            self._crowd.add(topic.encode("utf-8", "replace"))
            return
        profile.count(size, at_ns, retain=retain)
        if known and not self._within(at_ns):
            self.beyond_limit += 1
            return
        self.looked += 1
        if cut_from or (profile.speech is Speech.SPARKPLUG and address is None):
            profile.skip(Form.LARGE if cut_from else Form.ORDERS, payload)
            return
        room = MAX_FIELDS - self._fields
        if address is not None:
            self._fields += self._look_at_metrics(profile, address, payload, at_ns, room=room, fresh=not retain)
            return
        self._fields += profile.look_into(payload, at_ns, room, fresh=not retain)
        if profile.speech is Speech.PLAIN and (own := profile.fields.get("")) is not None:
            place, tag = tag_of(topic)
            self.pairs.hear(place, {tag: own.example}, at_ns)

    def refuse(self, size: int) -> None:
        """Count a message whose topic is no text."""
        self.messages += 1
        self.size += size
        self.beyond_topics += 1

    @property
    def seconds(self) -> float:
        """Return from the first to the last message."""
        return (self.end_ns - self.start_ns) / SECOND_NS

    @property
    def further_topics(self) -> int:
        """Return about how many topics there were beyond those that are kept."""
        return self._crowd.size

    def _profile(self, topic: str) -> tuple[TopicProfile | None, Address | None, bool]:
        """Return a topic's profile, None where it is not kept; its Sparkplug sender, if any; and whether it was met before."""
        speech = speech_of(topic)
        address = address_of(topic) if speech is Speech.SPARKPLUG else None
        key = address.path if address is not None else topic
        known = self.topics.get(key)
        if known is not None:
            return known, address, True
        if len(self.topics) >= self.max_topics or len(topic) > MAX_TOPIC_CHARS or not topic.isprintable():
            return None, None, False
        self.topics[key] = made = TopicProfile(key, speech)
        return made, address, False

    def _within(self, at_ns: int) -> bool:
        """Say whether a message may still be looked into this second."""
        if not self.limit:
            return True
        second = at_ns // SECOND_NS
        if second != self._second:
            self._second, self._in_second = second, 0
        self._in_second += 1
        return self._in_second <= self.limit

    def _look_at_metrics(
        self, profile: TopicProfile, address: Address, payload: bytes, at_ns: int, *, room: int, fresh: bool
    ) -> int:  # fmt: skip
        """Take a Sparkplug message; return how many fields are new."""
        profile.looked += 1
        try:
            values = self._senders.values(payload, address, profile)
        except DecodeError as error:
            profile.trouble = reason_of(error)
            profile.forms[Form.BINARY] = profile.forms.get(Form.BINARY, 0) + 1
            return 0
        profile.forms[Form.METRICS] = profile.forms.get(Form.METRICS, 0) + 1
        new = profile.take(values, at_ns, room, fresh=fresh)
        for name in values:
            if name in profile.fields and (measure := self._senders.measure(address.path, name)):
                profile.fields[name].unit_of_measure = measure
        self.pairs.hear(address.path, values, at_ns)
        return new


def tag_of(topic: str) -> tuple[str, str]:
    """Return a topic's unit and PackTag where it has one: what stands before the last `Status`, `Admin` or `Command`, and the rest."""
    levels = topic.split("/")
    for i in range(len(levels) - 1, -1, -1):
        if levels[i].partition(".")[0].casefold() in PACKML_HEADS:
            return "/".join(levels[:i]), "/".join(levels[i:])
    return topic, ""


PACKML_HEADS = frozenset({"status", "admin", "command"})
