"""Computing a descriptor for the photos of a catalogue: interrupted and taken up, with photos that change and go."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from photofinder.errors import CatalogInUse, FailureReason
from photofinder.indexing import DescribeSummary, Embedded, describe_photos, forget_descriptor, index_folders
from photofinder.library.catalog import Catalog
from photofinder.library.catalog_descriptors import DescribedPhoto
from photofinder.library.decoder import Decoder
from photofinder.library.images import decode
from photofinder.model.descriptor_weights import is_ready
from photofinder.model.descriptors import Descriptor, find_descriptor
from photofinder.model.pack import Pack
from photofinder.model.visual import PhotoVectors
from photofinder.paths import DataPaths
from tests.conftest import write_photo
from tests.descriptor_samples import OTHER, SMALL, make_ready, offered
from tests.pack_samples import save_weights

ONE = Descriptor("uno", "Uno", "alexnet", "fc7", 12, "uno-00000000.pth", 10)
Pixels = Sequence[NDArray[np.uint8]]


def colours(images: Pixels) -> NDArray[np.float32]:
    """In the place of a network: twelve numbers of each picture."""
    return np.stack(
        [np.concatenate([image.mean((0, 1)), image.std((0, 1)), image[0, 0], image[-1, -1]]) for image in images]
    ).astype(np.float32)


def features(pack: Pack) -> Callable[[Pixels], PhotoVectors]:
    """In the place of the pack's CNN."""

    def embed(images: Pixels) -> PhotoVectors:
        rng = np.random.default_rng(len(images))
        rows = [rng.standard_normal((len(images), dim)) for dim in (pack.feature_dim, pack.embedding_dim)]
        return PhotoVectors(*((row / np.linalg.norm(row, axis=1)[:, None]).astype(np.float32) for row in rows))

    return embed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for seed in range(7):
        path = write_photo(tmp_path / "fotos" / f"{seed}.jpg", size=(90, 60), seed=seed)
        os.utime(path, (1_600_000_000 + seed, 1_600_000_000 + seed))
    return tmp_path / "fotos"


def index(catalog: Catalog, folder: Path, pack: Pack, decoder: Decoder) -> None:
    for _ in index_folders(catalog, [folder], pack, decoder=decoder, visual=features):
        pass


def describe(
    catalog: Catalog, decoder: Decoder, network: Callable[[Pixels], NDArray[np.float32]] = colours, batch_size: int = 3
) -> tuple[DescribeSummary, list[Embedded]]:
    events = []
    run = describe_photos(catalog, ONE, decoder=decoder, network=lambda: network, batch_size=batch_size)
    while True:
        try:
            events.append(next(run))
        except StopIteration as end:
            return end.value, events


def vectors(catalog: Catalog) -> dict[str, NDArray[np.float32]]:
    """By file name, what is stored."""
    _, ids, rows = catalog.descriptor(ONE.name, ONE.fingerprint, ONE.dim).vector_rows(ONE.name)
    photos = catalog.photos(ids.tolist())
    return {photos[photo_id].path.name: row for photo_id, row in zip(ids.tolist(), rows, strict=True)}


def never(images: Pixels) -> NDArray[np.float32]:
    raise AssertionError("nothing was to be computed")


def test_every_photo_gets_its_own_vector_once(catalog: Catalog, folder: Path, pack: Pack, decoder: Decoder) -> None:
    index(catalog, folder, pack, decoder)
    summary, events = describe(catalog, decoder)
    assert (summary.described, summary.copied, summary.left) == (7, 0, 0)
    assert [(event.done, event.total) for event in events] == [(0, 7), (3, 7), (6, 7), (7, 7)]
    for name, vector in vectors(catalog).items():
        np.testing.assert_allclose(vector, colours([decode(folder / name).pixels])[0], rtol=2e-3)
    assert describe(catalog, decoder, never) == (DescribeSummary(seconds=pytest.approx(0, abs=5)), [])
    assert catalog.descriptor(ONE.name, ONE.fingerprint, ONE.dim).progress() == (7, 7)
    assert catalog.counts().analysed == 7


def test_an_interrupted_run_keeps_its_batches_and_goes_on(
    catalog: Catalog, folder: Path, pack: Pack, decoder: Decoder, paths: DataPaths
) -> None:
    index(catalog, folder, pack, decoder)
    run = describe_photos(catalog, ONE, decoder=decoder, network=lambda: colours, batch_size=2)
    assert [next(run).done for _ in range(2)] == [0, 2]
    with Catalog.open(paths.catalog, writer=True) as second, pytest.raises(CatalogInUse):
        next(describe_photos(second, ONE, decoder=decoder, network=lambda: colours))
    run.close()
    assert set(vectors(catalog)) == {"6.jpg", "5.jpg"}, "the newest first"
    summary, events = describe(catalog, decoder)
    assert (summary.described, events[0].total) == (5, 5)


def test_a_copy_takes_the_vector_of_its_twin_and_a_moved_photo_keeps_it(
    catalog: Catalog, folder: Path, pack: Pack, decoder: Decoder
) -> None:
    index(catalog, folder, pack, decoder)
    describe(catalog, decoder)
    shutil.copy(folder / "3.jpg", folder / "copia.jpg")
    (folder / "4.jpg").rename(folder / "movida.jpg")
    index(catalog, folder, pack, decoder)
    summary, _ = describe(catalog, decoder, never)
    assert (summary.described, summary.copied) == (1, 1)
    found = vectors(catalog)
    np.testing.assert_array_equal(found["copia.jpg"], found["3.jpg"])
    assert "movida.jpg" in found and "4.jpg" not in found


def test_what_changed_is_described_after_its_next_analysis(
    catalog: Catalog, folder: Path, pack: Pack, decoder: Decoder
) -> None:
    index(catalog, folder, pack, decoder)
    write_photo(folder / "2.jpg", size=(90, 60), seed=99)
    (folder / "5.jpg").unlink()
    summary, _ = describe(catalog, decoder)
    assert (summary.described, summary.left) == (5, 2)
    index(catalog, folder, pack, decoder)
    summary, _ = describe(catalog, decoder)
    assert (summary.described, summary.left) == (1, 0)
    before = vectors(catalog)["2.jpg"]
    write_photo(folder / "2.jpg", size=(90, 60), seed=100)
    index(catalog, folder, pack, decoder)
    assert "2.jpg" not in vectors(catalog), "the vector of what it was is gone with it"
    describe(catalog, decoder)
    assert not np.array_equal(vectors(catalog)["2.jpg"], before)


def test_a_photo_that_changes_while_it_is_computed_is_not_kept(
    catalog: Catalog, folder: Path, pack: Pack, decoder: Decoder
) -> None:
    index(catalog, folder, pack, decoder)
    photo = catalog.photos(catalog.all_photo_ids())[1]
    store = catalog.descriptor(ONE.name, ONE.fingerprint, ONE.dim)
    store.begin()
    as_it_was = DescribedPhoto(photo.id, photo.size, photo.mtime_ns - 1)
    gone = DescribedPhoto(999, 1, 1)
    assert store.put([as_it_was, gone], np.ones((2, ONE.dim), np.float32)) == 0
    catalog.set_error(photo.id, FailureReason.DAMAGED)
    as_it_is = DescribedPhoto(photo.id, photo.size, photo.mtime_ns)
    assert store.put([as_it_is], np.ones((1, ONE.dim), np.float32)) == 0
    assert len(store.held()) == 0


def test_photos_that_are_away_or_cannot_be_read_are_left(
    catalog: Catalog, folder: Path, pack: Pack, decoder: Decoder
) -> None:
    index(catalog, folder, pack, decoder)
    stat = (folder / "1.jpg").stat()
    (folder / "1.jpg").write_bytes(b"x" * stat.st_size)
    os.utime(folder / "1.jpg", ns=(stat.st_atime_ns, stat.st_mtime_ns))
    summary, events = describe(catalog, decoder)
    assert (summary.described, summary.left, events[-1].done) == (6, 1, 7)
    folder.rename(folder.with_name("otro disco"))
    summary, _ = describe(catalog, decoder, never)
    assert (summary.described, summary.left) == (0, 1)


def test_a_removed_folder_takes_its_vectors_along(catalog: Catalog, folder: Path, pack: Pack, decoder: Decoder) -> None:
    index(catalog, folder, pack, decoder)
    describe(catalog, decoder)
    catalog.remove_folder(1)
    assert len(catalog.descriptor(ONE.name, ONE.fingerprint, ONE.dim).held()) == 0


def test_forgetting_goes_step_by_step_and_leaves_what_others_need(
    catalog: Catalog, folder: Path, pack: Pack, decoder: Decoder, paths: DataPaths, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    weights = save_weights(tmp_path / "weights")
    with offered(weights, monkeypatch):
        index(catalog, folder, pack, decoder)
        both = make_ready(paths, weights), find_descriptor(OTHER)
        for one in both:
            store = catalog.descriptor(one.name, one.fingerprint, one.dim)
            store.begin()
            photos = catalog.photos(catalog.all_photo_ids()).values()
            seen = [DescribedPhoto(photo.id, photo.size, photo.mtime_ns) for photo in photos]
            store.put(seen, np.ones((len(seen), one.dim), np.float32))
        monkeypatch.setattr("photofinder.library.catalog_descriptors._AT_ONCE", 3)
        run = forget_descriptor(paths, catalog, both[0])
        next(run)
        run.close()
        assert len(catalog.descriptor(SMALL, both[0].fingerprint, both[0].dim).held()) == 4
        assert len(list(forget_descriptor(paths, catalog, both[0]))) == 1
        assert is_ready(paths, both[0]), "the other one stands on the same weights"
        list(forget_descriptor(paths, catalog, both[1]))
        assert not is_ready(paths, both[1])
        assert catalog.counts().analysed == 7
