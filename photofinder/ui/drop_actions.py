"""What a drop or a paste leads to: a search, an offer, or one kind sentence."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QPixmap

from photofinder.messages import number, shown_path
from photofinder.ui.dragdrop import (
    Dropped,
    DroppedAddress,
    DroppedFiles,
    DroppedFolders,
    DroppedImage,
    DroppedText,
)
from photofinder.ui.index_lane import IndexLane
from photofinder.ui.notice_bar import NoticeBar
from photofinder.ui.search_controller import SearchController
from photofinder.ui.search_lane import LookedAt, OutsideFiles, OutsideImage

_PLAIN_LINE = 300


class DropActions(QObject):
    """Nothing dropped is ever moved, fetched or lost."""

    def __init__(
        self, search: SearchController, notice: NoticeBar, index: IndexLane, language: str, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._search = search
        self._notice = notice
        self._index = index
        self._language = language
        self.has_folders = False
        """Whether there is anything to search in; the window says."""
        search.used_one_of_many.connect(self._say_which)

    def take(self, dropped: Dropped | None) -> None:
        """Do what was meant by it."""
        self._notice.hide()
        match dropped:
            case DroppedFiles() | DroppedImage() | DroppedText() if not self.has_folders:
                self._notice.say(self.tr("Primero elige una carpeta de fotos: en ella buscaré."))
            case DroppedFiles(paths):
                name = shown_path(paths[0].name)
                self._search.search_photo(OutsideFiles(paths), name, None)
            case DroppedImage(data):
                picture = None if isinstance(data, bytes) else QPixmap.fromImage(data)
                self._search.search_photo(OutsideImage(data), self.tr("la imagen"), picture)
            case DroppedFolders(paths):
                self._offer(paths)
            case DroppedAddress():
                self._notice.say(
                    self.tr(
                        "Eso es la dirección de una imagen y PhotoFinder no descarga nada de internet;"
                        " guarda la imagen, o cópiala, y suelta o pega aquí la imagen misma."
                    )
                )
            case DroppedText(text):
                self._search.search_text(" ".join(text[:_PLAIN_LINE].split()))
            case None:
                self._notice.say(
                    self.tr("Eso no se puede buscar; suelta o pega una foto, una carpeta o unas palabras.")
                )

    @Slot(object)
    def add_files(self, paths: tuple[Path, ...]) -> None:
        """Search by these files beside what is searched for already."""
        self._notice.hide()
        self._search.add_photo(OutsideFiles(paths), shown_path(paths[0].name), None)

    def _offer(self, paths: tuple[Path, ...]) -> None:
        name = shown_path(paths[0].name or str(paths[0]))
        if len(paths) == 1:
            text = self.tr("¿Añadir la carpeta «{name}» y analizar sus fotos?").format(name=name)
        else:
            count = number(len(paths), self._language)
            text = self.tr("¿Añadir las {n} carpetas y analizar sus fotos?").format(n=count)
        self._notice.say(text, action=self.tr("Añadir"), do=partial(self._add, paths))

    def _add(self, paths: tuple[Path, ...]) -> None:
        for path in paths:
            self._index.add_folder(path)

    @Slot(object)
    def _say_which(self, looked: LookedAt) -> None:
        source = looked.source
        if not isinstance(source, OutsideFiles) or looked.used is None:
            return
        name, count = shown_path(looked.used.name), number(len(source.paths), self._language)
        if looked.skipped:
            text = self.tr("De los {n} archivos, busco con el primero que se puede leer: «{name}».")
        else:
            text = self.tr("De los {n} archivos, busco con el primero: «{name}».")
        self._notice.say(text.format(n=count, name=name))
