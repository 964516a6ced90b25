"""What is known of the photo in the preview, in words: date, camera, exposure, place, file, folder."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from photofinder.library.catalog import Photo
from photofinder.library.images import PhotoInfo
from photofinder.library.places import Places
from photofinder.messages import SPANISH, reason_sentence, shown_path
from photofinder.ui import photo_facts
from photofinder.ui.theme import Theme

WIDTH = 304


class PhotoInfoPanel(QScrollArea):
    """Beside the photo. What is worth copying can be selected; the path has its own command (Ctrl+Shift+C)."""

    folder_wanted = Signal()

    def __init__(self, theme: Theme, language: str) -> None:
        super().__init__()
        self.setObjectName("photoInfo")
        self.setAccessibleName(self.tr("Información de la foto"))
        self._language = language
        self._places = Places()
        self._position = ""
        self.setFixedWidth(WIDTH)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        inside.setObjectName("photoInfoInside")
        self._layout = QVBoxLayout(inside)
        self._layout.setContentsMargins(20, 18, 20, 18)
        self._layout.setSpacing(3)
        self._name = self._line("infoName", selectable=False)
        self._layout.addWidget(self._name)
        self._rows = {
            "date": self._row(self.tr("Fecha")),
            "camera": self._row(self.tr("Cámara")),
            "place": self._row(self.tr("Lugar")),
            "file": self._row(self.tr("Archivo")),
            "folder": self._row(self.tr("Carpeta"), selectable=False),
        }
        self._copy_place = self._button(theme, "copy", self.tr("Copiar las coordenadas"))
        self._copy_place.clicked.connect(self._copy_place_clicked)
        self._beside("place", self._copy_place)
        self._open_folder = QToolButton()
        self._open_folder.setText(self.tr("Mostrar en la carpeta"))
        self._open_folder.setIcon(theme.icon("folder", "#ffffff"))
        self._open_folder.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._open_folder.setToolTip(self.tr("Mostrar en la carpeta (Ctrl+Mayús+O)"))
        self._open_folder.setAccessibleName(self.tr("Mostrar en la carpeta"))
        self._open_folder.clicked.connect(self.folder_wanted)
        self._layout.addSpacing(8)
        self._layout.addWidget(self._open_folder, 0, Qt.AlignmentFlag.AlignLeft)
        self._layout.addStretch(1)
        self.setWidget(inside)
        self.clear()

    @property
    def text(self) -> str:
        """All that is shown, a line each."""
        labels = [self._name, *(label for row in self._rows.values() for label in row)]
        return "\n".join(label.text() for label in labels if not label.isHidden() and label.text())

    def clear(self) -> None:
        """Nothing is known."""
        self._name.clear()
        for name in self._rows:
            self._fill(name, "")
        self._copy_place.hide()
        self._open_folder.setEnabled(False)

    def set_places(self, places: Places) -> None:
        """Where photos were taken, for the next photo that is shown."""
        self._places = places

    def show_photo(self, photo: Photo, info: PhotoInfo | None) -> None:
        """``info``: what the file itself says, once it was read; until then what the catalogue knows."""
        language = self._language
        self._name.setText(_breakable(shown_path(photo.path.name)))
        date = photo_facts.date_words(photo, language)
        if photo_facts.date_is_of_the_file(photo):
            date = self.tr("{date} (fecha del archivo)").format(date=date)
        self._fill("date", date)
        camera = [photo.camera or (info.camera if info else None)]
        if info is not None:
            camera += [info.exposure.lens, photo_facts.exposure_words(info.exposure, language)]
        self._fill("camera", "\n".join(line for line in camera if line))
        lat, lon = (photo.lat, photo.lon) if photo.lat is not None else (info.lat, info.lon) if info else (None, None)
        has_place = lat is not None and lon is not None
        self._position = photo_facts.place_words(lat, lon) if lat is not None and lon is not None else ""
        area = self._places.areas.get(photo.area_id) if photo.area_id is not None else None
        names = self._places.words(area, language == SPANISH) if area is not None else ""
        self._fill("place", "\n".join(line for line in (names, self._position) if line))
        self._copy_place.setVisible(has_place)
        width, height = (info.width, info.height) if info else (photo.width, photo.height)
        facts = [photo_facts.dimension_words(width, height, language)] if width and height else []
        facts.append(f"{photo_facts.size_words(photo.size, language)} · {photo_facts.type_words(photo)}")
        if photo.error is not None:
            facts.append(reason_sentence(photo.error, language))
        self._fill("file", "\n".join(facts))
        self._fill("folder", _breakable(shown_path(photo.path.parent)))
        self._open_folder.setEnabled(True)

    @Slot()
    def _copy_place_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._position)

    def _fill(self, name: str, text: str) -> None:
        caption, value = self._rows[name]
        value.setText(text)
        caption.setVisible(bool(text))
        value.setVisible(bool(text))

    def _row(self, caption: str, *, selectable: bool = True) -> tuple[QLabel, QLabel]:
        title, value = QLabel(caption), self._line("infoValue", selectable=selectable)
        title.setObjectName("infoCaption")
        title.setIndent(0)
        value.setAccessibleName(caption)
        self._layout.addWidget(title)
        self._layout.addWidget(value)
        return title, value

    def _beside(self, name: str, button: QToolButton) -> None:
        value = self._rows[name][1]
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        at = self._layout.indexOf(value)
        self._layout.takeAt(at)
        row.addWidget(value, 1)
        row.addWidget(button)
        self._layout.insertLayout(at, row)

    def _line(self, name: str, *, selectable: bool) -> QLabel:
        label = QLabel()
        label.setObjectName(name)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        if selectable:
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        return label

    def _button(self, theme: Theme, icon: str, label: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(theme.icon(icon, "#ffffff"))
        button.setIconSize(QSize(16, 16))
        button.setToolTip(label)
        button.setAccessibleName(label)
        return button


def _breakable(text: str) -> str:
    """A long name or path that can go on in the next line: after separators an invisible break."""
    for separator in ("/", "\\", "_", "-"):
        text = text.replace(separator, separator + "\u200b")
    return text
