"""What is asked of units now and then: the last part they gave, and the energy they used."""

import math
from dataclasses import replace

from tests.session.plant import LINE, Bench, at

RULE = replace(LINE.sources[0].rules[0], units_of_measure={"Energy": "kWh", "Meter": "MJ"})
METERED = replace(LINE, sources=(replace(LINE.sources[0], rules=(RULE,)),))


def test_that_the_last_part_is_when_the_count_rose_and_not_when_it_was_said_again() -> None:
    bench = Bench(METERED, live=False)
    for second, count in ((0, 10), (10, 11), (20, 11), (30, 11)):
        bench.source.say(second, State="Execute", Processed=count)
    bench.session.fold()
    assert bench.session.usage(at(0), at(25)).last_part_ns == {"Filler": at(10), "Capper": None}
    assert bench.session.usage(at(0), at(10)).last_part_ns["Filler"] == at(10)
    assert bench.session.usage(at(0), at(9)).last_part_ns["Filler"] is None


def test_that_energy_is_what_the_meter_went_on_by_since_the_window_began() -> None:
    bench = Bench(METERED, live=False)
    for second, energy in ((0, 100.0), (10, 101.5), (20, 104.0), (30, 1.0)):
        bench.source.say(second, Energy=energy)
    bench.source.say(5, "Capper", Meter=10.0)
    bench.source.say(15, "Capper", Meter=13.6)
    bench.session.fold()
    assert bench.session.usage(at(12), at(20)).energy_kwh["Filler"] == 2.5
    # From its first reading on, and 3.6 MJ are a kilowatt-hour.
    assert math.isclose(bench.session.usage(at(0), at(20)).energy_kwh["Capper"], 1.0)
    assert math.isnan(bench.session.usage(at(0), at(30)).energy_kwh["Filler"])  # the meter began anew: nobody knows
