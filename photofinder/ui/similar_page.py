"""The page «Parecidos» of the settings: by what, and by which distance, photos are compared with photos."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from photofinder.consent import Consent
from photofinder.errors import DownloadFailed
from photofinder.messages import number, sentence
from photofinder.model.descriptors import COSINE, L1, L2, Descriptor, all_descriptors
from photofinder.settings import Settings
from photofinder.ui.descriptor_lane import DescriptorState, DescriptorStates, Fetched, Fetching
from photofinder.ui.fitting_dialog import FittingDialog
from photofinder.ui.settings_pages import SettingsPage, shown_bytes


class SimilarPage(SettingsPage):
    """A choice, its distance, and what it takes: weights to fetch, vectors to compute, room on the disk."""

    chosen = Signal(str, str)
    """Name of the descriptor (empty: the features of the model) and the distance."""
    fetch_wanted = Signal(object, object, object)
    """A ``Descriptor``, and either a ``Consent`` or the path of a file."""
    end_wanted = Signal()
    removal_wanted = Signal(object)
    """The ``Descriptor`` to be removed."""

    def __init__(self, settings: Settings, language: str) -> None:
        super().__init__(self.tr("Parecidos"))
        self._language = language
        self._states: dict[str, DescriptorState] = {}
        self._serial = 0
        self._trouble = ""
        self.question: Question | None = None
        self.add_note(
            self.tr(
                "Cómo se comparan fotos con fotos, en «Más como esta» y al buscar con una foto."
                " Las palabras no cambian."
            )
        )
        self.descriptor = self._combo([(self.tr("El modelo incluido"), "")])
        for one in all_descriptors():
            self.descriptor.addItem(one.title, one.name)
        self.descriptor.setCurrentIndex(max(0, self.descriptor.findData(settings.descriptor)))
        self.distance = self._combo(
            [
                (self.tr("Coseno"), COSINE),
                (self.tr("L1, suma de diferencias"), L1),
                (self.tr("L2, en línea recta"), L2),
            ]
        )
        self.distance.setCurrentIndex(max(0, self.distance.findData(settings.distance)))
        self.add_row(self.tr("Co&mparar con"), self.descriptor)
        self.add_row(self.tr("&Distancia"), self.distance)
        self.state = self.add_note("")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Avance de la descarga"))
        self.column.addWidget(self.bar)
        self.download = self._button(self.tr("Descar&gar los pesos…"))
        self.own_file = self._button(self.tr("Usar un &archivo mío…"))
        self.end = self._button(self.tr("Ca&ncelar la descarga"))
        self.remove = self._button(self.tr("&Quitar…"))
        row = QHBoxLayout()
        row.setSpacing(10)
        for button in (self.download, self.own_file, self.end, self.remove):
            row.addWidget(button)
        row.addStretch(1)
        self.column.addLayout(row)
        self.add_note(
            self.tr(
                "Los pesos son los oficiales de cada red. Sin conexión, o mientras no estén, sigue el modelo incluido."
            )
        )
        self.finish()
        self.descriptor.currentIndexChanged.connect(self._turned)
        self.distance.currentIndexChanged.connect(self._turned)
        self.download.clicked.connect(self._ask)
        self.own_file.clicked.connect(self._pick)
        self.end.clicked.connect(self._end)
        self.remove.clicked.connect(self._ask_removal)
        self._show()

    def follow(self, serial: int) -> None:
        """A fetch began; only what is told of this one counts."""
        self._serial, self._trouble = serial, ""
        self.bar.setRange(0, 0)
        self._show()
        self.state.setText(self.tr("Conectando…"))

    def take(self, event: object) -> None:
        """What the lane of the descriptors says."""
        if isinstance(event, DescriptorStates):
            self._states = {state.descriptor.name: state for state in event.states}
            if not self._serial:
                self._show()
        elif isinstance(event, Fetching) and event.serial == self._serial:
            self._show_fetching(event)
        elif isinstance(event, Fetched) and event.serial == self._serial:
            self._serial = 0
            self._trouble = "" if event.error is None else self._said(event.error)
            self._show()

    def choose_bundled(self) -> None:
        """Back to the features of the model, as when what was chosen is removed."""
        self.descriptor.setCurrentIndex(0)

    @property
    def _chosen(self) -> Descriptor | None:
        name = self.descriptor.currentData()
        return next((one for one in all_descriptors() if one.name == name), None)

    def _show(self) -> None:
        """What the choice needs, and what can be done about it."""
        one, fetching = self._chosen, bool(self._serial)
        state = None if one is None else self._states.get(one.name)
        ready = state is not None and state.ready
        self.bar.setVisible(fetching)
        self.end.setVisible(fetching)
        self.download.setVisible(state is not None and not ready and not fetching)
        self.own_file.setVisible(state is not None and not ready and not fetching)
        self.remove.setVisible(ready and not fetching)
        self.descriptor.setEnabled(not fetching)
        self.distance.setEnabled(one is not None)
        words = "" if one is None or state is None else self._words(one, state)
        self.state.setText(self._trouble or words)
        self.state.setVisible(one is not None)

    def _words(self, one: Descriptor, state: DescriptorState) -> str:
        if not state.ready:
            text = self.tr("Faltan sus pesos: {file}, {size}, de {host}.")
            return text.format(file=one.file, size=shown_bytes(one.bytes, self._language), host=one.official.host)
        text = self.tr("Calculado en {done} de {total} fotos, {size} en el disco. Se calcula solo tras cada análisis.")
        done, total = (number(count, self._language) for count in (state.described, state.photos))
        size = shown_bytes(state.described * 2 * one.dim + one.bytes, self._language)
        return text.format(done=done, total=total, size=size)

    def _show_fetching(self, event: Fetching) -> None:
        if event.checking:
            self.bar.setRange(0, 0)
            self.state.setText(self.tr("Comprobando el archivo…"))
            return
        self.bar.setRange(0, 1000)
        self.bar.setValue(round(1000 * event.done / max(1, event.total)))
        text = self.tr("Descargando: {done} de {total}")
        sizes = [shown_bytes(size, self._language) for size in (event.done, event.total)]
        self.state.setText(text.format(done=sizes[0], total=sizes[1]))

    def _said(self, error: Exception) -> str:
        if isinstance(error, DownloadFailed) and error.why in ("no_network", "not_found"):
            text = self.tr(
                "No se puede descargar de {host}; revisa la conexión o usa un archivo tuyo. Sigue el modelo incluido."
            )
            return text.format(host=error.host)
        return sentence(error, self._language)

    @Slot()
    def _turned(self) -> None:
        self._trouble = ""
        self._show()
        self.chosen.emit(self.descriptor.currentData(), self.distance.currentData())

    @Slot()
    def _ask(self) -> None:
        one = self._chosen
        if one is None:
            return
        size = shown_bytes(one.bytes, self._language)
        self.question = Question(
            self.tr("¿Descargar {size} de {host}?").format(size=size, host=one.official.host),
            self.tr(
                "{name} necesita el archivo {file}. Se descarga una vez; ni tus fotos ni tus búsquedas salen de este"
                " ordenador. Mientras tanto, y si dices que no, sigue el modelo incluido."
            ).format(name=one.title, file=one.file),
            self.tr("&Descargar"),
            self,
        )
        self.question.accepted.connect(self._download)
        self.question.open()

    @Slot()
    def _download(self) -> None:
        if (one := self._chosen) is not None:
            self.fetch_wanted.emit(one, Consent(one.official.url, one.bytes), None)

    @Slot()
    def _pick(self) -> None:
        dialog = QFileDialog(self, self.tr("Elige el archivo de pesos"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Pesos (*.pth)"), self.tr("Todos los archivos (*)")])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.use_file)
        dialog.open()

    @Slot(str)
    def use_file(self, name: str) -> None:
        """Take the weights of what is chosen from a file."""
        if (one := self._chosen) is not None:
            self.fetch_wanted.emit(one, None, Path(name))

    @Slot()
    def _end(self) -> None:
        self._serial = 0
        self._show()
        self.end_wanted.emit()

    @Slot()
    def _ask_removal(self) -> None:
        one = self._chosen
        if one is None:
            return
        self.question = Question(
            self.tr("¿Quitar {name}?").format(name=one.title),
            self.tr("Se borran sus pesos y lo calculado con él. Tus fotos no se tocan, y se puede volver a poner."),
            self.tr("&Quitar"),
            self,
        )
        self.question.accepted.connect(self._remove)
        self.question.open()

    @Slot()
    def _remove(self) -> None:
        if (one := self._chosen) is not None:
            self.choose_bundled()
            self.removal_wanted.emit(one)

    def _combo(self, items: list[tuple[str, str]]) -> QComboBox:
        combo = QComboBox()
        combo.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for text, value in items:
            combo.addItem(text, value)
        return combo

    def _button(self, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        return button


class Question(FittingDialog):
    """Yes or no, where no is what Enter and Escape mean."""

    def __init__(self, title: str, text: str, yes: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("PhotoFinder")
        self.setMinimumWidth(460)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        head, words = QLabel(title), QLabel(text)
        head.setObjectName("emptyTitle")
        for label in (head, words):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.yes = QPushButton(yes)
        self.yes.setAutoDefault(False)
        self.yes.clicked.connect(self.accept)
        self.no = QPushButton(self.tr("&No"))
        self.no.setDefault(True)
        self.no.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.no)
        buttons.addWidget(self.yes)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 22, 24, 18)
        layout.setSpacing(12)
        for label in (head, words):
            layout.addWidget(label)
        layout.addSpacing(6)
        layout.addLayout(buttons)
        self.no.setFocus()
