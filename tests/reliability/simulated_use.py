"""Hours of use in minutes: random actions in the real window, and what they leave behind.

``python -m tests.reliability.simulated_use --hours 8 --photos 100000`` generates a library (``bench/library.py``), lets
hypothesis choose what is done in the window, one action for each ``ACTION_S`` seconds of a person's use, closes and
opens the window again and again, and measures memory, objects, threads, files and processes in between.
"""

from __future__ import annotations

import argparse
import faulthandler
import gc
import logging
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QApplication

from photofinder.model.pack import Pack, load_pack
from photofinder.paths import DataPaths, data_paths
from photofinder.ui.app import Session
from photofinder.ui.battery import Battery
from photofinder.ui.main_window import MainWindow
from tests.conftest import write_photo
from tests.reliability.held import ACTION_S, Sample, sample, told, write_samples

HANGS_S = 120.0
"""When nothing has gone on for so long, all threads say where they are and the process ends."""
PHRASES = ("perro en la playa", "flor roja", "montaña con nieve", "niños jugando sin gente", "tipo:jpg", "2019",
           "xyzzyq", "coche o moto", "<b>casa</b>", "el verano pasado", "🦩", "")  # fmt: skip
KEYS = (Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_Space, Qt.Key.Key_Return)


@dataclass(slots=True)
class World:
    """Where the window works, and what was noticed."""

    app: QApplication
    paths: DataPaths
    pack: Pack
    extra: list[Path]
    """Folders with a few photos each, that are added and taken away."""
    most_actions: int = sys.maxsize
    actions: int = 0
    samples: list[Sample] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    """The longest that one action kept the window from painting, and which."""
    sessions: int = 0
    late: int = 0
    """Windows that closed while a thread was inside someone else's code; it ended by itself soon after."""
    threads_before: frozenset[threading.Thread] = field(default_factory=lambda: frozenset(threading.enumerate()))

    def wait_for_threads(self, seconds: float) -> list[str]:
        """The names of the threads that are left of what the windows started."""
        end = time.monotonic() + seconds
        left: set[threading.Thread] = set()
        while time.monotonic() < end and (left := set(threading.enumerate()) - self.threads_before):
            self.app.processEvents()
            time.sleep(0.01)
        return [thread.name for thread in left if thread.is_alive()]

    def sample(self) -> None:
        """Take stock; no window is open."""
        for _ in range(3):
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            self.app.processEvents()
            gc.collect()
        self.samples.append(sample(self.actions))


class SimulatedUse(RuleBasedStateMachine):
    """One window from its opening to its closing; the library stays from one to the next."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.language = "es"
        self.session = self._open()

    @property
    def window(self) -> MainWindow:
        return self.session.window

    def _open(self) -> Session:
        world = self.world
        world.sessions += 1
        session = Session(
            world.app, world.paths, world.pack, battery=Battery(lambda: False), watch=False, language=self.language
        )
        session.window.resize(1200, 800)
        session.start()
        self._live(lambda: session.window.pages.currentIndex() >= 0, 0.05)
        return session

    def _live(self, until: Callable[[], object], seconds: float) -> None:
        """Let the window live until something is so, or for so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not until():
            self.world.app.processEvents()
            time.sleep(0.001)

    def _do(self, name: str, action: Callable[[], object], seconds: float = 0.01) -> None:
        """One action, and a moment of life after it; too short for most answers, which come into later actions."""
        world = self.world
        if world.actions >= world.most_actions:
            return
        faulthandler.dump_traceback_later(HANGS_S, exit=True)
        world.actions += 1
        started = time.perf_counter()
        action()
        world.app.processEvents()
        took = time.perf_counter() - started
        if took > world.slowest[0]:
            world.slowest = (took, name)
        self._live(lambda: False, seconds)
        faulthandler.cancel_dump_traceback_later()

    def _photo(self, place: float) -> int | None:
        ids = self.window.model.photo_ids
        return ids[int(place * (len(ids) - 1))] if len(ids) else None

    @rule(text=st.sampled_from(PHRASES))
    def search(self, text: str) -> None:
        self._do("search", lambda: self.window.search.search_text(text), 0.05)

    @rule(text=st.sampled_from(PHRASES))
    def type_letters(self, text: str) -> None:
        def keys() -> None:
            for letter in text[:12]:
                for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                    event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter)
                    QApplication.sendEvent(self.window.bar.edit, event)

        self._do("type", keys, 0.03)

    @rule(key=st.sampled_from(KEYS))
    def press(self, key: Qt.Key) -> None:
        def both() -> None:
            target = QApplication.focusWidget() or self.window.grid
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(target, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier))

        self._do(f"key {key.name}", both)

    @rule(place=st.floats(0, 1))
    def scroll(self, place: float) -> None:
        bar = self.window.grid.verticalScrollBar()
        self._do("scroll", lambda: bar.setValue(int(bar.maximum() * place)))

    @rule(share=st.floats(0, 1))
    def zoom(self, share: float) -> None:
        slider = self.window.size_slider
        side = slider.minimum() + int((slider.maximum() - slider.minimum()) * share)
        self._do("zoom", lambda: slider.setValue(side))

    @rule(place=st.floats(0, 1))
    def open_preview(self, place: float) -> None:
        photo = self._photo(place)
        if photo is not None:
            self._do("preview", lambda: self.window.preview.open(photo), 0.05)

    @rule(rows=st.integers(-3, 3))
    def step_in_preview(self, rows: int) -> None:
        self._do("step", lambda: self.window.preview.step(rows) if self.window.preview.isVisible() else None)

    @rule()
    def leave_preview(self) -> None:
        self._do("leave", self.window.preview.leave)

    @rule(place=st.floats(0, 1), kind=st.sampled_from(("like", "dislike", "unmark", "search_similar")))
    def mark(self, place: float, kind: str) -> None:
        photo = self._photo(place)
        if photo is not None:
            self._do(kind, lambda: getattr(self.window.search, kind)(photo), 0.03)

    @rule(number=st.integers(0, 3))
    def drop_photo(self, number: int) -> None:
        photos = sorted(self.world.extra[number % len(self.world.extra)].glob("*.jpg"))
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(photos[number % len(photos)]))])
        self._do("drop", lambda: self._drop(mime), 0.1)

    def _drop(self, mime: QMimeData) -> None:
        place, button = QPointF(self.window.rect().center()), Qt.MouseButton.LeftButton
        copy, plain = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(self.window, QDragEnterEvent(place.toPoint(), copy, mime, button, plain))
        QApplication.sendEvent(self.window, QDropEvent(place, copy, mime, button, plain))

    @rule()
    def filters(self) -> None:
        self._do("filters", self.window.top.filter_button.toggle)

    @rule()
    def folders(self) -> None:
        self._do("folders", self.window.top.folders_button.toggle)

    @rule()
    def clear(self) -> None:
        self._do("clear", self.window.search.clear)

    @rule(place=st.floats(0, 1))
    def favourite(self, place: float) -> None:
        photo = self._photo(place)
        if photo is not None:
            self._do("favourite", lambda: (self.window.grid.go_to(photo), self.window.actions_.favorite.trigger()))

    @rule(look=st.sampled_from(("light", "dark", "system")), scale=st.sampled_from((100, 125, 150)))
    def look(self, look: str, scale: int) -> None:
        self._do("look", lambda: (self.session.theme.choose(look), self.session.theme.set_text_scale(scale)))

    @rule(number=st.integers(0, 3))
    def add_folder(self, number: int) -> None:
        folder = self.world.extra[number % len(self.world.extra)]
        self._do("add folder", lambda: self.session.lanes.index.add_folder(folder), 0.1)

    @rule()
    def remove_folder(self) -> None:
        mine = [folder for folder in self.window.folders.folders if folder.path in self.world.extra]
        if mine:
            self._do("remove folder", lambda: self.session.lanes.index.remove_folder(mine[0]), 0.05)

    @rule()
    def pause(self) -> None:
        self._do("pause", self.session.lanes.index.pause)

    @rule()
    def resume(self) -> None:
        self._do("resume", self.session.lanes.index.resume)

    @rule(page=st.integers(0, 4))
    def settings_dialog(self, page: int) -> None:
        def show() -> None:
            self.session.control.open()
            if self.session.control.dialog is not None:
                self.session.control.dialog.show_section(page)
                self.world.app.processEvents()
                self.session.control.dialog.close()

        self._do("settings", show)

    @rule(language=st.sampled_from(("es", "en")))
    def another_language(self, language: str) -> None:
        self.language = language
        self.reopen()

    @rule()
    def reopen(self) -> None:
        def again() -> None:
            self._close()
            self.session = self._open()

        self._do("reopen", again)

    @rule()
    def wait_for_answers(self) -> None:
        self._do("wait", lambda: self._live(lambda: not self.window.search.waiting, 5.0))

    def _close(self) -> None:
        self.window.close()
        self.world.late += not self.session.all_ended
        if left := self.world.wait_for_threads(60.0):
            self.world.troubles.append(f"after {self.world.actions} actions these threads did not end: {left}")
        self.window.deleteLater()
        self.session.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # no loop runs here that would do it

    def teardown(self) -> None:
        self._close()
        del self.session  # what this window had loaded goes with it, or each sample would be of another kind of use
        self.world.sample()


class _Troubles(logging.Handler):
    """Errors of the program's own log: the traceback of a slot, a crashed lane."""

    def __init__(self, world: World) -> None:
        super().__init__(logging.ERROR)
        self._world = world

    def emit(self, record: logging.LogRecord) -> None:
        self._world.troubles.append(logging.Formatter().format(record))


def use(world: World, *, windows: int, actions: int, number: int) -> None:
    """``windows`` windows one after the other with up to ``actions`` actions each, the same for a ``number``."""

    import photofinder.model.visual  # noqa: F401 - torch: whoever closes a window while it loads waits for nothing else

    class Use(SimulatedUse):
        pass

    Use.world = world
    handler = _Troubles(world)
    before = sys.excepthook, threading.excepthook
    root = logging.getLogger()
    root.addHandler(handler)
    sys.excepthook = lambda kind, error, trace: world.troubles.append(f"{kind.__name__}: {error}")
    threading.excepthook = lambda told: world.troubles.append(f"{told.exc_type.__name__}: {told.exc_value}")
    try:
        options = settings(
            max_examples=windows,
            stateful_step_count=actions,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        run_state_machine_as_test(seed(number)(Use), settings=options)
    finally:
        sys.excepthook, threading.excepthook = before
        root.removeHandler(handler)


def extra_folders(where: Path) -> list[Path]:
    """Three folders with a few small photos, one of them broken."""
    folders = []
    for number in range(3):
        folder = where / f"más {number}"
        for photo in range(3):
            write_photo(folder / f"{photo}.jpg", size=(160, 120), seed=100 * number + photo)
        (folder / "rota.jpg").write_bytes(b"no")
        folders.append(folder)
    return folders


def main(arguments: list[str] | None = None) -> int:
    from photofinder.bench.library import generated_library, with_neighbors

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=8.0, help="of simulated use")
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--work", type=Path, help="where the library is kept for the next time")
    parser.add_argument("--seed", type=int, default=random.randrange(2**31))
    parser.add_argument("--windows", type=int, default=10, help="how many windows a round of hypothesis has")
    parser.add_argument("--warm-up", type=float, default=0.5, help="share of the use that fills caches and is left out")
    parser.add_argument("--samples", type=Path, help="write what was measured after each window, as CSV")
    options = parser.parse_args(arguments)
    work = options.work or Path(tempfile.mkdtemp(prefix="photofinder-use-"))
    pack = load_pack()

    def tell(_: str, english: str) -> None:
        print(english, flush=True)

    paths = generated_library(work, options.photos, pack, tell)
    with_neighbors(paths, pack, tell)
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    wanted = round(options.hours * 3600 / ACTION_S)
    world = World(app, data_paths(paths.data.parent), pack, extra_folders(work / "más"), most_actions=wanted)
    started, number = time.monotonic(), options.seed
    while world.actions < wanted and not world.troubles:
        use(world, windows=options.windows, actions=50, number=number)
        number += 1
        last = world.samples[-1]
        print(f"{world.actions} of {wanted} actions, {last.held_mb:.0f} MB, malloc {last.malloc_mb:.1f} MB", end=", ")
        print(f"{last.blocks} blocks, {last.objects} objects", flush=True)
        if options.samples:
            write_samples(world.samples, options.samples)
    _print(world, time.monotonic() - started, options)
    return 1 if world.troubles else 0


def _print(world: World, seconds: float, options: argparse.Namespace) -> None:
    hours = world.actions * ACTION_S / 3600
    print(f"seed {options.seed}, {options.photos} photos: {hours:.1f} h of use, {world.actions} actions", end=" ")
    print(f"in {world.sessions} windows, in {seconds / 60:.1f} min")
    for line in told(world.samples, options.warm_up):
        print(f"  {line}")
    print(f"  the slowest action: {1000 * world.slowest[0]:.0f} ms ({world.slowest[1]})")
    print(f"  {world.late} windows closed while a thread was inside torch; {len(world.troubles)} troubles")
    for trouble in world.troubles[:20]:
        print(trouble)


if __name__ == "__main__":
    raise SystemExit(main())
