"""The settings dialog, made from the tree of `twin_app.settings` alone. Not for arrangements or what was opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from twin_app.settings import SECTIONS, Entry, Settings, changed, entries, settings_path, value_of
from twin_app.text import LANGUAGES, N_, tr
from ui.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CHOICES = {
    "system": N_("as the desktop"), "light": N_("light"), "dark": N_("dark"), "operator": N_("operator"), "trainer": N_("trainer"),
    "engineer": N_("engineer"), "auto": N_("automatic"), "low": N_("low"), "high": N_("high"), "off": N_("off"),
    "debug": N_("everything"), "info": N_("events"), "warning": N_("warnings"), "error": N_("errors only"),
    "calm": N_("calm"), "andon": N_("andon"), "chime": N_("chime"), "pulse": N_("three pulses"), "horn": N_("horn"), **LANGUAGES,
}  # fmt: skip
"""Words of the choices."""
NAMES = {
    "look.language": N_("Language"), "look.theme": N_("Theme"), "look.palette": N_("Palette"), "look.text_scale": N_("Text size"), "look.preset": N_("Arrangement"),
    "look.diagonal_in": N_("Size of the display"), "look.distance_m": N_("Reading distance"), "look.less_motion": N_("Less motion"),
    "drawing.frames_per_s": N_("Frame rate"), "drawing.scene": N_("3D view"),
    "replay.return_min": N_("Return to live"), "replay.hide_notes": N_("Hide notes"), "memory.raw_bytes": N_("Raw messages"),
    "recording.file_age_h": N_("A new file after"), "recording.raw_days": N_("Keep raw messages for"),
    "recording.raw_mib": N_("Room for raw messages"), "recording.models_mib": N_("Room for the layout's 3D models"), "recording.keep_days": N_("Keep files for"),
    "recording.keep_gib": N_("Room for files"), "recording.keep_marked": N_("Keep marked files"),
    "memory.tail_samples": N_("Samples in memory"), "alarms.sound": N_("Sound"), "alarms.least_priority": N_("Down to priority"),
    "privacy.names_in_exports": N_("Names in exports"), "alarms.repeat_s": N_("Again after"), "alarms.remind_min": N_("Remind after"), "log.level": N_("Log level"),
}  # fmt: skip
"""Short names beside the sentences; `tests/ui/shell/test_dialogs.py` watches that none is missing."""
SIZE_PX = (560, 620)
BIG = 2_000_000_000


class SettingsDialog(QDialog):
    """One control a setting, with its sentence."""

    def __init__(self, settings: Settings, parent: QWidget, *, refused: Mapping[str, str] | None = None) -> None:
        """Build a control for every setting that is shown; `refused` says of some sections why whoever is signed on may not change them."""
        super().__init__(parent)
        self.setWindowTitle(tr("Settings"))
        self.resize(*SIZE_PX)
        self._settings, self._refused = settings, refused or {}
        self._readers: dict[str, Callable[[], object]] = {}
        page = QWidget(self)
        rows = QVBoxLayout(page)
        rows.setContentsMargins(16, 8, 16, 8)
        section = ""
        for entry in (e for e in entries() if e.shown):
            branch = entry.key.split(".")[0]
            if branch != section:
                section = branch
                rows.addSpacing(10)
                rows.addWidget(_label(tr(SECTIONS[branch]), "heading", page))
            self._add(entry, rows, page)
        rows.addSpacing(10)
        rows.addWidget(_label(tr("Kept in {path}", path=settings_path()), "small", page))
        rows.addStretch()
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(page)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what lies in it takes the keyboard, and is scrolled to
        buttons = QDialogButtonBox(self)
        self.apply = buttons.addButton(tr("Apply"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(scroll)
        layout.addWidget(buttons)

    def settings(self) -> Settings:
        """Return the settings as they stand in the dialog."""
        tree = self._settings
        for key, read in self._readers.items():
            tree = changed(tree, key, read())
        return tree

    def _add(self, entry: Entry, rows: QVBoxLayout, page: QWidget) -> None:
        """Add a name, a sentence and a control."""
        rows.addSpacing(4)
        rows.addWidget(_label(tr(NAMES.get(entry.key, entry.key)), "bold", page))
        sentence = _label(tr(entry.says), "small", page)
        sentence.setWordWrap(True)
        rows.addWidget(sentence)
        control, read = _control(entry, value_of(self._settings, entry.key), page)
        control.setObjectName(entry.key)
        control.setAccessibleName(tr(NAMES.get(entry.key, entry.key)))
        control.setMaximumWidth(260)
        why_not = self._refused.get(entry.key.split(".")[0], "")
        control.setEnabled(not why_not)
        control.setToolTip(why_not)
        rows.addWidget(control)
        self._readers[entry.key] = read


def _label(text: str, role: str, parent: QWidget) -> QLabel:
    """Return a label in a role."""
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    set_role(label, role)
    return label


def _control(entry: Entry, value: object, parent: QWidget) -> tuple[QWidget, Callable[[], object]]:
    """Return the control for a setting's type, and what reads it."""
    if entry.choices:
        box = QComboBox(parent)
        for choice in entry.choices:
            box.addItem(tr(CHOICES.get(choice, choice)), choice)
        box.setCurrentIndex(box.findData(value))
        return box, box.currentData
    if isinstance(value, bool):
        tick = QCheckBox(tr("Yes"), parent)
        tick.setChecked(value)
        return tick, tick.isChecked
    if isinstance(value, float):
        decimal = QDoubleSpinBox(parent)
        decimal.setRange(entry.least or 0.0, entry.most or BIG)
        decimal.setSingleStep(0.1)
        decimal.setDecimals(2)
        decimal.setSuffix(f" {entry.unit}" if entry.unit else "")
        decimal.setValue(value)
        return decimal, decimal.value
    if isinstance(value, int):
        return _whole(entry, value, parent)
    text = QLineEdit(str(value), parent)
    return text, text.text


def _whole(entry: Entry, value: int, parent: QWidget) -> tuple[QWidget, Callable[[], object]]:
    """Return a control for whole numbers; bytes are entered in MiB."""
    box = QSpinBox(parent)
    mebi = 1024 * 1024 if entry.unit == "B" else 1
    box.setRange(round(entry.least or 0) // mebi, min(round(entry.most or BIG) // mebi, BIG))
    box.setGroupSeparatorShown(True)
    box.setSuffix(" MiB" if entry.unit == "B" else f" {entry.unit}" if entry.unit else "")
    box.setValue(value // mebi)
    return box, _Times(box, mebi)


class _Times:
    """Reads a box in its own unit."""

    def __init__(self, box: QSpinBox, factor: int) -> None:
        """Remember the box and the factor."""
        self._box, self._factor = box, factor

    def __call__(self) -> int:
        """Return the value in the setting's unit."""
        return self._box.value() * self._factor
