"""The table that rationalises a line's alarms, and what must fit together in it. Not for judging alarms: see `alarms`."""

from __future__ import annotations

from twin_app.layout.derive_tables import MODES, STATES, Word
from twin_app.layout.kinds import Flag, Integer, Listed, Name, Number, Text
from twin_app.layout.table import Key, Table
from twin_app.model.alarm_rule import AlarmRule
from twin_app.text import tr

_SECONDS = Number(0, 86_400)
_ID = Name()
_PATTERN = Text(longest=100)
_LONGEST_SHELF_S = 30 * 86_400


ALARM = Table(
    "alarm",
    "An alarm beyond those that follow by themselves, or what is said of those. With `signal` or `states` it makes an alarm of each unit "
    "it concerns; without, it describes the alarms of its `name`, the first such table before the next. By themselves there are: "
    "`<signal>.high_high`, `.high`, `.low`, `.low_low` of a limit, the text of each fault of a fault word, `Aborted` (1), `Held` for 30 s (2), "
    "`Suspended` for longer than a minor stop (3), `Offline` of each unit and source, `Alarm[n]` of PackML's Admin.Alarm (as grave as its Category says, else 2), and "
    "`<errorType> <errorLevel>` of a VDA 5050 vehicle. [Alarms](alarms.md).",
    AlarmRule,
    (
        Key("name", _PATTERN, "Name of the alarm within its unit; `*` stands for any text.", instead="what the condition names"),
        Key("units", Listed(Text(longest=100)), "Ids of the units it concerns, `@id` for a source.", instead="all"),
        Key("signal", _PATTERN, "The signal that is judged; alone, it alarms while the signal is true. `*` stands for any text."),
        Key("above", Number(), "Alarms while the signal is above this."),
        Key("below", Number(), "Alarms while the signal is below this."),
        Key("equals", Listed(Word(), least=1), 'Alarms while the signal is one of these: `[3, "Open"]`.'),
        Key("bad", Flag(), "Alarms while the signal's quality is bad."),
        Key("silent_s", Number(0, 86_400, above=True), "Alarms once nothing was heard of the signal for so many seconds."),
        Key("states", Listed(STATES, least=1), "Alarms while the unit is in one of these states; `on_delay_s` says for how long at least."),
        Key("deadband", Number(0), "How far back beyond `above` or `below` the value must come.", instead="0"),
        Key("on_delay_s", _SECONDS, "The condition must hold for so long before it alarms.", instead="0"),
        Key("off_delay_s", _SECONDS, "The condition must be gone for so long before the alarm ends.", instead="0"),
        Key("priority", Integer(1, 4), "1 is the gravest.", instead="as above, else 3"),
        Key("text", Text(), "What the alarm says.", instead="worded from signal, limit or state"),
        Key("guidance", Text(longest=1000), "What is to be done about it."),
        Key("group", Text(longest=100), "Class of alarms that are handled alike (ISA-18.2)."),
        Key("latching", Flag(), "Whether it stays in the list until it is reset.", instead="`false`"),
        Key("enabled", Flag(), "`false`: there is no such alarm."),
        Key("suppressed_by", _ID, "A yes or no of the unit; while it is true the alarm is suppressed by design."),
        Key("suppressed_in_states", Listed(STATES), "States of the unit in which it is suppressed by design."),
        Key("suppressed_in_modes", Listed(MODES), "Modes of the unit in which it is."),
        Key("shelve_max_s", Number(0, _LONGEST_SHELF_S), "For how long it may be shelved, 0 for never.", instead="28800"),
        Key(
            "ack_signal",
            _ID,
            "A signal of the unit by which the machine or SCADA says that it was acknowledged there: by coming true, or by changing where it is "
            "a text. `Alarm[n]` takes `Alarm[n].AckDateTime`.",
        ),
        Key(
            "consequence",
            Flag(),
            "Whether it follows from what neighbours do, so that it folds under the alarm that came first on its cause.",
            instead="`true` for `Suspended`",
        ),
    ),
)


def contradictions(rule: AlarmRule) -> tuple[tuple[str, str], ...]:
    """Return what does not fit together in a rule: the key, and the sentence."""
    found = rule.conditions
    wrong = []
    if len(found) > 1:
        wrong.append((found[1], tr("stands beside {other}; allowed: one condition for each alarm", other=found[0])))
    if rule.states and rule.signal:
        wrong.append(("signal", tr("stands beside {other}; allowed: one condition for each alarm", other="states")))
    if found and not rule.makes:
        wrong.append((found[0], tr("stands without a signal that it judges")))
    if not rule.makes and not rule.name:
        wrong.append(("name", tr("is missing; allowed: a name, or a signal or states that make an alarm")))
    if rule.deadband and rule.makes and not {"above", "below"} & set(found):
        wrong.append(("deadband", tr("stands without above or below")))
    return tuple(wrong)
