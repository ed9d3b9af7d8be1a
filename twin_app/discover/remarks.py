"""What a person must know about a suggestion: what it leaves open, and what was heard and is not in it. Not for what was heard itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.discover.forms import Form
from twin_app.discover.profile import TopicProfile
from twin_app.discover.sparkplug import NAMELESS
from twin_app.discover.speech import Speech
from twin_app.text import number, tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from twin_app.discover.suggestion import Suggestion
    from twin_app.discover.survey import Survey

_NAMED = 6


def remarks(suggestion: Suggestion | None, survey: Survey) -> tuple[str, ...]:
    """Return a sentence for each thing that is left open or left out."""
    return (*_of_survey(survey), *(_of_suggestion(suggestion) if suggestion is not None else _without(survey)))


def _of_survey(survey: Survey) -> Iterator[str]:
    """Tell what was heard and not taken apart."""
    if survey.simulated:
        yield tr("What was heard was made by a simulation, not by machines.")
    if survey.beyond_limit:
        yield tr(
            "{n} messages were counted by their topic alone, because more than {limit} came in a second; --limit says how many are looked into.",
            n=number(survey.beyond_limit), limit=number(survey.limit),
        )  # fmt: skip
    if survey.beyond_topics:
        yield tr(
            "{n} messages came on about {topics} further topics that are not kept: narrow the filters to see them.",
            n=number(survey.beyond_topics), topics=number(survey.further_topics),
        )  # fmt: skip
    left = sum(profile.fields_left for profile in survey.topics.values())
    if left:
        yield tr("{n} values of fields were left out: there are too many fields, or their names are too long.", n=number(left))
    nameless = sum(profile.notes.get(NAMELESS, 0) for profile in survey.topics.values())
    if nameless:
        yield tr(
            "{n} Sparkplug values have no name before the next birth of their sender: listen longer; the layout maps them once it comes.",
            n=number(nameless),
        )  # fmt: skip
    orders = [profile for profile in survey.topics.values() if profile.form is Form.ORDERS]
    if orders:
        yield tr("{n} topics are orders to the plant or words of other hosts, which the twin does not read.", n=number(len(orders)))
    own = [profile for profile in survey.topics.values() if profile.speech is Speech.BROKER]
    if own:
        yield tr("{n} topics are the broker's own ($SYS), which no layout needs.", n=number(len(own)))
    yield from _not_understood([profile for profile in survey.topics.values() if profile.is_foreign])


def _not_understood(foreign: Sequence[TopicProfile]) -> Iterator[str]:
    """Tell which topics no dialect understands."""
    if foreign:
        yield tr(
            "No dialect understands {n} topics: {topics}.", n=number(len(foreign)),
            topics=_few([f"{profile.topic} ({tr(profile.trouble)})" for profile in foreign]),
        )  # fmt: skip


def _of_suggestion(suggestion: Suggestion) -> Iterator[str]:
    """Tell what the layout leaves open."""
    if suggestion.units_left:
        yield tr(
            "{n} further machines are left out: a layout is one line; narrow the filters to the topics of one.", n=suggestion.units_left
        )
    blind = [machine.id for machine in suggestion.machines if not machine.tells_state]
    if blind:
        yield tr("Nothing tells the state of {units}: docs/mapping.md shows how it follows from other signals.", units=_few(blind))
    makers = [machine for machine in suggestion.machines if not machine.drives]
    if len(makers) > 1:
        yield tr(
            "Who feeds whom is left out, because messages do not tell it; until `feeds` says it, the line's output and OEE stay unknown."
        )
    if makers and not suggestion.line.products:
        yield tr("Nothing tells how fast a machine can be, so effectiveness and OEE stay unknown until a product says it.")
    if suggestion.unknown_words:
        yield tr("Nobody knows the states {words}: say in state_names what they mean.", words=_few(list(suggestion.unknown_words)))
    local = [f"{branch.topic}: {branch.local_time}" for branch in suggestion.branches if branch.local_time]
    if local:
        yield tr("These times name no zone and are not taken: {fields}. Say time_field and time_zone in their rule.", fields=_few(local))


def _without(survey: Survey) -> Iterator[str]:
    """Tell that there is no layout to suggest."""
    if survey.messages:
        yield tr("Nothing that was heard names a machine that some dialect understands, so there is no layout to suggest.")


def _few(names: list[str]) -> str:
    """Return the first of some names, and that there are more."""
    return ", ".join(names[:_NAMED]) + (f", … ({number(len(names))})" if len(names) > _NAMED else "")
