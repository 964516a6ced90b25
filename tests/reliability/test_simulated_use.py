"""A short, seeded piece of simulated use; hours of it: ``python -m tests.reliability.simulated_use``."""

from __future__ import annotations

import faulthandler
import gc
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer, QTranslator
from PySide6.QtGui import QPixmap, QPixmapCache
from PySide6.QtWidgets import QApplication

from photofinder.model.pack import Pack
from photofinder.paths import DataPaths
from photofinder.ui.app import Session, run
from tests.reliability.held import Sample, growth, sample, told
from tests.reliability.simulated_use import World, extra_folders, use
from tests.ui.conftest import catalogue_without_network


@pytest.mark.qt_log_ignore("This plugin does not support")  # the offscreen platform, of any dialog
@pytest.mark.timeout(600)
def test_random_use_leaves_nothing_behind(
    qapp: QApplication, photo_folder: Path, paths: DataPaths, pack: Pack, tmp_path: Path
) -> None:
    catalogue_without_network(photo_folder, paths, pack)
    others = sample(0).processes  # servers that other tests of this process share
    world = World(qapp, paths, pack, extra_folders(tmp_path / "más"))
    try:
        use(world, windows=3, actions=12, number=20)
    finally:
        faulthandler.cancel_dump_traceback_later()
    assert world.troubles == []
    assert world.actions >= 20
    assert len(world.samples) == 3
    first, last = world.samples[1], world.samples[-1]
    assert last.threads <= first.threads
    assert last.processes <= others
    assert last.files <= first.files + 3
    assert world.slowest[0] < 30


def test_growth_is_measured_after_the_caches_are_full() -> None:
    samples = [Sample(720 * n, 100.0 + min(n, 5) * 50 + n, 5.0, 7, 0, 1, 1, 0) for n in range(10)]
    grows = growth(samples, lambda sample: sample.held_mb)
    assert grows.an_hour == pytest.approx(1.0)
    assert grows.error == pytest.approx(0.0, abs=1e-9) and not grows.is_none
    assert growth(samples, lambda sample: sample.malloc_mb).is_none
    noisy = [Sample(720 * n, 100.0 + (-1) ** n, 5.0, 7, 0, 1, 1, 0) for n in range(40)]
    assert growth(noisy, lambda sample: sample.held_mb).is_none
    assert growth(samples[:2], lambda sample: sample.held_mb).error == float("inf"), "two points tell nothing"
    assert told(samples)[0].startswith("held_mb: 100 at first, 359 at last, at most 359; +1.000 ± 0.000 an hour")


def test_a_window_in_another_language_takes_the_place_of_the_old_one(
    qapp: QApplication, paths: DataPaths, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(sys, "setswitchinterval", lambda _: None)
    widgets: list[int] = []
    translators: list[int] = []
    pictures: list[bool] = []

    def another_language(session: Session) -> None:
        widgets.append(len(qapp.allWidgets()))
        translators.append(len(qapp.findChildren(QTranslator)))
        pictures.append(QPixmapCache.find("of the window before", QPixmap()))
        QPixmapCache.insert("of the window before", QPixmap(8, 8))
        language = "en" if len(widgets) % 2 else "es"
        end = session.window.close if len(widgets) == 5 else lambda: session._change_language(language)
        QTimer.singleShot(0, session.window, end)

    assert run(paths, pack=pack, watch=another_language) == 0
    assert len(widgets) == 5
    assert widgets[-1] == widgets[1], "the old one and the new one, however often"
    assert max(translators) <= 4, "each keeps a file mapped"
    assert not any(pictures), "the icons of a window go with it"
    assert gc.get_freeze_count() > 0, "what lives as long as the window is not looked through"
    gc.unfreeze()
