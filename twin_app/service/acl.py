"""What a broker's administrator must allow for a line: read-only filters, client ids, ports; and the same for Mosquitto. Not for granting it.

Everything is asked of `sources.terms_of`, where the sources themselves ask: what is printed here is what they subscribe to (and `#`, once,
for a moment, where nothing comes on it: a broker that refuses that takes nothing away).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin_app.errors import UsageError
from twin_app.layout import load
from twin_app.sources import terms_of
from twin_app.sources.address import BrokerAddress, is_broker, parse_address
from twin_app.sources.kinds import session_file
from twin_app.text import N_, tr

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from twin_app.model.equipment import Line, SourceSpec

_PROTOCOLS = {4: "MQTT 3.1.1", 5: "MQTT 5"}
_KEPT_PREFIX = "twin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What one source needs at its broker."""

    source: str
    address: BrokerAddress | None
    """None: the layout names none; it is given at start."""
    protocol: str
    username: str
    """Empty: it logs in without one."""
    client_ids: str
    """An id, or how all ids begin, with a star behind."""
    kept: bool
    """The broker keeps its session while it is away."""
    reads: tuple[tuple[str, int], ...]
    """Filters with their quality of service."""
    publishes: tuple[str, ...]
    """Topics of Sparkplug's requests for births, where the layout allows them; else nothing."""


def accesses(layout: Path, *, source: str = "", username: str = "") -> list[Access]:
    """Return what each source of a line, or one of them, needs.

    Args:
        layout: the line.
        source: id of the one source that is asked for; empty: all.
        username: the user at the broker, where the layout names none.

    Raises:
        LayoutError: the layout is wrong.
        UsageError: there is no such source.
    """
    line = load(layout)
    chosen = [spec for spec in line.sources if source in {"", spec.id}]
    if not chosen:
        known = ", ".join(spec.id for spec in line.sources)
        raise UsageError(
            N_("{layout} has no source {source}."), tip=N_("Its sources are {known}."), layout=layout.name, source=source, known=known
        )
    return [_access(line, spec, username) for spec in chosen]


def told(found: list[Access]) -> str:
    """Return what is needed, for people."""
    return "\n".join(
        [*(row for access in found for row in (*_told(access), "")), tr("For Mosquitto, in its acl_file:"), "", mosquitto(found)]
    )


def mosquitto(found: list[Access]) -> str:
    """Return the same as lines for Mosquitto's `acl_file` (mosquitto.conf(5)): what is not allowed there is not allowed."""
    rows: list[str] = []
    for user in sorted({access.username for access in found}):  # lines before the first user are for those without one
        own = [access for access in found if access.username == user]
        anonymous = "# " + tr("clients without a user; where others log in so too, give the twin a user of its own")
        rows += ["", f"user {user}" if user else anonymous] if rows else [f"user {user}" if user else anonymous]
        rows += dict.fromkeys(f"topic read {topic}" for access in own for topic, _ in access.reads)
        rows += dict.fromkeys(f"topic write {topic}" for access in own for topic in access.publishes)
    return "\n".join(rows)


def answer(found: list[Access]) -> dict[str, object]:
    """Return the object that `twin-app acl --json` prints; keys may be added, never changed."""
    return {
        "sources": [
            {
                "source": access.source, "address": str(access.address) if access.address else None, "host": access.address.host if access.address else None,
                "port": access.address.port if access.address else None, "tls": access.address.tls if access.address else None,
                "websocket": access.address.websocket if access.address else None, "protocol": access.protocol, "username": access.username,
                "client_ids": access.client_ids, "session_kept": access.kept,
                "reads": [{"filter": topic, "qos": qos} for topic, qos in access.reads], "publishes": list(access.publishes),
            }
            for access in found
        ]
    }  # fmt: skip


def _access(line: Line, spec: SourceSpec, username: str) -> Access:
    """Return what one source needs."""
    session = session_file(line, spec).read() if spec.complete else None
    made = f"{_KEPT_PREFIX}*" if spec.complete else f"{terms_of.client_prefix(spec)}*"
    return Access(
        source=spec.id, address=parse_address(spec.address) if is_broker(spec.address) else None, protocol=_PROTOCOLS[spec.protocol],
        username=spec.username or username, client_ids=session.client_id if session is not None else made, kept=spec.complete,
        reads=terms_of.filters_of(spec, kept=spec.complete), publishes=terms_of.published_by(spec),
    )  # fmt: skip


def _told(access: Access) -> Iterator[str]:
    """Give the lines about one source."""
    yield tr("Source {source}", source=access.source)
    yield "  " + _where(access)
    yield "  " + (tr("User {user}", user=access.username) if access.username else tr("Without a user; --username NAME names one"))
    if access.kept:
        yield "  " + tr("Client id {id}; its session is kept while the twin is away (clean session off)", id=access.client_ids)
    else:
        yield "  " + tr("Client ids {id}, a new one at each start, each with a clean session", id=access.client_ids)
    for topic, qos in access.reads:
        why = "  " + tr("(what the broker itself drops; the twin does without)") if topic == terms_of.DROPPED_TOPIC else ""
        yield "  " + tr("reads {filter}, quality of service {qos}", filter=topic, qos=qos) + why
    for topic in access.publishes:
        yield "  " + tr("publishes {filter}: requests for Sparkplug births, because the layout says rebirth = true", filter=topic)
    if not access.publishes:
        yield "  " + tr("publishes nothing")


def _where(access: Access) -> str:
    """Return where the source logs in, and how."""
    broker = access.address
    if broker is None:
        return tr(
            "The address is given at start; usual ports: 1883, with TLS 8883, websockets 80 and 443. {protocol}", protocol=access.protocol
        )
    way = tr("websocket {path}", path=broker.path) if broker.websocket else tr("TCP")
    tls = tr("with TLS") if broker.tls else tr("without TLS")
    return tr(
        "Host {host}, port {port}, {way} {tls}, {protocol}", host=broker.host, port=broker.port, way=way, tls=tls, protocol=access.protocol
    )  # fmt: skip
