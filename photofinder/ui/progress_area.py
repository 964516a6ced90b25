"""The line at the bottom: how far the analysis is, and its pause, resume and cancel."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from photofinder.messages import duration, number, sentence
from photofinder.ui.index_lane import Phase, Progress
from photofinder.ui.theme import Theme

_DONE_MS = 6000
"""How long the sentence about a finished analysis stays."""


class ProgressArea(QFrame):
    """Hidden when there is nothing to say."""

    pause_wanted = Signal()
    resume_wanted = Signal()
    cancel_wanted = Signal()
    start_wanted = Signal()
    failures_wanted = Signal()

    def __init__(self, theme: Theme, language: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("progressArea")
        self._theme = theme
        self._language = language
        self._phase: Phase | None = None
        self._unreadable = 0
        self._waits_for_mains = False
        self._text = QLabel()
        self._text.setObjectName("progressText")
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Avance del análisis"))
        self._failures = QPushButton()
        self._failures.clicked.connect(self.failures_wanted)
        self._pause = self._button(self.tr("Pausar el análisis"))
        self._pause.clicked.connect(self._pause_clicked)
        self._cancel = self._button(self.tr("Detener el análisis"))
        self._cancel.clicked.connect(self.cancel_wanted)
        self._start = QPushButton()
        self._start.clicked.connect(self._start_clicked)
        lines = QVBoxLayout()
        lines.setSpacing(6)
        lines.addWidget(self._text)
        lines.addWidget(self._bar)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(18, 9, 14, 9)
        layout.setSpacing(8)
        layout.addLayout(lines, 1)
        for button in (self._failures, self._start, self._pause, self._cancel):
            layout.addWidget(button)
        self._leave = QTimer(self)
        self._leave.setSingleShot(True)
        self._leave.setInterval(_DONE_MS)
        self._leave.timeout.connect(self._finish)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()
        self.hide()

    @property
    def text(self) -> str:
        """The line that is shown; empty when hidden."""
        return "" if self.isHidden() else self._text.text()

    @property
    def is_finished(self) -> bool:
        """Whether the last analysis went to its end."""
        return self._phase is Phase.FINISHED

    @property
    def pause_button(self) -> QToolButton:
        """Pauses or resumes."""
        return self._pause

    @property
    def cancel_button(self) -> QToolButton:
        """Ends the analysis."""
        return self._cancel

    @property
    def start_button(self) -> QPushButton:
        """Goes on after it was ended."""
        return self._start

    @property
    def failures_button(self) -> QPushButton:
        """Opens the list of what could not be read."""
        return self._failures

    def set_unreadable(self, photos: int) -> None:
        """How many photos of the catalogue could not be read."""
        self._unreadable = photos
        one = self.tr("1 foto no se pudo leer")
        many = self.tr("{n} fotos no se pudieron leer").format(n=number(photos, self._language))
        self._failures.setText(one if photos == 1 else many)
        self._failures.setVisible(photos > 0)
        if photos > 0 and self.isHidden() and self._phase in (None, Phase.FINISHED):
            self._text.setText("")
            self._bar.hide()
            self._buttons(Phase.FINISHED)
            self.show()
        elif photos == 0 and self._phase in (None, Phase.FINISHED) and not self._leave.isActive():
            self.hide()

    @Slot(object)
    def show_progress(self, progress: Progress) -> None:
        """What the lane says."""
        if progress.quiet and progress.phase in (Phase.LOOKING, Phase.FINISHED):
            if progress.phase is Phase.FINISHED and self._phase is not Phase.LOOKING:
                self._finish()  # what was said before is over
            self._phase = progress.phase  # nobody asked, and nothing was found: nothing to say
            return
        self._phase = progress.phase
        self._leave.stop()
        self._waits_for_mains = progress.battery
        self._text.setText(self._line(progress))
        running = progress.phase in (Phase.LOOKING, Phase.ANALYSING, Phase.PAUSED)
        self._bar.setVisible(running)
        if progress.phase is Phase.LOOKING or progress.total == 0:
            self._bar.setRange(0, 0 if progress.phase is Phase.LOOKING else 1)
        else:
            self._bar.setRange(0, progress.total)
            self._bar.setValue(progress.done)
        self._buttons(progress.phase)
        self.show()
        if progress.phase is Phase.FINISHED:
            self._leave.start()
        elif progress.phase is Phase.STOPPED and progress.total == 0:
            self._finish()

    def _line(self, progress: Progress) -> str:
        done, total = (number(count, self._language) for count in (progress.done, progress.total))
        match progress.phase:
            case Phase.LOOKING:
                return self.tr("Buscando fotos nuevas…")
            case Phase.ANALYSING:
                described = self.tr("Calculando {name}: {done} de {total}")
                form = described if progress.describing else self.tr("Analizando {done} de {total}")
                parts = [form.format(name=progress.describing, done=done, total=total)]
                if progress.photos_per_second > 0:
                    rate = progress.photos_per_second
                    shown = number(rate, self._language, 0 if rate >= 10 else 1)
                    parts.append(self.tr("{rate} fotos/s").format(rate=shown))
                if progress.seconds_left is not None:
                    parts.append(self._time_left(progress.seconds_left))
                return " · ".join(parts)
            case Phase.PAUSED if progress.battery:
                return self.tr("En pausa: con batería · {done} de {total}").format(done=done, total=total)
            case Phase.PAUSED:
                if progress.total == 0:
                    return self.tr("En pausa")
                return self.tr("En pausa · {done} de {total}").format(done=done, total=total)
            case Phase.STOPPED if progress.describing:
                return self.tr("Cálculo detenido · lo calculado ya se usa")
            case Phase.STOPPED:
                return self.tr("Análisis detenido · lo analizado ya se puede buscar")
            case Phase.REFUSED:
                return "" if progress.error is None else sentence(progress.error, self._language)
            case Phase.FINISHED if progress.describing:
                return self.tr("Listo: {name} está calculado").format(name=progress.describing)
            case Phase.FINISHED:
                summary = progress.summary
                if summary is not None and summary.analysed > 0:
                    count = number(summary.analysed, self._language)
                    one = self.tr("Listo: 1 foto analizada")
                    return one if summary.analysed == 1 else self.tr("Listo: {n} fotos analizadas").format(n=count)
                return self.tr("Todo está al día")

    def _time_left(self, seconds: float) -> str:
        if seconds < 10:
            return self.tr("quedan unos segundos")
        return self.tr("quedan {time}").format(time=duration(seconds, self._language))

    def _buttons(self, phase: Phase) -> None:
        running = phase in (Phase.LOOKING, Phase.ANALYSING, Phase.PAUSED)
        self._pause.setVisible(running)
        self._pause.setEnabled(True)
        self._cancel.setVisible(running)
        waits = phase is Phase.PAUSED and self._waits_for_mains
        self._pause.setVisible(running and not waits)
        self._start.setVisible(waits or phase in (Phase.STOPPED, Phase.REFUSED))
        on_battery = self.tr("Seguir con batería") if waits else self.tr("Continuar")
        self._start.setText(self.tr("Reintentar") if phase is Phase.REFUSED else on_battery)
        self._failures.setVisible(self._unreadable > 0)
        label = self.tr("Reanudar el análisis") if phase is Phase.PAUSED else self.tr("Pausar el análisis")
        self._pause.setToolTip(label)
        self._pause.setAccessibleName(label)
        self._paint_icons()

    @Slot()
    def _start_clicked(self) -> None:
        if self._phase is Phase.PAUSED:
            self._start.hide()  # until the lane has answered
            self.resume_wanted.emit()
        else:
            self.start_wanted.emit()

    @Slot()
    def _pause_clicked(self) -> None:
        self._pause.setEnabled(False)  # until the lane has answered
        if self._phase is Phase.PAUSED:
            self.resume_wanted.emit()
        else:
            self._text.setText(self.tr("En pausa en un momento…"))
            self.pause_wanted.emit()

    @Slot()
    def _finish(self) -> None:
        self._text.setText("")
        self._start.hide()
        self.setVisible(self._unreadable > 0)

    def _button(self, label: str) -> QToolButton:
        button = QToolButton()
        button.setIconSize(QSize(20, 20))
        button.setToolTip(label)
        button.setAccessibleName(label)
        return button

    @Slot()
    def _paint_icons(self) -> None:
        self._pause.setIcon(self._theme.icon("play" if self._phase is Phase.PAUSED else "pause"))
        self._cancel.setIcon(self._theme.icon("stop"))
