"""Links that a click opens: what the desktop of the account is told."""

from __future__ import annotations

import configparser
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from twin_app.__main__ import main
from twin_app.service import scheme

pytestmark = pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="other desktops keep it elsewhere")


def test_that_a_click_runs_this_program_with_the_link_wherever_it_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "da ta"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert main(["links"]) == 0
    entry = tmp_path / "da ta" / "applications" / scheme.ENTRY
    assert str(entry) in capsys.readouterr().out
    read = configparser.ConfigParser(interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign] # keys of desktop entries differ by case
    read.read(entry, encoding="utf-8")
    told = read["Desktop Entry"]
    assert told["MimeType"] == "x-scheme-handler/twin;"
    words = [word.replace("%%", "%").replace("%u", "twin:nothing") for word in shlex.split(told["Exec"])]
    done = subprocess.run([*words, "--headless"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=50)
    assert done.returncode == 2
    assert "twin:nothing" in done.stderr  # the program was there, and read the link
    assert main(["links", "--forget"]) == 0
    assert main(["links", "--forget"]) == 0
    assert not entry.exists()


def test_that_a_folder_that_may_not_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    assert main(["links"]) == 1
    assert "The desktop cannot be told" in capsys.readouterr().err
