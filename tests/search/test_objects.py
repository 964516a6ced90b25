from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photofinder.library.catalog import Catalog
from photofinder.library.filters import Filters
from photofinder.model.keypoints import POINT, asked_features, local_features
from photofinder.search import object_files, objects
from photofinder.search.certainty import OBJECTS, object_probability
from photofinder.search.object_lists import ObjectLists, idf
from photofinder.search.objects import ObjectEngine
from photofinder.training.object_scenes import changed_part
from tests.object_samples import WITH_LOGO, catalogue, fill_object_folder, scenes, vocabulary


@pytest.fixture(scope="module")
def points() -> dict[str, bytes]:
    """The points of every photo of the folder of objects, by name; taken once."""
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        folder = fill_object_folder(Path(place) / "f")
        return {
            path.name: vocabulary().points(local_features(np.asarray(_small(path)))).tobytes()
            for path in sorted(folder.iterdir())
        }


def _small(path: Path) -> Image.Image:
    image = Image.open(path).convert("RGB")
    image.thumbnail((512, 512))
    return image


@pytest.fixture
def ids(catalog: Catalog, points: dict[str, bytes], tmp_path: Path) -> dict[str, int]:
    folder = tmp_path / "fotos"
    folder.mkdir()
    for name in points:
        (folder / name).write_bytes(b"x")
    ids = catalogue(catalog, folder)
    catalog.put_points(
        vocabulary().name, [(photo_id, f"hash of {name}", points[name]) for name, photo_id in ids.items()]
    )
    return ids


def marked(name: str) -> np.ndarray:
    """The rectangle around the logo of a photo."""
    image, (left, top, right, bottom) = scenes()[name]
    width, height = image.size
    box = (round(left * width), round(top * height), round(right * width), round(bottom * height))
    return np.asarray(image.crop(box))


@pytest.mark.parametrize("name", WITH_LOGO)
def test_a_logo_is_found_on_the_other_photos_that_have_it(catalog: Catalog, ids: dict[str, int], name: str) -> None:
    result = ObjectEngine(catalog, vocabulary()).search(asked_features(marked(name)), excluded=[ids[name]])
    shown = {hit.photo_id: hit for hit in result.hits if hit.probability >= OBJECTS.floor}
    assert set(shown) == {ids[other] for other in WITH_LOGO if other != name}
    assert all(hit.points == hit.score and hit.points >= 6 for hit in shown.values())
    assert [hit.points for hit in result.hits] == sorted((hit.points for hit in result.hits), reverse=True)
    assert result.objects is not None
    assert (result.objects.prepared, result.objects.waiting) == (8, 0)


def test_a_turned_relit_part_finds_its_photo(catalog: Catalog, ids: dict[str, int]) -> None:
    engine = ObjectEngine(catalog, vocabulary())
    rng = np.random.default_rng(2)
    for _ in range(3):
        part = changed_part(scenes()["china.jpg"][0], rng, 400)
        result = engine.search(asked_features(np.asarray(part)))
        assert result.hits[0].photo_id == ids["china.jpg"]
        assert result.hits[0].probability > OBJECTS.floor


def test_what_is_nowhere_is_not_found(catalog: Catalog, ids: dict[str, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (300, 300, 3)).astype(np.uint8)
    result = ObjectEngine(catalog, vocabulary()).search(asked_features(noise))
    assert not [hit for hit in result.hits if hit.probability >= OBJECTS.floor]


def test_a_plain_object_says_how_few_points_it_has(catalog: Catalog, ids: dict[str, int]) -> None:
    result = ObjectEngine(catalog, vocabulary()).search(asked_features(np.full((200, 200, 3), 90, dtype=np.uint8)))
    assert result.hits == () and result.objects is not None and result.objects.points == 0


def test_only_what_passes_the_filters_and_may_be_shown(catalog: Catalog, ids: dict[str, int]) -> None:
    engine = ObjectEngine(catalog, vocabulary())
    logo = asked_features(marked("china.jpg"))
    found = engine.find(logo, filters=[Filters(types=("png",))])
    assert set(found) == {ids["mesa.png"]}
    catalog.mark_missing([ids["mesa.png"]])
    assert ids["mesa.png"] not in engine.find(logo)
    catalog.set_favorite([ids["flower.jpg"]], True)
    assert set(engine.find(logo, filters=[Filters(favorites=True)])) == {ids["flower.jpg"]}


def test_photos_are_found_as_soon_as_they_are_ready(
    catalog: Catalog, ids: dict[str, int], points: dict[str, bytes]
) -> None:
    catalog.put_points(vocabulary().name, [(ids["mesa.png"], "hash of mesa.png", b"")])
    engine, logo = ObjectEngine(catalog, vocabulary()), asked_features(marked("china.jpg"))
    assert ids["mesa.png"] not in engine.find(logo)
    catalog.put_points(vocabulary().name, [(ids["mesa.png"], "hash of mesa.png", points["mesa.png"])])
    assert engine.find(logo)[ids["mesa.png"]].points >= 6


@pytest.fixture
def small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "KEPT_FROM", 5)


@pytest.mark.usefixtures("small_files")
def test_lists_from_the_file_answer_as_those_from_the_catalogue(
    catalog: Catalog, ids: dict[str, int], points: dict[str, bytes], tmp_path: Path
) -> None:
    logo = asked_features(marked("flower.jpg"))
    exact = {photo_id: match.points for photo_id, match in ObjectEngine(catalog, vocabulary()).find(logo).items()}
    assert ObjectEngine(catalog, vocabulary(), tmp_path / "n").update_lists()
    assert not ObjectEngine(catalog, vocabulary(), tmp_path / "n").update_lists(), "it is up to date"
    engine = ObjectEngine(catalog, vocabulary(), tmp_path / "n")
    assert {photo_id: match.points for photo_id, match in engine.find(logo).items()} == exact
    kept = object_files.open_newest(tmp_path / "n", vocabulary(), catalog)
    assert kept is not None and len(kept) == 8
    # what is taken again, or comes after the file was written, is found beside it, and the old row is not
    catalog.put_points(vocabulary().name, [(ids["china.jpg"], "hash of china.jpg", points["otra 0.jpg"])])
    assert engine.find(logo).get(ids["china.jpg"]) is None or engine.find(logo)[ids["china.jpg"]].points < 6
    assert engine.find(logo)[ids["mesa.png"]].points == exact[ids["mesa.png"]]


@pytest.mark.usefixtures("small_files")
@pytest.mark.parametrize("damage", ["cut", "header", "small array", "text", "other words"])
def test_a_damaged_file_is_not_used_and_not_missed(
    catalog: Catalog, ids: dict[str, int], tmp_path: Path, damage: str
) -> None:
    assert ObjectEngine(catalog, vocabulary(), tmp_path).update_lists()
    (path,) = tmp_path.glob("*.lists")
    data = bytearray(path.read_bytes())
    if damage == "cut":
        data = data[:-8]
    elif damage == "header":
        data[0:1] = b"["
    elif damage == "small array":
        data[4096 + 3] ^= 4
    elif damage == "text":
        data = bytearray(b"hola")
    path.write_bytes(data)
    asked = vocabulary() if damage != "other words" else replace(vocabulary(), name="otro")
    assert object_files.open_newest(tmp_path, asked, catalog) is None
    if damage != "other words":
        found = ObjectEngine(catalog, asked, tmp_path).find(asked_features(marked("china.jpg")))
        assert found[ids["flower.jpg"]].points >= 6


@pytest.mark.usefixtures("small_files")
def test_a_flipped_posting_costs_a_vote_and_nothing_else(catalog: Catalog, ids: dict[str, int], tmp_path: Path) -> None:
    assert ObjectEngine(catalog, vocabulary(), tmp_path).update_lists()
    (path,) = tmp_path.glob("*.lists")
    lists = object_files.open_newest(tmp_path, vocabulary(), catalog)
    assert lists is not None
    start = path.stat().st_size - 12 * len(lists.rows)
    del lists
    data = np.frombuffer(path.read_bytes(), dtype=np.uint8).copy()
    data[start - start % 4 + 3 : start + 4000 : 4] = 255  # photos that do not exist
    path.write_bytes(data.tobytes())
    found = ObjectEngine(catalog, vocabulary(), tmp_path).find(asked_features(marked("china.jpg")))
    assert found[ids["flower.jpg"]].points >= 6


@pytest.mark.usefixtures("small_files")
def test_the_file_of_another_catalogue_is_not_used(
    catalog: Catalog, ids: dict[str, int], points: dict[str, bytes], tmp_path: Path
) -> None:
    assert ObjectEngine(catalog, vocabulary(), tmp_path / "n").update_lists()
    others = dict(zip(ids, reversed(points.values()), strict=True))  # the same numbers, and other photos
    (tmp_path / "other").mkdir()
    with Catalog.open(tmp_path / "other.sqlite", writer=True) as other:
        for name in ids:
            (tmp_path / "other" / name).write_bytes(b"x")
        numbers = catalogue(other, tmp_path / "other")
        assert numbers == ids
        other.put_points(vocabulary().name, [(one, f"hash of {name}", others[name]) for name, one in numbers.items()])
        assert object_files.open_newest(tmp_path / "n", vocabulary(), other) is None


@pytest.mark.usefixtures("small_files")
def test_an_engine_takes_up_a_file_that_another_one_wrote(
    catalog: Catalog, ids: dict[str, int], points: dict[str, bytes], tmp_path: Path
) -> None:
    engine, logo = ObjectEngine(catalog, vocabulary(), tmp_path), asked_features(marked("china.jpg"))
    before = engine.find(logo)[ids["flower.jpg"]].points
    assert ObjectEngine(catalog, vocabulary(), tmp_path).update_lists()
    catalog.put_points(vocabulary().name, [(ids["mesa.png"], "hash of mesa.png", points["mesa.png"])])
    found = engine.find(logo)
    assert found[ids["flower.jpg"]].points == before and found[ids["mesa.png"]].points >= 6


@pytest.mark.usefixtures("small_files")
def test_the_lists_of_a_large_library_are_written_and_not_made_in_memory(
    catalog: Catalog, ids: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logo = asked_features(marked("china.jpg"))
    exact = {photo_id: match.points for photo_id, match in ObjectEngine(catalog, vocabulary()).find(logo).items()}
    read: list[int] = []
    monkeypatch.setattr(objects, "MOST_IN_MEMORY", 3)
    monkeypatch.setattr(
        ObjectEngine, "_read", lambda self, after: read.append(after) or ObjectLists.of(4096, [], [], [])
    )
    found = ObjectEngine(catalog, vocabulary(), tmp_path).find(logo)
    assert {photo_id: match.points for photo_id, match in found.items()} == exact
    assert len(list(tmp_path.glob("*.lists"))) == 1
    assert read and min(read) > 0, "only what is newer than the file"
    assert not ObjectEngine(catalog, vocabulary(), tmp_path).update_lists()


@pytest.mark.usefixtures("small_files")
def test_a_folder_that_cannot_be_written_is_no_error(catalog: Catalog, ids: dict[str, int], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    engine = ObjectEngine(catalog, vocabulary(), tmp_path / "file")
    assert engine.update_lists() is False
    assert engine.find(asked_features(marked("china.jpg")))[ids["flower.jpg"]].points >= 6


def test_a_rare_word_weighs_more_and_photos_without_points_are_harmless() -> None:
    points = np.zeros(3, dtype=POINT)
    points["word"] = [0, 0, 1]
    lists = ObjectLists.of(2, [7, 8, 9], [1, 2, 3], [points, points[:2], points[:0]])
    weights = idf(2, 3, [lists])
    assert weights[1] > weights[0]
    votes = lists.votes(points, weights)
    assert votes[0] > votes[1] > votes[2] == 0
    empty = ObjectLists.of(2, [], [], [])
    assert len(empty.votes(points, idf(2, 0, [empty]))) == 0


def test_six_points_may_be_and_ten_are() -> None:
    assert object_probability(6) == OBJECTS.floor
    assert object_probability(10) == pytest.approx(OBJECTS.sure)
    assert object_probability(0) < 0.05 and object_probability(60) > 0.999
