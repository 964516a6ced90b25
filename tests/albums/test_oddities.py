from __future__ import annotations

import numpy as np
import pytest

from photofinder.albums import oddities
from photofinder.albums.oddities import COMPONENTS, FEWEST, MOST_ODD, Density, mark_odd, odd_rows
from photofinder.library.catalog import Catalog
from photofinder.library.filters import KINDS, Filters
from photofinder.library.looks import look_at
from photofinder.library.photo_kinds import kinds_of
from photofinder.library.scan import FoundFile
from photofinder.paths import DataPaths
from tests.albums.alike_samples import unit
from tests.conftest import draw_photo


def library(count: int, seed: int = 0) -> np.ndarray:
    """Vectors that vary along few directions, as photos of one person do, the last two along another one."""
    rng = np.random.default_rng(seed)
    rows = rng.standard_normal((count, 12)) @ rng.standard_normal((12, 64)) + 0.1 * rng.standard_normal((count, 64))
    rows[-2:] += 40 * rng.standard_normal(64)
    return unit(rows + 10).astype(np.float16)


def oddness(features: np.ndarray) -> np.ndarray:
    return Density.of(features).distances(features)


def test_what_lies_in_another_direction_is_far() -> None:
    distances = oddness(library(400))
    assert set(np.argsort(-distances)[:2].tolist()) == {398, 399}
    assert set(odd_rows(distances).tolist()) == {398, 399}
    assert distances.mean() == pytest.approx(COMPONENTS, rel=0.4)


def test_at_most_one_in_a_hundred_is_odd_and_a_uniform_library_has_none() -> None:
    rng = np.random.default_rng(1)
    assert len(odd_rows(np.exp(rng.standard_cauchy(1000).clip(-80, 80)).astype(np.float32))) <= MOST_ODD * 1000
    assert not len(odd_rows(np.full(1000, 16.0, dtype=np.float32)))
    assert not len(odd_rows(oddness(np.repeat(library(3)[:1], 200, axis=0))))


def catalogued(catalog: Catalog, paths: DataPaths, count: int) -> list[int]:
    catalog.use_pack("test", 64, 64)
    paths.data.mkdir(parents=True, exist_ok=True)
    root = catalog.add_folder(paths.data)
    ids = catalog.add_photos(root.id, [FoundFile(f"{number}.jpg", 1, number) for number in range(count)])
    catalog.put_vectors(ids, "feature", library(count).astype(np.float32))
    look = look_at(np.asarray(draw_photo(seed=1)))
    catalog.put_looks(ids, [look] * count, kinds_of([look.measures] * count, [None] * count))
    return ids


def run(catalog: Catalog) -> int:
    marking = mark_odd(catalog)
    while True:
        try:
            next(marking)
        except StopIteration as end:
            return int(end.value)


def test_odd_photos_can_be_searched_and_are_told_anew(paths: DataPaths) -> None:
    with Catalog.open(paths.catalog, writer=True) as catalog:
        ids = catalogued(catalog, paths, 400)
        assert run(catalog) == 2
        assert catalog.filtered_ids(Filters(kinds=("odd",))).tolist() == ids[-2:]
        assert catalog.filtered_ids(Filters(not_kinds=("odd",))).tolist() == ids[:-2]
        assert catalog.filtered_ids(Filters(kinds=("odd", "dark"))).tolist() == ids[-2:]
        catalog.put_vectors(ids[-2:], "feature", library(400)[:2].astype(np.float32))
        assert run(catalog) == 0
        assert not len(catalog.filtered_ids(Filters(kinds=("odd",))))


def test_of_a_large_library_some_say_what_is_usual(paths: DataPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oddities, "_FITTED", 200)
    fitted: list[int] = []
    fit = Density.of
    monkeypatch.setattr(Density, "of", lambda features: fitted.append(len(features)) or fit(features))
    with Catalog.open(paths.catalog, writer=True) as catalog:
        ids = catalogued(catalog, paths, 1000)
        assert run(catalog) <= 10
        assert set(ids[-2:]) <= set(catalog.filtered_ids(Filters(kinds=("odd",))).tolist())
    assert 150 < fitted[0] < 250


def test_of_photos_that_leave_meanwhile_none_is_odd(paths: DataPaths) -> None:
    with Catalog.open(paths.catalog, writer=True) as catalog:
        catalogued(catalog, paths, 400)
        marking = mark_odd(catalog)
        next(marking)
        next(marking)
        catalog.remove_folder(catalog.folders()[0].id)
        with pytest.raises(StopIteration) as end:
            next(marking)
        assert end.value.value == 0


def test_a_small_library_has_no_odd_photos(paths: DataPaths) -> None:
    with Catalog.open(paths.catalog, writer=True) as catalog:
        catalogued(catalog, paths, FEWEST - 1)
        assert run(catalog) == 0


def test_kinds_have_bits_of_their_own() -> None:
    assert len({bit.bit_count() for bit in KINDS.values()}) == 1
    assert len(set(KINDS.values())) == len(KINDS)
