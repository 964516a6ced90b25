"""The log file: warnings of the program and the tracebacks of its own bugs."""

from __future__ import annotations

import logging
import logging.handlers
from pathlib import Path
from typing import Any

from photofinder.paths import DataPaths

MAX_BYTES = 1_000_000


class SafeFormatter(logging.Formatter):
    """What others wrote (names of files, EXIF text) stays text: no forged lines, no commands to a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """One record; lines after its first are indented, so that one that begins with a time is always ours."""
        first, *more = super().format(record).split("\n")
        return "\n".join((_escaped(first), *(f"  {_escaped(line)}" for line in more)))


def _escaped(text: str) -> str:
    """``text`` where control characters and those that turn the line around are written as ``\\x1b``."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)


class _LogFile(logging.handlers.RotatingFileHandler):
    """Creates its folder with the first line: a program without warnings leaves no trace."""

    def _open(self) -> Any:
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        return super()._open()


def start_log(paths: DataPaths, level: int = logging.WARNING) -> None:
    """Send what is logged to ``paths.log`` (1 MB, one older file kept), and nowhere else. Never raises.

    Called again with the same paths it changes nothing but the level.
    """
    # a log that cannot be written must not write its own troubles to a stderr that may be None
    logging.raiseExceptions = False
    root = logging.getLogger()
    root.setLevel(level)
    for handler in root.handlers:
        if isinstance(handler, _LogFile):
            if handler.baseFilename == str(paths.log.absolute()):
                return
            root.removeHandler(handler)
            handler.close()
    handler = _LogFile(
        paths.log.absolute(), maxBytes=MAX_BYTES, backupCount=1, encoding="utf-8", delay=True, errors="backslashreplace"
    )
    handler.setFormatter(SafeFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
