"""Rows of a form for an address and a login: user, password, files of certificates. For every dialog that asks how to get into a broker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QPushButton

from twin_app.text import N_, tr
from ui.opening import Login
from ui.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from PySide6.QtWidgets import QGridLayout, QWidget

FIELDS = {
    "address": N_("Address"), "username": N_("User name"), "password": N_("Password"), "tls_ca": N_("Certificate authority"),
    "tls_cert": N_("Client certificate"), "tls_key": N_("Its key"),
}  # fmt: skip
HINTS = {
    "address": "mqtts://plant:8883", "tls_ca": N_("a .pem file; empty: those the system trusts"),
    "tls_cert": N_("a .pem file; empty: none"), "tls_key": N_("a .pem file without a pass phrase"),
}  # fmt: skip
FILES = ("tls_ca", "tls_cert", "tls_key")


class LoginRows(QObject):
    """The fields by their keys, each in a row of the dialog's own grid; the third column has a button for files."""

    def __init__(self, grid: QGridLayout, row: int, parent: QWidget) -> None:
        """Add the rows from `row` on."""
        super().__init__(parent)
        self._parent = parent
        self.fields = {key: QLineEdit(parent) for key in FIELDS}
        self.fields["password"].setEchoMode(QLineEdit.EchoMode.Password)
        for key, hint in HINTS.items():
            self.fields[key].setPlaceholderText(tr(hint))
        for at, (key, title) in enumerate(FIELDS.items(), row):
            grid.addWidget(dim(tr(title), parent, self.fields[key]), at, 0)
            grid.addWidget(self.fields[key], at, 1)
            self.fields[key].setObjectName(key)
            if key in FILES:
                grid.addWidget(self._browse_button(key), at, 2)

    def values(self) -> dict[str, str]:
        """Return what was typed; a password keeps its blanks."""
        return {key: field.text().strip() if key != "password" else field.text() for key, field in self.fields.items()}

    def show_values(self, values: Mapping[str, str]) -> None:
        """Show other values; what is not among them is empty."""
        for key, field in self.fields.items():
            field.setText(values.get(key, ""))

    def _browse_button(self, key: str) -> QPushButton:
        """Return a button that chooses a certificate file for a field."""
        button = QPushButton(tr("Browse…"), self._parent)
        button.setAutoDefault(False)
        button.setObjectName(f"browse_{key}")
        button.clicked.connect(self._on_browse_clicked)
        return button

    def _on_browse_clicked(self) -> None:
        """Choose a certificate file for the field beside the button."""
        button = self.sender()
        if button is None:
            return
        key = button.objectName().removeprefix("browse_")
        path, _ = QFileDialog.getOpenFileName(self._parent, tr(FIELDS[key]), self.fields[key].text())
        if path:
            self.fields[key].setText(path)


def login_of(values: Mapping[str, str], beside: Path | None = None) -> Login:
    """Return a login; files are relative to `beside` where that is given."""
    files = {key: str(beside / values[key]) if beside is not None else values[key] for key in FILES if values[key]}
    return Login(username=values["username"], password=values["password"], **files)


def dim(text: str, parent: QWidget, names: QWidget | None = None) -> QLabel:
    """Return a dim label, which may name a field."""
    label = QLabel(text, parent)
    if names is not None:
        label.setBuddy(names)
    set_role(label, "dim")
    return label
