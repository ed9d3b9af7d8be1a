"""The fields of the property panel: a name, an editor and below it what is wrong with the value. Not for which fields there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from twin_app.text import tr
from ui.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from PySide6.QtGui import QWheelEvent

    from twin_app.layout import Finding

FAR = 100_000.0
_SEVERAL = -2 * FAR


class Measure(QDoubleSpinBox):
    """A number with its unit of measure; it may be unknown, or differ among several units.

    Signals:
        entered(object): a person gave a number, or None: it is not known.
    """

    entered = Signal(object)

    def __init__(self, suffix: str, parent: QWidget, *, step: float, decimals: int, known: bool = True) -> None:
        """Take numbers within what a layout allows; with `known` there always is one, else 0 stands for none."""
        super().__init__(parent)
        self._known = known
        self.setSuffix(suffix)
        self.setSingleStep(step)
        self.setDecimals(decimals)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setRange(_SEVERAL if known else 0.0, FAR if known else 1e9)
        self.setSpecialValueText(tr("several") if known else tr("not known"))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(60)
        self.valueChanged.connect(self._on_value_changed)

    def show_value(self, value: float | None) -> None:
        """Show a number; None: there is none, or several."""
        with QSignalBlocker(self):
            self.setValue(self.minimum() if value is None else value)

    def _on_value_changed(self, value: float) -> None:
        """Tell what a person gave."""
        if self._known and value < -FAR:
            return
        self.entered.emit(None if not self._known and value == 0.0 else value)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # it scrolls the panel: a value never changes by passing over it


class Words(QLineEdit):
    """A line of text.

    Signals:
        entered(str): a person gave another text.
    """

    entered = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        """Start empty."""
        super().__init__(parent)
        self._shown = ""
        self.editingFinished.connect(self._on_finished)

    def show_value(self, text: str, hint: str = "") -> None:
        """Show a text; `hint` stands where there is none."""
        self._shown = text
        self.setPlaceholderText(hint)
        if text != self.text():
            self.setText(text)

    def _on_finished(self) -> None:
        """Tell what a person gave."""
        if self.text() != self._shown:
            self._shown = self.text()
            self.entered.emit(self._shown)


class Choice(QComboBox):
    """One of several.

    Signals:
        entered(str): a person chose another one: its key.
    """

    entered = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        """Start empty."""
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.activated.connect(self._on_activated)

    def show_choices(self, choices: Mapping[str, str], chosen: str, otherwise: str = "") -> None:
        """Offer choices by key, in words; where the chosen one is none of them, `otherwise` stands there."""
        rows = dict(choices) if chosen in choices else {chosen: otherwise or chosen, **choices}
        if rows != {str(self.itemData(i)): self.itemText(i) for i in range(self.count())}:
            self.clear()
            for key, words in rows.items():
                self.addItem(words, key)
        self.setCurrentIndex(self.findData(chosen))

    def _on_activated(self) -> None:
        """Tell what a person chose."""
        self.entered.emit(str(self.currentData()))

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class Field(QWidget):
    """An editor with its name above and its findings below."""

    def __init__(self, name: str, editor: QWidget, parent: QWidget) -> None:
        """Name an editor."""
        super().__init__(parent)
        self.name, self.editor, self.wrong = QLabel(name, self), editor, QLabel(self)
        set_role(self.name, "small")
        set_role(self.wrong, "alarm1")
        self.wrong.setWordWrap(True)
        self.wrong.setTextFormat(Qt.TextFormat.PlainText)
        self.wrong.hide()
        editor.setAccessibleName(name)
        self.name.setBuddy(editor)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for widget in (self.name, editor, self.wrong):
            layout.addWidget(widget)

    def show_findings(self, findings: Iterable[Finding]) -> None:
        """Say what is wrong with the value."""
        text = "\n".join(finding.said for finding in findings)
        if text != self.wrong.text():
            self.wrong.setText(text)
        self.wrong.setVisible(bool(text))
