"""Duplicates and bursts in the grid: groups as sections, the photo to keep first. It selects; it never deletes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QObject, Slot

from photofinder.albums.duplicates import Group
from photofinder.messages import number, sentence
from photofinder.messages.tidy import kind_words, reason_words
from photofinder.ui.duplicates_bar import DuplicatesBar
from photofinder.ui.index_lane import Phase, Progress
from photofinder.ui.jobs import Dispatcher
from photofinder.ui.listed_keys import listed_key
from photofinder.ui.main_window import MainWindow
from photofinder.ui.row_selection import Run, selection_of
from photofinder.ui.sections import Section, photos_text
from photofinder.ui.shown_view import ShownView
from photofinder.ui.theme import Theme
from photofinder.ui.tidy_lane import DuplicatesFound, TidyFailed, TidyLane, TidyProgress

_MEGABYTE = 1_000_000


class DuplicatesView(QObject):
    """Asks the lane, and shows its answer in the place of the library until something else is asked for."""

    def __init__(self, window: MainWindow, lane: TidyLane, dispatcher: Dispatcher, theme: Theme, language: str) -> None:
        super().__init__(window)
        self._search = window.search
        self._grid = window.grid
        self._model = window.model
        self._notice = window.notice
        self._lane = lane
        self._language = language
        self._serial = 0
        self._groups: tuple[Group, ...] = ()
        self._view: ShownView | None = None
        self.bar = DuplicatesBar(theme)
        self.bar.opened.connect(self.select_others)
        self.bar.left.connect(self.leave)
        window.body.insertWidget(window.body.indexOf(window.pages), self.bar)
        meaning = self.tr("Duplicadas: seleccionar todas menos la mejor")
        self._shortcut = listed_key(window.grid, "Ctrl+Shift+S", self.select_others, meaning)
        window.search.changed.connect(self._search_changed)
        dispatcher.tidy.connect(self.take)

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups that are shown."""
        return self._groups

    @property
    def is_open(self) -> bool:
        """Whether duplicates are looked for or shown."""
        return not self.bar.isHidden()

    @Slot()
    def open(self) -> None:
        """Look for duplicates; the photos stay until some are found."""
        self._serial = self._lane.find()
        self.bar.show_running(self.tr("Buscando fotos duplicadas y ráfagas…"), 0.0)

    @Slot()
    def leave(self) -> None:
        """Stop looking, and show all photos again."""
        self._lane.cancel()
        is_shown = self._view is not None
        self._close()
        if is_shown:
            self._search.clear()

    @Slot(object)
    def take(self, answer: TidyProgress | DuplicatesFound | TidyFailed) -> None:
        """What the lane says; of an older run nothing is wanted."""
        if answer.serial != self._serial:
            return
        if isinstance(answer, TidyProgress):
            text = self.tr("Comparando las fotos…") if answer.comparing else self.tr("Mirando fotos: {n} de {total}")
            shown = text.format(n=number(answer.done, self._language), total=number(answer.total, self._language))
            self.bar.show_running(shown, answer.done / max(1, answer.total))
        elif isinstance(answer, TidyFailed):
            self._close()
            self._notice.say(sentence(answer.error, self._language), warning=True)
        else:
            self._show(answer.groups)

    @Slot(object)
    def take_analysis(self, event: object) -> None:
        """After an analysis: what is odd in the library may be something else now."""
        if isinstance(event, Progress) and event.phase is Phase.FINISHED and event.summary is not None:
            self._lane.mark(changed=bool(event.summary.analysed or event.summary.missing))

    @Slot()
    def select_others(self) -> None:
        """Select every photo but the one to keep of each group: what to do with them is the person's to say."""
        runs: list[Run] = []
        first = 0
        for group in self._groups:
            runs.append((first + 1, first + len(group.photos) - 1))
            first += len(group.photos)
        if runs:
            chosen = selection_of(self._model, runs)
            self._grid.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self._grid.setFocus()

    def _show(self, groups: Sequence[Group]) -> None:
        self._view, self._groups = None, tuple(groups)
        photos = [photo for group in groups for photo in group.photos]
        view = ShownView(
            self.tr("Duplicadas y ráfagas"),
            self.tr("Nada se borra: tú decides") if groups else "",
            self.tr("No hay fotos duplicadas"),
            self.tr("No se ha encontrado ninguna copia, versión ni ráfaga entre tus fotos."),
        )
        self._search.show_view(view)
        self._view = view
        self._model.show_groups(photos, self._sections(groups), frozenset(group.photos[0].id for group in groups))
        self._grid.scrollToTop()
        self._search.changed.emit()
        self.bar.show_found(self._summary(groups), any_found=bool(groups))

    def _summary(self, groups: Sequence[Group]) -> str:
        if not groups:
            return self.tr("No hay fotos duplicadas ni ráfagas.")
        size = number(sum(group.bytes_beside for group in groups) / _MEGABYTE, self._language, 1)
        beside = sum(len(group.photos) - 1 for group in groups)
        text = self.tr("{groups} grupos. De cada uno se propone guardar la primera; las demás ({n}) ocupan {size} MB.")
        if len(groups) == 1:
            text = self.tr("1 grupo. Se propone guardar la primera; las demás ({n}) ocupan {size} MB.")
        return text.format(groups=number(len(groups), self._language), n=number(beside, self._language), size=size)

    def _sections(self, groups: Sequence[Group]) -> tuple[Section, ...]:
        sections: list[Section] = []
        first = 0
        for group in groups:
            why = self.tr("la primera, porque {reason}").format(reason=reason_words(group.reasons, self._language))
            note = f"{photos_text(len(group.photos), self._model.locale)} · {why}"
            title = kind_words(group.kind, self._language)
            sections.append(Section(first, len(group.photos), title, note, line=bool(sections)))
            first += len(group.photos)
        return tuple(sections)

    @Slot()
    def _search_changed(self) -> None:
        """Something else is shown: the groups are over."""
        if self._view is not None and self._search.view is not self._view:
            self._close()

    def _close(self) -> None:
        self._serial = 0
        self._groups = ()
        self._view = None
        self.bar.hide()
