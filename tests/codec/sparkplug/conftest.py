"""An edge node `E` of group `G` whose devices are the units Filler and Capper, and a hand that speaks for it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.codec.conftest import NOON_NS, Bench
from tests.codec.sparkplug.encoding import payload, session
from twin_app.model.equipment import MapRule, SourceSpec

NOON_MS = NOON_NS // 1_000_000
FILLER, CAPPER = "Connected/Filler/G/E/Filler", "Connected/Capper/G/E/Capper"


class Cell(Bench):
    """The bench of a decoder, with words of Sparkplug; times are ms from noon."""

    def __init__(
        self, *, topic: str = "spBv1.0/G/+/E/{unit}/{tag...}", rebirth: bool = False, rules: tuple[MapRule, ...] = (), **settings: Any
    ) -> None:
        rule = MapRule(topic=topic, dialect="sparkplug_b", **settings)
        super().__init__(SourceSpec(id="plant", title="", rules=(*rules, rule), rebirth=rebirth))

    def hear(
        self, kind: str, *metrics: bytes, device: str = "", seq: int | None = None, sent: int | None = None, at_ms: int = 0,
        retain: bool = False, group: str = "G",
    ) -> str:  # fmt: skip
        """Receive one message at `at_ms`, sent at `sent` by its own word (None: it says nothing)."""
        topic = f"spBv1.0/{group}/{kind}/E" + (f"/{device}" if device else "")
        data = payload(*metrics, seq=seq, at_ms=None if sent is None else NOON_MS + sent)
        return self.say(topic, data, at_ms=at_ms, retain=retain)

    def born(self, *metrics: bytes, number: int = 0, at_ms: int = 0, device: str = "Filler", sent: int | None = None) -> None:
        """Receive the births of the node and of one device, sent as received unless told otherwise."""
        sent = at_ms if sent is None else sent
        assert self.hear("NBIRTH", session(number), seq=0, sent=sent, at_ms=at_ms) == ""
        assert self.hear("DBIRTH", *metrics, device=device, seq=1, sent=sent, at_ms=at_ms) == ""

    def data(self, *metrics: bytes, seq: int | None, at_ms: int, sent: int | None = None, device: str = "Filler") -> str:
        """Receive data of a device."""
        return self.hear("DDATA", *metrics, device=device, seq=seq, at_ms=at_ms, sent=at_ms if sent is None else sent)

    def died(self, number: int = 0, *, at_ms: int) -> str:
        """Receive the node's death."""
        return self.hear("NDEATH", session(number), at_ms=at_ms)

    def notes(self) -> dict[str, int]:
        """Return what was noticed, without the words that all notes begin with."""
        return {note.removeprefix("Sparkplug: "): n for note, n in self.tally.notes.items()}


@pytest.fixture
def cell() -> Cell:
    return Cell()


@pytest.fixture(scope="session")
def make_cell() -> Callable[..., Cell]:
    return Cell
