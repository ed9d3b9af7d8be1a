"""The alarms: what waits, what stands, what is hidden, and the journal; and what a person may do about it. Joins the parts of `ui.alarms`."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QTabBar, QVBoxLayout, QWidget
from typing_extensions import override

from twin_app.alarms.words import with_unit
from twin_app.model.alarm import AlarmPicture, Form
from twin_app.text import N_, clock_time, number, tr
from ui.alarms.deeds import Deeds
from ui.alarms.detail import DetailPane, sentences
from ui.alarms.entries import By, Wanted, entries
from ui.alarms.filter_bar import FilterBar
from ui.alarms.journal_page import JournalPage
from ui.alarms.table import AlarmTable
from ui.panels.base import Panel
from ui.theme import set_role
from ui.widgets.labels import ElidedLabel
from ui.widgets.pace import Pace

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex
    from PySide6.QtGui import QResizeEvent

    from twin_app.model.alarm import AlarmNow
    from twin_app.model.frame import Frame
    from ui.alarms.entries import Entry
    from ui.context import Context, LineView

LIST, HIDDEN, JOURNAL = range(3)
LIST_EVERY_MS = 100
"""A burst of alarms is listed at most so often."""
ABOUT_EVERY_MS = 200
"""So often the sentences follow the time that runs."""


class AlarmsPanel(Panel):
    """Three pages over the sentences about the chosen alarm."""

    key = "alarms"
    title = N_("Alarms")
    insists = True

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        """Build the parts and register the commands."""
        super().__init__(context, parent)
        self._wanted = Wanted()
        self._unfolded: frozenset[str] = frozenset()
        self._paced = Pace(self._show_lists, every_ms=LIST_EVERY_MS, parent=self)
        self._about = Pace(self._show_detail, every_ms=ABOUT_EVERY_MS, parent=self)
        self.filters = FilterBar(context.theme, self)
        self.tabs = QTabBar(self)
        self.rate = QLabel(self)
        set_role(self.rate, "small")
        self.banner = QFrame(self)
        self.banner.setObjectName("floodBanner")
        self.flood = ElidedLabel(self.banner, role="bold")
        row = QHBoxLayout(self.banner)
        row.setContentsMargins(8, 3, 8, 3)
        row.addWidget(self.flood)
        self.tables = (AlarmTable(context.theme, self), AlarmTable(context.theme, self))
        self.journal = JournalPage(context, self)
        self.deeds = Deeds(context, self._chosen, self._in_view, self)
        self.detail = DetailPane(self.deeds.main, self.deeds.more, self)
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        """Put the parts in their places."""
        self.pages = QStackedWidget(self)
        for page in (*self.tables, self.journal):
            self.pages.addWidget(page)
        for _ in range(self.pages.count()):
            self.tabs.addTab("")
        self.tabs.setExpanding(False)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 8, 0)
        head.addWidget(self.tabs)
        head.addStretch()
        head.addWidget(self.rate)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addLayout(head)
        column.addWidget(self.filters)
        column.addWidget(self.pages, 1)
        column.addWidget(self.detail)

    def _connect(self) -> None:
        """Follow what a person does."""
        self.tabs.currentChanged.connect(self._on_tab_changed)
        self.filters.changed.connect(self._on_filter_changed)
        self.context.selection.unit_changed.connect(self._on_filter_changed)
        self.context.theme.changed.connect(self._on_theme_changed)
        for table in self.tables:
            table.unfold_wanted.connect(self._on_unfold_wanted)
            table.jump_wanted.connect(self.deeds.jump)
            table.selectionModel().currentRowChanged.connect(self._on_row_changed)
            table.selectionModel().selectionChanged.connect(self._show_detail)
            table.horizontalHeader().sectionClicked.connect(self._on_head_clicked)
            table.clicked.connect(self._on_cell_clicked)

    @override
    def open_line(self, view: LineView | None) -> None:
        super().open_line(view)
        self._unfolded = frozenset()
        self._paced.stop()
        self._about.stop()
        for table in self.tables:
            table.rows.show(())
            table.rows.line = view.line if view else None
            table.rows.value = partial(_value, self)
            table.fit()
        self.journal.open_line(view)
        self.deeds.open_line(view)
        self._show_detail()

    @override
    def show_frame(self, frame: Frame) -> None:
        if frame.changes.all or frame.changes.alarms:
            self._paced.ask()
            self.journal.outdate(frame)
            self._show_rate(frame)
        self._about.ask()

    @override
    def settled(self) -> bool:
        return not (self._paced.waiting or self._about.waiting)

    @override
    def retranslate(self) -> None:
        self.filters.retranslate()
        self.tabs.setAccessibleName(tr("Lists of alarms"))
        self.detail.retranslate()
        self.journal.retranslate()
        for table, words in zip(self.tables, (N_("Alarms"), N_("Hidden")), strict=True):
            table.setAccessibleName(tr(words))
            table.fit()
        self._show_lists()

    @override
    def save(self) -> dict[str, object]:
        return {"tab": self.tabs.currentIndex()}

    @override
    def restore(self, saved: dict[str, object]) -> None:
        tab = saved.get("tab")
        if isinstance(tab, int) and 0 <= tab < self.tabs.count():
            self.tabs.setCurrentIndex(tab)

    def open_journal(self, span: tuple[int, int]) -> None:
        """Show the journal of a stretch of time, wherever the playhead is."""
        self.journal.pin(span)
        self.tabs.setCurrentIndex(JOURNAL)

    # -- what is shown ------------------------------------------------------------------------------------------

    @property
    def _picture(self) -> AlarmPicture:
        return self.frame.alarms if self.frame else AlarmPicture()

    def _show_lists(self) -> None:
        """Show the lines of both lists, and how many there are."""
        if self.view is not None:
            for table, alarms in zip(self.tables, (self._picture.listed, self._picture.hidden), strict=True):
                table.show_entries(entries(self.view.line, alarms, self._wanted, self._unfolded))
        for tab, (word, count) in enumerate(((N_("List"), len(self._picture.listed)), (N_("Hidden"), len(self._picture.hidden)))):
            self.tabs.setTabText(tab, f"{tr(word)} {number(count)}" if count else tr(word))
        self.tabs.setTabText(JOURNAL, tr("Journal"))
        self.tabs.setTabToolTip(HIDDEN, tr("Shelved, suppressed by design, out of service"))
        self._show_detail()

    def _show_rate(self, frame: Frame) -> None:
        """Show how fast alarms come, and a banner while there are too many."""
        picture = frame.alarms
        said = tr("{count} in 10 min", count=number(picture.rate))
        if picture.chattering:
            said += " · " + tr("{count} chatter", count=number(picture.chattering))
        if picture.standing:
            said += " · " + tr("{count} stand for over a day", count=number(picture.standing))
        if said != self.rate.text():
            self.rate.setText(said)
        flood = picture.flood_since_ns
        self.banner.setVisible(flood is not None)
        if flood is not None and self.view is not None:
            since = clock_time(flood, self.view.line.tz)
            self.flood.show_text(
                tr("Alarm flood since {time}: {count} in 10 min. The gravest first.", time=since, count=number(picture.rate))
            )

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.detail.fit()

    def _show_detail(self, *_: object) -> None:
        """Say what is known of the chosen alarm, and allow what may be done."""
        self.deeds.allow()
        self.detail.setVisible(self.tabs.currentIndex() != JOURNAL)
        chosen = self._chosen()
        if self.frame is None or self.view is None:
            return
        if not chosen:
            waiting = sum(self._picture.unacknowledged)
            said = tr("{count} wait to be acknowledged.", count=number(waiting)) if waiting else tr("Nothing waits to be acknowledged.")
            self.detail.show_sentences([said, tr("This list does not replace the plant's alarm system.")])
            return
        now = chosen[-1].now
        person = self.context.station.name_of(now.action.who) if now.action else ""
        self.detail.show_sentences(sentences(self.view.line, now, self.frame.at_ns, value=_value(self, now), person=person))

    def value_now(self, now: AlarmNow) -> float:
        """Return the value of an alarm's signal at the playhead, NaN where it is unknown."""
        if self.frame is None or self.view is None:
            return math.nan
        signal = self.view.signals.find(now.alarm.unit, now.alarm.signal)
        known = signal is not None and signal < len(self.frame.latest.value)
        return float(self.frame.latest.value[signal]) if known and signal is not None else math.nan

    # -- what is chosen -----------------------------------------------------------------------------------------

    def _table(self) -> AlarmTable | None:
        """Return the list that is in front, None where the journal is."""
        tab = self.tabs.currentIndex()
        return self.tables[tab] if tab < len(self.tables) else None

    def _chosen(self) -> tuple[Entry, ...]:
        """Return the selected lines."""
        table = self._table()
        return table.chosen() if table else ()

    def _in_view(self) -> tuple[Entry, ...]:
        """Return the lines in view."""
        table = self._table()
        return table.in_view() if table and self.isVisible() else ()

    def _on_tab_changed(self, tab: int) -> None:
        self.pages.setCurrentIndex(tab)
        self.journal.set_wanted(self._wanted)
        if tab == JOURNAL and self.frame is not None:
            self.journal.ask(self.frame)
        self._show_detail()

    def _on_filter_changed(self, *_: object) -> None:
        """A person wants to see something else."""
        unit = self.context.selection.unit if self.filters.this_unit.isChecked() else ""
        self._wanted = Wanted(
            words=self.filters.search.text(), priorities=self.filters.shown, unacknowledged=self.filters.waiting.isChecked(), unit=unit,
            by=self._wanted.by, downwards=self._wanted.downwards,
        )  # fmt: skip
        self._show_lists()
        self.journal.set_wanted(self._wanted)

    def _on_head_clicked(self, column: int) -> None:
        """Sort by a column, then the other way round, then by urgency again."""
        by, down = self._wanted.by, self._wanted.downwards
        fresh = (By(column), False) if by != column else (By(column), True) if not down else (None, False)
        self._wanted = Wanted(
            words=self._wanted.words, priorities=self._wanted.priorities, unacknowledged=self._wanted.unacknowledged, unit=self._wanted.unit,
            by=fresh[0], downwards=fresh[1],
        )  # fmt: skip
        self._show_lists()

    def _on_unfold_wanted(self, alarm: str, unfolded: bool) -> None:  # noqa: FBT001 - a slot
        self._unfolded = self._unfolded | {alarm} if unfolded else self._unfolded - {alarm}
        self._show_lists()

    def _on_cell_clicked(self, index: QModelIndex) -> None:
        """A click on the mark of what others fold under unfolds it."""
        table = self._table()
        entry = table.rows.rows[index.row()] if table else None
        if entry and entry.folded and index.column() == By.PRIORITY:
            self._on_unfold_wanted(entry.now.alarm.key, not entry.unfolded)

    def _on_row_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        """Select the machine of the alarm."""
        table = self._table()
        if table and current.isValid() and current.row() < len(table.rows.rows) and table.hasFocus():
            unit = table.rows.rows[current.row()].now.alarm.unit
            if not unit.startswith("@"):
                self.context.selection.select(unit)

    def _on_theme_changed(self) -> None:
        self._show_lists()


def _value(panel: AlarmsPanel, now: AlarmNow) -> str:
    """Word the value of a limit's signal at the playhead beside the limit: `9.4 > 9 °C`."""
    if now.alarm.form is not Form.LIMIT or panel.view is None:
        return ""
    value = panel.value_now(now)
    sign = ">" if value > now.alarm.limit else "<" if value < now.alarm.limit else "="
    return f"{with_unit(panel.view.line, now.alarm, value).split(' ')[0]} {sign} {with_unit(panel.view.line, now.alarm, now.alarm.limit)}"
