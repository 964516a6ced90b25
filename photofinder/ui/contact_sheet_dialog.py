"""How a contact sheet is to look, with its first page beside."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, QStandardPaths, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from photofinder.messages import counted, shown_path
from photofinder.ui import photo_facts
from photofinder.ui.contact_sheet import FEWEST, MOST, SheetEntry, SheetPlan, lay_out, paint_page
from photofinder.ui.fitting_dialog import FittingDialog
from photofinder.ui.photo_model import PhotoModel

_LONGEST_TITLE = 120


class ContactSheetDialog(FittingDialog):
    """Asks for title, columns, paper, captions and file."""

    wanted = Signal(object, object, object)
    """Photo ids, a ``SheetPlan`` and the path of the file to make."""

    def __init__(
        self, photo_ids: tuple[int, ...], title: str, model: PhotoModel, language: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Hoja de contactos"))
        self._ids = photo_ids
        self._language = language
        self.title = QLineEdit(title)
        self.title.setMaxLength(_LONGEST_TITLE)
        self.title.setPlaceholderText(self.tr("Sin título"))
        self.columns = QSpinBox()
        self.columns.setRange(FEWEST, MOST)
        self.columns.setValue(4)
        self.columns.lineEdit().setTextMargins(11, 0, 0, 0)  # in line with the other fields
        self.paper = QComboBox()
        self.paper.addItems([self.tr("A4 vertical"), self.tr("A4 horizontal")])
        self.format = QComboBox()
        self.format.addItems([self.tr("PDF, para imprimir o enviar"), self.tr("PNG, una imagen por página")])
        self.names = QCheckBox(self.tr("Nombre de la foto"))
        self.dates = QCheckBox(self.tr("Fecha"))
        self.names.setChecked(True)
        self.dates.setChecked(True)
        self._count = QLabel()
        self._count.setProperty("muted", True)
        self.page = _Page(photo_ids, model, language)
        self.buttons = QDialogButtonBox()
        self.save_button = self.buttons.addButton(self.tr("Guardar…"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.save_button.setProperty("primary", True)
        self.buttons.addButton(self.tr("Cancelar"), QDialogButtonBox.ButtonRole.RejectRole)
        self._lay_out()
        self.buttons.accepted.connect(self._ask_where)
        self.buttons.rejected.connect(self.reject)
        self.title.textChanged.connect(self._update)
        self.columns.valueChanged.connect(self._update)
        self.paper.currentIndexChanged.connect(self._update)
        self.names.toggled.connect(self._update)
        self.dates.toggled.connect(self._update)
        self._update()

    @property
    def plan(self) -> SheetPlan:
        """What is chosen now."""
        return SheetPlan(
            title=" ".join(self.title.text().split()),
            columns=self.columns.value(),
            landscape=self.paper.currentIndex() == 1,
            show_name=self.names.isChecked(),
            show_date=self.dates.isChecked(),
        )

    @property
    def summary(self) -> str:
        """«40 fotos en 2 páginas»."""
        return self._count.text()

    def make(self, path: Path) -> None:
        """Ask for the sheet at ``path`` and close."""
        suffix = ".png" if self.format.currentIndex() == 1 else ".pdf"
        if path.suffix.lower() != suffix:
            path = path.with_name(path.name + suffix)
        self.wanted.emit(self._ids, self.plan, path)
        self.accept()

    @Slot()
    def _ask_where(self) -> None:
        is_png = self.format.currentIndex() == 1
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = self.plan.title or self.tr("Hoja de contactos")
        name = "".join(" " if character in '<>:"/\\|?*«»“”' else character for character in name).strip()[:80]
        suffix = "png" if is_png else "pdf"
        dialog = QFileDialog(self, self.tr("Guardar la hoja de contactos"), folder)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(self.tr("Imagen PNG (*.png)") if is_png else self.tr("Documento PDF (*.pdf)"))
        dialog.setDefaultSuffix(suffix)
        dialog.selectFile(f"{name}.{suffix}")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._file_chosen)
        dialog.open()

    @Slot(str)
    def _file_chosen(self, path: str) -> None:
        self.make(Path(path))

    @Slot()
    def _update(self) -> None:
        plan = self.plan
        photos = counted(len(self._ids), self.tr("foto"), self.tr("fotos"), self._language)
        pages = counted(lay_out(plan).pages(len(self._ids)), self.tr("página"), self.tr("páginas"), self._language)
        self._count.setText(self.tr("{photos} en {pages}").format(photos=photos, pages=pages))
        self.page.show_plan(plan)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(12)
        form.setHorizontalSpacing(14)
        for label, field in (
            (self.tr("&Título"), self.title),
            (self.tr("&Columnas"), self.columns),
            (self.tr("&Papel"), self.paper),
            (self.tr("&Archivo"), self.format),
        ):
            form.addRow(label, field)
            field.setAccessibleName(label.replace("&", ""))
        captions = QVBoxLayout()
        captions.addWidget(self.names)
        captions.addWidget(self.dates)
        form.addRow(self.tr("Al pie"), captions)
        form.addRow("", self._count)
        left = QVBoxLayout()
        left.addLayout(form)
        left.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(24)
        columns.addLayout(left, 1)
        columns.addWidget(self.page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 20, 22, 18)
        layout.setSpacing(18)
        layout.addLayout(columns)
        layout.addWidget(self.buttons)


class _Page(QWidget):
    """The first page, small, with the thumbnails that are here already."""

    def __init__(self, photo_ids: tuple[int, ...], model: PhotoModel, language: str) -> None:
        super().__init__()
        self.setFixedSize(QSize(330, 330))
        self.setAccessibleName(self.tr("Vista previa de la hoja"))
        self._ids = photo_ids
        self._model = model
        self._language = language
        self._plan = SheetPlan()
        model.dataChanged.connect(self._thumbnail_came)

    @Slot()
    def _thumbnail_came(self) -> None:
        self.update()

    def show_plan(self, plan: SheetPlan) -> None:
        """Another choice."""
        self._plan = plan
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        layout = lay_out(self._plan)
        page = self._plan.page
        scale = min(self.width() / page.width(), self.height() / page.height())
        painter = QPainter(self)
        painter.translate((self.width() - page.width() * scale) / 2, (self.height() - page.height() * scale) / 2)
        painter.fillRect(0, 0, round(page.width() * scale), round(page.height() * scale), QColor("white"))
        painter.setPen(QColor("#c9cbd4"))
        painter.drawRect(0, 0, round(page.width() * scale) - 1, round(page.height() * scale) - 1)
        ids = self._ids[: layout.per_page]
        pages = layout.pages(len(self._ids))
        number = f"1 / {pages}" if pages > 1 else ""
        paint_page(painter, layout, [self._entry(i) for i in ids], lambda at: self._picture(ids[at]), number, scale)
        painter.end()

    def _entry(self, photo_id: int) -> SheetEntry:
        photo = self._model.photo_of(photo_id)
        if photo is None:
            return SheetEntry()
        return SheetEntry(shown_path(photo.path.name), photo_facts.short_date_words(photo, self._language))

    def _picture(self, photo_id: int) -> QImage | None:
        pixmap = self._model.thumbnail_of(photo_id)
        row = self._model.row_of(photo_id)
        if pixmap is None and row is not None:
            self._model.index(row).data(Qt.ItemDataRole.DecorationRole)  # asks for it: painted when it comes
        return None if pixmap is None else pixmap.toImage()
