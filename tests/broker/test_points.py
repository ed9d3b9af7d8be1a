"""The point list of a line that is live."""

import threading
import time
from pathlib import Path

from tests.broker.plant import Broker, Publisher
from twin_app.service.points import points

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "models3d/lines/packaging.toml"


def test_that_a_broker_is_listened_to_for_as_long_as_asked_and_no_longer(broker: Broker, publisher: Publisher) -> None:
    over = threading.Event()

    def speak() -> None:
        while not over.wait(0.05):
            publisher.say("PlantA/Packaging/Filler/Status/StateCurrentStr", "Execute")

    machine = threading.Thread(target=speak)
    machine.start()
    told: list[float] = []
    began_s = time.monotonic()
    try:
        found = points(PACKAGING, [broker.address], listen_s=1.5, progress=lambda seconds, _health: told.append(seconds))
    finally:
        over.set()
        machine.join()
    assert 1.5 <= time.monotonic() - began_s < 8
    by_name = {f"{point.unit}.{point.signal}": point for point in found.points}
    assert by_name["Filler.State"].heard.samples > 5
    assert {name for name, point in by_name.items() if point.missing} == {"Capper.State", "Labeller.State", "Filler.ProductTemperature"}
    assert told == sorted(told)
    assert len(told) > 5


def test_that_a_broker_on_which_nobody_speaks_has_not_failed(broker: Broker) -> None:
    found = points(PACKAGING, [broker.address], listen_s=0.8)
    assert not found.health[0].error
    assert all(not point.heard.samples for point in found.points if not point.derived)
