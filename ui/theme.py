"""The look: Qt palette, fonts and style sheet, all made from the roles of `ui.palette`. Not for colours of states or of single panels.

A widget asks for a way of being written with its `role` property: `dim`, `small`, `heading`, `figure`, `bold`, `alarm1` .. `alarm4`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from ui.palette import CALM, DARK, EVERY_PALETTE, LIGHT, Palette

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

FAMILIES = (
    "Inter", "Segoe UI", ".AppleSystemUIFont", "Noto Sans", "DejaVu Sans",
    "Microsoft YaHei UI", "PingFang SC", "Noto Sans CJK SC", "WenQuanYi Micro Hei",
)  # fmt: skip
"""Latin first, then Chinese: Qt takes each character from the first family that has it."""
LEAST_POINTS = 9.0
ICONS = (Path(__file__).parent / "icons").as_posix()
"""Small signs in a grey that reads on both themes; what a style sheet cannot draw itself."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Text sizes in points, all from the desktop's own size."""

    small: float
    body: float
    heading: float
    figure: float


def sizes(system_points: float, text_scale: float) -> Sizes:
    """Return the text sizes for a desktop's font size and the person's own scale: 11, 12, 13 and 19 px at 9 pt and 96 dpi."""
    base = max(system_points, LEAST_POINTS) * text_scale
    return Sizes(small=base * 0.94, body=base * 1.0, heading=base * 1.06, figure=base * 1.6)


def is_dark(choice: str) -> bool:
    """Tell whether `system`, `light` or `dark` means dark on this desktop, now."""
    if choice == "system":
        return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return choice == "dark"


def chosen_palette(choice: str, scheme: str = CALM) -> Palette:
    """Return the palette of a scheme that `system`, `light` or `dark` means on this desktop, now."""
    name = (DARK if is_dark(choice) else LIGHT).name
    return next(palette for palette in EVERY_PALETTE if (palette.name, palette.scheme) == (name, scheme))


def font(points: float, *, bold: bool = False) -> QFont:
    """Return the product's font with figures that keep their width; one of the caller's own, which may be changed."""
    return QFont(_font(points, bold))  # a copy shares the faces that were looked up, which is what is dear


@lru_cache(maxsize=64)
def _font(points: float, bold: bool) -> QFont:  # noqa: FBT001 - a key of what is kept
    made = QFont(list(FAMILIES))
    made.setPointSizeF(points)
    made.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    made.setFeature(QFont.Tag("tnum"), 1)  # figures of one width, where the family has others
    return made


def apply(app: QApplication, palette: Palette, *, system_points: float, text_scale: float = 1.0) -> None:
    """Dress the whole application; called again when theme, scale or desktop change. The same again costs nothing."""
    scale = sizes(system_points, text_scale)
    sheet, before = style_sheet(palette, scale), app.styleSheet()
    if sheet == before:  # it names every colour and size; to dress every widget anew takes half a second
        return
    if not before:
        app.setStyle(QStyleFactory.create("Fusion"))
    app.setPalette(qt_palette(palette))
    app.setFont(font(scale.body))
    app.setStyleSheet(sheet)


def qt_palette(palette: Palette) -> QPalette:
    """Return Qt's own roles in our colours, for what no style sheet reaches."""
    made = QPalette()
    roles = {
        QPalette.ColorRole.Window: palette.window, QPalette.ColorRole.WindowText: palette.text, QPalette.ColorRole.Base: palette.raised,
        QPalette.ColorRole.AlternateBase: palette.panel, QPalette.ColorRole.Text: palette.text, QPalette.ColorRole.Button: palette.raised,
        QPalette.ColorRole.ButtonText: palette.text, QPalette.ColorRole.BrightText: palette.raised, QPalette.ColorRole.ToolTipBase: palette.raised,
        QPalette.ColorRole.ToolTipText: palette.text, QPalette.ColorRole.Highlight: palette.selection, QPalette.ColorRole.HighlightedText: palette.text,
        QPalette.ColorRole.PlaceholderText: palette.dim, QPalette.ColorRole.Mid: palette.line, QPalette.ColorRole.Link: palette.selection,
        QPalette.ColorRole.Accent: palette.selection,
    }  # fmt: skip
    for role, color in roles.items():
        made.setColor(role, QColor(color))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, mixed(palette.text, palette.panel, 0.42))
    return made


def mixed(above: str, below: str, share: float) -> QColor:
    """Return `share` of one colour over another."""
    a, b = QColor(above), QColor(below)
    pairs = ((a.redF(), b.redF()), (a.greenF(), b.greenF()), (a.blueF(), b.blueF()))
    return QColor.fromRgbF(*(share * x + (1 - share) * y for x, y in pairs))


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget another way of being written, at once; the same again costs nothing."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def style_sheet(palette: Palette, scale: Sizes) -> str:
    """Return the whole application's style sheet."""
    names = ("window", "panel", "raised", "line", "text", "dim", "selection", "neutral", "stopped")
    colors = {name: getattr(palette, name) for name in names} | {f"alarm{i}": c for i, c in enumerate(palette.priority, 1)}
    points = {name: f"{getattr(scale, name):.2f}pt" for name in ("small", "body", "heading", "figure")}
    soft = {
        "hover": mixed(palette.text, palette.raised, 0.07).name(),
        "pressed": mixed(palette.text, palette.raised, 0.14).name(),
        "chosen": mixed(palette.selection, palette.panel, 0.22).name(),
        "faint": mixed(palette.text, palette.panel, 0.42).name(),
        "thumb": mixed(palette.text, palette.panel, 0.26).name(),
    }
    return Template(_SHEET).substitute(colors, **{f"pt_{k}": v for k, v in points.items()}, **soft, icons=ICONS)


_SHEET = """
QMainWindow, QDialog { background: $window; }
QDialog#search { border: 1px solid $dim; }
QWidget { color: $text; }
QLabel { background: transparent; }
QLabel[role="dim"] { color: $dim; }
QLabel[role="small"] { color: $dim; font-size: $pt_small; }
QLabel[role="heading"] { font-size: $pt_heading; font-weight: 600; }
QLabel[role="bold"] { font-weight: 600; }
QLabel[role="figure"] { font-size: $pt_figure; font-weight: 600; }
QLabel[role="alarm1"] { color: $alarm1; font-weight: 600; }
QLabel[role="alarm2"] { color: $alarm2; font-weight: 600; }
QLabel[role="alarm3"] { color: $alarm3; font-weight: 600; }
QLabel[role="alarm4"] { color: $alarm4; font-weight: 600; }

QFrame#topBar, QFrame#kpiStrip { background: $panel; border: none; border-bottom: 1px solid $line; }
QFrame[cell="true"] { background: transparent; border: none; border-right: 1px solid $line; }
QFrame[cell="last"] { background: transparent; border: none; }
QFrame#dockTitle { background: $panel; border: 1px solid $line; border-bottom: none; border-top-left-radius: 4px; border-top-right-radius: 4px; }
QFrame#dockBody { background: $panel; border: 1px solid $line; border-top: 1px solid $line; border-bottom-left-radius: 4px; border-bottom-right-radius: 4px; }
QFrame#notice { background: $raised; border: none; border-bottom: 1px solid $line; }
QFrame#floodBanner { background: $raised; border: none; border-left: 6px solid $alarm1; }
QFrame#card { background: $raised; border: 1px solid $line; border-radius: 4px; }

QMainWindow::separator { background: $window; width: 6px; height: 6px; }
QMainWindow::separator:hover { background: $thumb; }
QSplitter::handle { background: $line; }

QMenuBar { background: transparent; border: none; spacing: 0; }
QMenuBar::item { padding: 4px 8px; background: transparent; border-radius: 4px; color: $dim; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $hover; color: $text; }
QMenu { background: $raised; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 28px 5px 24px; border-radius: 3px; }
QMenu::item:selected { background: $hover; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QMenu::indicator { width: 12px; height: 12px; left: 6px; }
QMenu::indicator:checked { image: url($icons/check.svg); }
QMenu::right-arrow { image: url($icons/right.svg); width: 12px; height: 12px; right: 6px; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px 6px; }

QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QPushButton { background: $raised; border: 1px solid $line; border-radius: 4px; padding: 5px 14px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $pressed; }
QPushButton:disabled { color: $faint; background: $panel; }
QPushButton:default { border-color: $dim; font-weight: 600; }
QPushButton:focus { border: 2px solid $selection; padding: 4px 13px; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 4px; padding: 3px 6px; }
QToolButton[framed="true"] { background: $raised; border-color: $line; padding: 3px 10px; }
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:checked { background: $pressed; }
QToolButton:disabled { color: $faint; }
QToolButton[role="alarm1"] { color: $alarm1; font-weight: 600; }
QToolButton:focus { border: 2px solid $selection; padding: 2px 5px; }
QToolButton[framed="true"]:focus { border-color: $selection; padding: 2px 9px; }
QToolButton::menu-indicator { image: none; width: 0; }

QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox, QPlainTextEdit, QDateTimeEdit {
  background: $raised; border: 1px solid $line; border-radius: 4px; padding: 4px 6px;
  selection-background-color: $selection; selection-color: $raised; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus, QPlainTextEdit:focus, QDateTimeEdit:focus {
  border: 2px solid $selection; padding: 3px 5px; }
QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled { color: $faint; background: $panel; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: url($icons/down.svg); width: 12px; height: 12px; }
QSpinBox::up-button, QDoubleSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::down-button { border: none; background: transparent; width: 16px; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url($icons/up.svg); width: 12px; height: 10px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: url($icons/down.svg); width: 12px; height: 10px; }
QCheckBox::indicator { width: 14px; height: 14px; border: 1px solid $dim; border-radius: 3px; background: $raised; }
QCheckBox::indicator:checked { image: url($icons/check.svg); }
QCheckBox:focus { color: $selection; }
QCheckBox::indicator:focus { border: 2px solid $selection; width: 12px; height: 12px; }
QTreeView::branch:has-children:!has-siblings:closed, QTreeView::branch:closed:has-children:has-siblings { image: url($icons/right.svg); }
QTreeView::branch:open:has-children:!has-siblings, QTreeView::branch:open:has-children:has-siblings { image: url($icons/down.svg); }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $line; outline: none; selection-background-color: $hover; selection-color: $text; }

QAbstractItemView { background: $panel; border: 1px solid transparent; outline: none; alternate-background-color: $panel;
  selection-background-color: $chosen; }
QAbstractItemView:focus { border-color: $selection; }
QAbstractItemView::item { padding: 3px 4px; }
QAbstractItemView::item:hover { background: $hover; }
QAbstractItemView::item:selected { background: $chosen; }
QHeaderView { background: $panel; }
QHeaderView::section { background: $panel; color: $dim; border: none; border-bottom: 1px solid $line; padding: 4px 6px; font-size: $pt_small; }
QHeaderView::section:vertical { border: none; }
QTableCornerButton::section { background: $panel; border: none; border-bottom: 1px solid $line; }

QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar { background: transparent; border: none; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $dim; padding: 5px 10px; border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $selection; }
QTabBar::tab:selected:focus { background: $selection; color: $raised; }

QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $thumb; border-radius: 3px; margin: 2px; min-height: 24px; min-width: 24px; }
QScrollBar::handle:hover { background: $dim; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QLabel#empty { color: $dim; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QScrollArea:focus { border: 1px solid $selection; }
QProgressBar { background: $window; border: 1px solid $line; border-radius: 3px; height: 6px; text-align: center; }
QProgressBar::chunk { background: $neutral; border-radius: 2px; }
"""
