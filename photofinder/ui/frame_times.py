"""How long scrolling a large library holds the window: ``python -m photofinder.ui.frame_times --photos 100000 --json``.

A real grid, offscreen unless a platform is chosen, over photos that exist nowhere: their thumbnails are a few encoded
pictures that the real workers load, scale and round, so that what arrives in the GUI thread is what always arrives.
With ``--analyse FOLDER`` the lane that analyses is at work on that folder meanwhile, as in the window.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter
from PySide6.QtWidgets import QApplication

from photofinder.library.catalog import Photo
from photofinder.library.decoder import Decoder
from photofinder.paths import DataPaths, data_paths
from photofinder.ui.battery import Battery
from photofinder.ui.index_lane import FolderRefused, IndexLane, Phase, Progress
from photofinder.ui.jobs import SWITCH_S, Crashed, Dispatcher
from photofinder.ui.model_source import ModelSource
from photofinder.ui.photo_grid import PhotoGrid
from photofinder.ui.photo_model import PhotoModel
from photofinder.ui.theme import Theme
from photofinder.ui.thumbnail_loader import ThumbnailLoader, ThumbnailWorker

_PICTURES = 24
_YEARS = 16
_SIZE = QSize(1400, 900)
_OVER = (Phase.FINISHED, Phase.STOPPED, Phase.REFUSED)
_ENDS_S = 20.0
Goes = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class FrameTimes:
    """Milliseconds that the GUI thread was held: ``first_paint`` to show the library, the others a scroll step each.

    A step is what one turn of the event loop does: move the content, paint it, take the thumbnails that came.
    """

    photos: int
    steps: int
    first_paint: float
    p50: float
    p95: float
    p99: float
    worst: float


def measure(app: QApplication, photos: int, steps: int = 600, analysed: Path | None = None) -> FrameTimes:
    """Scroll a library of ``photos`` from end to end: by the wheel, by pages, and by leaps of the fast scroller.

    ``analysed``: scroll while the photos of this folder are analysed, at most until they are.
    """
    with tempfile.TemporaryDirectory(prefix="photofinder-") as folder:
        paths, dispatcher, decoder = data_paths(Path(folder)), Dispatcher(), Decoder()
        loader = _Loader(paths, decoder, dispatcher)
        model = PhotoModel(loader, "es")
        dispatcher.thumbnails.connect(model.take_thumbnails)
        grid = PhotoGrid(model, Theme(app))
        try:
            if analysed is None:
                return _scroll(app, grid, model, photos, steps, lambda: True)
            with _analysis(app, paths, dispatcher, analysed) as goes_on:
                return _scroll(app, grid, model, photos, steps, goes_on)
        finally:
            grid.hide()
            dispatcher.close()
            for lane in loader.lanes:
                lane.stop()
            for lane in loader.lanes:
                lane.join(time.monotonic() + 5)
            decoder.close()
            grid.deleteLater()


@contextmanager
def _analysis(app: QApplication, paths: DataPaths, dispatcher: Dispatcher, folder: Path) -> Iterator[Goes]:
    """The analysis of a folder from its first photo on; what is yielded says whether it goes on.

    Raises what the folder is refused for, and RuntimeError when the lane crashed.
    """
    told: list[object] = []
    dispatcher.analysis.connect(told.append)
    dispatcher.crashed.connect(told.append)
    lane = IndexLane(paths, ModelSource(None, paths), dispatcher, Battery(lambda: False))
    lane.add_folder(folder)

    def goes_on() -> bool:
        for one in told:
            if isinstance(one, FolderRefused):
                raise one.error
            if isinstance(one, Crashed):  # nothing more will be told
                raise RuntimeError(f"lane {one.lane} crashed")
        return not any(isinstance(one, Progress) and one.phase in _OVER for one in told)

    try:
        while goes_on() and not any(isinstance(one, Progress) and one.done for one in told):
            app.processEvents()
            time.sleep(0.004)
        yield goes_on
    finally:
        lane.stop()
        lane.lane.join(time.monotonic() + _ENDS_S)


def _scroll(
    app: QApplication, grid: PhotoGrid, model: PhotoModel, photos: int, steps: int, goes_on: Goes
) -> FrameTimes:
    rng = np.random.default_rng(5)
    now = 1_760_000_000
    moments = np.sort(rng.integers(now - _YEARS * 31_557_600, now, photos))[::-1].astype(np.int64)
    ids = tuple(range(1, photos + 1))
    started = time.perf_counter()
    grid.resize(_SIZE)
    grid.show()
    model.show_all(ids, moments)
    app.processEvents()
    grid.viewport().repaint()
    first_paint = time.perf_counter() - started
    bar = grid.verticalScrollBar()
    held: list[float] = []
    page, direction = bar.pageStep(), 1
    for step in range(steps):
        if held and not goes_on():
            break
        if step % 3 == 2:  # leaps, pages and the wheel in turn
            wanted = int(rng.integers(0, bar.maximum() + 1)) if step % 60 == 2 else bar.value() + direction * page
        else:
            wanted = bar.value() + direction * 120
        if wanted >= bar.maximum() or wanted <= 0:
            direction = -direction
        started = time.perf_counter()
        bar.setValue(wanted)
        app.processEvents()
        held.append(time.perf_counter() - started)
        time.sleep(0.004)  # the workers' turn, as between two frames of a screen
    p50, p95, p99 = (float(np.percentile(held, share)) for share in (50, 95, 99))
    figures = (round(1000 * seconds, 2) for seconds in (first_paint, p50, p95, p99, max(held)))
    return FrameTimes(photos, len(held), *figures)


class _Loader(ThumbnailLoader):
    def worker(self, name: str, paths: DataPaths, decoder: Decoder, dispatcher: Dispatcher) -> ThumbnailWorker:
        return _Worker(self, name, paths, decoder, dispatcher)


class _Worker(ThumbnailWorker):
    """Knows every photo, and has a picture for each."""

    def __init__(
        self, loader: ThumbnailLoader, name: str, paths: DataPaths, decoder: Decoder, dispatcher: Dispatcher
    ) -> None:
        super().__init__(loader, name, paths, decoder, dispatcher)
        self._encoded = [_picture(number) for number in range(_PICTURES)]

    def photo(self, photo_id: int) -> Photo | None:
        path = Path(f"/fotos/IMG_{photo_id}.jpg")
        taken_at = "2019-08-12T10:30:00"
        return Photo(photo_id, 1, path, path.name, 10**6, 0, 512, 384, taken_at, None, None, None, None, None)

    def encoded(self, photo: Photo) -> bytes:
        return self._encoded[photo.id % _PICTURES]


def _picture(number: int) -> bytes:
    image = QImage(512, 384, QImage.Format.Format_RGB32)
    gradient = QLinearGradient(0, 0, 512, 384)
    gradient.setColorAt(0, QColor.fromHsv(number * 360 // _PICTURES, 150, 220))
    gradient.setColorAt(1, QColor.fromHsv((number * 137) % 360, 190, 90))
    painter = QPainter(image)
    painter.fillRect(image.rect(), gradient)
    painter.setPen(Qt.GlobalColor.white)
    for line in range(0, 384, 7):
        painter.drawLine(0, line, 512, (line * (number + 3)) % 384)
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPG", 80)  # type: ignore[call-overload]
    return bytes(data.data())


def main(arguments: list[str] | None = None) -> int:
    """The command; 0."""
    parser = argparse.ArgumentParser(prog="python -m photofinder.ui.frame_times", description=__doc__)
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--analyse", type=Path, metavar="FOLDER")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # Qt would paint 5 ms after it was asked to, in another turn than the one that is measured
    os.environ.setdefault("QT_QPA_UPDATE_IDLE_TIME", "0")
    sys.setswitchinterval(SWITCH_S)  # as the window does
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    times = measure(app, options.photos, options.steps, options.analyse)
    if options.json:
        sys.stdout.write(json.dumps(asdict(times)) + "\n")
    else:
        sys.stdout.write(
            f"{times.photos} fotos: primera imagen en {times.first_paint} ms; cada paso de {times.steps}:"
            f" p50 {times.p50} ms, p95 {times.p95} ms, p99 {times.p99} ms, peor {times.worst} ms\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
