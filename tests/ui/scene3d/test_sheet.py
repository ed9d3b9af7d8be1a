"""The contact sheet: every machine type in a tile of its own, and each tile shows something."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from twin_app.__main__ import main
from twin_app.errors import RecordingError
from twin_app.machines import MACHINE_TYPES, machine_type
from ui.scene3d.sheet import TILE, save_contact_sheet

KINDS = tuple(machine_type(key) for key in ("agv", "robot6", "rack", "filler", "capper"))


def test_that_five_machines_fill_two_rows_of_four_and_leave_three_tiles_empty(qtbot: QtBot, tmp_path: Path) -> None:
    del qtbot
    path = tmp_path / "sheet.png"
    save_contact_sheet(path, KINDS)
    image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB888)
    width, height = image.width(), image.height()
    assert width == 4 * TILE[0]
    assert height > 2 * TILE[1]
    rows = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(height, image.bytesPerLine())[:, : 3 * width]
    pixels = rows.reshape(height, width, 3).astype(int)
    row, few = height // 2, 40
    spread = [float(np.ptp(pixels[y : y + TILE[1], x : x + TILE[0]])) for y in (0, row) for x in range(0, width, TILE[0])]
    assert all(tile > 100 for tile in spread[:5])
    # The plain colour of the sheet: red, green and blue of one colour differ, its pixels do not.
    assert max(spread[5:]) < few


def test_that_a_sheet_that_cannot_be_written_is_told_with_its_path(qtbot: QtBot, tmp_path: Path) -> None:
    del qtbot
    with pytest.raises(RecordingError) as told:
        save_contact_sheet(tmp_path / "nowhere" / "sheet.png", KINDS[:1])
    assert "nowhere" in told.value.worded()


def test_that_the_command_line_draws_every_machine_type(qtbot: QtBot, tmp_path: Path) -> None:
    del qtbot
    path = tmp_path / "all.png"
    assert main(["models", "--contact-sheet", str(path)]) == 0
    rows = -(-len(MACHINE_TYPES) // 4)
    assert QImage(str(path)).height() > rows * TILE[1]
