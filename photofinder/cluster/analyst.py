"""The program's side of a cluster: photos go out in small groups, what is kept of them comes back in order."""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import logging
import os
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from photofinder.cluster.task import outcomes_of, request_frame
from photofinder.errors import ClusterUnavailable, ExtraMissing, FailureReason, PhotoUnreadable
from photofinder.indexing.analyst import Analysed
from photofinder.library.decoder_worker import Frame, read_answers, read_frame, write_frame

if TYPE_CHECKING:
    from photofinder.library.images import DecodedPhoto
    from photofinder.model.pack import Pack

GROUP = 16
"""Photos of one task: what Dask costs is for the task, and a network of 16 photos is as quick as one of more."""
GROUPS_A_WORKER = 3
"""Under way for each worker: one in work, one waiting there, one on its way."""
MOST_GROUPS = 256
PATIENCE_S = 30.0
"""How long a scheduler may take to answer, and how long there may be no worker at all."""
_START_S = 60.0
_UNSEEN = (FailureReason.VANISHED, FailureReason.NO_PERMISSION)
_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Group:
    paths: list[Path]
    number: int
    answer: Frame | None = None
    failed: bool = False


class ClusterAnalyst:
    """The ``Analyst`` that has the workers of a Dask cluster do it. Used by one thread.

    What a worker was doing when it died is done by another one; a photo with which four workers died in turn is
    DECODER_CRASHED, as one that breaks a decoder of this machine is.
    """

    hashes = True

    def __init__(
        self,
        address: str,
        pack: Pack,
        roots: Sequence[Path],
        *,
        thumbnails: bool,
        patience_s: float = PATIENCE_S,
        group: int = GROUP,
    ) -> None:
        """Start the go-between and wait until a worker is there.

        ``roots``: the folders that hold all photos; workers must see them under the same names. Raises
        ``ClusterUnavailable`` and ``ExtraMissing``.
        """
        self._address = address
        self._pack = pack
        self._roots = [Path(os.path.abspath(root)) for root in roots]  # noqa: PTH100 - as the catalogue has them
        self._thumbnails = thumbnails
        self._group = group
        self._numbers = itertools.count()
        self._under_way: dict[int, _Group] = {}
        self.received_bytes = 0
        """Of all answers until now."""
        self._process = subprocess.Popen(
            _command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,  # until it is ready: why it does not start
            start_new_session=True,  # Ctrl+C is for the program
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._requests = self._process.stdin
        self._answers: queue.SimpleQueue[Frame | str] = queue.SimpleQueue()
        self._reader = threading.Thread(
            target=read_answers, args=(self._process.stdout, self._answers), name="cluster answers", daemon=True
        )
        self._reader.start()
        try:
            self._send({"address": address, "patience_s": patience_s})
            self._next(_START_S)  # it runs
            self.workers = int(self._next(_START_S + 2 * patience_s)[0]["ready"])
            """How many there were when somebody last counted."""
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def outcomes(self, paths: Iterable[Path]) -> Generator[Analysed | PhotoUnreadable, None, None]:
        """See ``Analyst``. Raises ``ClusterUnavailable``; what was yielded before is good."""
        pending: deque[_Group] = deque()
        paths = iter(paths)
        try:
            while True:
                ahead = min(MOST_GROUPS, GROUPS_A_WORKER * self.workers)
                while len(pending) < ahead and (some := list(itertools.islice(paths, self._group))):
                    pending.append(self._submit(some))
                if not pending:
                    return
                yield from self._result(pending.popleft())
        finally:
            if self._under_way:
                self._under_way.clear()
                with contextlib.suppress(ClusterUnavailable):
                    self._send({"forget": True})

    def warm_up(self) -> None:
        """The workers load what they need."""

    def analysed(self, photos: Sequence[DecodedPhoto | Analysed]) -> list[Analysed]:
        """See ``Analyst``: it is done already."""
        return [photo for photo in photos if isinstance(photo, Analysed)]

    def ping(self) -> None:
        """Wait until a worker has answered a request about no photo: what the cluster itself takes."""
        self._result(self._submit([]))

    def close(self) -> None:
        """End the go-between, and with it what it has under way in the cluster. May be called again."""
        with contextlib.suppress(OSError):
            self._requests.close()
        try:
            self._process.wait(3)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _submit(self, paths: list[Path]) -> _Group:
        group = _Group(paths, next(self._numbers))
        self._under_way[group.number] = group
        roots = [root for root in self._roots if any(path.is_relative_to(root) for path in paths)]
        body = request_frame(paths, roots, self._pack.fingerprint, thumbnails=self._thumbnails)
        self._send({"task": group.number}, body)
        return group

    def _result(self, group: _Group) -> list[Analysed | PhotoUnreadable]:
        while group.answer is None and not group.failed:
            self._take(self._next(None))
        if group.answer is not None:
            return self._read(group, group.answer)
        if len(group.paths) == 1:
            return [PhotoUnreadable(group.paths[0], FailureReason.DECODER_CRASHED)]
        # one of them may be what the workers died of: each by itself
        alone = [self._submit([path]) for path in group.paths]
        return [outcome for one in alone for outcome in self._result(one)]

    def _take(self, frame: Frame) -> None:
        """File one message of the go-between."""
        header, body = frame
        self.received_bytes += len(body)
        if "workers" in header:
            self.workers = max(1, int(header["workers"]))
            return
        if "done" in header:
            group = self._under_way.pop(int(header["done"]), None)
            if group is not None:
                answer = read_frame(io.BytesIO(body))
                if answer is None:
                    raise ClusterUnavailable(self._address, "nonsense")
                group.answer = answer
            return
        group = self._under_way.pop(int(header["failed"]), None)
        if group is None:
            return
        if "KilledWorker" not in header["detail"]:
            why = "package" if header["why"] == "error" else "lost"
            raise ClusterUnavailable(self._address, why, header["detail"])
        _log.warning("workers died of a group of %d photos: %s", len(group.paths), header["detail"])
        group.failed = True

    def _read(self, group: _Group, answer: Frame) -> list[Analysed | PhotoUnreadable]:
        header = answer[0]
        if "refused" in header:
            detail = str(header.get("detail", ""))
            if header["refused"] == "folder":
                raise ClusterUnavailable(self._address, "folder", folder=Path(os.fsdecode(bytes.fromhex(detail))))
            raise ClusterUnavailable(self._address, str(header["refused"]), detail)
        try:
            found = outcomes_of(answer, group.paths, (self._pack.feature_dim, self._pack.embedding_dim))
        except (ValueError, KeyError, TypeError) as error:
            raise ClusterUnavailable(self._address, "nonsense", str(error)) from error
        for outcome in found:
            if isinstance(outcome, PhotoUnreadable) and outcome.reason in _UNSEEN and os.access(outcome.path, os.R_OK):
                # it is there for this machine: that folder of the worker is another one
                raise ClusterUnavailable(self._address, "folder", folder=outcome.path.parent)
        return found

    def _next(self, patience_s: float | None) -> Frame:
        """The next message; what stops everything is raised."""
        try:
            frame = self._answers.get(timeout=patience_s)
        except queue.Empty:
            raise ClusterUnavailable(self._address, "unreachable", "no answer") from None
        if isinstance(frame, str):
            raise ClusterUnavailable(self._address, "lost", frame)
        if "error" in frame[0]:
            if frame[0]["error"] == "extra":
                raise ExtraMissing("--dask", frame[0]["detail"])
            raise ClusterUnavailable(self._address, frame[0]["error"], frame[0]["detail"])
        return frame

    def _send(self, header: dict[str, Any], body: bytes = b"") -> None:
        try:
            write_frame(self._requests, header, body)
        except (OSError, ValueError) as error:
            raise ClusterUnavailable(self._address, "lost", str(error)) from error


def _command() -> list[str]:
    """The same Python with the same import path, as for the decoders."""
    root = str(Path(__file__).parents[2])
    imports = json.dumps([entry or root for entry in sys.path])
    start = "import sys, json; sys.path[:] = json.loads(sys.argv[1]); import photofinder.cluster.gateway as g; g.main()"
    return [sys.executable, "-P", "-c", start, imports]
