"""Who plays a recording comes to slabs that are decoded already; who jumps does not make others decode for nothing."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

import pytest

from tests.history.brute import Sample, columns, table
from twin_app.clock import SECOND_NS
from twin_app.history.recording import Recording
from twin_app.history.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SLAB_NS = 300 * SECOND_NS


@pytest.fixture
def recording(tmp_path: Path) -> Iterator[Recording]:
    """Eight slabs of five minutes, a sample each ten seconds."""
    path = tmp_path / "played.twinrec"
    with contextlib.closing(Store.reopen(path, signals=table(1))) as store:
        for slab in range(8):
            store.append(columns([Sample(0, slab * SLAB_NS + k * 10 * SECOND_NS, float(k), message=k) for k in range(30)]))
            store.commit()
            store.fold()
            store.seal(everything=True)
    with Recording(path) as found:
        assert len(found.shelf.places) == 8
        yield found


def shown(recording: Recording, *seconds: float) -> list[int]:
    """Show some instants; return which slabs are decoded once the thread, if there is one, has ended."""
    for at_s in seconds:
        recording.state_at(round(at_s * SECOND_NS))
        thread = recording._past._ahead._thread
        if thread is not None:
            thread.join()
    return [i for i, place in enumerate(recording.shelf.places) if recording.shelf.is_decoded(place)]


@pytest.mark.parametrize(("seconds", "decoded"), [((640, 641, 642), [2, 3]), ((860, 859, 858), [1, 2])])
def test_that_the_slab_that_a_playhead_comes_to_is_decoded_before(
    recording: Recording, seconds: tuple[float, ...], decoded: list[int]
) -> None:
    assert shown(recording, *seconds) == decoded


def test_that_a_fast_playhead_has_all_slabs_of_its_next_steps(recording: Recording) -> None:
    """Steps of 250 s from 10 s on: after 510 s the next three end at 1,260 s, in the fifth slab."""
    assert shown(recording, 10, 260, 510) == [0, 1, 2, 3, 4]


def test_that_who_jumps_or_stands_still_has_nothing_decoded_for_nothing(recording: Recording) -> None:
    assert shown(recording, 10, 2000, 700, 700, 700, 100) == [0, 2, 6]


def test_that_a_look_a_little_beyond_a_jump_is_no_play_yet(recording: Recording) -> None:
    """A jump of 1,600 s and 20 s more, and back again: the same way each time, but nobody plays."""
    assert shown(recording, 10, 1610, 1630, 20, 10) == [0, 5]


def test_that_the_ends_of_a_recording_are_no_trouble(recording: Recording) -> None:
    assert shown(recording, 2380, 2390, 2399, 2500) == [7]
    assert shown(recording, 3, 2, 1, 0, -1) == [0, 7]


def test_that_nothing_is_decoded_any_more_once_the_recording_is_closed(recording: Recording) -> None:
    recording.state_at(100 * SECOND_NS)
    recording.state_at(101 * SECOND_NS)
    recording.state_at(102 * SECOND_NS)
    recording.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "ahead"]


def test_that_two_who_ask_for_a_slab_at_once_decode_it_once(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    place = recording.shelf.places[3]
    made = []
    page = place.sealed.page

    def slow(*named: object) -> object:
        made.append(1)
        waiting.wait(2)
        return page(*named)  # type: ignore[arg-type] # as it was called

    waiting = threading.Event()
    monkeypatch.setattr(place.sealed, "page", slow)
    threads = [threading.Thread(target=recording.shelf.page, args=(place, 1)) for _ in range(3)]
    for thread in threads:
        thread.start()
    waiting.set()
    for thread in threads:
        thread.join()
    assert len(made) == 1


def test_that_message_numbers_are_read_when_they_are_asked_for_and_once_a_slab(
    recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []
    sealed = recording.shelf.places[0].sealed
    numbers = sealed._numbers

    def counted(*named: object) -> object:
        read.append(1)
        return numbers(*named)  # type: ignore[arg-type] # as it was called

    monkeypatch.setattr(sealed, "_numbers", counted)
    first, second = recording.state_at(40 * SECOND_NS), recording.state_at(50 * SECOND_NS)
    assert read == []
    assert [int(found.message[0]) for found in (first, second)] == [4, 5]
    assert len(read) == 1
