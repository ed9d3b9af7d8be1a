"""Coverage-guided fuzzing of a decoder: bytes are a story of messages, and whatever it tells must end in samples or refusals.

    nice python benchmarks/soak_fuzz.py sparkplug|compressed|json [--seconds 600] [--corpus FOLDER]

`compressed` is Sparkplug's path through GZIP and DEFLATE: bytes that claim to be compressed, and compressed bytes that claim to
be a payload. `json` tells the same bytes to every dialect that reads JSON. Needs atheris (`pip install atheris`, Linux and macOS),
which is no dependency of the product: it grows inputs that reach new lines of our code. The recorded programs are the first
inputs. Ends with the number of runs and the growth of memory, or with the story that broke it.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import json
import os
import resource
import sys
import tempfile
import time
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import atheris

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

with atheris.instrument_imports(include=["twin_app.codec"]):
    from twin_app.codec.decoder import Decoder
    from twin_app.codec.sparkplug.wire import COMPRESSED
    from twin_app.errors import DecodeError
    from twin_app.model.equipment import Line, MapRule, SourceSpec, Unit
    from twin_app.model.message import Message
    from twin_app.model.samples import SampleColumns, TextTable
    from twin_app.model.signal import SignalTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KINDS = ("NBIRTH", "DBIRTH", "NDATA", "DDATA", "NDEATH", "DDEATH")
TAGS = ("state", "connection", "visualization", "order", "_raw/x", "_historian/a/b", "x")
NOON_NS = 1_795_425_957_000 * 1_000_000
RETAINED = 0xF0
STEP_NS = 700_000_000
SPARKPLUG = (MapRule(topic="spBv1.0/G/+/E/{unit}/{tag...}", dialect="sparkplug_b"),)
JSON = (
    MapRule(topic="flat/{unit}/#", dialect="json_flat", time_field="t", time_unit="auto"),
    MapRule(topic="json/{unit}/#", dialect="json", time_field="t", time_unit="auto", time_zone="Asia/Shanghai"),
    MapRule(topic="each/{unit}/#", dialect="json", each="a", time_field="t", time_unit="ms", signals={"v": "State", "a[*].v": "Processed"}),
    MapRule(topic="named/{unit}/#", dialect="json", each="a.*", name_field="name", value_field="v"),
    MapRule(topic="rows/{unit}/#", dialect="json", each="a[*].a", time_field="[0]"),
    MapRule(topic="judged/{unit}/#", dialect="json", each="a", name_field="name", value_field="v", quality_field="t"),
    MapRule(topic="called/{unit}/#", dialect="json_flat", quality_field="value", quality_codes="opc_da"),
    MapRule(topic="umh/v1/#", dialect="umh"),
    MapRule(topic="uagv/v2/acme/{unit}/+", dialect="vda5050", signals={"a[0].v": "Extra"}),
)
UNIT = Unit(id="Filler", title="", type="filler", source="plant")


def source_of(rules: tuple[MapRule, ...]) -> SourceSpec:
    """Return a source that is read by some rules."""
    return SourceSpec(id="plant", title="", rules=rules)


def decoder_of(source: SourceSpec) -> Decoder:
    """Return a decoder that knows nothing yet."""
    line = Line(
        path=Path("line.toml"), content_hash="", id="L1", title="", enterprise="E", site="S", area="A", zone="UTC", unit_of_count="",
        constraint="Filler", units=(UNIT,), sources=(source,), products=(),
    )  # fmt: skip
    return Decoder(line, source, SignalTable(), TextTable())


def parts(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Give the messages of a story, each a byte and a payload whose length is told by two bytes."""
    at = 0
    while at + 3 <= len(data):
        size = int.from_bytes(data[at + 1 : at + 3], "little")
        yield data[at], data[at + 3 : at + 3 + size]
        at += 3 + size


def sparkplug(data: bytes) -> Iterator[tuple[str, bytes, bool]]:
    """Give topic, payload and whether it was retained."""
    for head, payload in parts(data):
        kind = KINDS[head % len(KINDS)]
        yield f"spBv1.0/G/{kind}/E" + ("/Filler" if kind.startswith("D") else ""), payload, head >= RETAINED


def compressed(data: bytes) -> Iterator[tuple[str, bytes, bool]]:
    """Give the same, each payload in a compressed one: as it is, or compressed in one of three ways."""
    for (topic, payload, retain), (head, _) in zip(sparkplug(data), parts(data), strict=True):
        raw = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        body = (payload, gzip.compress(payload), zlib.compress(payload), raw.compress(payload) + raw.flush())[(head // len(KINDS) + 1) % 4]
        yield topic, _field(4, COMPRESSED.encode()) + _field(5, body), retain


def json_of_all(data: bytes) -> Iterator[tuple[str, bytes, bool]]:
    """Give every payload to every dialect that reads JSON."""
    for head, payload in parts(data):
        for rule in JSON:
            topic = rule.topic.replace("{unit}", "Filler").rstrip("#+")
            place = "E/S/A/Filler/" if rule.dialect == "umh" else ""
            yield topic + place + TAGS[head % len(TAGS)], payload, head >= RETAINED


def _field(number: int, body: bytes) -> bytes:
    """Return a field of bytes as protobuf has it."""
    size, length = len(body), bytearray()
    while size > 127:  # noqa: PLR2004 - seven bits a byte
        length.append(size & 127 | 128)
        size >>= 7
    return bytes((number << 3 | 2, *length, size)) + body


TARGETS: dict[str, tuple[SourceSpec, Callable[[bytes], Iterator[tuple[str, bytes, bool]]]]] = {
    "sparkplug": (source_of(SPARKPLUG), sparkplug),
    "compressed": (source_of(SPARKPLUG), compressed),
    "json": (source_of(JSON), json_of_all),
}


class Soak:
    """Tells stories, and counts what was run."""

    def __init__(self, target: str) -> None:
        """Start the clock."""
        self.source, self.messages_of = TARGETS[target]
        self.runs = self.messages = self.refused = self.samples = self.first_kb = 0
        self.began_s = time.monotonic()

    def story(self, data: bytes) -> None:
        """Tell one story; any exception but a refusal ends the soak."""
        columns, decoder, count = SampleColumns(), decoder_of(self.source), 0
        for topic, payload, retain in self.messages_of(data):
            message = Message(count, "plant", topic, payload, NOON_NS + count * STEP_NS, 0, retain)
            count += 1
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


def seeds(folder: Path, target: str) -> None:
    """Write the recorded programs as first inputs: each message alone, and stories of eight."""
    for capture in sorted((ROOT / "tests/data/captures").glob("*.jsonl")):
        if ("spark" in capture.stem) == (target == "json"):
            continue
        with capture.open(encoding="utf-8") as file:
            rows = [json.loads(line) for line in file]
        told = [_told(row["topic"], _payload(row)) for row in rows if "CMD" not in row["topic"]]
        for i, one in enumerate(told[:40]):
            (folder / f"{capture.stem}-{i}").write_bytes(one)
        for i in range(0, min(len(told), 400), 8):
            (folder / f"{capture.stem}-story-{i}").write_bytes(b"".join(told[:2] + told[i : i + 8]))
    samples = b'{"t":1795425957000,"a":[{"name":"v","v":1,"t":"2026-11-23T09:25:57Z"}],"timestamp_ms":1795425957000,"value":1.5}'
    (folder / "samples").write_bytes(_told("x", samples))


def _payload(row: dict[str, str]) -> bytes:
    """Return the payload of a captured message."""
    return row["payload"].encode() if row.get("enc") == "utf8" else base64.b64decode(row["payload"])


def _told(topic: str, payload: bytes) -> bytes:
    """Return one message as a story tells it."""
    kind, tag = topic.split("/")[2:3], topic.rpartition("/")[2]
    head = KINDS.index(kind[0]) if kind and kind[0] in KINDS else TAGS.index(tag) if tag in TAGS else 0
    return bytes((head,)) + len(payload).to_bytes(2, "little") + payload


def main() -> None:
    """Fuzz for as long as told."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("target", choices=TARGETS)
    arguments.add_argument("--seconds", type=int, default=600)
    arguments.add_argument("--corpus", type=Path)
    asked = arguments.parse_args()
    corpus = asked.corpus or Path(tempfile.mkdtemp(prefix=f"{asked.target}-fuzz-"))
    corpus.mkdir(parents=True, exist_ok=True)
    seeds(corpus, asked.target)
    soak = Soak(asked.target)

    def one_input(data: bytes) -> None:
        """Tell one story; report shortly before the fuzzer leaves without a word."""
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
