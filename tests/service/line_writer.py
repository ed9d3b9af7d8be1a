"""A process that records a line without a broker: `line_writer.py LAYOUT`. It says `ready`, then takes each line it reads as a message: topic, payload."""

from __future__ import annotations

import queue
import sys
import threading
from pathlib import Path

from twin_app.clock import now_ns
from twin_app.service.opening import RECORDER, open_request
from twin_app.service.request import OpenRequest

NOWHERE = "mqtt://127.0.0.1:1"
"""Is never connected to: the sources are not started."""


def main() -> None:
    """Record."""
    session = open_request(OpenRequest(layout=Path(sys.argv[1]), addresses={"plant": NOWHERE}), kind=RECORDER)
    (intake,) = session._intakes
    intake.connected(now_ns())
    lines: queue.Queue[str] = queue.Queue()

    def listen() -> None:
        for line in sys.stdin:
            lines.put(line)

    threading.Thread(target=listen, daemon=True).start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        try:
            topic, _, payload = lines.get(timeout=0.02).partition(" ")
        except queue.Empty:
            topic = ""
        if topic:
            intake.receive(topic, payload.strip().encode())
        intake.commit()
        session.attend()
        session.fold()


if __name__ == "__main__":
    main()
