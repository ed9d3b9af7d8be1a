"""Programs that end with their test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.service.program import Program


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Return a starter of programs."""
    started: list[Program] = []

    def make(*words: str, columns: int = 0, **environment: str) -> Program:
        started.append(Program(tmp_path / "home", *words, columns=columns, **environment))
        return started[-1]

    yield make
    for program in started:
        program.close()
