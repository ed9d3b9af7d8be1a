"""Geometry that ships with the twin: where the machine models lie. No code that draws them."""

from pathlib import Path

MACHINES = Path(__file__).parent / "machines"


def machine_model(file_name: str) -> Path:
    """Return the path of a shipped model, for example ``filler.glb``."""
    return MACHINES / file_name
