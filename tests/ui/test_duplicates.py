"""Duplicates and bursts in the window: looked for, shown as groups, selected, left; nothing is ever deleted."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from photofinder.model.pack import Pack
from photofinder.paths import DataPaths
from photofinder.ui.app import Session
from photofinder.ui.duplicates_view import DuplicatesView
from photofinder.ui.photo_model import PhotoIdRole
from photofinder.ui.tidy_lane import TidyProgress
from tests.conftest import draw_photo, write_photo
from tests.ui.conftest import (
    OpenSession,
    catalogue_without_network,
    shown_names,
    wait,
    wait_answer,
    wait_finished,
    wait_looked_at,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two versions of one picture, two of another one, and a photo that is alone."""
    folder = tmp_path / "Fotos"
    for seed in (1, 2):
        write_photo(folder / f"grande{seed}.jpg", size=(1200, 900), seed=seed)
        draw_photo((1200, 900), seed).resize((320, 240)).save(folder / f"pequeña{seed}.jpg")
    write_photo(folder / "sola.jpg", seed=7)
    return folder


def opened(open_session: OpenSession, qtbot: QtBot, folder: Path, paths: DataPaths, pack: Pack) -> Session:
    catalogue_without_network(folder, paths, pack)
    session = open_session()
    wait_finished(qtbot, session.window)
    return session


def find(session: Session, qtbot: QtBot) -> DuplicatesView:
    session.menu.duplicates.trigger()
    wait(qtbot, lambda: session.window.search.view is not None)
    return session.duplicates


def test_groups_come_as_sections_and_the_others_are_selected(
    open_session: OpenSession, qtbot: QtBot, folder: Path, paths: DataPaths, pack: Pack
) -> None:
    session = opened(open_session, qtbot, folder, paths, pack)
    window = session.window
    qtbot.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    assert session.duplicates.bar.is_running
    wait(qtbot, lambda: window.search.view is not None)
    view = session.duplicates
    assert not view.bar.is_running
    assert view.bar.text.startswith("2 grupos. De cada uno se propone guardar la primera; las demás (2) ocupan ")
    names = shown_names(window)
    assert sorted(names) == ["grande1.jpg", "grande2.jpg", "pequeña1.jpg", "pequeña2.jpg"]
    assert [name[:6] for name in names] == ["grande", "pequeñ", "grande", "pequeñ"]
    assert [section.title for section in window.model.sections] == ["Casi iguales", "Casi iguales"]
    assert window.model.sections[0].note == "2 fotos · la primera, porque tiene más píxeles"
    assert [window.model.look(row).best for row in range(4)] == [True, False, True, False]
    spoken = window.model.data(window.model.index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.endswith("la que se propone guardar")
    window.grid.setFocus()
    qtbot.keyClick(window.grid, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    chosen = {window.model.path_of(photo_id) for photo_id in window.grid.selected_ids()}
    assert chosen == {folder / "pequeña1.jpg", folder / "pequeña2.jpg"}
    window.actions_.copy_path.trigger()
    assert set(QApplication.clipboard().text().split("\n")) == {str(path) for path in chosen}
    assert len(list(folder.iterdir())) == 5


def test_groups_stay_while_the_library_changes_and_go_with_a_search(
    open_session: OpenSession, qtbot: QtBot, folder: Path, paths: DataPaths, pack: Pack
) -> None:
    session = opened(open_session, qtbot, folder, paths, pack)
    window, view = session.window, find(session, qtbot)
    shown = window.model.photo_ids
    session.lanes.search.refresh()
    wait(qtbot, lambda: window.library_is_current)
    assert window.model.photo_ids == shown
    assert window.model.data(window.model.index(0), PhotoIdRole) == shown[0]
    window.search.search_text("flor")
    wait_answer(qtbot, window)
    assert not view.is_open
    assert view.groups == ()
    window.search.clear()
    assert len(window.model.photo_ids) == 5


def test_escape_and_the_cross_lead_back_to_all_photos(
    open_session: OpenSession, qtbot: QtBot, folder: Path, paths: DataPaths, pack: Pack
) -> None:
    session = opened(open_session, qtbot, folder, paths, pack)
    for leave in (
        lambda: session.duplicates.bar.close_button.click(),
        lambda: qtbot.keyClick(session.window, Qt.Key.Key_Escape),
    ):
        view = find(session, qtbot)
        leave()
        assert not view.is_open
        assert len(session.window.model.photo_ids) == 5
        assert session.window.search.headline() == "5 fotos"


def test_looking_can_be_cancelled(
    open_session: OpenSession, qtbot: QtBot, folder: Path, paths: DataPaths, pack: Pack
) -> None:
    session = opened(open_session, qtbot, folder, paths, pack)
    view = session.duplicates
    view.open()
    view.take(TidyProgress(1, False, 3, 10))
    assert view.bar.text == "Mirando fotos: 3 de 10"
    view.take(TidyProgress(1, True, 1, 2))
    assert view.bar.text == "Comparando las fotos…"
    view.bar.cancel_button.click()
    assert not view.is_open
    view.take(TidyProgress(1, True, 2, 2))
    assert not view.is_open
    qtbot.wait(50)
    assert len(session.window.model.photo_ids) == 5


def test_without_duplicates_the_window_says_so(
    open_session: OpenSession, qtbot: QtBot, tmp_path: Path, paths: DataPaths, pack: Pack
) -> None:
    folder = tmp_path / "Fotos"
    for seed in range(3):
        write_photo(folder / f"{seed}.jpg", seed=seed)
    session = opened(open_session, qtbot, folder, paths, pack)
    view = find(session, qtbot)
    assert session.window.pages.currentWidget() is session.window.empty
    assert session.window.empty.text.startswith("No hay fotos duplicadas\n")
    assert view.bar.open_button.isHidden()
    view.bar.close_button.click()
    assert session.window.pages.currentWidget() is session.window.grid


def test_the_menu_leads_to_odd_photos_by_a_chip_that_can_be_removed(
    open_session: OpenSession, qtbot: QtBot, tmp_path: Path, paths: DataPaths, pack: Pack
) -> None:
    folder = tmp_path / "Fotos"
    for seed in range(3):
        write_photo(folder / f"{seed}.jpg", seed=seed)
    draw_photo(seed=9).point(lambda level: level // 12).save(folder / "noche.jpg")
    session = opened(open_session, qtbot, folder, paths, pack)
    window = session.window
    wait_looked_at(qtbot, paths)  # after the analysis, without being asked
    texts = [action.text() for action in session.menu.odd.actions()]
    assert texts == ["&Borrosas", "&Oscuras", "&Capturas de pantalla", "&Documentos", "D&istintas de las demás"]
    session.menu.odd.actions()[1].trigger()
    wait_answer(qtbot, window)
    assert shown_names(window) == ["noche.jpg"]
    (chip,) = window.bar.strip.chips
    assert (chip.content.label, chip.content.spoken) == ("Oscuras", "Clase: Oscuras")
    window.bar.strip.removed.emit(chip.content.key)
    assert window.bar.text == ""
    assert len(window.model.photo_ids) == 4
    window.search.search_text("sin fotos oscuras")
    wait_answer(qtbot, window)
    assert sorted(shown_names(window)) == ["0.jpg", "1.jpg", "2.jpg"]
    assert window.bar.strip.chips[0].content.label == "Sin oscuras"
