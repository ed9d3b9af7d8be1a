"""First-out: what only follows from another alarm stands under it. The line is Filler > Capper > Packer; times are seconds."""

from __future__ import annotations

from tests.alarms.conftest import Bench
from twin_app.model.alarm_rule import AlarmRule

JAM = AlarmRule(signal="Jam", priority=1)
WAITS = AlarmRule(name="Suspended", on_delay_s=10.0)


def stop_at(bench: Bench, unit: str, second: float, state: str, *, starved: bool = False, blocked: bool = False) -> None:
    """Let a unit leave Execute."""
    bench.say(second, "Starved", float(starved), unit=unit)
    bench.say(second, "Blocked", float(blocked), unit=unit)
    bench.say(second, "State", state, unit=unit)


def running(*alarms: AlarmRule) -> Bench:
    """Return a line that executes."""
    bench = Bench(WAITS, *alarms)
    for unit in ("Filler", "Capper", "Packer"):
        bench.say(-100, "State", "Execute", unit=unit)
    return bench


def under(bench: Bench, second: float) -> dict[str, str]:
    """Return under which alarm each listed one folds."""
    return {now.alarm.key: now.under for now in bench.picture(second).listed}


def test_that_units_starved_along_the_line_fold_under_the_stop_that_came_first() -> None:
    bench = running()
    stop_at(bench, "Filler", 0, "Aborted")
    stop_at(bench, "Capper", 5, "Suspended", starved=True)
    stop_at(bench, "Packer", 20, "Suspended", starved=True)
    assert under(bench, 40) == {"Filler/Aborted": "", "Capper/Suspended": "Filler/Aborted", "Packer/Suspended": "Filler/Aborted"}
    units = bench.picture(40).units
    assert {unit: (shown.priority, shown.consequence) for unit, shown in units.items()} == {
        "Filler": (1, False), "Capper": (3, True), "Packer": (3, True),
    }  # fmt: skip


def test_that_a_blocked_unit_folds_downstream() -> None:
    bench = running()
    stop_at(bench, "Packer", 0, "Aborted")
    stop_at(bench, "Capper", 5, "Suspended", blocked=True)
    stop_at(bench, "Filler", 9, "Suspended", blocked=True)
    assert under(bench, 40)["Filler/Suspended"] == "Packer/Aborted"


def test_that_a_starved_unit_does_not_fold_under_what_stands_behind_it() -> None:
    bench = running()
    stop_at(bench, "Packer", 0, "Aborted")
    stop_at(bench, "Capper", 5, "Suspended", starved=True)
    assert under(bench, 40)["Capper/Suspended"] == ""


def test_that_what_was_wrong_before_its_stop_is_the_cause_and_not_an_old_standing_alarm() -> None:
    bench = running(JAM, AlarmRule(signal="Worn", priority=1))
    bench.say(-99, "Worn", 1.0)  # stands since long before
    bench.say(0, "Jam", 1.0)
    stop_at(bench, "Filler", 2, "Aborted")
    stop_at(bench, "Capper", 8, "Suspended", starved=True)
    assert under(bench, 40) == {"Filler/Worn": "", "Filler/Jam": "", "Filler/Aborted": "Filler/Jam", "Capper/Suspended": "Filler/Jam"}


def test_that_a_machine_that_says_why_a_moment_later_is_understood() -> None:
    bench = running(JAM)
    stop_at(bench, "Filler", 0, "Aborted")
    assert under(bench, 0.5) == {"Filler/Aborted": ""}
    bench.say(1, "Jam", 1.0)
    assert under(bench, 5) == {"Filler/Aborted": "Filler/Jam", "Filler/Jam": ""}
    assert under(bench, 0.5) == {"Filler/Aborted": ""}


def test_that_an_alarm_is_as_grave_as_its_machine_says() -> None:
    bench = running()
    bench.say(0, "Alarm[1].Category", 1.0)
    bench.say(0, "Alarm[1]", 1.0)
    stop_at(bench, "Filler", 0, "Aborted")
    assert under(bench, 5) == {"Filler/Alarm[1]": "", "Filler/Aborted": "Filler/Alarm[1]"}


def test_that_nothing_folds_under_what_is_less_grave() -> None:
    bench = running(AlarmRule(signal="Note", priority=4))
    bench.say(0, "Note", 1.0)
    stop_at(bench, "Filler", 2, "Aborted")
    assert under(bench, 40) == {"Filler/Note": "", "Filler/Aborted": ""}


def test_that_a_cause_that_is_over_still_explains_a_gap_that_travels_while_it_is_listed() -> None:
    bench = running()
    stop_at(bench, "Filler", 0, "Aborted")
    bench.say(30, "State", "Execute")
    stop_at(bench, "Capper", 35, "Suspended", starved=True)
    assert under(bench, 50) == {"Filler/Aborted": "", "Capper/Suspended": "Filler/Aborted"}


def test_that_late_news_of_the_cause_folds_what_stood_for_itself() -> None:
    bench = running()
    stop_at(bench, "Capper", 5, "Suspended", starved=True)
    assert under(bench, 40) == {"Capper/Suspended": ""}
    stop_at(bench, "Filler", 0, "Aborted")
    assert under(bench, 40) == {"Filler/Aborted": "", "Capper/Suspended": "Filler/Aborted"}
