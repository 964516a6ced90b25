"""The pages of the settings: how a page is laid out, the person's data, the model, and who we are."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

import photofinder
from photofinder.messages import number, shown_path
from photofinder.paths import DataPaths
from photofinder.ui import desktop
from photofinder.ui.fitting_dialog import FittingDialog
from photofinder.ui.folder_lane import DataSizes, PackInfo
from photofinder.ui.theme import app_icon


class SettingsPage(QScrollArea):
    """A title, then rows; scrolls when the window is small or the text large."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setObjectName("settingsPage")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._inner = inner = QWidget()
        inner.setObjectName("settingsInner")
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(28, 22, 28, 18)
        self.column.setSpacing(8)
        head = QLabel(title)
        head.setObjectName("emptyTitle")
        self.column.addWidget(head)
        self.column.addSpacing(8)
        self.setWidget(inner)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # A scroll area asks for the least height whatever the width: texts that wrap would be cut.
        self._inner.setMinimumHeight(self._inner.heightForWidth(self.viewport().width()))

    def add(self, widget: QWidget) -> None:
        """A control on a line of its own, as wide as it needs."""
        self.column.addSpacing(4)
        self.column.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft)

    def add_row(self, name: str, *controls: QWidget) -> None:
        """A name with its mnemonic above its control; further controls beside that."""
        label = QLabel(name)
        label.setBuddy(controls[0])
        self.column.addSpacing(8)
        self.column.addWidget(label)
        row = QHBoxLayout()
        row.setSpacing(10)
        for control in controls:
            row.addWidget(control)
        row.addStretch(1)
        self.column.addLayout(row)

    def add_note(self, text: str) -> QLabel:
        """What the control above means."""
        note = QLabel(text)
        note.setProperty("muted", True)
        note.setWordWrap(True)
        note.setTextFormat(Qt.TextFormat.PlainText)
        self.column.addWidget(note)
        self.column.addSpacing(6)
        return note

    def finish(self) -> None:
        """No more rows."""
        self.column.addStretch(1)


class DataPage(SettingsPage):
    """Where our data lives, how large it is, and how to be rid of it."""

    thumbnails_unwanted = Signal()
    everything_unwanted = Signal()

    def __init__(self, paths: DataPaths, language: str) -> None:
        super().__init__(self.tr("Tus datos"))
        self._paths = paths
        self._language = language
        self.wipe_dialog: WipeDialog | None = None
        self.add_note(self.tr("Todo está en este ordenador. Tus fotos se quedan en sus carpetas y nunca se cambian."))
        self.sizes: dict[str, QLabel] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(2, 1)
        for row, (key, name) in enumerate(
            (
                ("catalog", self.tr("Catálogo")),
                ("thumbnails", self.tr("Miniaturas")),
                ("neighbors", self.tr("Índice, para buscar deprisa")),
            )
        ):
            size = QLabel("…")
            size.setAlignment(Qt.AlignmentFlag.AlignRight)
            self.sizes[key] = size
            grid.addWidget(QLabel(name), row, 0)
            grid.addWidget(size, row, 1)
        self.column.addLayout(grid)
        self.column.addSpacing(6)
        where = self.add_note(shown_path(paths.data))
        where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.open = self._button(self.tr("A&brir la carpeta"))
        self.open.clicked.connect(self._open)
        self.add(self.open)
        self.column.addSpacing(14)
        self.thumbnails = self._button(self.tr("Borrar las &miniaturas"))
        self.thumbnails.clicked.connect(self._clear_thumbnails)
        self.add(self.thumbnails)
        self.add_note(self.tr("Se hacen de nuevo cuando se ven las fotos."))
        self.everything = self._button(self.tr("Borrar &todos los datos…"))
        self.everything.setProperty("danger", True)
        self.everything.clicked.connect(self._ask)
        self.add(self.everything)
        self.add_note(self.tr("PhotoFinder olvida todo y empieza como el primer día. Tus fotos no se tocan."))
        self.finish()

    def take(self, event: object) -> None:
        """The sizes, as measured."""
        if isinstance(event, DataSizes):
            for key, label in self.sizes.items():
                label.setText(shown_bytes(getattr(event, key), self._language))

    def _button(self, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        return button

    @Slot()
    def _open(self) -> None:
        desktop.open_file(self._paths.data)

    @Slot()
    def _clear_thumbnails(self) -> None:
        self.thumbnails.setEnabled(False)
        self.thumbnails_unwanted.emit()

    @Slot()
    def _ask(self) -> None:
        self.wipe_dialog = WipeDialog(self)
        self.wipe_dialog.accepted.connect(self.everything_unwanted)
        self.wipe_dialog.open()


class WipeDialog(FittingDialog):
    """Says what goes and what stays, and wants the word typed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Borrar todos los datos"))
        self.setMinimumWidth(480)
        self.word = self.tr("BORRAR")
        title = QLabel(self.tr("¿Borrar todo lo que PhotoFinder sabe?"))
        title.setObjectName("emptyTitle")
        title.setWordWrap(True)
        gone = QLabel(
            self.tr(
                "Se borran el catálogo con lo analizado y tus favoritas, las miniaturas, los vecinos, las búsquedas"
                " guardadas y los ajustes. No se puede deshacer."
            )
        )
        gone.setWordWrap(True)
        stays = QLabel(self.tr("Tus fotos se quedan donde están, sin cambios."))
        stays.setWordWrap(True)
        label = QLabel(self.tr("Para seguir, &escribe {word}:").format(word=self.word))
        label.setWordWrap(True)
        self.edit = QLineEdit()
        self.edit.setAccessibleName(self.tr("Escribe {word} para seguir").format(word=self.word))
        self.edit.textChanged.connect(self._typed)
        label.setBuddy(self.edit)
        self.confirm = QPushButton(self.tr("Borrar &todo"))
        self.confirm.setProperty("danger", True)
        self.confirm.setEnabled(False)
        self.confirm.setAutoDefault(False)
        self.confirm.clicked.connect(self.accept)
        cancel = QPushButton(self.tr("&Cancelar"))
        cancel.setDefault(True)
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.confirm)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 22, 24, 18)
        layout.setSpacing(12)
        for widget in (title, gone, stays, label, self.edit):
            layout.addWidget(widget)
        layout.addSpacing(6)
        layout.addLayout(buttons)

    @Slot(str)
    def _typed(self, text: str) -> None:
        self.confirm.setEnabled(text.strip().casefold() == self.word.casefold())


class ModelPage(SettingsPage):
    """Which pack answers, and what its card says."""

    def __init__(self, language: str) -> None:
        super().__init__(self.tr("Modelo"))
        self._language = language
        self.add_note(self.tr("Lo que PhotoFinder ha aprendido para reconocer fotos y frases."))
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(20)
        self.grid.setVerticalSpacing(10)
        self.grid.setColumnStretch(1, 1)
        self.column.addLayout(self.grid)
        self.finish()

    def take(self, event: object) -> None:
        """The pack, once it is loaded."""
        if not isinstance(event, PackInfo) or self.grid.count():
            return
        rows = [(self.tr("Nombre"), event.name), (self.tr("Huella"), event.fingerprint[:12])]
        names = {
            "date": self.tr("Fecha"),
            "figures": self.tr("Medidas"),
            "licence": self.tr("Licencia"),
            "data": self.tr("Aprendido de"),
            "recipe": self.tr("Cómo"),
        }
        card = dict(event.card)
        translated = card.get(self._language)  # cards are written in English, and may say the same in other languages
        card.update(translated if isinstance(translated, Mapping) else {})
        rows += [(names[key], self._said(card[key])) for key in names if key in card]
        for row, (name, text) in enumerate(rows):
            label, words = QLabel(name), QLabel(text)
            label.setProperty("muted", True)
            words.setTextFormat(Qt.TextFormat.PlainText)
            words.setWordWrap(True)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            self.grid.addWidget(words, row, 1)

    def _said(self, value: object) -> str:
        """What a card holds, as text: figures may be nested."""
        if isinstance(value, Mapping):
            return "\n".join(f"{key}: {self._said(part)}" for key, part in value.items())
        if isinstance(value, float):
            return number(value, self._language, 1)
        return str(value)


class AboutPage(SettingsPage):
    """Name, version, licence."""

    def __init__(self) -> None:
        super().__init__("PhotoFinder")
        icon = QLabel()
        icon.setPixmap(app_icon().pixmap(64, 64))
        self.column.addWidget(icon)
        self.add_note(self.tr("Versión {version}").format(version=photofinder.__version__))
        self.add_note(self.tr("Encuentra tus fotos pidiéndolas en español. Todo ocurre en este ordenador."))
        self.add_note(self.tr("Programa libre, con licencia Apache 2.0."))
        self.finish()


def shown_bytes(size: int, language: str) -> str:
    """A size as people say it: «12 KB», «3,4 MB»."""
    if size < 1000:
        return f"{number(size, language)} B"
    value = size / 1000
    for unit in ("KB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            return f"{number(value, language, 0 if unit == 'KB' or value >= 100 else 1)} {unit}"
        value /= 1000
    raise AssertionError("unreachable")
