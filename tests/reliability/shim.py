"""Compiles ``faults.c`` and talks to ``program.py`` under it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from enum import IntEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).parents[2]


class Kind(IntEnum):
    """What happens at the chosen call; the numbers are those of ``faults.c``."""

    NOTHING = 0
    KILL = 1
    """The process is killed with SIGKILL in place of the call."""
    TORN = 2
    """Half of the call is done (of a write; another call wholly), then the process is killed."""
    FULL = 3
    """The call fails with ENOSPC, and so does all that needs room from then on."""
    IO_ERROR = 4
    """The call fails with EIO, once."""
    AWAY = 5
    """The photo folder is renamed away, and the call is done."""
    DATA_AWAY = 6
    """The same with the program's own data folder."""


def why_not() -> str:
    """Why the shim cannot be used here; empty when it can."""
    if not sys.platform.startswith("linux"):
        return "calls are caught with LD_PRELOAD, which is of Linux"
    return "" if compiler() else "no C compiler for the shim"


def compiler() -> str | None:
    """The C compiler of this machine."""
    return next((found for name in ("cc", "gcc", "clang") if (found := shutil.which(name))), None)


def build(folder: Path) -> Path:
    """Compile the shim into ``folder``."""
    target = folder / "faults.so"
    source = Path(__file__).with_name("faults.c")
    subprocess.run(
        [str(compiler()), "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", str(target), str(source), "-ldl"],
        check=True,
    )
    return target


def environment(shim: Path, state: Path) -> dict[str, str]:
    """For a process under the shim whose data lies below ``state``."""
    return os.environ | {
        "LD_PRELOAD": str(shim),
        "PYTHONPATH": str(ROOT),
        "PHOTOFINDER_DATA_DIR": str(state),
        "PHOTOFINDER_LANGUAGE": "es",
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


class Program:
    """A warm ``program.py``; every ``run`` is a process of its own."""

    def __init__(self, shim: Path, state: Path, resources: Path | None = None) -> None:
        """``resources``: where model packs are looked for and verified each time, in the place of what ships."""
        self._state = state
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("program.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(shim, state) | ({} if resources is None else {"FAULTS_RESOURCES": str(resources)}),
            text=True,
            encoding="utf-8",
        )

    def run(self, run: list[str] | str, kind: Kind = Kind.NOTHING, at: int = 0, **folders: Path) -> dict[str, Any]:
        """Run a command or step; what ``program.py`` answers. ``folders``: ``moved`` and ``to``, of AWAY."""
        request: dict[str, Any] = {"run": run, "kind": min(kind, Kind.AWAY), "at": at, "below": str(self._state)}
        request |= {"from": str(folders.get("moved", "")), "to": str(folders.get("to", ""))}
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()
