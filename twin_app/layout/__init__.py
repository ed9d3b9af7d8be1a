"""A line's layout file, read into the words of the model, or refused with everything that is wrong. Not for showing or running it."""

from __future__ import annotations

import hashlib
import re
import tomllib
from typing import TYPE_CHECKING, Any, cast

from twin_app.errors import LayoutError
from twin_app.layout.addresses import stays_inside
from twin_app.layout.consistency import check
from twin_app.layout.fault_files import with_faults
from twin_app.layout.findings import Finding, Findings
from twin_app.layout.positions import MAX_DEPTH, TooDeepError, key_lines
from twin_app.layout.remarks import remarks
from twin_app.layout.schema import ROOT, SCHEMA
from twin_app.layout.signals import signal_table
from twin_app.model.equipment import Line
from twin_app.text import N_, tr

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MAX_BYTES = 2 * 2**20
"""A layout of a thousand machines is a quarter of this; the worst that can be written in it is parsed in seconds."""
_UNUSABLE = N_("The layout {path} cannot be used as it stands:")

__all__ = ["MAX_BYTES", "Finding", "judge", "load", "load_all", "read_bytes", "remarks", "signal_table", "stays_inside"]


def load(path: Path) -> Line:
    """Read one line's layout file.

    Raises:
        LayoutError: it cannot be read, is no TOML, or is wrong; then `findings` names every fault, in the order of the file.
    """
    line, findings = _read(path, read_bytes(path))
    if findings:
        raise LayoutError(_UNUSABLE, findings=tuple(finding.sentence for finding in findings), path=path)
    return line


def judge(path: Path, data: bytes) -> tuple[Line | None, tuple[Finding, ...]]:
    """Return the line that a file of these bytes would be, and everything that is wrong with it; then there is no line.

    Never raises for what the bytes are. `path` is where the file lies or will lie: what it names lies beside it.
    """
    try:
        line, findings = _read(path, data)
    except LayoutError as error:
        return None, tuple(_unplaced(sentence) for sentence in error.findings)
    return (None if findings else line), findings


def _read(path: Path, data: bytes) -> tuple[Line, tuple[Finding, ...]]:
    """Return what a file says and what is wrong with it; with a finding the line is not to be used.

    Raises:
        LayoutError: it cannot be taken apart, or is of another version.
    """
    findings, document = _parsed(path, _text(path, data))
    _check_schema(path, document, findings)
    read = cast("dict[str, Any]", ROOT.read(document, findings.at()))
    del read["schema"]
    read["units"], faults_wrong = with_faults(read["units"], path.parent)
    line = Line(path=path, content_hash=hashlib.sha256(data).hexdigest(), **read.pop("line"), **read)
    check(line, findings)
    return line, (*findings.listed(), *map(_unplaced, faults_wrong))


def _unplaced(sentence: str) -> Finding:
    """Return a finding of which only the sentence is known."""
    return Finding((), 1, sentence, sentence)


def load_all(paths: Iterable[Path]) -> tuple[Line, ...]:
    """Read the lines of a plant, in the order given; their names within the plant must differ.

    Raises:
        LayoutError: at least one file is wrong; `findings` holds those of all files.
    """
    lines: list[Line] = []
    findings: list[str] = []
    for path in paths:
        try:
            lines.append(load(path))
        except LayoutError as error:
            findings.extend(error.findings or [error.worded()])
    findings.extend(_repeated(lines))
    if findings:
        raise LayoutError(N_("The layouts of this plant cannot be used as they stand:"), findings=tuple(findings))
    return tuple(lines)


def _repeated(lines: list[Line]) -> list[str]:
    """Return a finding for each line whose site, area and id another line already has."""
    first: dict[tuple[str, str, str], Line] = {}
    found = []
    for line in lines:
        other = first.setdefault((line.site, line.area, line.id), line)
        if other is not line:
            name = f"{line.site}/{line.area}/{line.id}"
            found.append(
                tr(
                    '{file}: line.id: found "{name}", which {other} already has; each line must differ.',
                    file=line.path.name,
                    name=name,
                    other=other.path,
                )
            )
    return found


def read_bytes(path: Path) -> bytes:
    """Return the file's bytes.

    Raises:
        LayoutError: it is not there, is none, is too large or cannot be read.
    """
    try:
        if path.is_dir():
            raise LayoutError(N_("{path} is a folder, not a layout file."), tip=N_("Name one of the .toml files in it."), path=path)
        if not path.is_file():
            raise LayoutError(N_("There is no layout file {path}."), path=path)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise LayoutError(N_("The layout {path} cannot be read: {reason}."), path=path, reason=error.strerror or error) from error
    if len(data) > MAX_BYTES:
        raise LayoutError(N_("The layout {path} is larger than {most} MiB, so it is none."), path=path, most=MAX_BYTES // 2**20)
    return data


def _text(path: Path, data: bytes) -> str:
    """Return the file's text; a byte order mark is dropped, and line ends may be those of any system."""
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _no_toml(path, line, tr("holds bytes that are no UTF-8; save the file as UTF-8.")) from error


def _parsed(path: Path, text: str) -> tuple[Findings, dict[str, object]]:
    """Return where everything stands, and the values."""
    try:
        lines = key_lines(text)
        return Findings(path.name, lines), tomllib.loads(text)
    except TooDeepError as error:
        reason = tr("nests deeper than {most} levels, or holds a word of over a thousand characters.", most=MAX_DEPTH)
        raise _no_toml(path, error.args[0], reason) from error
    except (ValueError, RecursionError) as error:  # tomllib's own error is a ValueError; its numbers and dates raise others
        line, column, reason = _syntax(str(error), text)
        raise _no_toml(path, line, tr("column {column}: is no valid TOML: {reason}.", column=column, reason=reason)) from error


def _syntax(message: str, text: str) -> tuple[int, int, str]:
    """Return line, column and reason of a parser's message, which holds them in words."""
    found = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", message, re.DOTALL)
    if found:
        return int(found[2]), int(found[3]), found[1]
    last = text.rstrip("\n").rsplit("\n", 1)[-1]
    return text.rstrip("\n").count("\n") + 1, len(last) + 1, message.removesuffix(" (at end of document)")


def _no_toml(path: Path, line: int, sentence: str) -> LayoutError:
    """Return the error of a file that cannot be taken apart: one finding with its line."""
    return LayoutError(_UNUSABLE, findings=(f"{path.name}:{line}: {sentence}",), path=path)


def _check_schema(path: Path, document: dict[str, object], findings: Findings) -> None:
    """Refuse a file of another version before its keys are judged by the wrong rules."""
    found = document.get("schema", SCHEMA)
    if isinstance(found, int) and not isinstance(found, bool) and found != SCHEMA:
        place = f"{path.name}:{findings.line(('schema',))}: schema"
        sentence = tr(
            "{place}: found {found}; this twin reads {known}: open the file with a newer version of the twin.",
            place=place,
            found=found,
            known=SCHEMA,
        )
        raise LayoutError(_UNUSABLE, findings=(sentence,), path=path)
