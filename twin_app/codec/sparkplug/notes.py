"""What a Sparkplug host notices besides values, counted under these words. Not for refusals: see `refusal`."""

from __future__ import annotations

from enum import StrEnum

from twin_app.text import N_


class Note(StrEnum):
    """The words, for the catalogue."""

    MISSED = N_("Sparkplug: messages missed, by gaps in the sequence numbers")
    LATE = N_("Sparkplug: messages out of turn, or sent twice")
    UNNUMBERED = N_("Sparkplug: messages without a sequence number")
    WAITING = N_("Sparkplug: values that wait for a birth to say what they are")
    UNBORN = N_("Sparkplug: messages of a sender that announced no birth, or died")
    UNDECLARED = N_("Sparkplug: values of metrics that no birth declared")
    OLD_DEATH = N_("Sparkplug: deaths of an earlier session, ignored")
    ASKED = N_("Sparkplug: births asked for")
