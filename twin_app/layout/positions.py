"""On which line of a TOML text each key and array element stands. Not a TOML parser: `tomllib` reads the values.

The scan is forgiving: where the text is no TOML it stops, and `tomllib` says why. It also refuses nesting that would
cost a parser unbounded time, so it runs first.
"""

from __future__ import annotations

import re
import tomllib
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""Keys and array indices (from 0) from the top of the file down to a value."""

MAX_DEPTH = 16
MAX_WORD = 1000
"""Longest bare word (key, number) in characters; numbers of thousands of digits are an attack, not a measurement."""

_TOKEN = re.compile(
    r"""[ \t]+|\#[^\n]*                      # blanks and comments
    |(?P<newline>\r?\n)
    |(?P<string>\"{3}(?:\\.|[^\\])*?\"{3,5}  # four kinds of string
        |'{3}.*?'{3,5}
        |(?!\"{3})\"(?:\\.|[^\\\"\n])*\"
        |(?!'{3})'[^'\n]*')
    |(?P<mark>[\[\]{}=,.])
    |(?P<word>[^\s\#\"'\[\]{}=,.]+)""",
    re.VERBOSE | re.DOTALL,
)


class TooDeepError(Exception):
    """The text nests deeper, or has a longer word, than any layout needs; `args[0]` is the line."""


class _EndOfSenseError(Exception):
    """From here on the text is no TOML."""


def key_lines(text: str) -> dict[Path, int]:
    """Return the line (from 1) on which each key path first appears, as far as the text is TOML.

    Raises:
        TooDeepError: it nests deeper than `MAX_DEPTH`, or a bare word is longer than `MAX_WORD`.
    """
    scan = _Scan(text)
    try:
        while scan.kind != "end":
            scan.statement()
    except _EndOfSenseError:
        pass
    return scan.lines


def headers(text: str) -> list[tuple[Path, int, int]]:
    """Return the path of every table, the line (from 1) of its header and the line on which its own last value ends, in order.

    The first is what stands before all headers, in line 0. As far as the text is TOML.

    Raises:
        TooDeepError: as `key_lines`.
    """
    scan = _Scan(text)
    try:
        while scan.kind != "end":
            scan.statement()
    except _EndOfSenseError:
        pass
    return [(path, line, end) for (path, line), end in zip(scan.headers, scan.ends, strict=True)]


class _Scan:
    """Walks the tokens once, one ahead, and notes the line of every path."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line = 1
        self.kind = ""
        self.piece = ""
        self.lines: dict[Path, int] = {}
        self.headers: list[tuple[Path, int]] = [((), 0)]
        self.ends = [0]
        self.elements: dict[Path, int] = {}
        self.table: Path = ()
        self.next()

    def next(self) -> None:
        """Move to the next token that is no blank and no comment."""
        self.line += self.piece.count("\n")
        while True:
            found = _TOKEN.match(self.text, self.at)
            if found is None:
                self.kind, self.piece = "end", ""
                return
            self.at = found.end()
            if found.lastgroup:
                break
        self.kind, self.piece = found.lastgroup, found[0]
        if self.kind == "word" and len(self.piece) > MAX_WORD:
            raise TooDeepError(self.line)

    def expect(self, mark: str) -> None:
        """Step over a mark; where it is missing the text is no TOML."""
        if self.piece != mark or self.kind != "mark":
            raise _EndOfSenseError
        self.next()

    def statement(self) -> None:
        """Scan one table header or one `key = value`."""
        if self.kind == "newline":
            self.next()
        elif self.piece == "[" and self.kind == "mark":
            self.header()
        else:
            self.pair(self.table)
            self.ends[-1] = self.line

    def header(self) -> None:
        """Scan `[table]` or `[[array of tables]]`."""
        line = self.line
        self.next()
        is_array = self.piece == "[" and self.kind == "mark"
        if is_array:
            self.next()
        parts = self.key()
        self.expect("]")
        path: Path = ()
        for i, part in enumerate(parts):
            path += (part,)
            self.lines.setdefault(path, line)
            if is_array and i == len(parts) - 1:
                self.elements[path] = self.elements.get(path, 0) + 1
            if path in self.elements:
                path += (self.elements[path] - 1,)
                self.lines.setdefault(path, line)
        if is_array:
            self.expect("]")
        self.table = path
        self.headers.append((path, line))
        self.ends.append(line)

    def pair(self, table: Path) -> None:
        """Scan `key = value` within a table."""
        line = self.line
        path = table
        for part in self.key():
            path += (part,)
            self.lines.setdefault(path, line)
        self.expect("=")
        self.value(path)

    def key(self) -> list[str]:
        """Scan a dotted key into its parts."""
        parts: list[str] = []
        while True:
            if self.kind not in {"word", "string"}:
                raise _EndOfSenseError
            parts.append(_unquoted(self.piece) if self.kind == "string" else self.piece)
            if len(parts) > MAX_DEPTH:
                raise TooDeepError(self.line)
            self.next()
            if self.piece != "." or self.kind != "mark":
                return parts
            self.next()

    def value(self, path: Path) -> None:
        """Scan a value; only arrays and inline tables hold paths of their own."""
        if len(path) > MAX_DEPTH:
            raise TooDeepError(self.line)
        if self.kind == "mark" and self.piece in "[{":
            self.container(path, closing="]" if self.piece == "[" else "}")
            return
        if self.kind not in {"word", "string"}:
            raise _EndOfSenseError
        while self.kind in {"word", "string"} or (self.kind == "mark" and self.piece == "."):
            self.next()

    def container(self, path: Path, *, closing: str) -> None:
        """Scan `[value, ...]` or `{key = value, ...}`."""
        self.next()
        index = 0
        while True:
            self.skip_newlines()
            if self.kind == "mark" and self.piece == closing:
                self.next()
                return
            if closing == "}":
                self.pair(path)
            else:
                self.lines.setdefault((*path, index), self.line)
                self.value((*path, index))
                index += 1
            self.skip_newlines()
            if self.piece != closing or self.kind != "mark":
                self.expect(",")

    def skip_newlines(self) -> None:
        """Step over line ends, which mean nothing between brackets."""
        while self.kind == "newline":
            self.next()


def _unquoted(token: str) -> str:
    """Return the text of a quoted key, decoded by the parser itself; the token where it is malformed."""
    try:
        return str(tomllib.loads(f"key = {token}")["key"])
    except ValueError:
        return token
