"""Samples as MCAP, a channel a signal, through a library that comes with an extra. Not for other formats.

Each message is the JSON object of the JSON lines; `log_time` is when the sample is effective, `publish_time` what the source says, else
when it was received (https://mcap.dev/spec, JSON Schema as schema encoding).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, BinaryIO

from twin_app.errors import UsageError
from twin_app.export.rows import batches, rows
from twin_app.export.words import HEADINGS, json_line
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.export.choice import Choice
    from twin_app.export.rows import Tally
    from twin_app.session import Session

SCHEMA = {
    "title": "sample",
    "type": "object",
    "properties": {name: {"type": ["boolean", "string", "number", "null"] if name == "value" else ["string", "null"]} for name in HEADINGS}
    | {"simulated": {"type": "boolean"}},
}


def library() -> Any:  # noqa: ANN401 - the library has no annotations
    """Return the writer of MCAP.

    Raises:
        UsageError: it is not installed.
    """
    try:
        from mcap import writer  # noqa: PLC0415 - an extra
    except ImportError as error:
        what = N_("MCAP needs a library that is not installed.")
        raise UsageError(what, tip=N_("Install it: pip install 'twin-app[export]'. CSV and JSON lines need none.")) from error
    return writer


def write_mcap(out: BinaryIO, session: Session, choice: Choice, tally: Tally, progress: Callable[[int], None]) -> None:
    """Write the chosen samples."""
    mcap = library()
    writer = mcap.Writer(out, compression=mcap.CompressionType.ZSTD)
    writer.start(profile="", library="twin-app")
    schema = writer.register_schema(name="sample", encoding="jsonschema", data=json.dumps(SCHEMA).encode())
    channels: dict[tuple[str, str], int] = {}
    simulated = session.simulated
    for samples in batches(session, choice, tally, progress):
        for row in rows(session, samples):
            key = (row.unit, row.signal)
            if key not in channels:
                about = {"unit_of_measure": row.unit_of_measure, "simulated": str(simulated).lower()}
                channels[key] = writer.register_channel(
                    topic=f"{row.unit}/{row.signal}", message_encoding="json", schema_id=schema, metadata=about
                )
            said_ns = row.source_ns if row.source_ns is not None else row.received_ns
            writer.add_message(
                channel_id=channels[key], log_time=row.effective_ns, publish_time=row.effective_ns if said_ns is None else said_ns,
                data=json_line(row, simulated=simulated).rstrip(b"\n"),
            )  # fmt: skip
    writer.finish()
