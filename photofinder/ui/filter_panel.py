"""The filters: a panel over the photos, whose every choice takes effect at once and becomes a chip."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from photofinder.library.filters import Facets, Filters, Orientation, Period
from photofinder.library.places import Places
from photofinder.messages import SPANISH, number
from photofinder.search.place_words import offered
from photofinder.ui.date_field import DateField
from photofinder.ui.filter_choices import is_year, toggled, with_chosen
from photofinder.ui.flow import Flow
from photofinder.ui.name_field import NameField
from photofinder.ui.plain_text import plain_tip
from photofinder.ui.query_chips import kinds_label, orientation_label
from photofinder.ui.tab_inside import tab_in_order
from photofinder.ui.theme import Theme

WIDTH = 384
_YEARS = 12
_CAMERAS = 12
_PLACES = 12

EMPTY_FACETS = Facets(0, (), (), (), (), (), 0, 0)


class FilterPanel(QFrame):
    """Shows a set of filters and changes it; lies over the window under its button."""

    changed = Signal(object)
    """The ``Filters`` that are wanted now."""
    left = Signal()
    """Closed by its cross or Esc: the keyboard goes back."""

    def __init__(self, theme: Theme, language: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setObjectName("filterPanel")
        self.setAccessibleName(self.tr("Filtros"))
        self._theme = theme
        self._language = language
        self._filters = Filters()
        self._facets = EMPTY_FACETS
        self._folders: Mapping[int, str] = {}
        self._known = Places()
        self._groups: list[QLabel] = []
        title = QLabel(self.tr("Filtros"))
        title.setObjectName("filterTitle")
        self.clear_all = QPushButton(self.tr("Quitar todos"))
        self.clear_all.setProperty("suggestion", True)
        self.clear_all.setToolTip(self.tr("Quitar todos los filtros"))
        self.clear_all.clicked.connect(self._clear_all)
        self._cross = QToolButton()
        self._cross.setIconSize(QSize(14, 14))
        self._cross.setToolTip(self.tr("Cerrar los filtros (Esc)"))
        self._cross.setAccessibleName(self.tr("Cerrar los filtros"))
        self._cross.clicked.connect(self.leave)
        top = QHBoxLayout()
        top.addWidget(title)
        top.addStretch(1)
        top.addWidget(self.clear_all)
        top.addWidget(self._cross)
        self.start = DateField(theme, self.tr("Desde"), self)
        self.end = DateField(theme, self.tr("Hasta"), self)
        for field in (self.start, self.end):
            field.changed.connect(self._dates_changed)
        self.years, self.folders, self.cameras = Flow(), Flow(), Flow()
        self.orientations, self.types, self.others, self.places = Flow(), Flow(), Flow(), Flow()
        self.kinds, self.not_kinds = Flow(), Flow()
        self.folder_name = NameField(
            self.tr("Nombre de carpeta"), self.tr("Las fotos de carpetas en cuya ruta está lo que se escriba"), self
        )
        self.file_name = NameField(
            self.tr("Nombre de archivo"), self.tr("Las fotos en cuyo nombre de archivo está lo que se escriba"), self
        )
        for name in (self.folder_name, self.file_name):
            name.changed.connect(self._names_changed)
        fields = self._fields = QWidget()
        fields.setObjectName("filterFields")
        self._column = QVBoxLayout(fields)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(6)
        dates = QHBoxLayout()
        dates.setSpacing(8)
        dates.addWidget(self.start)
        dates.addWidget(self.end)
        self._group(self.tr("Fecha"))
        self._column.addLayout(dates)
        self._column.addWidget(self.years)
        names = QHBoxLayout()
        names.setSpacing(8)
        names.addWidget(self.folder_name)
        names.addWidget(self.file_name)
        self._labels = {
            flow: self._group(name, flow)
            for name, flow in (
                (self.tr("Carpeta"), self.folders),
                (self.tr("Lugar"), self.places),
                (self.tr("Cámara"), self.cameras),
                (self.tr("Forma"), self.orientations),
                (self.tr("Tipo de archivo"), self.types),
                (self.tr("Clase"), self.kinds),
                (self.tr("Sin esta clase"), self.not_kinds),
                (self.tr("Además"), self.others),
            )
        }
        self._group(self.tr("Nombre"))
        self._column.addLayout(names)
        self._column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.viewport().setAutoFillBackground(False)
        fields.setAutoFillBackground(False)
        self._scroll.setWidget(fields)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 8, 16)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self._scroll, 1)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()
        self._fill()
        self.hide()

    def _group(self, name: str, flow: QWidget | None = None) -> QLabel:
        label = QLabel(name)
        label.setObjectName("filterGroup")
        self._column.addSpacing(4)
        self._column.addWidget(label)
        if flow is not None:
            flow.setAccessibleName(name)
            self._column.addWidget(flow)
        return label

    # What can be chosen -------------------------------------------------------------------------------------------

    @property
    def filters(self) -> Filters:
        """What is chosen."""
        return self._filters

    def set_filters(self, filters: Filters) -> None:
        """Show this choice; nothing is emitted."""
        if filters != self._filters:
            self._filters = filters
            self._fill()

    def set_facets(self, facets: Facets) -> None:
        """Offer what the library has."""
        if facets != self._facets:
            self._facets = facets
            self._fill()

    def set_folders(self, folders: Mapping[int, str], places: Places) -> None:
        """Offer these roots, names by id, and places."""
        if (dict(folders), places) != (dict(self._folders), self._known):
            self._folders, self._known = dict(folders), places
            self._fill()

    def open_under(self, button: QWidget) -> None:
        """Show under a button, inside the window, the keyboard on the first field."""
        self.place(button)
        self.show()
        self.raise_()
        self.start.edit.setFocus(Qt.FocusReason.PopupFocusReason)

    def place(self, button: QWidget) -> None:
        """Lie under the button as far as the window allows."""
        parent = self._over
        corner = button.mapTo(parent, QPoint(button.width(), button.height() + 6))
        needed = max(WIDTH, self.minimumSizeHint().width())  # longer words, larger letters
        width = min(needed, parent.width() - 16)
        wanted = self._fields.sizeHint().height() + 80
        height = max(min(wanted, parent.height() - corner.y() - 12), 160)
        left = min(max(8, corner.x() - width), parent.width() - width - 8)
        self.setGeometry(left, corner.y(), width, height)

    @Slot()
    def leave(self) -> None:
        """Hide, and give the keyboard back."""
        self.hide()
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        event.accept()  # nothing that is pressed in here searches, moves or clears what is behind

    # Choosing -----------------------------------------------------------------------------------------------------

    def _choose(self, filters: Filters) -> None:
        if filters != self._filters:
            self._filters = filters
            self._fill()
            self.changed.emit(filters)

    @Slot()
    def _clear_all(self) -> None:
        self._choose(Filters())

    @Slot()
    def _dates_changed(self) -> None:
        first, last = self.start.period, self.end.period
        if first is None and last is None:
            self._choose(replace(self._filters, periods=()))
            return
        start = date.min if first is None else first.start
        end = date.max if last is None else last.end
        if start > end:  # said the other way round
            start, end = (date.min if last is None else last.start), (date.max if first is None else first.end)
        self._choose(replace(self._filters, periods=(Period(start, end),)))

    def _toggle_year(self, year: int) -> None:
        whole = Period(date(year, 1, 1), date(year, 12, 31))
        periods = self._filters.periods
        kept = tuple(period for period in periods if is_year(period))
        self._choose(
            replace(
                self._filters,
                periods=tuple(period for period in kept if period != whole)
                if whole in kept
                else tuple(sorted((*kept, whole))),
            )
        )

    def _toggle_folder(self, folder_id: int) -> None:
        self._choose(replace(self._filters, folder_ids=toggled(self._filters.folder_ids, folder_id)))

    def _toggle_name(self, name: str) -> None:
        self._choose(replace(self._filters, places=toggled(self._filters.places, name)))

    def _toggle_camera(self, camera: str) -> None:
        self._choose(replace(self._filters, cameras=toggled(self._filters.cameras, camera)))

    def _toggle_type(self, kind: str) -> None:
        self._choose(replace(self._filters, types=toggled(self._filters.types, kind)))

    def _toggle_kind(self, kind: str) -> None:
        unwanted = tuple(one for one in self._filters.not_kinds if one != kind)
        self._choose(replace(self._filters, kinds=toggled(self._filters.kinds, kind), not_kinds=unwanted))

    def _toggle_not_kind(self, kind: str) -> None:
        wanted = tuple(one for one in self._filters.kinds if one != kind)
        self._choose(replace(self._filters, not_kinds=toggled(self._filters.not_kinds, kind), kinds=wanted))

    @Slot()
    def _names_changed(self) -> None:
        folders, files = self.folder_name.names, self.file_name.names
        self._choose(replace(self._filters, path_contains=folders, name_contains=files))

    def _toggle_orientation(self, orientation: Orientation) -> None:
        wanted = None if self._filters.orientation is orientation else orientation
        self._choose(replace(self._filters, orientation=wanted))

    def _toggle_favorites(self) -> None:
        self._choose(replace(self._filters, favorites=not self._filters.favorites))

    def _toggle_place(self, has_place: bool) -> None:
        wanted = None if self._filters.has_place is has_place else has_place
        self._choose(replace(self._filters, has_place=wanted))

    # What is seen -------------------------------------------------------------------------------------------------

    def _fill(self) -> None:
        filters, facets = self._filters, self._facets
        self.clear_all.setEnabled(bool(filters))
        range_ = filters.periods[0] if len(filters.periods) == 1 else None
        if range_ is not None and is_year(range_) and range_.start.year in [year for year, _ in facets.years]:
            range_ = None  # its pill says it
        self.start.show_day(None if range_ is None or range_.start == date.min else range_.start)
        self.end.show_day(None if range_ is None or range_.end == date.max else range_.end)
        chosen_years = {period.start.year for period in filters.periods if is_year(period)}
        self.years.fill(
            [
                self._pill(str(year), count, year in chosen_years, partial(self._toggle_year, year))
                for year, count in with_chosen(facets.years, chosen_years)[:_YEARS]
            ]
        )
        self.years.setVisible(bool(facets.years or chosen_years))
        self._show(
            self.folders,
            [
                self._pill(name, None, folder_id in filters.folder_ids, partial(self._toggle_folder, folder_id))
                for folder_id, name in self._folders.items()
            ]
            if len(self._folders) > 1 or filters.folder_ids
            else [],
        )
        self._show(
            self.places,
            [
                self._pill(name, count, name in filters.places, partial(self._toggle_name, name))
                for name, count in with_chosen(offered(self._known, self._language == SPANISH, _PLACES), filters.places)
            ],
        )
        self._show(
            self.cameras,
            [
                self._pill(camera, count, camera in filters.cameras, partial(self._toggle_camera, camera))
                for camera, count in with_chosen(facets.cameras, filters.cameras)[:_CAMERAS]
            ],
        )
        counted = dict(facets.orientations)
        self._show(
            self.orientations,
            [
                self._pill(
                    orientation_label(form),
                    counted.get(form, 0),
                    form is filters.orientation,
                    partial(self._toggle_orientation, form),
                )
                for form in Orientation
            ],
        )
        self._show(
            self.types,
            [
                self._pill(kind.upper(), count, kind in filters.types, partial(self._toggle_type, kind))
                for kind, count in with_chosen(facets.types, filters.types)
            ],
        )
        kinds = with_chosen(facets.kinds, (*filters.kinds, *filters.not_kinds))
        self._show(
            self.kinds,
            [
                self._pill(kinds_label(kind), count, kind in filters.kinds, partial(self._toggle_kind, kind))
                for kind, count in kinds
            ],
        )
        self._show(
            self.not_kinds,
            [
                self._pill(
                    kinds_label(f"-{kind}"), None, kind in filters.not_kinds, partial(self._toggle_not_kind, kind)
                )
                for kind, _ in kinds
            ],
        )
        self.folder_name.show_names(filters.path_contains)
        self.file_name.show_names(filters.name_contains)
        placed, elsewhere = facets.with_place, facets.photos - facets.with_place
        self._show(
            self.others,
            [
                self._pill(self.tr("Favoritas"), facets.favorites, filters.favorites, self._toggle_favorites),
                self._pill(self.tr("Con lugar"), placed, filters.has_place is True, partial(self._toggle_place, True)),
                self._pill(
                    self.tr("Sin lugar"), elsewhere, filters.has_place is False, partial(self._toggle_place, False)
                ),
            ],
        )
        tab_in_order((self.start, self.end, self.years, *self._labels, self.folder_name, self.file_name))

    def _show(self, flow: Flow, pills: Sequence[QPushButton]) -> None:
        flow.fill(pills)
        flow.setVisible(bool(pills))
        self._labels[flow].setVisible(bool(pills))

    def _pill(self, name: str, count: int | None, chosen: bool, choose: Callable[[], None]) -> QPushButton:
        """A choice; one that no photo fits can still be taken back."""
        words = name if count is None else f"{name}  {number(count, self._language)}"
        shown = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideMiddle, WIDTH - 90)
        pill = QPushButton(shown.replace("&", "&&"))
        pill.setProperty("pill", True)
        pill.setCheckable(True)
        pill.setChecked(chosen)
        pill.setEnabled(chosen or count != 0)
        if count is None:
            pill.setAccessibleName(name)
        else:
            one, many = self.tr("{name}, 1 foto"), self.tr("{name}, {n} fotos")
            pill.setAccessibleName((one if count == 1 else many).format(name=name, n=number(count, self._language)))
        pill.setToolTip(plain_tip(pill.accessibleName()))
        pill.clicked.connect(choose)
        return pill

    @Slot()
    def _paint_icons(self) -> None:
        self._cross.setIcon(self._theme.icon("close", "muted"))
