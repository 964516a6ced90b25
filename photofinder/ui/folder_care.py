"""Keeps the folders up to date by itself: calm after changes, a look now and then, and a returned drive is noticed."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from photofinder.library.catalog import Folder
from photofinder.ui.folder_lane import FolderLane, FoldersSeen
from photofinder.ui.index_lane import Phase, Progress
from photofinder.ui.watcher import FoldersChanged

CALM_MS = 2500
"""Nothing may have changed for so long before it is worth analysing: a copy in progress is left in peace."""
MOST_MS = 60_000
"""But after so long it is analysed all the same: the copy may take hours."""
LOOK_MS = 20_000
"""How often it is looked whether drives were plugged in or away."""
LOOKS_A_ROUND = 45
"""After so many looks (15 minutes) the folders that cannot be watched are walked."""


class FolderCare(QObject):
    """Says which folders want to be analysed; never while an analysis runs, nor after the person stopped one."""

    analysis_wanted = Signal(object)
    """Folder ids (a frozenset)."""
    drives_changed = Signal()
    """A folder went away or came back."""
    limit_reached = Signal()
    """The system cannot watch that many folders; said once."""

    def __init__(
        self, lane: FolderLane, parent: QObject | None = None, *, calm_ms: int = CALM_MS, look_ms: int = LOOK_MS
    ) -> None:
        super().__init__(parent)
        self._lane = lane
        self._calm_ms = calm_ms
        self._folders: tuple[Folder, ...] = ()
        self._watching = True
        self._busy = False
        self._stopped = False
        self._limit_told = False
        self._looks = 0
        self._waiting: set[int] = set()
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.timeout.connect(self._when_calm)
        self._look = QTimer(self)
        self._look.setInterval(look_ms)
        self._look.timeout.connect(self._look_now)

    def set_watching(self, watching: bool) -> None:
        """Whether changes are followed at all."""
        if watching != self._watching:
            self._watching = watching
            if self._folders:
                self._look_now()

    def set_folders(self, folders: tuple[Folder, ...]) -> None:
        """The folders of the catalogue, as they are now."""
        if folders != self._folders:
            self._folders = folders
            self._look_now()
        if not self._look.isActive():
            self._look.start()

    @Slot(object)
    def take(self, event: object) -> None:
        """What the lane says."""
        if isinstance(event, FoldersChanged):
            self._calm.start(self._calm_ms)
        elif isinstance(event, FoldersSeen):
            self._take_look(event)

    @Slot(object)
    def take_progress(self, event: object) -> None:
        """How the analysis goes: while one runs, wishes wait."""
        if not isinstance(event, Progress):
            return
        # a descriptor, computed or stopped, can wait: new photos go first, unless the person paused it
        waits = bool(event.describing) and event.phase is not Phase.PAUSED
        self._busy = event.phase in (Phase.LOOKING, Phase.ANALYSING, Phase.PAUSED) and not waits
        self._stopped = event.phase is Phase.STOPPED and event.total > 0 and not waits
        if not self._busy:
            self._ask(frozenset())

    def stop(self) -> None:
        """The window goes."""
        self._look.stop()
        self._calm.stop()

    @Slot()
    def _when_calm(self) -> None:
        since_first, since_last = self._lane.changes.ages()
        if since_last * 1000 < self._calm_ms and since_first * 1000 < MOST_MS:
            self._calm.start(max(1, self._calm_ms - int(since_last * 1000)))
            return
        changed = self._lane.changes.take()
        if self._watching:
            self._ask(changed)

    def _ask(self, folder_ids: frozenset[int]) -> None:
        self._waiting |= folder_ids
        wanted = frozenset(self._waiting & {folder.id for folder in self._folders})
        if wanted and not (self._busy or self._stopped):
            self._waiting.clear()
            self._busy = True  # until the lane says what it does
            self.analysis_wanted.emit(wanted)

    @Slot()
    def _look_now(self) -> None:
        self._lane.look(self._folders, watch=self._watching)

    def _take_look(self, seen: FoldersSeen) -> None:
        if seen.limit_reached and not self._limit_told:
            self._limit_told = True
            self.limit_reached.emit()
        if seen.back or seen.left:
            self.drives_changed.emit()
        self._looks += 1
        due = seen.unwatched if self._watching and self._looks % LOOKS_A_ROUND == 0 else frozenset()
        if seen.back or due:
            self._ask(seen.back | due)
