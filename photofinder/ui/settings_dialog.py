"""What the person can choose. Every change holds at once; only another language opens the window anew."""

from __future__ import annotations

import os
from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from photofinder.paths import DataPaths
from photofinder.seasons import AUTO, NORTH, SOUTH
from photofinder.settings import Settings
from photofinder.ui.fitting_dialog import FittingDialog
from photofinder.ui.settings_pages import AboutPage, DataPage, ModelPage, SettingsPage
from photofinder.ui.similar_page import SimilarPage
from photofinder.ui.theme import DARK, LIGHT, SYSTEM

LANGUAGES = ("auto", "es", "en")
TEXT_SCALES = (100, 125, 150)


class SettingsDialog(FittingDialog):
    """Sections on the left, their choices on the right."""

    changed = Signal(object)
    """The new ``Settings``."""
    language_chosen = Signal(str)
    thumbnails_unwanted = Signal()
    everything_unwanted = Signal()
    """All data is to be deleted; it was confirmed."""

    def __init__(self, settings: Settings, paths: DataPaths, language: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Ajustes"))
        self.settings = settings
        self.sections = QListWidget()
        self.sections.setObjectName("sections")
        self.sections.setAccessibleName(self.tr("Apartados de los ajustes"))
        self.pages = QStackedWidget()
        self.data_page = DataPage(paths, language)
        self.data_page.thumbnails_unwanted.connect(self.thumbnails_unwanted)
        self.data_page.everything_unwanted.connect(self.everything_unwanted)
        self.model_page = ModelPage(language)
        self.similar_page = SimilarPage(settings, language)
        self.similar_page.chosen.connect(self._compare_by)
        for name, page in (
            (self.tr("General"), self._general()),
            (self.tr("Análisis"), self._analysis()),
            (self.tr("Tus datos"), self.data_page),
            (self.tr("Modelo"), self.model_page),
            (self.tr("Parecidos"), self.similar_page),
            (self.tr("Acerca de"), AboutPage()),
        ):
            self.sections.addItem(name)
            self.pages.addWidget(page)
        self.sections.currentRowChanged.connect(self.pages.setCurrentIndex)
        self.sections.setCurrentRow(0)
        self.sections.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        close = QPushButton(self.tr("&Cerrar"))
        close.setAutoDefault(False)
        close.clicked.connect(self.close)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(24, 0, 20, 18)
        buttons.addStretch(1)
        buttons.addWidget(close)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.addWidget(self.pages, 1)
        right.addLayout(buttons)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.sections)
        layout.addLayout(right, 1)
        self.resize(780, 540)
        self._fit_sections()

    def show_section(self, number: int) -> None:
        """Turn to a section; -1 is the last one."""
        self.sections.setCurrentRow(number % self.sections.count())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if hasattr(self, "sections"):
            self._fit_sections()

    def _fit_sections(self) -> None:
        self.sections.ensurePolished()
        self.sections.setFixedWidth(max(168, self.sections.sizeHintForColumn(0) + 28))

    # Pages ----------------------------------------------------------------------------------------------------------

    def _general(self) -> SettingsPage:
        page = SettingsPage(self.tr("General"))
        self.language = self._combo(
            (self.tr("El del sistema"), "Español", "English"), LANGUAGES, self.settings.language
        )
        self.apply_language = QPushButton(self.tr("Cambiar a&hora"))
        self.apply_language.setAutoDefault(False)
        self.apply_language.setEnabled(False)
        self.apply_language.clicked.connect(self._apply_language)
        self.language.currentIndexChanged.connect(self._language_turned)
        page.add_row(self.tr("&Idioma"), self.language)
        page.add(self.apply_language)
        page.add_note(self.tr("La ventana se abre de nuevo en ese idioma; el análisis sigue donde estaba."))
        self.appearance = self._combo(
            (self.tr("Como el sistema"), self.tr("Claro"), self.tr("Oscuro")),
            (SYSTEM, LIGHT, DARK),
            self.settings.appearance,
        )
        self.appearance.currentIndexChanged.connect(self._store)
        page.add_row(self.tr("&Apariencia"), self.appearance)
        self.text_scale = self._combo(
            (self.tr("Normal"), self.tr("Grande"), self.tr("Muy grande")), TEXT_SCALES, self.settings.text_scale
        )
        self.text_scale.currentIndexChanged.connect(self._store)
        page.add_row(self.tr("&Tamaño del texto"), self.text_scale)
        self.seasons = self._combo(
            (self.tr("El del sistema"), self.tr("Norte: verano en julio"), self.tr("Sur: verano en enero")),
            (AUTO, NORTH, SOUTH),
            self.settings.seasons,
        )
        self.seasons.currentIndexChanged.connect(self._store)
        page.add_row(self.tr("&Hemisferio"), self.seasons)
        page.add_note(self.tr("Para entender «el verano pasado» o «en invierno»."))
        page.finish()
        return page

    def _analysis(self) -> SettingsPage:
        page = SettingsPage(self.tr("Análisis"))
        self.watch = QCheckBox(self.tr("&Vigilar las carpetas"))
        self.watch.setChecked(self.settings.watch_folders)
        self.watch.toggled.connect(self._store)
        page.add(self.watch)
        page.add_note(self.tr("Las fotos nuevas se analizan solas, cuando se ha terminado de copiarlas."))
        self.battery = QCheckBox(self.tr("&Esperar si el equipo va con batería"))
        self.battery.setChecked(self.settings.pause_on_battery)
        self.battery.toggled.connect(self._store)
        page.add(self.battery)
        page.add_note(self.tr("Sigue en cuanto se enchufa. Buscar funciona siempre."))
        self.objects = QCheckBox(self.tr("&Preparar las fotos para buscar un mismo objeto"))
        self.objects.setChecked(self.settings.prepare_objects)
        self.objects.toggled.connect(self._store)
        page.add(self.objects)
        page.add_note(self.tr("Tras cada análisis, en calma; unos 20 KB por foto."))
        self.threads = QSpinBox()
        self.threads.setRange(0, max(1, os.cpu_count() or 1))
        self.threads.setSpecialValueText(self.tr("Automático"))
        self.threads.lineEdit().setTextMargins(11, 0, 0, 0)  # in line with the other fields
        self.threads.setValue(self.settings.threads)
        self.threads.valueChanged.connect(self._store)
        page.add_row(self.tr("&Núcleos para analizar"), self.threads)
        page.add_note(
            self.tr("Con menos va más despacio y deja sitio a otros programas. Vale desde el próximo análisis.")
        )
        page.finish()
        return page

    def _combo(self, texts: tuple[str, ...], values: tuple[object, ...], chosen: object) -> QComboBox:
        combo = QComboBox()
        combo.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for text, value in zip(texts, values, strict=True):
            combo.addItem(text, value)
        combo.setCurrentIndex(max(0, combo.findData(chosen)))
        return combo

    # What is chosen -------------------------------------------------------------------------------------------------

    @Slot()
    def _store(self) -> None:
        self.settings = replace(
            self.settings,
            appearance=self.appearance.currentData(),
            text_scale=self.text_scale.currentData(),
            watch_folders=self.watch.isChecked(),
            pause_on_battery=self.battery.isChecked(),
            threads=self.threads.value(),
            seasons=self.seasons.currentData(),
            prepare_objects=self.objects.isChecked(),
        )
        self.changed.emit(self.settings)

    @Slot(str, str)
    def _compare_by(self, descriptor: str, distance: str) -> None:
        self.settings = replace(self.settings, descriptor=descriptor, distance=distance)
        self.changed.emit(self.settings)

    @Slot()
    def _language_turned(self) -> None:
        self.apply_language.setEnabled(self.language.currentData() != self.settings.language)

    @Slot()
    def _apply_language(self) -> None:
        chosen = self.language.currentData()
        self.settings = replace(self.settings, language=chosen)
        self.changed.emit(self.settings)
        self.close()
        self.language_chosen.emit(chosen)

    @Slot(object)
    def take(self, event: object) -> None:
        """What the lane of the folders measured."""
        self.data_page.take(event)
        self.model_page.take(event)
