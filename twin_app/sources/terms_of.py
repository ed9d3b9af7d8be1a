"""What a source asks of a broker: filters, client id, and the one thing it may publish. The source and `twin-app acl` both ask here."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from twin_app.codec.topics import subscriptions
from twin_app.layout import sparkplug
from twin_app.text import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin_app.model.equipment import SourceSpec
    from twin_app.sources.address import BrokerAddress

DROPPED_TOPIC = "$SYS/broker/publish/messages/dropped"
_ID_CHARS = 10
_TOPICS_NAMED = 5


def filters_of(source: SourceSpec, *, kept: bool) -> tuple[tuple[str, int], ...]:
    """Return every filter that a source subscribes to, with its quality of service; `kept`: in a session that the broker keeps."""
    return (*((f, 1 if kept else source.qos) for f in subscriptions(source)), (DROPPED_TOPIC, 0))


def published_by(source: SourceSpec) -> tuple[str, ...]:
    """Return filters for all that a source may publish: requests for Sparkplug births, where the layout allows them; else nothing."""
    if not source.rebirth:
        return ()
    heads = [sparkplug.head(rule.topic) for rule in source.rules if rule.dialect == sparkplug.DIALECT and not rule.ignore]
    orders = (head.filter.rpartition("/")[0].rpartition("/")[0] + "/NCMD/" + head.filter.rpartition("/")[2] for head in heads if head)
    return tuple(dict.fromkeys(orders))


def client_prefix(source: SourceSpec) -> str:
    """Return how the ids begin under which a source logs in, where no session is kept; each is unique."""
    return f"twin-app-{source.id[:_ID_CHARS]}-"


def client_id(source: SourceSpec) -> str:
    """Return a new client id for a source."""
    return client_prefix(source) + secrets.token_hex(4)


def silent(filters: Sequence[tuple[str, int]], seen: Sequence[str]) -> str:
    """Return what to say of a source on whose topics nothing came, while the broker speaks of others."""
    own = ", ".join(f for f, _ in filters if f != DROPPED_TOPIC)
    topics = ", ".join(seen[:_TOPICS_NAMED]) + (", …" if len(seen) > _TOPICS_NAMED else "")
    return tr(
        "Nothing came on {filters}, but the broker speaks of {topics}. If the line should be there, correct [[source.map]] in the layout.",
        filters=own, topics=topics,
    )  # fmt: skip


def plain_password(broker: BrokerAddress, password: str) -> str:
    """Return the warning where a password goes over the network unprotected, empty where there is none or TLS protects it."""
    if not password or broker.tls:
        return ""
    return tr("The password for {broker} goes over the network unprotected. Use mqtts:// if the broker speaks TLS.", broker=broker)
