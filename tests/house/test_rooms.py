"""The walls of the house: who may import whom. import-linter says the same of chains; here the lazy imports are read too."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

IMPORT_ALL = """
import importlib, json, pkgutil, sys
import twin_app
names = [found.name for found in pkgutil.walk_packages(twin_app.__path__, "twin_app.")]
for name in names:
    importlib.import_module(name)
print(json.dumps({"imported": names, "loaded": sorted({name.partition(".")[0] for name in sys.modules})}))
"""
VTK = {"vtk", "vtkmodules", "pyvista", "pyvistaqt"}
FOREIGN_TO_THE_TWIN = {"PySide6", "shiboken6", "pyqtgraph", "matplotlib", "ui", *VTK}


def imports(path: Path, text: str) -> Iterator[str]:
    """Name every module a file imports, wherever in the file it does so."""
    package = list(path.with_suffix("").parts[:-1])
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def importers(sources: dict[Path, str], packages: set[str]) -> set[Path]:
    """Return the product's files that import one of the packages."""
    product = {path: text for path, text in sources.items() if path.parts[0] in {"twin_app", "ui", "models3d", "sample_streams"}}
    return {path for path, text in product.items() if packages & {name.partition(".")[0] for name in imports(path, text)}}


def test_that_the_whole_twin_is_imported_without_qt_vtk_or_plotting() -> None:
    answer = subprocess.run([sys.executable, "-c", IMPORT_ALL], capture_output=True, text=True, timeout=60, check=False)
    assert answer.returncode == 0, answer.stderr
    seen = json.loads(answer.stdout)
    assert "twin_app.model.packml" in seen["imported"]
    assert FOREIGN_TO_THE_TWIN.isdisjoint(seen["loaded"])


def test_that_only_commands_of_the_twin_open_the_window(sources: dict[Path, str]) -> None:
    windowed = {path for path in importers(sources, FOREIGN_TO_THE_TWIN) if path.parts[0] == "twin_app"}
    assert {path.parent for path in windowed} == {Path("twin_app/commands")}
    assert {name.partition(".")[0] for path in windowed for name in imports(path, sources[path])} & FOREIGN_TO_THE_TWIN == {"ui"}


@pytest.mark.parametrize(("packages", "room"), [(VTK, "ui/scene3d"), ({"pyqtgraph"}, "ui/plots")])
def test_that_a_drawing_library_is_known_to_one_room_alone(sources: dict[Path, str], packages: set[str], room: str) -> None:
    assert [path for path in importers(sources, packages) if not path.is_relative_to(room)] == []


def test_that_panels_know_their_base_and_no_other_panel(sources: dict[Path, str]) -> None:
    panels = {
        path: text for path, text in sources.items() if path.is_relative_to("ui/panels") and path.name not in {"__init__.py", "base.py"}
    }
    others = {
        (path.as_posix(), name)
        for path, text in panels.items()
        for name in imports(path, text)
        if name.startswith("ui.panels.") and name.split(".")[2] not in {"base", path.parts[2].removesuffix(".py")}
    }
    # `from ui.panels.base import Panel` names ui.panels.base and ui.panels.base.Panel: both begin with the base.
    assert others == set()
