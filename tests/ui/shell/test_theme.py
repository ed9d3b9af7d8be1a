from __future__ import annotations

import re
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QImageReader, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.shell.conftest import MakeWindow
from twin_app.settings import Loaded, Settings, changed
from ui import theme
from ui.palette import DARK, LIGHT, Palette


def _luminance(color: str) -> float:
    """Relative luminance, WCAG 2.1."""
    c = QColor(color)
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in (c.redF(), c.greenF(), c.blueF())]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    """Contrast ratio, WCAG 2.1: 1 for equal colours, 21 for black on white."""
    high, low = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_that_contrast_is_measured_as_published() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_that_text_reads_on_every_ground(palette: Palette) -> None:
    for ground in (palette.panel, palette.raised):
        assert contrast(palette.text, ground) >= 4.5
        assert contrast(palette.dim, ground) >= 4.5
    for mark in (*palette.priority, palette.selection):
        assert contrast(mark, palette.panel) >= 3.0


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_that_the_style_sheet_has_no_colour_of_its_own(palette: Palette) -> None:
    sheet = theme.style_sheet(palette, theme.sizes(9.0, 1.0))
    assert "$" not in sheet
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?=\s*[;}])", theme._SHEET)


def test_that_every_sign_the_style_sheet_names_can_be_read(qtbot: QtBot) -> None:
    named = set(re.findall(r"url\(([^)]+)\)", theme.style_sheet(LIGHT, theme.sizes(9.0, 1.0))))
    assert len(named) == 4
    for path in named:
        assert Path(path).exists(), path
        assert not QImageReader(path).read().isNull(), path


@pytest.mark.parametrize(("points", "scale", "body"), [(9.0, 1.0, 9.0), (12.0, 1.0, 12.0), (9.0, 1.5, 13.5), (6.0, 1.0, 9.0)])
def test_that_text_follows_the_desktop_and_the_person_and_stays_readable(points: float, scale: float, body: float) -> None:
    found = theme.sizes(points, scale)
    assert found.body == pytest.approx(body)
    assert found.small < found.body < found.heading < found.figure


def test_that_all_figures_have_one_width_and_chinese_has_letters(qtbot: QtBot) -> None:
    assert QApplication.instance() is not None
    font = theme.font(10.0)
    metrics = QFontMetricsF(font)
    assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1
    drawn = {_drawn(character, font) for character in "停止运行"}
    assert len(drawn) == 4  # a font without Chinese would draw the same empty box for each


def _drawn(character: str, font: QFont) -> bytes:
    """Return the picture of a character."""
    image = QImage(32, 32, QImage.Format.Format_Grayscale8)
    image.fill(0)
    painter = QPainter(image)
    painter.setFont(font)
    painter.setPen(QColor("#FFFFFF"))
    painter.drawText(image.rect(), character)
    painter.end()
    return bytes(image.constBits())


def test_that_a_colour_is_mixed_by_its_share() -> None:
    assert theme.mixed("#FFFFFF", "#000000", 0.5).name() == "#808080"
    assert theme.mixed("#FF0000", "#0000FF", 1.0).name() == "#ff0000"


def test_that_text_has_the_chosen_size_from_the_start(make_window: MakeWindow, settings: Settings) -> None:
    """Menus, titles and the badge, too, in a program that was not dressed before."""
    app = cast("QApplication", QApplication.instance())
    app.setStyleSheet("")
    app.setFont(QFont(app.font().family(), 9))
    window = make_window(Loaded(changed(settings, "look.text_scale", 1.4)))
    body = QApplication.font().pointSizeF()
    parts = (window.top_bar.menu_bar, window.top_bar.preset, window.top_bar.badge, window.dock_area.docks["tree"].title_row)
    assert [part.font().pointSizeF() for part in parts] == [pytest.approx(body)] * 4
    assert body > 12
