"""Above the groups of duplicates: how far the search for them is, then what can be done with them."""

from __future__ import annotations

from PySide6.QtCore import Signal

from photofinder.ui.task_strip import TaskStrip
from photofinder.ui.theme import Theme


class DuplicatesBar(TaskStrip):
    """Hidden until duplicates are looked for. ``opened``: select the photos of every group but the one to keep."""

    left = Signal()
    """Back to all photos; what still runs is to stop."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.setAccessibleName(self.tr("Duplicadas y ráfagas"))
        self.open_button.setToolTip(self.tr("Seleccionar todas menos la mejor de cada grupo (Ctrl+Mayús+S)"))
        self.open_button.setProperty("primary", True)
        self.cancel_button.setToolTip(self.tr("Dejar de buscar y volver a todas las fotos"))
        self.close_button.setToolTip(self.tr("Volver a todas las fotos (Esc)"))
        self.close_button.setAccessibleName(self.tr("Volver a todas las fotos"))
        self.cancelled.connect(self.left)
        self.close_button.clicked.connect(self.left)

    def show_found(self, text: str, *, any_found: bool) -> None:
        """What was found; with groups, the others can be selected."""
        self.show_end(text, self.tr("Seleccionar las demás") if any_found else "")
