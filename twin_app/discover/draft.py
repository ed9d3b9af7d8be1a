"""A suggestion written down as a layout file that a person reads and corrects: every guess says that it is one. Not for guessing."""

from __future__ import annotations

import json
import re
import textwrap
from typing import TYPE_CHECKING

from twin_app.discover.fields import Kind
from twin_app.model.signal import PROCESSED
from twin_app.text import clock_time, duration, number, tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import tzinfo

    from twin_app.discover.fields import FieldProfile
    from twin_app.discover.profile import TopicProfile
    from twin_app.discover.suggestion import Machine, Suggestion
    from twin_app.discover.survey import Survey
    from twin_app.model.equipment import Line, MapRule, SourceSpec, Unit

WIDTH = 118
COMMENT_AT = 42
"""Where comments behind a value begin, if it is that short."""
LISTED = 20
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_FEW_WORDS = 4


def written(suggestion: Suggestion, survey: Survey, *, heard_on: str) -> str:
    """Return the text of a layout file; read back it is the suggestion's line.

    Args:
        suggestion: what to write.
        survey: what was heard, for what is left open.
        heard_on: where: a broker's address, or a file's name.
    """
    line = suggestion.line
    parts = [
        *_head(suggestion, survey, heard_on, line.tz), "", "schema = 1", "", *_line(line), "", *_rule(tr("Where messages come from")), "",
        *_source(suggestion, heard_on), *_not_understood(survey), "", *_rule(tr("The machines; positions in metres")), "", *_flow(suggestion),
    ]  # fmt: skip
    for machine, unit in zip(suggestion.machines, line.units, strict=True):
        parts += ["", *_unit(machine, unit)]
    parts += ["", *_product(suggestion)]
    return "\n".join(parts) + "\n"


def _head(suggestion: Suggestion, survey: Survey, heard_on: str, zone: tzinfo) -> list[str]:
    """Return what the file is, and what to do with it."""
    rows = [
        tr(
            "A DRAFT, made from what was heard on {source} in {time} from {start} on: {n} messages.", source=heard_on, time=duration(survey.seconds),
            start=clock_time(survey.start_ns, zone, date=True), n=number(survey.messages),
        ),
        tr("It loads and runs as it is. What is marked with “guess” rests on names or on little: check it, then take the mark away."),
        tr("Every key is explained in docs/layout.md; `twin-app check FILE` lists everything that is wrong, with line and cure."),
    ]  # fmt: skip
    if suggestion.simulated:
        rows.insert(1, tr("SIMULATED: what was heard was made by a simulation, not by machines."))
    return [line for row in rows for line in _comment(row)]


def _line(line: Line) -> list[str]:
    """Return the table of the line."""
    by_topics = tr("guess: named by the topics")
    rows = ["[line]", _key("id", line.id, by_topics)]
    rows += [_key("enterprise", line.enterprise, by_topics)] if line.enterprise else []
    rows += [
        _key("site", line.site, by_topics), _key("area", line.area, by_topics), _key("zone", line.zone, tr("guess: the zone of this computer") if line.zone != "UTC" else tr("guess: this computer tells no other")),
        _key("constraint", line.constraint, tr("guess: the machine that sets the pace; the line's OEE is measured by its ideal cycle")),
        *_comment(tr('unit_of_count = "bottle" would say what the line is counted in; messages do not tell it.')),
    ]  # fmt: skip
    return rows


def _source(suggestion: Suggestion, heard_on: str) -> list[str]:
    """Return the source and its rules."""
    source = suggestion.line.sources[0]
    rows = ["[[source]]", _key("id", source.id)]
    if source.address:
        rows.append(_key("address", source.address))
    else:
        rows += _comment(tr("No address: it is given at start, as in --source {file}, or --source mqtt://host:1883", file=heard_on))
    rows += [_key("username", source.username)] if source.username else []
    rows += [f"protocol = {source.protocol}"] if source.protocol != 4 else []  # noqa: PLR2004 - the number that stands for 3.1.1
    if any(PROCESSED in machine.signals for machine in suggestion.machines):
        rows.append(_key("processed_includes_defective", source.processed_includes_defective, _of_counts(suggestion)))
    rows += _words(suggestion, source)
    for i, rule in enumerate(source.rules):
        rows += ["", *([] if i else _comment(tr("Rules are tried from the top; the first one whose topic matches counts."))), *_map(rule)]
    return rows


def _of_counts(suggestion: Suggestion) -> str:
    """Return why the processed count is taken to hold the defective ones, or not."""
    if suggestion.good_only is None:
        return tr("guess: nothing that was counted tells")
    if suggestion.good_only:
        return tr("seen: processed and defective together make what was consumed")
    return tr("seen: what is processed is what was consumed, defective ones among it")


def _words(suggestion: Suggestion, source: SourceSpec) -> list[str]:
    """Return the source's own words and numbers."""
    numbers = tr("seen: these numbers came together with these names")
    rows = []
    if source.state_names:
        rows.append(_key("state_names", source.state_names, tr("guess: what these words mean in PackML")))
    for key, table in (("state_numbers", source.state_numbers), ("mode_numbers", source.mode_numbers)):
        if table:
            rows.append(_key(key, {str(n): name for n, name in table.items()}, numbers))
    if suggestion.unknown_words:
        words = ", ".join(suggestion.unknown_words[:LISTED])
        rows += _comment(tr("Words of states that nobody knows; say in state_names what they mean: {words}", words=words))
    return rows


def _map(rule: MapRule) -> list[str]:
    """Return one rule."""
    rows = ["[[source.map]]", _key("topic", rule.topic), _key("dialect", rule.dialect)]
    rows += [_key("unit", rule.unit)] if rule.unit else []
    rows += [_key("units", rule.units)] if rule.units else []
    if rule.time_field:
        rows += [_key("time_field", rule.time_field, tr("seen: it tells times near their receipt")), _key("time_unit", rule.time_unit)]
    rows += [_key(key, value) for key, value in (("each", rule.each), ("name_field", rule.name_field)) if value]
    rows += [_key("value_field", rule.value_field)] if rule.name_field and rule.value_field != "value" else []
    if rule.quality_field:
        rows.append(_key("quality_field", rule.quality_field, tr("guess: it says how far the values may be trusted")))
        rows += [_key("quality_codes", rule.quality_codes)] if rule.quality_codes != "opc_ua" else []
    if rule.signals:
        rows.append("[source.map.signals]")
        rows += [_key(name, signal, tr("guess") if "/" not in name else "") for name, signal in rule.signals.items()]
    return rows


def _not_understood(survey: Survey) -> list[str]:
    """Return what no dialect understands, as comments."""
    found = [profile for profile in survey.topics.values() if profile.is_foreign]
    if not found:
        return []
    rows = ["", *_comment(tr("No dialect understands these topics, so nothing maps them:"))]
    rows += [f"#   {profile.topic}: {_why(profile)}"[:WIDTH] for profile in found[:LISTED]]
    rows += _comment(tr("and {n} more", n=number(len(found) - LISTED))) if len(found) > LISTED else []
    return rows


def _why(profile: TopicProfile) -> str:
    """Return why a topic is not understood, and how what it says begins."""
    return f"{tr(profile.trouble)}, {profile.example}" if profile.trouble and profile.example else tr(profile.trouble or "empty")


def _flow(suggestion: Suggestion) -> list[str]:
    """Return that nobody knows which machine feeds which, and how to say it."""
    rows = tr(
        "They stand in a row in the order in which machines of such names usually stand: a guess. Where they really stand is for you to say."
    )
    makers = [machine for machine in suggestion.machines if not machine.drives]
    if len(makers) < 2:  # noqa: PLR2004 - one machine feeds nobody, and vehicles make nothing
        return _comment(rows)
    flow = tr("Left out, because messages do not tell it: who feeds whom. Write it below the machine that feeds, such as:")
    return [*_comment(rows), *_comment(flow), f"#     feeds = [{{ to = {_text(makers[1].id)}, buffer_capacity = 20 }}]"]


def _unit(machine: Machine, unit: Unit) -> list[str]:
    """Return one machine with its signals."""
    why = tr("guess: by its name") if machine.is_type_known else tr("guess: nothing in its name tells what it is")
    rows = ["[[unit]]", _key("id", unit.id)]
    rows += [_key("title", unit.title)] if unit.title != unit.id else []
    rows += [_key("type", unit.type, "" if machine.drives else why), f"x_m = {unit.placement.x_m}", f"y_m = {unit.placement.y_m}"]
    if unit.state_rules:
        rules = ", ".join(_value({k: v for k, v in (("when", rule.when), ("state", rule.state)) if v}) for rule in unit.state_rules)
        rows += [
            f"state_rule = [{rules}]",
            *_comment(tr("guess: it names no state, so that its bits do; the first rule that holds counts")),
        ]
    elif not machine.tells_state:
        rows += _comment(
            tr("Nothing that it says is a state, so that its time is blind: docs/mapping.md shows how a state follows from signals.")
        )
    for name, one in machine.described.items():
        spec = one.spec
        rows += ["", "[[unit.signal]]", _key("name", name, seen(one.seen)), _key("kind", spec.kind.value)]
        rows += (
            [_key("unit_of_measure", spec.unit_of_measure, tr("guess: the usual one") if one.is_guess else "")]
            if spec.unit_of_measure
            else []
        )
        rows += [_key("title", spec.title)] if spec.title != name else []
    if machine.more_signals:
        rows += _comment(tr("{n} more signals appear by themselves when they come.", n=number(machine.more_signals)))
    return rows


def _product(suggestion: Suggestion) -> list[str]:
    """Return the one product with the ideal cycles that were seen, or that there are none."""
    if not suggestion.line.products:
        text = tr(
            "No [[product]]: nothing that was heard tells how fast a machine can be, so effectiveness and OEE stay unknown until you say it."
        )
        return _comment(text)
    product = suggestion.line.products[0]
    rows = [
        "[[product]]",
        _key("id", product.id),
        "[product.ideal_cycle_s]",
        *_comment(tr("Seconds for one count of the machine at best.")),
    ]
    for machine in suggestion.machines:
        if machine.ideal is not None:
            words = {"rate": f"{machine.ideal.per_min:.4g}"}
            design, fastest = (
                tr("guess: its design speed is {rate}/min", **words),
                tr("guess: {rate}/min is the fastest that was seen", **words),
            )
            rows.append(_key(machine.id, machine.ideal.seconds, design if machine.ideal.is_design else fastest))
    return rows


def seen(one: FieldProfile, *, bare: bool = False) -> str:
    """Return what a field's values looked like, in a few words: its range, or its words; `bare` without saying that they were seen."""
    if one.texts and one.words and not one.more_words:
        words = [word for word in one.words if word]
        found = ", ".join(words[:_FEW_WORDS]) + (", …" if len(words) > _FEW_WORDS else "")
    elif one.kind == Kind.NUMBER and one.low <= one.high:
        low, high = f"{one.low:.6g}", f"{one.high:.6g}"
        found = low if low == high else tr("{low} to {high}", low=low, high=high)
    else:
        found = one.example
    return found if bare or not found else tr("seen: {words}", words=found)


def _rule(title: str) -> list[str]:
    """Return a line across the file with a title."""
    return [f"# ---- {title} ".ljust(WIDTH, "-")]


def _comment(text: str) -> list[str]:
    """Return a text as lines of comment."""
    return [f"# {row}" for row in textwrap.wrap(text, WIDTH - 2, break_long_words=False, break_on_hyphens=False)]


def _key(key: str, value: object, comment: str = "") -> str:
    """Return a key with its value, and a comment behind it."""
    text = f"{key if _BARE.fullmatch(key) else _text(key)} = {_value(value)}"
    return f"{text.ljust(COMMENT_AT)}# {comment}" if comment else text


def _value(value: object) -> str:
    """Return a value as TOML has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    return _inline(value) if isinstance(value, dict) else repr(value)


def _inline(table: Mapping[str, object]) -> str:
    """Return an inline table."""
    members: Iterable[str] = (_key(str(key), value) for key, value in table.items())
    return f"{{ {', '.join(members)} }}"


def _text(text: str) -> str:
    """Return a basic string; JSON's escapes are TOML's."""
    return json.dumps(text, ensure_ascii=False)
