"""A real mosquitto with a configuration of its own on a free port, and what publishes to it."""

import getpass
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from twin_app.history.store import Store
from twin_app.layout.signals import signal_table
from twin_app.model.equipment import Line, MapRule, SourceSpec, Unit
from twin_app.model.message import Status
from twin_app.model.samples import TextTable
from twin_app.sources.base import Login
from twin_app.sources.intake import Intake
from twin_app.sources.kept import SessionFile
from twin_app.sources.mqtt import MqttSource

HOST = "127.0.0.1"
MOSQUITTO = shutil.which("mosquitto") or "/usr/sbin/mosquitto"


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def until(what: Callable[[], Any], *, seconds: float = 15.0) -> Any:
    """Wait until something is true, and return it."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if found := what():
            return found
        time.sleep(0.01)
    raise AssertionError(f"not within {seconds} s")


def hurry(number: int) -> None:
    """Let a process or a thread go before others, where this user may: a busy machine is then less late."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, number, -15)


class Broker:
    """One mosquitto; `kill` and `start` it as often as you like, it keeps its port."""

    def __init__(self, folder: Path, *, settings: str = "allow_anonymous true", listener: str = "") -> None:
        self.port = free_port()
        self._config = folder / f"mosquitto-{self.port}.conf"
        # Started by root it would become another user, who may not read the test's files. Killed it forgets, as it keeps no database.
        self._config.write_text(
            f"user {getpass.getuser()}\nlistener {self.port} {HOST}\n{listener}\n{settings}\nsys_interval 1\nmax_queued_messages 100000\n"
        )
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def address(self) -> str:
        return f"mqtt://{HOST}:{self.port}"

    def start(self) -> None:
        self._process = subprocess.Popen([MOSQUITTO, "-c", str(self._config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(self._listens)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def _listens(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, "mosquitto did not start"
        with suppress(OSError), socket.create_connection((HOST, self.port), 1):
            return True
        return False

    def send_signal(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        if self._process is not None:
            self.send_signal(signal.SIGCONT)
            self._process.kill()
            self._process.wait()
            self._process = None


class Publisher:
    """A machine that speaks."""

    def __init__(self, port: int) -> None:
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2)
        self.client.connect(HOST, port)
        self.client.loop_start()

    def say(self, topic: str, payload: bytes | str, *, qos: int = 0, retain: bool = False) -> None:
        self.client.publish(topic, payload, qos=qos, retain=retain)

    def sync(self) -> None:
        """Wait until the broker has everything."""
        self.client.publish("sync", b"", qos=1).wait_for_publish(20)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


class Listener:
    """A source with a store behind it."""

    def __init__(
        self, folder: Path, address: str, line: Line | None = None, *, spec: dict[str, Any] | None = None, **arguments: Any
    ) -> None:
        login = Login(**{key: arguments.pop(key) for key in ("username", "tls_ca", "tls_cert", "tls_key") if key in arguments})
        rules = (MapRule(topic="plant/{unit}/{tag...}", dialect="packml_tags"), MapRule(topic="json/{unit}", dialect="json_flat"))
        source = SourceSpec(**{"id": "plant", "title": "Plant", "rules": rules, "keepalive_s": 5, **(spec or {})})
        self.line = line or Line(
            path=folder / "line.toml", content_hash="", id="L1", title="", enterprise="E", site="S", area="A", zone="UTC", unit_of_count="bottle",
            constraint="Filler", units=(Unit(id="Filler", title="Filler", type="filler", source="plant"),), sources=(source,), products=(),
        )  # fmt: skip
        self.signals, self.texts = signal_table(self.line), TextTable()
        self.store = Store(self.signals, self.texts, journal=None)
        intake = Intake(self.line, self.line.sources[0], store=self.store, signals=self.signals, texts=self.texts)
        if "kept_in" in arguments:
            arguments["kept"] = SessionFile(arguments.pop("kept_in"), self.line, source.id)
        self.source = MqttSource(intake, address=address, login=login, **arguments)

    @property
    def health(self) -> Any:
        return self.source.health()

    def start(self) -> "Listener":
        self.source.start()
        return self

    def connected(self) -> "Listener":
        until(lambda: self.health.status is Status.CONNECTED and self.source._link is not None and self.source._link.subscribed)
        return self

    def series(self, unit: str, name: str) -> list[tuple[int, float]]:
        """Fold what came and return one signal's times (UTC ns) and values."""
        while len(self.store.fold()):
            pass
        signal = self.signals.find(unit, name)
        if signal is None:  # not heard yet
            return []
        found = self.store.range(signal, 0, 2**62, 0)
        return [(int(at), float(value)) for at, value in zip(found.times_ns, found.value, strict=True)]

    def words(self, unit: str, name: str) -> list[str]:
        return [self.texts.text(int(value)) for _, value in self.series(unit, name)]


def answer_one_caller(door: socket.socket, answers: tuple[bytes, ...]) -> None:
    """Give one answer for each packet of one caller, then only listen."""
    try:
        caller, _ = door.accept()
    except OSError:  # the test is over
        return
    with caller:
        for answer in answers:
            caller.recv(4096)
            caller.sendall(answer)
        while caller.recv(4096):
            pass
