"""Decoding in disposable processes: no photo can kill, hang or exhaust the program.

A ``Decoder`` keeps a few worker processes (``decoder_worker``), which read requests from stdin and write answers to
stdout. A worker that dies, overruns its time or answers nonsense is thrown away, and only the photo it was given
suffers. Plain pipes with one reading thread per worker behave the same on Linux, macOS and Windows.

Limits, each enforced twice: the parent kills a worker that overruns ``timeout_s``, and the worker ends itself a
little later should the parent be gone; memory is limited by ``RLIMIT_AS`` where the system has it (not on Windows,
and macOS ignores it) and by ``images.MAX_PIXELS`` everywhere.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import queue
import subprocess
import sys
import threading
import time
import weakref
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any, Self

import numpy as np

from photofinder.cores import usable_cores
from photofinder.errors import FailureReason, PhotoFinderError, PhotoOutOfReach, PhotoUnreadable
from photofinder.library.answering import CHECK_S, DRIVES
from photofinder.library.decoder_worker import Frame, listen, read_info, worker_main, write_frame
from photofinder.library.images import PASTED, THUMBNAIL_SIDE, DecodedPhoto

__all__ = [
    "LOOK_AHEAD", "WORKER_ARGUMENT", "Decoder", "DecoderClosed", "DecoderUnavailable", "default_workers",
    "worker_main",
]  # fmt: skip

WORKER_ARGUMENT = "--decode-worker"
"""The only argument of a frozen program when it is started as a worker: the command line calls ``worker_main``."""

LOOK_AHEAD = 32
"""Photos that ``decode_many`` decodes before they are asked for: one batch of the network, about 20 MB."""

_log = logging.getLogger(__name__)

_START_TIMEOUT_S = 60.0  # a cold start from a slow disk under a virus scanner
_IDLE_S = 30.0  # a process that decoded nothing for so long ends itself, and its memory is free
_GRACE_S = 0.5  # longer than nearly any photo takes, shorter than a person waits


class DecoderUnavailable(PhotoFinderError):
    """Worker processes cannot be started at all; no photo is to blame."""

    def __init__(self, detail: str) -> None:
        super().__init__(f"the decoder process does not start: {detail}")
        self.detail = detail


class DecoderClosed(RuntimeError):
    """The decoder was closed before, or while, the photo was decoded."""


class Decoder:
    """A small pool of disposable processes, started when needed and ended when idle. Safe to use from several threads.

    A photo is blamed (DECODER_CRASHED, or TOO_LARGE for want of memory) only for what it does to a fresh process:
    if the worker had decoded others before, the photo is tried once more in a new one.
    """

    def __init__(
        self,
        workers: int | None = None,
        timeout_s: float = 30.0,
        memory_limit_mb: int = 2048,
        *,
        look_ahead: int = LOOK_AHEAD,
        idle_s: float = _IDLE_S,
    ) -> None:
        """``workers`` defaults to ``default_workers()``. The time limit is that of one photo."""
        self._count = workers if workers is not None else default_workers()
        if self._count < 1 or look_ahead < 1:
            raise ValueError("workers and look_ahead must be at least 1")
        self._timeout_s = timeout_s
        self._limits = {"timeout_s": timeout_s, "memory_limit_mb": memory_limit_mb, "idle_s": idle_s}
        self._look_ahead = look_ahead
        self._slots = threading.Semaphore(self._count)
        self._lock = threading.Lock()
        self._alive: set[_Worker] = set()
        self._idle: list[_Worker] = []
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    @property
    def worker_pids(self) -> list[int]:
        """Process ids of the workers that exist now."""
        with self._lock:
            return sorted(worker.process.pid for worker in self._alive if worker.process.poll() is None)

    def decode(self, path: Path, side: int = THUMBNAIL_SIDE) -> DecodedPhoto:
        """``images.decode`` in a worker; waits for a free one.

        Raises ``PhotoUnreadable`` (also TOO_SLOW and DECODER_CRASHED), ``DecoderUnavailable``, ``DecoderClosed``.
        """
        return self._decode(_path_request(path, side), path, None)

    def decode_bytes(self, data: bytes, side: int = THUMBNAIL_SIDE, path: Path = PASTED) -> DecodedPhoto:
        """``images.decode_bytes`` in a worker, for image data that was dropped or pasted. Raises like ``decode``."""
        return self._decode(({"from": "bytes", "side": side}, data), path, None)

    def decode_many(
        self, paths: Iterable[Path], side: int = THUMBNAIL_SIDE
    ) -> Iterator[DecodedPhoto | PhotoUnreadable]:
        """Decode in parallel: one result a path, in order, at most ``look_ahead`` of them before they are taken.

        ``paths`` is consumed by the thread that iterates, as far as the look-ahead needs. Decoding goes on while the
        caller works on a result. Closing the generator drops what is queued and kills what runs longer than half a
        second. Raises ``DecoderUnavailable``, ``DecoderClosed``.
        """
        batch = _Batch()
        pending: deque[Future[DecodedPhoto | PhotoUnreadable]] = deque()
        pool = ThreadPoolExecutor(self._count, thread_name_prefix="decode")

        def attempt(path: Path) -> DecodedPhoto | PhotoUnreadable:
            try:
                return self._decode(_path_request(path, side), path, batch)
            except PhotoUnreadable as error:
                return error

        try:
            for path in paths:
                pending.append(pool.submit(attempt, path))
                while pending and (len(pending) >= self._look_ahead or pending[0].done()):
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            wait([future for future in pending if not future.cancelled()], timeout=_GRACE_S)
            batch.cancel()
            pool.shutdown()

    def close(self) -> None:
        """End all workers; photos in flight raise ``DecoderClosed`` in their threads. May be called again."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            for worker in self._alive:
                worker.kill()
        for worker in idle:
            self._discard(worker)
        # Whoever still holds a worker gives its slot back once the worker is gone for good.
        for _ in range(self._count):
            self._slots.acquire()
        self._slots.release(self._count)

    def _decode(self, request: _Request, path: Path, batch: _Batch | None) -> DecodedPhoto:
        drive = path.parent if request[0]["from"] == "path" else None
        with self._slots:
            if drive is not None and DRIVES.of(drive):
                raise PhotoOutOfReach(path)
            worker = self._take()
            try:
                while True:
                    fresh = worker.photos == 0
                    try:
                        with batch.holding(worker) if batch is not None else contextlib.nullcontext():
                            return _photo(worker.ask(request, self._timeout_s, drive), path)
                    except _WorkerBrokenError as broken:
                        self._discard(worker)
                        if self._closed or (batch is not None and batch.cancelled):
                            raise DecoderClosed from None
                        if drive is not None and DRIVES.of(drive):
                            raise PhotoOutOfReach(path) from None
                        if fresh or broken.reason is FailureReason.TOO_SLOW:
                            raise PhotoUnreadable(path, broken.reason) from None
                        _log.info("%r: trying again in a new process", path)
                    worker = self._start()
            finally:
                self._give_back(worker)

    def _take(self) -> _Worker:
        while True:
            with self._lock:
                if self._closed:
                    raise DecoderClosed
                worker = self._idle.pop() if self._idle else None
            if worker is None:
                return self._start()
            if worker.process.poll() is None:
                return worker
            self._discard(worker)  # it ended itself, having had nothing to do

    def _start(self) -> _Worker:
        worker = _Worker(self._limits)
        with self._lock:
            self._alive.add(worker)
            closed = self._closed
        try:
            if closed:
                raise DecoderClosed
            worker.wait_until_ready()
        except BaseException as error:
            self._discard(worker)
            if self._closed and isinstance(error, DecoderUnavailable):  # it did start, and was ended by close()
                raise DecoderClosed from None
            raise
        return worker

    def _give_back(self, worker: _Worker) -> None:
        with self._lock:
            if worker in self._alive and not worker.busy and not self._closed:
                self._idle.append(worker)
                return
        self._discard(worker)

    def _discard(self, worker: _Worker) -> None:
        with self._lock:
            known = worker in self._alive
            self._alive.discard(worker)
        if known:
            worker.dispose()


def default_workers() -> int:
    """The cores this process may use, at most 4, or 6 of more than 12: more would wait (docs/PERFORMANCE.md)."""
    cores = usable_cores()
    return min(cores, 4 if cores <= 12 else 6)


def worker_command() -> list[str]:
    """How to start a worker: the same program when frozen, else the same Python with the same import path.

    Passing the import path (as multiprocessing does) finds this very package, and never a module of the same name
    that happens to lie in the folder the person is working in.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, WORKER_ARGUMENT]
    root = str(Path(__file__).parents[2])
    imports = json.dumps([entry or root for entry in sys.path])
    start = "import sys, json; sys.path[:] = json.loads(sys.argv[1]); import photofinder.library.decoder_worker as w"
    return [sys.executable, "-P", "-c", f"{start}; w.worker_main()", imports]


_Request = tuple[dict[str, Any], bytes]


def _path_request(path: Path, side: int) -> _Request:
    return {"from": "path", "side": side}, os.fsencode(path.absolute())


class _WorkerBrokenError(Exception):
    """The worker cannot be used any more; ``reason`` is what its photo is to be told, if it is to blame."""

    def __init__(self, reason: FailureReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class _Batch:
    """What one ``decode_many`` has in flight, so that closing it can end just that."""

    def __init__(self) -> None:
        self.cancelled = False
        self._lock = threading.Lock()
        self._workers: set[_Worker] = set()

    @contextlib.contextmanager
    def holding(self, worker: _Worker) -> Iterator[None]:
        with self._lock:
            if self.cancelled:
                raise DecoderClosed
            self._workers.add(worker)
        try:
            yield
        finally:
            with self._lock:
                self._workers.discard(worker)

    def cancel(self) -> None:
        with self._lock:
            self.cancelled = True
            for worker in self._workers:
                worker.kill()


class _Worker:
    """One process and the thread that reads its answers. Used by one thread at a time; ``kill`` by any."""

    def __init__(self, limits: dict[str, Any]) -> None:
        self.photos = 0
        self.busy = False
        # One core each: photos are decoded side by side, and threads count against the memory limit.
        environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        options: dict[str, Any] = {}
        if sys.platform == "win32":
            options["creationflags"] = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
        else:
            options["start_new_session"] = True  # Ctrl+C is for the program, not for the photo in the worker
        try:
            self.process: subprocess.Popen[bytes] = subprocess.Popen(
                worker_command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,  # until the worker is ready: why it does not start
                env=environment,
                cwd=Path(__file__).anchor,  # not in a folder of the person's, whose drive it would keep busy
                **options,
            )
        except OSError as error:
            raise DecoderUnavailable(str(error)) from error
        assert self.process.stdin is not None and self.process.stdout is not None
        self._requests, output = self.process.stdin, self.process.stdout
        # Neither the thread nor the queue refers to the worker, so one that is forgotten can still be collected.
        self._answers: queue.SimpleQueue[Frame | str] = queue.SimpleQueue()
        self._reader = threading.Thread(
            target=listen, args=(output, self._answers, weakref.ref(self.process)), name="decoder answers", daemon=True
        )
        self._reader.start()
        with contextlib.suppress(OSError):  # a worker that did not start is noticed by wait_until_ready
            write_frame(self._requests, limits, b"")

    def wait_until_ready(self) -> None:
        """Raises ``DecoderUnavailable``."""
        try:
            answer = self._answers.get(timeout=_START_TIMEOUT_S)
        except queue.Empty:
            answer = f"no answer in {_START_TIMEOUT_S:.0f} s"
        if isinstance(answer, str):
            raise DecoderUnavailable(answer)

    def ask(self, request: _Request, timeout_s: float, drive: Path | None) -> Frame:
        """Raises ``_WorkerBrokenError`` with TOO_SLOW (sooner if ``drive`` does not answer) or DECODER_CRASHED."""
        self.busy = True
        self.photos += 1
        try:
            write_frame(self._requests, *request)
            answer = self._answer(timeout_s, drive)
        except OSError:
            raise _WorkerBrokenError(FailureReason.DECODER_CRASHED) from None
        except queue.Empty:
            raise _WorkerBrokenError(FailureReason.TOO_SLOW) from None
        if isinstance(answer, str):
            raise _WorkerBrokenError(FailureReason.DECODER_CRASHED)
        self.busy = False
        return answer

    def _answer(self, timeout_s: float, drive: Path | None) -> Frame | str:
        """Raises ``queue.Empty``."""
        until = time.monotonic() + timeout_s
        while drive is not None and until - time.monotonic() > CHECK_S:
            with contextlib.suppress(queue.Empty):
                return self._answers.get(timeout=CHECK_S)
            if not DRIVES.reached(drive):
                raise queue.Empty
        return self._answers.get(timeout=max(0.0, until - time.monotonic()))

    def kill(self) -> None:
        self.process.kill()

    def dispose(self) -> None:
        """Kill, reap and close. A process stuck in the kernel (a dead network drive) is left behind, and said so."""
        self.kill()
        with contextlib.suppress(OSError):
            self._requests.close()
        self._reader.join(timeout=_GRACE_S * 10)
        if self._reader.is_alive():
            _log.warning("decoder process %d does not end", self.process.pid)
            return
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


def _photo(answer: Frame, path: Path) -> DecodedPhoto:
    header, body = answer
    if "bug" in header:
        _log.error("decoding %r failed:\n%s", path, header["bug"])
        raise _WorkerBrokenError(FailureReason.DECODER_CRASHED)
    try:
        if "error" in header:
            reason = FailureReason(header["error"])
            # For want of memory: what earlier photos left behind may have been too much, not this one.
            raise _WorkerBrokenError(reason) if header["memory"] else PhotoUnreadable(path, reason)
        height, width = header["shape"]
        end = height * width * 3
        pixels = np.frombuffer(body, np.uint8, count=end).reshape(height, width, 3)
        return DecodedPhoto(pixels, read_info(header["info"]), bytes(body[end:]))
    except (KeyError, TypeError, ValueError) as error:
        _log.error("the answer for %r makes no sense: %s", path, error)
        raise _WorkerBrokenError(FailureReason.DECODER_CRASHED) from error
