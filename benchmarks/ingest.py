"""What taking a broker's messages in costs, beside paho with an empty callback and mosquitto_sub. Not a test: it prints figures.

    python benchmarks/ingest.py [--quick] [--messages N] [--rounds N]

One real mosquitto, flooded with JSON of 136 bytes (a time and three values) on 100 topics; one subscriber at a time, in
turn, in the same run, each timed from its first message to its last. Ours decodes, stores and commits to a journal on disk;
at quality 1 it acknowledges after the commit, and the last message is the last one committed. Both the broker's default settings
and those the README recommends are run. `lost` counts what the broker dropped for a subscriber that was slower than the flood.
The last line is one JSON object; its ratios are medians over the rounds. mosquitto_sub comes with `apt-get install
mosquitto-clients`; without it its ratio is null.
"""

from __future__ import annotations

import argparse
import contextlib
import getpass
import json
import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from twin_app.history.store import Store
from twin_app.layout.signals import signal_table
from twin_app.model.equipment import Line, MapRule, SourceSpec, Unit
from twin_app.model.message import Status
from twin_app.model.samples import TextTable
from twin_app.sources.intake import Intake
from twin_app.sources.kept import SessionFile
from twin_app.sources.mqtt import MqttSource

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST = "127.0.0.1"
TOPICS = 100
BYTES = 136
FIELDS = 3
SILENCE_S = 1.0
"""Nothing for so long: the flood is over, and what is missing is lost."""
RECOMMENDED = "max_inflight_messages 0\nmax_queued_messages 0"
SETTINGS = {"recommended": RECOMMENDED, "default": ""}
CLIENTS = ("noop", "mosquitto_sub", "stored")
ENDS = b"bench/end"
_PUBACK_BYTES = 4
_ONE_BYTE = 128
"""A packet shorter than this writes its length in one byte."""


def payload(number: int) -> bytes:
    """Return one machine's message."""
    known = b'{"t":%d,"count":%d,"speed":%d.5,"temperature":%d.25,"note":"' % (1_795_425_957_000 + number, number, number % 90, number % 40)
    return known + b"x" * (BYTES - len(known) - 2) + b'"}'


def packet(topic: bytes, body: bytes, qos: int, mid: int) -> bytes:
    """Return a PUBLISH (MQTT 3.1.1, section 3.3)."""
    inside = len(topic).to_bytes(2) + topic + (mid.to_bytes(2) if qos else b"") + body
    length = len(inside)
    head = bytes((0x30 | qos << 1, length)) if length < _ONE_BYTE else bytes((0x30 | qos << 1, length & 127 | 128, length >> 7))
    return head + inside


def flood(port: int, messages: int, qos: int) -> None:
    """Publish as fast as the broker takes it: the bytes are made beforehand."""
    packets = [packet(b"bench/u%d" % (i % TOPICS), payload(i), qos, i % 65_535 + 1) for i in range(messages)]
    stream = b"".join([*packets, packet(ENDS, b"1", 1, 1)])
    with socket.create_connection((HOST, port)) as link:
        link.sendall(b"\x10\x11\x00\x04MQTT\x04\x02\x00\x00\x00\x05flood")
        link.recv(4)
        reader = threading.Thread(target=drain, args=(link, _PUBACK_BYTES * (messages * (qos > 0) + 1)), daemon=True)
        reader.start()
        link.sendall(stream)
        reader.join()


def drain(link: socket.socket, expected: int) -> None:
    """Read the broker's acknowledgements until it has taken the last message."""
    while expected > 0:
        expected -= len(link.recv(1 << 16)) or expected


class Meter:
    """When the first and the last message came, and how many."""

    def __init__(self) -> None:
        self.count = 0
        self.first_s = self.last_s = 0.0

    def result(self, count: int) -> str:
        """Return the figures as one line."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        return json.dumps({"count": count, "seconds": self.last_s - self.first_s, "cpu_s": used.ru_utime + used.ru_stime - self.cpu_s})

    def ready(self) -> None:
        """Say that the flood may begin; the processor's time counts from here."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        self.cpu_s = used.ru_utime + used.ru_stime
        print("ready", flush=True)


def noop(port: int, qos: int, messages: int) -> None:
    """Subscribe with paho's own thread and a callback that only counts."""
    meter, over = Meter(), threading.Event()

    def on_message(_client: object, _user: object, _message: object) -> None:
        meter.count += 1
        if meter.count == 1:
            meter.first_s = time.perf_counter()
        elif meter.count >= messages:
            meter.last_s = time.perf_counter()
            over.set()

    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    client.on_message = on_message
    client.on_subscribe = lambda *_: meter.ready()
    client.connect(HOST, port)
    client.subscribe("bench/+", qos)
    client.loop_start()
    seen, since_s = 0, time.perf_counter()
    while not over.wait(0.05):
        if meter.count != seen:
            seen, since_s = meter.count, time.perf_counter()
        elif seen and time.perf_counter() - since_s > SILENCE_S:
            meter.last_s = since_s
            break
    print(meter.result(min(meter.count, messages)), flush=True)


def stored(port: int, qos: int, messages: int) -> None:
    """Listen, decode, store, commit as the product does."""
    rule = MapRule(topic="bench/{unit}", dialect="json_flat", time_field="t", time_unit="ms", signals={"note": ""})
    source = SourceSpec(
        id="plant", title="", qos=qos, complete=bool(qos), rules=(rule, MapRule(topic="bench/end", dialect="", ignore=True))
    )
    units = tuple(Unit(id=f"u{i}", title="", type="filler", source="plant") for i in range(TOPICS))
    meter = Meter()
    with tempfile.TemporaryDirectory(prefix="twin-bench-", dir=os.environ.get("TWIN_BENCH_DIR")) as folder:
        line = Line(
            path=Path(folder) / "l.toml", content_hash="", id="L", title="", enterprise="", site="S", area="A", zone="UTC",
            unit_of_count="", constraint="u0", units=units, sources=(source,), products=(),
        )  # fmt: skip
        signals, texts = signal_table(line), TextTable()
        store = Store.reopen(Path(folder) / "bench.twinrec", signals=signals, texts=texts)
        intake = Intake(line, source, store=store, signals=signals, texts=texts)
        kept = SessionFile(Path(folder), line, "plant") if qos else None
        listener = MqttSource(intake, address=f"mqtt://{HOST}:{port}", kept=kept)
        listener.start()
        while listener.health().status is not Status.CONNECTED or listener._link is None or not listener._link.subscribed:  # noqa: SLF001 - health does not tell that
            time.sleep(0.01)
        while store.committed < store.watermark:
            time.sleep(0.01)
        base, came = store.committed, listener._came  # noqa: SLF001 - when the first message came
        meter.ready()

        def reached() -> int:
            return store.committed if qos else store.watermark

        target, last, meter.last_s = base + messages * FIELDS, base, time.perf_counter()
        while last < target and (not meter.first_s or time.perf_counter() - meter.last_s < SILENCE_S):
            time.sleep(0.0005)
            if not meter.first_s and listener._came > came:  # noqa: SLF001 - as above
                meter.first_s = time.perf_counter()
            if (now := reached()) != last:
                last, meter.last_s = now, time.perf_counter()
        print(meter.result((last - base) // FIELDS), flush=True)
        listener.stop()
        assert store.committed >= last  # noqa: S101 - what was counted is on disk in the end
        store.close()


@contextlib.contextmanager
def broker(folder: Path, settings: str) -> Iterator[int]:
    """Run a mosquitto and yield its port."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    config = folder / "mosquitto.conf"
    config.write_text(f"user {getpass.getuser()}\nlistener {port} {HOST}\nallow_anonymous true\n{settings}\n")
    binary = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
    process = subprocess.Popen([binary, "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(500):
            with contextlib.suppress(OSError), socket.create_connection((HOST, port), 1):
                break
            time.sleep(0.01)
        yield port
    finally:
        process.kill()
        process.wait()


def measured(client: str, port: int, qos: int, messages: int) -> dict[str, float]:
    """Flood one subscriber and return its messages a second, microseconds of processor a message, and what it did not get."""
    if client == "mosquitto_sub":
        return measured_sub(port, qos, messages)
    child = subprocess.Popen(
        [sys.executable, __file__, "--client", client, str(port), str(qos), str(messages)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None  # noqa: S101 - it was asked for
    child.stdout.readline()
    flood(port, messages, qos)
    found = json.loads(child.stdout.readline())
    child.wait()
    return figures(found["count"], found["seconds"], found["cpu_s"], messages)


def measured_sub(port: int, qos: int, messages: int) -> dict[str, float]:
    """Do the same with mosquitto_sub, which ends itself at the last message; its own start is part of its processor time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = ["mosquitto_sub", "-h", HOST, "-p", str(port), "-t", "bench/+", "-q", str(qos), "-C", str(messages), "-W", "15", "-F", "%t"]
    output, given = os.pipe()
    child = subprocess.Popen(command, stdout=given)
    os.close(given)
    time.sleep(0.3)
    threading.Thread(target=flood, args=(port, messages, qos), daemon=True).start()
    first_s = last_s = time.perf_counter()
    count = 0
    while data := os.read(output, 1 << 20):
        first_s = first_s if count else time.perf_counter()
        count, last_s = count + data.count(b"\n"), time.perf_counter()
        if b"bench/end" in data:
            child.terminate()
    child.wait()
    os.close(output)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return figures(min(count, messages), last_s - first_s, cpu_s, messages)


def figures(count: int, seconds: float, cpu_s: float, messages: int) -> dict[str, float]:
    """Return the figures of one run."""
    return {"per_s": count / max(seconds, 1e-9), "cpu_us": cpu_s * 1e6 / max(count, 1), "lost": messages - count}


def main() -> None:
    """Run everything in turn and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer messages and rounds: under 50 s")
    parser.add_argument("--messages", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--client", nargs=4, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.client:
        name, *numbers = asked.client
        (noop if name == "noop" else stored)(*map(int, numbers))
        return
    messages, rounds = asked.messages or (30_000 if asked.quick else 100_000), asked.rounds or (2 if asked.quick else 5)
    clients = [client for client in CLIENTS if client != "mosquitto_sub" or shutil.which(client)]
    found: dict[tuple[str, int, str], list[dict[str, float]]] = {}
    for number in range(rounds):
        for settings, qos in ((s, q) for s in SETTINGS for q in (0, 1)):
            if asked.quick and number and settings == "default":
                continue
            for client in clients if number % 2 == 0 else reversed(clients):
                if asked.quick and settings == "default" and client == "mosquitto_sub":
                    continue
                with tempfile.TemporaryDirectory() as folder, broker(Path(folder), SETTINGS[settings]) as port:
                    found.setdefault((settings, qos, client), []).append(measured(client, port, qos, messages))
    report(found, messages)


def report(found: dict[tuple[str, int, str], list[dict[str, float]]], messages: int) -> None:
    """Print a table and the summary."""
    rows = {
        key: {name: statistics.median(run[name] for run in runs) for name in ("per_s", "cpu_us", "lost")} for key, runs in found.items()
    }
    for (settings, qos, client), row in rows.items():
        print(f"{settings:12} QoS {qos} {client:14} {row['per_s']:10,.0f} msg/s {row['cpu_us']:7.2f} us CPU/msg {row['lost']:8,.0f} lost")
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, {messages:,} messages a run")

    def ratio(qos: int, figure: str, over: str) -> float | None:
        if ("recommended", qos, over) not in found:
            return None
        pairs = zip(found["recommended", qos, "stored"], found["recommended", qos, over], strict=True)
        return round(statistics.median(ours[figure] / theirs[figure] for ours, theirs in pairs), 2)

    summary = {
        "stored_vs_noop_qos0": ratio(0, "per_s", "noop"),
        "stored_vs_noop_qos1": ratio(1, "per_s", "noop"),
        "cpu_vs_mosquitto_sub_qos0": ratio(0, "cpu_us", "mosquitto_sub"),
        "lost": max(sum(run["lost"] for run in found["recommended", qos, "stored"]) for qos in (0, 1)),
        "lost_by_setting": {f"{s} QoS {q} {c}": row["lost"] for (s, q, c), row in rows.items()},
        "rows": {f"{s} QoS {q} {c}": {k: round(v, 2) for k, v in row.items()} for (s, q, c), row in rows.items()},
    }
    print(json.dumps(summary))


if __name__ == "__main__":
    main()
