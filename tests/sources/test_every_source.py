"""What the session relies on in any source, asked of every kind in the tuple: a new kind is tested by being listed."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from twin_app.errors import SourceError
from twin_app.model.message import SourceHealth, Status
from twin_app.sources.base import Login, Source, SourceKind
from twin_app.sources.kinds import SOURCES, kind_of

every_kind = pytest.mark.parametrize("kind", SOURCES, ids=lambda kind: kind.key)
every_file = pytest.mark.parametrize("kind", [kind for kind in SOURCES if not kind.live], ids=lambda kind: kind.key)


@pytest.fixture
def make(bench: Any, tmp_path: Path) -> Callable[[SourceKind], Source]:
    """Make a source of its kind's own example; a file is not there."""

    def source_of(kind: SourceKind) -> Source:
        return kind.make(bench.intake, kind.example if kind.live else str(tmp_path / kind.example), Login())

    return source_of


def told(source: Source, wanted: Callable[[SourceHealth], bool]) -> SourceHealth:
    """Wait until a source's health is as wanted, and return it."""
    ends = time.monotonic() + 10
    while not wanted(source.health()):
        assert time.monotonic() < ends, source.health()
        time.sleep(0.005)
    return source.health()


def test_that_no_two_kinds_share_a_key() -> None:
    assert len({kind.key for kind in SOURCES}) == len(SOURCES)


@every_kind
def test_that_an_example_is_taken_for_its_own_kind_and_is_typed_right(kind: SourceKind) -> None:
    assert kind_of(kind.example) is kind
    kind.check(kind.example)


@every_kind
def test_that_a_source_is_idle_and_says_where_it_reads_before_it_is_started(kind: SourceKind, make: Callable[[SourceKind], Source]) -> None:
    source = make(kind)
    health = source.health()
    assert (source.id, source.live) == ("plant", kind.live)
    assert (health.source, health.title, health.live, health.status, health.received) == ("plant", "Plant", kind.live, Status.IDLE, 0)
    assert kind.example in health.address
    assert source.unit_of("plant/Filler/Status/StateCurrentStr") == "Filler"
    assert source.unit_of("office/printer") is None


@every_kind
def test_that_starting_returns_at_once_and_stopping_twice_is_once(kind: SourceKind, make: Callable[[SourceKind], Source]) -> None:
    source = make(kind)
    began = time.monotonic()
    source.start()
    assert time.monotonic() - began < 1.0
    told(source, lambda health: health.status is not Status.IDLE)
    source.stop()
    source.stop()


@every_kind
def test_that_a_source_that_was_never_started_can_be_stopped(kind: SourceKind, make: Callable[[SourceKind], Source]) -> None:
    make(kind).stop()


@every_file
def test_that_a_missing_file_is_told_by_health_with_its_name_and_a_cure(kind: SourceKind, make: Callable[[SourceKind], Source]) -> None:
    source = make(kind)
    source.start()
    health = told(source, lambda health: health.status is Status.FAILED)
    source.stop()
    assert kind.example in health.error
    assert health.error.endswith("Check the path.")


@every_file
@pytest.mark.parametrize(
    "data", [b"\x00\xff" * 5000, b"\n" * 50, b"[" * 100_000, b"{}\n" * 300], ids=["binary", "empty lines", "deep", "other"]
)
def test_that_a_file_of_something_else_ends_in_a_sentence_and_leaves_no_sample(
    kind: SourceKind, make: Callable[[SourceKind], Source], tmp_path: Path, data: bytes, bench: Any
) -> None:
    (tmp_path / kind.example).write_bytes(data)
    source = make(kind)
    source.start()
    health = told(source, lambda health: health.status in {Status.FAILED, Status.COMPLETE})
    source.stop()
    assert health.status is Status.FAILED
    assert health.error
    assert bench.store.watermark == 0


@pytest.mark.parametrize("address", ["http://plant", "mqtt://user:secret@plant", "mqtt://plant:99999"])
def test_that_an_address_typed_wrong_is_refused_by_its_kind_without_repeating_a_password(address: str) -> None:
    with pytest.raises(SourceError) as refusal:
        kind_of(address).check(address)
    assert "secret" not in str(refusal.value)
