"""All keys on one page, by what they are for, read from the actions and shortcuts that the window really has."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from photofinder.ui.album_tools import AlbumTools
from photofinder.ui.albums_panel import AlbumsPanel
from photofinder.ui.fitting_dialog import FittingDialog
from photofinder.ui.folders_panel import FoldersPanel
from photofinder.ui.photo_actions import PhotoActions
from photofinder.ui.photo_grid import PhotoGrid
from photofinder.ui.result_tools import ResultTools
from photofinder.ui.settings_pages import SettingsPage

Keys = list[tuple[str, str]]
"""Key and meaning."""


class ShortcutsDialog(FittingDialog):
    """Made anew each time it is opened: keys may come and go with the actions."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Atajos de teclado"))
        self.groups = self._groups(window)
        page = SettingsPage(self.tr("Atajos de teclado"))
        page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        page.setAccessibleName(self.tr("Lista de atajos de teclado"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(28)
        grid.setVerticalSpacing(9)
        grid.setColumnStretch(1, 1)
        for title, keys in self.groups.items():
            head = _label(title, "keysTitle")
            grid.addWidget(head, grid.rowCount(), 0, 1, 2)
            for key, meaning in keys:
                row = grid.rowCount()
                grid.addWidget(_label(key, "key"), row, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
                words = _label(meaning, "")
                words.setWordWrap(True)
                grid.addWidget(words, row, 1)
        page.column.addLayout(grid)
        page.finish()
        close = QPushButton(self.tr("&Cerrar"))
        close.clicked.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(page, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(20, 0, 20, 18)
        foot.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        layout.addLayout(foot)
        self.resize(600, 660)

    @property
    def keys(self) -> Keys:
        """Every key, in the order of the page."""
        return [pair for keys in self.groups.values() for pair in keys]

    def _groups(self, window: QWidget) -> dict[str, Keys]:
        """Title of each group, and its keys; each pair once."""
        search, look, photos = self.tr("Buscar"), self.tr("Ir por las fotos"), self.tr("Con las fotos")
        results, albums, folders = self.tr("Con un resultado"), self.tr("Álbumes"), self.tr("Carpetas")
        delete = _shown([QKeySequence(QKeySequence.StandardKey.Delete)])
        groups: dict[str, Keys] = {
            search: [
                ("↓", self.tr("De la búsqueda a las propuestas, o a las fotos")),
                (self.tr("Esc"), self.tr("Dejar lo que hay abierto; borrar la búsqueda")),
                ("←   →   " + delete, self.tr("En las fichas de la búsqueda: ir de una a otra, quitarla")),
                ("+   −", self.tr("En la ficha de una foto: darle más o menos peso")),
            ],
            look: [
                ("←   ↑   ↓   →", self.tr("Ir de una foto a otra; con Mayúsculas se seleccionan")),
                (self.tr("Inicio   Fin   Re Pág   Av Pág"), self.tr("Ir más lejos")),
                (self.tr("Intro"), self.tr("Ver la foto en grande")),
            ],
            results: [],
            photos: [],
            self.tr("En la foto grande"): [
                (self.tr("←   →   Inicio   Fin"), self.tr("Otra foto del resultado")),
                ("+   −   0   1", self.tr("Acercar, alejar, entera, tamaño real")),
                ("I", self.tr("Información de la foto")),
                ("F", self.tr("Favorita")),
                (self.tr("Espacio"), self.tr("Volver; en la presentación, pausa")),
            ],
            albums: [],
            folders: [(self.tr("Menú"), self.tr("Qué se puede hacer con la carpeta elegida"))],
            self.tr("En toda la ventana"): [],
        }
        anywhere = list(groups)[-1]
        owners: tuple[tuple[type[QObject], str], ...] = (
            (PhotoActions, photos), (PhotoGrid, photos), (ResultTools, results), (AlbumTools, albums),
            (AlbumsPanel, albums), (FoldersPanel, folders),
        )  # fmt: skip

        def title(owner: QObject | None, otherwise: str) -> str:
            return next((name for kind, name in owners if isinstance(owner, kind)), otherwise)

        zoom = [QKeySequence(key) for key in (QKeySequence.StandardKey.ZoomIn, QKeySequence.StandardKey.ZoomOut)]
        for shortcut in window.findChildren(QShortcut):
            if shortcut.whatsThis():
                group = look if shortcut.key() in zoom else title(shortcut.parent(), search)
                groups[group].append((_shown(shortcut.keys()), shortcut.whatsThis()))
        for keys, text, owner in _of_actions(window):
            groups[title(owner, anywhere)].append((keys, text))
        groups[anywhere].append((self.tr("Tabulador"), self.tr("Ir de un control a otro")))
        return {name: list(dict.fromkeys(keys)) for name, keys in groups.items()}


def _label(text: str, name: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName(name)
    label.setIndent(0)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _of_actions(window: QWidget) -> Iterator[tuple[str, str, QObject | None]]:
    for action in window.findChildren(QAction):
        if action.shortcuts() and action.text():
            text = action.text().replace("&&", "\0").replace("&", "").replace("\0", "&")
            yield _shown(action.shortcuts()), text.rstrip("…"), action.parent()


def _shown(keys: list[QKeySequence]) -> str:
    """At most two ways to type the same."""
    texts = [key.toString(QKeySequence.SequenceFormat.NativeText) for key in keys]
    return "  ·  ".join(list(dict.fromkeys(texts))[:2])
