"""A short, seeded piece of simulated use; hours of it: ``python -m tests.reliability.simulated_use``."""

from __future__ import annotations

import faulthandler
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from photofinder.model.pack import Pack
from photofinder.paths import DataPaths
from tests.reliability.simulated_use import Sample, World, extra_folders, slope, use
from tests.ui.conftest import catalogue_without_network


@pytest.mark.qt_log_ignore("This plugin does not support")  # the offscreen platform, of any dialog
@pytest.mark.timeout(600)
def test_random_use_leaves_nothing_behind(
    qapp: QApplication, photo_folder: Path, paths: DataPaths, pack: Pack, tmp_path: Path
) -> None:
    catalogue_without_network(photo_folder, paths, pack)
    world = World(qapp, paths, pack, extra_folders(tmp_path / "más"))
    try:
        use(world, windows=4, actions=20, number=20)
    finally:
        faulthandler.cancel_dump_traceback_later()
    assert world.troubles == []
    assert world.actions >= 30
    assert len(world.samples) == 4
    first, last = world.samples[1], world.samples[-1]
    assert last.threads <= first.threads
    assert last.processes == 0
    assert last.files <= first.files + 3
    assert world.slowest[0] < 30


def test_growth_is_measured_after_the_caches_are_full() -> None:
    samples = [Sample(720 * n, 100.0 + min(n, 5) * 50 + n, 0, 1, 1, 0) for n in range(10)]
    assert slope(samples, lambda sample: sample.rss_mb) == pytest.approx(1.0)
