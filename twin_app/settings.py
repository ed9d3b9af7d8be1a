"""The one typed tree of settings: its defaults, its sentences, its file. Not for what a layout says, and never for a password.

Field, default and sentence stand together; the file, the dialog and the docs page are made from them.
The file is JSON in the user's configuration folder (`TWIN_APP_HOME` overrides it). What cannot be read falls back to its
default and is said; a file that cannot be read at all is kept beside as `.bad`; keys nobody knows are kept as they are.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

import msgspec
import platformdirs

from twin_app.arranged import Arrangement, Further
from twin_app.text import LANGUAGES, N_, desktop_language, tr

SCHEMA = 1
APP = "twin-app"
_Node = TypeVar("_Node")


def option(default: object, says: str, *, least: float | None = None, most: float | None = None, unit: str = "", shown: bool = True) -> Any:  # noqa: ANN401 - as dataclasses.field
    """Return a dataclass field with its sentence; `least` and `most` bound a number, `shown` puts it into the dialog."""
    metadata = {"says": says, "least": least, "most": most, "unit": unit, "shown": shown}
    return field(default=default, metadata=metadata)


def remembered(says: str) -> Any:  # noqa: ANN401 - as dataclasses.field
    """Return a field that holds a mapping the program itself fills; it has no place in the dialog."""
    return field(default_factory=dict, metadata={"says": says, "shown": False})


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the person at the screen sees."""

    language: Literal["system", "en", "zh_CN"] = option("system", N_("Language of every sentence, number and time."))
    theme: Literal["system", "light", "dark"] = option("system", N_("Light or dark; system follows the desktop."))
    palette: Literal["calm", "andon"] = option(
        "calm", N_("Colours of states: calm keeps colour for what needs a person, andon shows green besides where machines run.")
    )
    text_scale: float = option(1.0, N_("Size of all text, on top of the desktop's own scale."), least=0.8, most=2.0, unit="×")
    diagonal_in: float = option(
        55.0, N_("Diagonal of the control room's display, for which the line's sentence is sized."), least=10, most=200, unit="in"
    )
    distance_m: float = option(
        3.0, N_("From how far the line's sentence, a failed unit and output against plan are read; the operator's arrangement obeys it."),
        least=0.5, most=10, unit="m",
    )  # fmt: skip
    less_motion: bool = option(
        default=False, says=N_("Less motion: the eye of the hall is at another place at once, without flying there.")
    )
    preset: Literal["operator", "trainer", "engineer"] = option("operator", N_("The arrangement of panels the window starts with."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """How much work goes into painting."""

    frames_per_s: int = option(30, N_("Most frames painted in a second while time runs."), least=5, most=60, unit="1/s")
    scene: Literal["auto", "low", "high", "off"] = option(
        "auto", N_("Effort of the 3D view: auto asks the graphics card, low is for software rendering, off leaves the view out.")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """Looking at the past."""

    return_min: int = option(
        5,
        N_("The operator's arrangement returns to live after so long without a key or the mouse; 0: never."),
        least=0,
        most=240,
        unit="min",
    )
    hide_notes: bool = option(
        default=True, says=N_("A blind replay hides what people wrote and acknowledged, even what was known by then.")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """How much of the past stays in memory; all of it stays on disk."""

    raw_bytes: int = option(
        64 * 1024 * 1024, N_("Raw messages kept for reading, in bytes; the oldest go first."), least=1024 * 1024, most=4 * 1024**3, unit="B"
    )
    tail_samples: int = option(4_000_000, N_("Newest samples kept in memory for plots and figures."), least=100_000, most=100_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What a live line's recording keeps, and how long."""

    file_age_h: float = option(
        6.0, N_("A file of the recording ends at the first border of a shift after this age."), least=0.25, most=168.0, unit="h"
    )
    raw_days: float = option(
        7.0, N_("Messages are kept as they came for so long, so that they can be decoded anew; 0 keeps none."), least=0.0, most=365.0, unit="d",
    )  # fmt: skip
    raw_mib: int = option(2048, N_("Most room for them in all files of a line; the oldest go first."), least=16, most=1_048_576, unit="MiB")
    models_mib: int = option(
        32, N_("Most room for a layout's own 3D models in each file of the recording, so that it shows them elsewhere; 0 keeps none."),
        least=0, most=1024, unit="MiB",
    )  # fmt: skip
    keep_days: float = option(0.0, N_("A file that ended so long ago is removed; 0 keeps it for ever."), least=0.0, most=36_500.0, unit="d")
    keep_gib: float = option(
        0.0, N_("The oldest files are removed while all take more room than this; 0: without limit."), least=0.0, most=1e6, unit="GiB",
    )  # fmt: skip
    keep_marked: bool = option(default=True, says=N_("A file with a bookmark in it is never removed."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """What is heard of alarms at this station."""

    sound: Literal["chime", "pulse", "horn", "off"] = option("chime", N_("Sound of an alarm that waits to be acknowledged."))
    least_priority: int = option(3, N_("The last priority that sounds: 1 for the gravest alone, 4 for all."), least=1, most=4)
    repeat_s: float = option(5.0, N_("Time between two sounds."), least=2.0, most=60.0, unit="s")
    remind_min: float = option(
        10.0, N_("While the sound is switched off, somebody is reminded of it this often."), least=1.0, most=120.0, unit="min"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Privacy:
    """What is told of persons."""

    names_in_exports: bool = option(default=False, says=N_("Whether exports and reports name persons; else they stand there as ids."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """What is written to the log file."""

    level: Literal["debug", "info", "warning", "error"] = option("info", N_("Least important kind of entry that is written to the log."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What was opened last, to be opened again at the next start. Passwords are never here."""

    layout: str = option("", N_("The layout file that was opened last; empty while nothing but the sample was ever opened."), shown=False)
    blind: bool = option(False, N_("Whether it was replayed blind when the window was left, so that it begins so again."), shown=False)  # noqa: FBT003 - as its neighbours
    attempt: str = option("", N_("The trainee's attempt that the blind replay was."), shown=False)
    trainee: str = option("", N_("Whose attempt it was."), shown=False)
    report_folder: str = option("", N_("The folder that the last shift's sheet was written to."), shown=False)
    addresses: Mapping[str, str] = remembered(N_("Where each source of that layout was read from, by source id."))
    usernames: Mapping[str, str] = remembered(N_("The user name given for a source, by source id."))
    tls_ca: Mapping[str, str] = remembered(N_("The file of the certificate authority given for a source, by source id."))
    tls_cert: Mapping[str, str] = remembered(N_("The file of the client's own certificate given for a source, by source id."))
    tls_key: Mapping[str, str] = remembered(N_("The file of that certificate's key given for a source, by source id."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Where the window and its panels stood."""

    geometry: str = option("", N_("Place and size of the window."), shown=False)
    hidden_figures: str = option("", N_("Figures that are left out of the strip above the machines, with spaces between."), shown=False)
    arrangements: Mapping[str, Arrangement] = remembered(N_("Arrangement of the panels, by preset."))
    further: Mapping[str, Further] = remembered(N_("Further windows, by number: the screen and place of each, and what it shows."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings. Frozen: a change is a new tree (`changed`)."""

    look: Look = field(default_factory=Look)
    drawing: Drawing = field(default_factory=Drawing)
    replay: Replay = field(default_factory=Replay)
    memory: Memory = field(default_factory=Memory)
    recording: Recorded = field(default_factory=Recorded)
    alarms: Sound = field(default_factory=Sound)
    privacy: Privacy = field(default_factory=Privacy)
    log: Log = field(default_factory=Log)
    opened: Opened = field(default_factory=Opened)
    window: Window = field(default_factory=Window)


SECTIONS = {
    "look": N_("Appearance"), "drawing": N_("Drawing"), "replay": N_("Replay"), "memory": N_("Memory"), "recording": N_("Recording"), "alarms": N_("Sound of alarms"), "privacy": N_("Privacy"), "log": N_("Log"),
    "opened": N_("Opened last"), "window": N_("Window"),
}  # fmt: skip
"""Titles of the branches, in the order of the tree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One leaf of the tree as the dialog and the docs page need it."""

    key: str
    """`look.theme`."""
    says: str
    default: Any
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    unit: str = ""
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings as read, and a sentence for each thing that could not be."""

    settings: Settings
    problems: tuple[str, ...] = ()


def config_dir() -> Path:
    """Return the folder of the settings file."""
    home = os.environ.get("TWIN_APP_HOME")
    return Path(home) if home else platformdirs.user_config_path(APP, appauthor=False)


def log_dir() -> Path:
    """Return the folder of the log files."""
    home = os.environ.get("TWIN_APP_HOME")
    return Path(home) / "log" if home else platformdirs.user_log_path(APP, appauthor=False)


def data_dir() -> Path:
    """Return the folder where journals and recordings are kept unless told otherwise."""
    home = os.environ.get("TWIN_APP_HOME")
    return Path(home) / "data" if home else platformdirs.user_data_path(APP, appauthor=False)


def settings_path() -> Path:
    """Return the path of the settings file."""
    return config_dir() / "settings.json"


def language() -> str:
    """Return the language to speak before anything is loaded: `TWIN_APP_LANGUAGE`, else the chosen one, else the desktop's.

    Only reads: a file that cannot be read is for `load` to tell of.
    """
    branch = _known_file(settings_path()).get("look")
    chosen = branch.get("language") if isinstance(branch, dict) else None
    wanted = (os.environ.get("TWIN_APP_LANGUAGE"), chosen)
    return next((code for code in wanted if isinstance(code, str) and code in LANGUAGES), desktop_language())


def entries() -> tuple[Entry, ...]:
    """Return every leaf of the tree in its order."""
    found = []
    for branch in fields(Settings):
        node = cast("type", get_type_hints(Settings)[branch.name])
        hints = get_type_hints(node)
        for leaf in fields(node):
            choices = get_args(hints[leaf.name]) if get_origin(hints[leaf.name]) is Literal else ()
            known = {k: v for k, v in leaf.metadata.items() if k in {"says", "least", "most", "unit", "shown"}}
            found.append(Entry(key=f"{branch.name}.{leaf.name}", default=getattr(node(), leaf.name), choices=choices, **known))
    return tuple(found)


def value_of(settings: Settings, key: str) -> Any:  # noqa: ANN401 - the type is the leaf's
    """Return the value at `branch.leaf`."""
    branch, leaf = key.split(".")
    return getattr(getattr(settings, branch), leaf)


def changed(settings: Settings, key: str, value: object) -> Settings:
    """Return the tree with the value at `branch.leaf` replaced."""
    branch, leaf = key.split(".")
    return replace(settings, **{branch: replace(getattr(settings, branch), **{leaf: value})})


def load(path: Path | None = None) -> Loaded:
    """Read the settings file; whatever cannot be read is its default, and `problems` says so. Never raises."""
    path = path or settings_path()
    try:
        raw = json.loads(path.read_bytes())
    except FileNotFoundError:
        return Loaded(Settings())
    except (OSError, ValueError, RecursionError):
        raw = None
    if not isinstance(raw, dict) or raw.get("schema") != SCHEMA:
        return Loaded(Settings(), (_set_aside(path),))
    problems: list[str] = []
    return Loaded(_read(Settings, raw, "", problems), tuple(problems))


def save(settings: Settings, path: Path | None = None) -> None:
    """Write the settings at once or not at all; keys of the file that nobody here knows stay.

    Raises:
        OSError: the folder cannot be written.
    """
    path = path or settings_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    merged = _overlay(_known_file(path), {"schema": SCHEMA, **asdict(settings)})
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(merged, file, indent=2, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def document() -> str:
    """Return the docs page of all settings as Markdown, made from the tree."""
    lines = [_PAGE_HEAD]
    lines += ["| key | default | allowed | meaning |", "| --- | --- | --- | --- |"]
    for entry in entries():
        allowed = ", ".join(entry.choices) if entry.choices else _bounds(entry)
        default = json.dumps(entry.default)
        lines.append(f"| `{entry.key}` | `{default}` | {allowed} | {tr(entry.says)} |")
    return "\n".join(lines) + "\n"


_PAGE_HEAD = f"""# Settings

This page is made from the tree of settings itself: `python -m twin_app.settings > docs/settings.md`.

One JSON file, `settings.json`, schema {SCHEMA}, in the user's configuration folder: `~/.config/twin-app` on Linux,
`~/Library/Application Support/twin-app` on macOS, `%LOCALAPPDATA%\\twin-app` on Windows. Most of it is changed under *File ▸ Settings*.
A value that is not allowed falls back to its default and is told; keys the program does not know are kept as they are.

| environment | does |
| --- | --- |
| `TWIN_APP_HOME` | another folder for settings, log and recordings, all in one |
| `TWIN_APP_LANGUAGE` | `en` or `zh_CN`: the terminal's language before `look.language`, the window's where that is `system` |
| `TWIN_APP_PASSWORD` | the password for brokers, where none was typed; passwords are never written to a file |

Keys are written `branch.key`; in the file a branch is an object of its own: `{{"schema": {SCHEMA}, "look": {{"theme": "dark"}}}}`.
"""


def _bounds(entry: Entry) -> str:
    """Return `5 to 60 1/s`, or nothing where there are no bounds."""
    return "" if entry.least is None else f"{entry.least} to {entry.most} {entry.unit}".strip()


def _read(node: type[_Node], raw: Mapping[str, object], where: str, problems: list[str]) -> _Node:
    """Build one branch, leaf by leaf, so that one wrong value costs nothing but itself."""
    hints, values = get_type_hints(node), {}
    for leaf in fields(cast("Any", node)):
        if leaf.name not in raw:
            continue
        found, key = raw[leaf.name], f"{where}{leaf.name}"
        if is_dataclass(hints[leaf.name]) and isinstance(found, dict):
            values[leaf.name] = _read(hints[leaf.name], found, f"{key}.", problems)
            continue
        try:
            values[leaf.name] = _checked(found, hints[leaf.name], leaf.metadata)
        except (msgspec.ValidationError, ValueError):
            problems.append(tr("Setting {key} cannot be {found}; its default is used.", key=key, found=json.dumps(found)[:60]))
    return node(**values)


def _checked(found: object, hint: Any, metadata: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any leaf
    """Return the value in its type; ValueError outside its bounds."""
    value = msgspec.convert(found, hint)
    least, most = metadata.get("least"), metadata.get("most")
    if least is not None and most is not None and not least <= value <= most:
        raise ValueError(value)
    return value


def _set_aside(path: Path) -> str:
    """Keep a file that cannot be read beside itself and return the sentence that says so."""
    bad = path.with_suffix(path.suffix + ".bad")
    try:
        path.replace(bad)
    except OSError:
        return tr("The settings file {path} cannot be read; defaults are used.", path=path)
    return tr("The settings file {path} was damaged and defaults are used; the damaged file is kept as {bad}.", path=path, bad=bad.name)


def _known_file(path: Path) -> dict[str, Any]:
    """Return what the file holds now, or nothing."""
    try:
        raw = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return raw if isinstance(raw, dict) else {}


def _overlay(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Return `above` with the keys only `below` has kept, one level of branches deep (mappings of the program are replaced whole)."""
    merged = {**below, **above}
    for key, branch in above.items():
        if isinstance(branch, dict) and isinstance(below.get(key), dict):
            merged[key] = {**below[key], **branch}
    return merged


if __name__ == "__main__":
    sys.stdout.write(document())
