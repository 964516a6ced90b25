"""Starting and ending: torch stays out of the way, and what cannot work ends with one sentence and exit code 1."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from photofinder.library.catalog import Catalog
from photofinder.model.pack import Pack
from photofinder.paths import DataPaths
from photofinder.settings import Settings, load_settings, save_settings
from photofinder.ui.app import Session
from tests.ui.conftest import OpenSession, wait, wait_answer, wait_finished

FIRST_PAINT = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from photofinder.paths import data_paths
from photofinder.ui.app import Session

app = QApplication(sys.argv[:1])
session = Session(app, data_paths(Path(sys.argv[1])))
session.start()
while not (session.window.isVisible() and session.window.pages.currentIndex() > 0):
    app.processEvents()
assert not session.window.grab().isNull()
print(sorted(name for name in sys.modules if name in ("torch", "torchvision", "sklearn")))
session.window.close()
"""

RUN = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from photofinder.paths import data_paths
from photofinder.ui.app import run

app = QApplication(sys.argv[:1])

def press() -> None:
    for widget in app.topLevelWidgets():
        if isinstance(widget, QMessageBox) and widget.isVisible():
            print(widget.text(), flush=True)
            widget.button(QMessageBox.StandardButton.Close).click()

timer = QTimer()
timer.timeout.connect(press)
timer.start(20)
sys.exit(run(data_paths(Path(sys.argv[1]))))
"""


def python(code: str, data: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code, str(data)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        env=os.environ | environment,
        check=False,
    )


def test_the_window_shows_before_torch_is_imported(paths: DataPaths, tmp_path: Path) -> None:
    (tmp_path / "fotos").mkdir()
    with Catalog.open(paths.catalog, writer=True) as catalog:
        catalog.add_folder(tmp_path / "fotos")
    done = python(FIRST_PAINT, paths.data.parent)
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr


def test_a_catalogue_of_another_program(paths: DataPaths) -> None:
    paths.catalog.parent.mkdir(parents=True)
    with closing(sqlite3.connect(paths.catalog)) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
    before = paths.catalog.read_bytes()
    done = python(RUN, paths.data.parent)
    assert done.returncode == 1, done.stderr
    assert "no es de PhotoFinder; dale otro nombre" in done.stdout
    assert paths.catalog.read_bytes() == before
    assert "Traceback" not in done.stderr


def test_a_catalogue_of_a_newer_version(paths: DataPaths) -> None:
    Catalog.open(paths.catalog, writer=True).close()
    connection = sqlite3.connect(paths.catalog)
    connection.execute("PRAGMA user_version = 9999")
    connection.commit()
    connection.close()
    done = python(RUN, paths.data.parent)
    assert done.returncode == 1, done.stderr
    assert "una versión más nueva de PhotoFinder" in done.stdout
    assert "Traceback" not in done.stderr


def test_importing_the_window_reads_no_source(tmp_path: Path) -> None:
    """PySide6 would read that of every module: 376 files from a cold disk, and 13 MB that stay."""
    done = python("import photofinder.ui.app, linecache; print(len(linecache.cache))", tmp_path)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 10


def test_a_chosen_pack_that_cannot_be_used_is_told_and_the_bundled_one_goes_on(
    qapp: QApplication, qtbot: QtBot, paths: DataPaths
) -> None:
    save_settings(paths.settings, Settings(pack="es-otro"))
    session = Session(qapp, paths, watch=False)
    qtbot.addWidget(session.window)
    session.start()
    wait(qtbot, lambda: session.window.notice.isVisible())
    assert "modelo incluido" in session.window.notice.accessibleName()
    assert "es-otro" in session.window.notice.accessibleName()
    session.window.close()
    assert session.all_ended


def test_a_pack_that_is_damaged(paths: DataPaths, pack: Pack, tmp_path: Path) -> None:
    broken = tmp_path / "pack"
    shutil.copytree(pack.folder, broken)
    with open(broken / "caption.npz", "r+b") as file:
        file.truncate(1000)
    done = python(RUN, paths.data.parent, PHOTOFINDER_PACK=str(broken))
    assert done.returncode == 1, done.stderr
    assert "vuelve a instalar PhotoFinder" in done.stdout
    assert "Traceback" not in done.stderr


def test_size_and_thumbnails_are_remembered(open_session: OpenSession, qtbot: QtBot, paths: DataPaths) -> None:
    first = open_session()
    wait(qtbot, lambda: first.window.pages.currentIndex() > 0)
    first.window.size_slider.setValue(240)
    first.window.close()
    assert load_settings(paths.settings).thumbnail_side == 240
    assert open_session().window.size_slider.value() == 240


def test_damaged_settings_do_not_matter(open_session: OpenSession, qtbot: QtBot, paths: DataPaths) -> None:
    paths.settings.parent.mkdir(parents=True)
    paths.settings.write_text(json.dumps({"window_geometry": "%%%", "thumbnail_side": 10**9, "language": 3}))
    window = open_session().window
    wait(qtbot, lambda: window.pages.currentIndex() > 0)
    assert window.size_slider.value() == Settings().thumbnail_side


@pytest.mark.parametrize("state", ["data", "cache"])
def test_derived_state_may_vanish_between_runs(
    open_session: OpenSession, qtbot: QtBot, paths: DataPaths, photo_folder: Path, state: str
) -> None:
    first = open_session(photo_folder)
    wait_finished(qtbot, first.window)
    first.window.close()
    shutil.rmtree(paths.neighbors if state == "data" else paths.cache, ignore_errors=True)
    again = open_session().window
    wait_finished(qtbot, again)
    again.search.search_text("flor")
    wait_answer(qtbot, again)
    again.search.show_weak()
    assert len(again.model.photo_ids) == 14


def test_settings_choose_english(
    qapp: QApplication, qtbot: QtBot, paths: DataPaths, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PHOTOFINDER_LANGUAGE")
    save_settings(paths.settings, Settings(language="en"))
    session = Session(qapp, paths, pack)
    qtbot.addWidget(session.window)
    session.start()
    wait(qtbot, lambda: session.window.pages.currentIndex() > 0)
    assert session.window.welcome.other.text() == "Choose a folder of photos…"
    assert session.window.bar.edit.placeholderText() == "Search by what is seen: “perro en la playa”"
    session.window.close()
    assert session.all_ended
