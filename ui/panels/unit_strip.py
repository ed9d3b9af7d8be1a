"""The flow strip: cards along the flow with the buffers between them; normal small and quiet, abnormal wide and loud. Not for the line's figures."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from statistics import fmean
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from twin_app.analyse.buffers import groups
from twin_app.model.frame import ALL
from twin_app.text import N_, number, tr
from ui.legibility import capital_px
from ui.panels.base import Panel
from ui.strip.faces import group_face, ranked, seconds_of, unit_face
from ui.strip.plan import FULL, Bounds, planned, rows_for
from ui.widgets.buffer_gauge import WIDTH_PX, BufferGauge
from ui.widgets.card_face import CardFace
from ui.widgets.flow_board import GAP_PX, LARGE, ROOT, FlowBoard, Stand
from ui.widgets.lowness import Lowness
from ui.widgets.unit_card import UnitCard

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from twin_app.model.equipment import Unit
    from twin_app.model.frame import Frame
    from ui.context import Context, LineView
    from ui.strip.standing import Piece

BACK = "all"
"""Key of the card that closes an open group."""
BACK_SIGN = "↰"
LINES = 2
FIRST_OUT = 1.2
"""The root cause stands out by so much more."""


class UnitStrip(Panel):
    """Cards in flow order; of a long line neighbours share one, which a click or Enter opens and Escape closes again."""

    key = "unit_strip"
    title = N_("Units")

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        """Start without cards."""
        super().__init__(context, parent)
        self.cards: dict[str, UnitCard] = {}
        """Every unit's, shown or not."""
        self.groups: list[UnitCard] = []
        """Cards of groups, as many as were ever needed; those in use stand in `pieces`."""
        self.pieces: dict[UnitCard, Piece] = {}
        """What each card that is shown stands for, along the flow."""
        self.gauges: dict[str, tuple[BufferGauge, frozenset[tuple[str, str]]]] = {}
        """By the unit it stands before: the gauge, and the buffers it shows, by feeding and fed unit."""
        self._opened: list[frozenset[str]] = []
        """Which groups are open, each within the one before."""
        self._units: dict[str, Unit] = {}
        """By identifier, along the flow."""
        self._standing: list[str] = []
        """Who stands out, the root cause first."""
        self._seconds: dict[str, int | None] = {}
        """What each card says of how long; of a frame that brings nothing else only what has become another second is worded anew."""
        self.lowness = Lowness(self)
        self.lowness.changed.connect(self._on_lowness_changed)
        self.board = FlowBoard(self)
        self.board.widened.connect(self._arrange)
        self.back = self._made(BACK)
        self.back.chosen.connect(self._on_back_chosen)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.board)
        context.selection.unit_changed.connect(self._on_unit_changed)
        context.theme.changed.connect(self._on_theme_changed)

    @override
    def open_line(self, view: LineView | None) -> None:
        super().open_line(view)
        for widget in (*self.cards.values(), *(gauge for gauge, _ in self.gauges.values())):
            widget.hide()
            widget.deleteLater()
        self.cards, self.gauges, self._opened, self._standing, self._seconds = {}, {}, [], [], {}
        self._units = {unit.id: unit for unit in view.line.flow_order} if view else {}
        for unit in self._units.values():
            self.cards[unit.id] = self._made(unit.id)
            self.cards[unit.id].chosen.connect(self.context.selection.select)
        if view:
            self._make_gauges(view)
        self._arrange()

    def _made(self, key: str) -> UnitCard:
        """Return a new card that nobody sees yet."""
        card = UnitCard(key, self.context.theme, self.board)
        card.installEventFilter(self)
        card.hide()
        return card

    def _make_gauges(self, view: LineView) -> None:
        """Put a gauge before the first unit of those that a group of buffers feeds."""
        for group in groups(view.line):
            first = min(group.targets, key=list(self.cards).index)
            if first not in self.gauges:
                keys = frozenset((source, feed.to) for source, feed in group.feeds)
                self.gauges[first] = (BufferGauge(self.context.theme, self.board), keys)

    # -- which cards there are, and where ---------------------------------------------------------------------------

    def _arrange(self) -> None:
        """Give every card its place: after a resize, when another unit stands out, or when a group was opened or closed."""
        self.pieces = {}
        if self.view is None:
            self.board.place([], 0)
            return
        units, capital = list(self._units.values()), self._capital()
        bounds = self._bounds(capital)
        rows = rows_for(len(units), bounds)
        for unit in self._standing:
            self.cards[unit].write_in(rows, capital, large=True)
        wanted = {unit: self.cards[unit].large_px() for unit in self._standing}
        if root := next(iter(wanted), ""):
            wanted[root] = (wanted[root][0] * FIRST_OUT, max(liked for _, liked in wanted.values()))
        lines = planned(units, rows, bounds, wanted, self._opened[-1] if self._opened else frozenset())
        stands = [[self._stand(piece, rows, capital, bounds, wanted) for piece in line] for line in lines]
        if self._opened:
            self.back.show_face(self._back_face())
            self.back.write_in(rows, capital, large=False)
            stands[0].insert(0, Stand(self.back, None, bounds.em_px * 4, bounds.em_px * 4, 0.5))
        self.board.place(stands, stands[0][0].card.sizeHint().height())
        self._order_keys([stand.card for line in stands for stand in line])

    def _capital(self) -> float:
        """Return how high the capitals are to be that an operator reads from afar; 0 where nobody does."""
        look, size = self.context.settings.look, self.screen().size()
        wanted = capital_px((size.width(), size.height()), diagonal_in=look.diagonal_in, distance_m=look.distance_m)
        return wanted if look.preset == "operator" else 0.0

    def _bounds(self, capital: float) -> Bounds:
        """Return what there is room for."""
        longest = max((unit.title for unit in self._units.values()), key=len)
        self.back.show_face(CardFace(title=longest, glyph=BACK_SIGN, state=tr("Aborted")))
        self.back.write_in(2, capital, large=False)
        return Bounds(
            room_px=self.board.room_px, lines=1 if self.lowness.low else LINES, em_px=QFontMetricsF(self.font()).height(), gap_px=GAP_PX, gauge_px=WIDTH_PX,
            gauged=frozenset(self.gauges), large_px=self.back.large_px()[0],
            full_px=fmean(self.cards[key].quiet_px(unit.title, FULL)[1] for key, unit in self._units.items()),
        )  # fmt: skip

    def _stand(self, piece: Piece, rows: int, capital: float, bounds: Bounds, wanted: dict[str, tuple[float, float]]) -> Stand:
        """Return the place of a card, and remember what it stands for."""
        first = piece.units[0].id
        card = self.cards[first] if len(piece.units) == 1 else self._group_card()
        self.pieces[card] = piece
        card.write_in(rows, capital, large=piece.large)
        gauge = self.gauges[first][0] if first in self.gauges else None
        if not piece.large:
            least = bounds.widths(rows).group
            needs = card.quiet_px(piece.units[0].title, rows) if len(piece.units) == 1 else (least, least)
            return Stand(card, gauge, *needs)
        return Stand(card, gauge, *wanted[first], ROOT if first == self._standing[0] else LARGE)

    def _group_card(self) -> UnitCard:
        """Return a card of a group that is not in use."""
        free = next((card for card in self.groups if card not in self.pieces), None)
        if free is None:
            free = self._made(f"group-{len(self.groups)}")
            free.chosen.connect(self._on_group_chosen)
            self.groups.append(free)
        return free

    def _order_keys(self, cards: list[UnitCard]) -> None:
        """Let Tab go along the flow."""
        for before, after in pairwise(cards):
            QWidget.setTabOrder(before, after)

    # -- what they show ---------------------------------------------------------------------------------------------

    @override
    def show_frame(self, frame: Frame) -> None:
        if self.view is None:
            return
        changes = frame.changes
        anew = self._stand_out(frame) or changes.all or changes.figures or changes.alarms or changes.story
        for card, piece in self.pieces.items():
            if len(piece.units) > 1:
                if anew or not changes.units.isdisjoint(unit.id for unit in piece.units):
                    self._show_group(card, piece, frame)
            elif anew or card.unit in changes.units or seconds_of(frame, card.unit) != self._seconds.get(card.unit):
                self._show_unit(card, frame)
        if changes.all or changes.story:
            self._show_gauges(frame)

    def _stand_out(self, frame: Frame) -> bool:
        """Place the cards anew where other units stand out than before; return whether they do."""
        standing = ranked(frame, list(self._units.values()))
        if standing == self._standing:
            return False
        for unit in standing:
            self._show_unit(self.cards[unit], frame)
        self._standing = standing
        self._arrange()
        return True

    def _back_face(self) -> CardFace:
        """Return what the card says that closes an open group."""
        n = len(self.cards)
        return CardFace(title=tr("All"), glyph=BACK_SIGN, state=tr("{n} units", n=n), brief=number(n), notes=(tr("Close the group"),))

    def _show_unit(self, card: UnitCard, frame: Frame) -> None:
        """Show one unit on its card."""
        if self.view is not None:
            self._seconds[card.unit] = seconds_of(frame, card.unit)
            selected = self.context.selection.unit == card.unit
            card.show_face(unit_face(self.view.line, self._units[card.unit], frame, self.context.theme.palette, selected=selected))

    def _show_group(self, card: UnitCard, piece: Piece, frame: Frame) -> None:
        """Show on one card how those of a group are."""
        if self.view is not None:
            large = [piece.units[0].id for piece in self.pieces.values() if piece.large]
            selected, palette = self.context.selection.unit, self.context.theme.palette
            card.show_face(group_face(self.view.line, piece, frame, palette, selected=selected, large=large))

    def _show_gauges(self, frame: Frame) -> None:
        """Show how full the buffers are."""
        causes = frame.story.causes if frame.story else ()
        ailing = frozenset(unit for cause in causes for unit in (cause.unit, *cause.waiting))
        for gauge, keys in self.gauges.values():
            if self.view is not None:
                gauge.show_buffers(self.view.line, tuple(b for b in frame.buffers if (b.unit, b.to) in keys), ailing)

    # -- what a person does -----------------------------------------------------------------------------------------

    @property
    def opened(self) -> frozenset[str]:
        """The units of the group that is open; none: the whole line is shown."""
        return self._opened[-1] if self._opened else frozenset()

    def _on_group_chosen(self, key: str) -> None:
        """Open the group whose card was chosen."""
        card = next(card for card in self.groups if card.unit == key)
        self._opened.append(frozenset(unit.id for unit in self.pieces[card].run.units))
        self._show_opened()
        self.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_back_chosen(self, _key: str) -> None:
        """Close every open group."""
        del self._opened[1:]
        self._close_group()

    def _close_group(self) -> None:
        """Go back to what was shown before the group was opened, its card in focus."""
        closed = self._opened.pop()
        self._show_opened()
        card = next(
            (card for card, piece in self.pieces.items() if piece.run.units[0].id in closed or closed & {u.id for u in piece.units}), None
        )
        if card is not None:
            card.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_opened(self) -> None:
        """Show what is open now."""
        self._arrange()
        self._show_again()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kinds = {QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress}
        if not self._opened or event.type() not in kinds or not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_Escape:
            return super().eventFilter(watched, event)
        if event.type() is QEvent.Type.KeyPress:
            self._close_group()
        event.accept()
        return True

    def _on_lowness_changed(self) -> None:
        """In a low window one line is all."""
        self._show_opened()

    def _on_unit_changed(self, _unit: str) -> None:
        """Mark the selected card."""
        self._show_again()

    def _on_theme_changed(self) -> None:
        """Take the state colours of the new theme."""
        self._show_again()

    @override
    def retranslate(self) -> None:
        self._arrange()
        self._show_again()

    def _show_again(self) -> None:
        """Paint the newest frame anew."""
        if self.frame is not None and self.view is not None:
            self.show_frame(replace(self.frame, changes=ALL))
