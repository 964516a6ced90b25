"""«Buscar este mismo objeto», from the first wish to the photos, as a person meets it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from photofinder.library.catalog import Catalog
from photofinder.library.filters import Filters
from photofinder.model.pack import Pack
from photofinder.paths import DataPaths
from photofinder.settings import load_settings
from photofinder.ui.app import Session
from photofinder.ui.battery import Battery
from photofinder.ui.object_lane import ObjectProgress, Preparing
from photofinder.ui.search_lane import PhotoRegion
from tests.object_samples import fill_object_folder, scenes, vocabulary
from tests.ui.conftest import OpenSession, catalogue_without_network, wait, wait_answer, wait_finished


@pytest.fixture
def folder(tmp_path: Path, paths: DataPaths, pack: Pack) -> Path:
    folder = fill_object_folder(tmp_path / "Fotos", others=2)
    for png in folder.glob("*.png"):
        png.unlink()
    catalogue_without_network(folder, paths, pack)
    return folder


@pytest.fixture
def session(open_session: OpenSession, qtbot: QtBot, folder: Path) -> Session:
    session = open_session()
    wait_finished(qtbot, session.window)
    return session


def ids_by_name(session: Session) -> dict[str, int]:
    model = session.window.model
    return {path.name: one for one in model.photo_ids if (path := model.path_of(one)) is not None}


def known(session: Session, qtbot: QtBot) -> dict[str, int]:
    wait(qtbot, lambda: len(ids_by_name(session)) == 4)
    return ids_by_name(session)


def mark_the_logo(session: Session, qtbot: QtBot, photo_id: int, name: str) -> None:
    """Open the photo and drag a rectangle around its logo."""
    window = session.window
    window.preview.open(photo_id)
    wait(qtbot, lambda: window.preview.is_loaded)
    window.results.part.trigger()
    region, place = window.results.region, window.preview.canvas.place
    left, top, right, bottom = scenes()[name][1]
    corners = [
        QPoint(round(place.left() + x * place.width()), round(place.top() + y * place.height()))
        for x, y in ((left, top), (right, bottom))
    ]
    QTest.mousePress(region, Qt.MouseButton.LeftButton, pos=corners[0])
    QTest.mouseMove(region, corners[1])
    QTest.mouseRelease(region, Qt.MouseButton.LeftButton, pos=corners[1])
    assert region.same.isVisible() and region.search.isVisible()
    assert not region.same.geometry().intersects(region.search.geometry())
    assert region.rect().contains(region.same.geometry())


def shown(session: Session) -> set[int]:
    return set(session.window.model.photo_ids)


def test_the_story_of_a_logo(session: Session, qtbot: QtBot, paths: DataPaths) -> None:
    ids = known(session, qtbot)
    window, strip = session.window, session.objects.strip
    mark_the_logo(session, qtbot, ids["china.jpg"], "china.jpg")
    window.results.region.same.click()
    wait_answer(qtbot, window)
    assert window.pages.currentWidget() is window.empty
    assert "Ninguna foto está preparada todavía" in window.empty.text
    assert "faltan 4" in strip.text and strip.open_button.text() == "Preparar las fotos"
    strip.open_button.click()
    wait(qtbot, lambda: not session.objects.running and shown(session) == {ids["flower.jpg"]})
    assert strip.isHidden()
    assert window.model.sections[0].note.endswith("puntos coinciden")
    words = window.model.likeness_of(ids["flower.jpg"])
    assert words.endswith(" puntos coinciden") and int(words.split()[0]) >= 6
    assert words in window.model.describe(ids["flower.jpg"])
    assert window.search.headline() == "Con lo mismo que una parte de china.jpg"
    wait(qtbot, lambda: load_settings(paths.settings).prepare_objects)
    # a filter narrows it, words do not count and that is said
    window.bar.search_for("perro", Filters())
    wait_answer(qtbot, window)
    assert shown(session) == {ids["flower.jpg"]} and "no cuentan las palabras" in window.search.calm_line()
    window.bar.search_for("tipo:png", Filters())
    wait_answer(qtbot, window)
    assert shown(session) == set() and "No lo encuentro en otra foto" in window.empty.text
    window.search.clear()
    assert len(shown(session)) == 4


def prepare(session: Session, qtbot: QtBot) -> None:
    session.objects.start()
    wait(qtbot, lambda: not session.objects.running)


def test_a_whole_photo_and_the_keyboard(session: Session, qtbot: QtBot) -> None:
    ids = known(session, qtbot)
    prepare(session, qtbot)
    window = session.window
    window.grid.go_to(ids["flower.jpg"])
    assert window.results.same.isEnabled() and window.results.same in window.actions_.make_menu().actions()
    window.results.same.trigger()
    wait_answer(qtbot, window)
    assert window.search.headline() == "Con lo mismo que flower.jpg"
    window.search.clear()
    mark_the_logo(session, qtbot, ids["china.jpg"], "china.jpg")
    QTest.keyClick(window.results.region, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait_answer(qtbot, window)
    assert shown(session) == {ids["flower.jpg"]}


def test_a_plain_part_says_that_there_is_too_little_and_what_to_do(session: Session, qtbot: QtBot) -> None:
    ids = known(session, qtbot)
    prepare(session, qtbot)
    window = session.window
    path = window.model.path_of(ids["flower.jpg"])
    assert path is not None
    window.search.search_part(PhotoRegion(ids["flower.jpg"], path, (0.0, 0.0, 0.06, 0.06), same=True), "x")
    wait_answer(qtbot, window)
    assert "muy poco que reconocer" in window.empty.text and "Buscar esto" in window.empty.text


def test_a_photo_that_went_away_is_told(session: Session, qtbot: QtBot, folder: Path) -> None:
    ids = known(session, qtbot)
    (folder / "china.jpg").unlink()
    path = session.window.model.path_of(ids["china.jpg"])
    assert path is not None
    session.window.search.search_part(PhotoRegion(ids["china.jpg"], path, (0, 0, 1, 1), same=True), "china.jpg")
    wait(qtbot, lambda: not session.window.notice.isHidden())
    assert not session.window.search.active


def test_the_work_waits_for_the_analysis_and_for_mains(
    open_session: OpenSession, qtbot: QtBot, folder: Path, paths: DataPaths
) -> None:
    draining = [True]
    session = open_session(battery=Battery(lambda: draining[0], look_s=0.05))
    wait_finished(qtbot, session.window)
    session.objects.start()
    wait(qtbot, lambda: "espera su turno" in session.objects.strip.text)
    session.object_lane.set_busy(True)
    draining[0] = False
    qtbot.wait(200)
    assert session.objects.running
    with Catalog.open(paths.catalog) as catalog:
        assert catalog.count_points(vocabulary().name) == (0, 4)
    session.object_lane.set_busy(False)
    wait(qtbot, lambda: not session.objects.running)
    with Catalog.open(paths.catalog) as catalog:
        assert catalog.count_points(vocabulary().name) == (4, 0)


def test_stopping_is_kept_and_going_on_is_offered(session: Session, qtbot: QtBot, paths: DataPaths) -> None:
    session.object_lane.set_busy(True)
    session.objects.start()
    strip = session.objects.strip
    wait(qtbot, lambda: strip.is_running)
    assert load_settings(paths.settings).prepare_objects
    strip.cancel_button.click()
    wait(qtbot, lambda: strip.open_button.isVisible())
    assert "detenida" in strip.text and not load_settings(paths.settings).prepare_objects
    session.object_lane.set_busy(False)
    strip.open_button.click()
    wait(qtbot, lambda: not session.objects.running and strip.isHidden())


@pytest.mark.qt_log_ignore("This plugin does not support")  # the offscreen platform, of any dialog
def test_with_the_setting_new_photos_are_made_ready_after_the_analysis(
    open_session: OpenSession, qtbot: QtBot, folder: Path, paths: DataPaths
) -> None:
    paths.settings.parent.mkdir(parents=True, exist_ok=True)
    paths.settings.write_text('{"prepare_objects": true}')
    session = open_session()
    wait_finished(qtbot, session.window)

    def ready() -> bool:
        with Catalog.open(paths.catalog) as catalog:
            return catalog.count_points(vocabulary().name) == (4, 0)

    wait(qtbot, ready)
    session.control.open()
    assert session.control.dialog is not None and session.control.dialog.objects.isChecked()
    session.control.dialog.objects.click()
    assert not load_settings(paths.settings).prepare_objects


def test_what_the_world_does_is_told_in_one_sentence(session: Session, qtbot: QtBot) -> None:
    strip = session.objects.strip
    session.objects.take(ObjectProgress(Preparing.FAILED, error=OSError(28, "lleno")))
    assert strip.text.count(".") == 1 and strip.open_button.text() == "Intentar otra vez"
    session.objects.take(ObjectProgress(Preparing.DONE, 4, 4, 2))
    assert "2 fotos no se pudieron mirar" in strip.text and strip.open_button.isHidden()
    session.objects.take(ObjectProgress(Preparing.RUNNING, 1000, 4000, 0, 125.0))
    assert "1.000 de 4.000, quedan 2 min" in strip.text
