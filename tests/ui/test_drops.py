"""Everything that can be dropped or pasted, on the real window."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from photofinder.ui.dragdrop import (
    DroppedAddress,
    DroppedFiles,
    DroppedFolders,
    DroppedImage,
    DroppedText,
    interpret,
    is_only_text,
)
from photofinder.ui.main_window import MainWindow
from tests.conftest import MakePhoto
from tests.ui.conftest import (
    OpenSession,
    drop,
    id_of,
    wait,
    wait_answer,
    wait_finished,
    wait_thumbnails,
)


def files(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl(path.as_uri()) for path in paths])
    mime.setText("\n".join(path.as_uri() for path in paths))  # as KDE does
    return mime


def first_name(window: MainWindow) -> str:
    path = window.model.path_of(window.model.photo_ids[0])
    assert path is not None
    return path.name


def test_a_file_finds_itself(window: MainWindow, qtbot: QtBot, photo_folder: Path) -> None:
    drop(window, files(photo_folder / "flower.jpg"))
    assert window.bar.has_photo
    assert window.header.detail.text() == "Mirando la foto…"
    wait_answer(qtbot, window)
    assert first_name(window) == "flower.jpg"
    assert window.header.headline.text() == "Parecidas a flower.jpg"
    assert not window.notice.text


def test_a_file_with_an_odd_name(window: MainWindow, qtbot: QtBot, photo_folder: Path, tmp_path: Path) -> None:
    odd = tmp_path / "Año\nñu 😀 %41#?.jpg"
    odd.write_bytes((photo_folder / "china.jpg").read_bytes())
    drop(window, files(odd))
    wait_answer(qtbot, window)
    assert first_name(window) == "china.jpg"


def test_pixels_of_a_browser(window: MainWindow, qtbot: QtBot, photo_folder: Path) -> None:
    mime = QMimeData()
    mime.setImageData(QImage(str(photo_folder / "flower.jpg")))
    mime.setUrls([QUrl("https://example.org/flor.jpg")])
    drop(window, mime)
    wait_answer(qtbot, window)
    assert first_name(window) == "flower.jpg"
    assert window.header.headline.text() == "Parecidas a la imagen"


def test_encoded_image_data(window: MainWindow, qtbot: QtBot, photo_folder: Path) -> None:
    mime = QMimeData()
    mime.setData("image/jpeg", QByteArray((photo_folder / "china.jpg").read_bytes()))
    drop(window, mime)
    wait_answer(qtbot, window)
    assert first_name(window) == "china.jpg"


def test_an_image_inside_an_address(window: MainWindow, qtbot: QtBot, photo_folder: Path) -> None:
    mime = QMimeData()
    encoded = base64.b64encode((photo_folder / "china.jpg").read_bytes()).decode()
    mime.setText(f"data:image/jpeg;base64,{encoded}")
    drop(window, mime)
    wait_answer(qtbot, window)
    assert first_name(window) == "china.jpg"


@pytest.mark.parametrize("as_text", [True, False])
def test_an_address_is_never_fetched(window: MainWindow, as_text: bool) -> None:
    mime = QMimeData()
    if as_text:
        mime.setText("https://example.org/playa.jpg")
    else:
        mime.setUrls([QUrl("https://example.org/playa.jpg")])
    drop(window, mime)
    assert "no descarga nada de internet" in window.notice.text
    assert not window.search.active


def test_words(window: MainWindow, qtbot: QtBot) -> None:
    mime = QMimeData()
    mime.setText("  una flor\n naranja ")
    drop(window, mime)
    wait_answer(qtbot, window)
    assert window.bar.text == "una flor naranja"


def test_a_folder_is_offered_and_added(window: MainWindow, qtbot: QtBot, tmp_path: Path, make_photo: MakePhoto) -> None:
    make_photo(tmp_path / "Más fotos" / "nueva.jpg", seed=77)
    drop(window, files(tmp_path / "Más fotos"))
    assert window.notice.text == "¿Añadir la carpeta «Más fotos» y analizar sus fotos?"
    qtbot.mouseClick(window.notice.button, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: len(window.model.photo_ids) == 15)
    wait_finished(qtbot, window)
    assert len(window.folders.folders) == 2


def test_a_folder_inside_another_is_refused_in_one_sentence(
    window: MainWindow, qtbot: QtBot, photo_folder: Path
) -> None:
    drop(window, files(photo_folder / "2019"))
    qtbot.mouseClick(window.notice.button, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: "comparte fotos" in window.notice.text)
    assert len(window.folders.folders) == 1


def test_of_several_files_all_that_can_be_read_are_used(
    window: MainWindow, qtbot: QtBot, photo_folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "nota.txt").write_text("no soy una foto")
    (tmp_path / "vacía.jpg").touch()
    drop(window, files(tmp_path / "nota.txt", tmp_path / "vacía.jpg", photo_folder / "flower.jpg"))
    wait_answer(qtbot, window)
    assert first_name(window) == "flower.jpg"
    assert window.notice.text == "De los 3 archivos, busco con uno: «flower.jpg»."
    assert [chip.words for chip in window.bar.strip.chips] == ["flower.jpg"]
    drop(window, files(photo_folder / "china.jpg", photo_folder / "flower.jpg"))
    wait_answer(qtbot, window)
    assert not window.notice.text, "each has its chip"
    assert [chip.words for chip in window.bar.strip.chips] == ["china.jpg", "flower.jpg"]
    window.search.repeat()
    wait_answer(qtbot, window)
    window.search.remove_photo_at(0)
    wait_answer(qtbot, window)
    assert first_name(window) == "flower.jpg"


def test_an_unreadable_file_is_one_sentence_and_nothing_is_lost(
    window: MainWindow, qtbot: QtBot, photo_folder: Path, tmp_path: Path
) -> None:
    window.search.search_text("flor")
    wait_answer(qtbot, window)
    before = window.model.photo_ids
    (tmp_path / "rota.jpg").write_bytes(b"\xff\xd8\xff esto no es")
    drop(window, files(tmp_path / "rota.jpg"))
    wait(qtbot, lambda: window.notice.text)
    assert "No se pudo leer la foto" in window.notice.text
    assert "rota.jpg" in window.notice.text
    assert (window.bar.text, window.bar.has_photo) == ("flor", False)
    assert window.model.photo_ids == before
    assert window.header.headline.text() == "Resultados para «flor»"
    drop(window, files(photo_folder / "china.jpg"))
    wait_answer(qtbot, window)
    assert window.header.headline.text() == "«flor» y parecidas a china.jpg, por ambos"
    drop(window, files(tmp_path / "rota.jpg"))
    wait(qtbot, lambda: "rota.jpg" in window.notice.text)
    assert window.header.headline.text() == "«flor» y parecidas a china.jpg, por ambos"


def test_damaged_image_data_is_one_sentence(window: MainWindow, qtbot: QtBot) -> None:
    mime = QMimeData()
    mime.setData("image/png", QByteArray(b"\x89PNG\r\n\x1a\n nada"))
    drop(window, mime)
    wait(qtbot, lambda: window.notice.text)
    assert "No se pudo leer" in window.notice.text
    assert len(window.model.photo_ids) == 14


def test_a_photo_dropped_before_any_folder_asks_for_one(
    open_session: OpenSession, qtbot: QtBot, photo_folder: Path
) -> None:
    window = open_session().window
    wait(qtbot, lambda: window.pages.currentWidget() is window.welcome)
    drop(window, files(photo_folder / "china.jpg"))
    assert "Primero elige una carpeta" in window.notice.text
    assert not window.search.active


def test_what_is_of_no_use_is_said(window: MainWindow) -> None:
    window.drops.take(None)
    assert "suelta o pega una foto" in window.notice.text


def test_pasting_a_picture(window: MainWindow, qtbot: QtBot, photo_folder: Path) -> None:
    QGuiApplication.clipboard().setImage(QImage(str(photo_folder / "flower.jpg")))
    window.bar.edit.setFocus()
    qtbot.keyClick(window.bar.edit, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    wait_answer(qtbot, window)
    assert first_name(window) == "flower.jpg"


def test_pasting_words_into_the_bar_stays_with_the_bar(window: MainWindow, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("naranja")
    window.bar.edit.setFocus()
    qtbot.keyClicks(window.bar.edit, "flor ")
    qtbot.keyClick(window.bar.edit, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert window.bar.edit.text() == "flor naranja"


def test_copied_photos_can_be_pasted_back(window: MainWindow, qtbot: QtBot, photo_folder: Path) -> None:
    wait_thumbnails(qtbot, window)
    window.grid.go_to(id_of(window, "china.jpg"))
    window.actions_.copy.trigger()
    clipboard = QGuiApplication.clipboard()
    assert clipboard.mimeData().urls() == [QUrl((photo_folder / "china.jpg").as_uri())]
    wait(qtbot, lambda: clipboard.mimeData().hasImage())
    assert clipboard.mimeData().urls() == [QUrl((photo_folder / "china.jpg").as_uri())]
    assert clipboard.image().width() == 640
    window.paste()
    wait_answer(qtbot, window)
    assert first_name(window) == "china.jpg"


def test_the_order_is_files_then_image_then_address_then_words(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()
    mime = files(tmp_path / "a.jpg")
    mime.setImageData(QImage(4, 4, QImage.Format.Format_RGB32))
    assert interpret(mime) == DroppedFiles((tmp_path / "a.jpg",))
    remote = QMimeData()
    remote.setUrls([QUrl("https://example.org/a.jpg")])
    remote.setText("https://example.org/a.jpg")
    assert interpret(remote) == DroppedAddress("https://example.org/a.jpg")
    remote.setImageData(QImage(4, 4, QImage.Format.Format_RGB32))
    assert isinstance(interpret(remote), DroppedImage)
    folders = files(tmp_path)
    assert interpret(folders) == DroppedFolders((tmp_path,))
    words = QMimeData()
    words.setText(" perro ")
    assert interpret(words) == DroppedText("perro")
    assert is_only_text(words)
    assert not is_only_text(mime)
    assert interpret(QMimeData()) is None


def test_file_addresses_as_words_and_names_that_are_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "a b.jpg").touch()
    words = QMimeData()
    words.setText((tmp_path / "a b.jpg").as_uri())
    assert interpret(words) == DroppedFiles((tmp_path / "a b.jpg",))
    odd = tmp_path / "\udcff.jpg"
    assert interpret(files_of_urls(odd)) == DroppedFiles((odd,))


def files_of_urls(path: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl(path.as_uri())])
    return mime
