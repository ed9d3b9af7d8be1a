"""What people do at a window that reads a line, on its way to the program that writes it: the words, who may, and the answer. Not for the way itself.

What comes is hostile until parsed. It is done as at the writer's own window, at its own live end, and kept once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from twin_app.errors import RecordingError, TwinError, UsageError
from twin_app.model.alarm import Why
from twin_app.model.entry import Entry, EntryKind
from twin_app.persons import Right
from twin_app.persons.access import RIGHT_WORDS, load
from twin_app.text import N_, tr

if TYPE_CHECKING:
    from twin_app.session.session import Session

LOGGER = logging.getLogger(__name__)
LONGEST = 4000
"""Letters of anything that is said at once; who keeps it cuts it shorter."""


class _Deed(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", forbid_unknown_fields=True):
    """Something that a person does."""


class Act(_Deed, frozen=True, kw_only=True, tag="act"):
    """Do something to alarms, see `Desk.act`."""

    what: Why
    alarms: tuple[str, ...]
    note: str = ""
    lasts_ns: int = 0
    one_shot: bool = False


class Enter(_Deed, frozen=True, kw_only=True, tag="enter"):
    """Say something of orders, calendar or stops, see `Entries.enter`."""

    kind: EntryKind
    start_ns: int
    end_ns: int | None = None
    unit: str = ""
    order: str = ""
    product: str = ""
    quantity: float | None = None
    reason: str = ""
    note: str = ""


class Correct(_Deed, frozen=True, kw_only=True, tag="correct"):
    """Say something anew."""

    entry: Entry


class Undo(_Deed, frozen=True, kw_only=True, tag="undo"):
    """Let something count no longer."""

    entry: str


class Mark(_Deed, frozen=True, kw_only=True, tag="bookmark"):
    """Mark a moment or a stretch."""

    at_ns: int
    text: str = ""
    end_ns: int | None = None
    unit: str = ""


class Reword(_Deed, frozen=True, kw_only=True, tag="reword"):
    """Write something else beside a bookmark."""

    bookmark: str
    text: str


class Unmark(_Deed, frozen=True, kw_only=True, tag="unmark"):
    """Take a bookmark away."""

    bookmark: str


Deed: TypeAlias = Act | Enter | Correct | Undo | Mark | Reword | Unmark
Send: TypeAlias = Callable[[Deed, str], str]
"""Has a deed of a person (their id, empty for nobody) done by who writes the line; returns the id of what was made, if anything was.

Raises UsageError and RecordingError as who does it would, and RecordingError where it could not be delivered.
"""


class Sent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A deed on its way."""

    deed: Deed
    who: str
    station: str
    """The computer and the program at which it was done."""


class Answer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of it."""

    made: str = ""
    refused: str = ""
    """`usage` or `recording`; empty where it was done."""
    what: str = ""
    tip: str = ""
    arguments: dict[str, str | int | float | None] = {}

    def result(self) -> str:
        """Return the id of what was made; raises what the other side raised."""
        if self.refused:
            error = UsageError if self.refused == "usage" else RecordingError
            raise error(self.what, tip=self.tip, **self.arguments)
        return self.made


def done(session: Session, asked: dict[str, Any]) -> bytes:
    """Let a session that writes do what somebody asks for; return the answer, JSON. Belongs to the owner's thread."""
    try:
        sent = msgspec.convert(asked, Sent)
        _check_right(sent)
        answer = Answer(made=_do(session, sent.deed, sent.who))
        LOGGER.info("%s of %s, done at %s", type(sent.deed).__name__, sent.who or "nobody", sent.station[:200])
    except msgspec.ValidationError as error:
        answer = Answer(refused="usage", what=N_("What was sent cannot be understood: {reason}."), arguments={"reason": str(error)[:200]})
    except TwinError as error:
        kind = "usage" if isinstance(error, UsageError) else "recording"
        arguments = {key: value if isinstance(value, int | float | None) else str(value) for key, value in error.arguments.items()}
        answer = Answer(refused=kind, what=error.what, tip=error.tip, arguments=arguments)
    return msgspec.json.encode(answer)


def _check_right(sent: Sent) -> None:
    """Refuse what somebody may not do at this computer."""
    right = Right.ALARMS if isinstance(sent.deed, Act) else Right.REASONS
    access = load()
    if right in access.rights(sent.who):
        return
    person = access.person(sent.who)
    words = tr(RIGHT_WORDS[right])
    if person is None:
        raise UsageError(N_("Sign on to {right}."), right=words)
    raise UsageError(N_("{name} may not {right} here."), name=person.name, right=words)


def _do(session: Session, deed: Deed, who: str) -> str:
    """Do it; return the id of what was made."""
    match deed:
        case Act():
            session.desk.act_at(session.live_ns(), deed, who=who)
        case Enter():
            return session.entries.enter(
                deed.kind, deed.start_ns, end_ns=deed.end_ns, unit=deed.unit, order=deed.order, product=deed.product,
                quantity=deed.quantity, reason=deed.reason, note=deed.note, who=who,
            )  # fmt: skip
        case Correct():
            session.entries.correct(deed.entry, who=who)
        case Undo():
            session.entries.undo(deed.entry, who=who)
        case Mark():
            return session.notes.bookmark(deed.at_ns, deed.text[:LONGEST], end_ns=deed.end_ns, unit=deed.unit)
        case Reword():
            session.notes.reword_bookmark(deed.bookmark, deed.text[:LONGEST])
        case Unmark():
            session.notes.remove_bookmark(deed.bookmark)
    return ""
