"""A real mosquitto on a free port, who publishes to it and who listens; all ended with the test."""

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.broker.plant import HOST, Broker, Listener, Publisher, answer_one_caller


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


@pytest.fixture
def scripted_broker() -> Iterator[Callable[..., str]]:
    """Return a maker of brokers that answer with given bytes, one answer for each packet that comes, and then keep silent."""
    doors: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def make(*answers: bytes) -> str:
        door = socket.create_server((HOST, 0))
        doors.append(door)
        threads.append(threading.Thread(target=answer_one_caller, args=(door, answers), daemon=True))
        threads[-1].start()
        return f"mqtt://{HOST}:{door.getsockname()[1]}"

    yield make
    for door in doors:
        door.shutdown(socket.SHUT_RDWR)
        door.close()
    for thread in threads:
        thread.join()
