"""Opening a line: layout, store, plant and sources put together into a session. Not for windows: they ask here, too."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from twin_app import assets
from twin_app.clock import SECOND_NS, now_ns
from twin_app.errors import RecordingError, SourceError, UsageError
from twin_app.finding.reading import NO_PACE
from twin_app.history.files import file_name, is_recording, start_of
from twin_app.history.lock import HeldError
from twin_app.history.replay import Replay
from twin_app.history.store import Store
from twin_app.layout import load
from twin_app.layout.signals import signal_table
from twin_app.local.claim import holder_of
from twin_app.local.guest import answers
from twin_app.model.message import Status
from twin_app.model.recording import Gap, Why
from twin_app.model.samples import NEVER, TextTable
from twin_app.plant.plant import Plant
from twin_app.service.carried import of_itself
from twin_app.service.keeping import of_recording, store_of
from twin_app.service.of_time import kept_layouts, line_of
from twin_app.service.places import actions_path, entries_path, notes_path, recorded_last, recordings_folder, remember, take_along
from twin_app.service.request import Login, OpenRequest
from twin_app.service.sharing import Attached, Writer
from twin_app.session import Opened, Session
from twin_app.session.action_log import ActionLog
from twin_app.session.asked import Shared
from twin_app.settings import Settings
from twin_app.settings import load as load_settings
from twin_app.sources.intake import Intake
from twin_app.sources.kinds import kind_of
from twin_app.sources.leisure import Leisure
from twin_app.sources.recording import RecordingSource
from twin_app.sources.simulated import SimulatedSource
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from twin_app.finding.reading import Pace
    from twin_app.model.equipment import Line, SourceSpec
    from twin_app.model.signal import SignalTable
    from twin_app.sources.base import Source

GO_ON_NS = 24 * 3600 * SECOND_NS
"""A live line goes on with its newest recording if that is younger; else it begins a new one."""
_NAMED = re.compile(r"([A-Za-z0-9_.-]+)=(.+)", re.DOTALL)
RECORDER, OVERVIEW = "recorder", "overview"
POLL_S = 0.02
_A_BATCH_S = 1e-9
"""A budget in which one batch is folded."""
AHEAD_NS = 120 * SECOND_NS
"""So much of a file beyond where the playhead begins is read in haste, even where the rest is not."""
_LAST_SAMPLES = 1000
"""Among so many samples at the end of a recording is the one that was received last."""


def sample() -> OpenRequest:
    """Return the request for the line and the stream that are bundled with the product."""
    line = assets.sample_line()
    begin_ns = round(assets.sample_begin_s() * SECOND_NS)
    return OpenRequest(layout=line, addresses={load(line).sources[0].id: str(assets.sample_stream())}, sample=True, begin_ns=begin_ns)


def requested(layout: Path | None, sources: Sequence[str], settings: Settings) -> OpenRequest:
    """Return what a command line asks for; without a layout that which a recording keeps, else what was opened last, else the sample.

    In a layout's place a recording may stand: it carries its own.

    Raises:
        LayoutError: the layout is wrong.
        SourceError: a source's id is not one of the layout's, or several sources are given for one.
        UsageError: an address carries credentials, or sources are given and no layout.
    """
    if layout is None and len(sources) == 1 and kept_layouts(sources[0]):
        return of_itself(Path(sources[0]))
    if layout is None:
        last = settings.opened
        if not last.layout:
            if sources:
                raise UsageError(
                    N_("A source without a layout cannot be understood."), tip=N_("Give the line's layout file before --source.")
                )
            return sample()
        return OpenRequest(
            layout=Path(last.layout), addresses=_addresses(load(Path(last.layout)), sources) or last.addresses, logins=remembered(settings)
        )
    if is_recording(layout):
        return of_itself(layout, sources)
    return OpenRequest(layout=layout, addresses=_addresses(load(layout), sources))


def remembered(settings: Settings) -> dict[str, Login]:
    """Return user names and files of certificates of the last time; passwords are never kept."""
    last = settings.opened
    kept = {"username": last.usernames, "tls_ca": last.tls_ca, "tls_cert": last.tls_cert, "tls_key": last.tls_key}
    ids = {source for by_source in kept.values() for source in by_source}
    return {i: Login(**{key: by_source.get(i, "") for key, by_source in kept.items()}) for i in ids}


def _addresses(line: Line, sources: Sequence[str]) -> dict[str, str]:
    """Return the address given for each source id."""
    known = [source.id for source in line.sources]
    found = of_recording([match[2] if (match := _NAMED.fullmatch(text)) and match[1] in known else text for text in sources], known)
    if found:
        return {source: _checked(address) for source, address in found.items()}
    for text in sources:
        named = _NAMED.fullmatch(text)
        source_id, address = (named[1], named[2]) if named else (known[0], text)
        if source_id not in known or (not named and len(known) > 1):
            raise SourceError(
                N_("--source {text} does not say which source of {layout} it is."), tip=N_("Write id=address; the layout's sources are {known}."),
                text=_without_credentials(text), layout=line.path.name, known=", ".join(known),
            )  # fmt: skip
        if source_id in found:
            raise SourceError(N_("Two addresses are given for the source {source}."), tip=N_("Give one."), source=source_id)
        found[source_id] = _checked(address)
    return found


def _checked(address: str) -> str:
    """Return an address as it is kept, a file's in full; one that was typed wrong is wrong usage."""
    kind = kind_of(address)
    try:
        kind.check(address)
    except SourceError as error:
        raise UsageError(error.what, tip=error.tip, **error.arguments) from error
    return address if kind.live else str(Path(address).absolute())


def _without_credentials(text: str) -> str:
    """Return an address as it may be shown."""
    return re.sub(r"//[^/@]*@", "//***@", text)


def open_request(
    request: OpenRequest, settings: Settings | None = None, *, record: bool = True, at_leisure: bool = False, kind: str = "window"
) -> Session:  # fmt: skip
    """Put a session together; it runs from its `start` on. A live line that another program of the computer records is read from there.

    Args:
        request: what to open.
        settings: None stands for those of the file.
        record: whether a live line is recorded.
        at_leisure: whether files leave the processor to a window that starts beside them.
        kind: of the program: `window`, `terminal`, `overview` or `recorder`; the last one records or is refused.

    Raises:
        HeldError: another program records the line, and this is a recorder.
        TwinError: layout, source or recording cannot be used; each says the cure.
    """
    settings = settings or load_settings().settings
    line = load(request.layout) if request.of_time is None else line_of(request.layout, request.of_time)
    signals, texts = signal_table(line), TextTable()
    addresses = _located(line, request.addresses, kind)
    kinds = {kind_of(address) for address in addresses.values() if address}
    writer = None
    live = any(one.live and one.recorded for one in kinds)
    if live and kind == OVERVIEW and holder_of(recordings_folder(line)) is not None:
        with suppress(RecordingError):  # what a killed program left, or another broker: then it is listened to directly
            return _attached(request, (line, signals, texts), addresses, settings)
    if live and record:
        try:
            writer = Writer(line, kind, request.recordings or recordings_folder(line), addresses)
        except HeldError:
            if kind == RECORDER:
                raise
            return _attached(request, (line, signals, texts), addresses, settings)
    try:
        return _opened(request, (line, signals, texts), addresses, settings, writer, record=record, at_leisure=at_leisure)
    except BaseException:
        if writer is not None:
            writer.close()
        raise


def _located(line: Line, given: Mapping[str, str], kind: str) -> dict[str, str]:
    """Return where each source is; who was told nothing, and is no recorder, reads along where another program records the line."""
    addresses = {source.id: address_of(line, source, given) for source in line.sources}
    if not any(addresses.values()) and kind != RECORDER and (holder := holder_of(recordings_folder(line))) is not None and answers(holder):
        addresses |= {source: address for source, address in holder.addresses.items() if source in addresses}
    if not any(addresses.values()):
        raise SourceError(
            N_("{layout} names no address for its sources."), tip=N_("Give one: --source FILE or --source mqtt://host:port, or address = in the layout."),
            layout=line.path.name,
        )  # fmt: skip
    return addresses


def _attached(
    request: OpenRequest, names: tuple[Line, SignalTable, TextTable], addresses: Mapping[str, str], settings: Settings
) -> Session:
    """Return a session that reads a line which another program records."""
    line, signals, texts = names
    attached = Attached(line, addresses, (signals, texts), settings)
    into = attached.shared.folder
    try:
        intakes = [
            Intake(line, source, store=attached.store, signals=signals, texts=texts) for source in line.sources if addresses[source.id]
        ]
        return Session(Opened(
            line, signals, texts, attached.store, Plant(line, signals, texts, attached.store.range), tuple(map(attached.source, intakes)),
            begin_at_ns=request.begin_at_ns, paused=request.paused, notes=notes_path(line, addresses, into),
            actions=ActionLog(actions_path(line, into=into), writes=True), entries=entries_path(line, addresses, into),
            shared=attached.shared,
        ))  # fmt: skip
    except BaseException:
        attached.close()
        raise


def _opened(
    request: OpenRequest, names: tuple[Line, SignalTable, TextTable], addresses: Mapping[str, str], settings: Settings,
    writer: Writer | None, *, record: bool, at_leisure: bool,
) -> Session:  # fmt: skip
    """Return a session that hears its sources itself, or reads files; it records where it is the `writer` of the line."""
    line, signals, texts = names
    into = _recorded_into(line, request, addresses, writes=writer is not None)
    going_on = recording_path(line, request.recordings) if writer else None
    store = store_of(line, addresses, going_on, (signals, texts), settings=settings, pictured=record, of_time=request.of_time is not None)
    try:
        intakes = [Intake(line, source, store=store, signals=signals, texts=texts) for source in line.sources if addresses[source.id]]
        _mark_gap(store, intakes)
        sources = tuple(_source(intake, addresses[intake.source.id], request.logins.get(intake.source.id, Login())) for intake in intakes)
    except BaseException:
        store.close()
        raise
    if at_leisure and request.begin_at_ns is None:
        _at_leisure(sources, request.begin_ns + AHEAD_NS)
    notes = notes_path(line, addresses, into)
    opened = Opened(
        line, signals, texts, store, Plant(line, signals, texts, store.range), sources, sample=request.sample, begin_ns=request.begin_ns,
        begin_at_ns=request.begin_at_ns, paused=request.paused, notes=notes if record else None, attempts=notes,
        actions=_actions(line, addresses, into, record=record), entries=entries_path(line, addresses, into), intakes=tuple(intakes),
        shared=writer.shared if writer else Shared(),
    )  # fmt: skip
    session = Session(opened, now=next((source.now_ns for source in sources if isinstance(source, SimulatedSource)), now_ns))
    if writer is not None and isinstance(store, Store):
        writer.tell_of(session, store)
    if request.blind:
        _blindfold(session, request, hide_notes=settings.replay.hide_notes)
    return session


def _blindfold(session: Session, request: OpenRequest, *, hide_notes: bool) -> None:
    """Hide what was not known before anything was shown; an attempt of which nothing was kept is begun anew."""
    there = request.attempt in {attempt.name for attempt in session.training.attempts()}
    try:
        session.train(request.attempt if there else "", trainee=request.trainee, hide_notes=hide_notes)
    except UsageError:
        session.close()
        raise


def open_whole(request: OpenRequest, settings: Settings | None = None, *, pace: Pace = NO_PACE) -> Session:
    """Put a session on a recording together and fold all that its states and counters say; it has started.

    Raises:
        TwinError: as `open_request`.
        GivenUpError: somebody gave up.
    """
    session = open_request(request, settings, at_leisure=True)
    try:
        session.start()
        while session.share < 1.0:  # then come measurements, again from the start
            session.fold(_A_BATCH_S)
            pace.at(session.share)
    except BaseException:
        session.close()
        raise
    return session


def _recorded_into(line: Line, request: OpenRequest, addresses: Mapping[str, str], *, writes: bool) -> Path | None:
    """Return the folder beside whose recording lies what people do, None where that is the line's own; who `writes` there goes on with what they did."""
    live = any(kind_of(address).live for address in addresses.values() if address)
    if writes and request.recordings:
        take_along(line, request.recordings)
    if writes:
        remember(line, request.recordings or recordings_folder(line))
    if writes or request.recordings or not live:
        return request.recordings
    holder = holder_of(recordings_folder(line))  # another program, which reads there what is entered beside it
    return Path(holder.folder) if holder is not None else recorded_last(line)


def _at_leisure(sources: Sequence[Source], haste_ns: int) -> None:
    """Let files leave the processor to others once so much of them is read."""
    for source in sources:
        if isinstance(source, RecordingSource):
            source.leisure = Leisure(haste_ns)


def _actions(line: Line, addresses: Mapping[str, str], into: Path | None, *, record: bool) -> ActionLog:
    """Return what people did to a line's alarms: a live line's is gone on with, a replay reads it, a simulation has its own."""
    kinds = {kind_of(address) for address in addresses.values() if address}
    live = any(kind.live for kind in kinds)
    recorded = any(kind.live and kind.recorded for kind in kinds)
    return ActionLog(actions_path(line, addresses, into) if recorded or not live else None, writes=recorded and record)


def _mark_gap(store: Store | Replay, intakes: Sequence[Intake]) -> None:
    """Say in a recording that is gone on with that nobody listened since its last sample: a killed program could not."""
    if store.watermark and isinstance(store, Store):
        last_ns = _last_received(store)
        for intake in intakes:
            intake.disconnected(last_ns)
            intake.flush()
        if intakes:
            store.missing(Gap(start_ns=last_ns, end_ns=max(last_ns, now_ns()), why=Why.DOWN))


def _last_received(store: Store) -> int:
    """Return when the newest sample of a recording was received, UTC ns; now where none can be read."""
    at, last_ns = max(0, store.watermark - _LAST_SAMPLES), NEVER
    while at < store.watermark:  # what is sealed comes a slab at a time, and apart from what is not
        newest, at = store.read_since(at)
        last_ns = max(last_ns, int(newest.received_ns.max(initial=NEVER)))
    return last_ns if last_ns > NEVER else now_ns()


def address_of(line: Line, source: SourceSpec, given: Mapping[str, str]) -> str:
    """Return where a source is: as given, else as the layout says (a file then lies beside the layout)."""
    if source.id in given:
        return given[source.id]
    if not source.address or kind_of(source.address).live:
        return source.address
    return str(line.path.parent / source.address)


def _source(intake: Intake, address: str, login: Login) -> Source:
    """Return the source that reads an address."""
    return kind_of(address).make(intake, address, login)


def recording_path(line: Line, folder: Path | None = None) -> Path:
    """Return the file that a live line is recorded to: its newest one while that is young, else a new one named by its start in UTC.

    It lies in `folder`, else in the line's own.

    Raises:
        RecordingError: the folder of recordings cannot be made.
    """
    folder = folder or recordings_folder(line)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RecordingError(
            N_("{path} cannot be written: {reason}."),
            tip=N_("Choose a folder you may write to."),
            path=folder,
            reason=error.strerror or error,
        ) from error
    newest = max(folder.glob("*.twinrec"), key=lambda path: (start_of(path) or 0, path.name), default=None)
    if newest is not None and now_ns() - newest.stat().st_mtime_ns < GO_ON_NS:
        return newest
    return folder / file_name(now_ns())


def open_line(layout: Path | None, sources: Sequence[str], *, record: bool = True) -> Session:
    """Open what a command line asks for."""
    settings = load_settings().settings
    # Nobody's playhead moves: one layout for all of it, which is said where another was in force.
    request = replace(requested(layout, sources, settings), of_time=None)
    return open_request(request, settings, record=record)


def read_through(session: Session, listen_ns: int | None) -> None:
    """Start the session and fold everything: files to their end, live sources for `listen_ns` of wall time.

    Raises:
        SourceError: a source failed.
        UsageError: a live source without a time to listen.
    """
    if session.live and listen_ns is None:
        raise UsageError(N_("A live source has no end."), tip=N_("Say how long to listen, such as --duration 60s."))
    session.start()
    ends = time.monotonic() + (listen_ns or 0) / SECOND_NS
    while session.loading or (session.live and time.monotonic() < ends):
        session.fold()
        time.sleep(POLL_S)
    session.fold()
    for health in session.health():
        if health.status is Status.FAILED or (health.live and health.status is not Status.CONNECTED):
            raise SourceError(health.error or N_("The source is not connected."))
