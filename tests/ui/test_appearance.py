"""Themes, narrow windows, and the command that makes the documentation's pictures."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from photofinder.model.pack import Pack
from photofinder.paths import DataPaths
from photofinder.ui.main_window import NARROW, MainWindow
from photofinder.ui.screenshots import SETS
from photofinder.ui.theme import DARK, LIGHT
from tests.ui.conftest import OpenSession, catalogue_without_network, wait, wait_answer, wait_thumbnails


def test_the_theme_follows_the_system_while_the_window_is_open(open_session: OpenSession, qtbot: QtBot) -> None:
    session = open_session()
    wait(qtbot, lambda: session.window.pages.currentIndex() > 0)
    system = QGuiApplication.styleHints()  # the offscreen platform has no setting of its own to change
    for scheme, theme in ((Qt.ColorScheme.Dark, DARK), (Qt.ColorScheme.Unknown, LIGHT), (Qt.ColorScheme.Dark, DARK)):
        system.colorSchemeChanged.emit(scheme)
        assert session.theme.name == theme
        corner = session.window.grab().toImage().pixelColor(5, 5).lightness()
        assert corner < 80 if theme == DARK else corner > 180
    system.colorSchemeChanged.emit(Qt.ColorScheme.Light)


def test_a_narrow_window_gives_its_room_to_the_photos(window: MainWindow, qtbot: QtBot) -> None:
    assert window.folders.isVisible()
    window.resize(NARROW - 100, 600)
    wait(qtbot, lambda: not window.folders.isVisible())
    qtbot.mouseClick(window.top.folders_button, Qt.MouseButton.LeftButton)
    assert window.folders.isVisible(), "who wants the folders gets them"
    window.resize(NARROW + 200, 600)
    wait(qtbot, lambda: window.folders.isVisible())


def test_the_chip_shows_the_photo(window: MainWindow, qtbot: QtBot) -> None:
    wait_thumbnails(qtbot, window)
    window.search.search_similar(window.model.photo_ids[3])
    wait_answer(qtbot, window)
    before = window.bar.grab().toImage()
    window.search.remove_photo()
    assert window.bar.grab().toImage() != before


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_screenshots_are_made_by_the_program_itself(
    photo_folder: Path, paths: DataPaths, pack: Pack, tmp_path: Path, theme: str
) -> None:
    catalogue_without_network(photo_folder, paths, pack)
    command = [sys.executable, "-m", "photofinder.ui.screenshots", "--data-dir", str(paths.data.parent)]
    command += ["--folder", str(photo_folder), "--out", str(tmp_path / "out"), "--set", f"es-{theme}-1"]
    command += ["--views", "welcome,library,search,settings", "--search", "flor"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, env=os.environ, check=False)
    assert done.returncode == 0, done.stderr
    files = {"welcome", "library", "search", "settings"}
    if theme == DARK:
        expected = {"welcome.png", "search.png", "library.webp", "settings.webp"}
    else:
        expected = {f"{name}-light.webp" for name in files}
    pictures = {path.name: QImage(str(path)) for path in (tmp_path / "out").iterdir()}
    assert set(pictures) == expected
    assert all((image.width(), image.height()) == (1280, 800) for image in pictures.values())
    library = next(image for name, image in pictures.items() if name.startswith("library"))
    assert (library.pixelColor(700, 80).lightness() < 80) == (theme == DARK)


def test_every_set_has_views_of_its_own_and_the_readme_has_its_pictures() -> None:
    files = [one.file(view) for one in SETS for view in one.views]
    assert len(files) == len(set(files))
    assert {"welcome.png", "search.png", "similar.png"} <= set(files)
    assert {one.ratio for one in SETS} == {1, 2}
    assert {(one.language, one.theme) for one in SETS} == {
        ("es", "dark"), ("es", "light"), ("en", "dark"), ("en", "light")
    }  # fmt: skip
