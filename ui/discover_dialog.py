"""File > Discover a broker: an address, what is there while it is listened to, and a draft of a layout to save and open. Opens nothing itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSignalBlocker, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from twin_app.errors import TwinError
from twin_app.service import discover_drafts
from twin_app.service.discover import LIMIT, LISTEN_S, SOURCE, Heard, Request, discover
from twin_app.sources.address import is_broker
from twin_app.text import tr
from ui.connect_dialog import address_problem
from ui.discover_tree import DiscoverModel, Found
from ui.discover_work import DiscoverWork, Picture
from ui.login_rows import LoginRows, dim, login_of
from ui.opening import OpenRequest
from ui.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.settings import Settings

SIZE = QSize(1080, 760)
SHARE = 0.9
"""Of the screen at most."""
UNFOLDED = 60
"""Rows that are shown without a person unfolding them."""
COLUMNS = (330, 100, 64, 74, 76, 250)
"""Widths at first, in pixels; the last column takes the rest."""
LONGEST_S = 24 * 3600
MOST = 1_000_000
_SUGGESTED = "draft.toml"


class DiscoverDialog(QDialog):
    """Listens only when asked to, in a thread; the tree grows meanwhile, and closing gives it up."""

    def __init__(
        self, settings: Settings, parent: QWidget | None = None, *, listens: Callable[..., Heard] = discover, refused: str = ""
    ) -> None:
        """Start from the broker that was used last; `listens` is how one is listened to, `refused` says why no draft may be saved here."""
        super().__init__(parent)
        self.setWindowTitle(tr("Discover a broker"))
        self.resize(SIZE.boundedTo(self.screen().availableSize() * SHARE))
        self._settings, self._refused = settings, refused
        self._last: Picture | None = None
        self._saved: Path | None = None
        self._request: OpenRequest | None = None
        self._listening = False
        self._asked = Request(address="")
        self.work = DiscoverWork(self, listens=listens)
        self.filters, self.seconds, self.limit = QLineEdit("#", self), QSpinBox(self), QSpinBox(self)
        self.listen_button, self.more = QPushButton(tr("Listen"), self), QToolButton(self)
        self.problem, self.warning, self.headline, self.progress = QLabel(self), QLabel(self), QLabel(self), QProgressBar(self)
        self.search, self.model = QLineEdit(self), DiscoverModel(self)
        self.tree, self.remarks = QTreeView(self), QLabel(self)
        self._folded_by_hand = False
        self.save_button, self.open_button = QPushButton(tr("Save draft layout…"), self), QPushButton(tr("Open it"), self)
        self._build()
        self._fill()
        self._enable()

    def request(self) -> OpenRequest | None:
        """Return the draft as a line to open; None where a person did not ask for that."""
        return self._request

    # -- building -----------------------------------------------------------------------------------------------

    def _build(self) -> None:
        """Put everything in its place and connect it."""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 12)
        layout.setSpacing(8)
        layout.addLayout(self._form())
        self._dress_texts()
        heard = QHBoxLayout()
        heard.addWidget(self.headline, 1)
        heard.addWidget(self.progress)
        heard.addWidget(self.search)
        for part in (self.problem, self.warning, heard, self.tree, self.remarks, self._buttons()):
            if isinstance(part, QWidget):
                layout.addWidget(part, 1 if part is self.tree else 0)
            else:
                layout.addLayout(part)
        self._dress_tree()
        self.listen_button.clicked.connect(self._on_start_clicked)
        self.more.toggled.connect(self._on_more_toggled)
        self.search.textChanged.connect(self._on_search_changed)
        self.tree.collapsed.connect(self._on_folded)
        self.tree.expanded.connect(self._on_folded)
        self.save_button.clicked.connect(self._on_save_clicked)
        self.open_button.clicked.connect(self._on_open_clicked)
        self.work.pictured.connect(self._on_pictured)
        self.work.ended.connect(self._on_ended)
        self.login.fields["address"].textChanged.connect(self._check)
        self.listen_button.setDefault(True)

    def _form(self) -> QGridLayout:
        """Return the rows for address, login and what to listen to."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        self.login = LoginRows(grid, 0, self)
        self.login.fields["address"].setPlaceholderText(tr("mqtt://plant:1883, or a recorded file"))
        grid.addWidget(self.listen_button, 0, 2)
        self._hidden = [grid.itemAtPosition(row, column) for row in range(1, 6) for column in range(3)]
        self.seconds.setRange(1, LONGEST_S)
        self.seconds.setValue(round(LISTEN_S))
        self.seconds.setSuffix(" s")
        self.limit.setRange(0, MOST)
        self.limit.setValue(LIMIT)
        self.limit.setSingleStep(100)
        self.limit.setSpecialValueText(tr("all"))
        self.limit.setToolTip(tr("Beyond so many messages a second only the topic is counted."))
        self.filters.setToolTip(tr("MQTT filters, separated by blanks or commas"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.filters, 1)
        for text, box in ((tr("for"), self.seconds), (tr("at most"), self.limit)):
            row.addWidget(dim(text, self, box))
            row.addWidget(box)
        row.addWidget(dim(tr("messages/s"), self))
        grid.addWidget(dim(tr("Topics"), self, self.filters), 6, 0)
        grid.addLayout(row, 6, 1)
        self.more.setText(tr("Login…"))
        self.more.setCheckable(True)
        grid.addWidget(self.more, 6, 2)
        self._on_more_toggled(shown=False)
        return grid

    def _dress_texts(self) -> None:
        """Say how texts are written."""
        for label in (self.problem, self.warning, self.headline, self.remarks):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(label is not self.headline)
        for label, role in ((self.problem, "alarm1"), (self.warning, "alarm2")):
            set_role(label, role)
        self.warning.hide()
        self.headline.setText(tr("Listens for a while, publishes nothing, and shows what is there and what it could become."))
        self.remarks.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_role(self.remarks, "dim")
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(120)
        self.search.setPlaceholderText(tr("Search topics, fields, signals"))
        self.search.setAccessibleName(self.search.placeholderText())
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(230)

    def _dress_tree(self) -> None:
        """Show the model through the filter."""
        self._found = Found(self.model)
        self.tree.setModel(self._found)
        self.tree.setAccessibleName(tr("Topics"))
        self.tree.setUniformRowHeights(True)
        self.tree.setIndentation(14)
        self.tree.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.tree.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.tree.setMinimumHeight(160)
        header = self.tree.header()
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, width in enumerate(COLUMNS):
            self.tree.setColumnWidth(column, width)

    def _buttons(self) -> QHBoxLayout:
        """Return the last row."""
        close = QPushButton(tr("Close"), self)
        close.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addWidget(dim(tr("Discovering publishes nothing. Passwords stay in memory."), self), 1)
        for button in (self.save_button, self.open_button, close):
            button.setAutoDefault(False)
            row.addWidget(button)
        return row

    def _fill(self) -> None:
        """Start from what was opened last."""
        opened = self._settings.opened
        source = next((s for s, address in opened.addresses.items() if is_broker(address)), "")
        remembered = {"username": opened.usernames, "tls_ca": opened.tls_ca, "tls_cert": opened.tls_cert, "tls_key": opened.tls_key}
        values = {key: table.get(source, "") for key, table in remembered.items()}
        self.login.show_values({"address": opened.addresses.get(source, ""), **values})
        self.more.setChecked(any(values.values()))
        self._check()

    # -- what a person does ---------------------------------------------------------------------------------------

    def _check(self) -> None:
        """Say what is wrong with the address; a wrong one cannot be listened to."""
        address = self.login.values()["address"]
        self._complain(address_problem(address, Path.cwd()) if address else "")
        self._enable()

    def _on_more_toggled(self, shown: bool) -> None:  # noqa: FBT001 - Qt's signal has a bare flag
        """Show or hide the rows of the login."""
        for item in self._hidden:
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.setVisible(shown)

    def _on_start_clicked(self) -> None:
        """Listen, or end it early."""
        if self._listening:
            self.listen_button.setEnabled(False)
            self.work.stop()
            return
        values = self.login.values()
        self._last, self._saved, self._listening = None, None, True
        self._complain("")
        self._asked = Request(
            address=values["address"], filters=tuple(self.filters.text().replace(",", " ").split()) or ("#",), login=login_of(values),
            seconds=float(self.seconds.value()) if is_broker(values["address"]) else None, limit=self.limit.value() if is_broker(values["address"]) else None,
        )  # fmt: skip
        self.model.show_rows(())
        self._folded_by_hand = False
        self.headline.setText(tr("Listening…"))
        for label in (self.warning, self.remarks):
            label.setText("")
        self.work.start(self._asked)
        self._enable()

    def _on_search_changed(self, text: str) -> None:
        """Show only rows with these letters, unfolded."""
        self._found.setFilterFixedString(text.strip())
        if text.strip():
            self.tree.expandAll()

    def _on_save_clicked(self) -> None:
        """Write the draft where a person says."""
        self._save_as()

    def _on_open_clicked(self) -> None:
        """Open the draft, saved first where it is not yet."""
        if self._saved is None:
            self._save_as()
        if self._saved is None or self._last is None or self._last.heard is None:
            return
        address = self._asked.address if self._asked.live else str(Path(self._asked.address).absolute())
        self._request = OpenRequest(layout=self._saved, addresses={SOURCE: address}, logins={SOURCE: self._asked.login})
        self.accept()

    def _save_as(self) -> None:
        """Ask for a file and write the draft into it; a dialog of the desktop asks before a file is replaced."""
        last = self._last
        if last is None or last.heard is None:
            return
        before = Path(self._settings.opened.layout).parent if self._settings.opened.layout else Path.home()
        chosen, _ = QFileDialog.getSaveFileName(self, tr("Save draft layout…"), str(before / _SUGGESTED), tr("Layout of a line (*.toml)"))
        if not chosen:
            return
        path = Path(chosen) if chosen.endswith(".toml") else Path(f"{chosen}.toml")
        try:
            discover_drafts.write(last.heard, last.suggested, path, replace=str(path) == chosen)
        except TwinError as error:
            self._complain(error.worded())
            return
        self._saved = path
        self._complain("")
        self.headline.setText(discover_drafts.told(last.suggested, path))

    # -- what was heard -------------------------------------------------------------------------------------------

    def _on_pictured(self, picture: Picture) -> None:
        """Show what was heard so far."""
        self.model.show_rows(picture.rows)
        if not self._folded_by_hand:
            self._unfold()
        self.headline.setText(picture.headline)
        self.progress.setValue(round(picture.share * 1000))
        self.warning.setText("\n".join(picture.warnings))
        self.warning.setVisible(bool(picture.warnings))
        self.remarks.setText("\n".join(f"• {line}" for line in picture.remarks))
        if picture.heard is not None:
            self._last = picture

    def _unfold(self) -> None:
        """Unfold level by level as long as not too many rows are seen."""
        level = [QModelIndex()]
        seen = 0
        while level:
            level = [
                self._found.index(row, 0, parent)
                for parent in level
                for row in range(self._found.rowCount(parent))
                if self._found.rowCount(parent)
            ]
            seen += len(level)
            if seen + sum(self._found.rowCount(index) for index in level) > UNFOLDED:
                return
            with QSignalBlocker(self.tree):
                for index in level:
                    self.tree.setExpanded(index, True)

    def _on_folded(self) -> None:
        """A person folds or unfolds: from then on nothing unfolds by itself."""
        self._folded_by_hand = True

    def _on_ended(self, error: str) -> None:
        """Offer the draft, or say what went wrong."""
        self._listening = False
        self._complain(error)
        if error:
            self.headline.setText("")
        self._enable()

    def _complain(self, sentence: str) -> None:
        """Say what is wrong, or that nothing is."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    def _enable(self) -> None:
        """Offer only what can succeed."""
        self.listen_button.setText(tr("Stop listening") if self._listening else tr("Listen"))
        self.listen_button.setEnabled(self._listening or (bool(self.login.values()["address"]) and self.problem.isHidden()))
        self.progress.setVisible(self._listening)
        can_save = not self._listening and self._last is not None and self._last.suggested is not None
        for button in (self.save_button, self.open_button):
            button.setEnabled(can_save and not self._refused)
            button.setToolTip(self._refused)

    @override
    def done(self, result: int) -> None:
        self.work.give_up()
        super().done(result)
