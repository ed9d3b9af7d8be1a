"""`python start.py` as a newcomer meets it: first start, second start, a changed lock, an interruption, a bad network."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.packaging.conftest import Checkout


# Each makes real environments; a busy machine may take its time.
pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def ready(make_checkout: Callable[[], Checkout]) -> Checkout:
    """A checkout that was set up once."""
    checkout = make_checkout()
    first = checkout.start("--replay", "a shift.twinrec")
    assert first.returncode == 0, first.stderr
    assert "Set up in" in first.stdout
    assert first.stdout.splitlines()[-1] == f"twin 1.0 ['--replay', 'a shift.twinrec'] {checkout.index}"
    return checkout


def test_that_the_second_start_sets_nothing_up_and_says_nothing_of_it(ready: Checkout) -> None:
    second = ready.start()
    assert second.stdout == f"twin 1.0 [] {ready.index}\n"


@pytest.mark.skipif(os.name == "nt", reason="a command of Windows there")
def test_that_the_environment_has_the_command_that_scripts_and_services_call(ready: Checkout, tmp_path: Path) -> None:
    command = ready.root / ".venv/bin/twin-app"
    environment = {**os.environ, "PYTHONPATH": ""}  # the twin that tests it is not the one it starts
    done = subprocess.run([command, "a shift.twinrec"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == f"twin 1.0 ['a shift.twinrec'] {tmp_path}\n"


def test_that_the_tests_environment_grows_out_of_the_plain_one(ready: Checkout) -> None:
    grown = ready.start("test", "core", "-k", "oee")
    assert "Making the environment" not in grown.stdout
    assert "Installing packages" in grown.stdout
    assert grown.stdout.splitlines()[-1] == "tests 1.0 ['core', '-k', 'oee']"
    assert "Installing" not in ready.start().stdout


def test_that_a_changed_lock_makes_the_environment_anew(ready: Checkout) -> None:
    ready.lock("2.0")
    changed = ready.start()
    assert "Making the environment" in changed.stdout
    assert changed.stdout.splitlines()[-1].startswith("twin 2.0")


def test_that_an_interrupted_set_up_heals_on_the_next_start(ready: Checkout) -> None:
    (ready.root / ".venv" / "ready.json").unlink()
    (ready.root / ".venv" / "pyvenv.cfg").unlink()
    healed = ready.start()
    assert healed.returncode == 0, healed.stderr
    assert healed.stdout.splitlines()[-1].startswith("twin ")


def assert_one_sentence(stderr: str, *words: str) -> None:
    """What a foreseeable failure may say: a line or two, no traceback, with the cure."""
    assert "Traceback" not in stderr
    assert len(stderr.strip().splitlines()) == 1
    for word in words:
        assert word in stderr


def test_that_a_package_other_than_the_locked_one_is_refused_in_a_sentence(make_checkout: Callable[[], Checkout]) -> None:
    checkout = make_checkout()
    checkout.lock("1.0", digest="0" * 64)
    refused = checkout.start()
    assert refused.returncode == 1
    assert_one_sentence(refused.stderr, "not the one the lock names", "pip cache purge")
    assert not (checkout.root / ".venv" / "ready.json").exists()


def test_that_a_missing_network_is_named_with_both_ways_out(make_checkout: Callable[[], Checkout]) -> None:
    refused = make_checkout().start(index=False)
    assert refused.returncode == 1
    assert_one_sentence(refused.stderr, "check network and proxy", "--from FOLDER")


def test_that_a_bundle_sets_up_a_machine_that_reaches_no_index(make_checkout: Callable[[], Checkout]) -> None:
    checkout = make_checkout()
    folder = checkout.index / "carried"
    bundled = checkout.start("bundle", "--dev", "--out", str(folder))
    assert bundled.returncode == 0, bundled.stderr
    manifest = json.loads((folder / "bundle.json").read_text(encoding="utf-8"))
    wheel = folder / "wheels" / "leaf-1.0-py3-none-any.whl"
    assert manifest["files"] == {wheel.name: hashlib.sha256(wheel.read_bytes()).hexdigest()}
    assert (folder / "requirements-dev.lock").read_bytes() == (checkout.root / "requirements-dev.lock").read_bytes()
    offline = checkout.start("--from", str(folder), "--version", index=False)
    assert offline.stdout.splitlines()[-1].startswith("twin 1.0 ['--version']"), offline.stderr

    checkout.lock("3.0")
    stale = checkout.start("--from", str(folder), index=False)
    assert stale.returncode == 1
    assert_one_sentence(stale.stderr, "does not hold what this checkout needs", "start.py bundle")


def test_that_a_folder_of_other_things_is_not_filled(ready: Checkout) -> None:
    before = sorted(ready.index.iterdir())
    assert_one_sentence(ready.start("bundle", "--out", str(ready.index)).stderr, "holds other things")
    assert sorted(ready.index.iterdir()) == before


def test_that_a_folder_of_other_things_is_not_taken_for_a_bundle(make_checkout: Callable[[], Checkout]) -> None:
    checkout = make_checkout()
    assert_one_sentence(checkout.start("--from", str(checkout.index)).stderr, "no complete bundle", "start.py bundle")
