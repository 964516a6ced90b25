"""A contact sheet: where each photo stands on A4 pages, and how a page is painted. Lengths in millimetres.

The same painting serves the printed page and the small one in the dialog, so that what is seen is what comes out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter

A4 = QSizeF(210.0, 297.0)
DPI = 300
"""What a printer needs; A4 has 2480 x 3508 pixels then."""
FEWEST, MOST = 2, 8
"""Columns."""
_MARGIN, _GAP, _TITLE, _FOOT, _LINE = 12.0, 4.0, 13.0, 7.0, 4.2
_INK, _FAINT_INK, _EMPTY = QColor("#1b1c22"), QColor("#656875"), QColor("#eeeef2")


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """What the person chose."""

    title: str = ""
    columns: int = 4
    landscape: bool = False
    show_name: bool = True
    show_date: bool = True

    @property
    def page(self) -> QSizeF:
        """The paper's size."""
        return A4.transposed() if self.landscape else A4


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """The words under one photo; ``problem`` stands in the place of a picture that cannot be read."""

    name: str = ""
    date: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """Cells of one page, all pages alike."""

    plan: SheetPlan
    rows: int
    cell: QSizeF
    picture: QSizeF
    top: float

    @property
    def per_page(self) -> int:
        """Photos on a page."""
        return self.plan.columns * self.rows

    def pages(self, count: int) -> int:
        """Pages for so many photos."""
        return max(1, math.ceil(count / self.per_page))

    def place(self, index: int) -> QRectF:
        """The picture of photo ``index`` of a page."""
        row, column = divmod(index, self.plan.columns)
        left = _MARGIN + column * (self.cell.width() + _GAP)
        return QRectF(left, self.top + row * (self.cell.height() + _GAP), self.picture.width(), self.picture.height())


def lay_out(plan: SheetPlan) -> SheetLayout:
    """Square pictures as large as the columns allow; the rows share what is left of the height."""
    page = plan.page
    side = (page.width() - 2 * _MARGIN - (plan.columns - 1) * _GAP) / plan.columns
    caption = _LINE * (plan.show_name + plan.show_date) + (1.0 if plan.show_name or plan.show_date else 0.0)
    top = _MARGIN + (_TITLE if plan.title else 0.0)
    room = page.height() - top - _MARGIN - _FOOT
    rows = max(1, int((room + _GAP) // (side + caption + _GAP)))
    height = min((room + _GAP) / rows - _GAP, (side + caption) * 1.15)
    return SheetLayout(plan, rows, QSizeF(side, height), QSizeF(side, height - caption), top)


def paint_page(
    painter: QPainter,
    layout: SheetLayout,
    entries: Sequence[SheetEntry],
    picture_of: Callable[[int], QImage | None],
    number: str,
    scale: float,
) -> None:
    """Paint one page: ``entries`` of its photos, ``picture_of(index)`` of each when its turn comes.

    ``number``: «2 / 5», or ``""``. ``scale``: device units a millimetre. ``picture_of`` may raise to stop.
    """
    plan, page = layout.plan, layout.plan.page
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    wide = page.width() - 2 * _MARGIN
    if plan.title:
        _write(painter, plan.title, QRectF(_MARGIN, _MARGIN - 3, wide, 9.0), 5.2, scale, bold=True, middle=False)
    for index, entry in enumerate(entries):
        place = layout.place(index)
        picture = picture_of(index)
        if picture is None or picture.isNull():
            painter.fillRect(_scaled(place, scale), _EMPTY)
            inside = place.adjusted(2, 2, -2, -2)
            _write(painter, entry.problem, inside, 2.6, scale, colour=_FAINT_INK, wrap=True)
        else:
            painter.drawImage(_fitted(place, picture, scale), picture)
        line = QRectF(place.left(), place.bottom() + 1.0, place.width(), _LINE)
        for text, shown, colour in ((entry.name, plan.show_name, _INK), (entry.date, plan.show_date, _FAINT_INK)):
            if shown:
                _write(painter, text, line, min(3.0, place.width() / 12), scale, colour=colour)
                line.translate(0.0, _LINE)
    if number:
        foot = QRectF(_MARGIN, page.height() - _MARGIN - 2, wide, 5.0)
        _write(painter, number, foot, 3.0, scale, colour=_FAINT_INK)


def _scaled(place: QRectF, scale: float) -> QRectF:
    return QRectF(place.left() * scale, place.top() * scale, place.width() * scale, place.height() * scale)


def _fitted(place: QRectF, picture: QImage, scale: float) -> QRectF:
    """The whole picture in the middle of its place."""
    room = _scaled(place, scale)
    size = QSizeF(picture.size()).scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    fitted = QRectF(room.topLeft(), size)
    fitted.moveCenter(room.center())
    return fitted


def _write(
    painter: QPainter,
    text: str,
    place: QRectF,
    height: float,
    scale: float,
    *,
    bold: bool = False,
    colour: QColor = _INK,
    middle: bool = True,
    wrap: bool = False,
) -> None:
    """A line of text ``height`` millimetres high, shortened to its place."""
    font = QFont()
    font.setPixelSize(max(1, round(height * scale)))
    font.setBold(bold)
    painter.setFont(font)
    painter.setPen(colour)
    room = _scaled(place, scale)
    flags = Qt.AlignmentFlag.AlignVCenter | (Qt.AlignmentFlag.AlignHCenter if middle else Qt.AlignmentFlag.AlignLeft)
    if wrap:
        painter.drawText(room, int(flags) | int(Qt.TextFlag.TextWordWrap), text)
        return
    painter.drawText(
        room, int(flags), painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, int(room.width()))
    )
