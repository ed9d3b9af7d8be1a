"""A restarted program goes on with the shift's file: samples find their signals by name, whatever the numbers are today."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from tests.history.brute import Sample, columns, table
from twin_app.errors import RecordingError
from twin_app.history.store import Store
from twin_app.model.samples import Kind, TextTable
from twin_app.model.signal import Signal, SignalKind, SignalTable

if TYPE_CHECKING:
    from pathlib import Path


def signal(name: str, unit: str = "Filler", line: str = "hall/line1") -> Signal:
    kind = SignalKind.STATE if name == "State" else SignalKind.COUNTER
    return Signal(path=f"{line}/{unit}/{name}", unit=unit, name=name, kind=kind, unit_of_measure="bottles")


def said(store: Store) -> list[tuple[str, float | str]]:
    """Return what the folded samples mean."""
    samples = store.fold()
    meaning = []
    for sid, value, kind in zip(samples.signal, samples.value, samples.kind, strict=True):
        meaning.append((store.signals[sid].path, store.texts.text(int(value)) if kind == Kind.TEXT else float(value)))
    return meaning


FIRST = [("hall/line1/Filler/State", "Execute"), ("hall/line1/Filler/Processed", 12.0)]


@pytest.fixture
def shift(tmp_path: Path) -> Path:
    path = tmp_path / "shift.twinrec"
    texts = TextTable()
    with contextlib.closing(Store.reopen(path, signals=SignalTable([signal("State"), signal("Processed")]), texts=texts)) as store:
        store.append(columns([Sample(0, 10, texts.code("Execute"), kind=Kind.TEXT, message=4), Sample(1, 20, 12.0, message=5)]))
        store.commit()
    return path


def test_that_signals_and_texts_keep_their_meaning_under_other_numbers(shift: Path) -> None:
    texts = TextTable()
    for word in ("Idle", "Held"):
        texts.code(word)
    today = SignalTable([signal("Defective"), signal("Processed"), signal("State")])
    with contextlib.closing(Store.reopen(shift, signals=today, texts=texts)) as store:
        assert said(store) == FIRST
        new = columns(
            [Sample(2, 30, texts.code("Held"), kind=Kind.TEXT), Sample(2, 31, texts.code("Execute"), kind=Kind.TEXT), Sample(0, 32, 1.0)]
        )
        store.append(new)
        store.commit()
        added = [("hall/line1/Filler/State", "Held"), ("hall/line1/Filler/State", "Execute"), ("hall/line1/Filler/Defective", 1.0)]
        assert said(store) == added
    with contextlib.closing(Store.reopen(shift)) as plain:
        assert said(plain) == FIRST + added
        assert plain.signals[0] == signal("State")


def test_that_reading_back_from_the_file_gives_the_numbers_of_today(shift: Path) -> None:
    """A tail of one sample: everything older is read back."""
    today = SignalTable([signal("Processed"), signal("State")])
    with contextlib.closing(Store.reopen(shift, signals=today, tail_samples=1)) as store:
        for k in range(20):
            store.append(columns([Sample(0, 100 + k, float(k))]))
            store.fold()
        assert store.state_at(25).value[0] == 12.0
        assert store.texts.text(int(store.state_at(25).value[1])) == "Execute"


def test_that_names_are_written_once_and_not_with_every_commit(tmp_path: Path) -> None:
    texts = TextTable()
    with contextlib.closing(Store.reopen(tmp_path / "shift.twinrec", signals=table(3), texts=texts)) as store:
        assert store._recorder is not None
        store.append(columns([Sample(0, 1, texts.code("Execute"), kind=Kind.TEXT)]))
        assert [len(names) for names in store._recorder.volumes[0].identity.unsaved()] == [3, 1]
        store.commit()
        store.append(columns([Sample(0, 2, texts.code("Held"), kind=Kind.TEXT)]))
        assert store._recorder.volumes[0].identity.unsaved() == ([], [(1, b"Held")])


def test_that_a_recording_of_another_line_is_refused(shift: Path) -> None:
    with pytest.raises(
        RecordingError, match=r"recording of another line: it has hall/line1/Filler/State .* hall/line2/Filler/State\. Choose"
    ):
        Store.reopen(shift, signals=SignalTable([signal("State", line="hall/line2")]))
    Store.reopen(shift).close()


def test_that_message_numbers_go_on_after_a_restart(shift: Path) -> None:
    with contextlib.closing(Store.reopen(shift)) as store:
        assert [store.next_seq(), store.next_seq()] == [6, 7]


def test_that_the_folding_thread_gets_the_whole_past_before_the_present(shift: Path) -> None:
    with contextlib.closing(Store.reopen(shift)) as store:
        assert store.watermark == 2
        assert store.span() is None
        store.append(columns([Sample(0, 30, 1.0)]))
        assert len(store.fold(limit=1)) == 1
        assert store.fold(limit=9).effective_ns.tolist() == [20, 30], "what is in the file first, then what is in memory"
        assert store.folded == 3


def test_that_a_folding_thread_that_lags_reads_back_what_left_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twin_app.history.store._MEMORY_SAMPLES", 100)
    with contextlib.closing(Store.reopen(tmp_path / "shift.twinrec", signals=table(1))) as store:
        for k in range(1000):
            store.append(columns([Sample(0, k, float(k))]))
            if k % 10 == 9:
                store.commit()
        assert len(store._blocks) < 1000, "though nobody folds"
        read = []
        while store.folded < store.watermark:
            read += store.fold(33).value.tolist()
        assert read == [float(k) for k in range(1000)]
        assert len(store._blocks) == 0, "folded and durable: memory holds it once, in the tail"


def test_that_any_reader_may_start_at_any_watermark(tmp_path: Path) -> None:
    with contextlib.closing(Store.reopen(tmp_path / "shift.twinrec", signals=table(1))) as store:
        for k in range(60):
            store.append(columns([Sample(0, k, float(k))]))
            if k % 7 == 6:
                store.commit()
                store.fold(11)
        for start in range(61):
            read: list[float] = []
            at = start
            while at < store.watermark:
                samples, at = store.read_since(at, 13)
                assert len(samples) <= 13
                read += samples.value.tolist()
            assert read == [float(k) for k in range(start, 60)]


def test_that_a_long_commit_is_several_rows_of_one_transaction(tmp_path: Path) -> None:
    path = tmp_path / "shift.twinrec"
    with contextlib.closing(Store.reopen(path, signals=table(1))) as store:
        store.append(columns([Sample(0, k, float(k)) for k in range(70_000)]))
        assert store.commit() == 70_000
    with contextlib.closing(Store.reopen(path)) as store:
        samples, reached = store.read_since(65_000, 1000)
        assert reached == 66_000
        assert samples.value.tolist() == [float(k) for k in range(65_000, 66_000)]


def test_that_a_temporary_store_leaves_nothing_behind() -> None:
    store = Store.temporary(table(1), TextTable())
    assert store._temporary is not None
    store.append(columns([Sample(0, 1, 1.0)]))
    store.commit()
    store.close()
    from pathlib import Path

    assert not Path(store._temporary.name).exists()


def test_that_without_a_journal_everything_accepted_is_as_safe_as_it_gets() -> None:
    store = Store(table(1), TextTable(), journal=None, tail_samples=1)
    store.append(columns([Sample(0, k, float(k)) for k in range(100)]))
    assert store.commit() == store.watermark == store.committed == 100
    store.fold()
    assert len(store.range(0, 0, 200, 0).value) == 100, "nothing leaves a memory that is the only one"
    store.close()
