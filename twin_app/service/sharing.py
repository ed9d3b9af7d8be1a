"""A line that several programs of the computer have open: one writes it and tells the others, they read what it writes. Not for opening it.

What is told is JSON: up to where all is durable, in which file, how the sources and the recording are, and which layout is in force.
"""

from __future__ import annotations

import os
import platform
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from twin_app.clock import SECOND_NS, now_ns
from twin_app.errors import RecordingError
from twin_app.history.following import Following
from twin_app.history.lock import HeldError
from twin_app.local.claim import Claim, Holder, holder_of
from twin_app.local.guest import Guest
from twin_app.local.hub import Hub
from twin_app.local.wire import RefusedError
from twin_app.model.message import SourceHealth, Status
from twin_app.model.recording import RecordingNow
from twin_app.service.places import recordings_folder
from twin_app.session.asked import Shared
from twin_app.session.deeds import Answer, Deed, Sent
from twin_app.settings import data_dir
from twin_app.sources.attached import AttachedSource
from twin_app.text import N_, duration, tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twin_app.history.store import Store
    from twin_app.model.equipment import Line
    from twin_app.model.samples import TextTable
    from twin_app.model.signal import SignalTable
    from twin_app.session import Session
    from twin_app.settings import Settings
    from twin_app.sources.intake import Intake

RAW_EVERY_S = 0.5
HELD_S = 2.0
"""So long somebody who has just taken the line may take to say where it listens."""
_LOOK_S = 0.05
TURN_S = 0.5
"""So long who reads leaves the line free for a recorder that waits for it, once who wrote has gone."""


class News(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What who writes tells who reads."""

    file: str
    """The name of the newest file."""
    layout: str
    """The digest of the layout in force."""
    health: tuple[SourceHealth, ...] = ()
    """Empty: as it was told last."""
    recording: RecordingNow | None = None
    """None: as it was told last."""
    refused: tuple[tuple[int, str], ...] = ()
    """The newest refused messages by number, with the reason, worded."""


class Writer:
    """This program's side where it writes the line: claims it, and once it is open tells of it.

    Attributes:
        hub: where the others come.
    """

    def __init__(self, line: Line, kind: str, folder: Path, addresses: Mapping[str, str]) -> None:
        """Claim a line that is recorded into `folder`; from now on others find out who writes it, and what `kind` of program that is.

        Raises:
            HeldError: another program writes it; it says which.
            RecordingError: a folder cannot be written.
        """
        try:
            self._claim = Claim(recordings_folder(line), data_dir() / "run")
        except HeldError as error:
            raise _held(line, error) from error
        try:
            self.hub = Hub(self._claim)
        except OSError as error:
            self._claim.free()
            what = N_("{path} cannot be written: {reason}.")
            tip = N_("Choose a folder you may write to.")
            raise RecordingError(what, tip=tip, path=self._claim.channel, reason=error.strerror or error) from error
        self._claim.tell(kind=kind, folder=folder, layout=line.content_hash, addresses=addresses)
        hub = self.hub
        self.shared = Shared(attend=hub.attend, readers=lambda: hub.readers, refused=lambda: hub.refused, close=self.close)

    def tell_of(self, session: Session, store: Store) -> None:
        """Let others read what a session writes into a store from now on."""
        store.readers.tell, store.readers.read = self.hub.nudge, lambda: self.hub.read

        def news(whole: bool) -> bytes:  # noqa: FBT001 - as it is asked
            kept = session.recording_now()
            told = News(file=kept.file, layout=session.line.content_hash)
            if whole:
                told = msgspec.structs.replace(told, health=session.health(), recording=kept, refused=tuple(store.raw.refusals))
            return msgspec.json.encode(told)

        self.hub.news = news
        session.attend()  # so that windows of this very program need not wait for a frame

    def close(self) -> None:
        """Let another program write the line, then let the readers know."""
        self._claim.free()
        self.hub.close()


def _held(line: Line, error: HeldError) -> HeldError:
    """Return the refusal of a second writer."""
    holder = holder_of(recordings_folder(line))
    if holder is None:
        return error
    return HeldError(
        N_("{line} is being written by process {pid} on {host} since {since}: {who}."), tip=N_("Close that program, or wait for it with --wait."),
        line=line.title, pid=holder.pid, host=holder.host, since=holder.since, who=holder.worded(),
    )  # fmt: skip


class Attached:
    """This program's side where another one writes the line.

    Attributes:
        store: what it writes.
        shared: what the session is to know of it.
    """

    def __init__(self, line: Line, addresses: Mapping[str, str], names: tuple[SignalTable, TextTable], settings: Settings) -> None:
        """Attach to who writes a line; to its signals and texts (`names`) those that are new are added. Nothing more is heard before `start`.

        Raises:
            RecordingError: it does not answer, listens elsewhere than `addresses` say, or the recording cannot be read.
        """
        self._holder = holder = _waited_for(line)
        _check_addresses(line, holder, addresses)
        self._line, self._guest = line, Guest(holder)
        self._health: dict[str, SourceHealth] = {}
        self._raw_s = self._lost_s = float("-inf")
        self._lost_ns = 0
        self._trouble = ""
        try:
            first = msgspec.convert(self._guest.first(), News)
            self.store = Following(
                Path(holder.folder), signals=names[0], texts=names[1], tail_samples=settings.memory.tail_samples,
                raw_bytes=settings.memory.raw_bytes, layout=line.content_hash,
            )  # fmt: skip
        except msgspec.ValidationError as error:
            self._guest.close()
            what = N_("The line is recorded by {who}, which is of another version of this program.")
            raise RecordingError(what, tip=N_("Use the same version for both."), who=holder.worded()) from error
        except BaseException:
            self._guest.close()
            raise
        self._take(first)
        self._guest.heard = self._hear
        self.shared = Shared(send=self._send, lost=self._lost, close=self._guest.close, folder=Path(holder.folder))

    def source(self, intake: Intake) -> AttachedSource:
        """Return a source of the line as who writes it tells of it."""
        return AttachedSource(intake, told=self._told, start=self._guest.start, stop=self._guest.close)

    def close(self) -> None:
        """Let go, where no session took it over."""
        self._guest.close()
        self.store.close()

    def _hear(self, said: dict[str, Any]) -> int:
        """Take in news, in the thread that hears them; return up to which sample was read."""
        if not said:
            return -1
        try:
            news = msgspec.convert(said, News)
        except msgspec.ValidationError as error:
            raise RefusedError("news") from error
        self._take(news)
        try:
            read = self.store.read_on(news.file)
            if time.monotonic() - self._raw_s > RAW_EVERY_S:
                self._raw_s = time.monotonic()
                self.store.read_raw()
        except RecordingError as error:
            self._trouble = error.worded()
            return -1
        self._trouble = ""
        return read

    def _take(self, news: News) -> None:
        """Note how sources and recording are."""
        self.store.written_layout = news.layout
        if news.recording is not None:
            self.store.told = news.recording
        self.store.refused(news.refused)
        if news.health:
            self._health = {health.source: health for health in news.health}

    def _lost(self) -> bool:
        """Tell whether the line is to be opened anew: who wrote has gone some moments ago, or too much was missed."""
        if not self._guest.lost:
            return self.store.lost
        if not self._lost_ns:
            self._lost_ns, self._lost_s = now_ns(), time.monotonic()
        return time.monotonic() - self._lost_s >= TURN_S

    def _told(self, source: str) -> SourceHealth:
        """Return how a source is."""
        title = self._line.source(source).title
        known = self._health.get(source)
        if known is None:
            error = tr("Whoever records the line does not know this source: it was opened with another layout.")
            return SourceHealth(
                source=source, title=title, address="", live=True, status=Status.DISCONNECTED, since_ns=now_ns(), error=error
            )
        who = self._holder.worded()
        if self._guest.lost:
            error = tr("The line was recorded by {who}, which has ended; this program goes on.", who=who)
            return replace(known, status=Status.DISCONNECTED, since_ns=self._lost_ns or now_ns(), per_second=0.0, error=error, unheard=True)
        if silent_s := self._guest.silent_s:
            error = tr(
                "The line is recorded by {who}, which stands still: nothing was heard of it for {span}.", who=who, span=duration(silent_s)
            )
            since_ns = now_ns() - round(silent_s * SECOND_NS)
            return replace(known, status=Status.DISCONNECTED, since_ns=since_ns, per_second=0.0, error=error, unheard=True)
        return replace(known, recorded_by=who, error=known.error or self._trouble)

    def _send(self, deed: Deed, who: str) -> str:
        """Have something done by who writes; return the id of what was made."""
        sent = Sent(deed=deed, who=who, station=f"{platform.node()}:{os.getpid()}")
        answer = self._guest.send(msgspec.to_builtins(sent))
        try:
            return msgspec.convert(answer, Answer).result()
        except msgspec.ValidationError as error:
            raise RecordingError(N_("{who}, which records the line, has not answered."), who=self._holder.worded()) from error


def _waited_for(line: Line) -> Holder:
    """Return who writes a line; one that has just taken it may not say so yet."""
    ends_s = time.monotonic() + HELD_S
    while time.monotonic() < ends_s:
        if (holder := holder_of(recordings_folder(line))) is not None:
            return holder
        time.sleep(_LOOK_S)
    raise RecordingError(
        N_("{line} is being written by a program that does not say where it listens."), tip=N_("Try again."), line=line.title
    )


def _check_addresses(line: Line, holder: Holder, addresses: Mapping[str, str]) -> None:
    """Refuse to show what comes from elsewhere than somebody asked for."""
    for source, theirs in holder.addresses.items():
        if addresses.get(source, theirs) != theirs:
            raise RecordingError(
                N_("{line} is recorded by {who} from {theirs}, not from {ours}."),
                tip=N_("Open the line without naming a source, or end that program first."),
                line=line.title, who=holder.worded(), theirs=theirs, ours=addresses[source],
            )  # fmt: skip
