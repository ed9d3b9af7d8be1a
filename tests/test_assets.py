from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from twin_app import assets
from twin_app.errors import TwinError

if TYPE_CHECKING:
    from pathlib import Path


def test_that_what_ships_is_where_it_is_said_to_be() -> None:
    assert assets.sample_line().is_file()
    assert assets.sample_stream().is_file()
    assert assets.model_file(assets.sample_line(), "filler.glb") == assets.ROOT / "models3d" / "machines" / "filler.glb"


def test_that_the_four_packages_lie_side_by_side() -> None:
    assets.check_packages()


def test_that_another_projects_package_of_the_same_name_is_told_with_the_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stranger = tmp_path / "ui"
    stranger.mkdir()
    (stranger / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "ui", raising=False)
    with pytest.raises(TwinError) as caught:
        assets.check_packages()
    assert str(stranger) in str(caught.value)
    assert "python start.py" in str(caught.value)


def test_that_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "PACKAGES", ("twin_app", "models3e"))
    with pytest.raises(TwinError, match="models3e should lie at"):
        assets.check_packages()


def test_that_a_model_beside_the_layout_counts_over_one_that_ships(tmp_path: Path) -> None:
    layout = tmp_path / "line.toml"
    assert assets.model_file(layout, "filler.glb").parent.name == "machines"
    (tmp_path / "filler.glb").touch()
    assert assets.model_file(layout, "filler.glb") == tmp_path / "filler.glb"


def test_that_a_link_out_of_the_layouts_folder_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "secret.glb"
    outside.touch()
    folder = tmp_path / "plant"
    folder.mkdir()
    try:
        (folder / "m.glb").symlink_to(outside)
    except OSError:
        pytest.skip("this system grants no symbolic links")
    assert assets.model_file(folder / "line.toml", "m.glb") == assets.ROOT / "models3d" / "machines" / "m.glb"
