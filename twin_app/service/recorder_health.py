"""How a line's recorder is, from the file it writes every second: what is wrong, in sentences, and what a monitor asks. Not for recording."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin_app.clock import SECOND_NS, now_ns
from twin_app.layout import load
from twin_app.local.claim import holder_of
from twin_app.local.guest import answers
from twin_app.service.opening import RECORDER
from twin_app.service.places import recordings_folder
from twin_app.service.recorder import STATUS
from twin_app.text import duration, number, tr

if TYPE_CHECKING:
    from collections.abc import Iterator

ALIVE_S = 5.0
"""A recorder that has not told how it is for so long is not alive."""
COMMIT_S = 5.0
"""What waits for the disk for longer is in danger."""
LEAST_DAYS = 1.0


def recorder_health(layout: Path, folder: Path | None = None) -> dict[str, Any]:
    """Return what the recorder of a line last told, with `alive`, `told_s_ago`, `problems` (sentences) and `healthy`.

    Without a `folder` it is the line's own, else the one that the line's recorder was told. A layout that is wrong by now hides nothing of a recorder that goes on under the one before, where its `folder` is given.

    Raises:
        LayoutError: the layout is wrong, and no recorder tells of itself.
    """
    told = _told(folder) if folder is not None else {}
    own = None if told else recordings_folder(load(layout))
    if own is not None and folder is None:
        told = _told(own) or _told_elsewhere(own)
    ago_s = (now_ns() - told["at_ns"]) / SECOND_NS if isinstance(told.get("at_ns"), int) else None
    alive = ago_s is not None and -COMMIT_S <= ago_s <= ALIVE_S
    problems = list(_problems(told, own, alive=alive, ago_s=ago_s))
    return {**told, "alive": alive, "told_s_ago": None if ago_s is None else round(ago_s, 3), "problems": problems, "healthy": not problems}


def _told(folder: Path) -> dict[str, Any]:
    """Return what a recorder into a folder last told, nothing where none does."""
    try:
        told: dict[str, Any] = json.loads((folder / STATUS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told


def _told_elsewhere(own: Path) -> dict[str, Any]:
    """Return what the line's recorder last told, where it was given another folder than the line's own."""
    holder = holder_of(own)
    return _told(Path(holder.folder)) if holder is not None and holder.kind == RECORDER else {}


def _problems(told: dict[str, Any], own: Path | None, *, alive: bool, ago_s: float | None) -> Iterator[str]:
    """Give what is wrong, the worst first; `own` is the line's own folder, for who finds no recorder."""
    if ago_s is None:
        holder = holder_of(own) if own is not None else None
        said = tr("No recorder runs for this line.")
        yield tr("{no} It is recorded by {who}.", no=said, who=holder.worded()) if holder is not None and answers(holder) else said
        return
    if not alive:
        yield tr(
            "The recorder (process {pid} on {host}) has not been heard of for {time}.",
            pid=told["pid"],
            host=told["host"],
            time=duration(ago_s),
        )
    if told["trouble"]:
        yield told["trouble"]
    yield from (said for said in (told.get("layout_trouble"), *told.get("notices", ())) if said and said != told["trouble"])
    if told["waiting"] and told["commit_age_s"] > COMMIT_S:
        yield tr("{n} samples have waited for the disk for {time}.", n=number(told["waiting"]), time=duration(told["commit_age_s"]))
    for source, how in told["sources"].items():
        if how["status"] != "connected":
            yield tr("The source {source} is not connected: {reason}", source=source, reason=how["error"] or how["status"])
    if told["disk_days_left"] is not None and told["disk_days_left"] < LEAST_DAYS:
        yield tr("The disk is full in {time}.", time=duration(told["disk_days_left"] * 86_400))


def _room(health: dict[str, Any]) -> str:
    """Return how long the disk lasts."""
    days, within = health["disk_days_left"], health.get("kept_within_bytes", 0)
    if days is not None:
        return tr("Room on the disk for {time}.", time=duration(days * 86_400))
    if within:
        return tr("The recording keeps within {size} GiB; the oldest files go first.", size=number(within / 2**30, 1))
    return tr("How long the disk lasts is not known yet.")


def _raw(health: dict[str, Any]) -> Iterator[str]:
    """Give how many messages are kept as they came, as far as somebody looked, and which files went."""
    if (raw := health.get("raw")) is not None:
        yield tr("Raw messages kept: {n}, {size} MiB; dropped as too old or too many: {dropped}.", n=number(raw["messages"]),
                 size=number(raw["bytes"] / 2**20, 1), dropped=number(raw["dropped"]))  # fmt: skip
    if health.get("files_removed"):
        yield tr("Files removed as too old or for want of room: {n}.", n=number(health["files_removed"]))


def told_in_words(health: dict[str, Any]) -> str:
    """Return the health for a person."""
    if not health["alive"]:
        return "\n".join(health["problems"])
    rows = [
        tr("Recording since {since} into {folder} (process {pid}).", since=health["since"], folder=health["folder"], pid=health["pid"]),
        tr("{n} samples durable, last commit {time} ago, {waiting} waiting.", n=number(health["samples"]),
           time=duration(health["commit_age_s"]), waiting=number(health["waiting"])),
        _room(health),
        *_raw(health),
        tr("The clock was set {n} times.", n=health["clock_steps"]),
        tr("Windows that read along: {n}; turned away: {refused}.", n=health.get("readers", 0), refused=health.get("refused_readers", 0)),
    ]  # fmt: skip
    for source, how in health["sources"].items():
        refused = sum(how["refused"].values())
        rows.append(
            tr("{source}: {status}, {n} messages, {rate}/s, refused {refused}, dropped by the broker {dropped}", source=source,
               status=how["status"], n=number(how["messages"]), rate=number(how["messages_per_s"], 1), refused=refused, dropped=how["dropped"])
        )  # fmt: skip
    return "\n".join([*rows, *health["problems"]])
