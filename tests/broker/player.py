"""Publishes a recording with its own timing, in a process of its own and as punctually as the machine can. Not for listening.

    python player.py CAPTURE SPEED PORT ...

Every broker named gets every message at once: the first with quality 0, the next with quality 1, and so on. Prints for each broker when
every message was due and when it went out (UTC ns), as a JSON list of lists: how late the sender itself was is then known, and no
fault of the one who listens.
"""

import contextlib
import json
import os
import socket
import sys
import time
from pathlib import Path

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

SPIN_S = 0.001
"""A sleep may last that much longer than asked for; the last bit is waited for awake."""
LEAD_NS = 100_000_000


def main(capture: Path, speed: float, *ports: int) -> None:
    """Connect, play everything, and wait until the brokers have it all."""
    rows = [json.loads(line) for line in capture.read_text(encoding="utf-8").splitlines()]
    clients = [connected(port) for port in ports]
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # not everybody may; a busy machine then makes it late
            os.setpriority(os.PRIO_PROCESS, 0, -15)
    # Without a thread of its own, `publish` writes to the socket before it returns.
    began, last = time.time_ns() + LEAD_NS, list[mqtt.MQTTMessageInfo]()
    sent: list[list[tuple[int, int]]] = [[] for _ in ports]
    for row in rows:
        due = began + round((row["t"] - rows[0]["t"]) / speed * 1e9)
        wait_until(due)
        last.clear()
        for qos, client in enumerate(clients):
            sent[qos].append((due, time.time_ns()))
            last.append(client.publish(row["topic"], row["payload"], qos=qos))
    ends = time.monotonic() + 20
    while not all(one.is_published() for one in last) and time.monotonic() < ends:
        for client in clients:
            client.loop(0.01)
    for client in clients:
        client.disconnect()
    sys.stdout.write(json.dumps(sent))


def connected(port: int) -> mqtt.Client:
    """Return a client that is connected and keeps no small packet back."""
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    client.max_inflight_messages_set(0)  # as many on the way as there are
    client.connect("127.0.0.1", port)
    while not client.is_connected():
        client.loop(0.01)
    sock = client.socket()
    assert isinstance(sock, socket.socket)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return client


def wait_until(due_ns: int) -> None:
    """Sleep, and spin at the end."""
    wait_s = (due_ns - time.time_ns()) / 1e9 - SPIN_S
    if wait_s > 0:
        time.sleep(wait_s)
    while time.time_ns() < due_ns:
        pass


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), *map(int, sys.argv[3:]))
