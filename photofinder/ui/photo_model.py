"""The photos on the screen as a list model: ids in order, and what is known of those that were looked at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractListModel,
    QDateTime,
    QLocale,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    QTimeZone,
    Signal,
    Slot,
)
from PySide6.QtGui import QPixmap

from photofinder.library.catalog import Photo
from photofinder.messages import shown_path
from photofinder.search.certainty import Limits
from photofinder.ui.cell_painter import Look
from photofinder.ui.desktop import file_url
from photofinder.ui.found import Found
from photofinder.ui.photo_facts import moment_of
from photofinder.ui.plain_text import plain_tip
from photofinder.ui.result_words import likeness_words
from photofinder.ui.sections import Section, month_sections, titled
from photofinder.ui.thumbnail_image import ThumbnailKey
from photofinder.ui.thumbnail_loader import Thumbnail, ThumbnailLoader, ThumbnailsWait

Index = QModelIndex | QPersistentModelIndex

PhotoIdRole: Final = Qt.ItemDataRole.UserRole
FavoriteRole: Final = Qt.ItemDataRole.UserRole + 1

_SCREENFULS_IN_MEMORY = 6
_THUMBNAIL_BYTES = 48 * 2**20
"""Of their pixels in memory, beyond the two screenfuls that scrolling needs: one of a sharp screen has 0.6 MB."""
_KNOWN_SCREENFULS = 4  # times as many photos are known as have their thumbnail in memory
_SETTLE_MS = 160
"""While the size slider moves, the thumbnails there are drawn scaled; sharp ones are asked for after this long."""


_TAKEN_AT_ONCE = 24
"""Thumbnails that one turn of the event loop takes: about 1 ms; the others are taken in the next one."""


class PhotoModel(QAbstractListModel):
    """One column of photos. Asking for the decoration of a row asks the loader for its thumbnail."""

    shown = Signal()
    """Other photos are in the model now."""

    def __init__(self, loader: ThumbnailLoader, language: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loader = loader
        self._locale = QLocale(QLocale.Language.Spanish if language == "es" else QLocale.Language.English)
        self._ids: tuple[int, ...] = ()
        self._rows: dict[int, int] = {}
        self._limits: Limits | None = None
        self._photos: dict[int, Photo] = {}
        self._offline_folders: frozenset[int] = frozenset()
        self._sections: tuple[Section, ...] = ()
        self._best: frozenset[int] = frozenset()
        self._moments: NDArray[np.int64] | None = None
        self._found: Found | None = None
        self._pixmaps: OrderedDict[int, tuple[ThumbnailKey, QPixmap]] = OrderedDict()
        self._nothing: set[int] = set()
        self._side, self._ratio = 256, 1.0
        self._kept = 600
        self._wanted = (256, 1.0)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._use_wanted_size)

    # What is shown ------------------------------------------------------------------------------------------------

    @property
    def photo_ids(self) -> tuple[int, ...]:
        """The ids in the order they are shown."""
        return self._ids

    @property
    def sections(self) -> tuple[Section, ...]:
        """The headers there are between the photos, from the first row on; none means no headers."""
        return self._sections

    @property
    def locale(self) -> QLocale:
        """Of the window's language: how dates are said."""
        return self._locale

    def show_all(self, photo_ids: tuple[int, ...], moments: NDArray[np.int64] | None = None) -> None:
        """Show these photos, newest first as they come from the catalogue.

        ``moments`` ``(n,)``: when each was taken, seconds since 1970 on the wall clock; they give the month headers.
        """
        before = self._moments
        same = moments is before or (moments is not None and before is not None and np.array_equal(moments, before))
        if same and photo_ids == self._ids and self._found is None:
            return
        self._found = None
        self._replace(photo_ids, () if moments is None else month_sections(moments, self._locale), moments)

    def show_found(
        self,
        found: Found,
        sections: tuple[Section, ...] = (),
        photos: Mapping[int, Photo] | None = None,
        limits: Limits | None = None,
    ) -> None:
        """Show the answer of a search in this order, under these headers; ``photos``: what is known of them.

        ``limits``: what counts as sure, and what as too unlike; None when nothing was compared.
        """
        self._remember(photos or {})
        if found == self._found and limits == self._limits and sections == self._sections:
            return
        self._found, self._limits = found, limits
        ids = found.photo_ids.tolist()
        self._replace(tuple(ids), sections, found.moments)

    def show_groups(self, photos: Sequence[Photo], sections: tuple[Section, ...], best: frozenset[int]) -> None:
        """Show these photos under these headers; those with the ids in ``best`` carry a mark."""
        self._remember({photo.id: photo for photo in photos})
        self._found = self._limits = None
        self._replace(tuple(photo.id for photo in photos), sections, None)
        self._best = best

    def set_offline_folders(self, folder_ids: frozenset[int]) -> None:
        """Which roots cannot be reached now."""
        if folder_ids != self._offline_folders:
            self._offline_folders = folder_ids
            self._changed(range(len(self._ids)), [Qt.ItemDataRole.DecorationRole])

    def set_cell(self, side: int, ratio: float, screenful: int) -> None:
        """The side of a cell in device pixels, the device pixel ratio in it, and how many cells fit the window."""
        room = _THUMBNAIL_BYTES // (4 * max(1, side) ** 2)
        self._kept = max(2 * screenful, min(room, max(200, screenful * _SCREENFULS_IN_MEMORY)))
        self._loader.set_screenful(screenful)
        self._wanted = (side, ratio)
        if self._wanted == (self._side, self._ratio):
            self._settle.stop()
        elif self._pixmaps:
            self._settle.start()
        else:
            self._use_wanted_size()

    @Slot()
    def _use_wanted_size(self) -> None:
        self._settle.stop()
        self._side, self._ratio = self._wanted
        self._loader.clear()
        self._changed(range(len(self._ids)), [Qt.ItemDataRole.DecorationRole])

    def forget(self, photo_ids: Sequence[int]) -> None:
        """What was known of these photos may have changed: look again when they are shown."""
        for photo_id in photo_ids:
            self._photos.pop(photo_id, None)
            self._nothing.discard(photo_id)

    def remember(self, photos: Iterable[Photo]) -> None:
        """What the catalogue knows of photos that may never have been on the screen."""
        self._photos.update((photo.id, photo) for photo in photos)

    def set_favorite(self, photo_ids: Iterable[int], favorite: bool) -> None:
        """These photos have, or have not, a star now."""
        for photo_id in photo_ids:
            if photo_id in self._photos:
                self._photos[photo_id] = replace(self._photos[photo_id], favorite=favorite)
        self._changed(range(len(self._ids)), [FavoriteRole])

    def row_of(self, photo_id: int) -> int | None:
        """Where a photo is shown."""
        if not self._rows and self._ids:
            self._rows = {shown: row for row, shown in enumerate(self._ids)}
        return self._rows.get(photo_id)

    def path_of(self, photo_id: int) -> Path | None:
        """A photo's file, when it is known already."""
        photo = self._photos.get(photo_id)
        return None if photo is None else photo.path

    def photo_of(self, photo_id: int) -> Photo | None:
        """What the catalogue knows of a photo that was on the screen."""
        return self._photos.get(photo_id)

    def thumbnail_of(self, photo_id: int) -> QPixmap | None:
        """The thumbnail in memory, of whatever size."""
        return self._pixmaps[photo_id][1] if photo_id in self._pixmaps else None

    def is_settled(self, photo_id: int) -> bool:
        """Whether its thumbnail is here in the size that is shown, or is known not to be had."""
        key, _ = self._pixmaps.get(photo_id, (None, None))
        return not self._settle.isActive() and (key == self._key(photo_id) or photo_id in self._nothing)

    def is_offline(self, photo_id: int) -> bool:
        """Whether the photo's folder cannot be reached now."""
        photo = self._photos.get(photo_id)
        return photo is not None and photo.folder_id in self._offline_folders

    # The model ----------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._ids):
            return None
        photo_id = self._ids[index.row()]
        match role:
            case Qt.ItemDataRole.DecorationRole:
                return self._pixmap(photo_id)
            case Qt.ItemDataRole.DisplayRole:
                return self._name(index.row())
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._read_aloud(index.row())
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(self.describe(photo_id))
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return self.describe(photo_id)
            case _ if role == PhotoIdRole:
                return photo_id
            case _ if role == FavoriteRole:
                return photo_id in self._photos and self._photos[photo_id].favorite
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        usable = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return usable | Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemNeverHasChildren

    def mimeTypes(self) -> list[str]:
        return ["text/uri-list"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The files of these photos, as a file manager gives them."""
        data = QMimeData()
        paths = [self.path_of(self._ids[index.row()]) for index in indexes if index.row() < len(self._ids)]
        data.setUrls([file_url(path) for path in paths if path is not None])
        return data

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction  # never move: the person's files stay where they are

    # Words --------------------------------------------------------------------------------------------------------

    def describe(self, photo_id: int) -> str:
        """Lines about a photo: name, date and size, folder, and how well it matches the search."""
        path = self.path_of(photo_id)
        if path is None:
            return ""
        lines = [shown_path(path.name), self.facts(photo_id), shown_path(path.parent)]
        if self.is_offline(photo_id):
            lines.append(self.tr("Sin conexión: conecta el disco para abrirla"))
        lines.append(self.likeness_of(photo_id))
        return "\n".join(line for line in lines if line)

    def likeness_of(self, photo_id: int) -> str:
        """How well a photo answers the search, in words; empty when nothing is searched for."""
        row = self.row_of(photo_id)
        return "" if self._found is None or row is None else likeness_words(self._found, row, self._limits)

    def facts(self, photo_id: int) -> str:
        """Date, size and camera in one line, as far as they are known."""
        photo = self._photos.get(photo_id)
        if photo is None:
            return ""
        facts = [self._date(photo)]
        if photo.width and photo.height:
            facts.append(f"{photo.width} × {photo.height}")
        if photo.camera:
            facts.append(photo.camera)
        return " · ".join(facts)

    def _date(self, photo: Photo) -> str:
        moment = moment_of(photo)[0]
        return self._locale.toString(
            moment, "d 'de' MMMM 'de' yyyy, H:mm" if self._spanish else "MMMM d, yyyy, h:mm AP"
        )

    @property
    def _spanish(self) -> bool:
        return self._locale.language() == QLocale.Language.Spanish

    def _name(self, row: int) -> str:
        path = self.path_of(self._ids[row])
        return shown_path(path.name) if path is not None else self.tr("Foto {n}").format(n=row + 1)

    def _read_aloud(self, row: int) -> str:
        """«3 de 40, IMG_2031.jpg, 12 de agosto de 2019»: what a screen reader says."""
        count = self.tr("{n} de {total}").format(n=row + 1, total=len(self._ids))
        photo = self._photos.get(self._ids[row])
        day = None
        if photo is not None:
            day = moment_of(photo)[0].date()
        elif self._moments is not None:
            day = QDateTime.fromSecsSinceEpoch(int(self._moments[row]), QTimeZone.utc()).date()
        parts = [count, self._name(row)]
        if day is not None:
            parts.append(self._locale.toString(day, "d 'de' MMMM 'de' yyyy" if self._spanish else "MMMM d, yyyy"))
        if self.is_offline(self._ids[row]):
            parts.append(self.tr("sin conexión"))
        if group := titled(self._sections, row):
            parts.append(group)
        if self._ids[row] in self._best:
            parts.append(self.tr("la que se propone guardar"))
        return ", ".join(parts)

    def _remember(self, photos: Mapping[int, Photo]) -> None:
        """Know these; what was known longest is forgotten, or a morning of searches would fill the memory."""
        for photo_id in photos:
            self._photos.pop(photo_id, None)
        self._photos.update(photos)
        while len(self._photos) > _KNOWN_SCREENFULS * self._kept:
            del self._photos[next(iter(self._photos))]

    # Thumbnails ---------------------------------------------------------------------------------------------------

    def look(self, row: int) -> Look:
        """How the photo in a row is painted; asks for its thumbnail as asking for the decoration does.

        Without a call into Qt: after each of those the GUI thread waits for its turn, if a worker has it.
        """
        photo_id = self._ids[row]
        photo = self._photos.get(photo_id)
        is_favorite = photo is not None and photo.favorite
        offline, best = self.is_offline(photo_id), photo_id in self._best
        return Look(self._pixmap(photo_id), photo_id in self._nothing, offline, is_favorite, best)

    @Slot(object)
    def take_thumbnails(self, told: ThumbnailsWait) -> None:
        """Answers of the workers wait: take some. Their rows are not looked up: a screenful is painted sooner."""
        answers = self._loader.answers(_TAKEN_AT_ONCE)
        for answer in answers:
            self.take_thumbnail(answer)
        if answers:
            self._changed(range(len(self._ids)), [Qt.ItemDataRole.DecorationRole])

    def take_thumbnail(self, answer: Thumbnail) -> None:
        """A worker's answer; one for another size than is shown now is dropped."""
        photo_id = answer.key.photo_id
        if answer.photo is not None:
            self._remember({photo_id: answer.photo})
        if answer.image is None or answer.image.isNull():
            self._nothing.add(photo_id)
        elif answer.key == self._key(photo_id):
            self._pixmaps[photo_id] = (answer.key, QPixmap.fromImage(answer.image))
            self._pixmaps.move_to_end(photo_id)
            while len(self._pixmaps) > self._kept:
                self._pixmaps.popitem(last=False)

    def _pixmap(self, photo_id: int) -> QPixmap | None:
        key, pixmap = self._pixmaps.get(photo_id, (None, None))
        wanted = self._key(photo_id)
        if pixmap is not None:
            self._pixmaps.move_to_end(photo_id)
        # a photo that was forgotten may have another picture now; the old one stands until the new one is there
        if photo_id not in self._nothing and (key != wanted or photo_id not in self._photos):
            self._loader.request(wanted)
        return pixmap

    def _key(self, photo_id: int) -> ThumbnailKey:
        return ThumbnailKey(photo_id, self._side, self._ratio)

    def _replace(
        self,
        photo_ids: tuple[int, ...],
        sections: tuple[Section, ...],
        moments: NDArray[np.int64] | None,
    ) -> None:
        self.beginResetModel()
        self._ids, self._rows = photo_ids, {}
        self._sections, self._moments, self._best = sections, moments, frozenset()
        self._nothing.clear()
        self.endResetModel()
        self.shown.emit()

    def _changed(self, rows: range, roles: list[int]) -> None:
        if rows:
            self.dataChanged.emit(self.index(rows[0]), self.index(rows[-1]), roles)
