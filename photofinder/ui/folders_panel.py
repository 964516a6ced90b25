"""The folders of the catalogue, each with its state, and what can be done with one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from photofinder.library.catalog import Counts, Folder
from photofinder.messages import number, shown_path
from photofinder.ui.folder_row import ROW_ROLE, FolderRow, FolderRowDelegate
from photofinder.ui.index_lane import Phase, Progress
from photofinder.ui.plain_text import plain_tip
from photofinder.ui.theme import Theme

WIDTH = 236
_NOTHING = Counts(0, 0, 0, 0)


class FoldersPanel(QFrame):
    """Lists folders by name and state, path in the tool tip; a menu for the one that is chosen."""

    add_wanted = Signal()
    remove_wanted = Signal(object)
    """A ``Folder``, as in the others."""
    show_wanted = Signal(object)
    analyse_wanted = Signal(object)
    exclude_wanted = Signal(object)
    move_wanted = Signal(object)
    failures_wanted = Signal(object)

    def __init__(self, theme: Theme, language: str = "es", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("foldersPanel")
        self.setFixedWidth(WIDTH)
        self._theme = theme
        self._language = language
        self._folders: tuple[Folder, ...] = ()
        self._counts: Mapping[int, Counts] = {}
        self._silent: frozenset[int] = frozenset()
        self._progress: Progress | None = None
        self._unseen: set[int] = set()
        title = QLabel(self.tr("Carpetas"))
        title.setObjectName("panelTitle")
        self.list = QListWidget()
        self.list.setObjectName("folders")
        self.list.setAccessibleName(self.tr("Carpetas del catálogo"))
        self.list.setToolTip(self.tr("Tecla de menú o clic derecho: qué se puede hacer con la carpeta"))
        self.list.setItemDelegate(FolderRowDelegate(theme))
        self.list.setMouseTracking(True)
        self.list.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._menu_at)
        self.list.currentRowChanged.connect(self._chosen)
        self.add = QPushButton(" " + self.tr("Añadir carpeta…"))
        self.add.setToolTip(self.tr("Añadir otra carpeta de fotos"))
        self.add.clicked.connect(self.add_wanted)
        self.more = QToolButton()
        self.more.setIconSize(QSize(18, 18))
        self.more.setAccessibleName(self.tr("Qué hacer con la carpeta elegida"))
        self.more.setToolTip(self.tr("Qué hacer con la carpeta elegida"))
        self.more.clicked.connect(self._menu_below)
        self._make_actions()
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 12, 0)
        head.addWidget(title, 1)
        head.addWidget(self.more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 14)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self.list, 1)
        inner = QVBoxLayout()
        inner.setContentsMargins(12, 0, 12, 0)
        inner.addWidget(self.add)
        layout.addLayout(inner)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()
        self._chosen(-1)

    def add_section(self, section: QWidget) -> None:
        """Something else to choose from, below the folders."""
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addWidget(section, 1)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Show, QEvent.Type.LayoutRequest):
            buttons = self.findChildren(QPushButton)
            for button in buttons:
                button.ensurePolished()
            needed = max(button.sizeHint().width() for button in buttons) + 24
            self.setFixedWidth(max(WIDTH, needed))  # longer words, larger letters
        return super().event(event)

    def _make_actions(self) -> None:
        self.show_action = self._action(self.tr("Mostrar en el gestor de archivos"), self._show_current)
        self.analyse_action = self._action(self.tr("Analizar de nuevo"), self._analyse_current)
        self.exclude_action = self._action(self.tr("Dejar fuera…"), self._exclude_current)
        self.move_action = self._action(self.tr("Esta carpeta está ahora en…"), self._move_current)
        self.move_action.setToolTip(self.tr("Si el disco o la carpeta tiene otro nombre: no se analiza otra vez"))
        self.failures_action = self._action(self.tr("Fotos que no se pudieron leer…"), self._failures_current)
        self.remove_action = self._action(self.tr("Quitar del catálogo…"), self._remove_current)
        self.remove_action.setToolTip(self.tr("Tus fotos no se tocan"))
        self.remove_action.setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))
        for action in self.actions_of_folder():
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            self.list.addAction(action)

    def actions_of_folder(self) -> tuple[QAction, ...]:
        """What can be done with the chosen folder."""
        return (
            self.show_action, self.analyse_action, self.exclude_action, self.failures_action, self.move_action,
            self.remove_action,
        )  # fmt: skip

    @property
    def folders(self) -> tuple[Folder, ...]:
        """What is listed."""
        return self._folders

    def set_folders(self, folders: Sequence[Folder], counts: Mapping[int, Counts] | None = None) -> None:
        """List these folders, with how many photos each has."""
        self._folders = tuple(folders)
        self._counts = counts or {}
        self._fill()

    def add_folder(self, folder: Folder) -> None:
        """A folder was added: until its analysis is over, that no photo of it is known means nothing."""
        self._unseen.add(folder.id)

    def set_silent(self, folder_ids: frozenset[int]) -> None:
        """The folders whose drive neither answers nor fails, as one that was unplugged does."""
        if folder_ids != self._silent:
            self._silent = folder_ids
            self._fill()

    def show_progress(self, progress: Progress) -> None:
        """How the analysis goes."""
        self._progress = progress
        if progress.phase in (Phase.FINISHED, Phase.STOPPED, Phase.REFUSED):
            self._unseen.clear()
        self._fill()

    def counts_of(self, folder: Folder) -> Counts:
        """How many photos a folder has, as far as was told."""
        return self._counts.get(folder.id, _NOTHING)

    def current(self) -> Folder | None:
        """The selected folder."""
        row = self.list.currentRow()
        return self._folders[row] if 0 <= row < len(self._folders) else None

    def row_of(self, folder: Folder) -> FolderRow:
        """Name and state of a folder."""
        name = shown_path(folder.path.name or str(folder.path))
        counts = self.counts_of(folder)
        photos = self._photos(counts.photos)
        if folder.id in self._silent:
            state = self.tr("No responde · {photos}").format(photos=photos) if counts.photos else ""
            return FolderRow(folder, name, state or self.tr("No responde"), away=True)
        if not folder.online:
            state = self.tr("Sin conexión · {photos}").format(photos=photos) if counts.photos else ""
            return FolderRow(folder, name, state or self.tr("Sin conexión"), away=True)
        running = self._running(folder)
        if running is not None:
            return FolderRow(folder, name, *running)
        if counts.failed:
            one = self.tr("{photos} · 1 sin leer").format(photos=photos)
            many = self.tr("{photos} · {n} sin leer").format(photos=photos, n=self._number(counts.failed))
            return FolderRow(folder, name, one if counts.failed == 1 else many, warns=True)
        if folder.id in self._unseen and not counts.photos:
            return FolderRow(folder, name, self.tr("Buscando fotos…"))
        if counts.analysed < counts.photos:
            text = self.tr("Analizadas {done} de {total}")
            return FolderRow(folder, name, text.format(done=self._number(counts.analysed), total=photos))
        return FolderRow(folder, name, self.tr("{photos} · al día").format(photos=photos))

    def _running(self, folder: Folder) -> tuple[str, float | None] | None:
        """State and share of a folder that is analysed now."""
        progress = self._progress
        if progress is None or progress.quiet:
            return None
        if progress.phase is Phase.LOOKING and progress.walking == folder.path:
            return self.tr("Buscando fotos…"), None
        if progress.phase not in (Phase.ANALYSING, Phase.PAUSED):
            return None
        mine = next((one for one in progress.folders if one.folder_id == folder.id), None)
        if mine is None or mine.done >= mine.total:
            return None
        paused = progress.phase is Phase.PAUSED
        text = self.tr("En pausa · {done} de {total}") if paused else self.tr("Analizando {done} de {total}")
        return text.format(done=self._number(mine.done), total=self._number(mine.total)), mine.done / mine.total

    def _photos(self, count: int) -> str:
        return self.tr("1 foto") if count == 1 else self.tr("{n} fotos").format(n=self._number(count))

    def _number(self, count: int) -> str:
        return number(count, self._language)

    def _fill(self) -> None:
        """Rows keep their place and selection while their states change, many times a minute."""
        while self.list.count() > len(self._folders):
            self.list.takeItem(self.list.count() - 1)
        for index, folder in enumerate(self._folders):
            if index == self.list.count():
                self.list.addItem(QListWidgetItem())
            item, row = self.list.item(index), self.row_of(folder)
            if item.data(ROW_ROLE) == row:
                continue
            item.setData(ROW_ROLE, row)
            item.setText(row.name)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{row.name}, {row.state}")
            item.setToolTip(plain_tip(f"{shown_path(folder.path)}\n{row.state}"))
        self._chosen(self.list.currentRow())

    @Slot(int)
    def _chosen(self, row: int) -> None:
        folder = self.current()
        online = folder is not None and folder.online
        for action in (self.show_action, self.analyse_action):
            action.setEnabled(online)
        for action in (self.exclude_action, self.move_action, self.remove_action):
            action.setEnabled(folder is not None)
        self.failures_action.setEnabled(folder is not None and self.counts_of(folder).failed > 0)
        self.more.setEnabled(folder is not None)

    @Slot()
    def _paint_icons(self) -> None:
        self.add.setIcon(self._theme.icon("folder-add"))
        self.more.setIcon(self._theme.icon("more", "muted"))
        for action, name in (
            (self.show_action, "folder"), (self.analyse_action, "refresh"), (self.exclude_action, "exclude"),
            (self.move_action, "drop"),
            (self.failures_action, "warning"), (self.remove_action, "close"),
        ):  # fmt: skip
            action.setIcon(self._theme.icon(name))
        self.list.viewport().update()

    @Slot(QPoint)
    def _menu_at(self, place: QPoint) -> None:
        """The mouse asks about the folder below it, the menu key about the chosen one."""
        item = self.list.itemAt(place) or self.list.currentItem()
        if item is not None:
            self._open_menu(self.list.viewport().mapToGlobal(place))

    @Slot()
    def _menu_below(self) -> None:
        self._open_menu(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def _open_menu(self, place: QPoint) -> None:
        menu = self.make_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def make_menu(self) -> QMenu:
        """The menu of the chosen folder."""
        menu = QMenu(self)
        for action in self.actions_of_folder():
            if action is self.remove_action:
                menu.addSeparator()
            menu.addAction(action)
        return menu

    def _action(self, text: str, slot: object) -> QAction:
        action = QAction(text, self)
        action.triggered.connect(slot)
        return action

    @Slot()
    def _show_current(self) -> None:
        self._emit(self.show_wanted)

    @Slot()
    def _analyse_current(self) -> None:
        self._emit(self.analyse_wanted)

    @Slot()
    def _exclude_current(self) -> None:
        self._emit(self.exclude_wanted)

    @Slot()
    def _move_current(self) -> None:
        self._emit(self.move_wanted)

    @Slot()
    def _failures_current(self) -> None:
        self._emit(self.failures_wanted)

    @Slot()
    def _remove_current(self) -> None:
        self._emit(self.remove_wanted)

    def _emit(self, signal: object) -> None:
        folder = self.current()
        if folder is not None:
            signal.emit(folder)  # type: ignore[attr-defined]
