"""Names, EXIF and searches that try to be HTML, to turn the line around or to command a terminal are shown as text."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PIL.ExifTags import Base
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QAction
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLabel, QMenu, QMessageBox, QTreeWidget, QWidget
from pytestqt.qtbot import QtBot

from photofinder.cli.commands import main
from photofinder.errors import FailureReason, FolderUnavailable
from photofinder.library.catalog import Catalog
from photofinder.library.filters import Filters
from photofinder.messages import sentence
from photofinder.model.caption import CaptionRegressor
from photofinder.model.pack import Pack
from photofinder.paths import DataPaths
from photofinder.searches import SavedSearch
from photofinder.ui.app import Session
from photofinder.ui.completer import Completion, Source
from photofinder.ui.plain_text import plain_tip
from tests.conftest import write_photo
from tests.ui import surfaces
from tests.ui.conftest import OpenSession, catalogue_without_network, wait, wait_finished, wait_thumbnails

TAG = "<img src='file:x'><b>"
ASKED = f"flor {TAG} xyzzyq"
FORBIDDEN = ("\u202e", "\u2066", "\x1b", "\x07", "\x00")
"""What turns text around or speaks to a terminal; line breaks are Qt's business."""

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="no file has such a name there"),
    pytest.mark.qt_log_ignore("This plugin does not support"),  # the offscreen platform, of any dialog
]


def texts_of(widget: QWidget) -> Iterator[tuple[str, str, bool]]:
    """What a widget and all in it shows, as (where, text, whether Qt would read HTML in it)."""
    for one in (widget, *widget.findChildren(QWidget)):
        where = f"{type(one).__name__} {one.objectName()}"
        yield f"tip of {where}", one.toolTip(), GuiQt.mightBeRichText(one.toolTip())
        for text in (one.accessibleName(), one.accessibleDescription(), one.windowTitle()):
            yield where, text, False
        if isinstance(one, QLabel):
            kind = one.textFormat()
            guessed = kind == Qt.TextFormat.AutoText and GuiQt.mightBeRichText(one.text())
            yield f"text of {where}", one.text(), kind == Qt.TextFormat.RichText or guessed
        if isinstance(one, QAbstractButton):
            yield where, one.text(), False
        for action in one.actions():
            yield f"tip of action in {where}", action.toolTip(), GuiQt.mightBeRichText(action.toolTip())
        if isinstance(one, QAbstractItemView) and one.model() is not None:
            yield from _items(one, where)


def _items(view: QAbstractItemView, where: str) -> Iterator[tuple[str, str, bool]]:
    model = view.model()
    columns = 2 if isinstance(view, QTreeWidget) else 1  # a list keeps its own to itself
    for row in range(model.rowCount(QModelIndex())):
        for index in (model.index(row, column) for column in range(columns)):
            tip = str(index.data(Qt.ItemDataRole.ToolTipRole) or "")
            yield f"tip of an item of {where}", tip, GuiQt.mightBeRichText(tip)
            for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
                yield f"item of {where}", str(index.data(role) or ""), False


def check(widget: QWidget) -> int:
    """Nothing that came from outside is read as HTML or carries what is forbidden; how often it was met."""
    met = 0
    for where, text, rich in texts_of(widget):
        assert not (rich and "<img" in text), f"{where}: {text!r}"
        assert not any(character in text for character in FORBIDDEN), f"{where}: {text!r}"
        met += "img src=" in text
    return met


@pytest.fixture
def hostile(open_session: OpenSession, qtbot: QtBot, tmp_path: Path, paths: DataPaths, pack: Pack) -> Session:
    """A window on photos whose names, folder, camera and failures are hostile."""
    folder = tmp_path / f"fotos & {TAG}\u202e\x1b[31m"
    exif = Image.Exif()
    exif[Base.Make] = f"{TAG}\u202e\x1b]0;x\x07"
    for seed in range(3):
        write_photo(folder / f"{seed} {TAG}\u202egpj\x1b[2J.jpg", size=(160, 120), seed=seed, exif=exif)
    catalogue_without_network(folder, paths, pack)
    broken = folder / f"rota {TAG}\u2066\n.jpg"
    broken.write_bytes(b"no")
    with Catalog.open(paths.catalog, writer=True) as catalog:
        root, status = catalog.folders()[0], broken.stat()
        photo_id = catalog.add_or_update_photo(root.id, broken.name, status.st_size, status.st_mtime_ns)
        catalog.set_error(photo_id, FailureReason.DAMAGED, size=status.st_size, mtime_ns=status.st_mtime_ns)
        asked = CaptionRegressor(pack)(ASKED).vector
        assert asked is not None
        catalog.put_vectors(int(catalog.searchable_ids()[0]), "embedding", asked)
    session = open_session()
    wait_finished(qtbot, session.window)
    return session


def test_no_surface_takes_names_or_exif_for_html(hostile: Session, qtbot: QtBot) -> None:
    window = hostile.window
    window.top.folders_button.setChecked(True)
    wait_thumbnails(qtbot, window)
    assert check(window) >= 7, "photos and the folder are there with their tips"
    met = {}
    for name in ("filters", "preview", "selection", "failures", "leave out", "remove a folder", "contact sheet"):
        widget = surfaces.SURFACES[name](hostile, qtbot)
        if name == "filters":
            wait(qtbot, lambda: window.tools.panel.cameras.widgets)
        surfaces.settle()
        met[name] = check(widget)
        if widget.isWindow() and widget is not window:
            widget.close()
            surfaces.settle()
        window.preview.leave()
    assert min(met[name] for name in ("filters", "preview", "failures", "leave out", "remove a folder")) >= 1, met


def test_facts_of_a_photo_and_the_words_of_a_contact_sheet_are_clean_text(hostile: Session, qtbot: QtBot) -> None:
    window = hostile.window
    photo_id = next(one for one in window.model.photo_ids)
    window.preview.open(photo_id)
    wait(qtbot, lambda: window.preview.is_loaded)
    window.preview.info.setVisible(True)
    surfaces.settle()
    assert check(window.preview) >= 1
    panel = " ".join(text for _, text, _ in texts_of(window.preview.info))
    assert "img src=" in panel, "the camera is told as it calls itself"
    photo = window.preview.photo
    assert photo is not None and photo.camera is not None
    entry = hostile.lanes.sheets.entry(photo)
    for text in (photo.camera, entry.name, entry.date, entry.problem):
        assert not any(character in text for character in FORBIDDEN), text
    assert TAG in entry.name and "<img src=" in photo.camera


def test_the_console_is_told_text_alone(hostile: Session, capsys: pytest.CaptureFixture[str]) -> None:
    [folder] = hostile.window.folders.folders
    hostile.window.close()
    for command in (
        ["index", str(folder.path)],
        ["search", "tipo:jpg", "--limit", "9"],
        ["search", f"perro {TAG}\u202e\x1b[31mxyzzyq"],
        ["search", f"en {TAG}\u202e"],
        ["similar", str(folder.path / "no hay\x1b[2J.jpg")],
        ["folder"],
        ["duplicates"],
        ["oddities"],
        ["album", "list"],
    ):
        main([*command, "--language", "es"])
        for text in capsys.readouterr():
            assert not any(character in text for character in (*FORBIDDEN, "\x9b")), (command, text)
    main(["search", "tipo:jpg", "--json"])
    assert capsys.readouterr().out.isascii()


def test_what_was_asked_is_shown_as_it_was_typed(hostile: Session, qtbot: QtBot) -> None:
    window = hostile.window
    window.search.search_text(ASKED)
    surfaces.wait_answer(qtbot, window)
    assert check(window) >= 1
    photo_id = window.model.photo_ids[0]
    window.search.like(photo_id)
    surfaces.wait_answer(qtbot, window)
    assert check(window) >= 1
    window.bar.completions.offer([Completion(TAG, TAG, Source.HISTORY)])
    window.tools.memory.save(SavedSearch(TAG, "flor", Filters()))
    wait(qtbot, lambda: TAG in window.tools.searches._names)
    window.tools.searches.open()
    menu = window.tools.searches.menu
    assert isinstance(menu, QMenu)
    assert check(menu) + check(window) >= 2
    assert any(isinstance(action, QAction) and "img" in action.toolTip() for action in menu.actions())


def test_a_failure_at_the_start_names_its_file_as_text(hostile: Session) -> None:
    hostile._give_up(FolderUnavailable(Path(f"/{TAG}\u202e"), "missing"))
    dialog = hostile.failure_dialog
    assert isinstance(dialog, QMessageBox)
    assert check(dialog) == 1
    assert dialog.textFormat() == Qt.TextFormat.PlainText
    assert "\u202e" not in sentence(FolderUnavailable(Path("/a\u202eb"), "missing"))


@pytest.mark.parametrize("text", [TAG, "a\n<b>b</b>", "<!-- -->", "2 < 3 & 4", "<a href='x'>"])
def test_a_tip_shows_what_was_said(text: str) -> None:
    from PySide6.QtGui import QTextDocumentFragment

    tip = plain_tip(text)
    shown = QTextDocumentFragment.fromHtml(tip).toPlainText() if GuiQt.mightBeRichText(tip) else tip
    assert shown.replace("\u2028", "\n") == text
    assert plain_tip("IMG_0001.jpg\n3 MB") == "IMG_0001.jpg\n3 MB"
