"""Runs pip, shows what it is doing in few words, and keeps everything it says in a log."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

Say = Callable[[str, str], None]
"""``say(es, en)`` prints one line in the person's language."""

QUIET_S = 20.0
"""After so many seconds without news a line says that the work goes on."""

_DOWNLOADING = re.compile(
    r"^\s*(?:Downloading|Using cached) (?:\S*/)?([\w.]+?)-(\d[\w.!+]*?)(?:-\S+|\.tar\.\S+|\.zip) \(([\d.]+ [kMG]?B)\)"
)
_BUILDING = re.compile(r"^\s*Building wheel for (\S+) .*: started")
_INSTALLING = re.compile(r"^\s*Installing collected packages: (.+)")


def progress(line: str) -> tuple[str, str] | None:
    """The line worth showing for one line of pip, in Spanish and English; None for most of them."""
    if found := _DOWNLOADING.match(line):
        if ".metadata" in line:
            return None
        name, version, size = found.groups()
        return (f"  {name} {version} ({size.replace('.', ',')})", f"  {name} {version} ({size})")
    if found := _BUILDING.match(line):
        return (f"  preparando {found[1]}", f"  building {found[1]}")
    if found := _INSTALLING.match(line):
        names = found[1].strip().split(", ")
        if len(names) == 1:
            return (f"  instalando {names[0]}", f"  installing {names[0]}")
        return (f"  instalando {len(names)} paquetes", f"  installing {len(names)} packages")
    return None


def run_pip(
    python: Path, arguments: Sequence[str], log: Path, say: Say, extra_environment: Mapping[str, str] | None = None
) -> tuple[bool, str]:
    """Run ``python -m pip ARGUMENTS``; whether it succeeded, and its whole output (also appended to ``log``)."""
    command = [str(python), "-m", "pip", *arguments, "--disable-pip-version-check", "--no-input"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8", **(extra_environment or {})}
    lines: list[str] = []
    news = threading.Event()
    done = threading.Event()
    watcher = threading.Thread(target=_say_it_goes_on, args=(news, done, say), daemon=True)
    with (
        open(log, "a", encoding="utf-8") as file,
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, encoding="utf-8", errors="replace", env=environment,
        ) as process,
    ):  # fmt: skip
        file.write(f"\n$ {' '.join(command)}\n")
        watcher.start()
        try:
            assert process.stdout is not None
            for line in process.stdout:
                lines.append(line)
                file.write(line)
                if shown := progress(line):
                    news.set()
                    say(*shown)
        except BaseException:
            process.terminate()  # interrupted: pip must not go on behind our back
            raise
        finally:
            done.set()
            news.set()
            watcher.join()
    if process.returncode == -9:
        lines.append("\nkilled\n")
    return process.returncode == 0, "".join(lines)


def _say_it_goes_on(news: threading.Event, done: threading.Event, say: Say) -> None:
    started = time.monotonic()
    while not done.is_set():
        if news.wait(QUIET_S):
            news.clear()
        elif not done.is_set():
            minutes, seconds = divmod(int(time.monotonic() - started), 60)
            say(f"  … sigue ({minutes} min {seconds:02d} s)", f"  … still going ({minutes} min {seconds:02d} s)")


def say_in(language: str) -> Say:
    """The ``say`` of a language: one line to standard output at once."""

    def say(es: str, en: str) -> None:
        print(en if language == "en" else es, file=sys.stdout, flush=True)

    return say
