"""«Parecidos»: from the question about a download to an answer in the order of the descriptor, and the way back."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from photofinder.library.catalog import Catalog
from photofinder.model.descriptors import Comparison, find_descriptor
from photofinder.paths import DataPaths
from photofinder.search.described import Described
from photofinder.settings import Settings, load_settings, save_settings
from photofinder.ui.app import Session
from photofinder.ui.index_events import Phase, Progress
from photofinder.ui.main_window import MainWindow
from photofinder.ui.model_source import SharedDescriptor
from photofinder.ui.similar_page import SimilarPage
from tests.conftest import write_photo
from tests.descriptor_samples import SMALL, make_ready, offered
from tests.pack_samples import WeightsServer, save_weights
from tests.ui.conftest import PATIENCE_MS, OpenSession, wait, wait_answer

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # the offscreen platform


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_weights(tmp_path_factory.mktemp("weights"))


@pytest.fixture(autouse=True)
def server(weights: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WeightsServer]:
    with offered(weights, monkeypatch) as running:
        yield running


def page_of(session: Session, qtbot: QtBot) -> SimilarPage:
    """The page, with what there is on it."""
    session.control.open()
    assert session.control.dialog is not None
    session.control.dialog.show_section(4)
    page = session.control.dialog.similar_page
    wait(qtbot, lambda: page._states)
    return page


def choose(page: SimilarPage, name: str, distance: str = "cosine") -> None:
    page.descriptor.setCurrentIndex(page.descriptor.findData(name))
    page.distance.setCurrentIndex(page.distance.findData(distance))


def search_like(window: MainWindow, qtbot: QtBot) -> int:
    """Search by the first photo of the library; its id."""
    window.search.clear()
    wait(qtbot, lambda: window.model.photo_ids)
    photo_id = window.model.photo_ids[0]
    window.search.search_similar(photo_id)
    wait_answer(qtbot, window)
    return photo_id


def found(window: MainWindow) -> list[int]:
    """The photos of the answer, weak ones too, best first."""
    answer = window.search._answer
    assert answer is not None
    ids: list[int] = answer.found.photo_ids.tolist()
    return ids


def distances(paths: DataPaths, distance: str, window: MainWindow, photo_id: int) -> list[float]:
    """From a photo to those of the answer."""
    with Catalog.open(paths.catalog) as catalog:
        table = Described(Comparison(find_descriptor(SMALL), distance), catalog)
        table.follow()
        vector = table.vector(photo_id)
        assert vector is not None
        return [float(one) for one in table.distances(vector, np.asarray(found(window), dtype=np.int64))]


def described(paths: DataPaths) -> int:
    one = find_descriptor(SMALL)
    with Catalog.open(paths.catalog) as catalog:
        return catalog.descriptor(one.name, one.fingerprint, one.dim).progress()[0]


def test_the_story(ready: Session, qtbot: QtBot, paths: DataPaths, server: WeightsServer) -> None:
    window, page = ready.window, page_of(ready, qtbot)
    assert page.download.isHidden() and not page.distance.isEnabled()
    choose(page, SMALL, "l1")
    assert page.state.text().startswith("Faltan sus pesos") and "127.0.0.1" in page.state.text()
    assert (load_settings(paths.settings).descriptor, load_settings(paths.settings).distance) == (SMALL, "l1")
    # not there yet: the bundled model goes on, and the answer says so
    search_like(window, qtbot)
    assert "aún no está listo" in window.search.calm_line()
    assert len(found(window)) == 13
    by_the_model = found(window)

    qtbot.mouseClick(page.download, Qt.MouseButton.LeftButton)
    question = page.question
    assert question is not None and question.no.isDefault()
    qtbot.keyClick(question.no, Qt.Key.Key_Return)
    wait(qtbot, lambda: not any(widget is question for widget in QApplication.topLevelWidgets()))
    assert not server.requests, "no is no"

    qtbot.mouseClick(page.download, Qt.MouseButton.LeftButton)
    assert page.question is not None
    qtbot.mouseClick(page.question.yes, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: page.state.text().startswith("Calculado en 14 de 14"))
    assert len(server.requests) == 1 and described(paths) == 14
    assert page.download.isHidden() and page.remove.isVisibleTo(page) and page.bar.isHidden()
    assert "Red pequeña" in window.progress.text

    for distance in ("l1", "l2"):
        choose(page, SMALL, distance)
        photo_id = search_like(window, qtbot)
        result = window.search.result
        assert result is not None and result.compared is not None and result.compared.used
        assert result.compared.comparison.distance == distance and window.search.calm_line() == ""
        measured = distances(paths, distance, window, photo_id)
        assert measured == sorted(measured) and len(measured) == 13 and found(window) != by_the_model

    qtbot.mouseClick(page.remove, Qt.MouseButton.LeftButton)
    assert page.question is not None
    qtbot.mouseClick(page.question.yes, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: not page._states[SMALL].ready)
    assert (load_settings(paths.settings).descriptor, described(paths)) == ("", 0)
    search_like(window, qtbot)
    assert window.search.result is not None and window.search.result.compared is None


def test_a_download_can_be_ended_taken_up_again_and_fail(
    ready: Session, qtbot: QtBot, server: WeightsServer, weights: Path
) -> None:
    page = page_of(ready, qtbot)
    choose(page, SMALL)
    server.cuts = [weights.stat().st_size // 2, 0, 0]
    server.hang = 200_000
    page._download()
    wait(qtbot, lambda: page.state.text().startswith("Descargando"))
    assert page.end.isVisibleTo(page) and not page.descriptor.isEnabled()
    assert ready.control.dialog is not None
    ready.control.dialog.close()  # it goes on without its page
    wait(qtbot, lambda: ready.control.dialog is None)
    page = page_of(ready, qtbot)
    assert page.end.isVisibleTo(page) and not page.descriptor.isEnabled()
    qtbot.mouseClick(page.end, Qt.MouseButton.LeftButton)
    assert page.download.isVisibleTo(page) and page.bar.isHidden()
    server.over.set()
    server.hang = None
    server.status = 404
    page._download()
    wait(qtbot, lambda: "usa un archivo tuyo" in page.state.text())
    server.status, server.cuts = 0, []
    server.content = server.content[:-1] + b"?"
    page._download()
    wait(qtbot, lambda: "suma de comprobación" in page.state.text())
    page.use_file(str(Path(__file__)))
    wait(qtbot, lambda: "tamaño" in page.state.text())
    page.use_file(str(weights))
    wait(qtbot, lambda: page.state.text().startswith("Calculado en 14 de 14"))


def test_computing_goes_on_in_the_next_window_and_new_photos_get_theirs(
    ready: Session, qtbot: QtBot, paths: DataPaths, weights: Path, photo_folder: Path, open_session: OpenSession
) -> None:
    ready.window.close()
    make_ready(paths, weights)
    save_settings(paths.settings, Settings(descriptor=SMALL, distance="l1"))
    said: list[Progress] = []
    session = open_session()
    session.dispatcher.analysis.connect(said.append)
    wait(qtbot, lambda: described(paths) == 14)
    wait(qtbot, lambda: said and said[-1].describing and said[-1].phase is Phase.FINISHED)
    assert any(one.phase is Phase.ANALYSING and one.describing == "Red pequeña" and one.total == 14 for one in said)
    assert session.window.progress.text == "Listo: Red pequeña está calculado"
    # a photo from outside is described on the spot
    outside = shutil.copy(photo_folder / "flower.jpg", paths.data / "fuera.jpg")
    session.window.drops.add_file(Path(outside))
    wait_answer(qtbot, session.window)
    nearest = session.window.model.path_of(found(session.window)[0])
    result = session.window.search.result
    assert nearest is not None and nearest.name == "flower.jpg"
    assert result is not None and result.compared is not None and result.compared.used
    session.window.search.clear()
    write_photo(photo_folder / "nueva.jpg", seed=77)
    session.lanes.index.start()
    wait(qtbot, lambda: described(paths) == 15)


def test_what_was_stopped_rests_until_it_is_started(
    ready: Session, qtbot: QtBot, paths: DataPaths, weights: Path, photo_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photofinder.indexing.describe.describe_photos.__kwdefaults__", {"batch_size": 1})
    begun, go_on = threading.Event(), threading.Event()
    network = SharedDescriptor.__call__

    def held(self: SharedDescriptor, images: Any) -> Any:
        begun.set()
        go_on.wait(PATIENCE_MS / 1000)
        return network(self, images)

    monkeypatch.setattr(SharedDescriptor, "__call__", held)
    make_ready(paths, weights)
    said: list[Progress] = []
    ready.dispatcher.analysis.connect(said.append)
    index = ready.lanes.index
    choose(page_of(ready, qtbot), SMALL)
    wait(qtbot, begun.is_set)
    index.pause()
    go_on.set()
    wait(qtbot, lambda: said[-1].phase is Phase.PAUSED)
    assert said[-1].describing and "En pausa" in ready.window.progress.text
    index.cancel()
    wait(qtbot, lambda: said[-1].phase is Phase.STOPPED)
    assert "Cálculo detenido" in ready.window.progress.text
    done = described(paths)
    write_photo(photo_folder / "nueva.jpg", seed=78)
    index.start_folders({1})
    wait(qtbot, lambda: said[-1].phase is Phase.FINISHED and not said[-1].describing)
    assert described(paths) == done, "new photos are analysed, and what was stopped rests"
    qtbot.mouseClick(ready.window.progress.start_button, Qt.MouseButton.LeftButton)
    index.start()
    wait(qtbot, lambda: described(paths) == 15)


def test_nonsense_in_the_settings_is_the_bundled_model(
    paths: DataPaths, open_session: OpenSession, qtbot: QtBot
) -> None:
    save_settings(paths.settings, Settings(descriptor="vgg99", distance="far"))
    session = open_session()
    wait(qtbot, lambda: session.window.pages.currentIndex() > 0)
    page = page_of(session, qtbot)
    assert (page.descriptor.currentIndex(), page.distance.currentIndex()) == (0, 0)
    assert session.lanes.index.describing.chosen is None
