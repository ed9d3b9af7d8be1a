"""People's own models are read behind: boxes until then, a sentence where one is refused, and no file stops the others."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest

from models3d import machine_model
from twin_app.errors import ModelError
from twin_app.shapes import Fit, Model
from ui.scene3d import loading as room
from ui.scene3d.loading import Loading, Wanted

PATIENCE_S = 30.0


@pytest.fixture
def changed() -> Event:
    return Event()


@pytest.fixture
def loading(changed: Event) -> Iterator[Loading]:
    made = Loading(changed.set)
    yield made
    made.close()


def wanted(path: Path) -> Wanted:
    return Wanted(path, Fit())


def until(changed: Event, found: Callable[[], object]) -> None:
    """Wait until something is found; each model read rings once."""
    while not found():
        assert changed.wait(PATIENCE_S)
        changed.clear()


def test_that_a_model_comes_after_a_while_and_then_at_once(loading: Loading, changed: Event) -> None:
    bottle = wanted(machine_model("bottle.glb"))
    assert loading.get(bottle) is None
    until(changed, lambda: loading.read)
    found = loading.get(bottle)
    assert isinstance(found, Model)
    assert len(found.parts) == 1
    assert loading.get(bottle) is found


def test_that_a_broken_file_is_refused_and_the_next_one_is_read(loading: Loading, changed: Event, tmp_path: Path) -> None:
    (tmp_path / "broken.glb").write_bytes(b"glTF")
    broken, bottle = wanted(tmp_path / "broken.glb"), wanted(machine_model("bottle.glb"))
    assert loading.get(broken) is None
    assert loading.get(bottle) is None
    until(changed, lambda: loading.read == 2)
    refused = loading.get(broken)
    assert isinstance(refused, ModelError)
    assert refused.worded() == "The 3D model broken.glb cannot be shown: it is cut short. A plain box stands in its place."
    assert isinstance(loading.get(bottle), Model)


def test_that_the_same_file_is_read_again_where_the_layout_makes_it_fit_otherwise(loading: Loading, changed: Event) -> None:
    path = machine_model("bottle.glb")
    both = [Wanted(path, Fit(scale)) for scale in (1.0, 2.0)]
    for each in both:
        loading.get(each)
    until(changed, lambda: loading.read == 2)
    one, twice = (found.parts[0].positions for found in map(loading.get, both) if isinstance(found, Model))
    assert twice.max() == pytest.approx(2 * one.max(), rel=1e-6)


def test_that_a_file_that_takes_too_long_is_given_up_with_its_limit(changed: Event) -> None:
    hasty = Loading(changed.set, limit_s=0.001)
    bottle = wanted(machine_model("bottle.glb"))
    hasty.get(bottle)
    until(changed, lambda: hasty.read)
    given_up = hasty.get(bottle)
    hasty.close()
    assert isinstance(given_up, ModelError)
    assert "bottle.glb could not be read: it takes more than 0 s or 4 GB, or it breaks its reader" in given_up.worded()


def test_that_a_file_that_takes_the_reader_down_does_not_take_the_next_one_along(
    loading: Loading, changed: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = room._asked
    monkeypatch.setattr(room, "_asked", lambda process, request: None if "capper" in request else asked(process, request))
    capper, bottle = wanted(machine_model("capper.glb")), wanted(machine_model("bottle.glb"))
    loading.get(capper)
    loading.get(bottle)
    until(changed, lambda: loading.read == 2)
    assert isinstance(loading.get(capper), ModelError)
    assert isinstance(loading.get(bottle), Model)


def test_that_closing_while_reading_ends_the_thread_and_its_process(changed: Event) -> None:
    made = Loading(changed.set)
    made.get(wanted(machine_model("filler.glb")))
    thread = made._thread
    made.close()
    assert thread is not None
    assert not thread.is_alive()
    assert made._process is None
    assert made.get(wanted(machine_model("capper.glb"))) is None
    assert made._thread is None
