"""What the window does about alarms: counts by shape, the horn of this station, its silence and its reminder."""

from __future__ import annotations

import io
import shutil
import wave
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from typing_extensions import override

from tests.alarms.conftest import Bench
from tests.ui.shell import plant
from tests.ui.shell.plant import FakeSession
from twin_app.model.alarm import AlarmPicture, Why
from twin_app.model.alarm_rule import AlarmRule
from twin_app.model.frame import Frame, Mode
from twin_app.settings import Sound
from ui.alarms.sounding import Sounding
from ui.docks import DOCKS
from ui.main_window import MainWindow
from ui.palette import DARK, LIGHT, Palette
from ui.sounds import SOUNDS, Player, samples
from ui.widgets.priority import paint_priority

Show = Callable[[MainWindow, Frame], FakeSession]


class Deaf(Player):
    """A player that notes what it is to play."""

    def __init__(self) -> None:
        super().__init__()
        self.played: list[tuple[str, int]] = []

    @override
    def play(self, sound: str, priority: int) -> None:
        self.played.append((sound, priority))


@pytest.fixture
def bench() -> Bench:
    made = Bench(AlarmRule(signal="Jam", priority=2), AlarmRule(signal="Fire", priority=1))
    made.say(0, "Jam", 1.0)
    made.fold()
    return made


@pytest.fixture
def horn(qapp: QApplication) -> Iterator[tuple[Sounding, Deaf]]:
    owner, player = QObject(), Deaf()
    made = Sounding(Sound(repeat_s=2.0), owner, player)
    yield made, player
    made.close()


def test_that_the_horn_sounds_at_once_and_again_until_somebody_silences_it(horn: tuple[Sounding, Deaf], bench: Bench) -> None:
    sounding, player = horn
    sounding.hear(bench.picture(1))
    assert player.played == [("chime", 2)]
    sounding._repeat.timeout.emit()
    assert player.played == [("chime", 2)] * 2
    sounding.silence()
    sounding._repeat.timeout.emit()
    assert len(player.played) == 2
    bench.say(5, "Fire", 1.0)
    sounding.hear(bench.picture(6))
    assert player.played[2:] == [("chime", 1)]


def test_that_a_muted_horn_is_quiet_and_reminds(horn: tuple[Sounding, Deaf], bench: Bench, qtbot: QtBot) -> None:
    sounding, player = horn
    sounding.mute(True)
    sounding.hear(bench.picture(1))
    assert player.played == []
    with qtbot.waitSignal(sounding.reminded):
        sounding._remind.timeout.emit()
    sounding.mute(False)
    assert player.played == [("chime", 2)]


def test_that_a_sound_chosen_off_or_a_priority_below_the_last_makes_none(horn: tuple[Sounding, Deaf], bench: Bench) -> None:
    sounding, player = horn
    sounding.take(Sound(sound="off"))
    sounding.hear(bench.picture(1))
    sounding.take(Sound(least_priority=1))
    assert player.played == []
    sounding.take(Sound(sound="horn", least_priority=2))
    assert player.played == [("horn", 2)]


@pytest.mark.parametrize("sound", SOUNDS)
def test_that_each_sound_is_a_wave_of_at_most_a_second_that_does_not_clip(
    sound: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    player = Player()
    data = player._file(sound, 1).read_bytes()
    with wave.open(io.BytesIO(data)) as file:
        assert 0.3 < file.getnframes() / file.getframerate() < 1.0
    heard = np.frombuffer(samples(sound, 1), np.int16).astype(np.int32)
    assert 8_000 < np.abs(heard).max() < 30_000
    player.close()


def test_that_each_sound_of_each_priority_is_another_and_the_graver_the_higher() -> None:
    """The strongest frequency, of all that is heard, is the pitch of the priority (a horn: an octave below)."""
    heard = {(sound, priority): samples(sound, priority) for sound in SOUNDS for priority in range(1, 5)}
    assert len(set(heard.values())) == len(SOUNDS) * 4
    for sound in SOUNDS:
        pitches = []
        for priority in range(1, 5):
            wave_ = np.frombuffer(heard[sound, priority], np.int16).astype(np.float64)
            spectrum = np.abs(np.fft.rfft(wave_, 22_050 * 4))  # quarters of a hertz
            pitches.append(spectrum.argmax() / 4)
        assert pitches == sorted(pitches, reverse=True)
        assert min(a / b for a, b in pairwise(pitches)) > 1.2  # more than three semitones apart


@pytest.mark.sounds
def test_that_without_a_program_to_play_it_the_bell_rings_and_the_player_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[int] = []
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setattr(QApplication, "beep", lambda: rung.append(1))
    player = Player()
    player.play("chime", 1)
    assert rung == [1]
    assert player.missing
    assert player.trouble == "pw-play, paplay, aplay"
    player.close()


def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **scripts: str) -> None:
    """Let players of sounds be shell scripts."""
    for name, script in scripts.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda name: str(tmp_path / name.replace("-", "_")) if name.replace("-", "_") in scripts else None)


def ended(player: Player) -> None:
    playing = player._playing
    assert playing is not None
    playing.wait(10)


@pytest.mark.sounds
def test_that_a_program_that_cannot_play_leaves_it_to_the_next_and_only_then_something_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs(
        tmp_path, monkeypatch, pw_play="echo no daemon >&2; exit 1", paplay=f"test -f {tmp_path}/device || {{ echo refused >&2; exit 2; }}"
    )
    player = Player()
    player.play("chime", 1)
    ended(player)
    assert player.settle(), "another one could try"
    assert player.trouble == ""
    player.play("chime", 1)
    ended(player)
    assert not player.settle()
    assert player.trouble == "paplay: refused"
    (tmp_path / "device").touch()
    for _ in range(2):  # the first of them fails again
        player.play("chime", 1)
        ended(player)
        player.settle()
    assert player.trouble == ""
    player.close()


@pytest.mark.sounds
def test_that_a_program_that_waits_for_a_device_is_ended_and_a_graver_alarm_cuts_off_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs(tmp_path, monkeypatch, aplay="exec sleep 60")
    player = Player()
    player.play("chime", 2)
    first = player._playing
    player.play("chime", 3)
    assert player._playing is first
    player.play("chime", 1)
    assert player._playing is not first
    assert first is not None
    assert first.poll() is not None
    monkeypatch.setattr("ui.sounds.LONGEST_S", 0.0)
    assert not player.settle()
    assert player.trouble.startswith("aplay: ")
    player.close()


@pytest.mark.allow_logs
def test_that_alarms_that_cannot_be_heard_are_said_to_be_so_once_until_they_can(window: MainWindow, show: Show, bench: Bench) -> None:
    sounding = window.alarm_watch.sounding
    sounding._player = player = Deaf()
    show(window, replace(plant.frame(plant.line()), alarms=bench.picture(4)))
    told: list[str] = []
    sounding.unheard.connect(told.append)
    for trouble in ("paplay: refused", "paplay: refused", ""):
        player.trouble = trouble
        sounding._check.timeout.emit()
        assert window.notices.isVisible() is bool(trouble)
    assert told == ["paplay: refused", ""]


@pytest.fixture
def window(make_window: Callable[..., MainWindow]) -> MainWindow:
    return make_window(specs=tuple(spec for spec in DOCKS if spec.key in {"tree", "alarms"}))


def test_that_the_top_bar_counts_by_shape_and_leads_to_the_list(window: MainWindow, show: Show, bench: Bench) -> None:
    counts = window.top_bar.alarms
    assert counts.sizeHint().width() == 0
    bench.say(3, "Fire", 1.0)
    show(window, replace(plant.frame(plant.line()), alarms=bench.picture(4)))
    assert counts.sizeHint().width() > 60
    assert counts.toolTip() == "Priority 1: 1 stand, 1 wait to be acknowledged\nPriority 2: 1 stand, 1 wait to be acknowledged"
    window.dock_area.docks["alarms"].hide()
    QTest.mouseClick(counts, Qt.MouseButton.LeftButton)
    assert window.dock_area.docks["alarms"].isVisible()


def test_that_only_live_alarms_sound_those_looked_back_from_too(window: MainWindow, show: Show, bench: Bench) -> None:
    watch, alarms = window.alarm_watch, bench.picture(4)
    watch.sounding._player = Deaf()
    frame = replace(plant.frame(plant.line()), alarms=alarms)
    show(window, replace(frame, mode=Mode.REPLAY))
    assert watch.sounding.priority == 0
    show(window, frame)
    assert watch.sounding.priority == 2
    show(window, replace(frame, mode=Mode.LOOK_BACK, alarms=AlarmPicture(), live_alarms=alarms))
    assert watch.sounding.priority == 2
    window.commands.run("alarms.silence")
    assert watch.sounding.priority == 0
    bench.act(5, Why.ACKNOWLEDGE)
    window.close_line()


@pytest.mark.allow_logs
def test_that_a_station_without_sound_says_so(window: MainWindow, show: Show, bench: Bench) -> None:
    window.alarm_watch.sounding._player = Deaf()
    show(window, replace(plant.frame(plant.line()), alarms=bench.picture(4)))
    window.commands.run("alarms.mute")
    assert "The sound of alarms is off" in window.top_bar.alarms.toolTip()
    window.alarm_watch.sounding._remind.timeout.emit()
    assert window.notices.isVisible()
    window.commands.run("alarms.mute")
    assert "The sound of alarms is off" not in window.top_bar.alarms.toolTip()
    assert not window.notices.isVisible()


def mark(priority: int, palette: Palette, **how: bool) -> QImage:
    image = QImage(24, 24, QImage.Format.Format_RGB32)
    image.fill(QColor(palette.panel))
    painter = QPainter(image)
    paint_priority(painter, QRectF(2, 2, 20, 20), priority, palette, **how)
    painter.end()
    return image


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_that_marks_differ_in_shape_and_are_seen_against_their_ground(window: MainWindow, palette: Palette) -> None:
    def inked(image: QImage) -> frozenset[tuple[int, int]]:
        ground = QColor(palette.panel)
        return frozenset((x, y) for x in range(24) for y in range(24) if contrast(image.pixelColor(x, y), ground) >= 3.0)

    found = [inked(mark(p, palette)) for p in (1, 2, 3, 4)]
    for i, one in enumerate(found):
        assert len(one) > 80
        for other in found[i + 1 :]:
            assert len(one ^ other) > 40
    for p in (1, 2, 3, 4):
        assert len(inked(mark(p, palette, outlined=True))) < len(found[p - 1]) - 40


def contrast(one: QColor, other: QColor) -> float:
    """Return the contrast of two colours as WCAG has it."""

    def luminance(color: QColor) -> float:
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (color.redF(), color.greenF(), color.blueF())]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
