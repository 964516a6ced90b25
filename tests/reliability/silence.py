"""What a network folder that neither answers nor fails does to the program; under the shim, see ``test_silence.py``.

``python -m tests.reliability.silence STORY A B``: folder A falls silent (``FAULTS_HANG``) while the file that
``FAULTS_HANG_WHILE`` names is there. Prints a JSON object with what happened.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from photofinder.indexing import Embedded, index_folders
from photofinder.library.catalog import Catalog
from photofinder.library.decoder import Decoder
from photofinder.library.thumbnails import ThumbnailCache
from photofinder.model.pack import load_pack
from photofinder.paths import data_paths
from tests.test_indexing import COLOURS, colour_vectors

SILENT = Path(os.environ["FAULTS_HANG_WHILE"])


def falls_silent(*folders: Path) -> dict[str, object]:
    """In the middle of an analysis, after the first photos; then it answers again, and once more is analysed."""
    paths = data_paths()
    told = []
    with (
        Catalog.open(paths.catalog, writer=True) as catalog,
        ThumbnailCache.open(paths.thumbnails) as thumbnails,
        Decoder(workers=1, look_ahead=2) as decoder,
    ):
        for _ in range(2):
            started = time.monotonic()
            run = index_folders(
                catalog,
                folders,
                COLOURS,
                decoder=decoder,
                thumbnails=thumbnails,
                visual=lambda _: colour_vectors,
                batch_size=2,
            )
            while True:
                try:
                    event = next(run)
                except StopIteration as end:
                    summary = end.value
                    break
                if isinstance(event, Embedded) and not told:
                    SILENT.touch()
            counts = catalog.counts()
            told.append(
                {
                    "seconds": time.monotonic() - started,
                    "offline": [path.name for path in summary.offline],
                    "online": [folder.online for folder in catalog.folders()],
                    "analysed": counts.analysed,
                    "failed": counts.failed,
                    "missing": counts.missing,
                }
            )
            SILENT.unlink(missing_ok=True)
            until = time.monotonic() + 10
            while not all(folder.online for folder in catalog.folders()) and time.monotonic() < until:
                time.sleep(0.05)  # who waits in the shim looks at the file now and then
    return {"runs": told}


def window(*folders: Path) -> dict[str, object]:
    """The window on both folders, A silent from the start: what is shown, how long a search and closing take."""
    from PySide6.QtWidgets import QApplication

    from photofinder.ui.app import Session
    from tests.ui.conftest import catalogue_without_network

    paths, pack = data_paths(), load_pack()
    for folder in folders:
        catalogue_without_network(folder, paths, pack)
    with ThumbnailCache.open(paths.thumbnails) as thumbnails:
        thumbnails.trim(0)  # those of A cannot be made
    SILENT.touch()
    app = QApplication([])
    session = Session(app, paths, pack, watch=True)
    began = time.monotonic()
    session.window.resize(1500, 1000)
    session.start()
    shown = session.window
    took: dict[str, object] = {}

    def until(name: str, ready: Callable[[], object]) -> None:
        since = time.monotonic()
        while not ready() and time.monotonic() - since < 60:
            app.processEvents()
            time.sleep(0.01)
        took[name] = time.monotonic() - since if ready() else None

    until("library", lambda: len(shown.model.photo_ids) > 0)
    there = {photo_id for photo_id in shown.model.photo_ids if photo_id > len(shown.model.photo_ids) / 2}

    def settled() -> bool:
        shown.grid.viewport().repaint()
        return all(shown.model.is_settled(photo_id) for photo_id in there)

    until("thumbnails", settled)
    until("panel", lambda: [folder.online for folder in shown.folders.folders] == [False, True])
    shown.search.search_text("mar")
    until("search", lambda: shown.search.active and not shown.search.waiting)
    took["hits"] = len(shown.model.photo_ids)
    until("analysis", lambda: shown.progress.is_finished)
    closing = time.monotonic()
    took["ended"] = session.close()
    took["closing"] = time.monotonic() - closing
    took["whole"] = time.monotonic() - began
    return took


def tasks(*folders: Path) -> dict[str, object]:
    """What a person does with A (silent while its watch is set up, then again) and B: all of it ends, and says why."""
    from PySide6.QtWidgets import QApplication

    from photofinder.library.answering import DRIVES
    from photofinder.ui.app import Session
    from photofinder.ui.contact_sheet import SheetPlan
    from photofinder.ui.copy_lane import TaskPhase, TaskState
    from tests.ui.conftest import catalogue_without_network

    red, casa = folders
    away = casa.with_name("usb")
    away.mkdir()
    paths, pack = data_paths(), load_pack()
    for folder in folders:
        catalogue_without_network(folder, paths, pack)
    app = QApplication([])
    session = Session(app, paths, pack, watch=True)
    lanes, shown = session.lanes, session.window
    watching = lanes.folders._tells

    def tells(folder: Path) -> bool:
        if folder == red:
            SILENT.touch()  # it is there, and then it is not
        return watching(folder)

    lanes.folders._tells = tells
    told: dict[str, object] = {"longest": 0.0}
    copied: list[TaskState] = []
    sheets: list[TaskState] = []
    session.dispatcher.copying.connect(copied.append)
    session.dispatcher.sheet.connect(sheets.append)

    def until(name: str, ready: Callable[[], object]) -> None:
        since = last = time.monotonic()
        while not ready() and time.monotonic() - since < 90:
            app.processEvents()
            told["longest"] = max(float(str(told["longest"])), time.monotonic() - last)
            last = time.monotonic()
            time.sleep(0.01)
        told[name] = time.monotonic() - since if ready() else None

    def is_over(states: list[TaskState]) -> bool:
        return bool(states) and states[-1].phase is not TaskPhase.RUNNING

    def states() -> list[str]:
        return [shown.folders.row_of(folder).state for folder in shown.folders.folders]

    shown.resize(1500, 1000)
    session.start()
    until("library", lambda: len(shown.model.photo_ids) == 12)
    until("watch", lambda: lanes.folders._watch.folder_ids and shown.folders._silent)
    told["panel"] = states()
    lanes.folders._tells = watching
    SILENT.unlink()
    until("answers", lambda: not DRIVES.of(red))
    shown.folder_actions.care._look_now()
    until("watched", lambda: len(lanes.folders._watch.folder_ids) == 2 and not shown.folders._silent)
    photos = sorted(shown.model.photo_ids)
    SILENT.touch()
    lanes.copies.copy(photos, away)
    until("copies", lambda: is_over(copied))
    told["copied"], told["not copied"] = copied[-1].done, copied[-1].failed
    copied.clear()
    lanes.copies.copy(photos[6:], red)
    until("copies to it", lambda: is_over(copied))
    told["refused"] = type(copied[-1].error).__name__ if copied else None
    lanes.sheets.make(photos, SheetPlan(), away / "hoja.pdf")
    until("sheet", lambda: is_over(sheets))
    told["sheet"] = sheets[-1].phase.name if sheets else None
    shown.preview.open(photos[0])
    until("preview", lambda: shown.preview._stage.note)
    told["preview says"] = shown.preview._stage.note
    shown.preview.open(photos[6])
    until("other preview", lambda: shown.preview.is_loaded)
    closing = time.monotonic()
    told["ended"] = session.close()
    told["closing"] = time.monotonic() - closing
    return told


def main() -> None:
    """Tell one story, and leave whatever thread is stuck."""
    story = {"falls_silent": falls_silent, "window": window, "tasks": tasks}[sys.argv[1]]
    print(json.dumps(story(*map(Path, sys.argv[2:]))), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
