"""The star of the search bar: keep a search under a name, find it again, rename or remove it, forget the history."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from photofinder.ui.listed_keys import listed_key
from photofinder.ui.plain_text import plain_tip
from photofinder.ui.theme import Theme

MAX_NAME = 80
_SHOWN = 20


class SearchesMenu(QObject):
    """Opens under the star. It knows names only; what they stand for is kept elsewhere."""

    opening = Signal()
    """Time for ``set_search``."""
    save_wanted = Signal(str)
    """The search of the bar, under this name."""
    chosen = Signal(str)
    renamed = Signal(str, str)
    removed = Signal(str)
    history_unwanted = Signal()

    def __init__(self, theme: Theme, button: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._button = button
        self._over = parent
        self._names: tuple[str, ...] = ()
        self._proposal = ""
        self._has_history = False
        self.menu: QMenu | None = None
        self.dialog: QDialog | None = None
        listed_key(parent, "Ctrl+D", self.open, self.tr("Búsquedas guardadas"))

    def set_names(self, names: Sequence[str]) -> None:
        """What is saved, in the order it is listed."""
        self._names = tuple(names)
        if isinstance(self.dialog, SavedDialog):
            self.dialog.set_names(self._names)

    def set_search(self, proposal: str, *, has_history: bool) -> None:
        """The name to propose for the search of the bar (empty when there is nothing to save)."""
        self._proposal = proposal
        self._has_history = has_history

    @Slot()
    def open(self) -> None:
        """Show the menu."""
        if not self._button.isVisible():
            return
        self.opening.emit()
        menu = QMenu(self._over)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        save = menu.addAction(self._theme.icon("star"), self.tr("Guardar esta búsqueda…"))
        save.setEnabled(bool(self._proposal))
        save.setToolTip(self.tr("Se guardan las palabras y los filtros; las fotos, no."))
        save.triggered.connect(self.ask_name)
        menu.addSeparator()
        for name in self._names[:_SHOWN]:
            action = menu.addAction(self._theme.icon("star-filled", "accent"), name.replace("&", "&&"))
            action.setToolTip(plain_tip(name))
            action.triggered.connect(partial(self.chosen.emit, name))
        if self._names:
            menu.addAction(self.tr("Cambiar o quitar búsquedas…")).triggered.connect(self.manage)
        else:
            nothing = menu.addAction(self.tr("Aún no has guardado ninguna"))
            nothing.setEnabled(False)
        menu.addSeparator()
        forget = menu.addAction(self._theme.icon("history"), self.tr("Borrar el historial de búsquedas"))
        forget.setEnabled(self._has_history)
        forget.triggered.connect(self.history_unwanted)
        self.menu = menu
        menu.destroyed.connect(self._menu_gone)
        menu.popup(self._button.mapToGlobal(QPoint(0, self._button.height() + 6)))

    @Slot()
    def ask_name(self) -> None:
        """Ask under which name the search is kept."""
        dialog = QInputDialog(self._over)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(self.tr("Guardar la búsqueda"))
        dialog.setLabelText(self.tr("Nombre de la búsqueda:"))
        dialog.setTextValue(self._proposal[:MAX_NAME])
        dialog.setOkButtonText(self.tr("Guardar"))
        dialog.setCancelButtonText(self.tr("Cancelar"))
        dialog.textValueSelected.connect(self._named)
        self._keep(dialog)
        dialog.open()
        line = dialog.findChild(QLineEdit)
        if line is not None:
            line.setMaxLength(MAX_NAME)
            line.selectAll()

    @Slot()
    def manage(self) -> None:
        """Show the list in which searches are renamed and removed."""
        dialog = SavedDialog(self._names, self._over)
        dialog.renamed.connect(self.renamed)
        dialog.removed.connect(self.removed)
        self._keep(dialog)
        dialog.open()

    def _keep(self, dialog: QDialog) -> None:
        self.dialog = dialog
        dialog.destroyed.connect(self._dialog_gone)

    @Slot(str)
    def _named(self, name: str) -> None:
        if name := " ".join(name.split()):
            self.save_wanted.emit(name)

    @Slot()
    def _menu_gone(self) -> None:
        self.menu = None

    @Slot()
    def _dialog_gone(self) -> None:
        self.dialog = None


class SavedDialog(QDialog):
    """The saved searches; F2 renames, Delete removes."""

    renamed = Signal(str, str)
    removed = Signal(str)
    _typed = Signal(str, str)

    def __init__(self, names: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Búsquedas guardadas"))
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Búsquedas guardadas"))
        self.list.itemChanged.connect(self._edited)
        self._typed.connect(self._finish, Qt.ConnectionType.QueuedConnection)  # the list is in the middle of editing
        self.list.currentRowChanged.connect(self._update)
        hint = QLabel(self.tr("Quitar una búsqueda no toca ninguna foto."))
        hint.setProperty("muted", True)
        self.rename = QPushButton(self.tr("Cambiar el nombre"))
        self.rename.setToolTip(self.tr("Cambiar el nombre (F2)"))
        self.rename.clicked.connect(self._rename)
        self.remove = QPushButton(self.tr("Quitar"))
        self.remove.setToolTip(self.tr("Quitar (Supr)"))
        self.remove.clicked.connect(self._remove)
        for keys, slot in (("Del", self._remove), ("F2", self._rename)):
            shortcut = QShortcut(QKeySequence(keys), self.list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(slot)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        row = QHBoxLayout()
        row.addWidget(self.rename)
        row.addWidget(self.remove)
        row.addStretch(1)
        row.addWidget(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 18, 18, 18)
        layout.setSpacing(10)
        layout.addWidget(self.list, 1)
        layout.addWidget(hint)
        layout.addLayout(row)
        self.resize(460, 340)
        self._names: list[str] = []
        self.set_names(names)

    def set_names(self, names: Sequence[str]) -> None:
        """List these; the place in the list stays."""
        row = max(self.list.currentRow(), 0)
        self.list.blockSignals(True)
        self.list.clear()
        self._names = list(names)
        for name in names:
            item = QListWidgetItem(name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            self.list.addItem(item)
        self.list.setCurrentRow(min(row, len(names) - 1))
        self.list.blockSignals(False)
        self._update()

    @Slot()
    def _update(self) -> None:
        for button in (self.rename, self.remove):
            button.setEnabled(self.list.currentRow() >= 0)

    @Slot()
    def _rename(self) -> None:
        if (item := self.list.currentItem()) is not None:
            self.list.editItem(item)

    @Slot()
    def _remove(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._names):
            self.removed.emit(self._names[row])

    @Slot(QListWidgetItem)
    def _edited(self, item: QListWidgetItem) -> None:
        old, new = self._names[self.list.row(item)], " ".join(item.text().split())[:MAX_NAME]
        self._typed.emit(old, new if new and new not in self._names else old)

    @Slot(str, str)
    def _finish(self, old: str, new: str) -> None:
        if new != old:
            self.renamed.emit(old, new)
        else:
            self.set_names(self._names)
