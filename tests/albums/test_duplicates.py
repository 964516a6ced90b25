"""From files on disk to groups, with the real catalogue, decoder and thumbnails; the network is not needed."""

from __future__ import annotations

import shutil
from collections.abc import Generator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from photofinder.albums.best import GroupKind, Reason
from photofinder.albums.duplicates import Comparing, Group, find_duplicates
from photofinder.albums.looking import Looking, look_at_missing
from photofinder.indexing import index_folders
from photofinder.library.catalog import Catalog
from photofinder.library.decoder import Decoder
from photofinder.library.filters import Filters
from photofinder.library.thumbnails import ThumbnailCache
from photofinder.model.pack import Pack
from photofinder.paths import DataPaths
from tests.conftest import draw_photo, write_photo


def network(images: Sequence[NDArray[np.uint8]]) -> Any:
    """Vectors of what is seen at a glance: versions of a picture are close, other pictures are not."""
    glances = [np.asarray(Image.fromarray(image).resize((8, 8)), dtype=np.float32).ravel() - 128 for image in images]
    rows = np.pad(np.stack(glances), ((0, 0), (0, 320)))
    features = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return SimpleNamespace(features=features, embeddings=features[:, :258] + np.float32(1e-3))


def run(steps: Generator[Any, None, Any]) -> tuple[list[Any], Any]:
    events = []
    while True:
        try:
            events.append(next(steps))
        except StopIteration as end:
            return events, end.value


def exif(taken: str, camera: str = "Pixel 7") -> Image.Exif:
    made = Image.Exif()
    made[0x0110] = camera
    made.get_ifd(0x8769)[0x9003] = taken
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two copies, two versions, three of a burst, and three photos that are like no other."""
    folder = tmp_path / "Fotos"
    original = write_photo(folder / "Viajes" / "playa.jpg", seed=1)
    shutil.copy(original, folder / "playa (copia).jpg")
    write_photo(folder / "flor.png", seed=2)
    draw_photo(seed=2).resize((320, 240)).save(folder / "flor pequeña.jpg", quality=60)
    scene = draw_photo((900, 640), seed=3)
    for second in range(3):
        frame = scene.crop((60 * second, 0, 60 * second + 640, 480))
        frame.save(folder / f"r{second}.jpg", quality=92, exif=exif(f"2019:08:01 10:00:0{second}"))
    for seed in (7, 8, 9):
        write_photo(folder / f"otra{seed}.jpg", seed=seed)
    return folder


def analyse(catalog: Catalog, folder: Path, pack: Pack, decoder: Decoder, thumbnails: ThumbnailCache | None) -> None:
    run(index_folders(catalog, [folder], pack, decoder=decoder, thumbnails=thumbnails, visual=lambda pack: network))


def names(group: Group) -> set[str]:
    return {photo.path.name for photo in group.photos}


def test_copies_versions_and_bursts_are_told_apart(
    folder: Path, paths: DataPaths, pack: Pack, decoder: Decoder
) -> None:
    with Catalog.open(paths.catalog, writer=True) as catalog:
        analyse(catalog, folder, pack, decoder, None)
        assert not catalog.without_look()
        events, groups = run(find_duplicates(catalog))
        assert all(isinstance(event, Comparing) and event.done <= event.total for event in events)
        found = {group.kind: group for group in groups}
        assert len(groups) == 3
        assert names(found[GroupKind.COPIES]) == {"playa.jpg", "playa (copia).jpg"}
        same = found[GroupKind.SAME]
        assert [photo.path.name for photo in same.photos] == ["flor.png", "flor pequeña.jpg"]
        assert same.reasons[0] is Reason.PIXELS
        assert same.bytes_beside == (folder / "flor pequeña.jpg").stat().st_size
        assert names(found[GroupKind.BURST]) == {"r0.jpg", "r1.jpg", "r2.jpg"}
        assert [group.bytes_beside for group in groups] == sorted((g.bytes_beside for g in groups), reverse=True)
        _, inside = run(find_duplicates(catalog, Filters(path_contains=("viajes",))))
        assert inside == ()


def test_photos_analysed_before_are_looked_at_by_their_thumbnails(
    folder: Path, paths: DataPaths, pack: Pack, decoder: Decoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        Catalog.open(paths.catalog, writer=True) as catalog,
        ThumbnailCache.open(paths.thumbnails) as thumbnails,
    ):
        monkeypatch.setattr(Catalog, "put_looks", lambda *given: None)
        analyse(catalog, folder, pack, decoder, thumbnails)
        monkeypatch.undo()
        waiting = catalog.without_look()
        assert len(waiting) == 10
        decoded: list[Path] = []
        monkeypatch.setattr(decoder, "decode_many", lambda paths: iter([decoded.append(p) for p in paths]))
        events, looked = run(look_at_missing(catalog, thumbnails, decoder))
        assert looked == 10
        assert not decoded
        assert events == [Looking(0, 10)]
        assert not catalog.without_look()
        _, groups = run(find_duplicates(catalog))
        assert {group.kind for group in groups} == set(GroupKind)


def test_without_thumbnails_the_files_are_read_and_what_is_gone_waits(
    folder: Path, paths: DataPaths, pack: Pack, decoder: Decoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Catalog.open(paths.catalog, writer=True) as catalog:
        with monkeypatch.context() as before_looks:
            before_looks.setattr(Catalog, "put_looks", lambda *given: None)
            analyse(catalog, folder, pack, decoder, None)
        (folder / "flor.png").unlink()
        _, looked = run(look_at_missing(catalog, None, decoder))
        assert looked == 9
        assert len(catalog.without_look()) == 1
        assert {group.kind for group in run(find_duplicates(catalog))[1]} == {GroupKind.COPIES, GroupKind.BURST}


def test_looking_can_be_left_at_any_moment(
    folder: Path, paths: DataPaths, pack: Pack, decoder: Decoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photofinder.albums.looking._BATCH", 4)
    with Catalog.open(paths.catalog, writer=True) as catalog:
        with monkeypatch.context() as before_looks:
            before_looks.setattr(Catalog, "put_looks", lambda *given: None)
            analyse(catalog, folder, pack, decoder, None)
        steps = look_at_missing(catalog, None, decoder)
        assert next(steps) == Looking(0, 10)
        assert next(steps) == Looking(4, 10)
        steps.close()
        assert len(catalog.without_look()) == 6
        looking = find_duplicates(catalog)
        next(looking)
        looking.close()


def test_an_empty_catalogue_has_no_groups(paths: DataPaths, decoder: Decoder) -> None:
    with Catalog.open(paths.catalog, writer=True) as catalog:
        assert run(look_at_missing(catalog, None, decoder))[1] == 0
        assert run(find_duplicates(catalog))[1] == ()


def test_a_copy_gets_the_look_of_its_original_and_a_changed_photo_a_new_one(
    folder: Path, paths: DataPaths, pack: Pack, decoder: Decoder
) -> None:
    with Catalog.open(paths.catalog, writer=True) as catalog:
        analyse(catalog, folder, pack, decoder, None)
        by_name = {catalog.photos([i])[i].path.name: i for i in catalog.all_photo_ids()}
        ids, pictures = catalog.tinies([by_name["playa.jpg"], by_name["playa (copia).jpg"]])
        assert len(ids) == 2
        assert (pictures[0] == pictures[1]).all()
        before = catalog.measures([by_name["otra7.jpg"]])[by_name["otra7.jpg"]]
        write_photo(folder / "otra7.jpg", seed=31)
        analyse(catalog, folder, pack, decoder, None)
        assert (catalog.measures([by_name["otra7.jpg"]])[by_name["otra7.jpg"]] != before).any()
        assert not catalog.without_look()
