"""The menu of the window: what is not about photos."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from photofinder.ui.shortcuts_dialog import ShortcutsDialog
from photofinder.ui.theme import Theme


class MainMenu(QMenu):
    """Opened by the button in the top bar or by F10; its actions have keys of their own."""

    settings_wanted = Signal()
    about_wanted = Signal()
    add_folder_wanted = Signal()
    duplicates_wanted = Signal()
    search_wanted = Signal(str)
    """Search for this and nothing else."""

    def __init__(self, window: QWidget, button: QToolButton, theme: Theme) -> None:
        super().__init__(window)
        self.setTitle(self.tr("Menú"))
        self._window = window
        self._button = button
        self._theme = theme
        self.add_folder = self._action(self.tr("&Añadir carpeta…"), "Ctrl+N", "folder-add")
        self.add_folder.triggered.connect(self.add_folder_wanted)
        self.duplicates = self._action(self.tr("&Duplicadas y ráfagas"), "Ctrl+Alt+D", "copy")
        self.duplicates.triggered.connect(self.duplicates_wanted)
        self.odd = self._odd_photos()
        self.addSeparator()
        self.settings = self._action(self.tr("A&justes…"), "Ctrl+,", "settings")
        self.settings.triggered.connect(self.settings_wanted)
        self.keys = self._action(self.tr("A&tajos de teclado"), "F1", "keyboard")
        self.keys.triggered.connect(self.show_keys)
        self.about = self._action(self.tr("A&cerca de PhotoFinder"), "", "info")
        self.about.triggered.connect(self.about_wanted)
        self.addSeparator()
        self.leave = self._action(self.tr("&Salir"), QKeySequence.StandardKey.Quit, "close")
        self.leave.triggered.connect(window.close)
        self.open_action = QAction(self.tr("Abrir el menú"), window)
        self.open_action.setShortcut(QKeySequence("F10"))
        self.open_action.triggered.connect(self.open_below)
        window.addAction(self.open_action)
        button.setToolTip(self.tr("Menú (F10)"))
        button.setAccessibleName(self.tr("Menú"))
        button.clicked.connect(self.open_below)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()

    def _odd_photos(self) -> QMenu:
        """One entry a kind of photos that nobody looks for and everybody has."""
        menu = self.addMenu(self.tr("Fotos &raras"))
        menu.menuAction().setData("warning")
        for text, query in (
            (self.tr("&Borrosas"), self.tr("fotos borrosas")),
            (self.tr("&Oscuras"), self.tr("fotos oscuras")),
            (self.tr("&Capturas de pantalla"), self.tr("capturas de pantalla")),
            (self.tr("&Documentos"), self.tr("fotos de documentos")),
            (self.tr("D&istintas de las demás"), self.tr("fotos raras")),
        ):
            menu.addAction(text).triggered.connect(partial(self.search_wanted.emit, query))
        return menu

    def _action(self, text: str, keys: str | QKeySequence.StandardKey, icon: str) -> QAction:
        action = QAction(text, self._window)
        action.setData(icon)
        if keys:
            action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        self._window.addAction(action)
        self.addAction(action)
        return action

    @Slot()
    def open_below(self) -> None:
        """Show the menu below its button."""
        place = self._button.mapToGlobal(QPoint(self._button.width() - self.sizeHint().width(), self._button.height()))
        self.popup(place)

    @Slot()
    def show_keys(self) -> None:
        """All keys on one page."""
        ShortcutsDialog(self._window).open()

    @Slot()
    def _paint_icons(self) -> None:
        self._button.setIcon(self._theme.icon("menu"))
        for action in self.actions():
            if action.data():
                action.setIcon(self._theme.icon(str(action.data())))
