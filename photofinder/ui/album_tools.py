"""What the person does with albums: joins their panel, the grid, the menus of photos and the lane."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QAction, QKeySequence, QMouseEvent
from shiboken6 import isValid

from photofinder.albums.tree import Branch
from photofinder.errors import AlbumUnknown
from photofinder.messages import number, sentence, shown_path
from photofinder.messages.albums import quality_sentence
from photofinder.ui.album_answers import AnswerPainter, answer_at
from photofinder.ui.album_dialog import AlbumDialog
from photofinder.ui.album_lane import (
    AlbumAdded,
    AlbumCounted,
    AlbumLane,
    AlbumMarked,
    AlbumRemoved,
    AlbumsFailed,
    AlbumShown,
    AlbumsKnown,
)
from photofinder.ui.album_view import ArrangedAlbum, arrange_album
from photofinder.ui.albums_panel import AlbumsPanel
from photofinder.ui.announcing import announce
from photofinder.ui.index_lane import Phase, Progress
from photofinder.ui.jobs import Dispatcher
from photofinder.ui.main_window import MainWindow
from photofinder.ui.search_lane import Library
from photofinder.ui.shown_view import ShownView
from photofinder.ui.theme import Theme


class AlbumTools(QObject):
    """While an album is open it stands in the place of the library (``ui.shown_view``)."""

    def __init__(
        self, window: MainWindow, lane: AlbumLane, dispatcher: Dispatcher, theme: Theme, language: str
    ) -> None:
        super().__init__(window)
        self._window = window
        self._lane = lane
        self._theme = theme
        self._language = language
        self._branches: Mapping[int, Branch] = {}
        self._known = False
        self._serial = 0
        self._open: int | None = None
        self._shown: AlbumShown | None = None
        self._view: ShownView | None = None
        self._arranged = ArrangedAlbum((), ())
        self._next: int | None = None
        self.dialog: AlbumDialog | None = None
        self.panel = AlbumsPanel(theme, language, window.grid)
        window.folders.add_section(self.panel)
        self.add = self._action(self.tr("Añadir al álbum…"), "Ctrl+J", self._ask_where)
        self.yes = self._action(self.tr("Sí, es del álbum"), "S", partial(self._judge, True))
        self.no = self._action(self.tr("No es del álbum"), "N", partial(self._judge, False))
        self.out = self._action(self.tr("Quitar del álbum"), "Ctrl+Shift+J", partial(self._judge, None))
        window.actions_.extend((self.add, self.yes, self.no, self.out))
        window.grid.viewport().installEventFilter(self)
        window.grid.selectionModel().selectionChanged.connect(self._update)
        window.model.modelReset.connect(self._update)
        window.preview.changed.connect(self._update)
        window.search.changed.connect(self._searched)
        self.panel.chosen.connect(self.open)
        self.panel.create_wanted.connect(self._ask_name)
        self.panel.renamed.connect(lane.rename)
        self.panel.move_wanted.connect(self._ask_parent)
        self.panel.remove_wanted.connect(lane.remove)
        self.panel.tree.photos_dropped.connect(self._dropped)
        self.panel.tree.album_dropped.connect(lane.move)
        dispatcher.albums.connect(self.take)
        dispatcher.library.connect(self._take_library)
        dispatcher.analysis.connect(self._take_analysis)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()
        self._update()

    # What is shown ------------------------------------------------------------------------------------------------

    def _said(self) -> ShownView:
        """Where in the tree the open album is, how many photos it has, and how good its proposals are."""
        branch = None if self._open is None else self._branches.get(self._open)
        path = "" if branch is None else branch.path
        if self._shown is None:
            return ShownView(path, self.tr("Mirando el álbum…"), "", "")
        view = self._shown.view
        quality = quality_sentence(len(view.branch.yes), view.precision, len(view.proposals), self._language)
        return ShownView(
            path,
            self._photos(len(view.members)),
            self.tr("Este álbum está vacío"),
            self.tr(
                "Elige fotos y pulsa Ctrl+J, o arrástralas sobre el nombre del álbum. Con una ya propone las parecidas;"
                " con tres aprende, y cada «sí» y cada «no» le enseñan más."
            ),
            html.escape(quality) if view.members else "",
        )

    def _say_again(self) -> None:
        """The headline follows what is known."""
        if self._open is not None:
            self._view = self._window.search.view = self._said()
            self._window.search.changed.emit()

    @property
    def open_id(self) -> int | None:
        """The album that is shown."""
        return self._open

    @property
    def is_loaded(self) -> bool:
        """Whether the newest answer is shown."""
        return self._shown is not None and self._shown.serial == self._serial

    def is_proposal(self, photo_id: int) -> bool:
        """Whether the open album only proposes this photo."""
        return photo_id in self._arranged.targets

    @Slot(object)
    def open(self, album_id: int) -> None:
        """Show an album."""
        if self._window.notice.is_passing:
            self._window.notice.hide()
        self._window.preview.leave()
        self._open = None
        self._window.search.clear()
        self._open, self._shown = album_id, None
        self._window.grid.paint_over(AnswerPainter(self._theme, self.is_proposal))
        self._say_again()
        self._ask()

    def _ask(self) -> None:
        if self._open is not None:
            self._serial += 1
            self._lane.show(self._serial, self._open)

    @Slot()
    def _searched(self) -> None:
        """Something else is shown now: the album is closed."""
        if self._open is not None and self._window.search.view is not self._view:
            self._open = self._shown = self._next = None
            self._arranged = ArrangedAlbum((), ())
            self._window.grid.paint_over(None)
            self.panel.select(None)
            self._update()

    # From the lanes -------------------------------------------------------------------------------------------------

    @Slot(object)
    def _take_library(self, answer: object) -> None:
        if isinstance(answer, Library) and answer.folders and not self._known:
            self._known = True
            self._lane.refresh()

    @Slot(object)
    def _take_analysis(self, event: object) -> None:
        if isinstance(event, Progress) and event.phase is Phase.FINISHED and self._branches:
            self._lane.refresh()
            self._ask()

    @Slot(object)
    def take(self, answer: object) -> None:
        """What the lane says."""
        match answer:
            case AlbumsKnown():
                self._branches = answer.branches
                self.panel.set_albums(answer.branches)
                self._say_again()
            case AlbumCounted():
                self.panel.set_count(answer.album_id, answer.photos, answer.proposals)
            case AlbumShown():
                self._show(answer)
            case AlbumAdded():
                self._tell_added(answer)
            case AlbumRemoved():
                self._tell_removed(answer)
            case AlbumMarked():
                self._tell_marked(answer)
            case AlbumsFailed():
                if isinstance(answer.error, AlbumUnknown) and self._open is not None:
                    self._window.search.clear()
                    self._lane.refresh()
                self._window.notice.say(sentence(answer.error, self._language), warning=True)

    def _show(self, answer: AlbumShown) -> None:
        if self._open is None or answer.serial != self._serial:
            return
        is_first = self._shown is None
        self._shown = answer
        self._arranged = arrange_album(answer, self._branches, self._window.model.locale)
        with self._window.grid.keeping_place():
            self._window.model.show_groups(self._arranged.photos, self._arranged.sections, frozenset())
        if is_first:
            self._window.grid.scrollToTop()
            self.panel.select(self._open)
        if self._next is not None and self._window.model.row_of(self._next) is not None:
            self._window.grid.go_to(self._next)
        self._next = None
        self._say_again()
        announce(self._window.grid, self._told_aloud(len(answer.view.proposals)))

    def _told_aloud(self, proposals: int) -> str:
        """What is proposed, for who does not see it."""
        branch = None if self._open is None else self._branches.get(self._open)
        name = "" if branch is None else branch.album.name
        text = {
            0: self.tr("«{album}» no propone ninguna foto."),
            1: self.tr("«{album}» propone 1 foto: S la añade, N la descarta."),
        }.get(proposals, self.tr("«{album}» propone {n} fotos: S añade la elegida, N la descarta."))
        return text.format(album=shown_path(name), n=number(proposals, self._language))

    def _tell_added(self, answer: AlbumAdded) -> None:
        name = shown_path(answer.album.name)
        text = self.tr("Álbum «{album}» creado.") if not answer.marked else self.tr("Álbum «{album}» creado con {n}.")
        text = text.format(album=name, n=self._photos(answer.marked))
        self._say(text, self.tr("Abrir"), partial(self.open, answer.album.id))

    def _tell_removed(self, answer: AlbumRemoved) -> None:
        if any(album.id == self._open for album in answer.removed.albums):
            self._window.search.clear()
        name = shown_path(answer.removed.albums[0].name)
        text = self.tr("Álbum «{album}» borrado; tus fotos siguen en su sitio.").format(album=name)
        self._say(text, self.tr("Deshacer"), partial(self._lane.restore, answer.removed))

    def _tell_marked(self, answer: AlbumMarked) -> None:
        changed = sum(said is not answer.belongs for said in answer.before.values())
        texts = {
            True: self.tr("{n}: en «{album}»."),
            False: self.tr("{n}: no son de «{album}»."),
            None: self.tr("{n}: fuera de «{album}»."),
        }
        if not changed:
            text = self.tr("Ya estaba dicho: no cambia nada en «{album}».")
            self._window.notice.say(text.format(album=answer.path), passing=True)
            return
        text = texts[answer.belongs].format(n=self._photos(changed), album=answer.path)
        self._say(text, self.tr("Deshacer"), partial(self._undo, answer))

    def _undo(self, answer: AlbumMarked) -> None:
        self._lane.restore_marks(answer.album_id, answer.before)
        self._ask()

    def _say(self, text: str, action: str, do: Callable[[], None]) -> None:
        self._window.notice.say(text, action=action, do=do, passing=True)

    def _photos(self, count: int) -> str:
        return self.tr("1 foto") if count == 1 else self.tr("{n} fotos").format(n=number(count, self._language))

    # What the person does -------------------------------------------------------------------------------------------

    def judge(self, photo_ids: Sequence[int], belongs: bool | None) -> None:
        """Say of photos of the open album that they belong, do not, or (None) that nothing is said of them."""
        if self._open is None or self._open not in self._branches:
            return
        marks: dict[int, list[int]] = {}
        for photo_id in photo_ids:
            for album_id in self._albums_of(photo_id):
                marks.setdefault(album_id, []).append(photo_id)
        self._next = self._after(photo_ids)
        self._lane.mark(marks, belongs)
        self._ask()

    def _albums_of(self, photo_id: int) -> list[int]:
        """What an answer about a photo is about: the album it is proposed to, or those of the branch that it is in."""
        assert self._open is not None
        target = self._arranged.targets.get(photo_id)
        if target is not None:
            return [target]
        waiting, found = [self._open], []
        while waiting:
            branch = self._branches[waiting.pop()]
            waiting += branch.children
            if photo_id in branch.own:
                found.append(branch.album.id)
        return found or [self._open]

    def _after(self, photo_ids: Sequence[int]) -> int | None:
        """The proposal to look at next, once these are answered."""
        gone = set(photo_ids)
        ids = self._window.model.photo_ids
        last = max(
            (row for photo_id in photo_ids if (row := self._window.model.row_of(photo_id)) is not None), default=0
        )
        left = [one for one in (*ids[last:], *ids[:last][::-1]) if one not in gone and self.is_proposal(one)]
        return left[0] if left else None

    def _judge(self, belongs: bool | None) -> None:
        self.judge(self._window.actions_.chosen_ids(), belongs)

    @Slot()
    def _ask_where(self) -> None:
        """«Añadir al álbum…»."""
        ids = tuple(self._window.actions_.chosen_ids())
        if not ids:
            return
        albums = [(album_id, branch.path) for album_id, branch in self._branches.items()]
        title = self.tr("Añadir {n} a un álbum").format(n=self._photos(len(ids)))
        dialog = self._ask_album(title, albums, self.tr("Añadir"), make=True)
        dialog.chosen.connect(partial(self._add_to, ids))
        dialog.named.connect(partial(self._create, None, ids))

    @Slot(object)
    def _ask_name(self, parent_id: int | None) -> None:
        """«Nuevo álbum…»."""
        inside = self._branches.get(parent_id) if parent_id is not None else None
        title = self.tr("Nuevo álbum") if inside is None else self.tr("Nuevo álbum en «{album}»")
        title = title.format(album="" if inside is None else inside.path)
        dialog = self._ask_album(title, [], self.tr("Crear"), make=True)
        dialog.named.connect(partial(self._create, parent_id, ()))

    @Slot(object)
    def _ask_parent(self, album_id: int) -> None:
        """«Mover a otro álbum…»."""
        path = self._branches[album_id].path
        albums: list[tuple[int | None, str]] = [(None, self.tr("Ninguno: arriba del todo"))]
        albums += [
            (other, branch.path)
            for other, branch in self._branches.items()
            if branch.path != path and not branch.path.startswith(f"{path}/")
        ]
        title = self.tr("¿Dentro de qué álbum pongo «{album}»?").format(album=self._branches[album_id].album.name)
        self._ask_album(title, albums, self.tr("Mover"), make=False).chosen.connect(partial(self._move, album_id))

    def _ask_album(
        self, title: str, albums: Sequence[tuple[int | None, str]], accept: str, *, make: bool
    ) -> AlbumDialog:
        if self.dialog is not None and isValid(self.dialog):
            self.dialog.close()
        self.dialog = AlbumDialog(title, albums, self._window, accept=accept, make=make)
        self.dialog.open()
        return self.dialog

    def _add_to(self, photo_ids: tuple[int, ...], album_id: int) -> None:
        self._lane.mark({album_id: photo_ids}, True)
        self._ask()

    def _create(self, parent_id: int | None, photo_ids: tuple[int, ...], name: str) -> None:
        self._lane.create(name, parent_id, photo_ids)

    def _move(self, album_id: int, parent_id: int | None) -> None:
        self._lane.move(album_id, parent_id)

    @Slot(object)
    def _dropped(self, album_id: int) -> None:
        self._add_to(tuple(self._window.grid.selected_ids()), album_id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click on the tick or the cross of a proposal answers it, and selects nothing."""
        if (
            self._open is not None
            and isinstance(event, QMouseEvent)
            and event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
            and event.button() == Qt.MouseButton.LeftButton
        ):
            grid, place = self._window.grid, event.position().toPoint()
            index = grid.indexAt(place)
            photo_id = grid.photo_id(index)
            if photo_id is not None and self.is_proposal(photo_id):
                belongs = answer_at(grid.visualRect(index), place)
                if belongs is not None:
                    self.judge([photo_id], belongs)
                    return True
        return super().eventFilter(watched, event)

    # Building -------------------------------------------------------------------------------------------------------

    def _action(self, text: str, keys: str, slot: object) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(slot)
        self._window.grid.addAction(action)
        return action

    @Slot()
    def _update(self) -> None:
        """S and N are letters like others while no album is open."""
        ids = self._window.actions_.chosen_ids() if self._open is not None else []
        has_some = bool(ids) or self._window.preview.photo_id is not None or self._window.grid.selected_count() > 0
        self.add.setEnabled(has_some)
        for action in (self.yes, self.no, self.out):
            action.setVisible(self._open is not None)
        proposed = any(self.is_proposal(photo_id) for photo_id in ids)
        self.yes.setEnabled(proposed)
        self.no.setEnabled(bool(ids))
        self.out.setEnabled(any(not self.is_proposal(photo_id) for photo_id in ids))

    @Slot()
    def _paint_icons(self) -> None:
        for action, icon in ((self.add, "album-add"), (self.yes, "yes"), (self.no, "close"), (self.out, "minus")):
            action.setIcon(self._theme.icon(icon))
