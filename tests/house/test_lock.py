"""The locks: complete, hashed, without addresses, and in step with pyproject.toml."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
PYTHONS = ("3.11", "3.12", "3.13")
SYSTEMS = ("linux", "win32", "darwin")
# Left out of the lock on purpose, with the reason in pyproject.toml
EXCLUDED = {"matplotlib"}


def entries(lock: str) -> list[tuple[Requirement, list[str]]]:
    """Return each pin of a lock with its hashes."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace(" \\\n", " ")
    lines = [line for line in text.splitlines() if line.strip()]
    return [(Requirement(line.partition(" --hash")[0]), re.findall(r"--hash=sha256:([0-9a-f]{64})(?!\S)", line)) for line in lines]


def pins(lock: str, python: str, system: str) -> dict[str, str]:
    """Return name -> version, as pip would choose on that Python and system."""
    environment = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": system}
    chosen = [pin for pin, _ in entries(lock) if pin.marker is None or pin.marker.evaluate(environment)]
    names = [canonicalize_name(pin.name) for pin in chosen]
    assert len(names) == len(set(names)), "two versions of one package at a time"
    return {canonicalize_name(pin.name): str(pin.specifier).removeprefix("==") for pin in chosen}


def declared(extra: str | None = None) -> list[Requirement]:
    """Return what pyproject.toml asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [Requirement(line) for line in (project["optional-dependencies"][extra] if extra else project["dependencies"])]


@pytest.mark.parametrize("lock", LOCKS)
def test_that_every_pin_is_exact_and_hashed(lock: str) -> None:
    assert entries(lock)
    for pin, hashes in entries(lock):
        assert str(pin.specifier).startswith("=="), pin
        assert hashes, pin


@pytest.mark.parametrize("lock", LOCKS)
def test_that_a_lock_names_no_address_and_no_option_of_the_one_who_made_it(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*(-|#|.*@ )", text.replace("    --hash=sha256", ""), re.MULTILINE)


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize(
    ("lock", "extra"), [("requirements.lock", None), ("requirements-dev.lock", None), ("requirements-dev.lock", "dev")]
)
def test_that_the_lock_holds_what_the_project_declares(lock: str, extra: str | None, python: str, system: str) -> None:
    locked = pins(lock, python, system)
    environment = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": system}
    for wanted in declared(extra):
        if wanted.marker is None or wanted.marker.evaluate(environment):
            assert wanted.specifier.contains(locked[canonicalize_name(wanted.name)]), wanted


@pytest.mark.parametrize("python", PYTHONS)
def test_that_tests_run_on_the_very_versions_that_people_run(python: str) -> None:
    product, development = pins("requirements.lock", python, "linux"), pins("requirements-dev.lock", python, "linux")
    assert product.items() <= development.items()


def test_that_python_3_11_never_gets_the_pyside_that_aborts_it() -> None:
    assert Version(pins("requirements.lock", "3.11", "linux")["pyside6-essentials"]) < Version("6.12")


def test_that_nothing_left_out_on_purpose_has_crept_back() -> None:
    for lock in LOCKS:
        assert {pin.name for pin, _ in entries(lock)}.isdisjoint(EXCLUDED | {"pyside6", "pyside6-addons", "pyvista", "pyvistaqt"})
