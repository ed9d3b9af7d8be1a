"""What the running program has open when it listens to a broker: the way there, and nothing else."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.service.program import LAYOUT, Program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.broker.plant import Broker, Publisher

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the table of sockets is read from Linux's /proc")


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Program]]:
    started: list[Program] = []

    def make(*words: str) -> Program:
        started.append(Program(tmp_path / "home", *words, columns=120))
        return started[-1]

    yield make
    for program in started:
        program.close()


def test_that_the_program_is_connected_to_its_broker_and_to_nobody_else(
    start: Callable[..., Program], broker: Broker, publisher: Publisher
) -> None:
    program = start("open", "--headless", str(LAYOUT), "--source", f"mqtt://127.0.0.1:{broker.port}")
    program.until("refused 0")
    while not program.sockets():
        program.until("LIVE", program.out.count("LIVE") + 1)
    for _ in range(4):
        program.until("LIVE", program.out.count("LIVE") + 1)
        (only,) = program.sockets()
        assert only.remote == f"127.0.0.1:{broker.port}"
        assert only.protocol == "tcp"
        assert not only.listens
