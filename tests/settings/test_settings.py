from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from twin_app import settings
from twin_app.arranged import Arrangement
from twin_app.settings import Settings, changed, load, save, value_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


def test_that_a_machine_without_a_file_has_the_defaults_and_nothing_to_complain_about(path: Path) -> None:
    loaded = load(path)
    assert loaded.settings == Settings()
    assert loaded.problems == ()
    assert not path.exists()


def test_that_what_was_saved_is_what_is_read(path: Path) -> None:
    tree = changed(Settings(), "look.theme", "dark")
    tree = changed(tree, "opened.addresses", {"broker": "mqtt://plant:1883"})
    tree = changed(tree, "window.arrangements", {"operator": Arrangement(docks="AAEC", panels={"timeline": {"span_s": 600}})})
    save(tree, path)
    assert load(path) == settings.Loaded(tree)


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"\xff\xfe\x00", b'{"schema": 99}', b'{"look": {}}', b"[" * 100_000])
def test_that_a_damaged_file_is_kept_beside_and_said_and_the_defaults_run(path: Path, damage: bytes) -> None:
    path.write_bytes(damage)
    loaded = load(path)
    assert loaded.settings == Settings()
    assert len(loaded.problems) == 1
    assert "settings.json.bad" in loaded.problems[0]
    assert path.with_name("settings.json.bad").read_bytes() == damage
    assert not path.exists()


def test_that_one_wrong_value_costs_nothing_but_itself(path: Path) -> None:
    path.write_text(json.dumps({"schema": 1, "look": {"theme": "pink", "text_scale": 1.25}, "log": {"level": "debug"}}))
    loaded = load(path)
    assert loaded.settings.look.theme == "system"
    assert loaded.settings.look.text_scale == 1.25
    assert loaded.settings.log.level == "debug"
    assert len(loaded.problems) == 1
    assert "look.theme" in loaded.problems[0]
    assert "pink" in loaded.problems[0]


@pytest.mark.parametrize(
    ("branch", "leaf", "value"), [("look", "text_scale", 9.0), ("drawing", "frames_per_s", 0), ("memory", "raw_bytes", "64 MiB")]
)
def test_that_a_value_out_of_bounds_or_of_the_wrong_kind_falls_back(path: Path, branch: str, leaf: str, value: object) -> None:
    path.write_text(json.dumps({"schema": 1, branch: {leaf: value}}))
    loaded = load(path)
    assert loaded.settings == Settings()
    assert f"{branch}.{leaf}" in loaded.problems[0]


def test_that_a_branch_of_the_wrong_kind_falls_back(path: Path) -> None:
    path.write_text(json.dumps({"schema": 1, "look": 7}))
    loaded = load(path)
    assert loaded.settings == Settings()
    assert "look" in loaded.problems[0]


def test_that_keys_of_another_version_survive_a_save(path: Path) -> None:
    path.write_text(json.dumps({"schema": 1, "look": {"theme": "dark", "glow": 3}, "robots": {"count": 2}}))
    loaded = load(path)
    assert loaded.problems == ()
    save(changed(loaded.settings, "look.theme", "light"), path)
    raw = json.loads(path.read_text())
    assert raw["look"]["glow"] == 3
    assert raw["look"]["theme"] == "light"
    assert raw["robots"] == {"count": 2}


def test_that_a_source_taken_out_is_not_brought_back_by_the_file(path: Path) -> None:
    save(changed(Settings(), "opened.addresses", {"a": "mqtt://a", "b": "mqtt://b"}), path)
    save(changed(Settings(), "opened.addresses", {"b": "mqtt://b"}), path)
    assert load(path).settings.opened.addresses == {"b": "mqtt://b"}


def test_that_a_save_that_fails_half_way_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(changed(Settings(), "look.theme", "dark"), path)
    before = path.read_bytes()

    def power_cut(_descriptor: int) -> None:
        raise OSError(5, "power cut")

    monkeypatch.setattr(os, "fsync", power_cut)
    with pytest.raises(OSError, match="power cut"):
        save(Settings(), path)
    assert path.read_bytes() == before


def test_that_every_setting_has_a_sentence_and_a_default_within_its_bounds() -> None:
    for entry in settings.entries():
        assert entry.says.endswith("."), entry.key
        assert not entry.choices or entry.default in entry.choices, entry.key
        assert entry.least is None or (entry.most is not None and entry.least <= entry.default <= entry.most), entry.key


def test_that_no_setting_can_hold_a_password() -> None:
    assert not [entry.key for entry in settings.entries() if "password" in entry.key or "secret" in entry.key]


def test_that_a_changed_tree_leaves_the_old_one_as_it_was() -> None:
    old = Settings()
    new = changed(old, "look.text_scale", 1.5)
    assert value_of(new, "look.text_scale") == 1.5
    assert value_of(old, "look.text_scale") == 1.0
    assert new.drawing is old.drawing


def test_that_the_docs_page_names_every_key_with_its_default() -> None:
    page = settings.document()
    for entry in settings.entries():
        assert f"| `{entry.key}` | `{json.dumps(entry.default)}` |" in page


def test_that_one_variable_moves_settings_log_and_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path))
    assert settings.settings_path() == tmp_path / "settings.json"
    assert settings.log_dir() == tmp_path / "log"
    assert settings.data_dir() == tmp_path / "data"


def test_that_without_it_the_desktops_own_folders_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TWIN_APP_HOME", raising=False)
    assert "twin-app" in str(settings.config_dir())
    assert "twin-app" in str(settings.log_dir())


@pytest.mark.parametrize(
    ("asked", "chosen", "desktop", "spoken"),
    [
        ("zh_CN", "en", "en_GB.UTF-8", "zh_CN"),
        ("", "zh_CN", "en_GB.UTF-8", "zh_CN"),
        ("", "en", "zh_CN.UTF-8", "en"),
        ("", "system", "zh_CN.UTF-8", "zh_CN"),
        ("", "system", "fr_FR.UTF-8", "en"),
        ("klingon", "zh_CN", "C", "zh_CN"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="Windows tells its language by a call, not by the environment")
def test_that_the_terminal_speaks_what_is_asked_for_then_what_was_chosen_then_the_desktops_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str, chosen: str, desktop: str, spoken: str
) -> None:
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path))
    monkeypatch.setenv("TWIN_APP_LANGUAGE", asked)
    monkeypatch.setenv("LC_ALL", desktop)
    save(changed(Settings(), "look.language", chosen), tmp_path / "settings.json")
    assert settings.language() == spoken


@pytest.mark.parametrize("damage", ["{", "[]", '{"look": 7}', '{"look": {"language": ["zh_CN"]}}'])
def test_that_asking_for_the_language_leaves_a_damaged_file_to_be_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.delenv("TWIN_APP_LANGUAGE", raising=False)
    (tmp_path / "settings.json").write_text(damage, encoding="utf-8")
    assert settings.language() == "en"
    assert [path.name for path in tmp_path.iterdir()] == ["settings.json"]


def test_that_the_page_of_settings_is_the_one_the_tree_makes() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "settings.md"
    assert page.read_text(encoding="utf-8") == settings.document(), "run: python -m twin_app.settings > docs/settings.md"
