"""What is chosen in the settings holds at once, is remembered, and can all be forgotten."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from photofinder.paths import DataPaths
from photofinder.settings import Settings, load_settings, save_settings
from photofinder.ui import app as app_module
from photofinder.ui.app import Session
from photofinder.ui.folder_lane import DataSizes, PackInfo
from photofinder.ui.settings_dialog import SettingsDialog
from photofinder.ui.settings_pages import ModelPage, shown_bytes
from photofinder.ui.shortcuts_dialog import ShortcutsDialog
from photofinder.ui.theme import DARK, LIGHT
from tests.ui.conftest import OpenSession, wait, wait_finished, wait_thumbnails

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # the offscreen platform


def opened(session: Session) -> SettingsDialog:
    session.menu.settings.trigger()
    assert session.control.dialog is not None
    return session.control.dialog


@pytest.fixture
def session(open_session: OpenSession, qtbot: QtBot) -> Session:
    session = open_session()
    wait(qtbot, lambda: session.window.pages.currentIndex() > 0)
    return session


def test_choices_hold_at_once_and_are_remembered(session: Session, paths: DataPaths) -> None:
    dialog = opened(session)
    before = session.theme.name
    dialog.appearance.setCurrentIndex(dialog.appearance.findData(LIGHT if before == DARK else DARK))
    assert session.theme.name != before
    height = session.window.welcome.other.sizeHint().height()
    dialog.text_scale.setCurrentIndex(2)
    assert session.window.welcome.other.sizeHint().height() > height
    dialog.text_scale.setCurrentIndex(0)
    dialog.watch.setChecked(False)
    dialog.battery.setChecked(False)
    dialog.threads.setValue(1)
    kept = load_settings(paths.settings)
    assert (kept.appearance, kept.text_scale) == (session.theme.name, 100)
    assert (kept.watch_folders, kept.pause_on_battery, kept.threads) == (False, False, 1)
    dialog.appearance.setCurrentIndex(0)
    assert session.theme.name == before


def test_settings_of_an_older_version_are_kept(paths: DataPaths, open_session: OpenSession, qtbot: QtBot) -> None:
    paths.settings.parent.mkdir(parents=True)
    paths.settings.write_text('{"language": "es", "thumbnail_side": 240}')
    session = open_session()
    wait(qtbot, lambda: session.window.pages.currentIndex() > 0)
    session.window.close()
    kept = load_settings(paths.settings)
    assert (kept.thumbnail_side, kept.appearance, kept.pause_on_battery) == (240, "system", True)


def test_nonsense_in_the_file_does_no_harm(paths: DataPaths, open_session: OpenSession, qtbot: QtBot) -> None:
    save_settings(paths.settings, Settings(appearance="mauve", text_scale=9000, threads=-4, language="fr"))
    session = open_session()
    wait(qtbot, lambda: session.window.pages.currentIndex() > 0)
    dialog = opened(session)
    assert (dialog.appearance.currentIndex(), dialog.text_scale.currentIndex(), dialog.threads.value()) == (0, 0, 0)


def test_where_the_data_is_and_what_answers(ready: Session, qtbot: QtBot) -> None:
    dialog = opened(ready)
    dialog.show_section(2)
    wait(qtbot, lambda: dialog.data_page.sizes["catalog"].text().endswith("KB"))
    wait(qtbot, lambda: dialog.model_page.grid.count() > 4)
    assert dialog.model_page.grid.itemAtPosition(0, 1).widget().text() == ready.lanes.index._models.pack().name
    assert shown_bytes(999, "es") == "999 B"
    assert shown_bytes(3_420_000, "es") == "3,4 MB"
    assert shown_bytes(3_420_000, "en") == "3.4 MB"
    assert shown_bytes(12_000_000_000, "es") == "12,0 GB"


def test_thumbnails_are_deleted_and_come_back(ready: Session, qtbot: QtBot) -> None:
    wait_thumbnails(qtbot, ready.window)
    measured: list[DataSizes] = []
    ready.dispatcher.folders.connect(lambda event: measured.append(event) if isinstance(event, DataSizes) else None)
    dialog = opened(ready)
    size = dialog.data_page.sizes["thumbnails"]
    wait(qtbot, lambda: size.text().endswith("KB"))
    known = len(measured)
    qtbot.mouseClick(dialog.data_page.thumbnails, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: len(measured) > known)  # less than before, unless they came back meanwhile
    assert size.text() == shown_bytes(measured[-1].thumbnails, "es")
    wait_thumbnails(qtbot, ready.window)


def test_every_key_is_listed(ready: Session) -> None:
    ready.menu.keys.trigger()
    (dialog,) = ready.window.findChildren(ShortcutsDialog)
    listed = {text: keys for keys, text in dialog.keys}
    assert listed["Ajustes"] == QKeySequence("Ctrl+,").toString(QKeySequence.SequenceFormat.NativeText)
    assert {"Buscar", "Pegar", "Copiar", "Atajos de teclado", "Filtros", "Quitar del catálogo"} <= set(listed)
    of_a_panel = QKeySequence("Del").toString(QKeySequence.SequenceFormat.NativeText)
    assert [text for keys, text in dialog.keys if keys == of_a_panel] == ["Borrar el álbum", "Quitar del catálogo"]
    elsewhere = {"En la foto grande"}  # where the keys of the grid have no say
    window_wide = [keys for name, pairs in dialog.groups.items() for keys, _ in pairs if name not in elsewhere]
    window_wide = [keys for keys in window_wide if keys != of_a_panel]
    assert len(window_wide) == len(set(window_wide)), "no key means two things"
    assert all(pairs for pairs in dialog.groups.values())
    assert ("Control+M", "Más como esta") in [(keys, text) for keys, text in dialog.groups["Con un resultado"]]
    assert "Seleccionar todo" in [text for _, text in dialog.groups["Con las fotos"]]
    dialog.close()


RUN = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel
from photofinder.paths import data_paths
from photofinder.ui import app as module
from photofinder.ui.main_window import MainWindow

module.CLOSING_S = 60
app = QApplication(sys.argv[:1])
made = []
original = module.Session.__init__
def noted(self, *arguments, **more):
    original(self, *arguments, **more)
    made.append(self)
module.Session.__init__ = noted
steps = sys.argv[2].split(",")

def act():
    session = made[-1]
    if session.window.pages.currentIndex() <= 0 or session in acted:
        return
    acted.append(session)
    step = steps.pop(0)
    print(step, session.language, session.window.pages.currentWidget() is session.window.welcome, flush=True)
    if step == "end":
        timer.stop()
        session.window.close()
        return
    session.menu.settings.trigger()
    dialog = session.control.dialog
    if step == "wipe":
        dialog.data_page.everything.click()
        wipe = dialog.data_page.wipe_dialog
        assert not wipe.confirm.isEnabled()
        wipe.edit.setText("delete")
        assert wipe.confirm.isEnabled()
        wipe.confirm.click()
    else:
        dialog.language.setCurrentIndex(dialog.language.findData(step))
        dialog.apply_language.click()
acted = []
timer = QTimer()
timer.timeout.connect(act)
timer.start(50)
sys.exit(module.run(data_paths(Path(sys.argv[1]))))
"""


def test_another_language_and_forgetting_all_open_the_window_anew(
    open_session: OpenSession, qtbot: QtBot, paths: DataPaths, photo_folder: Path
) -> None:
    first = open_session(photo_folder)
    wait_finished(qtbot, first.window)
    first.window.close()
    photos = {path: path.read_bytes() for path in photo_folder.rglob("*.jpg")}
    environment = {name: value for name, value in os.environ.items() if name != "PHOTOFINDER_LANGUAGE"}
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", RUN, str(paths.data.parent), "en,wipe,end"],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        env=environment | {"LANG": "es_ES.UTF-8", "LC_ALL": "es_ES.UTF-8"},
        check=False,
    )
    assert (done.returncode, done.stdout.splitlines()) == (
        0,
        ["en es False", "wipe en False", "end es True"],
    ), done.stderr
    assert {path: path.read_bytes() for path in photo_folder.rglob("*.jpg")} == photos
    assert not paths.thumbnails.exists()


def test_what_is_chosen_for_seasons_and_slideshow_is_kept(
    open_session: OpenSession, qtbot: QtBot, paths: DataPaths
) -> None:
    session = open_session()
    wait(qtbot, lambda: session.window.pages.currentIndex() > 0)
    dialog = opened(session)
    dialog.seasons.setCurrentIndex(dialog.seasons.findData("south"))
    assert session.window.bar.southern and session.lanes.search.southern
    assert session.window.tools.panel.start.southern and session.window.tools.panel.end.southern
    session.window.preview.slideshow.set_seconds(15)
    session.window.close()
    kept = load_settings(paths.settings)
    assert (kept.seasons, kept.slideshow_seconds) == ("south", 15)
    again = open_session()
    wait(qtbot, lambda: again.window.pages.currentIndex() > 0)
    assert again.window.bar.southern
    assert again.window.preview.slideshow.seconds == 15


def test_that_nothing_was_deleted_is_said(
    paths: DataPaths, monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    said: list[str] = []
    monkeypatch.setattr(app_module.QMessageBox, "warning", lambda parent, title, text: said.append(text))
    monkeypatch.setattr(app_module.os, "_exit", lambda code: None)
    monkeypatch.setattr(qapp, "exec", lambda: 0, raising=False)

    def hang(session: app_module.Session) -> None:
        session.wipe = True
        lane = session.lanes.why.lane
        join = lane.join
        monkeypatch.setattr(lane, "join", lambda deadline: join(deadline) and False)

    app_module.run(paths, watch=hang)
    assert len(said) == 1
    assert "No se ha borrado nada" in said[0]


@pytest.mark.parametrize(("language", "said"), [("es", "fotos nuestras"), ("en", "our photos")])
def test_a_card_says_what_it_can_in_the_persons_language(qtbot: QtBot, language: str, said: str) -> None:
    page = ModelPage(language)
    qtbot.addWidget(page)
    card = {"data": "our photos", "licence": "Apache-2.0", "es": {"data": "fotos nuestras"}}
    page.take(PackInfo("es-laptop", "f" * 32, card))
    texts = [label.text() for label in page.findChildren(QLabel)]
    assert said in texts
    assert "Apache-2.0" in texts
    assert len({"fotos nuestras", "our photos"} & set(texts)) == 1
