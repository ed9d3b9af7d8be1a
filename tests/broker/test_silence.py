"""A source whose topics nobody speaks on names what it hears instead, and takes nothing of it for the line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.broker.plant import until
from twin_app.sources import look_round

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.broker.plant import Broker, Listener, Publisher


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a source look round soon, and shortly."""
    monkeypatch.setattr(look_round, "QUIET_S", 0.2)
    monkeypatch.setattr(look_round, "LASTS_S", 0.4)


def test_that_topics_beside_the_lines_own_are_named_and_counted_nowhere(
    broker: Broker, publisher: Publisher, listen: Callable[..., Listener]
) -> None:
    for unit in ("mixer", "oven"):
        publisher.say(f"Works/{unit}/temp", "21", retain=True)
    publisher.sync()
    listener = listen(broker.address).start().connected()
    until(lambda: listener.health.elsewhere)
    health = listener.health
    assert set(health.elsewhere) == {"Works/mixer/temp", "Works/oven/temp"}
    assert (health.received, health.unmapped, health.refused, health.retained) == (0, {}, {}, 0)
    assert any("Nothing came on plant/+/#" in warning and "Works/oven/temp" in warning for warning in health.warnings)
    publisher.say("Works/mixer/temp", "22")
    publisher.say("plant/Filler/Status/StateCurrentStr", "Execute")
    until(lambda: listener.words("Filler", "State") == ["Execute"])
    health = listener.health
    assert (health.received, health.unmapped, health.elsewhere, health.warnings) == (1, {}, (), ())


def test_that_a_message_of_the_line_is_taken_while_the_source_looks_round(
    broker: Broker, publisher: Publisher, listen: Callable[..., Listener]
) -> None:
    listener = listen(broker.address).start().connected()
    look = listener.source._look
    assert look is not None
    until(lambda: look.looking)
    publisher.say("plant/Filler/Status/StateCurrentStr", "Execute")
    publisher.say("Works/oven/temp", "21")
    publisher.say("plant/Filler/Status/StateCurrentStr", "Held")
    until(lambda: listener.words("Filler", "State") == ["Execute", "Held"])
    until(lambda: not look.looking)
    assert (listener.health.received, listener.health.unmapped, listener.health.elsewhere) == (2, {}, ())
