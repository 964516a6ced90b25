"""Albums in the window, from the first photo to the last undo, with mouse, keyboard and drag."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from photofinder.library.catalog import Catalog
from photofinder.model.pack import Pack
from photofinder.paths import DataPaths
from photofinder.ui import album_tools
from photofinder.ui.album_answers import answers
from photofinder.ui.album_tools import AlbumTools
from photofinder.ui.app import Session
from photofinder.ui.main_window import MainWindow
from tests.conftest import write_photo
from tests.ui.conftest import OpenSession, catalogue_without_network, wait, wait_answer, wait_finished

ALIKE = 10

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # dialogs, where there is no screen


@pytest.fixture
def session(open_session: OpenSession, qtbot: QtBot, tmp_path: Path, paths: DataPaths, pack: Pack) -> Iterator[Session]:
    """Forty photos, of which the first ten have something in common that the network saw."""
    folder = tmp_path / "Fotos"
    for number in range(40):
        write_photo(folder / f"IMG_{number:04d}.jpg", size=(64, 48), seed=number)
    catalogue_without_network(folder, paths, pack)
    rng = np.random.default_rng(4)
    with Catalog.open(paths.catalog, writer=True) as catalog:
        catalog.use_pack(pack.fingerprint, pack.feature_dim, pack.embedding_dim)
        with catalog.transaction():
            for kind, dim in (("feature", pack.feature_dim), ("embedding", pack.embedding_dim)):
                vectors = rng.standard_normal((ALIKE, dim))
                vectors[:, :30] += 5
                vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
                catalog.put_vectors(range(1, ALIKE + 1), kind, vectors.astype(np.float32))
    session = open_session()
    wait_finished(qtbot, session.window)
    yield session


@pytest.fixture
def window(session: Session) -> MainWindow:
    return session.window


@pytest.fixture
def albums(session: Session) -> AlbumTools:
    return session.albums


def choose(window: MainWindow, photo_ids: list[int]) -> None:
    """Select these photos of the grid."""
    window.grid.clearSelection()
    model = window.grid.selectionModel()
    for photo_id in photo_ids:
        row = window.model.row_of(photo_id)
        assert row is not None
        model.select(window.model.index(row), model.SelectionFlag.Select)


def make(albums: AlbumTools, window: MainWindow, qtbot: QtBot, name: str, photo_ids: list[int]) -> int:
    """An album with photos, by «Añadir al álbum…»; its id."""
    choose(window, photo_ids)
    albums.add.trigger()
    assert albums.dialog is not None
    albums.dialog.line.setText(name)
    albums.dialog.ok.click()
    wait(qtbot, lambda: name in names(albums))
    return next(one for one, branch in albums._branches.items() if branch.album.name == name)


def names(albums: AlbumTools) -> list[str]:
    return [albums.panel.row_text(album_id) for album_id in albums._branches]


def open_album(albums: AlbumTools, qtbot: QtBot, album_id: int) -> None:
    albums.open(album_id)
    wait(qtbot, lambda: albums.is_loaded)


def proposed(albums: AlbumTools, window: MainWindow) -> list[int]:
    return [photo_id for photo_id in window.model.photo_ids if albums.is_proposal(photo_id)]


def test_an_album_learns_from_a_yes_and_a_no(
    window: MainWindow, albums: AlbumTools, qtbot: QtBot, paths: DataPaths
) -> None:
    assert albums.panel.hint.isVisible()
    assert not albums.panel.tree.isVisible()
    album = make(albums, window, qtbot, "Playas", [1, 2, 3, 4])
    wait(qtbot, lambda: "creado con 4 fotos" in window.notice.text)
    window.notice.button.click()
    wait(qtbot, lambda: albums.is_loaded)
    assert window.header.headline.text() == "Playas"
    assert window.header.detail.text() == "4 fotos"
    assert "con 5 o más" in window.header.calm.text()
    titles = [section.title for section in window.model.sections]
    assert titles == ["Propuestas", "En el álbum"]
    first = proposed(albums, window)
    assert set(first[:3]) <= set(range(5, ALIKE + 1))

    window.activateWindow()  # after a dialog, where there is no desktop to do it
    wait(qtbot, window.isActiveWindow)
    window.grid.setFocus()
    window.grid.go_to(first[0])
    qtbot.keyClick(window.grid, Qt.Key.Key_S)
    wait(qtbot, lambda: albums.is_loaded and first[0] not in proposed(albums, window))
    assert window.header.detail.text() == "5 fotos"
    assert "Probado con tus propias fotos" in window.header.calm.text()
    assert "1 foto: en «Playas»." in window.notice.text
    second = window.grid.current_id()
    assert second is not None
    assert albums.is_proposal(second), "the keyboard goes on to the next proposal"

    qtbot.keyClick(window.grid, Qt.Key.Key_N)
    wait(qtbot, lambda: albums.is_loaded and second not in window.model.photo_ids)
    window.notice.button.click()
    wait(qtbot, lambda: albums.is_loaded and second in window.model.photo_ids)
    with Catalog.open(paths.catalog) as catalog:
        assert set(catalog.album_marks()[album].yes) == {1, 2, 3, 4, first[0]}
        assert catalog.album_marks()[album].no == ()
    assert window.bar.text == "", "the letters searched for nothing"


def test_proposals_are_told_to_who_does_not_see_them(
    window: MainWindow, albums: AlbumTools, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(album_tools, "announce", lambda widget, text: told.append(text))
    open_album(albums, qtbot, make(albums, window, qtbot, "Playas", [1, 2, 3, 4]))
    count = len(proposed(albums, window))
    assert told[-1] == f"«Playas» propone {count} fotos: S añade la elegida, N la descarta."
    role = Qt.ItemDataRole.AccessibleTextRole
    first, last = (window.model.index(row) for row in (0, len(window.model.photo_ids) - 1))
    assert str(first.data(role)).endswith("Propuestas")
    assert str(last.data(role)).endswith("En el álbum")
    target = proposed(albums, window)[0]
    albums.judge([target], False)
    wait(qtbot, lambda: albums.is_loaded and target not in window.model.photo_ids)
    assert len(told) == 2 and told[-1].startswith("«Playas» propone")


def test_ticks_and_crosses_answer_to_the_mouse(window: MainWindow, albums: AlbumTools, qtbot: QtBot) -> None:
    open_album(albums, qtbot, make(albums, window, qtbot, "Playas", [1, 2, 3, 4]))
    for place, right in ((0, True), (1, False)):
        target = proposed(albums, window)[0]
        row = window.model.row_of(target)
        assert row is not None
        cell = window.grid.visualRect(window.model.index(row))
        qtbot.mouseClick(window.grid.viewport(), Qt.MouseButton.LeftButton, pos=answers(cell)[place].center())
        wait(qtbot, lambda target=target: albums.is_loaded and not albums.is_proposal(target))
        assert (target in window.model.photo_ids) is right
    assert window.grid.selected_count() <= 1


def test_photos_are_taken_out_and_an_empty_album_says_what_to_do(
    window: MainWindow, albums: AlbumTools, qtbot: QtBot
) -> None:
    open_album(albums, qtbot, make(albums, window, qtbot, "Playas", [1]))
    choose(window, [1])
    assert not albums.yes.isEnabled()
    albums.out.trigger()
    wait(qtbot, lambda: window.pages.currentWidget() is window.empty)
    assert "Este álbum está vacío" in window.empty.text
    assert "Ctrl+J" in window.empty.text
    assert not window.empty.add.isVisible()
    window.notice.button.click()
    wait(qtbot, lambda: window.pages.currentWidget() is window.grid)


def test_leaving_an_album_brings_back_what_is_asked_for(window: MainWindow, albums: AlbumTools, qtbot: QtBot) -> None:
    album = make(albums, window, qtbot, "Playas", [1, 2])
    open_album(albums, qtbot, album)
    assert len(window.model.photo_ids) < 40
    qtbot.keyClick(window.grid, Qt.Key.Key_Escape)
    qtbot.keyClick(window.grid, Qt.Key.Key_Escape)
    assert window.header.headline.text() == "40 fotos"
    assert albums.open_id is None
    assert not albums.yes.isVisible()
    open_album(albums, qtbot, album)
    window.search.search_text("flor")
    wait_answer(qtbot, window)
    assert albums.open_id is None
    assert window.header.headline.text() == "Resultados para «flor»"
    open_album(albums, qtbot, album)
    assert window.bar.text == ""
    assert not window.search.active
    window.take_library(window._library)
    assert window.header.headline.text() == "Playas", "news of the library do not push the album away"


def test_albums_are_renamed_moved_and_deleted_with_a_way_back(
    window: MainWindow, albums: AlbumTools, qtbot: QtBot
) -> None:
    peru, cuzco = (make(albums, window, qtbot, name, [number]) for number, name in ((1, "Perú"), (2, "Cuzco")))
    albums.panel.select(cuzco)
    albums.panel.move_to.trigger()
    assert albums.dialog is not None
    assert albums.dialog.list.count() == 2
    albums.dialog.line.setText("per")
    albums.dialog.ok.click()
    wait(qtbot, lambda: albums._branches[cuzco].path == "Perú/Cuzco")
    albums.panel.tree.album_dropped.emit(peru, cuzco)
    wait(qtbot, lambda: "no cabe dentro de sí mismo" in window.notice.text)

    item = albums.panel._items[cuzco]
    item.setText(0, "Machu Picchu")
    assert item.text(0) == "Cuzco", "until the catalogue has it"
    wait(qtbot, lambda: "Machu Picchu" in names(albums))
    albums.panel._items[cuzco].setText(0, "a/b")
    wait(qtbot, lambda: "barra" in window.notice.text)

    open_album(albums, qtbot, cuzco)
    assert window.header.headline.text() == "Perú/Machu Picchu"
    albums.panel.select(peru)
    albums.panel.remove.trigger()
    wait(qtbot, lambda: "Álbum «Perú» borrado; tus fotos siguen en su sitio." in window.notice.text)
    wait(qtbot, lambda: not albums._branches)
    assert albums.open_id is None
    assert len(window.model.photo_ids) == 40
    window.notice.button.click()
    wait(qtbot, lambda: names(albums) == ["Perú", "Machu Picchu"])


def test_an_album_in_an_album_is_made_from_the_menu(window: MainWindow, albums: AlbumTools, qtbot: QtBot) -> None:
    albums.panel.add.click()
    assert albums.dialog is not None
    assert not albums.dialog.ok.isEnabled()
    assert not albums.dialog.list.isVisible()
    albums.dialog.line.setText("  Perú ")
    albums.dialog.ok.click()
    wait(qtbot, lambda: names(albums) == ["Perú"])
    albums.panel.select(next(iter(albums._branches)))
    assert [action.text() for action in albums.panel.make_menu().actions() if action.text()] == [
        "Nuevo álbum dentro…", "Cambiar el nombre", "Mover a otro álbum…", "Borrar el álbum",
    ]  # fmt: skip
    albums.panel.inside.trigger()
    albums.dialog.line.setText("Cuzco")
    albums.dialog.ok.click()
    wait(qtbot, lambda: [branch.path for branch in albums._branches.values()] == ["Perú", "Perú/Cuzco"])


def test_photos_dropped_on_an_album_go_into_it(
    window: MainWindow, albums: AlbumTools, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    album = make(albums, window, qtbot, "Playas", [1])
    open_it = albums._branches[album]
    assert open_it.yes == (1,)
    choose(window, [3, 4])
    albums.panel.tree.photos_dropped.emit(album)
    wait(qtbot, lambda: set(albums._branches[album].yes) == {1, 3, 4})
    assert "2 fotos: en «Playas»." in window.notice.text
    albums.panel.tree.photos_dropped.emit(album)
    wait(qtbot, lambda: "no cambia nada" in window.notice.text)


def test_something_from_outside_is_for_the_search_not_for_an_album(
    window: MainWindow, albums: AlbumTools, qtbot: QtBot
) -> None:
    make(albums, window, qtbot, "Playas", [1])
    mime = QMimeData()
    left, none, copy = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    event = QDragEnterEvent(QPoint(5, 5), copy, mime, left, none)
    QApplication.sendEvent(albums.panel.tree, event)
    assert not event.isAccepted()


def test_the_tree_says_how_many_more_there_are(window: MainWindow, albums: AlbumTools, qtbot: QtBot) -> None:
    album = make(albums, window, qtbot, "Playas", [1, 2, 3, 4, 5])

    def read_aloud() -> str:
        return str(albums.panel._items[album].data(0, Qt.ItemDataRole.AccessibleTextRole))

    wait(qtbot, lambda: "propuesta" in read_aloud())
    assert read_aloud().startswith("Playas, 5 fotos · ")


def test_albums_are_there_after_a_restart(
    session: Session, albums: AlbumTools, qtbot: QtBot, open_session: OpenSession
) -> None:
    make(albums, session.window, qtbot, "Playas", [1, 2])
    session.window.close()
    again = open_session()
    wait(qtbot, lambda: names(again.albums) == ["Playas"])
