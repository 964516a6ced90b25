"""The window as a process, watched from outside: when it was painted, when phrases were answered, its memory."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import psutil

from photofinder.errors import WindowUnavailable
from photofinder.paths import DataPaths

TIMED_WINDOW = "--timed-window"
"""First argument of a frozen program when it is started to be watched."""
PATIENCE_S = 120.0


@dataclass(slots=True)
class Seen:
    """What was seen of one window.

    Seconds from the start of the process, by this process's clock, until the window was painted and until the answer to
    the first phrase was; ``phrase_ms``: for each phrase from asking to painted, by the window's clock.
    """

    process: psutil.Process
    painted_s: float = 0.0
    answered_s: float = 0.0
    phrase_ms: list[float] = field(default_factory=list)
    platform: str = ""

    def resident_mb(self) -> float:
        """Memory of the process and of those it started, in MB."""
        return resident_bytes(self.process) / 1e6


@contextlib.contextmanager
def watch_window(
    paths: DataPaths, phrases: Sequence[str], similar: int = 0, *, patient: bool = False
) -> Iterator[Seen]:
    """Open a window on ``paths``, ask ``phrases`` one after the other, then ``similar`` photos; it is closed after.

    ``patient``: each time only after the pictures of the answer before are there.

    What is yielded is complete; the window still stands, idle. Raises ``WindowUnavailable``.
    """
    order = json.dumps({"phrases": list(phrases), "similar": similar, "patient": patient})
    started = time.monotonic()
    process = subprocess.Popen(
        [*window_command(), "--data-dir", str(paths.data.parent), "--order", order],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(paths),
    )
    assert process.stdin is not None and process.stdout is not None and process.stderr is not None
    said: queue.SimpleQueue[tuple[float, dict[str, Any]] | None] = queue.SimpleQueue()
    complaint = bytearray()
    readers = [
        threading.Thread(target=_read_marks, args=(process.stdout, said), daemon=True),
        threading.Thread(target=_read_all, args=(process.stderr, complaint), daemon=True),
    ]
    for reader in readers:
        reader.start()
    try:
        seen = Seen(psutil.Process(process.pid))
        _follow(seen, said, started)
        yield seen
    except WindowUnavailable as error:
        process.kill()
        readers[1].join(5)
        last = complaint.decode("utf-8", "replace").strip().splitlines()[-1:] or [str(error)]
        raise WindowUnavailable(last[0]) from None
    finally:
        with contextlib.suppress(OSError):
            process.stdin.close()  # which tells the window to close
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for reader in readers:
            reader.join(5)
        process.stdout.close()
        process.stderr.close()


def window_command() -> list[str]:
    """How to start a watched window: the same program when frozen, else the same Python with the same import path."""
    if getattr(sys, "frozen", False):
        return [sys.executable, TIMED_WINDOW]
    return python_command("photofinder.ui.timed_window")


def python_command(module: str) -> list[str]:
    """The command that runs ``main`` of a module of ours in another process of this Python; arguments follow."""
    root = str(Path(__file__).parents[2])
    imports = json.dumps([entry or root for entry in sys.path])
    start = f"import sys, json; sys.path[:] = json.loads(sys.argv.pop(1)); import {module} as w"
    return [sys.executable, "-P", "-c", f"{start}; sys.exit(w.main(sys.argv[1:]))", imports]


def _environment(paths: DataPaths) -> dict[str, str]:
    """As a person's window has it: compiled modules are kept, beside what is measured where this process keeps none.

    To compile them again would take a quarter of a second of every start.
    """
    environment = os.environ | screen()
    if environment.pop("PYTHONDONTWRITEBYTECODE", ""):
        environment["PYTHONPYCACHEPREFIX"] = str(paths.data.parent / "bytecode")
    return environment


def screen() -> dict[str, str]:
    """What to add to a process's environment, so that a window also opens where there is no screen."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    return {}


def resident_bytes(process: psutil.Process) -> int:
    """Resident memory of a process and its children; pages that they share count for each of them."""
    total = 0
    for one in [process, *process.children(recursive=True)]:
        with contextlib.suppress(psutil.Error):
            total += one.memory_info().rss
    return total


def _follow(seen: Seen, said: queue.SimpleQueue[tuple[float, dict[str, Any]] | None], started: float) -> None:
    """Take marks until the window has nothing more to do."""
    while True:
        try:
            mark = said.get(timeout=PATIENCE_S)
        except queue.Empty:
            raise WindowUnavailable(f"no answer in {PATIENCE_S:.0f} s") from None
        if mark is None:
            raise WindowUnavailable("the process ended")
        at, what = mark
        match what["mark"]:
            case "painted":
                seen.painted_s, seen.platform = at - started, what["platform"]
            case "answered":
                seen.answered_s = seen.answered_s or at - started
                seen.phrase_ms.append(what["ms"])
            case "idle":
                return


def _read_marks(output: IO[bytes], said: queue.SimpleQueue[tuple[float, dict[str, Any]] | None]) -> None:
    for line in output:
        if line.startswith(b'{"mark"'):
            said.put((time.monotonic(), json.loads(line)))
    said.put(None)


def _read_all(output: IO[bytes], into: bytearray) -> None:
    for line in output:
        into += line
