"""What the window does about alarms besides listing them: counts in the top bar, the horn, its silence and its reminder. Not for the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from twin_app.model.alarm import AlarmPicture
from twin_app.text import N_, duration, tr
from ui.alarms.sounding import Sounding
from ui.commands import Command
from ui.notify import Notice

if TYPE_CHECKING:
    from twin_app.model.frame import Frame
    from twin_app.settings import Sound
    from ui.commands import Commands
    from ui.notify import Notices
    from ui.sounds import Player
    from ui.widgets.alarm_counts import AlarmCounts

MENU = N_("Alarms")
MUTED = "alarms:muted"
UNHEARD = "alarms:unheard"


class AlarmWatch(QObject):
    """Follows the frames; registers `alarms.silence` and `alarms.mute`."""

    def __init__(self, counts: AlarmCounts, notices: Notices, commands: Commands, settings: Sound, player: Player | None = None) -> None:
        """Watch for a window."""
        super().__init__(counts)
        self._counts, self._notices = counts, notices
        self.sounding = Sounding(settings, self, player)
        self._frame: Frame | None = None
        add = commands.add
        self._silence = add(
            Command(id="alarms.silence", text=N_("Silence the horn here"), keys=("Ctrl+Shift+M",), menu=MENU), self.sounding.silence
        )
        self._mute = add(Command(id="alarms.mute", text=N_("Sound off"), menu=MENU, checkable=True), self._on_mute_triggered)
        self.sounding.changed.connect(self._on_sounding_changed)
        self.sounding.reminded.connect(self._on_reminded)
        self.sounding.unheard.connect(self._on_unheard)
        self._on_sounding_changed()

    def show_frame(self, frame: Frame | None) -> None:
        """Count the alarms at the playhead; sound for the live ones, looked back from, too. None: no line is open."""
        self._frame = frame
        shown = frame.alarms if frame else AlarmPicture()
        self._counts.show_alarms(shown, muted=self.sounding.muted)
        live = None if frame is None else frame.alarms if frame.mode.at_end else frame.live_alarms
        self.sounding.hear(live or AlarmPicture())

    def close(self) -> None:
        """Be quiet."""
        self.sounding.close()

    def _on_mute_triggered(self) -> None:
        """A person switched the sound off, or on again."""
        self.sounding.mute(self._mute.isChecked())
        if not self._mute.isChecked():
            self._notices.drop(MUTED)

    def _on_sounding_changed(self) -> None:
        """Silence means something only while it sounds."""
        self._silence.setEnabled(bool(self.sounding.priority))
        self._mute.setChecked(self.sounding.muted)
        self._counts.show_alarms(self._frame.alarms if self._frame else AlarmPicture(), muted=self.sounding.muted)

    def _on_reminded(self, lasted_s: float) -> None:
        """Say that the sound is off."""
        what = tr("The sound of alarms has been off for {span}.", span=duration(lasted_s))
        self._notices.put(Notice(key=MUTED, what=what, rest=tr("Alarms ▸ Sound off switches it on again.")))

    def _on_unheard(self, reason: str) -> None:
        """Say that alarms cannot be heard here, and why; or no longer."""
        if not reason:
            self._notices.drop(UNHEARD)
            return
        what = tr("Alarms cannot be heard at this computer.")
        if self.sounding.missing:
            rest = tr("No program that plays sounds is installed ({names}); its bell may ring.", names=reason)
        else:
            rest = tr(
                "The sound does not play: “{reason}”. Look at the sound device and its volume; alarms are shown all the same.",
                reason=reason,
            )
        self._notices.put(Notice(key=UNHEARD, what=what, rest=rest))
