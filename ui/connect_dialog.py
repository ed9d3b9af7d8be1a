"""File > Connect to a plant: a layout, where its sources are, how to get in, and a test that says how far it gets. Opens nothing itself."""

from __future__ import annotations

import logging
import threading
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from twin_app import log
from twin_app.codec.topics import subscriptions
from twin_app.errors import SourceError, TwinError
from twin_app.layout import load
from twin_app.sources import passwords
from twin_app.sources.address import is_broker, parse_address
from twin_app.sources.probe import Finding, Step, probe
from twin_app.text import tr
from ui.hearsay import Hearsay
from ui.login_rows import LoginRows, dim, login_of
from ui.opening import OpenRequest
from ui.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from twin_app.model.equipment import Line, SourceSpec
    from twin_app.settings import Settings

LOG = logging.getLogger(__name__)
WIDTH_PX = 620


class ConnectDialog(QDialog):
    """Two steps a person can see at once: which layout, then each source's address and login with a test."""

    def __init__(
        self, settings: Settings, parent: QWidget | None = None, *, tries: Callable[..., Iterator[Finding]] = probe,
        keyring: passwords.Keyring | None = None,
    ) -> None:  # fmt: skip
        """Start from what was opened last; `tries` is how a broker is tried, `keyring` the desktop's where there is one."""
        super().__init__(parent)
        self.setWindowTitle(tr("Connect to a plant"))
        self.setMinimumWidth(WIDTH_PX)
        self._settings, self._tries, self._keyring = settings, tries, keyring
        self._line: Line | None = None
        self._values: dict[str, dict[str, str]] = {}
        self._source = ""
        self._run = 0
        self._cancel = threading.Event()
        self.layout_path = QLineEdit(self)
        self.sources = QComboBox(self)
        self.problem = QLabel(self)
        self.remember = QCheckBox(tr("Keep the passwords in the keyring of this desktop"), self)
        self.test, self.steps = QPushButton(tr("Test"), self), StepList(self)
        self._build()
        self._step_done, self._probe_ended = Hearsay(self, self._on_step_done), Hearsay(self, self._on_probe_ended)
        self.layout_path.setText(settings.opened.layout)
        self._read_layout()

    def request(self) -> OpenRequest | None:
        """Return what a person asked for; None while the layout cannot be read."""
        if self._line is None:
            return None
        self._keep()
        folder = self._line.path.parent
        addresses = {
            s: v["address"] if is_broker(v["address"]) else str(folder / v["address"]) for s, v in self._values.items() if v["address"]
        }
        for values in self._values.values():
            log.conceal(values["password"])
        logins = {s: login_of(v) for s, v in self._values.items()}
        self._remember_passwords()
        return OpenRequest(layout=self._line.path, addresses=addresses, logins=logins)

    def _build(self) -> None:
        """Put fields, test and buttons in their places."""
        browse = QPushButton(tr("Browse…"), self)
        for button in (browse, self.test):
            button.setAutoDefault(False)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(1, 1)
        grid.addWidget(dim(tr("Layout of the line"), self, self.layout_path), 0, 0)
        grid.addWidget(self.layout_path, 0, 1)
        grid.addWidget(browse, 0, 2)
        self._source_row = dim(tr("Source"), self, self.sources)
        grid.addWidget(self._source_row, 1, 0)
        grid.addWidget(self.sources, 1, 1)
        self._login = LoginRows(grid, 2, self)
        self.fields = self._login.fields
        grid.addWidget(self.test, 2, 2)
        self.problem.setWordWrap(True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self.problem, "alarm1")
        kept = dim(tr("The password is kept in memory until the program ends, never in a file."), self)
        self.remember.setVisible(self._keyring is not None)
        buttons = QDialogButtonBox(self)
        self.connect_button = buttons.addButton(tr("Connect"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 12)
        layout.setSpacing(10)
        layout.addLayout(grid)
        for widget in (kept, self.remember, self.problem, self.steps):
            layout.addWidget(widget)
        layout.addStretch()
        layout.addWidget(buttons)
        first = (self.layout_path, browse, self.sources, self.fields["address"], self.test, self.fields["username"])
        for before, after in pairwise(first):
            QWidget.setTabOrder(before, after)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        browse.clicked.connect(self._on_browse_clicked)
        self.test.clicked.connect(self._on_test_clicked)
        self.layout_path.editingFinished.connect(self._read_layout)
        self.sources.currentIndexChanged.connect(self._on_source_changed)
        self.fields["address"].textChanged.connect(self._check)

    def _read_layout(self) -> None:
        """Read the layout and offer its sources; say what is wrong with it, all at once."""
        path = self.layout_path.text().strip()
        if self._line is not None and str(self._line.path) == path:
            return
        self._line = None
        if path:
            try:
                self._line = load(Path(path))
            except TwinError as error:
                self._offer_sources(())
                self.problem.setText(error.worded())
                self._enable()
                return
        self._offer_sources(self._line.sources if self._line else ())
        self._check()

    def _offer_sources(self, sources: tuple[SourceSpec, ...]) -> None:
        """List the sources with what is known of them, and show the first."""
        opened, self._source = self._settings.opened, ""
        same = self._line is not None and str(self._line.path) == opened.layout
        self._values = {
            s.id: {
                "address": (opened.addresses.get(s.id, "") if same else "") or s.address, "password": "",
                "username": (opened.usernames.get(s.id, "") if same else "") or s.username,
                "tls_ca": (opened.tls_ca.get(s.id, "") if same else "") or s.tls_ca,
                "tls_cert": opened.tls_cert.get(s.id, "") if same else "", "tls_key": opened.tls_key.get(s.id, "") if same else "",
            }
            for s in sources
        }  # fmt: skip
        self.sources.blockSignals(True)
        self.sources.clear()
        for source in sources:
            self.sources.addItem(source.title, source.id)
        self.sources.blockSignals(False)
        for widget in (self.sources, self._source_row):
            widget.setVisible(len(sources) > 1)
        self._on_source_changed()

    def _on_source_changed(self) -> None:
        """Show another source's fields."""
        self._keep()
        self._stop_probe()
        self._source = self.sources.currentData() or ""
        self._login.show_values(self._values.get(self._source, {}))
        self._check()

    def _keep(self) -> None:
        """Take the fields into the values of the source they belong to."""
        if self._source in self._values:
            self._values[self._source] = self._login.values()

    def _check(self) -> None:
        """Say what is wrong with the address; a wrong one can be neither tested nor opened."""
        address = self.fields["address"].text().strip()
        self.problem.setText(address_problem(address, self._line.path.parent) if self._line and address else "")
        self._enable()

    def _enable(self) -> None:
        """Offer only what can succeed."""
        self.problem.setVisible(bool(self.problem.text()))
        ready = self._line is not None and not self.problem.text()
        self.connect_button.setEnabled(ready)
        self.test.setEnabled(ready and is_broker(self.fields["address"].text()))

    def _on_browse_clicked(self) -> None:
        """Choose a layout file."""
        path, _ = QFileDialog.getOpenFileName(self, tr("Open layout"), self.layout_path.text(), tr("Layout of a line (*.toml)"))
        if path:
            self.layout_path.setText(path)
            self._read_layout()

    def _remember_passwords(self) -> None:
        """Put the passwords into the desktop's keyring where a person wants that; one that is refused stays in memory."""
        if self._keyring is None or not self.remember.isChecked():
            return
        for values in self._values.values():
            if values["password"] and values["username"] and is_broker(values["address"]):
                try:
                    passwords.remember(parse_address(values["address"]), values["username"], values["password"], keyring=self._keyring)
                except SourceError as error:
                    LOG.warning("%s", error)

    # -- the test -----------------------------------------------------------------------------------------------

    def _on_test_clicked(self) -> None:
        """Try the source step by step in a thread of its own."""
        self._keep()
        self._stop_probe()
        if self._line is None or self._source not in self._values:
            return
        self._cancel, self._run = threading.Event(), self._run + 1
        self.steps.begin()
        self.test.setEnabled(False)
        source, values = self._line.source(self._source), self._values[self._source]
        threading.Thread(target=self._work, args=(self._run, source, values, self._cancel), name="probe", daemon=True).start()

    def _work(self, run: int, source: SourceSpec, values: dict[str, str], cancel: threading.Event) -> None:
        """Try a broker, handing every finding to the GUI thread; nothing of a trial that was given up."""
        beside = self._line.path.parent if self._line else Path()
        try:
            for finding in self._tries(
                values["address"], filters=subscriptions(source), protocol=source.protocol, cancelled=cancel.is_set,
                login=login_of(values, beside),
            ):  # fmt: skip
                if not cancel.is_set():
                    self._step_done.tell(run, finding)
        except Exception:  # a trial that breaks down must not end silently; the log says why
            LOG.exception("The trial of a source broke down")
            self._step_done.tell(
                run, Finding(Step.FIRST_MESSAGE, ok=False, sentence=tr("The test broke down; the log has the details."), seconds=0.0)
            )
        self._probe_ended.tell(run)

    def _stop_probe(self) -> None:
        """Give up a test that runs."""
        self._cancel.set()
        self._run += 1
        self.steps.clear()

    def _on_step_done(self, run: int, finding: Finding) -> None:
        """Show a step's outcome."""
        if run == self._run:
            self.steps.show_finding(finding)

    def _on_probe_ended(self, run: int) -> None:
        """Offer another test."""
        if run == self._run:
            self._enable()

    @override
    def done(self, result: int) -> None:
        self._cancel.set()
        super().done(result)


class StepList(QWidget):
    """The steps of a trial in turn, each with its outcome."""

    def __init__(self, parent: QWidget) -> None:
        """Start hidden."""
        super().__init__(parent)
        self._rows: dict[Step, tuple[QLabel, QLabel]] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(2, 1)
        for row, step in enumerate(Step):
            mark, text = QLabel(self), QLabel(self)
            text.setWordWrap(True)
            text.setTextFormat(Qt.TextFormat.PlainText)
            for column, label in enumerate((mark, dim(tr(step), self), text)):
                grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)
            self._rows[step] = (mark, text)
        self.hide()

    def begin(self) -> None:
        """Show all steps as not yet done."""
        self.clear()
        self.show()

    def clear(self) -> None:
        """Forget the last trial."""
        for mark, text in self._rows.values():
            mark.setText("○")
            text.setText("")
            for label in (mark, text):
                set_role(label, "dim")
        self.hide()

    def show_finding(self, finding: Finding) -> None:
        """Show one step's outcome; steps before it that gave none did not apply."""
        for step, (mark, text) in self._rows.items():
            if step is finding.step:
                mark.setText("✓" if finding.ok else "✕")
                text.setText(finding.sentence)
                for label in (mark, text):
                    set_role(label, "" if finding.ok else "alarm1")
                return
            if mark.text() == "○":
                mark.setText("–")

    def texts(self) -> dict[str, str]:
        """Return mark and sentence of every step."""
        return {step.name: f"{mark.text()} {text.text()}".strip() for step, (mark, text) in self._rows.items()}


def address_problem(address: str, folder: Path) -> str:
    """Return what is wrong with a source's address (a file's is relative to `folder`) and how to cure it; empty where nothing is."""
    if not is_broker(address):
        found = (folder / address).is_file()
        return "" if found else tr("There is no file {address}. A broker's address reads mqtt://host:port.", address=address)
    try:
        parse_address(address)
    except SourceError as error:
        return error.worded()
    return ""
