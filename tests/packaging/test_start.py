"""start.py's own judgement, without setting anything up: what it makes of pip's words, markers and a system's libraries."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """start.py as a module, with an environment folder of its own."""
    spec = importlib.util.spec_from_file_location("start_under_test", ROOT / "start.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "LOG", tmp_path / ".venv" / "setup.log")
    return module


@pytest.mark.parametrize(
    ("said", "cure"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "make 2 GB of room"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "pip cache purge"),
        (
            "Retrying after connection broken by 'NewConnectionError('Connection refused')'\nERROR: No matching distribution found for numpy==2.4.6",
            "check network and proxy",
        ),
        ("connection broken by 'SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]", "pip config set global.cert"),
        ("connection broken by 'ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 407", "HTTPS_PROXY"),
        ("ERROR: HTTP error 403 while getting\n403 Client Error: Forbidden for url", "credentials"),
        ("ERROR: No matching distribution found for vtk==9.7.2", "64-bit Python 3.11 to 3.13"),
        ("ERROR: Could not install packages due to an OSError: [WinError 5] Access is denied: 'msgspec.pyd'", "close the running twin"),
        ("Reading package lists...\nE: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 7", "E: Could not get lock"),
    ],
)
def test_that_a_failure_is_told_with_its_cure(start: ModuleType, said: str, cure: str) -> None:
    sentence = start.explain("Installing packages", said)
    assert sentence.startswith("Installing packages failed; ")
    assert cure in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize(
    ("system", "sys_platform"),
    [("linux-x86_64", "linux"), ("windows-x86_64", "win32"), ("macos-arm64", "darwin"), ("macos-x86_64", "darwin")],
)
def test_that_a_bundle_takes_the_pins_of_its_own_platform_and_python(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, system: str, sys_platform: str, python: str
) -> None:
    monkeypatch.setattr(start, "venv_python", lambda: Path(sys.executable))
    chosen = [Requirement(pin.partition(" \\")[0]) for pin in start.select_pins(ROOT / "requirements.lock", system, python)]
    versions = {pin.name: str(pin.specifier) for pin in chosen}
    assert len(versions) == len(chosen)
    assert ("tzdata" in versions) == (sys_platform == "win32")
    assert versions["pyside6-essentials"].startswith("==6.11") == (python == "3.11")


@pytest.mark.parametrize(("language", "asks"), [("zh_CN.UTF-8", True), ("en_GB.UTF-8", False)])
def test_that_a_desktop_in_chinese_wants_a_font_for_it(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, language: str, asks: bool
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", language)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(start, "present", lambda _name: False)
    assert ("fonts-noto-cjk" in start.missing_libraries("run").values()) == asks


def test_that_missing_libraries_are_named_with_the_command_that_fetches_them(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start.sys, "platform", "linux")
    monkeypatch.setattr(start.os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(start.shutil, "which", lambda name, path=None: "/usr/bin/apt-get" if name == "apt-get" else None)
    monkeypatch.setattr(start, "present", lambda name: name not in {"libEGL.so.1", "Xvfb"})
    with pytest.raises(start.StopError, match=r"sudo apt-get install -y --no-install-recommends libegl1 xvfb$"):
        start.check_libraries("test")


def test_that_a_machine_without_apt_is_told_the_libraries_themselves(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start.sys, "platform", "linux")
    monkeypatch.setattr(start.shutil, "which", lambda name, path=None: None)
    monkeypatch.setattr(start, "present", lambda name: name != "libGL.so.1")
    with pytest.raises(start.StopError, match=r"lacks libGL\.so\.1: install what provides"):
        start.check_libraries("run")


@pytest.mark.parametrize(("screen", "asks"), [({}, False), ({"DISPLAY": ":0"}, True), ({"WAYLAND_DISPLAY": "wayland-0"}, True)])
def test_that_only_a_desktop_is_asked_for_the_libraries_of_a_desktop(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, screen: dict[str, str], asks: bool
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in screen.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(start, "present", lambda name: False)
    assert ("libxcb-cursor.so.0" in start.missing_libraries("run")) == asks


def test_that_another_python_is_refused_in_a_sentence(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(start, "PYTHON", "3.14")
    assert start.main([]) == 1
    assert capsys.readouterr().err == "The twin runs on Python 3.11 to 3.13, and this is 3.14: start it with one of those.\n"


@pytest.mark.parametrize(("python", "version", "refused"), [("3.11", "6.12.0", True), ("3.11", "6.11.3", False), ("3.12", "6.12.0", False)])
def test_that_the_pair_which_aborts_is_refused(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, python: str, version: str, refused: bool
) -> None:
    monkeypatch.setattr(start, "PYTHON", python)
    packages = Path(start.sysconfig.get_path("purelib", "venv", vars={"base": str(start.VENV)}))
    (packages / f"pyside6_essentials-{version}.dist-info").mkdir(parents=True)
    if refused:
        with pytest.raises(start.StopError, match=r"PySide6 6\.12 aborts Python 3\.11"):
            start.refuse_known_crash()
    else:
        start.refuse_known_crash()


def test_that_start_py_needs_nothing_but_the_standard_library() -> None:
    names = "import ast, sys; tree = ast.parse(open('start.py').read()); print({a.name.split('.')[0] for n in ast.walk(tree)"
    names += " if isinstance(n, ast.Import) for a in n.names} | {n.module.split('.')[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}"
    names += " <= set(sys.stdlib_module_names) | {'__future__'})"
    answer = subprocess.run([sys.executable, "-c", names], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout == "True\n"


def test_that_ci_runs_the_command_a_newcomer_runs() -> None:
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1] == "exec python3 start.py test"
