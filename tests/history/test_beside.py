"""A recording keeps messages as they came, the layout and what is missing, and lets go of the oldest when they are too old or too many."""

from __future__ import annotations

import contextlib
import random
from typing import TYPE_CHECKING

import pytest

from tests.history.brute import Sample, columns, table
from tests.history.test_rotation import HOUR_NS, START, Hourly
from twin_app.history import about, payloads
from twin_app.history.files import file_name, files_of
from twin_app.history.housekeeping import DAY_NS, Housekeeping
from twin_app.history.journal import Journal
from twin_app.history.limits import Limits
from twin_app.history.recording import Recording
from twin_app.history.store import Store
from twin_app.model.message import Message, RawMessage
from twin_app.model.recording import Gap, Why

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def message(seq: int, at_ns: int, payload: bytes = b"1", **more: object) -> Message:
    return Message(seq, "plc", f"line/{seq % 3}", payload, at_ns, **more)  # type: ignore[arg-type] # fields of a message


def test_that_messages_come_back_as_they_came_to_the_byte() -> None:
    said = [
        message(0, START, b""), message(1, START + 1, bytes(range(256)), qos=1), message(7, START, b"x" * 100_000, qos=2, retain=True),
        Message(2**40, "zwei", "größe/温度", b"\xff\xfe", -5, 0, True),
    ]  # fmt: skip
    assert payloads.unpack(payloads.pack(said)) == said


def test_that_bytes_that_are_no_messages_are_refused_whatever_they_are() -> None:
    packed, chance = payloads.pack([message(k, START + k, b"abc" * k) for k in range(20)]), random.Random(1)
    for _ in range(300):
        broken = bytearray(packed)
        broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        with pytest.raises(ValueError):  # noqa: PT011 - whatever zlib, json or numpy say
            payloads.unpack(bytes(broken[: chance.randrange(len(broken))]))


@contextlib.contextmanager
def recording(folder: Path, **limits: object) -> Iterator[Store]:
    path = max(folder.glob("*.twinrec"), default=folder / file_name(START))
    store = Store.reopen(path, signals=table(1), rotation=Hourly(), limits=Limits(**limits))  # type: ignore[arg-type] # fields of limits
    try:
        yield store
    finally:
        store.close()


def hear(store: Store, seq: int, hours: float, *, size: int = 1, refused: str = "") -> None:
    """Hear a message, and keep the sample that it becomes."""
    at_ns = START + round(hours * HOUR_NS)
    store.raw.extend([RawMessage(message(seq, at_ns, random.Random(seq).randbytes(size)), refused)])
    store.append(columns([Sample(0, at_ns, float(seq), message=seq, received_ns=at_ns)]))
    store.commit()
    store.fold()


def settle(store: Store) -> None:
    while store.seal(everything=True):
        pass


def kept(folder: Path) -> list[int]:
    with Recording(folder) as found:
        return [one.seq for one in about.messages(found)]


def test_that_every_message_is_kept_over_all_files_whether_it_was_understood_or_not(tmp_path: Path) -> None:
    with recording(tmp_path) as store:
        for k in range(30):
            hear(store, k, k / 10, refused="nonsense" if k in {4, 5, 29} else "")
        settle(store)
    assert len(files_of(tmp_path)) == 3
    assert kept(tmp_path) == list(range(30))
    with Recording(tmp_path) as found:
        refused = [gap for gap in about.gaps(found) if gap.why is Why.REFUSED]
        assert [(gap.source, gap.count) for gap in refused] == [("plc", 1), ("plc", 1), ("plc", 1)], "six minutes lie between them"


def test_that_messages_refused_soon_after_each_other_are_one_gap(tmp_path: Path) -> None:
    with recording(tmp_path) as store:
        for k in range(5):
            hear(store, k, k / 3600, refused="nonsense")
    with Recording(tmp_path) as found:
        assert about.gaps(found) == [Gap(start_ns=START, end_ns=START + 4 * 10**9, why=Why.REFUSED, source="plc", count=5)]


def test_that_the_last_messages_before_a_silence_are_on_the_disk_while_it_lasts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing comes any more nobody commits."""
    monkeypatch.setattr("twin_app.history.recorder.EVERY_S", 0.05)
    with recording(tmp_path) as store:
        for number in range(3):
            hear(store, number, number / 3600, refused="nonsense" if number == 2 else "")
        assert store._recorder is not None
        timer = store._recorder._tending
        assert timer is not None
        timer.join()
        assert kept(tmp_path) == [0, 1, 2]
        with Recording(tmp_path) as found:
            assert [gap.why for gap in about.gaps(found)] == [Why.REFUSED]


def test_that_no_messages_are_kept_where_that_is_not_wanted(tmp_path: Path) -> None:
    with recording(tmp_path, raw_days=0.0) as store:
        hear(store, 0, 0.0)
    assert kept(tmp_path) == []


def test_that_the_oldest_messages_go_first_when_there_are_too_many_and_are_counted(tmp_path: Path) -> None:
    """Nine messages of 100 kB that cannot be packed in three files, room for 550 kB: those of the newest file and one before stay."""
    with recording(tmp_path) as store:
        for k in range(9):
            hear(store, k, k / 3, size=100_000)
            assert store._recorder is not None
            store._recorder.beside.write(store._recorder.volumes[-1].journal, everything=True)
        settle(store)
        keeping = Housekeeping(lambda: newest(store), Limits(raw_bytes=550_000))
        keeping.run(START + 3 * HOUR_NS)
        assert keeping.raw is not None
        assert (keeping.raw.count, keeping.raw.dropped) == (5, 4)
        keeping = Housekeeping(lambda: newest(store), Limits(raw_bytes=150_000))
        keeping.run(START + 3 * HOUR_NS)
        assert keeping.raw is not None
        assert (keeping.raw.count, keeping.raw.dropped) == (1, 8)
    assert kept(tmp_path) == [8]
    assert all(path.stat().st_size < 100_000 for path in files_of(tmp_path)[:2]), "their room was given back"
    with Recording(tmp_path) as found:
        assert found.range(0, START, START + 3 * HOUR_NS, 0).value.tolist() == [float(k) for k in range(9)], "no sample went"


def newest(store: Store) -> Journal:
    assert store._recorder is not None
    return store._recorder.volumes[-1].journal


def test_that_messages_older_than_a_week_go(tmp_path: Path) -> None:
    with recording(tmp_path) as store:
        for k in range(4):
            hear(store, k, k / 2)
        settle(store)
        Housekeeping(lambda: newest(store), Limits()).run(START + 7 * DAY_NS + HOUR_NS + 10**9)
    assert kept(tmp_path) == [3], "the first file's, the last of which came when it ended"


def test_that_files_go_by_age_and_by_size_but_neither_the_newest_nor_a_marked_one(tmp_path: Path) -> None:
    with recording(tmp_path) as store:
        for k in range(8):
            hear(store, k, k / 2)
        settle(store)
        names = [path.name for path in files_of(tmp_path)]
        keeping = Housekeeping(lambda: newest(store), Limits(days=1.0, spared=lambda start_ns, _: start_ns == START + HOUR_NS))
        keeping.run(START + DAY_NS + 3 * HOUR_NS)
        assert [path.name for path in files_of(tmp_path)] == [names[1], names[3]]
        assert keeping.files_removed == 2
        assert keeping.bytes_removed > 0
        Housekeeping(lambda: newest(store), Limits(size=1)).run(START)
        assert [path.name for path in files_of(tmp_path)] == [names[3]]
    with Recording(tmp_path) as found:
        assert found.state_at(START + 3 * HOUR_NS).value.tolist() == [6.0]


def test_that_each_layout_is_kept_from_its_instant_on_and_said_once(tmp_path: Path) -> None:
    from dataclasses import replace

    from tests.history.test_rotation import LINE

    layout = tmp_path / "line.toml"
    line = replace(LINE, path=layout)
    shift = tmp_path / "shift"
    shift.mkdir()
    with recording(shift) as store:
        for k, content in enumerate((b"schema = 1", b"schema = 1", b"schema = 1 # mapped anew")):
            layout.write_bytes(content)
            store.describe(line, START + k)
            hear(store, k, k)
        settle(store)
    with Recording(shift) as found:
        versions = about.layouts(found)
        assert [(version.name, version.content) for version in versions] == [
            ("line.toml", b"schema = 1"),
            ("line.toml", b"schema = 1 # mapped anew"),
        ]
        assert [version.at_ns for version in versions] == [START, START + 2]
        assert len(found.readers[1].layouts()) == 1, "each file says with which layout it begins"
