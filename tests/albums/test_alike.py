from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from photofinder.albums.alignment import correlation
from photofinder.albums.alike import (
    BURST_LEAST_COSINE,
    HASH_LIMIT,
    LEAST_COSINE,
    MOST_COSINE,
    QUICK_COSINE,
    Pairs,
    needed_cosine,
)
from photofinder.albums.cells import close_in_cells
from photofinder.albums.duplicates import grouped
from photofinder.albums.hashes import close_pairs, distance, has_shape, hashes_of
from photofinder.library.looks import look_at
from photofinder.training.variants import VARIANTS
from tests.albums.alike_samples import alike, described, unit
from tests.conftest import draw_photo


def pairs_of(pairs: Pairs) -> set[tuple[int, int]]:
    return set(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))


def tiny(image: Image.Image) -> np.ndarray:
    return look_at(np.asarray(image.convert("RGB"))).tiny


@pytest.mark.parametrize("name", sorted(VARIANTS))
def test_every_version_of_a_photo_is_found_and_no_other_photo(name: str) -> None:
    photos = [draw_photo(seed=seed) for seed in range(6)]
    versions = [VARIANTS[name](photo, np.random.default_rng(1)) for photo in photos]
    found = alike(described([*photos, *versions], [*range(6), *range(6)]))
    right = {(place, place + 6) for place in range(6)}
    assert pairs_of(found.same) <= right
    assert len(found.same) >= (5 if name == "watermarked" else 6)  # a white strip may cover what little there is
    assert not len(found.bursts)


def test_a_version_without_vectors_is_found_by_its_hash() -> None:
    photos = [draw_photo(seed=seed) for seed in range(4)]
    brighter = ImageEnhance.Brightness(photos[2]).enhance(1.2)
    known = described([*photos, brighter], [0, 1, 2, 3, 3])
    known.features[4] = 0
    assert pairs_of(alike(known).same) == {(2, 4)}


def test_even_grey_is_like_nothing() -> None:
    grey = [Image.new("RGB", (64, 48), (level,) * 3) for level in (0, 90, 91, 255)]
    assert not has_shape(np.stack([tiny(image) for image in grey])).any()
    assert not len(alike(described(grey, [0, 0, 0, 0])).same)


def test_photos_of_one_camera_within_seconds_are_a_burst() -> None:
    moving = [draw_photo(seed=seed) for seed in range(6)]
    known = described(moving, [0, 0, 0, 0, 1, 0], moments=[10, 11, 13, 90, 12, 12], cameras=[0, 0, 0, 0, 0, 1])
    found = alike(known)
    assert pairs_of(found.bursts) == {(0, 1), (0, 2), (1, 2)}
    assert not len(found.same)


def test_a_picture_that_moves_little_may_take_ten_seconds_and_another_one_may_not() -> None:
    scene = draw_photo(seed=1)
    moved = [scene.crop((step, step, scene.width - 12 + step, scene.height - 9 + step)) for step in (0, 4, 8)]
    others = [draw_photo(seed=seed) for seed in (7, 8)]
    known = described([*moved, *others], [0] * 5, moments=[100, 107, 115, 110, 120])
    known.features[:] = unit(known.features + 0.06 * np.random.default_rng(3).standard_normal((5, 128)))
    cosines = (known.features.astype(np.float32) @ known.features[0].astype(np.float32))[1:]
    assert ((cosines > BURST_LEAST_COSINE) & (cosines < QUICK_COSINE)).all()
    assert pairs_of(alike(known).bursts) == {(0, 1), (1, 2)}
    later = described(moved, [0, 0, 0], moments=[100, 111, 122])
    assert not len(alike(later).bursts)


def test_times_that_no_camera_wrote_make_no_burst() -> None:
    known = described([draw_photo(seed=seed) for seed in range(3)], [0, 0, 0], moments=[10, 10, 10])
    known.timed[1] = False
    assert pairs_of(alike(known).bursts) == {(0, 2)}


def test_the_limit_is_stricter_where_photos_are_alike_anyway() -> None:
    needed = needed_cosine(np.array([0.0, 0.8, 0.9, 0.96, 1.0], dtype=np.float32))
    assert needed.tolist() == pytest.approx([LEAST_COSINE, 0.9, 0.95, 0.98, MOST_COSINE])


def test_vectors_alone_do_not_make_a_pair() -> None:
    """One scene, two compositions: close vectors, pictures that do not fit upon each other."""
    known = described([draw_photo(seed=seed) for seed in range(4)], [0, 0, 0, 0])
    assert not len(alike(known).same)


def test_hashes_of_versions_are_close_and_of_others_far() -> None:
    photos = [draw_photo(seed=seed) for seed in range(12)]
    small = [photo.resize((320, 240)) for photo in photos]
    fine, coarse = hashes_of(np.stack([tiny(image) for image in [*photos, *small]]))
    assert distance(fine[:12], fine[12:]).max() < HASH_LIMIT
    others = [int(distance(fine[i : i + 1], fine[j : j + 1])[0]) for i in range(12) for j in range(i)]
    assert min(others) > HASH_LIMIT
    close = {pair for some, more in close_pairs(coarse, np.arange(24)) for pair in zip(some, more, strict=True)}
    assert {(place, place + 12) for place in range(12)} <= close


def test_hashes_that_differ_by_seven_bits_meet() -> None:
    rng = np.random.default_rng(3)
    some = rng.integers(0, 2**63, 300, dtype=np.uint64)
    others = some.copy()
    for bit in range(7):
        others ^= np.uint64(1) << rng.integers(9 * bit, 9 * bit + 9, 300).astype(np.uint64)
    pairs = close_pairs(np.concatenate([some, others]), np.arange(600))
    found = {pair for first, second in pairs for pair in zip(first.tolist(), second.tolist(), strict=True)}
    assert {(place, place + 300) for place in range(300)} <= found


def test_a_crowd_with_one_hash_is_not_compared_all_with_all() -> None:
    same = np.zeros(3000, dtype=np.uint64)
    assert sum(len(first) for first, _ in close_pairs(same, np.arange(3000))) < 3000 * 24 * 4


def test_cells_find_what_comparing_all_with_all_finds() -> None:
    rng = np.random.default_rng(0)
    vectors = unit(rng.standard_normal((1500, 64))).astype(np.float32)
    vectors[750:] = unit(vectors[:750] + 0.03 * rng.standard_normal((750, 64)))
    crowding = np.zeros(1500, dtype=np.float32)
    found = set()
    for close in close_in_cells(vectors.astype(np.float16), np.arange(1500), 0.9, crowding):
        found |= set(zip(close.first.tolist(), close.second.tolist(), strict=True))
    everything = set(zip(*np.nonzero(np.triu(vectors @ vectors.T >= 0.9, 1)), strict=True))
    assert len(found & everything) >= 0.97 * len(everything)
    assert found <= {(int(one), int(other)) for one, other in everything}
    assert 0 < crowding.max() < 0.9


def test_windows_find_a_part_and_the_mirror_image() -> None:
    photo = draw_photo((640, 640), seed=4)
    part = photo.crop((40, 10, 630, 600))
    turned = photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    straight, mirrored = correlation(np.stack([tiny(photo)] * 2), np.stack([tiny(part), tiny(turned)]))
    assert straight[0] > 0.97
    assert mirrored[1] > 0.99 > straight[1]


def test_a_chain_of_small_changes_is_cut_and_a_burst_is_not() -> None:
    def pairs(*some: tuple[int, int]) -> Pairs:
        one, other = np.array(some or np.empty((0, 2)), dtype=np.int64).T
        return Pairs(one, other, np.ones(len(one), dtype=np.float32))

    from photofinder.albums.alike import Alike

    chain = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)]
    cut = grouped(Alike(pairs(*chain), pairs()), 6)
    assert max(len(members) for members, _ in cut) == 3
    assert grouped(Alike(pairs(), pairs(*chain)), 6) == [([0, 1, 2, 3, 4, 5], True)]
    joined = grouped(Alike(pairs((0, 9), (4, 5)), pairs((0, 1))), 10)
    assert sorted(joined) == [([0, 1, 9], True), ([4, 5], False)]
