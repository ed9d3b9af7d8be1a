from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from twin_app import log

LOGGER = logging.getLogger("twin_app.sources.mqtt")


def _refuse() -> None:
    raise ConnectionError("login as anna with correct horse refused")


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    yield
    log.stop()
    log._secrets.clear()
    for name in log.OWN:
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.mark.parametrize(
    ("entry", "written"),
    [
        ("connecting to mqtt://anna:hunter2@plant:1883", "connecting to mqtt://***@plant:1883"),
        ("mqtts://anna@plant refused", "mqtts://***@plant refused"),
        ("mqtt://plant:1883/a@b stays", "mqtt://plant:1883/a@b stays"),
        ("password=hunter2, retry in 5 s", "password=***, retry in 5 s"),
        ("{'password': 'hunter 2', 'port': 1883}", "{'password': ***, 'port': 1883}"),
        ('{"mqtt_password":"hunter2"}', '{"mqtt_password":***}'),
        ("token: abc.def.ghi", "token: ***"),
        ("Filler is Execute since 10:12", "Filler is Execute since 10:12"),
    ],
)
def test_that_credentials_never_reach_the_file(tmp_path: Path, entry: str, written: str) -> None:
    path = log.start(tmp_path)
    LOGGER.info(entry)
    assert path is not None
    assert path.read_text(encoding="utf-8").rstrip().endswith(f"twin_app.sources.mqtt: {written}")


@pytest.mark.allow_logs
def test_that_a_concealed_password_is_blotted_out_even_in_a_traceback(tmp_path: Path) -> None:
    log.conceal("correct horse")
    log.start(tmp_path)
    try:
        _refuse()
    except ConnectionError:
        LOGGER.exception("the broker said no")
    text = (tmp_path / log.FILE).read_text(encoding="utf-8")
    assert "correct horse" not in text
    assert "login as anna with *** refused" in text


def test_that_an_empty_password_blots_out_nothing(tmp_path: Path) -> None:
    log.conceal("")
    log.start(tmp_path)
    LOGGER.info("Capper stopped")
    assert "Capper stopped" in (tmp_path / log.FILE).read_text(encoding="utf-8")


def test_that_the_level_of_the_settings_decides_what_is_written(tmp_path: Path) -> None:
    log.start(tmp_path, level="info")
    LOGGER.debug("a detail")
    log.set_level("debug")
    LOGGER.debug("another detail")
    text = (tmp_path / log.FILE).read_text(encoding="utf-8")
    assert "a detail" not in text.replace("another detail", "")
    assert "another detail" in text


def test_that_the_log_never_grows_beyond_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "BYTES", 2_000)
    monkeypatch.setattr(log, "FILES", 2)
    log.start(tmp_path)
    for number in range(200):
        LOGGER.info("%03d %s", number, "x" * 60)
    files = sorted(p.name for p in tmp_path.iterdir())
    assert files == ["twin-app.log", "twin-app.log.1", "twin-app.log.2"]
    assert all(p.stat().st_size <= 2_000 for p in tmp_path.iterdir())


def test_that_a_folder_that_cannot_be_written_costs_the_log_and_nothing_else(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert log.start(blocked / "log") is None
    LOGGER.info("the line runs on")


def test_that_starting_twice_writes_each_entry_once(tmp_path: Path) -> None:
    log.start(tmp_path)
    log.start(tmp_path)
    LOGGER.info("once")
    assert (tmp_path / log.FILE).read_text(encoding="utf-8").count("once") == 1
