"""A simulated line on a broker: as fast as asked for, under a prefix of its own, said aloud. Recordings are published by `republishing`, through the same `Post`.

Nothing is retained: once the simulation ends, nothing of it is left on the broker.
"""

from __future__ import annotations

import os
import ssl
import sys
import threading
import time
from typing import TYPE_CHECKING, Self

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from twin_app.clock import SECOND_NS
from twin_app.errors import SourceError, UsageError
from twin_app.simulate import Simulation
from twin_app.simulate.emit import Emitter
from twin_app.sources import faults
from twin_app.sources.address import parse_address
from twin_app.text import N_, duration, number, tr

if TYPE_CHECKING:
    from paho.mqtt.client import ConnectFlags, DisconnectFlags, MQTTMessageInfo
    from paho.mqtt.properties import Properties
    from paho.mqtt.reasoncodes import ReasonCode

    from twin_app.service.simulating import Plan
    from twin_app.sources.address import BrokerAddress

PREFIX = "simulated"
PASSWORD_VARIABLE = "TWIN_APP_PASSWORD"  # noqa: S105 - the variable's name, not a password
STEP_S = 0.02
IN_FLIGHT = 1000
ACCEPTED_WITHIN_S = 10.0
ALL_TAKEN_WITHIN_S = 30.0
_QOS = 1


def publish(plan: Plan, address: str, *, prefix: str = PREFIX, speed: float = 1.0, username: str = "") -> int:
    """Publish a run, `speed` times as fast as it would take, and return how many messages that were; times told are the wall's.

    Raises:
        UsageError: the prefix or the speed is none.
        SourceError: the broker cannot be reached, refuses, or was lost.
    """
    broker = parse_address(address)
    check_prefix(prefix)
    check_speed(speed)
    began_ns = time.time_ns()
    simulation = Simulation(plan.line, plan.scenario, seed=plan.seed, start_ns=plan.start_ns)
    emitter = Emitter(simulation, beat_ns=round(plan.beat_ns * max(speed, 1.0)), utc=lambda t_ns: began_ns + round(t_ns / speed))
    with Post(broker, username) as post:
        print(_warning(plan, broker, prefix, speed), file=sys.stderr)
        began_s = time.monotonic()
        while simulation.now_ns < plan.duration_ns:
            until = min(round((time.monotonic() - began_s) * speed * SECOND_NS), plan.duration_ns)
            for message in emitter.word(simulation.run_until(until), until):
                post.send(f"{prefix}/{message.topic}", message.payload)
            time.sleep(STEP_S)
        post.wait()
    return post.sent


def check_prefix(prefix: str) -> None:
    """Refuse what would mix such messages with a plant's: an empty prefix, a broker's own, a filter."""
    if not prefix.strip("/") or prefix.startswith("$") or set(prefix) & {"+", "#", "\0"}:
        raise UsageError(
            N_("“{prefix}” is no prefix for topics of our own."),
            tip=N_("What no machine says now never goes under a plant's own topics: give a prefix such as simulated."), prefix=prefix,
        )  # fmt: skip


def check_speed(speed: float) -> None:
    """Refuse a speed that never ends or that no machine keeps up with."""
    if not 0.0 < speed <= 10_000:  # noqa: PLR2004 - beyond it no machine keeps up
        raise UsageError(N_("{speed} is not a speed."), tip=N_("Give a number such as 1, 10 or 60."), speed=speed)


def _warning(plan: Plan, broker: BrokerAddress, prefix: str, speed: float) -> str:
    """Return what is said before the first message goes out."""
    return tr(
        "PUBLISHING SIMULATED DATA: {line}, {duration} at {speed}× to {broker}, topics {prefix}/… These are no real machines. Ctrl+C ends it.",
        line=plan.line.title, duration=duration(plan.duration_ns / SECOND_NS), speed=f"{speed:g}", broker=broker, prefix=prefix,
    )  # fmt: skip


def published(messages: int, address: str) -> str:
    """Return what was done, worded."""
    return tr("{messages} simulated messages were published to {broker}.", messages=number(messages), broker=parse_address(address))


class Post:
    """A connection that publishes; paho's own thread does the network."""

    def __init__(self, broker: BrokerAddress, username: str) -> None:
        self.sent = 0
        self._broker = broker
        self._answered = threading.Event()
        self._fault: SourceError | None = None
        self._last: MQTTMessageInfo | None = None
        self._client = client = Client(CallbackAPIVersion.VERSION2)
        client.max_inflight_messages_set(IN_FLIGHT)
        client.on_connect, client.on_disconnect = self._on_connect, self._on_disconnect
        if username:
            client.username_pw_set(username, os.environ.get(PASSWORD_VARIABLE, ""))
        if broker.tls:
            client.tls_set_context(ssl.create_default_context())

    def __enter__(self) -> Self:
        """Connect; raises SourceError where that does not come about."""
        try:
            self._client.connect(self._broker.host, self._broker.port)
        except (OSError, ValueError) as error:  # ValueError: a host name that no resolver takes
            raise faults.of_exception(error, self._broker) from error
        self._client.loop_start()
        if not self._answered.wait(ACCEPTED_WITHIN_S):
            self._fault = SourceError(N_("{broker} does not answer."), tip=N_("Check that it is an MQTT broker."), broker=self._broker)
        if self._fault is not None:
            self._client.loop_stop()
            raise self._fault
        return self

    def __exit__(self, *_: object) -> None:
        """Leave."""
        self._client.disconnect()
        self._client.loop_stop()

    def send(self, topic: str, payload: bytes, qos: int = _QOS) -> None:
        """Publish one message; raises SourceError once the broker is lost."""
        if self._fault is not None:
            raise self._fault
        self._last = self._client.publish(topic, payload, qos=qos)
        self.sent += 1

    def wait(self) -> None:
        """Wait until the broker has everything."""
        if self._last is not None:
            self._last.wait_for_publish(ALL_TAKEN_WITHIN_S)
        if self._fault is not None:
            raise self._fault

    def _on_connect(
        self, _client: Client, _data: object, _flags: ConnectFlags, reason: ReasonCode, _properties: Properties | None
    ) -> None:  # fmt: skip
        """Note how the broker answered."""
        if reason.is_failure:
            self._fault = SourceError(
                N_("{broker} refuses: {reason}."), tip=N_("Check --username and TWIN_APP_PASSWORD."), broker=self._broker, reason=reason
            )
        self._answered.set()

    def _on_disconnect(
        self, _client: Client, _data: object, _flags: DisconnectFlags, reason: ReasonCode, _properties: Properties | None
    ) -> None:  # fmt: skip
        """Note that the broker is lost."""
        if reason.is_failure and self._fault is None:
            self._fault = SourceError(N_("The connection to {broker} was lost: {reason}."), broker=self._broker, reason=reason)
