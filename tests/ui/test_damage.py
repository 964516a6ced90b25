"""A damaged catalogue, in the window: nothing is asked at the start, and later one button recovers it."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from photofinder.cli.commands import main
from photofinder.errors import CatalogDamaged
from photofinder.library.catalog import Catalog
from photofinder.model.pack import Pack
from photofinder.paths import DataPaths
from photofinder.searches import Searches, load_searches, save_searches
from photofinder.ui.app import Session
from photofinder.ui.index_lane import Phase, Progress
from photofinder.ui.main_window import MainWindow
from tests.ui.conftest import OpenSession, catalogue_without_network, wait, wait_finished


def test_a_damaged_catalogue_is_recovered_at_the_start(
    open_session: OpenSession, qtbot: QtBot, photo_folder: Path, paths: DataPaths, pack: Pack
) -> None:
    catalogue_without_network(photo_folder, paths, pack)
    with Catalog.open(paths.catalog, writer=True) as catalog:
        ids = sorted(catalog.all_photo_ids())
        catalog.set_favorite(ids[:3], True)
        catalog.back_up_if_due()
    paths.catalog.write_bytes(b"esto no es SQLite " * 400)
    window = open_session().window
    wait(qtbot, lambda: window.notice.text)
    assert "El catálogo estaba dañado y se ha apartado como «catalog-damaged-" in window.notice.text
    assert "se han recuperado 14 fotos" in window.notice.text
    wait_finished(qtbot, window)
    assert len(window.model.photo_ids) == 14
    with Catalog.open(paths.catalog) as again:
        photos = again.photos(ids)
        assert [photo_id for photo_id in ids if photos[photo_id].favorite] == ids[:3]


def test_damage_that_shows_later_is_one_button_away(
    ready: Session, qapp: QApplication, qtbot: QtBot, paths: DataPaths, pack: Pack
) -> None:
    window = ready.window
    damaged = CatalogDamaged(paths.catalog, "database disk image is malformed")
    ready.dispatcher.post("analysis", Progress(Phase.REFUSED, error=damaged))
    wait(qtbot, lambda: window.notice.button.text() == "Recuperar ahora")
    assert "El catálogo está dañado" in window.notice.text
    qtbot.mouseClick(window.notice.button, Qt.MouseButton.LeftButton)
    assert ready.again and ready.mend and ready.all_ended

    after = Session(qapp, paths, pack, watch=False, mend=ready.mend)
    qtbot.addWidget(after.window)
    after.start()
    wait(qtbot, lambda: len(after.window.model.photo_ids) == 14)
    assert "se han recuperado 14 fotos, y tus archivos no se tocan" in after.window.notice.text
    assert [path.name[:15] for path in paths.data.glob("catalog-damaged-*.sqlite")] == ["catalog-damaged"]
    wait_finished(qtbot, after.window)
    after.window.close()
    assert after.all_ended


def test_damaged_searches_are_said_once_in_the_window(
    qapp: QApplication, qtbot: QtBot, paths: DataPaths, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(sys, "setswitchinterval", lambda _: None)
    said: list[str] = []

    def look() -> int:
        [window] = [each for each in qapp.topLevelWidgets() if isinstance(each, MainWindow) and each.isVisible()]
        qtbot.addWidget(window)
        said.append(window.notice.text)
        return 0

    monkeypatch.setattr(qapp, "exec", look, raising=False)
    save_searches(paths.searches, Searches(("flor",)))
    paths.searches.write_bytes(b"\0" * 40)
    for _ in range(2):
        assert main(["gui", "--language", "es"]) == 0
    gc.unfreeze()
    assert said == [
        "Las búsquedas recordadas estaban dañadas y se han apartado como «searches.json.damaged», y siguen las de la"
        " copia.",
        "",
    ]
    assert load_searches(paths.searches) == Searches(("flor",))
