"""Where the files lie that ship with the twin: layouts, models, sample streams. Not for the user's own folders: see `settings`."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

from twin_app.errors import TwinError
from twin_app.text import N_

PACKAGES = ("twin_app", "ui", "models3d", "sample_streams")
ROOT = Path(__file__).resolve().parent.parent
"""The folder in which the packages lie side by side: a checkout, or site-packages."""


def check_packages() -> None:
    """See that the packages beside this one are the twin's own: `ui` is a name that others use, too.

    Raises:
        TwinError: one is missing, or another project's package of that name comes first.
    """
    for name in PACKAGES:
        found = _folder(name)
        if found != ROOT / name:
            raise TwinError(
                N_("The twin's package {name} should lie at {expected}, but Python finds {found}."),
                tip=N_(
                    "Another project's package of the same name is in the way: start the twin with python start.py, in an environment of its own."
                ),
                name=name,
                expected=ROOT / name,
                found=found or N_("none"),
            )


def _folder(name: str) -> Path | None:
    """Return the folder that Python would import a package from, None where there is none; nothing is imported."""
    try:
        spec = find_spec(name)
    except ValueError:  # a module of that name without a spec, such as a test's double
        return None
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]).resolve() if places else None


def line_files() -> tuple[Path, ...]:
    """Return the layout files that ship with the twin, by name."""
    return tuple(sorted((ROOT / "models3d" / "lines").glob("*.toml")))


def sample_line() -> Path:
    """Return the layout of the line that is shown while nothing else was ever opened."""
    return ROOT / "models3d" / "lines" / "bottling.toml"


def sample_stream() -> Path:
    """Return the messages of that line: a shift that was simulated, which every line of it says."""
    return ROOT / "sample_streams" / "eventful_shift.jsonl.gz"


def sample_begin_s() -> float:
    """Return how far into that shift the playhead begins: shortly before something happens."""
    manifest = json.loads((ROOT / "sample_streams" / "manifest.json").read_text(encoding="utf-8"))
    return float(manifest["eventful_shift"]["begin_s"])


def sample() -> tuple[Path, Path]:
    """Return the layout and the messages of the sample."""
    return sample_line(), sample_stream()


def picture_file(model: str, theme: str) -> Path:
    """Return the picture of a model that ships, as it looks in a theme; the file need not exist.

    Args:
        model: the machine type's `model`, such as `filler.glb`.
        theme: `light` or `dark`.
    """
    return ROOT / "models3d" / "pictures" / theme / f"{Path(model).stem}.jpg"


def model_file(layout: Path, model: str) -> Path:
    """Return where a unit's 3D model lies: beside its layout file, else among the models that ship.

    The file need not exist. `model` is a relative path that the layout's reader has found to stay in its folder; a link
    that leads out of it is not followed.

    Args:
        layout: path of the layout file.
        model: the unit's `model`, relative, with `/`.
    """
    own = layout.resolve().parent / model
    shipped = ROOT / "models3d" / "machines" / model
    return own if own.resolve().is_relative_to(layout.resolve().parent) and own.exists() else shipped
