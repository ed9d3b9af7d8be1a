"""What a machine says of the quality of its own values: words, flags and codes to the qualities of samples. Not for finding where it says so.

Sources: OPC UA part 4 (7.34 StatusCode: the two highest of 32 bits), OPC Data Access 2.05 (6.8: bits 6 and 7 of a byte; 192 is
good and 0 bad), Kepware's IoT Gateway (`q`, true or false).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from twin_app.model.samples import Quality

if TYPE_CHECKING:
    from collections.abc import Callable

_WHOLE = re.compile(r"[+-]?(?:0x[0-9a-f]{1,8}|\d{1,10}(?:\.0*)?)", re.ASCII)
_BEGINNINGS = (("good", Quality.GOOD), ("uncertain", Quality.UNCERTAIN), ("bad", Quality.BAD))
"""Names of status codes begin so: `GoodClamped`, `Bad_NoCommunication`, `Uncertain (last usable value)`."""
_WORDS = {
    **dict.fromkeys(("ok", "true", "valid", "normal", "yes", "on"), Quality.GOOD),
    **dict.fromkeys(("questionable", "suspect", "substituted", "doubtful", "stale", "old"), Quality.UNCERTAIN),
    **dict.fromkeys(("false", "invalid", "error", "fault", "failed", "failure", "no", "off", "nok"), Quality.BAD),
}
_UNCERTAIN_BITS, _GOOD_BITS = 1, 3
_MEMBERS = ("Code", "code", "StatusCode", "value", "Symbol", "symbol", "Name", "name")
"""Where a quality is an object: what says it, the code before its name."""


def quality_of(said: Any, codes: str) -> Quality | None:  # noqa: ANN401 - JSON may hold anything
    """Return the quality that a value's own words, flag or number mean, None where nobody knows.

    Args:
        said: what stands where the quality is said.
        codes: how numbers are meant, one of `CODES`.
    """
    if isinstance(said, dict):
        said = next((said[name] for name in _MEMBERS if name in said), None)
    if isinstance(said, bool):
        return Quality.GOOD if said else Quality.BAD
    if isinstance(said, str):
        return _of_text(said.strip().casefold(), codes)
    if isinstance(said, int | float) and said == said and abs(said) < 2**32 and said == int(said):  # noqa: PLR0124 - NaN
        return CODES[codes](int(said))
    return None


def _of_text(word: str, codes: str) -> Quality | None:
    """Return what a word means, or a number in quotes."""
    if _WHOLE.fullmatch(word):
        number = int(word, 16) if "0x" in word else int(float(word))
        return CODES[codes](number) if abs(number) < 2**32 else None
    for beginning, quality in _BEGINNINGS:
        if word.startswith(beginning):
            return quality
    return _WORDS.get(word)


def _of_opc_ua(code: int) -> Quality:
    """Read an OPC UA StatusCode, which programs with signed integers send as a negative number."""
    severity = (code & 0xFFFFFFFF) >> 30
    return (Quality.GOOD, Quality.UNCERTAIN, Quality.BAD, Quality.BAD)[severity]


def _of_opc_da(code: int) -> Quality | None:
    """Read an OPC DA quality, with a vendor's byte above or without."""
    return {0: Quality.BAD, _UNCERTAIN_BITS: Quality.UNCERTAIN, _GOOD_BITS: Quality.GOOD}.get(code >> 6 & 3)


def _of_flag(code: int) -> Quality:
    """Read a number that is a yes or a no."""
    return Quality.GOOD if code else Quality.BAD


CODES: dict[str, Callable[[int], Quality | None]] = {"opc_ua": _of_opc_ua, "opc_da": _of_opc_da, "flag": _of_flag}
"""What numbers may mean, as layouts name it."""
