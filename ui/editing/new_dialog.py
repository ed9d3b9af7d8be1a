"""What a new layout begins with: the line's names, its place, its zone, and how its machines will speak. Not for writing the file."""

from __future__ import annotations

import re
import zoneinfo
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimeZone
from PySide6.QtWidgets import QComboBox, QCompleter, QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout

from twin_app.editing.blank import Names, blank
from twin_app.layout.addresses import TopicFilter
from twin_app.layout.findings import Findings
from twin_app.layout.kinds import Name
from twin_app.layout.map_tables import DIALECT
from twin_app.text import tr
from ui.theme import set_role

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_NOT_IN_IDS = re.compile(r"[^\w.-]+")


class NewDialog(QDialog):
    """Asks; what it holds is sound when it can be accepted."""

    def __init__(self, parent: QWidget) -> None:
        """Suggest what can be known: the zone of this computer."""
        super().__init__(parent)
        self.setWindowTitle(tr("New layout"))
        self.setMinimumWidth(460)
        intro = QLabel(tr("An empty hall to place machines in. Site, area and line name every signal: choose them for good."), self)
        intro.setWordWrap(True)
        set_role(intro, "dim")
        self.line_title, self.site, self.area, self.line = (QLineEdit(self) for _ in range(4))
        self.zone, self.dialect, self.topic = QComboBox(self), QComboBox(self), QLineEdit(self)
        zones = sorted(zoneinfo.available_timezones())
        self.zone.setEditable(True)
        self.zone.addItems(zones)
        self.zone.setCompleter(QCompleter(zones, self.zone))
        here = bytes(QTimeZone.systemTimeZoneId().data()).decode()
        self.zone.setCurrentText(here if here in zones else "UTC")
        self.dialect.addItem(tr("not known yet"), "")
        for key in DIALECT.words:
            self.dialect.addItem(key, key)
        self.said = QLabel(self)
        self.said.setWordWrap(True)
        set_role(self.said, "alarm1")
        form = QFormLayout()
        for name, editor in (
            (tr("Name of the line"), self.line_title), (tr("Site"), self.site), (tr("Area"), self.area), (tr("Line id"), self.line),
            (tr("Time zone"), self.zone), (tr("Machines speak"), self.dialect), (tr("on the topic"), self.topic),
        ):  # fmt: skip
            form.addRow(name, editor)
            editor.setAccessibleName(name)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self)
        self.ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ok.setText(tr("Go on"))
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(tr("Cancel"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(intro)
        layout.addLayout(form)
        layout.addWidget(self.said)
        layout.addWidget(buttons)
        self._own_id = self._own_topic = False
        self.line_title.textEdited.connect(self._on_title_edited)
        self.line.textEdited.connect(self._on_line_edited)
        self.topic.textEdited.connect(self._on_topic_edited)
        for part in (self.site, self.area):
            part.textChanged.connect(self._suggest)
        self.dialect.currentIndexChanged.connect(self._suggest)
        self.zone.currentTextChanged.connect(self._check)
        self._suggest()

    def text(self) -> str:
        """Return the text of the layout."""
        return blank(
            Names(
                id=self.line.text(), title=self.line_title.text().strip(), site=self.site.text(), area=self.area.text(),
                zone=self.zone.currentText(), topic=self.topic.text() if self._dialect else "", dialect=self._dialect,
            )
        )  # fmt: skip

    def suggested(self) -> str:
        """Return a name for the file."""
        return f"{self.line.text() or 'line'}.toml"

    @property
    def _dialect(self) -> str:
        return str(self.dialect.currentData())

    def _on_title_edited(self, title: str) -> None:
        """An id follows from the name until a person gives one."""
        if not self._own_id:
            self.line.setText(_NOT_IN_IDS.sub("-", title.strip().lower()).strip("-"))
        self._suggest()

    def _on_line_edited(self, text: str) -> None:
        self._own_id = bool(text)
        self._suggest()

    def _on_topic_edited(self, text: str) -> None:
        self._own_topic = bool(text)
        self._check()

    def _suggest(self) -> None:
        """Suggest topics as the names suggest them, until a person gives others."""
        self.topic.setEnabled(bool(self._dialect))
        if not self._own_topic:
            tail = "{unit}/{tag...}" if self._dialect in {"packml_tags", "scalar"} else "{unit}"
            names = [part.text() for part in (self.site, self.area, self.line) if part.text()]
            self.topic.setText("/".join([*names, tail]) if self._dialect else "")
        self._check()

    def _check(self) -> None:
        """Say what is wrong; it can be gone on with where nothing is."""
        wrong = self._wrong()
        empty = not all(part.text() for part in (self.site, self.area, self.line))
        self.said.setText(wrong)
        self.said.setVisible(bool(wrong))
        self.ok.setEnabled(not wrong and not empty)

    def _wrong(self) -> str:
        """Return what is wrong, worded by the layout's own rules; empty where nothing is."""
        findings = Findings("", {})
        for name, part in ((tr("Site"), self.site), (tr("Area"), self.area), (tr("Line id"), self.line)):
            if part.text():
                Name().read(part.text(), findings.at(name))
        if self.zone.currentText() not in zoneinfo.available_timezones():
            findings.at(tr("Time zone")).refuse(
                self.zone.currentText(), tr("a zone of the IANA database such as Asia/Shanghai or Europe/Berlin")
            )
        if self._dialect and not TopicFilter(placeholders=True).fits(self.topic.text()):
            findings.at(tr("on the topic")).refuse(self.topic.text(), TopicFilter(placeholders=True).allowed())
        return "\n".join(f"{finding.path[0]}: {finding.said}" for finding in findings.listed())
