"""The language of the window: the catalogue's, and Qt's own for file dialogs and the like. Not for the sentences themselves."""

from __future__ import annotations

import os
from typing import cast

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from twin_app.text import LANGUAGES, N_, set_language, tr

_LACKING = frozenset({N_("&Look in:"), N_("Files of &type:"), N_("Folder")})
"""Words of Qt's own dialogs that its catalogues of other languages leave in English."""


class _Lacking(QTranslator):
    """Says what Qt's own catalogue does not; None leaves a word to the others."""

    @override
    def isEmpty(self) -> bool:
        return False

    @override
    def translate(self, context: str, sourceText: str, disambiguation: str | None = None, n: int = -1) -> str | None:
        return tr(sourceText) if sourceText in _LACKING else None


def use_language(chosen: str) -> None:
    """Speak the chosen language; for `system` the one of `TWIN_APP_LANGUAGE`, else the desktop's."""
    code = os.environ.get("TWIN_APP_LANGUAGE", "") if chosen == "system" else chosen
    if code not in LANGUAGES:
        code = "zh_CN" if QLocale.system().language() is QLocale.Language.Chinese else "en"
    set_language(code)
    _translate_qt(code)


def _translate_qt(code: str) -> None:
    """Load Qt's own words, which are English where there are none of that language."""
    app = cast("QApplication", QApplication.instance())
    for before in app.findChildren(QTranslator, "words-of-qt"):
        app.removeTranslator(before)
        before.deleteLater()
    words = QTranslator(app)
    words.setObjectName("words-of-qt")
    if code != "en" and words.load(f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(words)
        lacking = _Lacking(app)
        lacking.setObjectName("words-of-qt")
        app.installTranslator(lacking)
    else:
        words.deleteLater()
