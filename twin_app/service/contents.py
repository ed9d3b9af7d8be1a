"""What a recording tells of itself: span, files, layouts, raw messages, gaps. Not for what was said: see `answers`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twin_app.history import about
from twin_app.history.recording import Recording
from twin_app.service.carried import overwrites, write_layout
from twin_app.times import iso_utc

if TYPE_CHECKING:
    from pathlib import Path


def contents(path: Path) -> dict[str, Any]:
    """Return what a recording holds, for people and programs.

    Raises:
        RecordingError: there is none, or it cannot be read.
    """
    with Recording(path) as recording:
        span, raw = recording.span(), about.raw_kept(recording)
        layouts = about.layouts(recording, with_models=True)
        models = {model.name: model for layout in layouts for model in layout.models}
        return {
            "schema": 1, "path": str(path), "files": len(recording.readers), "parent": about.parent(recording),
            "from": iso_utc(span.start_ns) if span else None, "to": iso_utc(span.end_ns) if span else None, "signals": len(recording.signals),
            "layouts": [{"at": iso_utc(one.at_ns), "name": one.name, "hash": one.content_hash} for one in layouts],
            "models": [{"name": one.name, "bytes": None if one.content is None else len(one.content), "kept": one.kept} for one in models.values()],
            "raw": {"messages": raw.count, "bytes": raw.size, "from": _instant(raw.start_ns), "to": _instant(raw.end_ns), "dropped": raw.dropped},
            "gaps": [
                {"from": iso_utc(gap.start_ns), "to": _instant(gap.end_ns), "why": str(gap.why), "source": gap.source, "count": gap.count,
                 "signals": list(gap.signals)}
                for gap in about.gaps(recording)
            ],
            "notices": list(recording.notices()), "damaged": bool(recording.damage()),
        }  # fmt: skip


def write_layouts(path: Path, folder: Path) -> list[Path]:
    """Write the layouts that were in force into a folder, each named by its instant, and the files they name; return the layouts.

    One whose files are called as others that are there and differ, of another version perhaps, gets a folder of its own in it.

    Raises:
        RecordingError: the recording cannot be read, or a file cannot be written.
    """
    written = []
    with Recording(path) as recording:
        for layout in about.layouts(recording, with_models=True):
            stamp = iso_utc(layout.at_ns)[:19].replace(":", "").replace("-", "")
            name = f"{stamp}Z-{layout.content_hash[:8]}"
            apart = folder / name if overwrites(layout, folder, f"{name}.toml") else folder
            written.append(write_layout(layout, apart, f"{name}.toml"))
    return written


def _instant(at_ns: int | None) -> str | None:
    """Return an instant in words, None where there is none."""
    return None if at_ns is None else iso_utc(at_ns)
