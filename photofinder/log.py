"""The log file: warnings of the program and the tracebacks of its own bugs."""

from __future__ import annotations

import logging
import logging.handlers
from pathlib import Path
from typing import Any

from photofinder.paths import DataPaths

MAX_BYTES = 1_000_000


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
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
