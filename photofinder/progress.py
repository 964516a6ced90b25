"""Progress on a terminal: one line that is rewritten; where nobody watches, a line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Generator
from typing import TextIO, TypeVar

from photofinder.evaluation import Asked
from photofinder.indexing import Embedded, Scanned, Scanning
from photofinder.indexing.objects import ObjectsPrepared
from photofinder.messages import counted, duration, number, pick

_Event = TypeVar("_Event")
_Result = TypeVar("_Result")

_TERMINAL_EVERY_S = 0.1
_FILE_EVERY_S = 5.0


class ProgressLine:
    """Writes the state of long work to a stream (``None``: a windowed program has none) and wipes it at the end."""

    def __init__(self, stream: TextIO | None, language: str) -> None:
        self._stream = stream
        self._language = language
        self._rewrites = stream is not None and stream.isatty()
        self._next = 0.0
        self._kind: type | None = None
        self._shown = 0

    def say(self, kind: type, text: str) -> None:
        """Show a text about an event of this kind, unless the last one of the kind is too recent."""
        if self._stream is None or (kind is self._kind and time.monotonic() < self._next):
            return
        self._kind = kind
        self._next = time.monotonic() + (_TERMINAL_EVERY_S if self._rewrites else _FILE_EVERY_S)
        if self._rewrites:
            self._stream.write("\r" + text.ljust(self._shown))
            self._shown = len(text)
        else:
            self._stream.write(text + "\n")
        self._stream.flush()

    def wipe(self) -> None:
        """Leave the terminal's line empty for what comes next."""
        if self._stream is not None and self._shown:
            self._stream.write("\r" + " " * self._shown + "\r")
            self._stream.flush()
            self._shown = 0


def describe(event: object, language: str) -> str | None:
    """An event in words, or None for one that the line does not show."""
    match event:
        case Scanning(found=found) | Scanned(found=found):
            photos = pick(language, counted(found, "foto", "fotos"), counted(found, "photo", "photos", language))
            return pick(language, f"buscando fotos: {photos}", f"looking for photos: {photos}")
        case Embedded(done=done, total=total, photos_per_second=rate, seconds_left=left):
            pace = number(rate, language, 0 if rate >= 10 else 1)
            text = pick(
                language,
                f"analizando {number(done)} de {number(total)}, {pace} fotos/s",
                f"analysing {number(done, language)} of {number(total, language)}, {pace} photos/s",
            )
            if left is None or done == total:
                return text
            return text + _left(left, language)
        case ObjectsPrepared(done=done, total=total, seconds_left=left):
            text = pick(
                language,
                f"preparando {number(done)} de {number(total)} fotos",
                f"preparing {number(done, language)} of {number(total, language)} photos",
            )
            return text if left is None or done == total else text + _left(left, language)
        case Asked(done=done, total=total):
            return pick(
                language,
                f"preguntando {number(done)} de {number(total)}",
                f"asking {number(done, language)} of {number(total, language)}",
            )
        case _:
            return None


def follow(
    run: Generator[_Event, None, _Result],
    language: str,
    *,
    silent: bool = False,
    words: Callable[[_Event, str], str | None] = describe,
) -> _Result:
    """Run long work to its end, showing on stderr where it is; it is closed, and keeps what is done, whatever happens.

    ``words``: an event in a language; None for one that the line does not show.
    """
    line = ProgressLine(None if silent else sys.stderr, language)
    try:
        while True:
            event = next(run)
            if (text := words(event, language)) is not None:
                line.say(type(event), text)
    except StopIteration as end:
        result: _Result = end.value
        return result
    finally:
        run.close()
        line.wipe()


def _left(seconds: float, language: str) -> str:
    verb = "queda" if round(seconds) == 1 else "quedan"
    return pick(language, f", {verb} {duration(seconds)}", f", {duration(seconds, language)} left")
