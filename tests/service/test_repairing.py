"""`twin-app repair` mends what is damaged of a folder, says what is lost, and leaves the rest as it is."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from tests.history.brute import Sample, columns, table
from twin_app.__main__ import main
from twin_app.history.recording import Recording
from twin_app.history.store import Store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three files, the second of which lost its last page."""
    for k in range(3):
        path = tmp_path / f"2026030{k + 1}T050000Z.twinrec"
        with contextlib.closing(Store.reopen(path, signals=table(1))) as store:
            for commit in range(6):
                store.append(columns([Sample(0, k * 10**9 + commit * 100 + i, i / 7, message=commit) for i in range(100)]))
                store.commit()
                store.fold()
                if commit == 2:
                    store.seal(everything=True)
    second = tmp_path / "20260302T050000Z.twinrec"
    content = second.read_bytes()
    second.write_bytes(content[: len(content) // 2 // 4096 * 4096])
    return tmp_path


def test_that_the_damaged_file_is_mended_and_kept_beside_and_the_others_are_not_touched(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert main(["repair", str(folder)]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"{folder / '20260301T050000Z.twinrec'}: looked at."
    assert said[1] == f"{folder / '20260302T050000Z.twinrec'}: mended, the damaged file is kept beside."
    assert "damaged and lost" in said[2]
    assert (folder / "20260302T050000Z.twinrec.damaged").read_bytes() == whole["20260302T050000Z.twinrec"]
    for name in ("20260301T050000Z.twinrec", "20260303T050000Z.twinrec"):
        assert (folder / name).read_bytes() == whole[name]
    mended = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert main(["repair", str(folder)]) == 1, "what is lost stays lost"
    assert "mended" not in capsys.readouterr().out
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == mended
    with Recording(folder) as recording:
        assert recording.state_at(2 * 10**9 + 599).value[0] == 99 / 7


def test_that_a_sound_recording_is_found_sound(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "shift.twinrec"
    with contextlib.closing(Store.reopen(path, signals=table(1))) as store:
        store.append(columns([Sample(0, 1, 1.0)]))
        store.commit()
    assert main(["repair", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}: looked at.\n"
    assert main(["repair", str(tmp_path / "none")]) == 1
