"""Coming, going and coming back, against a real mosquitto."""

import contextlib
import signal
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import pytest

from tests.broker.plant import HOST, Broker, Listener, Publisher, until
from twin_app.clock import SECOND_NS, now_ns
from twin_app.model.message import Status

Listen = Callable[..., Listener]
ATTEMPTS = 3
"""On a machine that does much else a message may be late through nobody's fault."""
STATE = "plant/Filler/Status/StateCurrentStr"


def test_that_a_message_on_the_broker_becomes_a_sample_within_a_fraction_of_a_second(
    broker: Broker, publisher: Publisher, listen: Listen
) -> None:
    listener = listen(broker.address).start().connected()
    sent_ns = now_ns()
    publisher.say(STATE, "Execute")
    until(lambda: listener.words("Filler", "State") == ["Execute"])
    ((at_ns, _),) = listener.series("Filler", "State")
    assert 0 <= at_ns - sent_ns < SECOND_NS // 2
    assert [value for _, value in listener.series("@plant", "Connected")] == [1.0]
    health = listener.health
    assert (health.status, health.received, health.error, health.address, health.live) == (Status.CONNECTED, 1, "", broker.address, True)


def _received(listener: Listener, count: int) -> bool:
    return bool(listener.health.received == count)


@pytest.mark.skipif(not hasattr(socket, "TCP_QUICKACK"), reason="only Linux lets a program confirm at once")
def test_that_a_broker_that_gathers_small_packets_makes_no_message_late(broker: Broker, publisher: Publisher, listen: Listen) -> None:
    sender = publisher.client.socket()
    assert isinstance(sender, socket.socket)
    sender.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for _ in range(ATTEMPTS):
        listener = listen(broker.address).start().connected()
        for _ in range(100):
            publisher.say("json/Filler", f'{{"sent_ms": {now_ns() // 1_000_000}}}')
            time.sleep(0.002)
        publisher.sync()
        until(partial(_received, listener, 100))
        latest_ms = max(at_ns // 1_000_000 - sent_ms for at_ns, sent_ms in listener.series("Filler", "sent_ms"))
        listener.source.stop()
        if latest_ms < 20:
            return
    pytest.fail(f"the broker waits for what it sent before to be confirmed: one came {latest_ms} ms late")


def test_that_what_the_broker_kept_is_told_from_what_is_said_now(broker: Broker, publisher: Publisher, listen: Listen) -> None:
    publisher.say(STATE, "Execute", retain=True)
    publisher.sync()
    listener = listen(broker.address).start().connected()
    until(lambda: listener.health.received == 1)
    publisher.say(STATE, "Held", retain=True)
    until(lambda: listener.words("Filler", "State") == ["Execute", "Held"])
    assert listener.health.retained == 1


def _busy_broker(door: socket.socket, heard: bytearray, over: threading.Event) -> None:
    """Let one caller in and send it messages without end, so that no answer to a ping ever comes to its turn."""
    caller, _ = door.accept()
    with caller:
        caller.recv(4096)
        caller.sendall(b"\x20\x02\x00\x00")
        asked = caller.recv(4096)
        mid = asked[2:4] if asked[1] < 0x80 else asked[3:5]
        filters = asked.count(b"plant/") + asked.count(b"json/") + asked.count(b"$SYS")
        caller.sendall(b"\x90" + bytes((2 + filters,)) + mid + bytes(filters))
        caller.settimeout(0.02)
        while not over.is_set():
            caller.sendall(b"\x30\x16\x00\x0bjson/Filler" + b'{"t": 21}')
            with contextlib.suppress(TimeoutError):
                heard += caller.recv(4096)


def test_that_a_broker_that_is_behind_is_not_left_for_being_late_with_its_answers(listen: Listen) -> None:
    heard, over = bytearray(), threading.Event()
    with socket.create_server((HOST, 0)) as door:
        broker = threading.Thread(target=_busy_broker, args=(door, heard, over), daemon=True)
        broker.start()
        listener = listen(f"mqtt://{HOST}:{door.getsockname()[1]}", spec={"keepalive_s": 1}).start().connected()
        began_s = time.monotonic()
        until(lambda: time.monotonic() > began_s + 3.0 or listener.health.status is not Status.CONNECTED)
        health = listener.health
        over.set()
        broker.join(5)
    assert (health.status, health.reconnects, health.error) == (Status.CONNECTED, 0, "")
    assert health.received > 20
    assert 2 <= heard.count(b"\xc0\x00") <= 6, "it is told that we are there, three times in four seconds"


@pytest.mark.parametrize("how", ["killed", "frozen"])
def test_that_a_lost_broker_is_noticed_within_two_keepalives_and_dated_back(
    broker: Broker, publisher: Publisher, listen: Listen, how: str
) -> None:
    keepalive_s = 2
    listener = listen(broker.address, spec={"keepalive_s": keepalive_s}).start().connected()
    publisher.say(STATE, "Execute")
    until(lambda: listener.words("Filler", "State"))
    lost_s, lost_ns = time.monotonic(), now_ns()
    if how == "killed":
        broker.kill()
    else:
        broker.send_signal(signal.SIGSTOP)  # the network stays, nobody answers: a half-open link
    until(lambda: listener.health.status is Status.DISCONNECTED, seconds=2 * keepalive_s)
    assert time.monotonic() - lost_s < 2 * keepalive_s
    (_, there), (gone_ns, gone) = listener.series("@plant", "Connected")
    assert (there, gone) == (1.0, 0.0)
    assert gone_ns <= lost_ns + 100_000_000
    assert gone_ns == listener.health.since_ns
    assert str(broker.port) in listener.health.error


def test_that_data_flow_again_within_ten_seconds_of_the_brokers_return(broker: Broker, listen: Listen) -> None:
    listener = listen(broker.address).start().connected()
    broker.kill()
    until(lambda: listener.health.status is Status.DISCONNECTED)
    until(lambda: "Nothing listens" in listener.health.error)
    broker.start()
    returned_s = time.monotonic()
    publisher = Publisher(broker.port)

    def heard() -> list[str]:
        publisher.say(STATE, "Execute")
        return listener.words("Filler", "State")

    until(heard, seconds=10)
    assert time.monotonic() - returned_s < 10
    publisher.close()
    assert [value for _, value in listener.series("@plant", "Connected")] == [1.0, 0.0, 1.0]
    health = listener.health
    assert (health.status, health.reconnects, health.error) == (Status.CONNECTED, 1, "")


def test_that_stopping_says_that_nothing_is_known_from_then_on(broker: Broker, publisher: Publisher, listen: Listen) -> None:
    listener = listen(broker.address).start().connected()
    publisher.say(STATE, "Execute")
    until(lambda: listener.words("Filler", "State"))
    listener.source.stop()
    assert [value for _, value in listener.series("@plant", "Connected")] == [1.0, 0.0]
    assert listener.health.status is Status.DISCONNECTED


def test_that_every_message_of_quality_1_is_acknowledged_after_it_is_durable(
    broker: Broker, publisher: Publisher, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener = listen(broker.address, spec={"qos": 1})
    order: list[str] = []
    commit, acknowledge = listener.source._intake.commit, listener.source._acknowledge

    def committing(at_ns: int | None = None, saved: str = "") -> bool:
        order.append("commit")
        return commit(at_ns, saved)

    def acknowledging(link: Any) -> None:
        order.append("acknowledge")
        acknowledge(link)

    monkeypatch.setattr(listener.source._intake, "commit", committing)
    monkeypatch.setattr(listener.source, "_acknowledge", acknowledging)
    listener.start().connected()
    for i in range(500):  # far more than the broker's window of 20: without acknowledgements the flow would end
        publisher.say("plant/Filler/Admin/ProdProcessedCount/0/AccCount", str(i), qos=1)
    until(lambda: len(listener.series("Filler", "Processed")) == 500)
    until(lambda: order.count("acknowledge") == order.count("commit"))
    assert order[0] == "commit"
    assert all(a != b for a, b in pairwise(order))


@pytest.mark.allow_logs
def test_that_nothing_is_acknowledged_while_the_disk_is_full(
    broker: Broker, publisher: Publisher, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener = listen(broker.address, spec={"qos": 1})
    acknowledged: list[object] = []
    monkeypatch.setattr(listener.store, "commit", lambda: 0)
    monkeypatch.setattr(listener.source, "_acknowledge", acknowledged.append)
    listener.start().connected()
    for i in range(100):
        publisher.say("plant/Filler/Admin/ProdProcessedCount/0/AccCount", str(i), qos=1)
    until(lambda: listener.health.received >= 20)
    time.sleep(0.5)  # the broker holds the rest back: there is no event for what does not come
    assert listener.health.received == 20
    assert acknowledged == []


def test_that_two_clients_with_one_id_are_told_what_throws_them_out(
    broker: Broker, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twin_app.sources.mqtt.BACK_OFF_S", (0.2,))
    one, two = (listen(broker.address, client_id="same").start() for _ in range(2))
    sentence = until(lambda: next((each.health.error for each in (one, two) if "in a row" in each.health.error), ""))
    assert "another client uses the id same" in sentence


def test_that_messages_the_broker_dropped_are_counted_over_its_restarts(broker: Broker, listen: Listen) -> None:
    source = listen(broker.address).source
    for counter in (b"100", b"107", b"107", b"3", b"nonsense", b"4"):
        source._count_dropped(counter)
    assert source.health().dropped == 7 + 3 + 1


def test_that_the_brokers_own_counter_of_dropped_messages_is_listened_to(broker: Broker, listen: Listen) -> None:
    listener = listen(broker.address).start().connected()
    until(lambda: listener.source._dropped_before >= 0)
    assert listener.health.received == 0


def test_that_a_topic_that_is_no_text_is_refused_and_the_link_lives_on(broker: Broker, publisher: Publisher, listen: Listen) -> None:
    listener = listen(broker.address).start().connected()
    listener.source._on_message(b"\xff", b"x", 0x30, 0)  # brokers refuse such topics themselves
    publisher.say(STATE, "Execute")
    until(lambda: listener.words("Filler", "State"))
    assert listener.health.refused == {"a topic that is not UTF-8 text": 1}
