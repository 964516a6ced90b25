"""Everything of the window that can be looked at, one line each: the tests of languages and accessibility walk it.

Whoever adds a page, a dialog or a menu adds a line to ``SURFACES``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from photofinder.library.filters import Filters
from photofinder.searches import SavedSearch
from photofinder.ui.app import Session
from photofinder.ui.completer import Completion, Source
from photofinder.ui.shortcuts_dialog import ShortcutsDialog
from tests.conftest import write_photo
from tests.ui.conftest import wait, wait_answer, wait_finished, wait_thumbnails

Open = Callable[[Session, QtBot], QWidget]


def library_to_look_at(folder: Path) -> Path:
    """Three photos, and one that cannot be read."""
    for seed in range(3):
        write_photo(folder / f"IMG_{seed:04d}.jpg", size=(320, 240), seed=seed)
    (folder / "rota.jpg").write_bytes(b"no")
    return folder


def _library(session: Session, qtbot: QtBot) -> QWidget:
    session.window.search.clear()
    wait_thumbnails(qtbot, session.window)
    session.window.folders.list.setCurrentRow(0)
    session.window.notice.say("La foto no está donde estaba; conecta su disco.", warning=True, action="Ver")
    return session.window


def _results(session: Session, qtbot: QtBot) -> QWidget:
    session.window.notice.hide()
    session.window.search.search_text("flor")
    wait_answer(qtbot, session.window)
    return session.window


def _nothing(session: Session, qtbot: QtBot) -> QWidget:
    session.window.search.search_text("xyzzyqw")
    wait_answer(qtbot, session.window)
    return session.window


def _filters(session: Session, qtbot: QtBot) -> QWidget:
    session.window.search.clear()
    session.window.top.filter_button.setChecked(True)
    wait(qtbot, session.window.tools.panel.isVisible)
    return session.window.tools.panel


def _preview(session: Session, qtbot: QtBot) -> QWidget:
    window = session.window
    window.top.filter_button.setChecked(False)
    window.search.clear()
    wait(qtbot, lambda: window.model.photo_ids)
    window.preview.open(window.model.photo_ids[0])
    wait(qtbot, lambda: window.preview.is_loaded)
    window.preview.info.show()
    return window.preview


def _slideshow(session: Session, qtbot: QtBot) -> QWidget:
    window = session.window
    window.preview.info.hide()
    window.preview.slideshow.start()
    window.preview.slideshow.toggle_pause()
    window.preview.slideshow_bar.show()
    return window.preview


def _region(session: Session, qtbot: QtBot) -> QWidget:
    session.window.preview.slideshow.stop()
    session.window.results.part.trigger()
    return session.window.preview


def _why(session: Session, qtbot: QtBot) -> QWidget:
    window = session.window
    window.preview.leave()
    window.results.explain(window.model.photo_ids[0])
    wait(qtbot, lambda: window.results.panel.is_loaded)
    return window.results.panel


def _selection(session: Session, qtbot: QtBot) -> QWidget:
    session.window.results.panel.leave()
    wait_thumbnails(qtbot, session.window)
    session.window.grid.selectAll()
    return session.window.actions_.bar


def _sheet(session: Session, qtbot: QtBot) -> QWidget:
    session.window.actions_.sheet.trigger()
    dialog = session.window.tasks.sheet_dialog
    assert dialog is not None
    return dialog


def _history(session: Session, qtbot: QtBot) -> QWidget:
    window = session.window
    window.grid.clearSelection()
    window.search.clear()
    old = "flores amarillas en el jardín de la abuela"
    window.bar.completions.offer([Completion(old, old, Source.HISTORY)])
    return window


def _searches(session: Session, qtbot: QtBot) -> QWidget:
    window = session.window
    window.bar.completions.hide()
    window.tools.memory.save(SavedSearch("Las flores", "flor", Filters()))
    window.search.search_text("flor")
    wait_answer(qtbot, window)
    window.tools.searches.open()
    menu = window.tools.searches.menu
    assert menu is not None
    return menu


def _name_of_search(session: Session, qtbot: QtBot) -> QWidget:
    session.window.tools.searches.ask_name()
    dialog = session.window.tools.searches.dialog
    assert dialog is not None
    return dialog


def _saved(session: Session, qtbot: QtBot) -> QWidget:
    session.window.tools.searches.manage()
    dialog = session.window.tools.searches.dialog
    assert dialog is not None
    return dialog


def _chips(session: Session, qtbot: QtBot) -> QWidget:
    session.window.bar.search_for("flor sin gente en agosto de 2019 tipo:jpg", Filters())
    wait_answer(qtbot, session.window)
    return session.window


def _same_object(session: Session, qtbot: QtBot) -> QWidget:
    window = session.window
    window.search.clear()
    wait_thumbnails(qtbot, window)
    window.grid.go_to(window.model.photo_ids[0])
    window.results.same.trigger()
    wait_answer(qtbot, window)
    assert session.objects.strip.isVisible()
    return window


def _duplicates(session: Session, qtbot: QtBot) -> QWidget:
    session.menu.duplicates.trigger()
    wait(qtbot, lambda: session.window.search.view is not None)
    return session.window


def _failures(session: Session, qtbot: QtBot) -> QWidget:
    session.window.search.clear()
    session.window.folder_actions.ask_for_all_failures()
    wait(qtbot, lambda: session.window.failures_dialog is not None)
    dialog = session.window.failures_dialog
    assert dialog is not None
    dialog.list.setCurrentItem(dialog.list.topLevelItem(0))
    return dialog


def _exclude(session: Session, qtbot: QtBot) -> QWidget:
    session.window.folder_actions.edit_excludes(session.window.folders.folders[0])
    dialog = session.window.folder_actions.exclude_dialog
    assert dialog is not None
    wait(qtbot, lambda: dialog.count.text())
    return dialog


def _remove(session: Session, qtbot: QtBot) -> QWidget:
    session.window.folder_actions.ask_to_remove(session.window.folders.folders[0])
    question = session.window.folder_actions.question
    assert question is not None
    return question


def _settings(section: int) -> Open:
    def open_section(session: Session, qtbot: QtBot) -> QWidget:
        session.control.open()
        dialog = session.control.dialog
        assert dialog is not None
        dialog.show_section(section)
        wait(qtbot, lambda: dialog.model_page.grid.count())
        return dialog

    return open_section


def _download(session: Session, qtbot: QtBot) -> QWidget:
    _settings(4)(session, qtbot)
    assert session.control.dialog is not None
    page = session.control.dialog.similar_page
    page.descriptor.setCurrentIndex(page.descriptor.findData("vgg19-fc7"))
    wait(qtbot, page.download.isVisible)
    page.download.click()
    assert page.question is not None
    page.choose_bundled()
    return page.question


def _wipe(session: Session, qtbot: QtBot) -> QWidget:
    _settings(2)(session, qtbot)
    assert session.control.dialog is not None
    page = session.control.dialog.data_page
    page.everything.click()
    assert page.wipe_dialog is not None
    return page.wipe_dialog


def _keys(session: Session, qtbot: QtBot) -> QWidget:
    session.menu.show_keys()
    return session.window.findChildren(ShortcutsDialog)[-1]


def _albums(session: Session, qtbot: QtBot) -> QWidget:
    window, tools = session.window, session.albums
    window.search.clear()
    for name, photo_ids in (("Perú", window.model.photo_ids[:1]), ("Cuzco", ())):
        session.album_lane.create(name, None, photo_ids)
    wait(qtbot, lambda: len(tools.panel.tree.findItems("*", Qt.MatchFlag.MatchWildcard)) == 2)
    tools.panel.chosen.emit(tools.panel.tree.topLevelItem(1).data(0, Qt.ItemDataRole.UserRole))
    wait(qtbot, lambda: tools.is_loaded)
    wait_thumbnails(qtbot, window)
    return window


def _empty_album(session: Session, qtbot: QtBot) -> QWidget:
    tools = session.albums
    tools.panel.chosen.emit(tools.panel.tree.topLevelItem(0).data(0, Qt.ItemDataRole.UserRole))
    wait(qtbot, lambda: session.window.pages.currentWidget() is session.window.empty)
    return session.window


def _to_album(session: Session, qtbot: QtBot) -> QWidget:
    session.window.search.clear()
    wait_thumbnails(qtbot, session.window)
    session.window.grid.selectAll()
    session.albums.add.trigger()
    dialog = session.albums.dialog
    assert dialog is not None
    dialog.line.setText("Lima")
    return dialog


def _menu(make: Callable[[Session], QMenu]) -> Open:
    def open_menu(session: Session, qtbot: QtBot) -> QWidget:
        menu = make(session)
        menu.popup(session.window.mapToGlobal(QPoint(200, 60)))
        return menu

    return open_menu


SURFACES: dict[str, Open] = {
    "library": _library,
    "results": _results,
    "nothing found": _nothing,
    "filters": _filters,
    "preview": _preview,
    "slideshow": _slideshow,
    "a part of a photo": _region,
    "why a photo": _why,
    "selection": _selection,
    "menu of photos": _menu(lambda session: session.window.actions_.make_menu()),
    "contact sheet": _sheet,
    "history": _history,
    "saved searches": _searches,
    "name of a search": _name_of_search,
    "manage saved searches": _saved,
    "chips": _chips,
    "the same object": _same_object,
    "duplicates": _duplicates,
    "album": _albums,
    "empty album": _empty_album,
    "menu of an album": _menu(lambda session: session.albums.panel.make_menu()),
    "add to an album": _to_album,
    "failures": _failures,
    "leave out": _exclude,
    "remove a folder": _remove,
    "settings: general": _settings(0),
    "settings: analysis": _settings(1),
    "settings: data": _settings(2),
    "settings: model": _settings(3),
    "settings: likeness": _settings(4),
    "download weights": _download,
    "settings: about": _settings(-1),
    "delete everything": _wipe,
    "keys": _keys,
    "main menu": _menu(lambda session: session.menu),
    "menu of odd photos": _menu(lambda session: session.menu.odd),
    "menu of a folder": _menu(lambda session: session.window.folders.make_menu()),
}


def walk(session: Session, qtbot: QtBot, folder: Path) -> Iterator[tuple[str, QWidget]]:
    """Open every surface in turn, the first page before any folder is there; what was opened is closed again."""
    window = session.window
    wait(qtbot, lambda: window.pages.currentWidget() is window.welcome)
    yield "welcome", window
    window.add_folder(folder)
    wait(qtbot, lambda: window.folders.folders)
    wait_finished(qtbot, window)
    window.top.folders_button.setChecked(True)
    for name, open_surface in SURFACES.items():
        widget = open_surface(session, qtbot)
        settle()
        yield name, widget
        if widget.isWindow() and widget is not window:
            widget.close()
            settle()
    if session.control.dialog is not None:
        session.control.dialog.close()
    settle()


def settle() -> None:
    """Let layouts and deferred deletions happen."""
    for _ in range(4):
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def controls(widget: QWidget) -> list[QWidget]:
    """The widget and all that is shown in it."""
    return [widget, *(child for child in widget.findChildren(QWidget) if child.isVisibleTo(widget))]
