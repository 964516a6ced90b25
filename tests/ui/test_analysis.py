"""Pause, resume, cancel, close and come back; failures; a drive that is away; another copy of the program."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from photofinder.paths import DataPaths
from photofinder.ui.main_window import MainWindow
from photofinder.ui.model_source import ModelSource
from tests.conftest import MakePhoto
from tests.ui.conftest import OpenSession, id_of, wait, wait_answer, wait_finished, wait_thumbnails

PHOTOS = 70
"""Three batches."""


class Gate:
    """Lets the real network embed one batch for each ``open``, or all between ``open_for_good`` and ``shut``.

    Whoever pauses, cancels or closes in the middle waits first until a batch is held here (``begun``): before that the
    run stops one batch earlier, or later, as the machine happens to be.
    """

    def __init__(self) -> None:
        self.batches = threading.Semaphore(0)
        self.begun = 0

    def open(self) -> None:
        self.batches.release()

    def open_for_good(self) -> None:
        self.batches.release(1000)

    def shut(self) -> None:
        self.batches = threading.Semaphore(0)
        self.begun = 0


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    gate = Gate()
    real = ModelSource.visual

    def gated(self: ModelSource, pack: Any = None) -> Any:
        network = real(self, pack)

        def embed(images: Any) -> Any:
            gate.begun += 1
            gate.batches.acquire()
            return network(images)

        return embed

    monkeypatch.setattr(ModelSource, "visual", gated)
    yield gate
    gate.open_for_good()


@pytest.fixture
def many_photos(tmp_path: Path, make_photo: MakePhoto) -> Path:
    for seed in range(PHOTOS):
        make_photo(tmp_path / "Muchas" / f"{seed:03d}.jpg", size=(96, 64), seed=seed)
    return tmp_path / "Muchas"


def searchable(window: MainWindow, qtbot: QtBot) -> int:
    window.search.clear()
    window.search.search_text("flor")
    wait_answer(qtbot, window)
    window.search.show_weak()  # also what is too unlike a flower to be an answer
    count = len(window.model.photo_ids)
    window.search.clear()
    return count


def test_pause_and_resume(open_session: OpenSession, qtbot: QtBot, many_photos: Path, gate: Gate) -> None:
    window = open_session(many_photos).window
    gate.open()
    wait(qtbot, lambda: "Analizando 32 de 70" in window.progress.text and gate.begun == 2)
    assert searchable(window, qtbot) == 32, "what is analysed answers already"
    qtbot.mouseClick(window.progress.pause_button, Qt.MouseButton.LeftButton)
    gate.open()
    wait(qtbot, lambda: window.progress.text == "En pausa · 64 de 70")
    assert window.progress.pause_button.accessibleName() == "Reanudar el análisis"
    qtbot.mouseClick(window.progress.pause_button, Qt.MouseButton.LeftButton)
    gate.open_for_good()
    wait_finished(qtbot, window)
    assert searchable(window, qtbot) == PHOTOS


def test_cancel_keeps_what_is_done_and_can_go_on(
    open_session: OpenSession, qtbot: QtBot, many_photos: Path, gate: Gate
) -> None:
    window = open_session(many_photos).window
    gate.open()
    wait(qtbot, lambda: "Analizando 32 de 70" in window.progress.text and gate.begun == 2)
    qtbot.mouseClick(window.progress.cancel_button, Qt.MouseButton.LeftButton)
    gate.open()
    wait(qtbot, lambda: "Análisis detenido" in window.progress.text)
    assert searchable(window, qtbot) == 64, "the batch in the works is finished, the rest is left"
    gate.open_for_good()
    qtbot.mouseClick(window.progress.start_button, Qt.MouseButton.LeftButton)
    wait_finished(qtbot, window)
    assert "6 fotos analizadas" in window.progress.text


def test_closing_in_the_middle_is_clean_and_resumes_by_itself(
    open_session: OpenSession, qtbot: QtBot, many_photos: Path, gate: Gate
) -> None:
    session = open_session(many_photos)
    gate.open()
    wait(qtbot, lambda: "Analizando 32 de 70" in session.window.progress.text and gate.begun == 2)
    gate.open_for_good()  # closing finds a batch in the works
    session.window.close()
    assert session.all_ended
    assert not session.window.isVisible()
    again = open_session().window
    wait_finished(qtbot, again)
    analysed = int(again.progress.text.split()[1]) if "analizada" in again.progress.text else 0
    assert analysed <= PHOTOS - 32
    assert searchable(again, qtbot) == PHOTOS


def test_a_paused_analysis_can_be_closed(open_session: OpenSession, qtbot: QtBot, many_photos: Path) -> None:
    session = open_session()
    wait(qtbot, lambda: session.window.pages.currentWidget() is session.window.welcome)
    session.window.add_folder(many_photos)
    session.lanes.index.pause()
    wait(qtbot, lambda: session.window.progress.text.startswith("En pausa"))
    session.window.close()
    assert session.all_ended


@pytest.mark.qt_log_ignore("This plugin does not support")  # the offscreen platform, of any dialog
def test_photos_that_cannot_be_read_are_listed_and_tried_again(
    open_session: OpenSession, qtbot: QtBot, photo_folder: Path
) -> None:
    good = (photo_folder / "china.jpg").read_bytes()
    (photo_folder / "rota.jpg").write_bytes(good[:20_000])
    (photo_folder / "vacía.png").touch()
    window = open_session(photo_folder).window
    wait_finished(qtbot, window)
    assert window.progress.failures_button.text() == "2 fotos no se pudieron leer"
    assert len(window.model.photo_ids) == 14
    qtbot.mouseClick(window.progress.failures_button, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: window.failures_dialog is not None)
    dialog = window.failures_dialog
    assert dialog is not None
    rows = [dialog.list.topLevelItem(row) for row in range(dialog.list.topLevelItemCount())]
    listed = {Path(row.text(0)).name: row.text(1) for row in rows if row is not None}
    assert set(listed) == {"rota.jpg", "vacía.png"}
    assert "vacío" in listed["vacía.png"]
    status = (photo_folder / "rota.jpg").stat()
    (photo_folder / "rota.jpg").write_bytes(good)
    assert status.st_size != len(good)
    (photo_folder / "vacía.png").unlink()
    qtbot.mouseClick(dialog.retry, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: len(window.model.photo_ids) == 15)
    wait_finished(qtbot, window)
    wait(qtbot, lambda: not window.progress.failures_button.isVisible())


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_removed_folder_takes_its_photos_along(window: MainWindow, qtbot: QtBot, photo_folder: Path) -> None:
    window.folders.list.setCurrentRow(0)
    window.folders.remove_action.trigger()
    question = window.folder_actions.question
    assert question is not None
    assert "14 fotos siguen en su sitio" in question.informativeText()
    next(button for button in question.buttons() if "Quitar" in button.text()).click()
    wait(qtbot, lambda: window.pages.currentWidget() is window.welcome)
    assert window.model.photo_ids == ()
    assert len(list(photo_folder.rglob("*.jpg"))) == 14, "the files stay"


def test_an_unplugged_drive_loses_nothing(
    open_session: OpenSession, qtbot: QtBot, photo_folder: Path, tmp_path: Path
) -> None:
    first = open_session(photo_folder)
    wait_finished(qtbot, first.window)
    first.window.close()
    photo_folder.rename(tmp_path / "desenchufado")
    window = open_session().window
    wait(qtbot, lambda: len(window.model.photo_ids) == 14)
    wait(qtbot, lambda: "no está conectada" in window.progress.text)
    wait_thumbnails(qtbot, window)
    china = id_of(window, "china.jpg")
    assert window.model.is_offline(china)
    assert "Sin conexión" in window.model.describe(china)
    item = window.folders.list.item(0)
    assert item.data(Qt.ItemDataRole.AccessibleTextRole) == "Fotos de Ñandú, Sin conexión · 14 fotos"
    assert searchable(window, qtbot) == 14
    window.grid.go_to(china)
    window.actions_.open.trigger()
    assert "conecta su disco" in window.notice.text
    (tmp_path / "desenchufado").rename(photo_folder)
    qtbot.mouseClick(window.progress.start_button, Qt.MouseButton.LeftButton)
    wait_finished(qtbot, window)
    wait(qtbot, lambda: not window.model.is_offline(china))


HOLD = """
import sys
from pathlib import Path
from photofinder.library.catalog import Catalog
with Catalog.open(Path(sys.argv[1]), writer=True) as catalog, catalog.lock_for_indexing():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_copy_of_the_program_can_still_search(
    open_session: OpenSession, qtbot: QtBot, photo_folder: Path, paths: DataPaths
) -> None:
    first = open_session(photo_folder)
    wait_finished(qtbot, first.window)
    first.window.close()
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(paths.catalog)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == "held\n"
        window = open_session().window
        wait(qtbot, lambda: "Otra copia de PhotoFinder" in window.progress.text)
        assert searchable(window, qtbot) == 14
        other.stdin.close()
        assert other.wait(60) == 0
    qtbot.mouseClick(window.progress.start_button, Qt.MouseButton.LeftButton)
    wait_finished(qtbot, window)
