"""A dialog that is as large as its texts need, whatever the language and the size of the letters."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QWidget


class FittingDialog(QDialog):
    """Fits itself when it is shown.

    A window's own layout does not ask how high wrapped text becomes, and it measures before the style sheet has said
    how large the letters are.
    """

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fit()

    def fit(self) -> None:
        """Grow, as far as the screen allows, until every text has its room; never shrink."""
        layout = self.layout()
        if layout is None:
            return
        for child in self.findChildren(QWidget):
            child.ensurePolished()
            child.updateGeometry()
            inner = child.layout()
            if inner is not None:
                inner.invalidate()
        layout.invalidate()
        layout.activate()
        room = self.screen().availableSize()
        width = min(max(self.width(), layout.sizeHint().width()), room.width() - 40)
        height = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
        self.resize(width, min(max(self.height(), height), room.height() - 60))
