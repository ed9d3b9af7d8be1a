"""Coverage-guided fuzzing of the Sparkplug host: bytes are a story of messages, and whatever it tells must end in samples or refusals.

    nice python benchmarks/soak_fuzz_sparkplug.py [--seconds 600] [--corpus FOLDER]

Needs atheris (`pip install atheris`, Linux and macOS), which is no dependency of the product: it grows inputs that reach new lines of
our code. The recorded programs are the first inputs. Ends with the number of runs and the growth of memory, or with the story that broke it.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

with atheris.instrument_imports(include=["twin_app.codec"]):
    from twin_app.codec.decoder import Decoder
    from twin_app.errors import DecodeError
    from twin_app.model.equipment import Line, MapRule, SourceSpec, Unit
    from twin_app.model.message import Message
    from twin_app.model.samples import SampleColumns, TextTable
    from twin_app.model.signal import SignalTable

KINDS = ("NBIRTH", "DBIRTH", "NDATA", "DDATA", "NDEATH", "DDEATH")
NOON_NS = 1_795_425_957_000 * 1_000_000
RETAINED = 0xF0
STEP_NS = 700_000_000
SOURCE = SourceSpec(id="plant", title="", rules=(MapRule(topic="spBv1.0/G/+/E/{unit}/{tag...}", dialect="sparkplug_b"),))
LINE = Line(
    path=Path("line.toml"), content_hash="", id="L1", title="", enterprise="E", site="S", area="A", zone="UTC", unit_of_count="",
    constraint="Filler", units=(Unit(id="Filler", title="", type="filler", source="plant"),), sources=(SOURCE,), products=(),
)  # fmt: skip


class Soak:
    """Counts what was run."""

    def __init__(self) -> None:
        """Start the clock."""
        self.runs = self.messages = self.refused = self.samples = self.first_kb = 0
        self.began_s = time.monotonic()

    def story(self, data: bytes) -> None:
        """Play one story: messages as a kind, two bytes of length, and a payload; any exception but a refusal ends the soak."""
        columns = SampleColumns()
        decoder = Decoder(LINE, SOURCE, SignalTable(), TextTable())
        at, count = 0, 0
        while at + 3 <= len(data):
            kind, retain = KINDS[data[at] % len(KINDS)], data[at] >= RETAINED
            size = int.from_bytes(data[at + 1 : at + 3], "little")
            topic = f"spBv1.0/G/{kind}/E" + ("/Filler" if kind.startswith("D") else "")
            message = Message(count, "plant", topic, data[at + 3 : at + 3 + size], NOON_NS + count * STEP_NS, 0, retain)
            at, count = at + 3 + size, count + 1
            try:
                decoder.decode(message, columns)
            except DecodeError:
                self.refused += 1
        decoder.settle(2**62, columns)
        samples = columns.take_all()
        assert decoder.tally.received == count  # noqa: S101 - a soak that finds a lie must stop
        assert not len(samples) or int(samples.message.max()) < count  # noqa: S101 - as above
        self.runs, self.messages, self.samples = self.runs + 1, self.messages + count, self.samples + len(samples)
        if self.runs == 1_000:  # noqa: PLR2004 - warm by then
            self.first_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def report(self) -> None:
        """Print the figures."""
        seconds, most_kb = time.monotonic() - self.began_s, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"{self.runs:,} stories, {self.messages:,} messages, {self.refused:,} refused, {self.samples:,} samples in {seconds:.0f} s")
        print(f"memory after 1,000: {self.first_kb / 1024:.0f} MiB, most: {most_kb / 1024:.0f} MiB")


def seeds(folder: Path) -> None:
    """Write the recorded programs as first inputs: each message alone, and stories of eight."""
    for capture in sorted((ROOT / "tests/data/captures").glob("*spark*.jsonl")):
        with capture.open(encoding="utf-8") as file:
            rows = [json.loads(line) for line in file]
        told = [_told(row["topic"], base64.b64decode(row["payload"])) for row in rows if "CMD" not in row["topic"]]
        for i, one in enumerate(told[:40]):
            (folder / f"{capture.stem}-{i}").write_bytes(one)
        for i in range(0, len(told), 8):
            (folder / f"{capture.stem}-story-{i}").write_bytes(b"".join(told[:2] + told[i : i + 8]))


def _told(topic: str, payload: bytes) -> bytes:
    """Return one message as a story tells it."""
    return bytes((KINDS.index(topic.split("/")[2]),)) + len(payload).to_bytes(2, "little") + payload


def main() -> None:
    """Fuzz for as long as told."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=int, default=600)
    arguments.add_argument("--corpus", type=Path)
    asked = arguments.parse_args()
    corpus = asked.corpus or Path(tempfile.mkdtemp(prefix="sparkplug-fuzz-"))
    corpus.mkdir(parents=True, exist_ok=True)
    seeds(corpus)
    soak = Soak()

    def one_input(data: bytes) -> None:
        """Play one story; report shortly before the fuzzer leaves without a word."""
        soak.story(data)
        if time.monotonic() - soak.began_s > asked.seconds:
            soak.report()
            sys.stdout.flush()
            os._exit(0)  # the fuzzer takes any other end for a crash

    atheris.Setup(
        [sys.argv[0], str(corpus), "-max_len=8192", f"-artifact_prefix={corpus}/", "-timeout=10", "-rss_limit_mb=2048", "-verbosity=0"],
        one_input,
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
