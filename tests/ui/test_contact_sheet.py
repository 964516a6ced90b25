"""Contact sheets: the arithmetic of the page, and files that come out of the window."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from photofinder.library.catalog import Photo
from photofinder.ui.contact_sheet import SheetPlan, lay_out
from photofinder.ui.main_window import MainWindow
from tests.ui.conftest import PATIENCE_MS, id_of, wait, wait_thumbnails


@pytest.fixture
def window(ready_window: MainWindow) -> MainWindow:
    """What the photos show does not matter here."""
    return ready_window


@pytest.mark.parametrize("landscape", [False, True])
@pytest.mark.parametrize("columns", [2, 3, 4, 5, 6, 7, 8])
@pytest.mark.parametrize(("title", "name", "date"), [("", False, False), ("Verano", True, True), ("", True, False)])
def test_every_cell_lies_on_the_page_and_apart(
    columns: int, landscape: bool, title: str, name: bool, date: bool
) -> None:
    plan = SheetPlan(title, columns, landscape, name, date)
    layout = lay_out(plan)
    places = [layout.place(index) for index in range(layout.per_page)]
    for place in places:
        assert place.left() >= 12 - 1e-6
        assert place.right() <= plan.page.width() - 12 + 1e-6
        assert place.bottom() <= plan.page.height() - 12
        assert place.height() > 20
    for one in places:
        assert sum(one.intersects(other) for other in places) == 1
    assert layout.pages(0) == 1
    assert layout.pages(layout.per_page) == 1
    assert layout.pages(layout.per_page + 1) == 2


def finished(window: MainWindow) -> bool:
    strip = window.tasks.sheet_strip
    return bool(strip.text) and not strip.is_running


@pytest.mark.qt_log_ignore("This plugin does not support")  # the offscreen platform, of any dialog
def test_sheets_from_the_window(window: MainWindow, qtbot: QtBot, photo_folder: Path, tmp_path: Path) -> None:
    wait_thumbnails(qtbot, window)
    (photo_folder / "flower.jpg").unlink()
    window.grid.selectAll()
    window.actions_.sheet.trigger()
    dialog = window.tasks.sheet_dialog
    assert dialog is not None
    qtbot.addWidget(dialog)
    dialog.columns.setValue(2)
    dialog.title.setText("  Verano en  Santander ")
    assert dialog.summary == "14 fotos en 4 páginas"
    assert dialog.plan.title == "Verano en Santander"
    before = dialog.page.grab().toImage()
    dialog.paper.setCurrentIndex(1)
    assert dialog.page.grab().toImage() != before, "the small page shows what was chosen"
    dialog.paper.setCurrentIndex(0)
    dialog.make(tmp_path / "Verano")
    wait(qtbot, lambda: finished(window))
    text = window.tasks.sheet_strip.text
    assert text.startswith("Hoja de contactos guardada: «Verano.pdf».")
    assert "flower.jpg" in text, "what could not be read is said"
    pdf = (tmp_path / "Verano.pdf").read_bytes()
    assert pdf.startswith(b"%PDF")
    assert pdf.rstrip().endswith(b"%%EOF")
    assert pdf.count(b"/Type /Page\n") == 4
    assert [path.name for path in tmp_path.glob(".*")] == [], "nothing half done is left"

    window._lanes.sheets.make([id_of(window, "china.jpg")], SheetPlan(columns=2), tmp_path / "una.png")
    wait(qtbot, lambda: "una.png" in window.tasks.sheet_strip.text and finished(window))
    sheet = QImage(str(tmp_path / "una.png"))
    assert (sheet.width(), sheet.height()) == (2480, 3508)
    place = lay_out(SheetPlan(columns=2)).place(0)
    inside = sheet.pixelColor(round(place.center().x() * 300 / 25.4), round(place.center().y() * 300 / 25.4))
    assert inside.lightness() < 250
    assert sheet.pixelColor(10, 10).lightness() == 255


def test_several_png_pages_never_overwrite(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    wait_thumbnails(qtbot, window)
    (tmp_path / "hoja - 2.png").write_bytes(b"de otra persona")
    window._lanes.sheets.make(window.model.photo_ids[:8], SheetPlan(columns=2), tmp_path / "hoja.png")
    wait(qtbot, lambda: finished(window))
    assert sorted(path.name for path in tmp_path.glob("*.png")) == [
        "hoja (2) - 1.png", "hoja (2) - 2.png", "hoja - 2.png",
    ]  # fmt: skip
    assert (tmp_path / "hoja - 2.png").read_bytes() == b"de otra persona"


def test_a_sheet_that_is_cancelled_or_cannot_be_written(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_thumbnails(qtbot, window)
    lane, strip, picture = window._lanes.sheets, window.tasks.sheet_strip, window._lanes.sheets.picture
    begun, go_on = threading.Event(), threading.Event()

    def held(photo: Photo, side: int) -> object:
        begun.set()
        go_on.wait(PATIENCE_MS / 1000)
        return picture(photo, side)

    monkeypatch.setattr(lane, "picture", held)
    lane.make(window.model.photo_ids, SheetPlan(), tmp_path / "hoja.pdf")
    wait(qtbot, lambda: strip.is_running and begun.is_set())
    lane.cancel()
    go_on.set()
    wait(qtbot, lambda: finished(window))
    assert "cancelada" in strip.text and not (tmp_path / "hoja.pdf").exists()
    wait(qtbot, lambda: not list(tmp_path.glob(".*.part")))  # by whom nobody waits for any more
    lane.make(window.model.photo_ids, SheetPlan(), tmp_path / "no existe" / "hoja.pdf")
    wait(qtbot, lambda: "no existe o no está conectada" in strip.text)
