"""What a VDA 5050 vehicle's state message amounts to: PackML's state and mode, errors and loads in a word. Not for where it is.

The state, from the top, the first that holds:

| the message says | State |
|---|---|
| an error of level FATAL, or an emergency stop | Aborted: a person must come |
| paused, or an error of level CRITICAL (3.0: the order cannot go on) | Held |
| driving, or an action initialising or running (it lifts, it loads) | Execute |
| neither | Idle |

Without `driving`, and with none of the first two, nobody knows: no state is said. The mode: AUTOMATIC and SEMIAUTOMATIC are
Production, MANUAL, INTERVENED and TEACHIN Manual, SERVICE Maintenance; any other is a mode of the vehicle's own.
"""

from __future__ import annotations

from typing import Any

import msgspec

from twin_app.codec.values import MAX_TEXT_BYTES
from twin_app.model.packml import State

LEVELS = ("WARNING", "URGENT", "CRITICAL", "FATAL")
NO_ERROR = "NONE"
_MODES = {
    "AUTOMATIC": "Production",
    "SEMIAUTOMATIC": "Production",
    "MANUAL": "Manual",
    "INTERVENED": "Manual",
    "TEACHIN": "Manual",
    "SERVICE": "Maintenance",
}
_TOLD = ("errorLevel", "errorType", "errorDescription", "errorHint")
_ACTING = frozenset({"INITIALIZING", "RUNNING"})


def state_of(document: dict[str, Any]) -> str | None:
    """Return PackML's state that a state message amounts to, None where it does not say enough."""
    level, driving = level_of(document), document.get("driving")
    state: State | None = State.IDLE
    if level == "FATAL" or stop_of(document) not in {None, NO_ERROR}:
        state = State.ABORTED
    elif document.get("paused") is True or level == "CRITICAL":
        state = State.HELD
    elif driving is True or _acts(document):
        state = State.EXECUTE
    elif driving is not False:
        state = None
    return state.title if state is not None else None


def mode_of(said: object) -> str | None:
    """Return PackML's mode of an operating mode, its own word where PackML has none, None where it is no word."""
    if not isinstance(said, str) or not said:
        return None
    return _MODES.get(said.upper().replace("_", ""), said)


def stop_of(document: dict[str, Any]) -> str | None:
    """Return the kind of emergency stop that is active, `NONE` where none is, None where the message does not say."""
    safety = document.get("safetyState")
    if not isinstance(safety, dict):
        return None
    said = safety.get("activeEmergencyStop", safety.get("eStop"))
    return said.upper() if isinstance(said, str) else None


def level_of(document: dict[str, Any]) -> str | None:
    """Return the gravest level of the active errors, `NONE` where there are none, None where the message does not say."""
    errors = document.get("errors")
    if not isinstance(errors, list):
        return None
    return max((_level(error) for error in _objects(errors)), key=_rank, default=NO_ERROR)


def errors_of(document: dict[str, Any]) -> dict[str, Any]:
    """Return the active errors as JSON text, the gravest first and as many as a text may hold, and how many there are."""
    errors = document.get("errors")
    if not isinstance(errors, list):
        return {}
    told = [
        {key: error[key] for key in _TOLD if isinstance(error.get(key), str)}
        for error in sorted(_objects(errors), key=lambda error: -_rank(_level(error)))
    ]
    written = msgspec.json.encode(told)
    while len(written) > MAX_TEXT_BYTES:
        told = told[: len(told) // 2]
        written = msgspec.json.encode(told)
    return {"Errors": written.decode(), "ErrorCount": len(errors)}


def loads_of(document: dict[str, Any]) -> dict[str, Any]:
    """Return what the vehicle carries and how many of it; nothing where it does not know."""
    loads = document.get("loads")
    if not isinstance(loads, list):
        return {}
    carried = (
        next((load[key] for key in ("loadId", "loadType") if isinstance(load.get(key), str) and load[key]), "?") for load in _objects(loads)
    )
    return {"Load": ", ".join(carried), "LoadCount": len(loads)}


def _acts(document: dict[str, Any]) -> bool:
    """Say whether some action is under way."""
    actions = document.get("actionStates")
    return isinstance(actions, list) and any(action.get("actionStatus") in _ACTING for action in _objects(actions))


def _objects(found: list[Any]) -> list[dict[str, Any]]:
    """Return the elements that are objects, as all of them should be."""
    return [element for element in found if isinstance(element, dict)]


def _level(error: dict[str, Any]) -> str:
    """Return an error's level; one that no version knows is taken as it came."""
    level = error.get("errorLevel")
    return level.upper() if isinstance(level, str) else "?"


def _rank(level: str) -> int:
    """Return how grave a level is; an unknown one is at least an error."""
    return LEVELS.index(level) if level in LEVELS else -1
