"""Messages as they came in, and what is known about the source they came from. Not for their meaning: see `codec`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from twin_app.text import N_


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `seq` counts all messages of a run from 0; `received_ns` is UTC, quantised to 1 ms at intake."""

    seq: int
    source: str
    topic: str
    payload: bytes
    received_ns: int
    qos: int = 0
    retain: bool = False


@dataclass(frozen=True, slots=True)
class RawMessage:
    """A message kept for reading, with the reason where it was refused (a worded sentence, else empty)."""

    message: Message
    refused: str = ""
    cut_from_bytes: int = 0
    """The payload's true size where it was cut to be kept; 0: it is whole."""


class Status(StrEnum):
    """What a source is doing."""

    IDLE = "idle"
    LOADING = "loading"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    DISCONNECTED = "disconnected"
    FAILED = "failed"
    COMPLETE = "complete"
    """A file, read to its end."""


STATUS_WORDS = {
    Status.IDLE: N_("not started"), Status.LOADING: N_("loading"), Status.CONNECTING: N_("connecting"), Status.CONNECTED: N_("connected"),
    Status.DISCONNECTED: N_("disconnected"), Status.FAILED: N_("failed"), Status.COMPLETE: N_("read to its end"),
}  # fmt: skip
"""The catalogue's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """A source at this moment: all that is received, refused, dropped or not understood is counted here."""

    source: str
    title: str
    address: str
    live: bool
    status: Status
    since_ns: int
    share: float | None = None
    """How much of a file that is loading is read and understood, 0 to 1, of its bytes or of its time; None where nobody measures that."""
    received: int = 0
    per_second: float = 0.0
    samples: int = 0
    """Samples that the messages became."""
    samples_per_second: float = 0.0
    backlog: int = 0
    """Samples of the line that are not yet taken into the picture, or not yet durable."""
    newest_ns: int | None = None
    """Receive time of the newest message; None before the first."""
    refused: Mapping[str, int] = field(default_factory=dict)
    """Messages refused, by reason."""
    examples: Mapping[str, str] = field(default_factory=dict)
    """The last refused message of each reason: topic and first bytes."""
    dropped: int = 0
    """Messages the broker says it dropped for us (`$SYS`), where it says so."""
    unmapped: Mapping[str, int] = field(default_factory=dict)
    """Messages of topics that no rule maps, by topic (at most 1,000 topics, the rest under `…`)."""
    unknown_states: Mapping[str, int] = field(default_factory=dict)
    """State words or numbers that no map names, by `unit: word`."""
    notes: Mapping[str, int] = field(default_factory=dict)
    """What the dialect noticed besides, worded: messages missed, values that wait for an announcement."""
    ignored: int = 0
    """Messages whose topic or tag is mapped to nothing on purpose."""
    retained: int = 0
    """Messages that were retained by the broker: of unknown age, counted nowhere."""
    odd_times: int = 0
    """Messages whose own time was missing, unreadable or unbelievable: they stand under their receive time."""
    reconnects: int = 0
    duplicates: int = 0
    """Messages that the broker sent again, and samples with a time of their own that came again."""
    out_of_order: int = 0
    """Samples effective before an earlier arrival of their signal: they stand where they belong."""
    clock_offset_s: float | None = None
    """Median of receive time minus the source's own time: the way of a message and the error of its clock; None without such a time."""
    warnings: tuple[str, ...] = ()
    """What is not as it should be although messages come, each a worded sentence with its cure."""
    elsewhere: tuple[str, ...] = ()
    """Topics that the broker speaks of while nothing comes on the source's own, as far as it was looked for."""
    error: str = ""
    """The last failure, worded with its cure; empty while all is well."""
    simulated: bool = False
    """What it says, or some of it, was made by a simulation."""
    hidden: bool = False
    """Its counts are kept back, because they tell of what lies ahead: they are no noughts."""
    recorded_by: str = ""
    """Which other program of the computer listens to it and records it, worded; empty: this one does, or nobody."""
    unheard: bool = False
    """That program has gone or stands still: what is told here is what it told last."""
