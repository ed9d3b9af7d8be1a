"""A recording goes on in a new file at a border of shifts; a span over many files is read as one, and late samples find the file of their time."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typing_extensions import override

from tests.history.brute import Brute, Sample, columns, facts, points
from tests.history.test_sealed import SIGNALS, as_rows, everything_in, mixed
from twin_app.history import sealing
from twin_app.history.files import file_name, start_of
from twin_app.history.recording import Recording
from twin_app.history.rotation import Rotation
from twin_app.history.store import Store
from twin_app.history.upkeep import Upkeep
from twin_app.history.volume import OlderFiles
from twin_app.model.equipment import Line, Shift
from twin_app.model.signal import SignalTable

if TYPE_CHECKING:
    from collections.abc import Iterator

HOUR_NS = 3600 * 10**9
DAYS = tuple(range(7))
SHIFTS = tuple(
    Shift(name=name, start=time(start), end=time(end), days=DAYS)
    for name, start, end in (("early", 6, 14), ("late", 14, 22), ("night", 22, 6))
)  # fmt: skip
LINE = Line(
    path=Path("line.toml"), content_hash="", id="L", title="", enterprise="", site="", area="", zone="Europe/Berlin", unit_of_count="",
    constraint="", units=(), sources=(), products=(), shifts=SHIFTS,
)  # fmt: skip


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 10**9


def borders(line: Line, start: str, count: int) -> list[str]:
    """Return the starts of the files after one that starts at an instant."""
    rotation, at_ns, found = Rotation(line), utc(start), []
    for _ in range(count):
        at_ns = rotation.border(at_ns)
        found.append(datetime.fromtimestamp(at_ns // 10**9, UTC).isoformat(timespec="minutes")[:16])
    return found


def test_that_the_night_shift_of_shanghai_is_one_file_from_two_to_ten_in_the_evening_utc() -> None:
    """22:00 to 06:00 in China is 14:00 to 22:00 UTC, and China has no daylight saving."""
    line = replace(LINE, zone="Asia/Shanghai")
    assert borders(line, "2026-03-02T14:00", 3) == ["2026-03-02T22:00", "2026-03-03T06:00", "2026-03-03T14:00"]


def test_that_the_night_in_which_berlin_sets_its_clocks_forward_is_a_file_of_seven_hours() -> None:
    """Saturday 28 March 2026, 22:00 CET is 21:00 UTC; Sunday 06:00 CEST is 04:00 UTC."""
    assert borders(LINE, "2026-03-28T21:00", 2) == ["2026-03-29T04:00", "2026-03-29T12:00"]


def test_that_the_night_in_which_berlin_sets_its_clocks_back_is_a_file_of_nine_hours() -> None:
    """Saturday 24 October 2026, 22:00 CEST is 20:00 UTC; Sunday 06:00 CET is 05:00 UTC."""
    assert borders(LINE, "2026-10-24T20:00", 2) == ["2026-10-25T05:00", "2026-10-25T13:00"]


def test_that_a_file_begun_in_the_middle_of_a_shift_ends_with_the_first_shift_after_six_hours() -> None:
    assert borders(LINE, "2026-03-02T08:30", 1) == ["2026-03-02T21:00"], "14:00 local is five and a half hours later: too young"


def test_that_without_a_calendar_files_end_at_local_midnight() -> None:
    line = replace(LINE, zone="Asia/Shanghai", shifts=())
    assert borders(line, "2026-03-02T03:00", 2) == ["2026-03-02T16:00", "2026-03-03T16:00"]


def test_that_a_line_that_was_silent_for_days_begins_the_file_of_its_shift() -> None:
    rotation = Rotation(LINE)
    assert rotation.start(utc("2026-03-02T05:00"), utc("2026-03-05T10:00")) == utc("2026-03-05T05:00")


def test_that_a_files_name_is_its_start_in_utc() -> None:
    assert file_name(utc("2026-03-02T05:00")) == "20260302T050000Z.twinrec"
    assert start_of(Path("20260302T050000Z.twinrec")) == utc("2026-03-02T05:00")
    assert start_of(Path("shift.twinrec")) is None


class Hourly(Rotation):
    """Files of an hour."""

    def __init__(self) -> None:
        super().__init__(LINE)

    @override
    def border(self, start_ns: int) -> int:
        return (start_ns // HOUR_NS + 1) * HOUR_NS


START = utc("2026-03-02T05:00")


def at(signal: int, hours: float, value: float, **more: object) -> Sample:
    return Sample(signal, START + round(hours * HOUR_NS), value, received_ns=START + round(hours * HOUR_NS), **more)  # type: ignore[arg-type] # columns of a sample


@contextlib.contextmanager
def going_on(folder: Path, **named: object) -> Iterator[Store]:
    """Go on with the newest file of a folder."""
    path = max(folder.glob("*.twinrec"), default=folder / file_name(START))
    store = Store.reopen(path, signals=mixed(), rotation=Hourly(), **named)  # type: ignore[arg-type] # numbers
    try:
        yield store
    finally:
        store.close()


def say(store: Store, *batch: Sample) -> None:
    store.append(columns(batch))
    store.commit()
    store.fold()


def settle(store: Store) -> None:
    """Seal until nothing is left to do."""
    while store.seal(everything=True):
        pass


def named(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def rows_in(folder: Path) -> list[tuple[object, ...]]:
    return sorted(row for path in folder.glob("*.twinrec") for row in everything_in(path))


def test_that_a_new_file_begins_at_the_border_and_the_old_one_is_sealed_compact_and_plain(tmp_path: Path) -> None:
    with going_on(tmp_path) as store:
        for k in range(40):
            say(store, at(0, k / 10, float(k)), at(1, k / 10, float(-k)))
        settle(store)
        assert store.state_at(START + HOUR_NS).value.tolist()[:2] == [10.0, -10.0]
    assert named(tmp_path) == [f"20260302T0{hour}0000Z.twinrec" for hour in (5, 6, 7, 8)]
    for path in tmp_path.glob("*0[567]0000Z.twinrec"):
        with contextlib.closing(sqlite3.connect(path)) as looking:
            assert looking.execute("SELECT count(*) FROM journal").fetchone() == (0,)
            assert looking.execute("PRAGMA journal_mode").fetchone() == ("delete",)
            assert looking.execute("PRAGMA freelist_count").fetchone() == (0,)
    with Recording(tmp_path) as recording:
        spans = [(place.entry.start_ns, place.entry.end_ns) for place in recording.shelf.places]
        assert all(end_ns <= start_ns for (_, end_ns), (start_ns, _) in pairwise(spans))
        series = recording.range(0, START, START + 4 * HOUR_NS, 0)
        assert series.value.tolist() == [float(k) for k in range(40)]


def test_that_a_file_alone_knows_what_was_in_force_when_it_began_and_who_its_sources_are(tmp_path: Path) -> None:
    with going_on(tmp_path) as store:
        say(store, at(1, 0.5, 7.0), at(2, 0.5, 8.0))
        store.mark("delivered.plc", "word")
        say(store, at(2, 1.5, 9.0))
        settle(store)
    alone = tmp_path / "alone"
    alone.mkdir()
    (tmp_path / file_name(START + HOUR_NS)).rename(alone / "moved.twinrec")
    with Recording(alone / "moved.twinrec") as recording:
        assert recording.state_at(START + HOUR_NS).value.tolist()[1:3] == [7.0, 8.0]
        assert recording.state_at(START + 2 * HOUR_NS).value.tolist()[1:3] == [7.0, 9.0]
    with contextlib.closing(Store.reopen(alone / "moved.twinrec")) as store:
        assert store.marked("delivered.plc") == "word"


def test_that_a_late_sample_finds_the_file_of_its_time_and_mends_those_after_it(tmp_path: Path) -> None:
    with going_on(tmp_path) as store:
        for k in range(6):
            say(store, at(0, k, float(k)))
        settle(store)
        say(store, at(0, 1.5, -1.0), at(1, 0.5, -2.0), at(0, 4.9, -3.0))
        assert store.state_at(START + HOUR_NS * 2 - 1).value[0] in {1.0, -1.0}
        settle(store)
    with contextlib.closing(sqlite3.connect(tmp_path / file_name(START + HOUR_NS))) as looking:
        assert looking.execute("SELECT n, version FROM slab").fetchall() == [(2, 2)]
    with Recording(tmp_path) as recording:
        answers = [recording.state_at(START + round(hours * HOUR_NS)).value.tolist()[:2] for hours in (1.4, 1.6, 2.5, 4.95, 5.5)]
        assert answers == [[1.0, -2.0], [-1.0, -2.0], [2.0, -2.0], [-3.0, -2.0], [5.0, -2.0]]
    with Recording(tmp_path / file_name(START + 3 * HOUR_NS)) as alone:
        assert alone.state_at(START + round(3.5 * HOUR_NS)).value.tolist()[1] == -2.0


hours = st.integers(0, 14).map(lambda k: k / 4)
samples = st.builds(at, st.integers(0, SIGNALS - 2), hours, st.sampled_from([1.0, 2.0, float("nan")]), message=st.integers(0, 9))
plans = st.lists(st.tuples(st.lists(samples, max_size=8), st.sampled_from(["", "seal", "reopen"])), min_size=1, max_size=8)


@settings(max_examples=12)
@given(plan=plans)
def test_that_many_files_answer_as_one_and_hold_every_sample_once(
    plan: list[tuple[list[Sample], str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("recording")
    brute = Brute()
    stack = contextlib.ExitStack()
    store = stack.enter_context(going_on(folder))
    for batch, then in plan:
        say(store, *batch)
        brute.add(batch)
        if then == "seal":
            settle(store)
        if then == "reopen":
            stack.close()
            store = stack.enter_context(going_on(folder))
            while store.folded < store.watermark:
                store.fold()
    with Recording(folder, signals=mixed()) as recording:
        ask(recording, brute)
        settle(store)
        recording.refresh()
        ask(recording, brute)
    stack.close()
    assert rows_in(folder) == as_rows([columns(brute.arrived)])


def ask(recording: Recording, brute: Brute) -> None:
    for quarter in range(-1, 16):
        at_ns = START + quarter * HOUR_NS // 4
        assert facts(recording.state_at(at_ns)) == brute.state_at(at_ns, SIGNALS), quarter
    for signal in range(SIGNALS):
        for first, last in ((-1, 16), (0, 5), (3, 9), (7, 7)):
            span = START + first * HOUR_NS // 4, START + last * HOUR_NS // 4
            assert points(recording.range(signal, *span, 0)) == brute.range(signal, *span), (signal, first, last)
    found = [part.take(slice(None)) for part in recording.samples()]
    assert as_rows(found) == as_rows([columns(brute.arrived)])
    times = [t for part in found for t in part.effective_ns.tolist()]
    assert times == sorted(times)


def test_that_a_crash_between_two_files_leaves_a_late_sample_in_both_and_is_never_seen_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with going_on(tmp_path) as store:
        for k in range(3):
            say(store, at(0, k, float(k)))
        settle(store)
        assert isinstance(store._upkeep, Upkeep)
        store._upkeep.close()  # nobody seals in the background meanwhile
        say(store, at(0, 0.5, -1.0), at(1, 2.1, 4.0))
        take = OlderFiles.take

        def killed(older: OlderFiles, *arguments: object) -> object:
            take(older, *arguments)  # type: ignore[arg-type] # passed on untouched
            raise sqlite3.OperationalError("killed")

        monkeypatch.setattr(OlderFiles, "take", killed)
        monkeypatch.setattr("twin_app.history.upkeep.LOGGER.warning", lambda *_: None)
        assert not store.seal(everything=True)
        monkeypatch.undo()
    assert len(rows_in(tmp_path)) == 6, "the late sample lies in both files"
    for _ in range(2):
        with Recording(tmp_path) as recording:
            assert recording.range(0, START, START + 3 * HOUR_NS, 0).value.tolist() == [0.0, -1.0, 1.0, 2.0]
            assert sum(map(len, recording.samples())) == 5
        with going_on(tmp_path):
            assert len(rows_in(tmp_path)) == 5, "opening heals it"


def test_that_an_older_file_that_cannot_be_written_costs_no_sample(tmp_path: Path) -> None:
    with going_on(tmp_path) as store:
        for k in range(3):
            say(store, at(0, k, float(k)))
        settle(store)
        with contextlib.closing(Store.reopen(tmp_path / file_name(START))):  # somebody's hand is on it
            say(store, at(0, 0.5, -1.0))
            settle(store)
        with Recording(tmp_path) as recording:
            assert recording.state_at(START + round(0.6 * HOUR_NS)).value[0] == -1.0
        say(store, at(0, 2.5, 3.0))
        settle(store)
    with contextlib.closing(sqlite3.connect(tmp_path / file_name(START))) as looking:
        assert looking.execute("SELECT sum(n) FROM slab").fetchone() == (2,)


def test_that_a_folder_with_a_file_of_something_else_opens_and_says_which_is_missing(tmp_path: Path) -> None:
    with going_on(tmp_path) as store:
        for k in range(3):
            say(store, at(0, k, float(k)))
    (tmp_path / file_name(START + HOUR_NS)).write_bytes(b"something else")
    with Recording(tmp_path) as recording:
        assert recording.state_at(START + round(2.5 * HOUR_NS)).value[0] == 2.0
        assert len(recording.notices()) == 1
        assert file_name(START + HOUR_NS) in recording.notices()[0]


def test_that_a_recorder_that_folds_nothing_seals_all_the_same(tmp_path: Path) -> None:
    with going_on(tmp_path, folds=False) as store:
        for k in range(30):
            store.append(columns([at(0, k / 10, float(k))]))
            store.commit()
        settle(store)
        assert len(store._blocks) == 0
    with Recording(tmp_path) as recording:
        assert recording.range(0, START, START + 3 * HOUR_NS, 0).value.tolist() == [float(k) for k in range(30)]
        assert sum(len(part) for _, part in recording.unsealed()) == 0


def test_that_sealing_goes_by_itself_when_its_time_has_come(tmp_path: Path) -> None:
    with going_on(tmp_path, folds=False) as store:
        for k in range(80):
            store.append(columns([at(0, k / 60, float(k))]))
            store.commit()
        assert isinstance(store._upkeep, Upkeep)
        store._upkeep.close()
        with Recording(tmp_path) as recording:
            ends = [place.entry.end_ns for place in recording.shelf.places]
            assert ends
            assert all(end % sealing.SLAB_NS == 0 for end in ends)


def test_that_signals_of_another_line_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    with going_on(tmp_path) as store:
        say(store, at(0, 0, 1.0))
    other = SignalTable([replace(signal, path=signal.path.replace("line", "elsewhere")) for signal in mixed()])
    from twin_app.errors import RecordingError

    with pytest.raises(RecordingError, match="another line"):
        Recording(tmp_path, signals=other)


def test_that_finished_files_have_a_pyramid_and_older_ones_that_lack_it_get_one(tmp_path: Path) -> None:
    def chunks() -> list[int]:
        found = []
        for path in sorted(tmp_path.glob("*.twinrec")):
            with contextlib.closing(sqlite3.connect(path)) as looking:
                found.append(looking.execute("SELECT count(*) FROM chunk").fetchone()[0])
        return found

    with going_on(tmp_path) as store:
        for k in range(40):
            say(store, at(0, k / 10, float(k)))
        settle(store)
    assert chunks() == [1, 1, 1, 0], "the newest still grows"
    with contextlib.closing(sqlite3.connect(tmp_path / file_name(START))) as old, old:
        old.execute("DELETE FROM chunk")
        old.execute("DELETE FROM rollup")
    with going_on(tmp_path) as store:
        while store.folded < store.watermark:
            store.fold()
        settle(store)
        assert store.range(0, START, START + 4 * HOUR_NS, 0).value.tolist() == [float(k) for k in range(40)], "the live line shows all"
        assert store.state_at(START + HOUR_NS // 2).value[0] == 5.0
    assert chunks() == [1, 1, 1, 0]
    with Recording(tmp_path) as recording:
        series = recording.range(0, START, START + 4 * HOUR_NS - 1, 2)
        assert series.value.tolist() == [0.0, 9.0, 10.0, 29.0, 30.0, 39.0], "columns of two hours, which begin at even ones"
