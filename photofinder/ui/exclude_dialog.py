"""What of a folder is left out: one pattern a line, with examples and a count that follows the typing."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from photofinder.library.catalog import Folder
from photofinder.library.excludes import patterns_of
from photofinder.messages import number, shown_path
from photofinder.ui.fitting_dialog import FittingDialog
from photofinder.ui.folder_lane import FolderLane, LeftOut

_PAUSE_MS = 150
"""After the last key, before it is counted."""


class ExcludeDialog(FittingDialog):
    """Edits the patterns of one folder; ``FolderLane`` counts."""

    chosen = Signal(object, object)
    """The ``Folder``, and its patterns (a tuple)."""

    def __init__(self, folder: Folder, lane: FolderLane, language: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Dejar fuera"))
        self.setMinimumWidth(560)
        self._folder = folder
        self._lane = lane
        self._language = language
        self._serial = 0
        name = shown_path(folder.path.name or str(folder.path))
        title = QLabel(self.tr("Qué dejar fuera de «{folder}»").format(folder=name))
        title.setObjectName("emptyTitle")
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setWordWrap(True)
        text = QLabel(self.tr("Una carpeta o un nombre en cada línea. Tus archivos no se tocan."))
        text.setProperty("muted", True)
        text.setWordWrap(True)
        self.edit = QPlainTextEdit("\n".join(folder.exclude))
        self.edit.setAccessibleName(self.tr("Qué dejar fuera, una línea para cada cosa"))
        self.edit.setPlaceholderText("Capturas\n*.png")
        self.edit.setTabChangesFocus(True)
        self.edit.setMinimumHeight(110)
        self.edit.textChanged.connect(self._typed)
        self.count = QLabel()
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        self.count.setWordWrap(True)
        self.count.setObjectName("leftOut")
        self.save = QPushButton(self.tr("&Guardar y analizar"))
        self.save.setProperty("primary", True)
        self.save.setDefault(True)
        self.save.clicked.connect(self._save)
        cancel = QPushButton(self.tr("&Cancelar"))
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 20, 22, 18)
        layout.setSpacing(12)
        layout.addWidget(title)
        layout.addWidget(text)
        layout.addWidget(self.edit, 1)
        layout.addWidget(self.count)
        layout.addWidget(self._examples())
        layout.addLayout(buttons)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._ask)
        self._ask()

    def _examples(self) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        grid = QGridLayout(card)
        grid.setContentsMargins(16, 12, 16, 12)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
        for row, (pattern, meaning) in enumerate(
            (
                ("Capturas", self.tr("toda carpeta o archivo con ese nombre")),
                ("/Trabajo", self.tr("solo la que está arriba del todo")),
                ("*.png", self.tr("todos los archivos PNG")),
                ("Viajes/*/raw", self.tr("la carpeta «raw» de cada viaje")),
            )
        ):
            example = QLabel(pattern)
            example.setStyleSheet(f"font-family: '{fixed}';")
            example.setTextFormat(Qt.TextFormat.PlainText)
            example.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            words = QLabel(meaning)
            words.setProperty("muted", True)
            words.setWordWrap(True)
            grid.addWidget(example, row, 0)
            grid.addWidget(words, row, 1)
        return card

    @property
    def patterns(self) -> tuple[str, ...]:
        """What is typed."""
        return patterns_of(self.edit.toPlainText())

    @Slot()
    def _typed(self) -> None:
        self._timer.start()

    @Slot()
    def _ask(self) -> None:
        self._serial += 1
        self._lane.count_left_out(self._serial, self._folder, self.patterns)

    @Slot(object)
    def take(self, answer: object) -> None:
        """The count, when it is that of what is typed now."""
        if not isinstance(answer, LeftOut) or answer.serial != self._serial:
            return
        left_out, photos = number(answer.left_out, self._language), number(answer.photos, self._language)
        if not self.patterns:
            text = self.tr("No se deja nada fuera.")
        elif answer.left_out == 0:
            text = self.tr("Ninguna de las {photos} fotos conocidas queda fuera.").format(photos=photos)
        elif answer.left_out == 1:
            text = self.tr("Queda fuera 1 de {photos} fotos.").format(photos=photos)
        else:
            text = self.tr("Quedan fuera {n} de {photos} fotos.").format(n=left_out, photos=photos)
        self.count.setText(text)

    @Slot()
    def _save(self) -> None:
        if self.patterns != self._folder.exclude:
            self.chosen.emit(self._folder, self.patterns)
        self.accept()
