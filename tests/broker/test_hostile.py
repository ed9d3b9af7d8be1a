"""Three hundred hostile payloads over a real broker change nothing but counters."""

import random
from collections.abc import Callable

from tests.broker.plant import Broker, Listener, Publisher, until
from twin_app.model.message import Status

Listen = Callable[..., Listener]
TOPICS = (
    "plant/Filler/Status/StateCurrentStr", "plant/Filler/Status/StateCurrent", "plant/Filler/Status/CurMachSpeed",
    "plant/Filler/Admin/ProdProcessedCount/0/AccCount", "plant/Filler/Status/EquipmentInterlock/Starved", "json/Filler",
)  # fmt: skip
JSON = TOPICS[-1]


def hostile() -> list[tuple[str, bytes]]:
    """Return 300 payloads that no topic can mean well: broken, binary, deep, huge, of the wrong type."""
    chance = random.Random(20261123)
    found = [(JSON, b"[" * 200_000), (JSON, b'{"a":' * 50_000), (JSON, b"x" * 10 * 1024 * 1024), (TOPICS[2], b"9" * 10 * 1024 * 1024)]
    shapes: tuple[Callable[[], bytes], ...] = (
        lambda: b'{"State": "Execute"'[: chance.randrange(1, 18)],
        lambda: bytes([0xFF, *chance.randbytes(chance.randrange(1, 400))]),
        lambda: b"[1, 2, 3]",
        lambda: b'{"State": ["Execute"], "Processed": {"deep": {"deeper": {"deepest": {"bottom": 1}}}}}',
        lambda: b'{"Processed": "many", "State": true, "Mode": null}',
        lambda: b"",
        lambda: b"<state>Execute</state>",
        lambda: b'"\\u0000"',
    )
    while len(found) < 300:
        found.append((chance.choice(TOPICS), chance.choice(shapes)()))
    return found


def test_that_three_hundred_hostile_payloads_change_nothing_but_counters(broker: Broker, publisher: Publisher, listen: Listen) -> None:
    listener = listen(broker.address).start().connected()
    good = ((TOPICS[0], b"Execute"), (TOPICS[2], b"99.5"), (TOPICS[3], b"7"), (TOPICS[4], b"false"))
    for topic, payload in good:
        publisher.say(topic, payload)
    publisher.sync()
    until(lambda: listener.series("Filler", "Starved"))
    before = {name: listener.series("Filler", name) for name in ("State", "CurMachSpeed", "Processed", "Starved")}
    signals = len(listener.signals)
    said = hostile()
    for topic, payload in said:
        publisher.say(topic, payload)
    publisher.sync()
    until(lambda: listener.health.received == len(good) + 300, seconds=30)
    assert {name: listener.series("Filler", name) for name in before} == before
    assert len(listener.signals) == signals
    health = listener.health
    assert sum(health.refused.values()) == 300
    assert (health.status, health.error, health.reconnects, health.unknown_states) == (Status.CONNECTED, "", 0, {})
    publisher.say(TOPICS[0], b"Held")
    until(lambda: listener.words("Filler", "State") == ["Execute", "Held"])
    newest = listener.store.raw.newest(2**62, 301)
    assert all(raw.refused.startswith("Refused: ") for raw in newest[1:])
