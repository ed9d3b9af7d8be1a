"""Which right each thing needs that can be done at a window or on the command line: each stands here, once. Not for who has which right.

A window's command that stands nowhere here cannot be registered, and a word of the command line that does not cannot be run: so nothing
new is open to everybody because somebody forgot to ask.
"""

from __future__ import annotations

from dataclasses import dataclass

from twin_app.persons.access import Right


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that can be done, and the right that it needs.

    Attributes:
        name: a word after `twin-app`; or in the window a command's id, or with a dot at its end all ids that begin so and have no line of their own.
        option: the option of the command line without which looking is enough.
    """

    name: str
    right: Right
    option: str = ""


COMMAND_LINE = (
    Deed("open", Right.VIEW),
    Deed("overview", Right.VIEW),
    Deed("check", Right.VIEW),
    Deed("discover", Right.LAYOUT, option="out"),
    Deed("acl", Right.VIEW),
    Deed("state", Right.VIEW),
    Deed("kpi", Right.VIEW),
    Deed("alarms", Right.EXPORT, option="csv"),
    Deed("entries", Right.VIEW),
    Deed("enter", Right.REASONS),
    Deed("snapshot", Right.EXPORT),
    Deed("video", Right.EXPORT),
    Deed("report", Right.EXPORT),
    Deed("shifts", Right.VIEW),
    Deed("find", Right.VIEW),
    Deed("compare", Right.VIEW),
    Deed("attempts", Right.VIEW),
    Deed("export", Right.EXPORT),
    Deed("import", Right.LAYOUT),
    Deed("publish", Right.PUBLISH),
    Deed("record", Right.VIEW),
    Deed("health", Right.VIEW),
    Deed("contents", Right.EXPORT, option="layouts"),
    Deed("remap", Right.LAYOUT),
    Deed("repair", Right.LAYOUT),
    Deed("forget-session", Right.LAYOUT),
    Deed("simulate", Right.PUBLISH, option="broker"),
    Deed("links", Right.VIEW),
    Deed("models", Right.VIEW),
    Deed("persons", Right.VIEW),
)
"""`record` is a service that nobody sits at, and `persons` writes files that only the computer's administrator can: the system asks there."""

WINDOW = (
    Deed("file.", Right.VIEW),
    Deed("file.report", Right.EXPORT),
    Deed("file.video", Right.EXPORT),
    Deed("file.export", Right.EXPORT),
    Deed("file.import", Right.LAYOUT),
    Deed("file.new", Right.LAYOUT),
    Deed("edit.", Right.LAYOUT),
    Deed("view.", Right.VIEW),
    Deed("view.picture", Right.EXPORT),
    Deed("window.", Right.VIEW),
    Deed("play.", Right.VIEW),
    Deed("time.", Right.VIEW),
    Deed("span.", Right.VIEW),
    Deed("mark.", Right.VIEW),
    Deed("mark.add", Right.REASONS),
    Deed("alarms.", Right.ALARMS),
    Deed("alarms.silence", Right.VIEW),
    Deed("alarms.mute", Right.VIEW),
    Deed("alarms.jump", Right.VIEW),
    Deed("alarms.fly", Right.VIEW),
    Deed("orders.", Right.REASONS),
    Deed("stops.", Right.REASONS),
    Deed("station.", Right.VIEW),
    Deed("help.", Right.VIEW),
)
"""The sound of this station is nobody's right: silence says nothing to the plant and acknowledges nothing."""

WIDGETS = (
    Deed("alarms.export", Right.EXPORT),
    Deed("span.copy", Right.EXPORT),
    Deed("mark.write", Right.REASONS),
    Deed("discover.save", Right.LAYOUT),
    Deed("settings.recording", Right.LAYOUT),
    Deed("settings.privacy", Right.LAYOUT),
)
"""What is done with buttons and fields that are no commands. How long recordings are kept, and whether names go out, is not everybody's either."""

_LOOKED_UP = {deed.name: deed.right for deed in (*WINDOW, *WIDGETS)}
_WORDS = {deed.name: deed for deed in COMMAND_LINE}


def right_of(name: str) -> Right:
    """Return the right that something done at a window needs; KeyError where that was never decided."""
    return _LOOKED_UP.get(name) or _LOOKED_UP[f"{name.partition('.')[0]}."]


def deed_of(word: str) -> Deed:
    """Return what a word of the command line does; KeyError where that was never decided."""
    return _WORDS[word]
