"""A part of a name that photos must have: a label and a line that takes effect at Enter or when it is left."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget


class NameField(QWidget):
    """Empty when the name does not matter."""

    changed = Signal()

    def __init__(self, label: str, help_text: str, parent: QWidget) -> None:
        """``help_text``: what is compared with what is typed."""
        super().__init__(parent)
        self._shown = ""
        above = QLabel(label)
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(self.tr("cualquiera"))
        self.edit.setAccessibleName(label)
        self.edit.setToolTip(help_text)
        self.edit.setAccessibleDescription(help_text)
        self.edit.setClearButtonEnabled(True)
        self.edit.editingFinished.connect(self._typed)
        self.edit.textChanged.connect(self._cleared)
        above.setBuddy(self.edit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(above)
        layout.addWidget(self.edit)

    @property
    def names(self) -> tuple[str, ...]:
        """What is asked for: one name or none."""
        return (self._shown,) if self._shown else ()

    def show_names(self, names: tuple[str, ...]) -> None:
        """Show what is asked for; nothing is emitted. Of several names their chips tell."""
        self._shown = names[0] if len(names) == 1 else ""
        if not self.edit.hasFocus():  # else something is being typed
            self.edit.setText(self._shown)

    @Slot()
    def _typed(self) -> None:
        typed = self.edit.text().strip()
        if typed != self._shown:
            self._shown = typed
            self.changed.emit()

    @Slot(str)
    def _cleared(self, text: str) -> None:
        if not text:  # also by the cross in the line
            self._typed()
