"""Which photos teach which album of a tree, and how deep a photo is proposed."""

from __future__ import annotations

import numpy as np
import pytest

from photofinder.albums.tree import branches, find_album, placed
from photofinder.errors import AlbumUnknown
from photofinder.library.catalog_albums import Album, Marks

PERU, CUZCO, LIMA, DAY, CATS = 1, 2, 3, 4, 5
ALBUMS = [
    Album(CUZCO, "Cuzco", PERU, ""),
    Album(DAY, "Día 1", CUZCO, ""),
    Album(CATS, "Gatos", None, ""),
    Album(LIMA, "Lima", PERU, ""),
    Album(PERU, "Perú", None, ""),
]
MARKS = {
    PERU: Marks((10, 11), (90,)),
    CUZCO: Marks((20, 10), ()),
    DAY: Marks((30,), (20,)),
    LIMA: Marks((40, 30), (91, 40)),
    CATS: Marks((90, 60), ()),
}


def test_a_branch_learns_from_all_that_lie_in_it() -> None:
    known = branches(ALBUMS, MARKS)
    assert list(known) == [CATS, PERU, CUZCO, DAY, LIMA]
    assert known[PERU].yes == (10, 11, 20, 30, 40)
    assert known[PERU].own == {10, 11}
    assert known[CUZCO].yes == (20, 10, 30)
    assert known[DAY].path == "Perú/Cuzco/Día 1"


def test_a_no_holds_below_and_siblings_are_rivals() -> None:
    known = branches(ALBUMS, MARKS)
    assert known[PERU].no == (90,)
    assert known[DAY].no == (20, 90), "what is not of Peru is not of its first day"
    assert known[CUZCO].no == (90,), "what is not of the first day may be of Cuzco"
    assert known[LIMA].no == (91, 90), "40 was called right, too"
    assert known[CUZCO].rivals == (40,), "30 is in both"
    assert known[PERU].rivals == (), "a photo may well be of Peru and of cats"
    for branch in known.values():
        assert not set(branch.yes) & set(branch.no)
        assert not set(branch.rivals) & (set(branch.yes) | set(branch.no))


def test_albums_without_photos_are_branches_all_the_same() -> None:
    known = branches(ALBUMS, {})
    assert len(known) == 5
    assert all(branch.yes == branch.no == branch.rivals == () for branch in known.values())
    assert branches([], {}) == {}


@pytest.mark.parametrize("name", ["lima", " LIMA ", "Perú/Lima", "perú / lima"])
def test_an_album_is_found_by_its_name_or_path(name: str) -> None:
    assert find_album(branches(ALBUMS, MARKS), name).album.id == LIMA


def test_a_name_that_is_not_there_or_twice_is_unknown() -> None:
    known = branches([*ALBUMS, Album(6, "lima", CATS, "")], MARKS)
    for name in ("Bolivia", "Lima", "", "Perú/Bolivia"):
        with pytest.raises(AlbumUnknown) as unknown:
            find_album(known, name)
        assert "Perú/Lima" in unknown.value.known
    assert find_album(known, "gatos/lima").album.id == 6


def test_a_photo_goes_as_deep_as_it_is_likely() -> None:
    known = branches(ALBUMS, MARKS)
    likely = {
        CUZCO: np.array([0.8, 0.8, 0.6, 0.0]),
        DAY: np.array([0.7, 0.0, 0.9, 0.9]),
        LIMA: np.array([0.0, 0.6, 0.7, 0.0]),
    }
    assert placed(known, PERU, 4, likely).tolist() == [DAY, CUZCO, LIMA, PERU]
    del likely[CUZCO]
    assert placed(known, PERU, 4, likely).tolist() == [PERU, LIMA, LIMA, PERU]
    assert placed(known, DAY, 4, likely).tolist() == [DAY] * 4
