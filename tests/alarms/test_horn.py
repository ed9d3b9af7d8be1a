"""The horn: until what waits is acknowledged, or silenced at this station."""

from __future__ import annotations

from tests.alarms.conftest import Bench, at
from twin_app.alarms.horn import Horn
from twin_app.model.alarm import Why
from twin_app.model.alarm_rule import AlarmRule

RULES = (AlarmRule(signal="Jam", priority=2), AlarmRule(signal="Note", priority=4), AlarmRule(signal="Fire", priority=1))


def test_that_it_sounds_for_the_gravest_that_waits_until_it_is_acknowledged(make_bench: type[Bench]) -> None:
    bench, horn = make_bench(*RULES), Horn()
    bench.say(0, "Jam", 1.0)
    bench.say(0, "Note", 1.0)
    assert horn.sounds(bench.picture(1), 4) == 2
    bench.say(2, "Jam", 0.0)  # it is over, and nobody has seen it
    assert horn.sounds(bench.picture(3), 4) == 2
    bench.act(4, Why.ACKNOWLEDGE)
    assert horn.sounds(bench.picture(5), 4) == 4
    assert horn.sounds(bench.picture(5), 3) == 0


def test_that_silence_is_of_the_sound_alone_and_ends_with_what_comes_next(make_bench: type[Bench]) -> None:
    bench, horn = make_bench(*RULES), Horn()
    bench.say(0, "Jam", 1.0)
    horn.silence(bench.picture(1))
    assert horn.sounds(bench.picture(1), 4) == 0
    assert bench.state(1) == "B"
    bench.say(5, "Fire", 1.0)
    assert horn.sounds(bench.picture(6), 4) == 1
    horn.silence(bench.picture(6))
    bench.say(7, "Jam", 0.0)
    bench.say(8, "Jam", 1.0)  # the same alarm again
    assert horn.sounds(bench.picture(9), 4) == 2


def test_that_what_is_shelved_makes_no_sound(make_bench: type[Bench]) -> None:
    bench, horn = make_bench(*RULES), Horn()
    bench.say(0, "Jam", 1.0)
    bench.fold()
    bench.act(1, Why.SHELVE, until=100)
    assert horn.sounds(bench.alarms.at(at(2)), 4) == 0
