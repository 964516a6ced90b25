"""Making photos ready for «the same object», and the command line around it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from photofinder.cli.commands import main
from photofinder.errors import FailureReason, PhotoUnreadable
from photofinder.indexing.objects import prepare_objects
from photofinder.library.catalog import Catalog
from photofinder.library.decoder import Decoder
from photofinder.library.thumbnails import ThumbnailCache
from photofinder.paths import DataPaths
from tests.object_samples import WITH_LOGO, catalogue, fill_object_folder, scenes, vocabulary


@pytest.fixture
def thumbnails(paths: DataPaths) -> Iterator[ThumbnailCache]:
    with ThumbnailCache.open(paths.thumbnails) as cache:
        yield cache


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return fill_object_folder(tmp_path / "Fotos de Ñandú", others=2)


def counts(catalog: Catalog) -> tuple[int, int]:
    return catalog.count_points(vocabulary().name)


def prepare(catalog: Catalog, decoder: Decoder, thumbnails: ThumbnailCache | None = None) -> list[int]:
    return [state.done for state in prepare_objects(catalog, vocabulary(), decoder, thumbnails)]


def test_every_photo_is_looked_at_once(
    catalog: Catalog, decoder: Decoder, thumbnails: ThumbnailCache, folder: Path
) -> None:
    catalogue(catalog, folder)
    assert counts(catalog) == (0, 5)
    assert prepare(catalog, decoder, thumbnails) == [5]
    assert counts(catalog) == (5, 0)
    assert prepare(catalog, decoder, thumbnails) == []


def test_photos_that_are_not_analysed_yet_wait_for_that(catalog: Catalog, decoder: Decoder, folder: Path) -> None:
    root = catalog.add_folder(folder)
    catalog.add_or_update_photo(root.id, "china.jpg", 1, 1)
    assert counts(catalog) == (0, 0) and prepare(catalog, decoder) == []


def test_thumbnails_are_enough_and_missing_ones_are_made(
    catalog: Catalog, decoder: Decoder, thumbnails: ThumbnailCache, folder: Path
) -> None:
    ids = catalogue(catalog, folder)
    prepare(catalog, decoder, thumbnails)
    photos = catalog.photos(ids.values())
    assert all(thumbnails.get(photo.id, photo.mtime_ns) for photo in photos.values())
    before = catalog.points_of(vocabulary().name, ids.values())
    catalog.put_points("other", [(photo_id, f"hash of {name}", b"") for name, photo_id in ids.items()])
    shutil.rmtree(folder)  # the drive is away
    assert counts(catalog) == (0, 5)
    prepare(catalog, decoder, thumbnails)
    after = catalog.points_of(vocabulary().name, ids.values())
    assert after.keys() == before.keys() and all(len(after[one]) >= 16 for one in after)


def test_a_damaged_thumbnail_sends_to_the_file(
    catalog: Catalog, decoder: Decoder, thumbnails: ThumbnailCache, folder: Path
) -> None:
    ids = catalogue(catalog, folder)
    photo = catalog.photos([ids["china.jpg"]])[ids["china.jpg"]]
    thumbnails.put(photo.id, photo.mtime_ns, b"\xff\xd8\xff nonsense")
    prepare(catalog, decoder, thumbnails)
    assert len(catalog.points_of(vocabulary().name, [photo.id])[photo.id]) > 1000


def test_photos_of_a_drive_that_is_away_wait(catalog: Catalog, decoder: Decoder, folder: Path) -> None:
    catalogue(catalog, folder)
    shutil.rmtree(folder)
    *_, last = prepare_objects(catalog, vocabulary(), decoder)
    assert (last.done, last.failed) == (5, 5) and counts(catalog) == (0, 5)


class Unreadable:
    """A decoder to which every photo is unreadable for one reason."""

    def __init__(self, reason: FailureReason) -> None:
        self.reason = reason

    def decode(self, path: Path, side: int) -> object:
        raise PhotoUnreadable(path, self.reason)


@pytest.mark.parametrize("reason", FailureReason)
def test_what_will_never_be_readable_is_not_tried_again(catalog: Catalog, folder: Path, reason: FailureReason) -> None:
    catalogue(catalog, folder)
    for state in prepare_objects(catalog, vocabulary(), Unreadable(reason)):  # type: ignore[arg-type]
        assert state.done == 5
    lasting = reason not in (FailureReason.VANISHED, FailureReason.NO_PERMISSION, FailureReason.READ_ERROR)
    assert counts(catalog) == ((5, 0) if lasting else (0, 5))


def test_a_stopped_pass_goes_on_where_it_was(
    catalog: Catalog, decoder: Decoder, thumbnails: ThumbnailCache, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photofinder.indexing.objects._BATCH", 2)
    catalogue(catalog, folder)
    run = prepare_objects(catalog, vocabulary(), decoder, thumbnails)
    first = next(run)
    assert (first.done, first.total) == (2, 5) and first.seconds_left is not None
    run.close()
    assert counts(catalog) == (2, 3)
    assert prepare(catalog, decoder, thumbnails) == [2, 3]


def test_a_copy_shares_points_and_another_content_loses_them(catalog: Catalog, decoder: Decoder, folder: Path) -> None:
    ids = catalogue(catalog, folder)
    root = catalog.folders()[0].id
    copy = folder / "china copia.jpg"
    shutil.copy(folder / "china.jpg", copy)
    found = copy.stat()
    twin = catalog.add_or_update_photo(
        root, copy.name, found.st_size, found.st_mtime_ns, content_hash="hash of china.jpg"
    )
    prepare(catalog, decoder)
    stored = catalog.points_of(vocabulary().name, [ids["china.jpg"], twin])
    assert stored[twin] == stored[ids["china.jpg"]]
    catalog.add_or_update_photo(root, copy.name, found.st_size + 1, 2, content_hash="other")
    assert twin not in catalog.points_of(vocabulary().name, [twin])
    catalog.add_or_update_photo(root, "china.jpg", 3, 4, content_hash="hash of china.jpg")
    assert ids["china.jpg"] in catalog.points_of(vocabulary().name, ids.values()), "only touched"
    catalog.remove_folder(root)
    assert catalog.point_revisions(vocabulary().name) == {}


def test_points_of_a_photo_that_changed_meanwhile_are_dropped(catalog: Catalog, folder: Path) -> None:
    ids = catalogue(catalog, folder)
    catalog.put_points(vocabulary().name, [(ids["china.jpg"], "of before", b""), (999_999, "x", b"")])
    assert counts(catalog) == (0, 5)


# The command line ---------------------------------------------------------------------------------------------------


def region(name: str) -> str:
    left, top, right, bottom = scenes()[name][1]
    return f"{left},{top},{right - left},{bottom - top}"


def test_the_command_finds_the_logo_again(
    catalog: Catalog, folder: Path, paths: DataPaths, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = catalogue(catalog, folder)
    assert main(["object", str(folder / "china.jpg"), "--region", region("china.jpg"), "--language", "es"]) == 0
    out = capsys.readouterr()
    assert out.out == "" and "photofinder object --prepare" in out.err
    assert main(["object", "--prepare", "--language", "es"]) == 0
    assert "5 fotos preparadas" in capsys.readouterr().out
    for box in (region("china.jpg"), _in_pixels("china.jpg")):
        assert main(["object", str(folder / "china.jpg"), "--region", box, "--json"]) == 0
        rows = json.loads(capsys.readouterr().out)
        assert {row["photo_id"] for row in rows} == {ids[other] for other in WITH_LOGO if other != "china.jpg"}
        assert all(row["points"] >= 6 and Path(row["path"]).is_file() for row in rows)
    assert main(["object", str(folder / "china.jpg"), "--region", region("china.jpg"), "--language", "es"]) == 0
    assert "puntos coinciden" in capsys.readouterr().out


def _in_pixels(name: str) -> str:
    image, (left, top, right, bottom) = scenes()[name]
    width, height = image.size
    return f"{left * width},{top * height},{(right - left) * width},{(bottom - top) * height}"


def test_the_command_says_honestly_when_nothing_matches(
    catalog: Catalog, decoder: Decoder, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    catalogue(catalog, folder)
    prepare(catalog, decoder)
    assert main(["object", str(folder / "otra 0.jpg"), "--language", "es"]) == 0
    out = capsys.readouterr()
    assert out.out == "" and "Ninguna otra de 5 fotos preparadas" in out.err
    assert main(["object", str(folder / "china.jpg"), "--region", "0,0,0.02,0.02", "--language", "en"]) == 0
    assert "too plain or too small" in capsys.readouterr().err


@pytest.mark.parametrize("value", ["1,2,3", "a,b,c,d", "0,0,0,1", "-1,0,1,1", "0,0,nan,1", ""])
def test_a_region_that_means_nothing_is_refused(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["object", "foto.jpg", "--region", value, "--language", "es"])
    assert caught.value.code == 2
    assert "--region" in capsys.readouterr().err


def test_a_command_without_a_photo_or_with_a_missing_one_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["object", "--language", "es"]) == 2
    assert "Falta la foto" in capsys.readouterr().err
    assert main(["object", "no está.jpg", "--language", "es"]) == 1
    assert capsys.readouterr().err.count("\n") == 1
