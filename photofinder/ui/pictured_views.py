"""What the pictures of the documentation show: each view brings the window to it, and pictures it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QItemSelectionModel, QPoint, QRectF, QSize, Qt
from PySide6.QtWidgets import QDialog

from photofinder.library.filters import Filters
from photofinder.searches import SavedSearch
from photofinder.ui.photographer import Photographer, ScreenshotFailed

_WISHES = "flor o gata sin ladrillos"
_PLACE = "flor en Sevilla"
_TIME = "{phrase} en noviembre de 2026"
_BEGINNING = "flor en el ja"
_NONSENSE = ("boda en la playa", "jirafa en la sabana", "submarino bajo el hielo")
_NARROW = QSize(900, 600)
_FAVOURITES_OF_ALL = 3


def _welcome(at: Photographer) -> None:
    at.grab("welcome")


def _library(at: Photographer) -> None:
    at.settle()
    at.grab("library")


def _search(at: Photographer) -> None:
    at.search(at.phrase)
    at.grab("search")


def _narrow(at: Photographer) -> None:
    before = at.window.size()
    at.window.resize(_NARROW)
    at.search(at.phrase)
    at.grab("narrow")
    at.window.resize(before)


def _similar(at: Photographer) -> None:
    at.search(at.phrase)
    at.window.search.search_similar(at.first())
    at.settle()
    at.grab("similar")


def _chips(at: Photographer) -> None:
    window = at.window
    window.bar.search_for(_WISHES, Filters(types=("jpg",)))
    at.settle()
    window.top.filter_button.setChecked(True)
    at.wait("the filters", window.tools.panel.isVisible)
    at.live(0.3)
    at.settle()
    at.grab("chips")
    window.top.filter_button.setChecked(False)
    window.bar.search_for("", Filters())


def _asked(view: str, text: str, at: Photographer) -> None:
    """Parts of a search as chips; the keyboard is on the last one."""
    at.window.bar.search_for(text.format(phrase=at.phrase), Filters())
    at.settle()
    at.window.activateWindow()
    at.window.bar.strip.chips[-1].setFocus(Qt.FocusReason.TabFocusReason)
    at.live(0.1)
    at.grab(view)


def _completion(at: Photographer) -> None:
    window = at.window
    window.activateWindow()
    window.bar.edit.setFocus()
    window.bar.edit.setText(_BEGINNING)
    window.bar.edit.textEdited.emit(_BEGINNING)
    at.wait("completions", lambda: window.bar.completions.isVisible() and window.search.active)
    at.settle()
    at.grab("completion")
    window.bar.completions.hide()


def _nothing(at: Photographer) -> None:
    for text in _NONSENSE:
        at.search(text)
        if not at.window.model.photo_ids:
            break
    at.grab("nothing")


def _why(at: Photographer) -> None:
    at.search(at.phrase)
    at.window.results.explain(at.first())
    at.wait("why", lambda: at.window.results.panel.is_loaded)
    at.grab("why")
    at.window.results.panel.leave()


def _preview(at: Photographer) -> None:
    window = at.window
    at.search(at.phrase)
    window.preview.open(at.first())
    window.preview.info.show()
    at.wait("a preview", lambda: window.preview.is_loaded)
    at.live(0.3)
    at.grab("preview")


def _region(at: Photographer) -> None:
    """A rectangle around the middle of a photo."""
    window = at.window
    at.search(at.phrase)
    window.preview.open(at.first())
    window.preview.info.hide()
    at.wait("a preview", lambda: window.preview.is_loaded)
    at.live(0.3)
    window.results.part.trigger()
    place = window.preview.canvas.place
    part = QRectF(0, 0, place.width() * 0.36, place.height() * 0.44)
    part.moveCenter(place.center())
    window.results.region.mark(part)
    at.grab("region")
    window.results.region.leave()


def _same(at: Photographer) -> None:
    """The same object, after the photos were made ready for it."""
    at.session.objects.start()
    at.wait("photos that are ready", lambda: not at.session.objects.running)
    at.search(at.phrase)
    at.window.grid.go_to(at.first())
    at.window.results.same.trigger()
    at.settle()
    at.grab("same")


def _choose_some(at: Photographer) -> None:
    at.settle()
    grid, select = at.window.grid, QItemSelectionModel.SelectionFlag.Select
    for row in (1, 2, 4, 7):
        grid.selectionModel().select(at.window.model.index(row), select)


def _selection(at: Photographer) -> None:
    _choose_some(at)
    at.grab("selection")


def _photo_menu(at: Photographer) -> None:
    at.search(at.phrase)
    at.window.grid.go_to(at.first())
    menu = at.window.actions_.make_menu()
    menu.ensurePolished()
    menu.adjustSize()
    cell = at.window.grid.visualRect(at.window.model.index(0)).center()
    place = at.window.grid.viewport().mapTo(at.window, cell)
    place.setY(min(place.y(), at.window.height() - menu.height()))  # as a menu does on a screen
    at.grab("menu", menu, place)
    menu.close()


def _albums(at: Photographer) -> None:
    """Two albums; the one of the first photo that the phrase finds is open, and proposes more."""
    tools, lane = at.session.albums, at.session.album_lane
    at.search(at.phrase)
    first = at.first()
    at.window.search.clear()
    if not tools.panel.names:
        lane.create("Mis favoritas", None, at.window.model.photo_ids[:_FAVOURITES_OF_ALL])
        lane.create(at.phrase.capitalize(), None, (first,))
        at.wait("two albums", lambda: len(tools.panel.names) > 1)
    tools.panel.chosen.emit(tools.panel.names[at.phrase.capitalize()])
    at.wait("an album", lambda: tools.is_loaded)
    at.settle()
    at.grab("albums")


def _duplicates(at: Photographer) -> None:
    at.session.menu.duplicates.trigger()
    at.wait("duplicates", lambda: at.window.search.view is not None)
    at.settle()
    at.grab("duplicates")


def _odd(at: Photographer) -> None:
    at.session.menu.odd.actions()[-2].trigger()
    at.settle()
    at.grab("odd")


def _saved(at: Photographer) -> None:
    window = at.window
    for name, text in ((at.phrase.capitalize(), at.phrase), (_PLACE[0].upper() + _PLACE[1:], _PLACE)):
        window.tools.memory.save(SavedSearch(name, text, Filters()))
    at.search(at.phrase)
    window.tools.searches.open()
    menu = window.tools.searches.menu
    if menu is None:
        raise ScreenshotFailed("the menu of saved searches")
    star = window.bar.star
    at.live(0.1)
    at.grab("saved", menu, star.mapTo(window, QPoint(0, star.height() + 6)))
    menu.close()


def _sheet(at: Photographer) -> None:
    window = at.window
    window.tasks.ask_about_sheet(list(window.model.photo_ids), "")
    dialog = window.tasks.sheet_dialog
    assert dialog is not None
    at.settle()
    dialog.repaint()
    at.settle()
    at.grab("sheet", dialog)
    dialog.close()


def _folders(at: Photographer) -> None:
    window = at.window
    window.folder_actions.ask_for_all_failures()
    at.wait("the list of failures", lambda: window.failures_dialog is not None)
    dialog = window.failures_dialog
    assert dialog is not None
    first = dialog.list.topLevelItem(0)
    assert first is not None
    dialog.list.setCurrentItem(first)
    at.settle()
    at.grab("folders", dialog)
    dialog.close()


def _settings(view: str, section: int, at: Photographer) -> None:
    at.session.control.open()
    dialog = at.session.control.dialog
    assert dialog is not None
    dialog.show_section(section)
    at.wait("what a page tells", lambda: dialog.model_page.grid.count())
    at.live(0.3)
    _picture_dialog(view, dialog, at)


def _keys(at: Photographer) -> None:
    at.session.menu.show_keys()
    _picture_dialog("keys", at.window.findChildren(QDialog)[-1], at)


def _picture_dialog(view: str, dialog: QDialog, at: Photographer) -> None:
    at.settle()
    at.grab(view, dialog)
    dialog.close()


VIEWS: dict[str, Callable[[Photographer], None]] = {
    "welcome": _welcome,
    "library": _library,
    "search": _search,
    "narrow": _narrow,
    "similar": _similar,
    "chips": _chips,
    "places": partial(_asked, "places", _PLACE),
    "times": partial(_asked, "times", _TIME),
    "completion": _completion,
    "saved": _saved,
    "nothing": _nothing,
    "why": _why,
    "preview": _preview,
    "region": _region,
    "same": _same,
    "selection": _selection,
    "menu": _photo_menu,
    "sheet": _sheet,
    "albums": _albums,
    "duplicates": _duplicates,
    "odd": _odd,
    "folders": _folders,
    "settings": partial(_settings, "settings", 0),
    "analysis": partial(_settings, "analysis", 1),
    "data": partial(_settings, "data", 2),
    "descriptors": partial(_settings, "descriptors", 4),
    "keys": _keys,
}
"""By name; «welcome» is of a window that has no folder yet."""
