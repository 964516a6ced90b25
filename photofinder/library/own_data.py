"""Deletes what the program itself wrote, file by file and by name: never a folder of which something else is a part."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

from photofinder.library.catalog_backup import backup_folder
from photofinder.paths import DataPaths

_log = logging.getLogger(__name__)

_NEIGHBORS = frozenset(("index.ann", "ids.npy", "manifest.json"))
_MAPPED = frozenset((".vectors", ".lists"))


def delete_all(paths: DataPaths) -> list[Path]:
    """Catalogue, thumbnails, neighbours, weights, settings, searches and log; what could not be deleted is returned.

    Call it when nothing of it is open. Folders are removed only if that leaves them empty.
    """
    stuck = [file for file in list(_files(paths)) if not _is_gone(file)]
    folders = sorted(paths.neighbors.rglob("*"), reverse=True) if paths.neighbors.is_dir() else []
    for folder in (
        *folders,
        paths.neighbors,
        paths.weights,
        backup_folder(paths.catalog),
        paths.data,
        paths.cache,
        paths.config,
        paths.state,
    ):
        try:
            folder.rmdir()
        except OSError:  # not empty, not there, or not ours to remove: it may stay
            continue
    return stuck


def _files(paths: DataPaths) -> Iterator[Path]:
    for base in (paths.catalog, paths.thumbnails):
        for suffix in ("", "-wal", "-shm", "-journal", ".lock"):
            yield base.with_name(base.name + suffix)
    for folder, patterns in (
        (paths.config, ("settings.json*", "searches.json*")),
        (paths.data, ("searches.json*", "catalog-damaged-*", "catalog.sqlite.rescu*")),
        (backup_folder(paths.catalog), ("catalog-*.sqlite", "catalog.new*")),
        (paths.weights, ("*.safetensors", "*.json", "*.new", "*.pth", "*.partial")),
        (paths.state, ("photofinder.log*", "searches.json*")),
    ):
        for pattern in patterns:
            yield from folder.glob(pattern)
    if paths.neighbors.is_dir():
        for file in paths.neighbors.rglob("*"):
            if file.name in _NEIGHBORS or file.suffix in _MAPPED or file.name.startswith("writing-"):
                yield file


def _is_gone(file: Path) -> bool:
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        _log.warning("%r is not deleted: %s", file, error)
        return False
    return True
