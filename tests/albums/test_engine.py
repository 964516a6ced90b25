"""Albums over a real catalogue: what they show, propose, and learn from."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from photofinder.albums.classifier import Method
from photofinder.albums.engine import VIEWS, AlbumEngine, add_views
from photofinder.albums.views import views_of
from photofinder.errors import AlbumUnknown
from photofinder.library.catalog import Catalog
from photofinder.library.decoder import Decoder
from photofinder.model.pack import Pack
from photofinder.search.vectors import VectorTable
from tests.conftest import write_photo
from tests.search.search_samples import EMBEDDING_DIM, FEATURE_DIM, AddPhotos, Vectors, unit

THEMES = {"beach": 0, "town": 3, "wood": 6}


def themed(theme: str | None, count: int, dim: int, seed: int, day: int | None = None) -> Vectors:
    vectors = np.random.default_rng(seed).standard_normal((count, dim))
    if theme is not None:
        vectors[:, THEMES[theme]] += 8
    if day is not None:
        vectors[:, 9 + day] += 6
    return unit(vectors)


def add(add_photos: AddPhotos, theme: str | None, count: int, seed: int, day: int | None = None) -> list[int]:
    return add_photos(
        themed(theme, count, EMBEDDING_DIM, seed, day),
        themed(theme, count, FEATURE_DIM, seed + 1, day),
        [f"{theme}-{seed}-{n}.jpg" for n in range(count)],
    )


@pytest.fixture
def library(add_photos: AddPhotos) -> dict[str, list[int]]:
    """300 photos of nothing, 20 each of a beach, a town and a wood."""
    found = {theme: add(add_photos, theme, 20, seed) for seed, theme in enumerate(THEMES, 50)}
    return found | {"nothing": add(add_photos, None, 300, 40)}


@pytest.fixture
def engine(reader: Catalog, small_pack: Pack) -> AlbumEngine:
    return AlbumEngine(reader, small_pack)


@pytest.mark.parametrize("count", [1, 2, 3, 8])
def test_an_album_proposes_what_is_like_its_photos(
    writer: Catalog, engine: AlbumEngine, library: dict[str, list[int]], count: int
) -> None:
    album = writer.add_album("Playas")
    writer.mark_photos(album.id, library["beach"][:count], True)
    view = engine.view(album.id)
    assert view.method is (Method.NEAREST if count < 3 else Method.SVM)
    assert sorted(view.members) == library["beach"][:count]
    proposed = [one.photo_id for one in view.proposals]
    assert len(proposed) >= (20 - count) // 2
    assert set(proposed[: 20 - count]) <= set(library["beach"][count:])
    chances = [one.probability for one in view.proposals]
    assert chances == sorted(chances, reverse=True)
    assert all(one.album_id == album.id for one in view.proposals)
    assert (view.precision is None) == (count < 3)
    assert len(engine.view(album.id, limit=4).proposals) == 4


def test_each_verdict_changes_the_next_view(
    writer: Catalog, engine: AlbumEngine, library: dict[str, list[int]]
) -> None:
    album = writer.add_album("Playas")
    writer.mark_photos(album.id, library["beach"][:3], True)
    first, second = (one.photo_id for one in engine.view(album.id).proposals[:2])
    writer.mark_photos(album.id, [first], True)
    writer.mark_photos(album.id, [second], False)
    view = engine.view(album.id)
    assert first in view.members
    assert {first, second}.isdisjoint(one.photo_id for one in view.proposals)
    writer.mark_photos(album.id, [second], None)
    assert second in [one.photo_id for one in engine.view(album.id).proposals]


def test_what_is_called_wrong_takes_its_like_down(
    writer: Catalog, engine: AlbumEngine, library: dict[str, list[int]]
) -> None:
    album = writer.add_album("Fuera")
    writer.mark_photos(album.id, [*library["beach"][:4], *library["wood"][:4]], True)
    before = {one.photo_id for one in engine.view(album.id, 400).proposals}
    writer.mark_photos(album.id, library["wood"][4:8], False)
    writer.mark_photos(album.id, library["wood"][:4], None)
    after = {one.photo_id for one in engine.view(album.id, 400).proposals}
    assert len(before & set(library["wood"][8:])) >= 4
    assert not after & set(library["wood"])
    assert len(after & set(library["beach"])) >= 8


def test_a_new_photo_is_proposed_to_the_branch_and_to_the_leaf(
    writer: Catalog, engine: AlbumEngine, library: dict[str, list[int]], add_photos: AddPhotos
) -> None:
    days = [add(add_photos, "town", 12, 70 + day, day) for day in range(2)]
    journey = writer.add_album("Viaje")
    leaves = [writer.add_album(f"Día {day}", journey.id) for day in range(2)]
    for leaf, day in zip(leaves, days, strict=True):
        writer.mark_photos(leaf.id, day[:6], True)
    assert sorted(engine.view(journey.id).members) == sorted(days[0][:6] + days[1][:6])
    new = [add(add_photos, "town", 3, 90 + day, day) for day in range(2)]
    proposed = {one.photo_id: one.album_id for one in engine.view(journey.id, 100).proposals}
    for day in range(2):
        here = [proposed[photo] for photo in (*days[day][6:], *new[day]) if photo in proposed]
        assert len(here) >= 4
        assert set(here) <= {leaves[day].id, journey.id}, "never to another day"
        assert here.count(leaves[day].id) >= len(here) / 2
        own = [one.photo_id for one in engine.view(leaves[day].id, 100).proposals]
        assert len(set(own) & {*days[day][6:], *new[day]}) >= 4
        assert not set(own) & {*days[1 - day][6:], *new[1 - day]}
    assert engine.count(journey.id)[0] == 12
    assert engine.count(journey.id)[1] > 6


def test_who_has_no_album_reads_no_vectors(
    library: dict[str, list[int]], engine: AlbumEngine, writer: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """100,000 photos have 200 MB of them, which would be read while the first search is answered."""
    read: list[str] = []
    follow = VectorTable.follow

    def noted(table: VectorTable, *arguments: Any) -> bool:
        read.append(table.kind)
        return follow(table, *arguments)

    monkeypatch.setattr(VectorTable, "follow", noted)
    assert engine.branches() == {}
    album = writer.add_album("Playa")
    assert [branch.path for branch in engine.branches().values()] == ["Playa"]
    assert read == []
    writer.mark_photos(album.id, library["beach"][:3], True)
    assert engine.count(album.id)[0] == 3
    assert read == ["feature", "embedding"]
    engine.rest()
    assert engine.view(album.id).proposals


def test_albums_without_photos_propose_nothing(
    writer: Catalog, engine: AlbumEngine, library: dict[str, list[int]]
) -> None:
    album = writer.add_album("Vacío")
    assert engine.view(album.id).proposals == ()
    assert engine.view(album.id).method is None
    writer.mark_photos(album.id, library["beach"][:3], False)
    assert engine.view(album.id).method is None
    assert engine.count(album.id) == (0, 0)
    with pytest.raises(AlbumUnknown):
        engine.view(album.id + 1)


def test_photos_that_are_gone_teach_on_but_are_not_shown(
    writer: Catalog, engine: AlbumEngine, library: dict[str, list[int]]
) -> None:
    album = writer.add_album("Playas")
    writer.mark_photos(album.id, library["beach"][:4], True)
    writer.mark_missing(library["beach"][:2] + library["beach"][10:])
    view = engine.view(album.id)
    assert sorted(view.members) == library["beach"][2:4]
    proposed = {one.photo_id for one in view.proposals}
    assert len(proposed & set(library["beach"][4:10])) >= 3
    assert not proposed & {*library["beach"][:4], *library["beach"][10:]}
    writer.mark_found(library["beach"])
    assert len(engine.view(album.id).members) == 4


def test_a_photo_that_is_not_analysed_is_a_member_nobody_learns_from(
    writer: Catalog, engine: AlbumEngine, library: dict[str, list[int]]
) -> None:
    album = writer.add_album("Playas")
    new = writer.add_or_update_photo(writer.folders()[0].id, "nueva.jpg", 10, 20)
    writer.mark_photos(album.id, [new], True)
    assert engine.view(album.id).method is None
    assert engine.view(album.id).members == (new,)
    writer.mark_photos(album.id, library["beach"][:1], True)
    assert engine.view(album.id).method is Method.NEAREST


def test_a_library_of_nothing_but_the_album_has_nothing_to_propose(
    writer: Catalog, engine: AlbumEngine, add_photos: AddPhotos
) -> None:
    photos = add(add_photos, "beach", 5, 1)
    album = writer.add_album("Todo")
    writer.mark_photos(album.id, photos, True)
    assert engine.view(album.id).proposals == ()
    assert len(engine.view(album.id).members) == 5


class Network:
    """Stands for the CNN: the mean colour of a picture, in the first numbers of both vectors."""

    def __init__(self) -> None:
        self.seen: list[tuple[int, ...]] = []

    def __call__(self, images: Sequence[NDArray[np.uint8]]) -> Any:
        self.seen += [image.shape for image in images]
        means = np.stack([image.mean((0, 1)) for image in images]).astype(np.float64) + 1
        return SimpleNamespace(
            features=unit(np.pad(means, ((0, 0), (0, FEATURE_DIM - 3)))),
            embeddings=unit(np.pad(means, ((0, 0), (0, EMBEDDING_DIM - 3)))),
        )


def test_views_are_made_once_and_go_with_the_content(
    writer: Catalog, engine: AlbumEngine, library: dict[str, list[int]], tmp_path: Path
) -> None:
    path = write_photo(tmp_path / "fotos" / f"{'beach'}-50-0.jpg", size=(300, 200), seed=1)
    album = writer.add_album("Playas")
    writer.mark_photos(album.id, library["beach"][:3], True)
    assert engine.view(album.id).unviewed == tuple(reversed(library["beach"][:3]))
    network = Network()
    with Decoder(workers=1) as decoder:
        assert add_views(writer, library["beach"][0], decoder, network)
        assert not add_views(writer, library["beach"][1], decoder, network), "there is no such file"
        assert not add_views(writer, 999_999, decoder, network)
    assert network.seen == [(200, 300, 3)] + [(133, 200, 3)] * 6
    stored = writer.vector(library["beach"][0], VIEWS)
    assert stored is not None
    assert stored.shape == (7 * (FEATURE_DIM + EMBEDDING_DIM),)
    assert np.linalg.norm(stored.reshape(7, -1), axis=1) == pytest.approx(np.ones(7), abs=2e-3)
    assert engine.view(album.id).unviewed == (library["beach"][2], library["beach"][1])
    writer.add_or_update_photo(writer.folders()[0].id, path.name, 11, 22, content_hash="otra")
    assert writer.vector(library["beach"][0], VIEWS) is None


def test_views_of_a_tiny_photo_are_its_mirror_image_alone() -> None:
    pixels = np.arange(20 * 40 * 3, dtype=np.uint8).reshape(20, 40, 3)
    (only,) = views_of(pixels)
    assert np.array_equal(only, pixels[:, ::-1])
    assert len(views_of(np.zeros((64, 48, 3), dtype=np.uint8))) == 7


def test_listing_albums_and_one_or_two_photos_need_no_scikit_learn() -> None:
    code = "import sys, photofinder.albums.engine; print([n for n in ('sklearn', 'torch') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_proposing_from_many_photos_is_quick(writer: Catalog, engine: AlbumEngine, add_photos: AddPhotos) -> None:
    photos = add(add_photos, "beach", 20, 1)
    rng = np.random.default_rng(3)
    count = 5_000
    add_photos(
        unit(rng.standard_normal((count, EMBEDDING_DIM))),
        unit(rng.standard_normal((count, FEATURE_DIM))),
        [f"{n}.jpg" for n in range(count)],
    )
    album = writer.add_album("Playas")
    writer.mark_photos(album.id, photos[:5], True)
    engine.view(album.id)
    writer.mark_photos(album.id, photos[5:6], True)
    started = time.thread_time()  # whatever else the machine does
    view = engine.view(album.id)
    assert time.thread_time() - started < 3, "a mark is followed by another ranking at once"
    assert {one.photo_id for one in view.proposals[:10]} <= set(photos)
