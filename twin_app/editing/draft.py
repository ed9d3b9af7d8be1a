"""A layout that is being edited: its text, every step back and forth, what is wrong with it now, and saving it. Not for what a step does: see `units`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin_app import layout
from twin_app.editing import disk
from twin_app.editing.outline import Outline, outline_of
from twin_app.errors import LayoutError
from twin_app.text import N_, tr

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from twin_app.layout import Finding
    from twin_app.layout.positions import Path as KeyPath
    from twin_app.model.equipment import Line

BOM = b"\xef\xbb\xbf"
MOST_STEPS = 500


@dataclass(frozen=True, slots=True)
class Step:
    """One change of the text: at an offset something gave way to something else."""

    label: str
    """What was done, a sentence of the catalogue."""
    at: int
    before: str
    after: str


class Draft:
    """The text of one layout on its way. Every question is answered of the text as it is now.

    Attributes:
        path: the file it is saved to.
        text: the layout as TOML, with the line ends of its file.
        data: what the text says, unjudged.
        outline: what stands in the hall.
        line: the line it is, None while something is wrong.
        findings: everything that is wrong with it.
        remarks: what is allowed and yet costs something, worded.
    """

    def __init__(self, path: Path) -> None:
        """Read the file.

        Raises:
            LayoutError: it cannot be read, or is no TOML; other findings are for curing here.
        """
        self.path = path
        self._take(layout.read_bytes(path))

    def _take(self, data: bytes) -> None:
        """Begin anew with a file's bytes."""
        line, findings = layout.judge(self.path, data)
        try:
            text = data.removeprefix(BOM).decode("utf-8")
            tomllib.loads(text.replace("\r\n", "\n"))
        except (ValueError, RecursionError) as error:
            sentences = tuple(finding.sentence for finding in findings)
            raise LayoutError(N_("The layout {path} cannot be edited as it stands:"), findings=sentences, path=self.path) from error
        self._disk, self._bom = data, data.startswith(BOM)
        self._saved = text
        self._steps: list[Step] = []
        self._done = 0
        self._put(text, judged=(line, findings))

    def _put(
        self, text: str, data: Mapping[str, Any] | None = None, judged: tuple[Line | None, tuple[Finding, ...]] | None = None
    ) -> None:  # fmt: skip
        """Take a text, and judge it; `data` is what it says, where that is known."""
        self.data: Mapping[str, Any] = tomllib.loads(text.replace("\r\n", "\n")) if data is None else data
        self.outline: Outline = outline_of(self.data)
        self.text = text
        self.line, self.findings = judged or layout.judge(self.path, self._bytes(text))
        self.remarks = layout.remarks(self.line) if self.line is not None else ()

    def _bytes(self, text: str) -> bytes:
        """Return a text as the file holds it."""
        return (BOM if self._bom else b"") + text.encode()

    # -- steps --------------------------------------------------------------------------------------------------

    def change(self, label: str, text: str) -> bool:
        """Take one step: another text. Return whether it is another. What was undone before can then be redone no more.

        Raises:
            LayoutError: the text would be no TOML; then nothing has changed.
        """
        if text == self.text:
            return False
        try:
            data = tomllib.loads(text.replace("\r\n", "\n"))
        except (ValueError, RecursionError) as error:
            raise LayoutError(N_("The layout is written in a way in which this cannot be changed: {reason}."), reason=error) from error
        at = _alike(self.text, text)
        tail = _alike(self.text[at:][::-1], text[at:][::-1])
        step = Step(label, at, self.text[at : len(self.text) - tail], text[at : len(text) - tail])
        self._steps = [*self._steps[: self._done], step][-MOST_STEPS:]
        self._done = len(self._steps)
        self._put(text, data)
        return True

    @property
    def undoable(self) -> str:
        """What would be undone, empty where there is nothing."""
        return self._steps[self._done - 1].label if self._done else ""

    @property
    def redoable(self) -> str:
        """What would be done again, empty where there is nothing."""
        return self._steps[self._done].label if self._done < len(self._steps) else ""

    def undo(self) -> None:
        """Take the last step back."""
        if self._done:
            self._done -= 1
            step = self._steps[self._done]
            self._put(self.text[: step.at] + step.before + self.text[step.at + len(step.after) :])

    def redo(self) -> None:
        """Take the next step again."""
        if self._done < len(self._steps):
            step = self._steps[self._done]
            self._done += 1
            self._put(self.text[: step.at] + step.after + self.text[step.at + len(step.before) :])

    @property
    def dirty(self) -> bool:
        """Tell whether it differs from what was read or saved last."""
        return self.text != self._saved

    def findings_at(self, *path: str | int) -> tuple[Finding, ...]:
        """Return what is wrong at a key, and below it."""
        found: KeyPath = path
        return tuple(finding for finding in self.findings if finding.path[: len(found)] == found)

    # -- the file -----------------------------------------------------------------------------------------------

    @property
    def overtaken(self) -> bool:
        """Tell whether the file is no longer what was read or saved last: somebody else changed, moved or deleted it."""
        return disk.on_disk(self.path) != self._disk

    @property
    def half_written(self) -> bool:
        """Tell whether what is in the file now cannot be edited: somebody is still at it, or it is gone."""
        data = disk.on_disk(self.path)
        try:
            tomllib.loads((data or b"").removeprefix(BOM).decode("utf-8").replace("\r\n", "\n"))
        except (ValueError, RecursionError):
            return True
        return not data

    def save(self) -> None:
        """Write the file, whole or not at all. The steps stay, so that they can be undone afterwards.

        Raises:
            LayoutError: something is wrong with the layout, the file was changed meanwhile, or it cannot be written.
        """
        if self.findings:
            what = N_("The layout {path} is not saved: nobody could open it as it stands.")
            raise LayoutError(what, findings=tuple(finding.sentence for finding in self.findings), path=self.path.name)
        if self.overtaken:
            raise LayoutError(
                N_("{path} was changed by somebody else since it was read, so it is not overwritten."),
                tip=N_("Take theirs, or keep both."), path=self.path.name,
            )  # fmt: skip
        data = self._bytes(self.text)
        disk.replace(self.path, data)
        self._disk, self._saved = data, self.text

    def save_beside(self) -> Path:
        """Write it into a file beside its own that nobody has, sound or not, and return which: both are kept.

        Raises:
            LayoutError: it cannot be written.
        """
        path = disk.free_name(self.path)
        disk.replace(path, self._bytes(self.text))
        return path

    def reload(self) -> None:
        """Read the file again; what was not saved is gone.

        Raises:
            LayoutError: it cannot be read, or is no TOML; then nothing has changed.
        """
        self._take(layout.read_bytes(self.path))

    def told(self) -> str:
        """Return in words how much is wrong, empty where nothing is."""
        n = len(self.findings)
        return "" if not n else tr("1 finding") if n == 1 else tr("{n} findings", n=n)


def _alike(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their beginning."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low
