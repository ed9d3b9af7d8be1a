"""Which span becomes a video, how fast and how large: asked beside a window that goes on. Not for making it: see `video_work`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QLabel
from typing_extensions import override

from twin_app.errors import TwinError, UsageError
from twin_app.export.film import film_of
from twin_app.model.frame import Mode
from twin_app.service.places import recordings_folder
from twin_app.text import N_, duration, number, tr
from twin_app.times import iso_utc
from ui import remembering
from ui.file_dialog import FileDialog
from ui.filming import SUFFIX, Job, check
from ui.panels.scene import ScenePanel
from ui.report_dialog import Window
from ui.spans import file_for, offered, span_told
from ui.theme import set_role
from ui.video_work import VideoWork
from ui.words import speed_word

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from twin_app.model.frame import Frame
    from twin_app.session import Session
    from ui.main_window import MainWindow

SPEEDS = (1.0, 2.0, 5.0, 10.0, 20.0, 60.0, 120.0, 300.0, 600.0)
SIZES = ((1280, 720), (1920, 1080), (2560, 1440), (3840, 2160))
RATES = (10, 25, 30, 60)


def job_of(window: MainWindow, frame: Frame) -> Job:
    """Return what a video of a window's line is made of and how it looks: as the window does now, which is written down for it.

    Raises:
        UsageError: nothing of the line lasts, or the future is hidden.
    """
    request, view = window.request, window.view
    if request is None or view is None or frame.mode is Mode.BLIND:
        raise UsageError(
            N_("A blind replay shows nothing of what lies ahead, so it cannot be filmed."), tip=N_("End the blind replay first.")
        )
    addresses = dict(request.addresses)
    if frame.mode.grows:
        session = window.bridge.session
        if session is None or not getattr(session, "recorded", False):
            raise UsageError(
                N_("Nothing of this line is recorded, so there is nothing to film."), tip=N_("Open a recording, or record the line.")
            )
        folder = str(session.recordings or request.recordings or recordings_folder(view.line))
        addresses = {source.id: folder for source in view.line.sources}
    window.change_settings(remembering.with_place(window.settings, window, window.dock_area.arrangement(), window.screens.kept()))
    hall = window.dock_area.panels.get("scene")
    return Job(
        layout=str(request.layout), addresses=addresses, theme=window.theme.palette.name, unit=window.selection.unit, like_window=True,
        of_time=request.of_time is not None,
        eye=hall.steering.place() if isinstance(hall, ScenePanel) else None,
    )  # fmt: skip


class VideoDialog(FileDialog):
    """A span, a speed, a size and a file."""

    def __init__(self, session: Session, look: Job, marked: tuple[int, int] | None, at_ns: int, parent: QWidget) -> None:
        """Offer spans of an open line; `look` says what is filmed and how it looks, all but what is asked for here."""
        super().__init__(tr("Video of a span"), parent)
        self._look, self._zone, self._line = look, session.line.tz, session.line.id
        self.which, self.speed, self.size_of, self.rate = (QComboBox(self) for _ in range(4))
        for window in offered(session, marked, at_ns):
            self.which.addItem(span_told(window, self._zone), window)
        for speed in SPEEDS:
            self.speed.addItem(speed_word(speed), speed)
        for width, height in SIZES:
            self.size_of.addItem(f"{width} × {height}", (width, height))
        for rate in RATES:
            self.rate.addItem(str(rate), rate)
        self.speed.setCurrentIndex(SPEEDS.index(20.0))
        self.size_of.setCurrentIndex(1)
        self.rate.setCurrentIndex(RATES.index(30))
        self.plan = QLabel(self)
        self.work = VideoWork(self)
        set_role(self.plan, "dim")
        rows = (
            (tr("Span"), self.which), (tr("Speed"), self.speed), (tr("Size"), self.size_of), (tr("Pictures a second"), self.rate),
            ("", self.plan),
        )  # fmt: skip
        self.lay_out(rows, tr("Make the video"))
        self.show_it = self.buttons.addButton(tr("Open it"), QDialogButtonBox.ButtonRole.ActionRole)
        self.show_it.hide()
        self._connect()
        self._on_which_chosen()
        self._show_working()

    def _connect(self) -> None:
        """Let the parts be heard."""
        self.which.currentIndexChanged.connect(self._on_which_chosen)
        for part in (self.speed, self.rate):
            part.currentIndexChanged.connect(self._on_plan_changed)
        self.file.textChanged.connect(self._show_working)
        self.make.clicked.connect(self._on_make)
        self.show_it.clicked.connect(self._on_open)
        self.cancel.clicked.connect(self.work.give_up)
        self.finished.connect(self.work.give_up)  # nobody would see how it ends
        self.work.progressed.connect(self._on_progressed)
        self.work.done.connect(self._on_done)
        self.work.failed.connect(self._on_ended)
        self.work.given_up.connect(self._on_given_up)

    @override
    def kind_of_file(self) -> str:
        return tr("Video (*.mp4)")

    def _window(self) -> Window | None:
        """Return the span that is chosen."""
        found = self.which.currentData()
        return found if isinstance(found, Window) else None

    def job(self) -> Job | None:
        """Return what is asked for."""
        window = self._window()
        if window is None:
            return None
        path, agreed = self.target()
        return self._look.asking(
            start=iso_utc(window.start_ns), end=iso_utc(window.end_ns), speed=self.speed.currentData(), rate_per_s=self.rate.currentData(),
            size=tuple(self.size_of.currentData()), output=path, force=agreed,
        )  # fmt: skip

    # What a person does

    def _on_which_chosen(self, *_: object) -> None:
        """Name the file after the span, where it was put last."""
        window = self._window()
        if window is not None:
            movies = QStandardPaths.StandardLocation.MoviesLocation
            self.file.setText(file_for(self.file.text(), movies, (self._line,), window, self._zone) + SUFFIX)
        self._on_plan_changed()

    def _on_plan_changed(self, *_: object) -> None:
        """Say what comes of it."""
        window = self._window()
        if window is None:
            self.plan.setText(tr("Nothing is known yet."))
            return
        film = film_of(window.start_ns, window.end_ns, speed=self.speed.currentData(), rate_per_s=self.rate.currentData())
        self.plan.setText(tr("{lasts} of video, {pictures} pictures", lasts=duration(film.lasts_s), pictures=number(film.count)))

    def _on_make(self) -> None:
        """Begin, or say why not."""
        job = self.job()
        if job is None:
            return
        try:
            check(job)
        except TwinError as error:
            self._on_ended(error.worded())
            return
        self.show_it.hide()
        self.begin(tr("Reading the recording…"))
        self.work.start(job)
        self._show_working()

    def _show_working(self, *_: object) -> None:
        """Allow what makes sense."""
        asked = (self.which, self.speed, self.size_of, self.rate)
        self.show_working(asked, working=self.work.working, may_begin=self._window() is not None)

    # What the work says

    def _on_progressed(self, share: float, left_s: object) -> None:
        self.show_share(share)
        left = tr("{left} left", left=duration(left_s)) if isinstance(left_s, float) else ""
        self.said.setText(" · ".join(filter(None, (tr("The video is being made; the window can be used meanwhile."), left))))

    def _on_done(self, pictures: int, lasts_s: float) -> None:
        path = self.target()[0]
        words = tr("Video written to {path}: {pictures} pictures, {lasts}.", path=path, pictures=number(pictures), lasts=duration(lasts_s))
        self._on_ended(words)
        self.show_it.show()

    def _on_given_up(self) -> None:
        self._on_ended(tr("Given up: no video was written."))

    def _on_ended(self, words: str) -> None:
        self.said.setText(words)
        self._show_working()

    def _on_open(self) -> None:
        """Show the video in the program that the desktop has for it."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(self.target()[0]))
