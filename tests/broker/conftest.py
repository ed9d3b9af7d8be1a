"""A real mosquitto on a free port, who publishes to it and who listens; all ended with the test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.broker.plant import Broker, Listener, Publisher


@pytest.fixture
def make_broker(tmp_path: Path) -> Iterator[Callable[..., Broker]]:
    """Return a maker of brokers, all killed in the end."""
    made: list[Broker] = []

    def make(**settings: str) -> Broker:
        made.append(Broker(tmp_path, **settings))
        return made[-1]

    yield make
    for broker in made:
        broker.kill()


@pytest.fixture
def broker(make_broker: Callable[..., Broker]) -> Broker:
    return make_broker()


@pytest.fixture
def publisher(broker: Broker) -> Iterator[Publisher]:
    made = Publisher(broker.port)
    yield made
    made.close()


@pytest.fixture
def listen(tmp_path: Path) -> Iterator[Callable[..., Listener]]:
    """Return a maker of listeners, all stopped in the end."""
    made: list[Listener] = []

    def make(address: str, *arguments: Any, **settings: Any) -> Listener:
        made.append(Listener(tmp_path, address, *arguments, **settings))
        return made[-1]

    yield make
    for listener in made:
        listener.source.stop()
