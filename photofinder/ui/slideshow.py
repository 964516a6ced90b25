"""The slideshow: when the next photo comes, and the small bar that steers it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from photofinder.ui.stay_awake import StayAwake
from photofinder.ui.theme import Theme

INTERVALS = (2, 3, 5, 8, 15, 30)
"""Seconds a photo stays."""
USUAL_INTERVAL = 5


class Slideshow(QObject):
    """Asks for the next photo when the one that is shown has been seen long enough.

    The clock starts when a photo is on the screen, so that a slow one is not followed at once.
    """

    next_wanted = Signal()
    changed = Signal()
    """Started, stopped, paused, resumed, or another interval."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.next_wanted)
        self._running = False
        self._paused = False
        self._seconds = USUAL_INTERVAL

    @property
    def running(self) -> bool:
        """Whether there is one, paused or not."""
        return self._running

    @property
    def paused(self) -> bool:
        """Whether it stays at a photo until it is resumed."""
        return self._paused

    @property
    def seconds(self) -> int:
        """How long a photo stays."""
        return self._seconds

    def start(self) -> None:
        """Begin with the photo that is shown."""
        self._running, self._paused = True, False
        self.changed.emit()
        self.photo_shown()

    @Slot()
    def stop(self) -> None:
        """End it."""
        if self._running:
            self._running = self._paused = False
            self._timer.stop()
            self.changed.emit()

    @Slot()
    def toggle_pause(self) -> None:
        """Stay here, or go on."""
        if self._running:
            self._paused = not self._paused
            self.changed.emit()
            self.photo_shown()

    def set_seconds(self, seconds: int) -> None:
        """Another interval of ``INTERVALS``, from this photo on; anything else is the usual one."""
        self._seconds = seconds if seconds in INTERVALS else USUAL_INTERVAL
        self.changed.emit()
        self.photo_shown()

    def photo_shown(self) -> None:
        """A photo is on the screen now, or cannot be shown."""
        self._timer.stop()
        if self._running and not self._paused:
            self._timer.start(self._seconds * 1000)


class Cinema:
    """The whole screen for a widget's window, and a screen that stays lit."""

    def __init__(self, widget: QWidget) -> None:
        self._widget = widget
        self._awake = StayAwake()
        self._covers = False

    def set(self, *, dark: bool, awake: bool) -> None:
        """A window that covered the screen before still does afterwards."""
        window = self._widget.window()
        if dark and not self._covers and not window.isFullScreen():
            self._covers = True
            window.setWindowState(window.windowState() | Qt.WindowState.WindowFullScreen)
        elif not dark and self._covers:
            self._covers = False
            window.setWindowState(window.windowState() & ~Qt.WindowState.WindowFullScreen)
        self._awake.set(awake, QCoreApplication.translate("Slideshow", "Presentación de fotos"))


class SlideshowBar(QFrame):
    """Pause, back, on, interval, end: shown while the pointer moves."""

    back_wanted = Signal()
    on_wanted = Signal()

    def __init__(self, show: Slideshow, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("slideshowBar")
        self._show = show
        self._theme = theme
        self._back = self._button("left", self.tr("Foto anterior (←)"))
        self._pause = self._button("pause", self.tr("Pausar (Espacio)"))
        self._on = self._button("right", self.tr("Foto siguiente (→)"))
        self._end = self._button("close", self.tr("Terminar la presentación (Esc)"))
        self._interval = QToolButton()
        self._interval.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._interval.setToolTip(self.tr("Cuánto se ve cada foto"))
        self._interval.setAccessibleName(self.tr("Cuánto se ve cada foto"))
        self.menu = QMenu(self)
        self._choices = QActionGroup(self)
        for seconds in INTERVALS:
            choice = QAction(self.tr("{n} segundos").format(n=seconds), self._choices, checkable=True)
            choice.setData(seconds)
            self.menu.addAction(choice)
        self._interval.setMenu(self.menu)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(4)
        for button in (self._back, self._pause, self._on, self._interval, self._end):
            layout.addWidget(button)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._back.clicked.connect(self.back_wanted)
        self._on.clicked.connect(self.on_wanted)
        self._pause.clicked.connect(show.toggle_pause)
        self._end.clicked.connect(show.stop)
        self._choices.triggered.connect(self._chosen)
        show.changed.connect(self._update)
        self._update()

    @Slot(QAction)
    def _chosen(self, choice: QAction) -> None:
        self._show.set_seconds(int(choice.data()))

    @Slot()
    def _update(self) -> None:
        label = self.tr("Seguir (Espacio)") if self._show.paused else self.tr("Pausar (Espacio)")
        self._pause.setIcon(self._theme.icon("play" if self._show.paused else "pause", "#ffffff"))
        self._pause.setToolTip(label)
        self._pause.setAccessibleName(label)
        self._interval.setText(self.tr("{n} s").format(n=self._show.seconds))
        for choice in self._choices.actions():
            choice.setChecked(choice.data() == self._show.seconds)

    def _button(self, icon: str, label: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(self._theme.icon(icon, "#ffffff"))
        button.setIconSize(QSize(20, 20))
        button.setToolTip(label)
        button.setAccessibleName(label)
        return button
