"""The horn of this station: sounds while something waits, may be silenced, may be muted with a reminder. Not for making sounds: see `ui.sounds`."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from twin_app.alarms.horn import Horn
from twin_app.model.alarm import AlarmPicture
from ui.sounds import Player

if TYPE_CHECKING:
    from twin_app.settings import Sound


CHECK_MS = 1500
"""After so long a sound has been played, or not."""


class Sounding(QObject):
    """Plays the sound of the gravest that waits, again and again.

    Signals:
        changed(): it sounds for another priority, or was muted or unmuted.
        reminded(float): the sound has been off for so many seconds; somebody ought to know.
        unheard(str): sounds cannot be played, and what the computer says of it; empty: they can again.
    """

    changed = Signal()
    reminded = Signal(float)
    unheard = Signal(str)

    def __init__(self, settings: Sound, parent: QObject, player: Player | None = None) -> None:
        """Start with nothing to sound for."""
        super().__init__(parent)
        self._settings, self._player, self._horn = settings, player or Player(), Horn()
        self._picture = AlarmPicture()
        self._muted_s: float | None = None
        self.priority = 0
        """What it sounds for, 0: nothing; muted or not."""
        self._repeat, self._remind, self._check = (QTimer(self) for _ in range(3))
        self._check.setSingleShot(True)
        self._check.setInterval(CHECK_MS)
        self._check.timeout.connect(self._on_check_due)
        self._told = ""
        self._repeat.timeout.connect(self._on_repeat_due)
        self._remind.timeout.connect(self._on_reminder_due)

    @property
    def missing(self) -> bool:
        """Whether the computer has no program that plays sounds."""
        return self._player.missing

    @property
    def muted(self) -> bool:
        """Whether a person switched all sound off."""
        return self._muted_s is not None

    def take(self, settings: Sound) -> None:
        """Sound as other settings say."""
        self._settings = settings
        self.hear(self._picture)

    def hear(self, picture: AlarmPicture) -> None:
        """Take the live alarms (none while nothing is live)."""
        self._picture = picture
        self._follow(self._horn.sounds(picture, self._settings.least_priority if self._settings.sound != "off" else 0))

    def silence(self) -> None:
        """Be quiet about what waits now; it waits on."""
        self._horn.silence(self._picture)
        self.hear(self._picture)

    def mute(self, muted: bool) -> None:  # noqa: FBT001 - as setVisible
        """Switch all sound off, or on again; while it is off somebody is reminded."""
        if muted is self.muted:
            return
        self._muted_s = time.monotonic() if muted else None
        if muted:
            self._remind.start(round(self._settings.remind_min * 60_000))
        else:
            self._remind.stop()
        self._follow(self.priority, again=True)

    def close(self) -> None:
        """Be quiet for good."""
        self._settings = replace(self._settings, sound="off")
        self._repeat.stop()
        self._remind.stop()
        self._check.stop()
        self._player.close()

    def _follow(self, priority: int, *, again: bool = False) -> None:
        """Sound for another priority: the first time at once."""
        if priority == self.priority and not again:
            return
        graver = priority and (not self.priority or priority < self.priority)
        self.priority = priority
        if priority and not self.muted:
            if graver or again:
                self._on_repeat_due()
            self._repeat.start(round(self._settings.repeat_s * 1000))
        else:
            self._repeat.stop()
        self.changed.emit()

    def _on_repeat_due(self) -> None:
        """Sound once."""
        if self.priority and not self.muted:
            self._player.play(self._settings.sound, self.priority)
            self._check.start()

    def _on_check_due(self) -> None:
        """See whether it was heard; where one program failed, let the next one try at once."""
        if self._player.settle():
            self._on_repeat_due()
        elif self._player.trouble != self._told:
            self._told = self._player.trouble
            self.unheard.emit(self._told)

    def _on_reminder_due(self) -> None:
        """Remind somebody that the sound is off."""
        if self._muted_s is not None:
            self.reminded.emit(time.monotonic() - self._muted_s)
