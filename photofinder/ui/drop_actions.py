"""What a drop or a paste leads to: a search, an offer, or one kind sentence."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QPixmap

from photofinder.errors import FailureReason, PhotoUnreadable
from photofinder.library.images import EXTENSIONS
from photofinder.messages import number, sentence, shown_path
from photofinder.ui.dragdrop import (
    Dropped,
    DroppedAddress,
    DroppedArchive,
    DroppedElsewhere,
    DroppedFiles,
    DroppedFolders,
    DroppedImage,
    DroppedText,
)
from photofinder.ui.index_lane import IndexLane
from photofinder.ui.notice_bar import NoticeBar
from photofinder.ui.search_controller import SearchController
from photofinder.ui.search_lane import OutsideFiles, OutsideImage, PhotoSource, SearchFailed
from photofinder.ui.searched_photos import SomeRead, of_files

_PLAIN_LINE = 300
_NO_PHOTO = (FailureReason.NOT_AN_IMAGE, FailureReason.DAMAGED)
_VIDEOS = frozenset({".mp4", ".mov", ".avi", ".mkv", ".webm", ".m4v", ".mpg", ".mpeg", ".3gp", ".mts", ".wmv"})
_OTHER_PICTURES = frozenset(
    {".svg", ".svgz", ".psd", ".psb", ".xcf", ".kra", ".ai", ".eps", ".pdf", ".jxl", ".jp2", ".j2k", ".exr", ".hdr"}
    | {".tga", ".ico", ".wmf", ".emf", ".cr2", ".cr3", ".crw", ".nef", ".nrw", ".arw", ".srf", ".sr2", ".dng", ".orf"}
    | {".rw2", ".raf", ".pef", ".x3f", ".3fr", ".erf", ".kdc", ".mrw", ".rwl", ".iiq"}
)
"""Pictures that no decoder of ours reads; raw photos among them."""


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
        search.used_some.connect(self._say_which)

    def take(self, dropped: Dropped | None, *, add: bool = False) -> None:
        """Do what was meant by it; a photo comes beside those that are searched by (``add``) or replaces them."""
        self._notice.hide()
        match dropped:
            case DroppedFiles() | DroppedImage() | DroppedText() if not self.has_folders:
                self._notice.say(self.tr("Primero elige una carpeta de fotos: en ella buscaré."))
            case DroppedFiles(paths):
                self._search.search_photos(of_files(paths), add=add)
            case DroppedImage(data):
                picture = None if isinstance(data, bytes) else QPixmap.fromImage(data)
                self._search_by(OutsideImage(data), self.tr("la imagen"), picture, add=add)
            case DroppedFolders(paths):
                self._offer(paths)
            case DroppedText(text):
                self._search_text(text)
            case _:
                self._notice.say(self._why_not(dropped))

    def _search_by(self, source: PhotoSource, name: str, picture: QPixmap | None, *, add: bool) -> None:
        if add:
            self._search.add_photo(source, name, picture)
        else:
            self._search.search_photo(source, name, picture)

    def _search_text(self, text: str) -> None:
        words = " ".join(text.split())
        self._search.search_text(words[:_PLAIN_LINE].rsplit(" ", 1)[0] if len(words) > _PLAIN_LINE else words)
        if len(words) > _PLAIN_LINE:
            self._notice.say(self.tr("Ese texto es muy largo; busco con sus primeras palabras."))

    def _why_not(self, dropped: DroppedAddress | DroppedArchive | DroppedElsewhere | None) -> str:
        match dropped:
            case DroppedAddress():
                return self.tr(
                    "Eso es la dirección de una imagen y PhotoFinder no descarga nada de internet;"
                    " guarda la imagen, o cópiala, y suelta o pega aquí la imagen misma."
                )
            case DroppedArchive(name, inside=False):
                return self.tr(
                    "«{name}» es un archivo comprimido; descomprímelo y suelta aquí una de sus fotos."
                ).format(name=shown_path(name))
            case DroppedArchive():
                return self.tr(
                    "Esa foto está todavía dentro de otro archivo; sácala a una carpeta y suéltala desde allí."
                )
            case DroppedElsewhere():
                return self.tr(
                    "Esa foto está en un lugar que solo abre el gestor de archivos; cópiala a una carpeta de este"
                    " ordenador y suéltala desde allí."
                )
            case None:
                return self.tr("Eso no se puede buscar; suelta o pega una foto, una carpeta o unas palabras.")

    def explain(self, failure: SearchFailed) -> str:
        """One sentence about a search that failed; of a dropped file that is no photo it says what to do instead."""
        error = failure.error
        if not isinstance(error, PhotoUnreadable) or error.reason not in _NO_PHOTO:
            return sentence(error, self._language)
        asked = [source for source, _ in failure.request.asked.photos if isinstance(source, OutsideFiles)]
        dropped = [source for source in asked if error.path in source.paths]
        if not dropped:
            return sentence(error, self._language)
        if dropped[0].dropped > 1:
            text = self.tr("Ninguno de los {n} archivos se puede leer como foto; suelta aquí fotos JPG, PNG o HEIC.")
            return text.format(n=number(dropped[0].dropped, self._language))
        ending = error.path.suffix.lower()
        if ending in EXTENSIONS:
            return sentence(error, self._language)
        if ending in _VIDEOS:
            text = self.tr("«{name}» es un vídeo; guarda un fotograma como imagen y suéltalo aquí.")
        elif ending in _OTHER_PICTURES:
            text = self.tr("PhotoFinder no sabe abrir «{name}»; expórtala como JPG o PNG y suéltala aquí.")
        else:
            text = self.tr("«{name}» no es una foto; suelta aquí una foto, una carpeta o unas palabras.")
        return text.format(name=shown_path(error.path.name))

    @Slot(object)
    def add_file(self, path: Path) -> None:
        """Search by this file beside what is searched for already."""
        self.take(DroppedFiles((path,)), add=True)

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
    def _say_which(self, some: SomeRead) -> None:
        dropped, used = number(some.dropped, self._language), number(len(some.names), self._language)
        if len(some.names) == 1:
            text = self.tr("De los {n} archivos, busco con uno: «{name}».").format(n=dropped, name=some.names[0])
        else:
            text = self.tr("De los {n} archivos, busco con {used}.").format(n=dropped, used=used)
        self._notice.say(text, passing=True)
