"""Following paths into a parsed JSON value, and its leaves by their paths. Not for how a path is written: see `layout.field_paths`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twin_app.codec.json_flat import Unfit
from twin_app.codec.refusal import Reason, refuse
from twin_app.errors import SourceError
from twin_app.layout.field_paths import path
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from twin_app.codec.values import Value
    from twin_app.layout.field_paths import Path, Step
    from twin_app.model.equipment import MapRule

MAX_DEPTH = 16
MAX_LEAVES = 20_000
MAX_ITEMS = 100
"""Elements of an array that become signals of their own; a longer one is counted as what no signal can hold."""
MAX_NAME = 200


def path_of(rule: MapRule, text: str) -> Path:
    """Return a path that a rule holds; raises SourceError where it is none."""
    try:
        return path(text)
    except ValueError:
        raise SourceError(
            N_("The rule for {topic} holds {path}, which is no path."),
            tip=N_("Write it like a.b[0].c, with [*] for every element and * for every member."), topic=rule.topic, path=text,
        ) from None  # fmt: skip


def written(steps: Path) -> str:
    """Return a path as the leaves are named."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{spelled(str(step))}" for step in steps).removeprefix(".")


def select(value: Any, steps: Path, label: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - JSON may hold anything
    """Give what a path leads to, with the name of the member that its last `*` stood for (empty where it stood for none)."""
    if not steps:
        yield label, value
        return
    for name, member in _members(value, steps[0]):
        yield from select(member, steps[1:], label if name is None else name)


def _members(value: Any, step: Step) -> Iterator[tuple[str | None, Any]]:  # noqa: ANN401 - JSON may hold anything
    """Give what one step leads to, with the member's name where the step stands for every member."""
    if isinstance(value, dict):
        if step is None:
            yield from value.items()
        elif step in value:
            yield None, value[step]
    elif isinstance(value, list):
        if step is None:
            yield from ((None, element) for element in value)
        elif isinstance(step, int) and step < len(value):
            yield None, value[step]


def leaves(value: Any, prefix: str = "", *, without: Collection[int] = ()) -> dict[str, Value]:  # noqa: ANN401 - JSON may hold anything
    """Return the scalars in a value by their paths, each with `prefix` before; `without` are ids of objects and arrays to leave out.

    Raises:
        DecodeError: nested deeper than `MAX_DEPTH`, or more than `MAX_LEAVES` of them.
    """
    if not prefix and isinstance(value, dict) and _is_flat(value):
        return {spelled(name): scalar for name, scalar in value.items()}
    into: dict[str, Value] = {}
    _collect(value, prefix, 0, without, into)
    return into


def _is_flat(value: dict[str, Any]) -> bool:
    """Say whether an object holds nothing but a few scalars, as most samples do."""
    return len(value) <= MAX_ITEMS and not any(isinstance(member, dict | list) or len(name) > MAX_NAME for name, member in value.items())


def _collect(value: Any, name: str, depth: int, without: Collection[int], into: dict[str, Value]) -> None:  # noqa: ANN401 - JSON may hold anything
    """Collect the scalars below one value."""
    if depth > MAX_DEPTH:
        raise refuse(Reason.TOO_DEEP, name)
    if isinstance(value, list) and len(value) > MAX_ITEMS:
        into[name[:MAX_NAME]] = Unfit(f"[{len(value)}]")
    elif isinstance(value, dict | list):
        for inner, member in _named_members(value, name):
            if id(member) not in without:
                _collect(member, inner, depth + 1, without, into)
    elif len(into) >= MAX_LEAVES:
        raise refuse(Reason.TOO_MANY_FIELDS, name)
    else:
        into[name[:MAX_NAME]] = value if len(name) <= MAX_NAME else Unfit("…")


def _named_members(value: dict[str, Any] | list[Any], name: str) -> Iterator[tuple[str, Any]]:
    """Give what an object or an array holds, with the path to each."""
    if isinstance(value, dict):
        yield from ((f"{name}.{spelled(key)}" if name else spelled(key), member) for key, member in value.items())
    else:
        yield from ((f"{name}[{i}]", element) for i, element in enumerate(value))


def spelled(name: str) -> str:
    """Return a name as part of a signal's name, which is one level of a path: without `/`."""
    return name.replace("/", ".")
