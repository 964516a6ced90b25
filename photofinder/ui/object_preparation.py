"""«Mismo objeto» wants a slower look at every photo, once. Asks for it when it is needed, and tells how it goes.

Nobody pays for what they do not use: the first search for an object offers it, and from the yes on new photos are
made ready after each analysis. Stopping it takes the yes back.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Signal, Slot

from photofinder.messages import duration, number, sentence
from photofinder.ui.index_lane import Phase, Progress
from photofinder.ui.jobs import Dispatcher
from photofinder.ui.main_window import MainWindow
from photofinder.ui.object_lane import ObjectLane, ObjectProgress, Preparing
from photofinder.ui.task_strip import TaskStrip
from photofinder.ui.theme import Theme

_REPEAT_S = 3.0
"""While photos become ready, a search for an object is asked again so often."""


class ObjectPreparation(QObject):
    """Joins search, analysis, settings and the lane ``objects`` with a strip under the photos."""

    chosen = Signal(bool)
    """Whether the person wants photos to be made ready, for the settings."""

    def __init__(
        self,
        window: MainWindow,
        lane: ObjectLane,
        dispatcher: Dispatcher,
        theme: Theme,
        language: str,
        *,
        wanted: bool,
    ) -> None:
        """``wanted``: as the settings say when the window opens; the work begins after the first analysis."""
        super().__init__(window)
        self._search = window.search
        self._lane = lane
        self._language = language
        self._wanted = wanted
        self._running = False
        self._offered = 0
        self._repeated_at = 0.0
        self.strip = TaskStrip(theme)
        self.strip.opened.connect(self.start)
        self.strip.cancelled.connect(self.stop)
        window.body.insertWidget(window.body.indexOf(window.pages) + 1, self.strip)
        window.search.changed.connect(self._search_changed)
        dispatcher.objects.connect(self.take)
        dispatcher.analysis.connect(self.take_analysis)

    @property
    def running(self) -> bool:
        """Whether photos are made ready, or wait for their turn."""
        return self._running

    def set_wanted(self, wanted: bool) -> None:
        """As the settings say; a change begins or ends the work."""
        if wanted == self._wanted:
            return
        self._wanted = wanted
        if wanted:
            self._begin()
        else:
            self._lane.cancel()

    @Slot()
    def start(self) -> None:
        """The person says yes."""
        self._wanted = True
        self._begin()
        self.chosen.emit(True)

    @Slot()
    def stop(self) -> None:
        """The person does not want it now; what is done stays."""
        self._wanted = False
        self._lane.cancel()
        self.chosen.emit(False)

    def _begin(self) -> None:
        self._running = True
        self._lane.start()

    @Slot(object)
    def take_analysis(self, event: object) -> None:
        """Analysing goes before; what it brought is made ready afterwards."""
        if not isinstance(event, Progress):
            return
        self._lane.set_busy(event.phase in (Phase.LOOKING, Phase.ANALYSING))
        if event.phase is Phase.FINISHED and self._wanted and not self._running:
            self._begin()

    @Slot(object)
    def take(self, state: ObjectProgress) -> None:
        """How it goes."""
        done, total = number(state.done, self._language), number(state.total, self._language)
        self._running = state.phase in (Preparing.RUNNING, Preparing.WAITING)
        if state.phase is Preparing.RUNNING:
            text = self.tr("Preparando fotos para buscar objetos: {done} de {total}").format(done=done, total=total)
            if state.seconds_left is not None:
                left = duration(state.seconds_left, self._language)
                text = self.tr("{text}, quedan {left}").format(text=text, left=left)
            self.strip.show_running(text, state.done / max(1, state.total))
        elif state.phase is Preparing.WAITING:
            text = self.tr("La preparación de fotos para buscar objetos espera su turno.")
            self.strip.show_running(text, state.done / max(1, state.total))
        elif state.phase is Preparing.FAILED and state.error is not None:
            self.strip.show_end(sentence(state.error, self._language), self.tr("Intentar otra vez"))
        elif state.phase is Preparing.STOPPED:
            text = self.tr("Preparación detenida: {done} de {total} fotos. Lo hecho se queda.")
            self.strip.show_end(text.format(done=done, total=total), self.tr("Seguir"))
        elif state.failed:
            text = self.tr("{n} fotos no se pudieron mirar ahora; conecta su disco para prepararlas.")
            self.strip.show_end(text.format(n=number(state.failed, self._language)))
        else:
            self.strip.hide()
        self._repeat(at_once=not self._running)

    def _repeat(self, *, at_once: bool) -> None:
        """Ask again for the object that is searched for: more photos can be found now."""
        result = self._search.result
        if result is None or result.objects is None or not result.objects.waiting:
            return
        if at_once or time.monotonic() - self._repeated_at >= _REPEAT_S:
            self._repeated_at = time.monotonic()
            self._search.repeat()

    @Slot()
    def _search_changed(self) -> None:
        """Offer the work when an object is searched for and photos are not ready, and take the offer back with it."""
        result = self._search.result if self._search.active else None
        waiting = 0 if result is None or result.objects is None else result.objects.waiting
        if self._running or waiting == self._offered:
            return
        self._offered = waiting
        if waiting:
            text = self.tr(
                "Para encontrar un mismo objeto hay que mirar cada foto con detalle, una vez: faltan {n}. Se hace"
                " en segundo plano y puedes seguir con lo tuyo."
            )
            self.strip.show_end(text.format(n=number(waiting, self._language)), self.tr("Preparar las fotos"))
        elif not self.strip.is_running:
            self.strip.hide()
