from __future__ import annotations

from pathlib import Path

from photofinder.library.catalog import Catalog
from photofinder.library.catalog_backup import backup_folder
from photofinder.library.own_data import delete_all
from photofinder.library.thumbnails import ThumbnailCache
from photofinder.paths import data_paths
from photofinder.settings import Settings, save_settings


def test_everything_of_ours_goes_and_nothing_else(tmp_path: Path) -> None:
    paths = data_paths(tmp_path)
    Catalog.open(paths.catalog, writer=True).close()
    with ThumbnailCache.open(paths.thumbnails) as cache:
        cache.put(1, 1, b"x")
    save_settings(paths.settings, Settings())
    revision = paths.neighbors / "rev-1"
    revision.mkdir(parents=True)
    for name in ("index.ann", "ids.npy", "manifest.json"):
        (revision / name).write_bytes(b"x")
    paths.log.parent.mkdir(parents=True)
    paths.log.write_text("…")
    paths.weights.mkdir()
    for name in ("red.safetensors", "red.json", "otra.pth.partial"):
        (paths.weights / name).write_bytes(b"x")
    (paths.neighbors / "embedding-7.vectors").write_bytes(b"x")
    backup_folder(paths.catalog).mkdir()
    for name in ("backups/catalog-2026-01-01.sqlite", "catalog-damaged-2026-01-01.sqlite"):
        (paths.data / name).write_bytes(b"x")
    (paths.data / "foto.jpg").write_bytes(b"de la persona")
    (revision / "nota.txt").write_text("de la persona")
    assert delete_all(paths) == []
    left = sorted(file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*") if file.is_file())
    assert left == ["data/foto.jpg", "data/neighbors/rev-1/nota.txt"]
    assert not backup_folder(paths.catalog).exists()
    assert not paths.cache.exists() and not paths.weights.exists()
    assert delete_all(paths) == []


def test_what_cannot_be_deleted_is_told(tmp_path: Path) -> None:
    paths = data_paths(tmp_path)
    (paths.catalog / "una carpeta").mkdir(parents=True)
    assert delete_all(paths) == [paths.catalog]
