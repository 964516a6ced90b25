"""Albums and marks in a real catalogue: their tree, what is refused, and what survives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from photofinder.errors import AlbumInItself, AlbumNameRefused, AlbumUnknown
from photofinder.library.catalog import Catalog
from photofinder.library.catalog_albums import Marks


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    (tmp_path / "Fotos").mkdir()
    with Catalog.open(tmp_path / "datos" / "catalog.sqlite", writer=True) as catalog:
        folder = catalog.add_folder(tmp_path / "Fotos")
        for seed in range(6):
            catalog.add_or_update_photo(folder.id, f"{seed}.jpg", 10, 20, content_hash=str(seed))
        yield catalog


@pytest.fixture
def photos(catalog: Catalog) -> list[int]:
    return sorted(catalog.all_photo_ids())


def test_albums_form_a_tree_and_come_by_name(catalog: Catalog) -> None:
    peru = catalog.add_album("Perú")
    cuzco = catalog.add_album("  Cuzco \n y  alrededores ", peru.id)
    first = catalog.add_album("día 1", cuzco.id)
    catalog.add_album("Árboles")
    assert [album.name for album in catalog.albums()] == ["Cuzco y alrededores", "día 1", "Perú", "Árboles"]
    assert (cuzco.parent_id, first.parent_id, peru.parent_id) == (peru.id, cuzco.id, None)
    assert peru.created.endswith("+00:00")


@pytest.mark.parametrize(
    ("name", "why"),
    [("  ", "empty"), ("a" * 81, "long"), ("Perú/2019", "characters"), ("a\x00b", "characters"), ("PLAYAS", "taken")],
)
def test_a_name_that_cannot_be_is_refused_and_nothing_changes(catalog: Catalog, name: str, why: str) -> None:
    beach, other = catalog.add_album("playas"), catalog.add_album("montes")
    with pytest.raises(AlbumNameRefused) as refused:
        catalog.add_album(name)
    assert refused.value.why == why
    with pytest.raises(AlbumNameRefused):
        catalog.rename_album(other.id, name)
    assert [album.name for album in catalog.albums()] == ["montes", "playas"]
    catalog.add_album("playas", beach.id)
    catalog.rename_album(beach.id, "Playas")


def test_an_album_moves_but_never_into_itself(catalog: Catalog) -> None:
    peru = catalog.add_album("Perú")
    cuzco = catalog.add_album("Cuzco", peru.id)
    day = catalog.add_album("Día 1", cuzco.id)
    for inside in (peru, cuzco, day):
        with pytest.raises(AlbumInItself):
            catalog.move_album(peru.id, inside.id)
    catalog.move_album(day.id, None)
    catalog.move_album(peru.id, day.id)
    parents = {album.name: album.parent_id for album in catalog.albums()}
    assert parents == {"Perú": day.id, "Cuzco": peru.id, "Día 1": None}
    catalog.add_album("cuzco")
    with pytest.raises(AlbumNameRefused):
        catalog.move_album(cuzco.id, None)


def test_the_last_word_about_a_photo_counts_and_can_be_undone(catalog: Catalog, photos: list[int]) -> None:
    album = catalog.add_album("Playas")
    assert catalog.album_marks() == {}
    assert catalog.mark_photos(album.id, [photos[2], photos[0], photos[2]], True) == {photos[2]: None, photos[0]: None}
    before = catalog.mark_photos(album.id, [photos[2], photos[1], 999], False)
    assert before == {photos[2]: True, photos[1]: None}
    assert catalog.album_marks() == {album.id: Marks((photos[0],), (photos[2], photos[1]))}
    catalog.restore_marks(album.id, before)
    assert catalog.album_marks() == {album.id: Marks((photos[0], photos[2]), ())}
    catalog.mark_photos(album.id, photos, None)
    assert catalog.album_marks() == {}


def test_a_photo_that_moves_vanishes_or_changes_keeps_its_marks(catalog: Catalog, photos: list[int]) -> None:
    album = catalog.add_album("Playas")
    catalog.mark_photos(album.id, photos, True)
    catalog.move_photo(photos[0], "otra/carpeta.jpg")
    catalog.mark_missing([photos[1]])
    root = catalog.folders()[0]
    catalog.add_or_update_photo(root.id, "2.jpg", 11, 21, content_hash="retocada")
    assert catalog.album_marks()[album.id].yes == tuple(photos)
    catalog.remove_folder(root.id)
    assert catalog.album_marks() == {}
    assert catalog.albums() == [album]


def test_removing_an_album_takes_its_branch_and_can_be_undone(catalog: Catalog, photos: list[int]) -> None:
    other = catalog.add_album("Otro")
    peru = catalog.add_album("Perú", other.id)
    cuzco = catalog.add_album("Cuzco", peru.id)
    catalog.mark_photos(peru.id, photos[:2], True)
    catalog.mark_photos(cuzco.id, photos[2:4], False)
    catalog.mark_photos(other.id, photos[4:], True)
    albums, marks = catalog.albums(), catalog.album_marks()
    removed = catalog.remove_album(peru.id)
    assert catalog.albums() == [other]
    assert catalog.album_marks() == {other.id: marks[other.id]}
    catalog.restore_albums(removed)
    assert (catalog.albums(), catalog.album_marks()) == (albums, marks)

    removed = catalog.remove_album(peru.id)
    catalog.remove_album(other.id)
    catalog.restore_albums(removed)
    assert {album.name: album.parent_id for album in catalog.albums()} == {"Perú": None, "Cuzco": peru.id}

    removed = catalog.remove_album(peru.id)
    catalog.add_album("perú")
    with pytest.raises(AlbumNameRefused):
        catalog.restore_albums(removed)


def test_an_album_that_is_gone_is_said_so(catalog: Catalog, photos: list[int]) -> None:
    gone = catalog.add_album("Fugaz")
    catalog.remove_album(gone.id)
    for attempt in (
        lambda: catalog.rename_album(gone.id, "Otra"),
        lambda: catalog.move_album(gone.id, None),
        lambda: catalog.remove_album(gone.id),
        lambda: catalog.add_album("Dentro", gone.id),
        lambda: catalog.mark_photos(gone.id, photos, True),
    ):
        with pytest.raises(AlbumUnknown):
            attempt()
    assert catalog.albums() == []


def test_ids_of_albums_are_never_used_again(catalog: Catalog) -> None:
    first = catalog.add_album("Uno")
    catalog.remove_album(first.id)
    assert catalog.add_album("Dos").id > first.id
