"""Every error a person may meet, as one small tree. Nothing else is raised on purpose across rooms.

TwinError
├── LayoutError        a layout file is wrong (holds every finding at once)
│   └── ScenarioError  a scenario of the simulator is wrong (likewise)
├── SourceError        a source cannot be reached, opened or understood
├── DecodeError        one payload cannot be turned into samples (counted, never shown as a dialog)
├── RecordingError     a journal or recording cannot be read or written
├── ModelError         a 3D model is missing, broken or hostile
├── GraphicsError      no OpenGL, no display
├── SettingsError      a setting has a value that is not allowed
├── UsageError         the command line does not make sense
└── GivenUpError       somebody gave up a long work (nothing is shown: they know)

An error carries a template of the catalogue and its arguments; it is worded in the reader's language at
the border (`worded`), shown once and logged once. Every template says what happened; `tip` says the cure.
"""

from __future__ import annotations

from typing_extensions import override

from twin_app.text import tr


class TwinError(Exception):
    """What happened and what the person can do, as catalogue templates with their arguments."""

    def __init__(self, what: str, *, tip: str = "", **arguments: object) -> None:
        """Keep the templates; `arguments` fill both."""
        super().__init__(what)
        self.what = what
        self.tip = tip
        self.arguments = arguments

    def worded(self) -> str:
        """Return the sentence, and the cure where there is one, in the current language."""
        what = tr(self.what, **self.arguments)
        return tr("{what} {cure}", what=what, cure=tr(self.tip, **self.arguments)) if self.tip else what

    @override
    def __str__(self) -> str:
        """Return the worded error, for logs and the terminal."""
        return self.worded()


class SourceError(TwinError):
    """A source cannot be reached, opened or understood."""


class DecodeError(TwinError):
    """One payload cannot be turned into samples."""


class RecordingError(TwinError):
    """A journal or a recording cannot be read or written."""


class ModelError(TwinError):
    """A 3D model is missing, broken or hostile."""


class GraphicsError(TwinError):
    """There is no OpenGL or no display."""


class SettingsError(TwinError):
    """A setting has a value that is not allowed."""


class UsageError(TwinError):
    """The command line does not make sense."""


class GivenUpError(TwinError):
    """Somebody gave up a long work."""

    def __init__(self) -> None:
        """Say nothing: whoever gave up knows."""
        super().__init__("")


class LayoutError(TwinError):
    """A layout file is wrong; `findings` lists every one, in the order of the file."""

    def __init__(self, what: str, *, findings: tuple[str, ...] = (), tip: str = "", **arguments: object) -> None:
        """Keep the findings, each a worded sentence with file, line, key and cure."""
        super().__init__(what, tip=tip, **arguments)
        self.findings = findings

    @override
    def worded(self) -> str:
        """Return the summary followed by one finding a line."""
        return "\n".join((super().worded(), *self.findings))


class ScenarioError(LayoutError):
    """A scenario of the simulator is wrong; `findings` lists every one, in the order of the file."""
