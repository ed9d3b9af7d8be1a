"""Signing on and off inside the window: the dialog, the name in the top bar, the end of the shift. Not for rights: see `ui.station`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from twin_app.text import N_, tr
from ui.commands import Command
from ui.notify import Notice
from ui.theme import set_role

if TYPE_CHECKING:
    from PySide6.QtWidgets import QToolButton

    from twin_app.model.frame import Frame
    from ui.commands import Commands
    from ui.notify import Notices
    from ui.station import Station

MENU = N_("File")
SIGNED_OFF = "station:off"
WIDE_PX = 400
SECOND_MS = 1000
READ_MS = 10_000
"""Between two looks at whether an administrator changed the tables."""


class SignOnDialog(QDialog):
    """Name or badge, and PIN. A badge reader types and presses Enter, which leads on to the PIN."""

    def __init__(self, station: Station, parent: QWidget) -> None:
        """Ask who it is."""
        super().__init__(parent)
        self._station = station
        self.setWindowTitle(tr("Sign on"))
        self.name, self.pin = QLineEdit(self), QLineEdit(self)
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.said = QLabel(self)
        self.said.setWordWrap(True)
        self.said.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        self.said.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setMinimumWidth(WIDE_PX)
        set_role(self.said, "alarm1")
        form = QFormLayout()
        form.addRow(tr("Name or badge"), self.name)
        form.addRow(tr("PIN"), self.pin)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self)
        self.ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ok.setText(tr("Sign on"))
        self.ok.setAutoDefault(False)
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(tr("Cancel"))
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setAutoDefault(False)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.said)
        layout.addWidget(buttons)
        self.name.returnPressed.connect(self.pin.setFocus)
        self.pin.returnPressed.connect(self._on_asked)
        self.ok.clicked.connect(self._on_asked)
        buttons.rejected.connect(self.reject)
        station.answered.connect(self._on_answered)
        self._locked, self._wait = False, QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.timeout.connect(self._count_down)
        self._count_down()
        self.name.setFocus()  # before the window is lit: a badge reader does not wait

    def _on_asked(self) -> None:
        """Try it; meanwhile nothing else is tried. Without a PIN that is what is asked for first."""
        if not self.pin.text() or self._locked:
            self.pin.setFocus()
            return
        self.ok.setEnabled(False)
        self._station.sign_on(self.name.text(), self.pin.text())

    def _on_answered(self, welcome: bool) -> None:  # noqa: FBT001 - a slot
        """Close, or say that this is not right; which of the two, nobody is told."""
        self.ok.setEnabled(True)
        if welcome:
            self.accept()
            return
        self.pin.clear()
        self.pin.setFocus()
        self.said.setText(tr("Name or badge and PIN do not belong together."))
        self._count_down()

    def _count_down(self) -> None:
        """While nobody may try, say for how long; then it may be tried."""
        wait_s = math.ceil(self._station.locked_s)
        self.ok.setEnabled(not wait_s)
        if wait_s:
            self.said.setText(tr("Too many wrong tries. Try again in {seconds} s.", seconds=wait_s))
            self._wait.start(SECOND_MS)
        elif self._locked:
            self.said.clear()
        self._locked = bool(wait_s)


class SignOn(QObject):
    """The commands `station.on` and `station.off`, the button that names who is signed on, and the sign-off at the end of a shift."""

    def __init__(self, station: Station, button: QToolButton, notices: Notices, commands: Commands, window: QWidget) -> None:
        """Serve a window."""
        super().__init__(window)
        self._station, self._button, self._notices, self._window = station, button, notices, window
        self._shift_ns: int | None = None
        add = commands.add
        self._on = add(Command(id="station.on", text=N_("Sign on…"), keys=("Ctrl+Shift+U",), menu=MENU), self.ask)
        self._off = add(Command(id="station.off", text=N_("Sign off"), keys=("Ctrl+Alt+U",), menu=MENU), station.sign_off)
        button.clicked.connect(self.ask)
        station.changed.connect(self._on_changed)
        self._reading = QTimer(self)
        self._reading.timeout.connect(station.reread)
        self._reading.start(READ_MS)
        self._on_changed()

    def ask(self) -> None:
        """Let somebody sign on, in place of whoever is."""
        self._station.reread()
        dialog = SignOnDialog(self._station, self._window)
        dialog.exec()
        dialog.deleteLater()

    def show_frame(self, frame: Frame | None) -> None:
        """Sign whoever is signed on off when the shift changes under their eyes. None: no line is open."""
        if frame is None or not frame.mode.at_end:
            return
        if self._shift_ns is not None and frame.shift_start_ns != self._shift_ns and self._station.person:
            what = tr("{name} was signed off: the shift is over.", name=self._station.name_of(self._station.person))
            self._station.sign_off()
            self._notices.put(Notice(key=SIGNED_OFF, what=what, trouble=False))
        self._shift_ns = frame.shift_start_ns

    def retranslate(self) -> None:
        """Word everything in the current language."""
        self._on_changed()

    def _on_changed(self) -> None:
        """Name who is signed on, where anybody needs to be."""
        person, signing = self._station.person, self._station.signing
        for action in (self._on, self._off):
            action.setVisible(signing)
        self._on.setEnabled(signing)
        self._button.setVisible(signing)
        for problem in self._station.access.problems:
            self._notices.put(Notice(key=f"station:{problem}", what=problem))
        self._button.setText(self._station.name_of(person) if person else tr("Sign on"))
        self._button.setToolTip(tr("Signed on; press to let somebody else sign on") if person else tr("Nobody is signed on"))
        self._off.setEnabled(bool(person))
        if person:
            self._notices.drop(SIGNED_OFF)
