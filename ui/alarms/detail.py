"""What is known of the chosen alarm, in sentences, and what may be done to it. Not for doing it."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetricsF, QTextDocument
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QScrollArea, QSizePolicy, QToolButton, QVBoxLayout, QWidget
from typing_extensions import override

from twin_app.alarms.words import alarm_text, unit_title
from twin_app.clock import SECOND_NS
from twin_app.model.alarm import WHY_WORDS, AlarmState
from twin_app.text import clock_time, duration, number, tr
from ui.alarms.table import state_words
from ui.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QAction, QResizeEvent

    from twin_app.model.alarm import AlarmNow
    from twin_app.model.equipment import Line

LINES = ((24.0, 3), (16.0, 2), (0.0, 1))
"""From which height of the panel on, in lines of text, there is room for so many lines, so that the list keeps its own: name, what to do, since when."""


def sentences(line: Line, now: AlarmNow, at_ns: int, *, value: str, person: str) -> list[str]:
    """Return what is to be said of an alarm, HTML, the most important first; `value` and `person` are worded already."""
    lasted = duration(max(0.0, (at_ns - now.since_ns) / SECOND_NS))
    said = [
        f"<b>{html.escape(unit_title(line, now.alarm.unit))}: {html.escape(alarm_text(line, now.alarm, now.detail))}</b>",
        html.escape(now.alarm.guidance),
        tr("{state}, since {time} ({lasted})", state=state_words(now.state), time=clock_time(now.since_ns, line.tz), lasted=lasted),
        html.escape(value),
        _action(line, now, person),
        tr("{count} times in 24 h", count=number(now.count)) if now.count > 1 else "",
        tr("Chattering: three times or more within a minute") if now.chattering else "",
        tr("Class: {group}", group=html.escape(now.alarm.group)) if now.alarm.group else "",
    ]
    return [sentence for sentence in said if sentence]


def _action(line: Line, now: AlarmNow, person: str) -> str:
    """Return who did what to an alarm last, and until when it holds."""
    action = now.action
    said = [f"{tr(WHY_WORDS[now.why])} {clock_time(now.changed_ns, line.tz)}"] if action or now.state.hidden else []
    if action and person:
        said.append(html.escape(person))
    if action and action.note:
        said.append(f"„{html.escape(action.note)}“")
    if now.state is AlarmState.SHELVED:
        until = tr("until {time}", time=clock_time(now.until_ns, line.tz, date=True))
        said.append(tr("{until}, or until it clears", until=until) if now.one_shot else until)
    return " · ".join(said)


class _Lines(QScrollArea):
    """Room for a few lines, and none where that is short; only whole lines are seen, never half of one."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    @override
    def sizeHint(self) -> QSize:
        pane = self.parentWidget()
        panel = pane.parentWidget() if pane else None
        height = panel.height() / QFontMetricsF(panel.font()).height() if panel is not None else LINES[0][0]
        return QSize(160, self._line_px() * next(lines for least, lines in LINES if height >= least))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(80, 0)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setViewportMargins(0, 0, 0, self.height() % self._line_px())
        super().resizeEvent(event)

    def _line_px(self) -> int:
        """Return the height of a line of the text inside, which in Chinese is that of another font."""
        document = QTextDocument()
        document.setDocumentMargin(0)
        document.setDefaultFont((self.widget() or self).font())
        document.setPlainText(tr("Alarms"))
        return max(round(document.size().height()), 1)


class DetailPane(QWidget):
    """The sentences over the buttons."""

    def fit(self) -> None:
        """Take another room: the panel is higher or lower than before."""
        self._lines.updateGeometry()

    def __init__(self, actions: Sequence[QAction], more: Sequence[QAction], parent: QWidget) -> None:
        """Build the pane: a button for each of some commands, the others in a menu."""
        super().__init__(parent)
        self.text = QLabel(self)
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setWordWrap(True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_role(self.text, "small")
        self._lines = scroll = _Lines(self)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(self.text)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for action in actions:
            row.addWidget(self._button(action))
        row.addStretch()
        self.more = QToolButton(self)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.more)
        menu.addActions(list(more))
        self.more.setMenu(menu)
        row.addWidget(self.more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 6, 6)
        layout.setSpacing(4)
        layout.addWidget(scroll)
        layout.addLayout(row)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.retranslate()

    def _button(self, action: QAction) -> QToolButton:
        """Return the button of a command."""
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        button.setProperty("framed", "true")
        return button

    def show_sentences(self, said: Sequence[str]) -> None:
        """Show sentences (HTML); the same again costs nothing."""
        text = "<br>".join(said)
        if text != self.text.text():
            self.text.setText(text)

    def retranslate(self) -> None:
        """Word everything in the current language."""
        self.more.setText(tr("More") + " ▾")
        self._lines.setAccessibleName(tr("The chosen alarm"))
