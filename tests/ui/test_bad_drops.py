"""What cannot be searched by: one kind sentence each, and nothing that was there is lost."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QByteArray, QMimeData, QPointF, QUrl
from pytestqt.qtbot import QtBot

from photofinder.ui.dragdrop import (
    DroppedAddress,
    DroppedArchive,
    DroppedElsewhere,
    DroppedFiles,
    interpret,
    may_be_of_use,
)
from photofinder.ui.main_window import MainWindow
from tests.ui.conftest import drop, wait, wait_answer


def files(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl(path.as_uri()) for path in paths])
    return mime


def addresses(*urls: str) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl(url) for url in urls])
    return mime


def promised(kind: str) -> QMimeData:
    mime = QMimeData()
    mime.setData(kind, QByteArray(b"\x00"))
    return mime


def a_zip(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "fotos.zip", "w") as archive:
        archive.writestr("a.jpg", b"x")
    return folder / "fotos.zip"


def a_file(name: str, content: bytes = b"nada que sea una foto") -> Callable[[Path], QMimeData]:
    def make(folder: Path) -> QMimeData:
        (folder / name).write_bytes(content)
        return files(folder / name)

    return make


def five_thousand(folder: Path) -> QMimeData:
    return files(*(folder / f"nota {n}.txt" for n in range(5000)))


def notes(folder: Path) -> QMimeData:
    for n in range(30):
        (folder / f"nota {n}.txt").write_text("nada")
    return files(*(folder / f"nota {n}.txt" for n in range(30)))


BAD: dict[str, tuple[Callable[[Path], QMimeData], str]] = {
    "address": (lambda _: addresses("https://example.org/a.jpg"), "no descarga nada de internet"),
    "zip": (lambda folder: files(a_zip(folder)), "«fotos.zip» es un archivo comprimido; descomprímelo"),
    "inside a zip, Windows": (lambda folder: files(a_zip(folder) / "a.jpg"), "todavía dentro de otro archivo"),
    "inside a zip, KDE": (lambda _: addresses("zip:/home/ana/fotos.zip/a.jpg"), "todavía dentro de otro archivo"),
    "promise": (
        lambda _: promised('application/x-qt-windows-mime;value="FileGroupDescriptorW"'),
        "todavía dentro de otro archivo",
    ),
    "phone": (lambda _: addresses("mtp://Pixel/DCIM/a.jpg"), "cópiala a una carpeta de este ordenador"),
    "no decoder": (a_file("dibujo.svg"), "PhotoFinder no sabe abrir «dibujo.svg»; expórtala como JPG"),
    "raw": (a_file("IMG_1.CR3"), "PhotoFinder no sabe abrir «IMG_1.CR3»"),
    "video": (a_file("boda.MP4"), "«boda.MP4» es un vídeo; guarda un fotograma"),
    "document": (a_file("carta.odt"), "«carta.odt» no es una foto"),
    "no ending": (a_file("LÉEME"), "«LÉEME» no es una foto"),
    "wrong name": (a_file("falsa.jpg"), "no es una imagen, aunque su nombre lo diga"),
    "empty": (a_file("vacía.jpg", b""), "el archivo está vacío"),
    "vanished": (lambda folder: files(folder / "se fue.jpg"), "ya no está donde estaba"),
    "vanished thousands": (five_thousand, "ya no está donde estaba"),
    "many that are no photos": (notes, "Ninguno de los 30 archivos se puede leer como foto"),
}


def test_one_kind_sentence_each_and_nothing_lost(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window.search.search_text("flor")
    wait_answer(qtbot, window)
    before = window.model.photo_ids
    for number, (kind, (make, said)) in enumerate(BAD.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        window.notice.hide()
        drop(window, make(folder))
        wait(qtbot, lambda: window.notice.text)
        assert said in window.notice.text, kind
        assert window.notice.text.count(". ") == 0, "one sentence"
        assert (window.bar.text, window.bar.has_photo) == ("flor", False), kind
        assert window.model.photo_ids == before, kind
        assert not window.search.waiting, kind


def test_of_thousands_of_files_a_few_photos_are_used(
    window: MainWindow, qtbot: QtBot, photo_folder: Path, tmp_path: Path
) -> None:
    many = [tmp_path / f"nota {n}.txt" for n in range(4999)]
    drop(window, files(*many, photo_folder / "flower.jpg"))
    wait_answer(qtbot, window)
    assert window.bar.photos[0].name == "flower.jpg"
    assert window.notice.text == "De los 5.000 archivos, busco con uno: «flower.jpg»."
    photos = sorted(photo_folder.rglob("IMG_*.jpg"))
    drop(window, files(*many[:7], *photos))
    wait_answer(qtbot, window)
    assert window.notice.text == "De los 19 archivos, busco con 6."
    assert [photo.name for photo in window.bar.photos] == [photo.name for photo in photos[:6]]


def test_a_long_text_is_searched_by_its_first_words(window: MainWindow, qtbot: QtBot) -> None:
    mime = QMimeData()
    mime.setText("una flor naranja en el jardín \n" * 100)
    drop(window, mime)
    wait_answer(qtbot, window)
    assert len(window.bar.text) <= 300
    assert window.bar.text.endswith(("una", "flor", "naranja", "en", "el", "jardín"))
    assert window.notice.text == "Ese texto es muy largo; busco con sus primeras palabras."


def test_a_photo_dropped_on_the_bar_comes_beside_the_others(
    window: MainWindow, qtbot: QtBot, photo_folder: Path
) -> None:
    def let_go(place: QPointF | None, name: str) -> None:
        drop(window, files(photo_folder / name), place)
        wait_answer(qtbot, window)

    on_bar = QPointF(window.bar.frame.mapTo(window, window.bar.frame.rect().center()))
    let_go(on_bar, "china.jpg")
    let_go(on_bar, "flower.jpg")
    assert [photo.name for photo in window.bar.photos] == ["china.jpg", "flower.jpg"]
    let_go(None, "flower.jpg")
    assert [photo.name for photo in window.bar.photos] == ["flower.jpg"]


def test_a_second_photo_that_cannot_be_read_leaves_the_first(
    window: MainWindow, qtbot: QtBot, photo_folder: Path, tmp_path: Path
) -> None:
    window.drops.add_file(photo_folder / "china.jpg")
    wait_answer(qtbot, window)
    window.drops.add_file(tmp_path / "no está.jpg")
    wait(qtbot, lambda: window.notice.text)
    assert [chip.words for chip in window.bar.strip.chips] == ["china.jpg"]


def test_what_is_taken_of_what_is_offered(tmp_path: Path) -> None:
    assert interpret(addresses("trash:/a.jpg")) == DroppedElsewhere("trash:/a.jpg")
    text = QMimeData()
    text.setText("www.example.org/a.jpg")
    assert interpret(text) == DroppedAddress("www.example.org/a.jpg")
    assert may_be_of_use(promised("XdndDirectSave0"))
    assert not may_be_of_use(promised("application/x-color"))
    (tmp_path / "a.zip").touch()
    assert interpret(files(tmp_path / "a.zip", tmp_path / "b.jpg")) == DroppedFiles((tmp_path / "b.jpg",))
    assert interpret(files(tmp_path / "a.zip")) == DroppedArchive("a.zip", inside=False)
    (tmp_path / "carpeta.zip").mkdir()
    inside = tmp_path / "carpeta.zip" / "b.jpg"
    assert interpret(files(inside)) == DroppedFiles((inside,)), "a folder that is only named so"
