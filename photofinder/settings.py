"""What the person chose, as JSON: read tolerantly, written atomically."""

from __future__ import annotations

import contextlib
import errno
import json
import logging
import os
import tempfile
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from photofinder.errors import DataFolderUnwritable, DiskFull

_log = logging.getLogger(__name__)

_CHOICES: dict[str, tuple[object, ...]] = {
    "language": ("auto", "es", "en"),
    "appearance": ("system", "light", "dark"),
    "result_order": ("likeness", "date"),
    "seasons": ("auto", "north", "south"),
}
_RANGES = {
    "thumbnail_side": (16, 2048), "text_scale": (50, 400), "threads": (0, 256), "slideshow_seconds": (1, 3600),
}  # fmt: skip
_LONGEST_TEXT = 10_000
_MOST_ASIDE = 100
"""So many damaged ones of a file are kept; the last is overwritten."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its default: the program is complete without a settings file.

    ``language``: ``"auto"`` (the system's), ``"es"`` or ``"en"``. ``thumbnail_side``: of the grid, in logical
    pixels. ``pictures_proposed``: the system's Pictures folder was offered once, whatever the answer was.
    ``window_geometry``: base64 of what the window toolkit gave; empty for its own choice. ``appearance``:
    ``"system"``, ``"light"`` or ``"dark"``. ``text_scale``: percent. ``pause_on_battery``: analysing waits for mains.
    ``threads``: processes that open photos and threads of the network, 0 for the program's own choice.
    ``watch_folders``: what changes in them is noticed. ``pack``: name of the model pack; empty for the bundled one.
    ``result_order``: ``"likeness"`` or ``"date"``. ``seasons``: ``"north"``, ``"south"``, or ``"auto"`` for
    those of the system's country. ``slideshow_seconds``: how long a photo stays.
    ``prepare_objects``: photos are made ready for «the same object» after each analysis.
    """

    language: str = "auto"
    thumbnail_side: int = 180
    pictures_proposed: bool = False
    window_geometry: str = ""
    appearance: str = "system"
    text_scale: int = 100
    pause_on_battery: bool = True
    threads: int = 0
    watch_folders: bool = True
    pack: str = ""
    result_order: str = "likeness"
    seasons: str = "auto"
    slideshow_seconds: int = 5
    prepare_objects: bool = False
    descriptor: str = ""
    distance: str = "cosine"


def load_settings(path: Path) -> Settings:
    """Settings from ``path``; defaults when there is no file or it cannot be opened.

    A damaged file is set aside as ``<name>.damaged``, and its copy counts. A value of another type, or out of its
    range, counts as its default, and what a newer version added is ignored: a wrong setting must not keep the program
    from starting.
    """
    stored = read_object(path)
    defaults = asdict(Settings())
    told = {key: value for key, value in stored.items() if key in defaults and _fits(key, value, defaults[key])}
    return Settings(**told)


def _fits(key: str, value: object, default: object) -> bool:
    """Whether a stored value may be used: of the right type, and something that the program can live with."""
    if type(value) is not type(default):
        return False
    if key in _CHOICES:
        return value in _CHOICES[key]
    if isinstance(value, str):
        return len(value) <= _LONGEST_TEXT
    low, high = _RANGES.get(key, (False, True))
    return isinstance(value, int) and low <= value <= high


@dataclass(frozen=True, slots=True)
class SetAside:
    """A small file of ours that was damaged: where it was, where it is now, and whether its copy took its place."""

    path: Path
    aside: Path
    has_copy: bool


def set_damaged_aside(path: Path) -> SetAside | None:
    """Put a small file of ours aside if it is damaged, and its copy in its place; None when there is nothing wrong.

    Nothing that was put aside before is overwritten. A read-only place keeps its file: that is None, too.
    """
    if _stored(path) is not None:
        return None
    base = path.with_name(path.name + ".damaged")
    names = (base, *(base.with_name(f"{base.name}-{count}") for count in range(2, _MOST_ASIDE)))
    aside = next((name for name in names if not os.path.lexists(name)), names[-1])
    try:
        path.replace(aside)
        copy = _copy_of(path)
        has_copy = copy.is_file() and _stored(copy) is not None
        if has_copy:
            copy.replace(path)
    except OSError as error:
        _log.warning("%r stays: %s", str(path), error)
        return None
    return SetAside(path, aside, has_copy)


def read_object(path: Path) -> dict[str, Any]:
    """The JSON object in a small file of ours; empty when there is none or it cannot be opened.

    A damaged file is set aside, and what its copy holds counts.
    """
    stored = _stored(path)
    if stored is None and set_damaged_aside(path) is not None:
        stored = _stored(path)
    return stored or {}


def _stored(path: Path) -> dict[str, Any] | None:
    """The object in a file: empty when there is no file or it cannot be opened, None when it is damaged."""
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        _log.warning("%r cannot be read: %s", str(path), error)
        return {}
    try:
        stored = json.loads(text.decode("utf-8"))
        if not isinstance(stored, dict):
            raise ValueError("not an object")
    except (ValueError, RecursionError) as error:  # ValueError: neither UTF-8 nor JSON
        _log.warning("%r is damaged: %s", str(path), error)
        return None
    return stored


def _copy_of(path: Path) -> Path:
    return path.with_name(path.name + ".copy")


def save_settings(path: Path, settings: Settings) -> None:
    """Write all settings; whatever happens meanwhile, the file holds either the old ones or the new ones.

    Raises ``DiskFull`` or ``DataFolderUnwritable``.
    """
    text = json.dumps({field.name: getattr(settings, field.name) for field in fields(settings)}, indent=2)
    write_whole(path, text + "\n")


def write_whole(path: Path, text: str) -> None:
    """Write a small file in one step, as UTF-8, and a copy of it beside it, for when it gets damaged.

    Raises ``DiskFull`` or ``DataFolderUnwritable``; not for the copy.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, text, durable=True)
    except OSError as error:
        raise (DiskFull(path) if error.errno == errno.ENOSPC else DataFolderUnwritable(path.parent)) from error
    with contextlib.suppress(OSError):
        _write(_copy_of(path), text, durable=False)


def _write(path: Path, text: str, *, durable: bool) -> None:
    temporary: str | None = None
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".new")
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise
