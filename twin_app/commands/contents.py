"""`twin-app contents`: what a recording holds and what is missing in it. Not for what was said: see `answers`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin_app.commands.answers import as_json
from twin_app.commands.base import Command, add_json
from twin_app.text import N_, number, tr

if TYPE_CHECKING:
    import argparse

WHY = {
    "down": N_("no recorder ran"), "away": N_("the source was away"), "refused": N_("messages were refused"),
    "given up": N_("the disk failed"), "damaged": N_("damaged"),
    "damaged end": N_("damaged at its end, or lost when the power was cut"),
}  # fmt: skip


def add(parser: argparse.ArgumentParser) -> None:
    """Add which recording, and how the answer looks."""
    parser.add_argument("recording", type=Path, metavar="RECORDING", help=tr("a .twinrec file, or a folder of them"))
    parser.add_argument("--layouts", type=Path, metavar="DIR", help=tr("write the layouts that were in force into this folder"))
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print what the recording holds; 1 where something of it is damaged."""
    from twin_app.service.contents import contents, write_layouts

    answer = contents(arguments.recording)
    if arguments.layouts is not None:
        answer["written"] = [str(path) for path in write_layouts(arguments.recording, arguments.layouts)]
    print(as_json(answer) if arguments.json else _in_words(answer))
    return int(answer["damaged"])


def _in_words(answer: dict[str, Any]) -> str:
    """Return the answer for a person."""
    raw = answer["raw"]
    rows = [
        tr("{path}: {files} files from {start} to {end}, {signals} signals.", path=answer["path"], files=number(answer["files"]),
           start=answer["from"] or "–", end=answer["to"] or "–", signals=number(answer["signals"])),
        tr("Raw messages: {n}, {size} MiB, from {start}; dropped: {dropped}.", n=number(raw["messages"]),
           size=number(raw["bytes"] / 2**20, 1), start=raw["from"] or "–", dropped=number(raw["dropped"])),
    ]  # fmt: skip
    if answer["parent"]:
        rows.append(tr("Made of {path}.", path=answer["parent"]))
    rows += [tr("Layout {name} from {at} on ({hash}).", name=one["name"], at=one["at"], hash=one["hash"][:12]) for one in answer["layouts"]]
    rows += [_model(model) for model in answer["models"]]
    rows += [_gap(gap) for gap in answer["gaps"]]
    rows += [tr("Written: {path}.", path=path) for path in answer.get("written", ())]
    return "\n".join([*rows, *answer["notices"]])


def _model(model: dict[str, Any]) -> str:
    """Return the line of a file of a 3D model."""
    if not model["kept"]:
        return tr("3D model {name}: not kept, for want of room.", name=model["name"])
    if model["bytes"] is None:
        return tr("3D model {name}: damaged.", name=model["name"])
    return tr("3D model {name}: {size} KiB.", name=model["name"], size=number(model["bytes"] / 1024, 1))


def _gap(gap: dict[str, Any]) -> str:
    """Return the line of a gap."""
    what = tr("{start} to {end}: {why}", start=gap["from"], end=gap["to"] or "…", why=tr(WHY[gap["why"]]))
    more = [gap["source"]] if gap["source"] else []
    more += [number(gap["count"])] if gap["count"] is not None else []
    return what + (f" ({', '.join(more)})" if more else "")


CONTENTS = Command(
    name="contents", help=N_("say what a recording holds, and what is missing in it; 1 where something is damaged"), add=add, run=run
)
