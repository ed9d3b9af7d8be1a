"""The banners below the top bar: the newest first, and never so many that the line has no room."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QFrame, QLabel

from ui.main_window import MainWindow


@pytest.mark.allow_logs
def test_that_the_newest_notice_stands_above_and_all_leave_room_for_the_line(window: MainWindow) -> None:
    notices = window.notices
    for number in range(9):
        notices.error(f"Trouble {number}")
    shown = sorted(
        (banner.y(), banner.findChildren(QLabel)[0].text()) for banner in notices.findChildren(QFrame, "notice") if banner.isVisible()
    )
    assert shown[0][1] == "Trouble 8"
    assert 1 <= len(shown) <= 4
    assert notices.sizeHint().height() <= window.height() * 0.3
    assert f"+{9 - len(shown)} more" in {label.text() for label in notices.findChildren(QLabel)}
    for number in reversed(range(9)):
        notices.drop(f"error:Trouble {number}")
    assert not notices.isVisible()
