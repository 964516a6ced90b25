"""A drive that goes away and returns: nothing is deleted, nothing is analysed twice, and results say «sin conexión»."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from photofinder.cli.commands import main
from photofinder.errors import FolderOverlap, FolderUnavailable
from photofinder.library.catalog import Catalog
from photofinder.library.decoder import Decoder
from photofinder.library.thumbnails import ThumbnailCache
from photofinder.paths import DataPaths
from tests.conftest import write_photo
from tests.test_indexing import COLOURS, Library


@pytest.fixture
def library(paths: DataPaths, decoder: Decoder) -> Iterator[Library]:
    with (
        Catalog.open(paths.catalog, writer=True) as catalog,
        ThumbnailCache.open(paths.thumbnails) as thumbnails,
    ):
        yield Library(paths, decoder, thumbnails, catalog, COLOURS)


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    """A mount point with six photos."""
    for seed in range(6):
        write_photo(tmp_path / "usb" / "Viajes" / f"IMG_{seed}.jpg", size=(96, 64), seed=seed)
    return tmp_path / "usb"


def away(folder: Path, *, empty: bool = False) -> Path:
    gone = folder.with_name("cajón")
    folder.rename(gone)
    if empty:
        folder.mkdir()
    return gone


@pytest.mark.parametrize("empty", [False, True], ids=["no mount point", "an empty one"])
def test_it_returns_with_changed_photos_and_only_those_are_analysed(
    library: Library, drive: Path, tmp_path: Path, empty: bool
) -> None:
    write_photo(tmp_path / "casa" / "una.jpg", size=(96, 64), seed=50)
    library.run(drive, tmp_path / "casa")
    before = library.ids()
    gone = away(drive, empty=empty)
    _, summary = library.run(drive, tmp_path / "casa")
    assert summary.offline == (drive,) and summary.missing == 0 and summary.analysed == 0
    assert library.ids() == before
    assert [folder.online for folder in library.catalog.folders()] == [False, True]
    if empty:
        drive.rmdir()
    write_photo(gone / "Viajes" / "IMG_0.jpg", size=(96, 64), seed=70)
    write_photo(gone / "Viajes" / "nueva.jpg", size=(96, 64), seed=71)
    gone.rename(drive)
    library.batches.clear()
    _, summary = library.run(drive, tmp_path / "casa")
    assert sum(library.batches) == summary.analysed == 2
    assert before.items() <= library.ids().items()
    library.check(drive, tmp_path / "casa")


def test_it_returns_at_another_place_and_is_told_so(library: Library, drive: Path, tmp_path: Path) -> None:
    library.run(drive)
    ids = sorted(library.shown())
    library.catalog.set_favorite(ids[:2], True)
    moved = tmp_path / "otra letra"
    drive.rename(moved)
    (root,) = library.catalog.folders()
    folder = library.catalog.move_folder(root.id, moved)
    assert folder.online and folder.path == moved
    library.batches.clear()
    _, summary = library.run(moved)
    assert (summary.unchanged, library.batches) == (6, [])
    assert sorted(library.shown()) == ids
    library.check(moved)


def test_it_returns_at_another_place_and_is_recognised_when_added(
    library: Library, drive: Path, tmp_path: Path
) -> None:
    library.run(drive, exclude=["*.png"])
    ids = sorted(library.shown())
    moved = tmp_path / "media" / "usb1"
    moved.parent.mkdir()
    drive.rename(moved)
    write_photo(moved / "nueva.jpg", size=(96, 64), seed=60)
    write_photo(moved / "captura.png", size=(96, 64), seed=61)
    (moved / "Viajes" / "IMG_5.jpg").unlink()
    library.batches.clear()
    _, summary = library.run(moved)
    assert (summary.photos, summary.analysed, summary.missing, sum(library.batches)) == (6, 1, 1, 1)
    (root,) = library.catalog.folders()
    assert (root.path, root.exclude) == (moved, ("*.png",))
    assert set(ids[:5]) | set(ids) >= set(library.shown()) & set(ids) and len(set(library.shown()) & set(ids)) == 5


def test_a_folder_of_other_photos_is_no_drive_that_returned(library: Library, drive: Path, tmp_path: Path) -> None:
    library.run(drive)
    away(drive)
    for seed in range(6):  # the same names, as cameras give them
        write_photo(tmp_path / "otro" / "Viajes" / f"IMG_{seed}.jpg", size=(96, 64), seed=20 + seed)
    _, summary = library.run(tmp_path / "otro")
    assert summary.analysed == 6
    assert [folder.path.name for folder in library.catalog.folders()] == ["usb", "otro"]
    assert len(library.shown()) == 12


def test_a_copy_of_a_drive_that_is_there_is_another_folder(library: Library, drive: Path, tmp_path: Path) -> None:
    library.run(drive)
    shutil.copytree(drive, tmp_path / "copia")
    library.batches.clear()
    library.run(tmp_path / "copia")
    assert library.batches == [], "vectors are shared"
    assert len(library.catalog.folders()) == 2
    library.check(drive, tmp_path / "copia")


def test_a_part_that_cannot_be_listed_is_not_taken_for_deleted(
    library: Library, drive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    write_photo(drive / "fuera.jpg", size=(96, 64), seed=80)
    library.run(drive)
    before = library.ids()
    real = os.scandir

    def broken(path: object) -> object:
        if str(path).endswith("Viajes"):
            raise OSError(5, "Input/output error")
        return real(path)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "scandir", broken)
    _, summary = library.run(drive)
    assert summary.missing == 0
    assert library.ids() == before


def test_a_place_that_is_none_or_taken_is_refused(library: Library, drive: Path, tmp_path: Path) -> None:
    write_photo(tmp_path / "casa" / "una.jpg", size=(96, 64), seed=50)
    library.run(drive, tmp_path / "casa")
    root = library.catalog.folders()[0]
    with pytest.raises(FolderUnavailable):
        library.catalog.move_folder(root.id, tmp_path / "no está")
    with pytest.raises(FolderOverlap):
        library.catalog.move_folder(root.id, tmp_path / "casa")
    assert [folder.path.name for folder in library.catalog.folders()] == ["usb", "casa"]


def test_the_command_lists_and_moves(
    library: Library, drive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library.run(drive)
    gone = away(drive)
    assert main(["folder", "--language", "es"]) == 0
    assert capsys.readouterr().out == f"{drive}  6 fotos  (sin conexión)\n"
    assert main(["folder", "move", str(drive), str(gone), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [{"path": str(gone), "online": True, "photos": 6}]
    assert main(["folder", "move", str(drive), str(gone), "--language", "es"]) == 1
    assert "no existe o no está conectada" in capsys.readouterr().err
    assert main(["folder", "move", str(drive), "--language", "es"]) == 2
    assert "necesita dos carpetas" in capsys.readouterr().err
