"""Publishes a recording with its own timing, in a process of its own and as punctually as the machine can. Not for listening.

    python player.py CAPTURE PORT SPEED QOS

Prints for every message when it was due and when it went out (UTC ns), as one JSON list: how late the sender itself was is then
known, and no fault of the one who listens.
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


def main(capture: Path, port: int, speed: float, qos: int) -> None:
    """Connect, play everything, and wait until the broker has it all."""
    rows = [json.loads(line) for line in capture.read_text(encoding="utf-8").splitlines()]
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    client.max_inflight_messages_set(0)  # as many on the way as there are
    client.connect("127.0.0.1", port)
    while not client.is_connected():
        client.loop(0.01)
    sock = client.socket()
    assert isinstance(sock, socket.socket)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # not everybody may; a busy machine then makes it late
            os.setpriority(os.PRIO_PROCESS, 0, -15)
    # Without a thread of its own, `publish` writes to the socket before it returns.
    began, sent = time.time_ns() + LEAD_NS, []
    for row in rows:
        due = began + round((row["t"] - rows[0]["t"]) / speed * 1e9)
        wait_until(due)
        sent.append((due, time.time_ns()))
        last = client.publish(row["topic"], row["payload"], qos=qos)
    ends = time.monotonic() + 20
    while not last.is_published() and time.monotonic() < ends:
        client.loop(0.01)
    client.disconnect()
    sys.stdout.write(json.dumps(sent))


def wait_until(due_ns: int) -> None:
    """Sleep, and spin at the end."""
    wait_s = (due_ns - time.time_ns()) / 1e9 - SPIN_S
    if wait_s > 0:
        time.sleep(wait_s)
    while time.time_ns() < due_ns:
        pass


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]))
