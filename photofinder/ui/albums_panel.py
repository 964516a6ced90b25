"""The tree of albums, below the folders: choose one, make, rename, move and delete them, drop photos on them."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from photofinder.albums.tree import Branch
from photofinder.messages import number
from photofinder.ui.theme import Theme

_ID = Qt.ItemDataRole.UserRole


class AlbumTree(QTreeWidget):
    """Rows are albums; what is dropped on one goes into it: photos of the grid, or another album."""

    photos_dropped = Signal(object)
    """Id of the album."""
    album_dropped = Signal(object, object)
    """Id of the album that was carried, and of the one that it was let go on (None: at the top)."""

    def __init__(self, photos: QWidget) -> None:
        """``photos``: the widget whose drags carry photos."""
        super().__init__()
        self._photos = photos
        self.setObjectName("albums")
        self.setHeaderHidden(True)
        self.setIndentation(14)
        self.setUniformRowHeights(True)
        self.setAcceptDrops(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.CopyAction)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.source() in (self, self._photos):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()  # the window's: a picture to search by

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        target = self.itemAt(event.position().toPoint())
        if event.source() is self or target is not None:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        target = self.itemAt(event.position().toPoint())
        album = None if target is None else target.data(0, _ID)
        event.setDropAction(Qt.DropAction.CopyAction)  # nothing of the person is ever moved by a drag
        event.accept()
        carried = self.selectedItems()
        if event.source() is not self and album is not None:
            self.photos_dropped.emit(album)
        elif event.source() is self and carried:
            self.album_dropped.emit(carried[0].data(0, _ID), album)


class AlbumsPanel(QFrame):
    """Knows names and numbers; what is done with albums is done elsewhere."""

    chosen = Signal(object)
    """Id of the album to show."""
    create_wanted = Signal(object)
    """A new album in the one with this id, or (None) at the top."""
    renamed = Signal(object, str)
    move_wanted = Signal(object)
    remove_wanted = Signal(object)

    def __init__(self, theme: Theme, language: str, photos: QWidget) -> None:
        super().__init__()
        self._theme = theme
        self._language = language
        self._branches: Mapping[int, Branch] = {}
        self._counts: dict[int, tuple[int, int]] = {}
        self._items: dict[int, QTreeWidgetItem] = {}
        self._filling = False
        title = QLabel(self.tr("Álbumes"))
        title.setObjectName("panelTitle")
        self.more = QToolButton()
        self.more.setIconSize(QSize(18, 18))
        self.more.setAccessibleName(self.tr("Qué hacer con el álbum elegido"))
        self.more.setToolTip(self.more.accessibleName())
        self.more.clicked.connect(self._menu_below)
        self.tree = AlbumTree(photos)
        self.tree.setAccessibleName(self.tr("Álbumes"))
        self.tree.setToolTip(self.tr("Suelta fotos sobre un álbum para añadirlas; Intro lo abre"))
        self.tree.itemClicked.connect(self._open)
        self.tree.itemActivated.connect(self._open)
        self.tree.itemChanged.connect(self._edited)
        self.tree.currentItemChanged.connect(self._update)
        self.tree.customContextMenuRequested.connect(self._menu_at)
        self.hint = QLabel(
            self.tr("Junta unas fotos en un álbum (clic derecho en ellas) y aprenderá a encontrar las demás.")
        )
        self.hint.setWordWrap(True)
        self.hint.setContentsMargins(4, 0, 4, 0)
        self.hint.setProperty("muted", True)
        self.add = QPushButton(" " + self.tr("Nuevo álbum…"))
        self.add.clicked.connect(self._create)
        self._make_actions()
        head = QHBoxLayout()
        head.setContentsMargins(16, 4, 12, 0)
        head.addWidget(title, 1)
        head.addWidget(self.more)
        inner = QVBoxLayout()
        inner.setContentsMargins(12, 0, 12, 0)
        inner.addWidget(self.tree, 1)
        inner.addWidget(self.hint)
        inner.addStretch(0)
        inner.addWidget(self.add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addLayout(inner, 1)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()
        self._update()

    def _make_actions(self) -> None:
        self.inside = self._action(self.tr("Nuevo álbum dentro…"), "", self._create_inside)
        self.rename = self._action(self.tr("Cambiar el nombre"), "F2", self._rename)
        self.move_to = self._action(self.tr("Mover a otro álbum…"), "", self._move)
        self.remove = self._action(self.tr("Borrar el álbum"), "Del", self._remove)
        self.remove.setToolTip(self.tr("Tus fotos no se tocan, y se puede deshacer"))

    def _action(self, text: str, keys: str, slot: object) -> QAction:
        action = QAction(text, self)
        if keys:
            action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(slot)
        self.tree.addAction(action)
        return action

    # What is listed -----------------------------------------------------------------------------------------------

    def set_albums(self, branches: Mapping[int, Branch]) -> None:
        """List these, each after the one that it lies in; what is chosen and what is open stays."""
        current, was_known = self.current(), set(self._items)
        closed = {album_id for album_id, item in self._items.items() if not item.isExpanded()}
        self._branches = branches
        self._filling = True
        self.tree.clear()
        self._items = {}
        for album_id, branch in branches.items():
            parent = branch.album.parent_id
            item = QTreeWidgetItem(self.tree if parent is None else self._items[parent])
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            item.setData(0, _ID, album_id)
            self._items[album_id] = item
            item.setExpanded(album_id not in closed or album_id not in was_known)
            self._name(album_id)
        self._filling = False
        if current in self._items:
            self.tree.setCurrentItem(self._items[current])
        self.tree.setVisible(bool(branches))
        self.hint.setVisible(not branches)
        self._update()

    def set_count(self, album_id: int, photos: int, proposals: int) -> None:
        """How many photos an album shows, and how many it proposes."""
        self._counts[album_id] = (photos, proposals)
        if album_id in self._items:
            self._filling = True
            self._name(album_id)
            self._filling = False

    def select(self, album_id: int | None) -> None:
        """Mark an album as the one that is shown; None for none."""
        if album_id in self._items:
            self.tree.setCurrentItem(self._items[album_id])
        elif album_id is None:
            self.tree.setCurrentIndex(QModelIndex())

    @property
    def names(self) -> dict[str, int]:
        """Ids of what is listed, by name."""
        return {branch.album.name: album_id for album_id, branch in self._branches.items()}

    def current(self) -> int | None:
        """Id of the chosen album."""
        item = self.tree.currentItem()
        return None if item is None else int(item.data(0, _ID))

    def row_text(self, album_id: int) -> str:
        """How an album is listed."""
        return self._items[album_id].text(0)

    def _name(self, album_id: int) -> None:
        """The text is the name alone, because it is edited in place; numbers are in the tool tip and read aloud."""
        item, branch = self._items[album_id], self._branches[album_id]
        photos, proposals = self._counts.get(album_id, (len(branch.yes), 0))
        one, many = self.tr("1 foto"), self.tr("{n} fotos").format(n=number(photos, self._language))
        words = one if photos == 1 else many
        if proposals:
            some = self.tr("1 propuesta") if proposals == 1 else self.tr("{n} propuestas")
            words += " · " + some.format(n=number(proposals, self._language))
        item.setText(0, branch.album.name)
        item.setToolTip(0, f"{branch.path}\n{words}")
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{branch.album.name}, {words}")
        item.setIcon(0, self._theme.icon("album", "accent" if proposals else "muted"))

    # What the person does -----------------------------------------------------------------------------------------

    def make_menu(self) -> QMenu:
        """The menu of the chosen album."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in (self.inside, self.rename, self.move_to, self.remove):
            if action is self.remove:
                menu.addSeparator()
            menu.addAction(action)
        return menu

    @Slot(QPoint)
    def _menu_at(self, place: QPoint) -> None:
        if self.tree.itemAt(place) is not None or self.tree.currentItem() is not None:
            self.make_menu().popup(self.tree.viewport().mapToGlobal(place))

    @Slot()
    def _menu_below(self) -> None:
        self.make_menu().popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    @Slot(QTreeWidgetItem)
    def _open(self, item: QTreeWidgetItem) -> None:
        self.chosen.emit(item.data(0, _ID))

    @Slot(QTreeWidgetItem)
    def _edited(self, item: QTreeWidgetItem) -> None:
        album_id = item.data(0, _ID)
        if self._filling or album_id not in self._branches:
            return
        typed, name = item.text(0), self._branches[album_id].album.name
        self._filling = True
        item.setText(0, name)  # until the catalogue says that it is called otherwise
        self._filling = False
        if typed != name:
            self.renamed.emit(album_id, typed)

    @Slot()
    def _create(self) -> None:
        self.create_wanted.emit(None)

    @Slot()
    def _create_inside(self) -> None:
        self.create_wanted.emit(self.current())

    @Slot()
    def _rename(self) -> None:
        if (item := self.tree.currentItem()) is not None:
            self.tree.editItem(item)

    @Slot()
    def _move(self) -> None:
        self.move_wanted.emit(self.current())

    @Slot()
    def _remove(self) -> None:
        self.remove_wanted.emit(self.current())

    @Slot()
    def _update(self) -> None:
        has_one = self.tree.currentItem() is not None
        for control in (self.inside, self.rename, self.move_to, self.remove, self.more):
            control.setEnabled(has_one)

    @Slot()
    def _paint_icons(self) -> None:
        self.add.setIcon(self._theme.icon("album-add"))
        self.more.setIcon(self._theme.icon("more", "muted"))
        for action, icon in ((self.inside, "album-add"), (self.move_to, "right"), (self.remove, "close")):
            action.setIcon(self._theme.icon(icon))
        for album_id in self._items:
            self._name(album_id)
