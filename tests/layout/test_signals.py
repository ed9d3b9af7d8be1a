from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.assets import ROOT
from twin_app.layout import load, remarks, signal_table
from twin_app.model.signal import SignalKind

if TYPE_CHECKING:
    from pathlib import Path


def test_that_paths_follow_the_hierarchy_and_sources_come_first() -> None:
    table = signal_table(load(ROOT / "models3d/lines/packaging.toml"))
    paths = [signal.path for signal in table]
    assert paths[0] == "PlantA/Packaging/packaging/@plant/Connected"
    assert "PlantA/Packaging/packaging/Filler/State" in paths
    assert len(set(paths)) == len(paths)
    units = list(dict.fromkeys(signal.unit for signal in table))
    assert units == ["@plant", "Filler", "Capper", "Labeller"]


def test_that_a_units_own_description_of_a_signal_counts_over_its_machine_types(good: str, tmp_path: Path) -> None:
    path = tmp_path / "line.toml"
    path.write_text(
        good.replace("[[product]]", '[[unit.signal]]\nname = "CurMachSpeed"\nkind = "measurement"\nunit_of_measure = "1/h"\n\n[[product]]')
    )
    table = signal_table(load(path))
    press, oven = (table.find(unit, "CurMachSpeed") for unit in ("Press", "Oven"))
    assert press is not None
    assert oven is not None
    assert (table[press].unit_of_measure, table[oven].unit_of_measure) == ("1/min", "1/h")
    assert [table[i].name for i in table.of_unit("Oven")].count("CurMachSpeed") == 1


def test_that_a_mapping_brings_in_the_signals_of_the_engine_and_leaves_unknown_ones_to_their_first_value(good: str, tmp_path: Path) -> None:
    path = tmp_path / "line.toml"
    mapping = 'dialect = "json_flat"\nsignals = { n = "Consumed", s = "State", t = "Torque", x = "" }'
    path.write_text(good.replace('dialect = "packml_tags"', mapping))
    table = signal_table(load(path))
    consumed = table.find("Press", "Consumed")
    assert consumed is not None
    assert table[consumed].kind is SignalKind.COUNTER
    assert table.find("Press", "Torque") is None
    assert table.find("Press", "") is None


def test_that_a_rule_for_one_unit_says_nothing_about_another(good: str, tmp_path: Path) -> None:
    path = tmp_path / "line.toml"
    rule = '[[source.map]]\ntopic = "m/oven"\nunit = "Oven"\ndialect = "json_flat"\nsignals = { n = "Consumed" }\n\n[[unit]]\nid = "Press"'
    path.write_text(good.replace('[[unit]]\nid = "Press"', rule))
    table = signal_table(load(path))
    assert table.find("Oven", "Consumed") is not None
    assert table.find("Press", "Consumed") is None


def test_that_a_dialect_that_places_its_topics_brings_its_signals_to_every_unit(good: str, tmp_path: Path) -> None:
    path = tmp_path / "line.toml"
    mapping = 'dialect = "umh"\nsignals = { good = "Consumed" }'
    path.write_text(good.replace('dialect = "packml_tags"', mapping).replace("S/A/{unit}/{tag...}", "umh/v1/#"))
    line = load(path)
    table = signal_table(line)
    assert all(table.find(unit.id, "Consumed") is not None for unit in line.units)
    assert not [remark for remark in remarks(line) if "No rule names" in remark]
