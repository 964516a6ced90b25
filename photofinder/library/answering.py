"""Asking a drive that may never answer: a network folder whose server is gone holds for ever whoever looks into it.

The system has no call with a time limit, and a thread inside one cannot be ended. So the question is asked in a thread
of its own, which is left behind when it takes too long. Meanwhile the folder counts as silent: nobody else waits for
it, and it is asked again only now and then, ever more rarely, so that few threads are left behind.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import queue
import threading
import time
from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from pathlib import Path
from typing import Generic, TypeVar

from photofinder.errors import FolderSilent

_log = logging.getLogger(__name__)

GLANCE_S = 1.5
"""For what a person waits for: a disk that sleeps may take longer, and is offline until it is awake."""
LOOK_S = 10.0
"""For an analysis: disks that sleep need up to about ten seconds to start."""
SILENT_S = 20.0
"""A walk that found nothing at all for so long has been left by its drive."""
CHECK_S = 3.0
"""After so long without an answer it is asked whether the drive is still there."""
_BEAT_S = 0.25
_TURN_S = 0.05
"""Beyond any patience: while a large library is loaded no thread of this process has its turn, nor has the answer."""
_RETRY_S = 15.0
_LONGEST_RETRY_S = 600.0
_AHEAD = 8
"""So many times ``_TOGETHER`` items are found before they are taken."""
_TOGETHER = 256

_Answer = TypeVar("_Answer")
_Found = TypeVar("_Found")


class Question:
    """Something asked in a thread of its own, from now on."""

    def __init__(self, step: Callable[[], object]) -> None:
        self.asked_at = time.monotonic()
        self.given_up_at = self.asked_at
        self._answer: object = None
        self._error: Exception | None = None
        self._answered = threading.Event()
        # daemon: it may be left behind, and must not keep the program from ending
        threading.Thread(target=self._ask, args=(step,), name="asking a drive", daemon=True).start()

    def wait(self, patience_s: float) -> bool:
        """Whether it was answered, by an error too, within so many seconds from now."""
        return self._answered.wait(patience_s) or self._answered.wait(_TURN_S)

    @property
    def answered(self) -> bool:
        """Whether it was."""
        return self._answered.is_set()

    @property
    def answer(self) -> object:
        """What ``step`` returned, once answered. Raises what it raised."""
        if self._error is not None:
            raise self._error
        return self._answer

    def _ask(self, step: Callable[[], object]) -> None:
        try:
            self._answer = step()
        except Exception as error:  # noqa: BLE001 - raised again by whoever takes the answer
            self._error = error
        self._answered.set()


class Silence:
    """Which folders do not answer. For all threads."""

    def __init__(self, retry_s: float = _RETRY_S) -> None:
        """A silent folder is asked again after ``retry_s``, then after twice as long, up to ten minutes."""
        self._retry_s = retry_s
        self._lock = threading.Lock()
        self._given_up: dict[str, list[Question]] = {}

    def of(self, path: Path) -> bool:
        """Whether ``path``, or a folder above it, is known to be silent now and not due to be asked again."""
        with self._lock:
            if not self._given_up:
                return False
            return any(self._waits(str(folder)) for folder in (path, *path.parents))

    def ask(self, folder: Path, step: Callable[[], _Answer], patience_s: float = GLANCE_S) -> _Answer:
        """What ``step`` returns or raises; ``TimeoutError`` when it takes longer, or at once while it is silent."""
        if self.of(folder):
            raise _timeout(folder)
        question = Question(step)
        if not question.wait(patience_s):
            self._give_up(folder, question)
            raise _timeout(folder)
        self._heard(folder)
        return question.answer  # type: ignore[return-value]

    def ask_all(self, steps: Mapping[Path, Callable[[], bool]], patience_s: float = GLANCE_S) -> dict[Path, bool]:
        """``ask`` several at once, so that the silent ones cost no more time than one of them.

        ``False`` is the answer of those, and of a step that raises ``OSError``.
        """
        asked = {folder: Question(step) for folder, step in steps.items() if not self.of(folder)}
        until = time.monotonic() + patience_s
        answers = dict.fromkeys(steps, False)
        for folder, question in asked.items():
            if question.wait(max(0.0, until - time.monotonic())):
                self._heard(folder)
                with contextlib.suppress(OSError, ValueError):
                    answers[folder] = bool(question.answer)
            else:
                self._give_up(folder, question)
        return answers

    def says(self, folder: Path, step: Callable[[], bool], patience_s: float = GLANCE_S) -> bool:
        """``ask_all`` of one: ``False`` also when it does not answer."""
        return self.ask_all({folder: step}, patience_s)[folder]

    def meet(self, folders: Collection[Path], patience_s: float = LOOK_S) -> Iterator[None]:
        """Ask all ``folders`` at once, so that ``of`` knows the silent ones. Yields meanwhile: moments to stop."""
        asked = [(folder, Question(lambda folder=folder: _look(folder))) for folder in folders if not self.of(folder)]  # type: ignore[misc]
        until = time.monotonic() + patience_s
        for folder, question in asked:
            while not question.wait(min(_BEAT_S, max(0.0, until - time.monotonic()))):
                if time.monotonic() >= until:
                    self._give_up(folder, question)
                    break
                yield
            else:
                self._heard(folder)

    def reached(self, folder: Path, patience_s: float = GLANCE_S) -> bool:
        """Whether ``folder`` answers, be it that there is none."""
        try:
            self.ask(folder, lambda: _look(folder), patience_s)
        except TimeoutError:
            return False
        except (OSError, ValueError):
            return True
        return True

    def ask_while_reached(self, folder: Path, step: Callable[[], _Answer], longest_s: float = 60.0) -> _Answer:
        """For a step that may take long on a slow drive: ``TimeoutError`` once ``folder`` is silent, or after all."""
        if self.of(folder):
            raise _timeout(folder)
        question = Question(step)
        until = question.asked_at + longest_s
        while not question.wait(CHECK_S):
            if time.monotonic() > until or not self.reached(folder, CHECK_S):
                raise _timeout(folder)
        return question.answer  # type: ignore[return-value]

    def take(
        self,
        folder: Path,
        make: Callable[[Callable[[str], None]], Iterator[_Found]],
        silent_s: float = SILENT_S,
    ) -> Generator[_Found | None, None, None]:
        """The items of an iterator that looks into ``folder``, which runs in a thread of its own.

        ``make`` is given a function that the iterator calls before each step, with the ``rel_path`` it is about to look
        at. Yields ``None`` every quarter of a second without an item: a moment to stop. Close it at any moment.

        Raises ``FolderSilent`` when a step took longer than ``silent_s`` seconds, and whatever the iterator raises.
        """
        if self.of(folder):
            raise FolderSilent(folder)
        walking: _Walking[_Found] = _Walking(make)
        question = Question(walking.run)
        try:
            while True:
                is_over = question.answered  # looked at first: what comes before the end is in the queue by then
                try:
                    found = walking.items.get(block=not is_over, timeout=_BEAT_S)
                except queue.Empty:
                    if is_over:
                        question.answer  # noqa: B018 - raises what it ended with
                        return
                    if time.monotonic() - walking.beat > silent_s:
                        if not walking.at:
                            self._give_up(folder, question)
                        raise FolderSilent(folder, walking.at) from None
                    yield None
                else:
                    yield from found
        finally:
            walking.closed = True

    def follow(
        self, items: Generator[_Found, None, object], folders: Collection[Path]
    ) -> Generator[_Found | None, None, None]:
        """The items of a generator whose steps look into ``folders``, each step in a thread of its own.

        Yields ``None`` every quarter of a second without an item: a moment to stop. Close it at any moment: ``items``
        is closed, too, and where its drive does not answer, by the thread that is left behind, once it does.

        Raises ``FolderSilent`` with the one of ``folders`` that does not answer, and whatever ``items`` raises.
        """
        left = threading.Event()

        def step() -> _Found | None:
            try:
                return next(items, None)
            finally:
                if left.is_set():
                    items.close()

        question: Question | None = None
        ended = False
        try:
            while True:
                self._refuse(folders, self.of)
                question = Question(step)
                asked_at = question.asked_at
                while not question.wait(_BEAT_S):
                    yield None
                    if time.monotonic() - asked_at > CHECK_S:
                        self._refuse(folders, lambda folder: not self.reached(folder))
                        asked_at = time.monotonic()
                ended = True  # unless it goes on
                found: _Found | None = question.answer  # type: ignore[assignment]
                if found is None:
                    return
                ended = False
                yield found
        finally:
            left.set()
            if not ended and (question is None or question.wait(GLANCE_S)):
                Question(items.close).wait(LOOK_S)

    @staticmethod
    def _refuse(folders: Collection[Path], is_silent: Callable[[Path], bool]) -> None:
        for folder in folders:
            if is_silent(folder):
                raise FolderSilent(folder)

    def _give_up(self, folder: Path, question: Question) -> None:
        with self._lock:
            question.given_up_at = time.monotonic()
            self._given_up.setdefault(str(folder), []).append(question)
        _log.warning("%r does not answer", str(folder))

    def _heard(self, folder: Path) -> None:
        """It answers: a thread may be left behind for ever, on a drive that was replaced."""
        with self._lock:
            self._given_up.pop(str(folder), None)

    def _waits(self, folder: str) -> bool:
        left = [question for question in self._given_up.get(folder, ()) if not question.answered]
        if not left:
            self._given_up.pop(folder, None)
            return False
        self._given_up[folder] = left
        pause = min(self._retry_s * 2 ** (len(left) - 1), _LONGEST_RETRY_S)
        return bool(time.monotonic() < left[-1].given_up_at + pause)


DRIVES = Silence()
"""Of this program: whether a drive answers is a fact of the machine, not of one connection or lane."""


class _NobodyWaitsError(Exception):
    """Ends an iterator whose items are not wanted any more. No ``OSError``: a walk goes on after those."""


class _Walking(Generic[_Found]):
    """What the two threads of ``Silence.take`` share."""

    def __init__(self, make: Callable[[Callable[[str], None]], Iterator[_Found]]) -> None:
        self.items: queue.Queue[list[_Found]] = queue.Queue(_AHEAD)
        self.beat = time.monotonic()
        self.at = ""
        self.closed = False
        self._make = make

    def run(self) -> None:
        """The thread that looks."""
        together: list[_Found] = []
        since = time.monotonic()
        try:
            for item in self._make(self._step):
                together.append(item)
                if len(together) >= _TOGETHER or time.monotonic() - since > _BEAT_S:
                    self._hand_over(together)
                    together, since = [], time.monotonic()
            self._hand_over(together)
        except _NobodyWaitsError:
            return

    def _step(self, rel: str) -> None:
        self.beat, self.at = time.monotonic(), rel
        if self.closed:
            raise _NobodyWaitsError

    def _hand_over(self, items: list[_Found]) -> None:
        while True:
            self._step(self.at)
            try:
                self.items.put(items, timeout=_BEAT_S)
            except queue.Full:
                continue
            return


def _look(folder: Path) -> None:
    folder.stat()
    with os.scandir(folder) as entries:
        next(entries, None)


def _timeout(folder: Path) -> TimeoutError:
    return TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT), str(folder))
