"""The language of the window. Spanish is in the code; English comes from ``resources/i18n``.

After a text was changed, from the top of the repository (``.ts`` are edited by hand or with Qt Linguist)::

    pyside6-lupdate photofinder/ui/*.py -locations none -no-obsolete -source-language es -target-language en \\
        -ts resources/i18n/photofinder_en.ts
    pyside6-lrelease resources/i18n/photofinder_en.ts
"""

from __future__ import annotations

import logging

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from photofinder.messages import SPANISH
from photofinder.paths import resource

_log = logging.getLogger(__name__)


class Translation:
    """Installs what a language needs; ``remove`` undoes it (a program has one, tests have many)."""

    def __init__(self, app: QCoreApplication, language: str) -> None:
        self._app = app
        self._installed: list[QTranslator] = []
        if language != SPANISH:
            self._install("photofinder_en", str(resource("i18n")))
        # Qt's own words (dialog buttons); its wheels bring them for most languages
        QLocale.setDefault(QLocale(QLocale.Language.Spanish if language == SPANISH else QLocale.Language.English))
        self._install(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))

    def remove(self) -> None:
        """Take the translators out again."""
        for translator in self._installed:
            self._app.removeTranslator(translator)
            translator.deleteLater()  # else its file stays mapped: 0.16 MB for each window that was opened
        self._installed.clear()

    def _install(self, name: str, folder: str) -> None:
        translator = QTranslator(self._app)
        if translator.load(name, folder):
            self._app.installTranslator(translator)
            self._installed.append(translator)
        else:
            translator.deleteLater()
            _log.info("no translation %s in %s", name, folder)
