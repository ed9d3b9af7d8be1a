"""A file that is cut, overwritten or has flipped bits anywhere opens with all that can be believed, says what is lost, and shows nothing that was never said."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.history.brute import Sample, bits, columns
from twin_app.errors import RecordingError
from twin_app.history.journal import Journal
from twin_app.history.recording import Recording
from twin_app.history.store import Store
from twin_app.model.samples import Kind, Quality, Samples, TextTable
from twin_app.model.signal import CONNECTED, STATE, Signal, SignalKind, SignalTable

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = 4096
SECOND_NS = 10**9
START = 1_772_427_600 * SECOND_NS
UNITS = 5
LINK = 2 * UNITS
WORDS = ("Idle", "Execute", "Held", "Aborted")
Told = tuple[str, int, str | int, int, int]


def line() -> SignalTable:
    """Return a state and a measurement of each unit, and their source's connection."""
    names = [(f"u{i}", name, kind) for name, kind in ((STATE, SignalKind.STATE), ("v", SignalKind.MEASUREMENT)) for i in range(UNITS)]
    names.append(("@plc", CONNECTED, SignalKind.STATE))
    return SignalTable([Signal(path=f"s/a/l/{unit}/{name}", unit=unit, name=name, kind=kind) for unit, name, kind in names])


@dataclass(frozen=True)
class Shift:
    """A recording that was closed, one that was killed with its log beside, and everything that was said in them."""

    closed: Path
    killed: Path
    said: Counter[Told] = field(repr=False)
    paths: tuple[str, ...]


@pytest.fixture(scope="module")
def shift(tmp_path_factory: pytest.TempPathFactory) -> Shift:
    folder = tmp_path_factory.mktemp("cuts")
    path = folder / "20260302T050000Z.twinrec"
    signals, texts, chance = line(), TextTable(), random.Random(7)
    codes = [texts.code(word) for word in WORDS]
    store = Store.reopen(path, signals=signals, texts=texts)
    rows: list[Sample] = []
    for commit in range(24):
        batch = [Sample(LINK, START, 1.0, kind=Kind.BOOL, received_ns=START)] if not commit else []
        for k in range(60):
            at_ns, unit = START + (commit * 60 + k) * SECOND_NS, chance.randrange(UNITS)
            word = chance.random() < 0.2
            value = float(chance.choice(codes)) if word else round(chance.random() * 100, 2)
            number, kind = (unit, Kind.TEXT) if word else (UNITS + unit, Kind.NUMBER)
            batch.append(Sample(number, at_ns, value, message=commit * 60 + k, kind=kind, received_ns=at_ns))
        rows += batch
        store.append(columns(batch))
        store.mark("delivered.plc", "x" * 400)
        store.commit()
        store.fold()
        if commit % 5 == 4:
            store.seal(everything=True)
    killed = folder / "killed" / path.name
    killed.parent.mkdir()
    for ending in ("", "-wal", "-end"):
        shutil.copy(f"{path}{ending}", f"{killed}{ending}")
    store.close()
    paths = tuple(signal.path for signal in signals)
    said = Counter(
        (paths[r.signal], r.effective_ns, WORDS[int(r.value)] if r.kind == Kind.TEXT else bits(r.value), r.kind, r.quality) for r in rows
    )
    return Shift(path, killed, said, paths)


def told(recording: Recording, samples: Samples) -> Iterator[Told]:
    """Yield what is shown as said: neither what stands for something lost, nor that a source was away meanwhile."""
    columns_ = zip(samples.signal, samples.effective_ns, samples.value, samples.kind, samples.quality, strict=True)
    for signal, at_ns, value, kind, quality in columns_:
        path = recording.signals[int(signal)].path
        lost = quality == Quality.UNKNOWN or path.startswith("(damaged") or (path.endswith(CONNECTED) and at_ns != START)
        word = recording.texts.text(int(value)) if kind == Kind.TEXT else bits(float(value))
        if not lost and not str(word).startswith("(damaged"):
            yield path, int(at_ns), word, int(kind), int(quality)


damages = st.tuples(
    st.sampled_from(["flip", "zeroed page", "cut", "noise"]), st.sampled_from(["closed", "killed", "log"]), st.floats(0, 1, exclude_max=True),
    st.integers(0, 2**31),
)  # fmt: skip


def damaged(shift: Shift, folder: Path, damage: tuple[str, str, float, int]) -> Path:
    """Return a copy of the recording that something happened to."""
    how, which, where, seed = damage
    original = shift.closed if which == "closed" else shift.killed
    for ending in ("",) if which == "closed" else ("", "-wal", "-end"):
        shutil.copy(f"{original}{ending}", f"{folder / original.name}{ending}")
    hit = Path(f"{folder / original.name}{'-wal' if which == 'log' else ''}")
    content, chance = bytearray(hit.read_bytes()), random.Random(seed)
    at = int(where * len(content))
    if how == "flip":
        content[at] ^= 1 << chance.randrange(8)
    elif how == "zeroed page":
        page = slice(at // PAGE * PAGE, min(at // PAGE * PAGE + PAGE, len(content)))
        content[page] = bytes(len(content[page]))
    elif how == "noise":
        end = min(at + chance.randrange(1, 5000), len(content))
        content[at:end] = chance.randbytes(end - at)
    else:
        del content[at:]
    hit.write_bytes(content)
    return folder / original.name


@settings(max_examples=25)
@given(damage=damages)
def test_that_a_recording_damaged_anywhere_shows_only_what_was_said_and_says_that_something_is_lost(
    shift: Shift, damage: tuple[str, str, float, int]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = damaged(shift, Path(name), damage)
        before = path.read_bytes()
        try:
            recording = Recording(path)
        except RecordingError as error:
            assert path.name in str(error)  # noqa: PT017 - a sentence, where nothing is left
            assert damage[0] in {"cut", "noise"} or damage[1] != "closed"
            return
        with recording:
            found = Counter(one for samples in recording.samples() for one in told(recording, samples))
            assert not found - shift.said
            assert found == shift.said or recording.notices()
            for at_ns in range(START + SECOND_NS, START + 1440 * SECOND_NS, 97 * SECOND_NS):
                latest = recording.state_at(at_ns)
                for signal, entry in enumerate(recording.signals):
                    if entry.path in shift.paths and latest.quality[signal] != Quality.UNKNOWN and entry.unit != "@plc":
                        value = latest.value[signal]
                        word = recording.texts.text(int(value)) if latest.kind[signal] == Kind.TEXT else bits(float(value))
                        key = (entry.path, int(latest.effective_ns[signal]), word, int(latest.kind[signal]), int(latest.quality[signal]))
                        assert key in shift.said or str(word).startswith("(damaged")
        assert path.read_bytes() == before, "who reads changes nothing"


@settings(max_examples=12)
@given(damage=damages)
def test_that_recording_goes_on_in_a_file_damaged_anywhere_and_the_damaged_one_is_kept(
    shift: Shift, damage: tuple[str, str, float, int]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = damaged(shift, Path(name), damage)
        before = path.read_bytes()
        with contextlib.suppress(RecordingError):  # nothing is left of it: kept beside, and begun anew below
            Journal(path).close()
        aside = path.with_name(path.name + ".damaged")
        if aside.exists():
            assert aside.read_bytes() == before
        with contextlib.closing(Store.reopen(path, signals=line())) as store:
            store.append(columns([Sample(UNITS, START + 9000 * SECOND_NS, -1.0)]))
            store.commit()
            while store.folded < store.watermark:
                store.fold()
            while store.seal(everything=True):
                pass
        with Recording(path) as recording:
            found = Counter(one for samples in recording.samples() for one in told(recording, samples))
            assert sum(found.values()) >= 1
            assert set(found - shift.said) == {("s/a/l/u0/v", START + 9000 * SECOND_NS, bits(-1.0), Kind.NUMBER, Quality.GOOD)}


def test_that_a_file_cut_between_two_slabs_keeps_every_batch_before_and_names_the_span_that_is_lost(shift: Shift, tmp_path: Path) -> None:
    path = damaged(shift, tmp_path, ("cut", "closed", 0.55, 0))
    with Recording(path) as recording:
        kept = sum(len(list(told(recording, samples))) for samples in recording.samples())
        sentence = recording.notices()[0]
    assert 0 < kept < 1441
    assert str(path) in sentence
    assert "between 2026-03-02T05:" in sentence
    assert "are damaged and lost" in sentence


def test_that_who_only_looks_on_a_disk_that_cannot_be_written_sees_what_the_log_holds_and_is_told_so(
    shift: Shift, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """SQLite cannot read a log without making its index beside it: then the file is read page by page."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(tmp_path)]
    if sys.platform != "linux" or os.getuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a disk that cannot be written")
    request.addfinalizer(lambda: subprocess.run(["umount", "-l", str(tmp_path)], check=True))
    path = tmp_path / shift.killed.name
    for ending in ("", "-wal"):
        shutil.copy(f"{shift.killed}{ending}", f"{path}{ending}")
    subprocess.run(["mount", "-o", "remount,ro", str(tmp_path)], check=True)
    with Recording(tmp_path) as recording:
        recording.settle()
        assert Counter(one for samples in recording.samples() for one in told(recording, samples)) == shift.said
        assert recording.notices() == (f"{tmp_path} cannot be written: it is shown as it is, and nothing can be added to it.",)
