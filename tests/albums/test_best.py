from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import ImageFilter

from photofinder.albums.best import GroupKind, Reason, best_first
from photofinder.library.catalog import Photo
from photofinder.library.looks import look_at
from photofinder.messages.tidy import kind_words, reason_words
from tests.conftest import draw_photo

PHOTO = Photo(1, 1, Path("/a/1.jpg"), "1.jpg", 1_000_000, 0, 4000, 3000, "2019-08-01T10:00:00", "Pixel", None, None,
              None, None)  # fmt: skip


def photos(**changes: object) -> tuple[Photo, Photo]:
    """An ordinary photo, and one that was catalogued later and differs."""
    return PHOTO, replace(PHOTO, id=2, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "best", "reason"),
    [
        ({"favorite": True}, 2, Reason.FAVORITE),
        ({"width": 8000, "height": 6000}, 2, Reason.PIXELS),
        ({"width": 2000, "height": 1500, "favorite": True}, 2, Reason.FAVORITE),
        ({"camera": None, "taken_at": None}, 1, Reason.CAMERA),
        ({"size": 300_000}, 1, Reason.QUALITY),
        ({"size": 3_000_000}, 2, Reason.QUALITY),
        ({"size": 1_050_000}, 1, Reason.FIRST),
    ],
)
def test_what_decides_between_versions(changes: dict[str, object], best: int, reason: Reason) -> None:
    ordered, reasons = best_first(GroupKind.SAME, photos(**changes), {})
    assert ordered[0].id == best
    assert reasons == (reason,)
    assert {photo.id for photo in ordered} == {1, 2}


def test_of_a_burst_the_sharpest_is_taken_whatever_its_size() -> None:
    sharp = draw_photo(seed=3)
    measures = {
        1: look_at(np.asarray(sharp.filter(ImageFilter.GaussianBlur(2)))).measures,
        2: look_at(np.asarray(sharp)).measures,
    }
    ordered, reasons = best_first(GroupKind.BURST, photos(width=3000, height=2000), measures)
    assert ordered[0].id == 2
    assert reasons[0] is Reason.SHARPEST


def test_the_better_lit_is_taken_when_they_are_as_sharp() -> None:
    image = draw_photo(seed=3)
    dark = image.point(lambda level: level // 6)
    measures = {1: look_at(np.asarray(dark)).measures.copy(), 2: look_at(np.asarray(image)).measures}
    measures[1][0] = measures[2][0]
    assert best_first(GroupKind.BURST, photos(), measures)[1] == (Reason.LIGHT,)


def test_of_copies_the_first_is_kept_unless_another_is_a_favourite() -> None:
    assert best_first(GroupKind.COPIES, photos(), {})[1] == (Reason.FIRST,)
    assert best_first(GroupKind.COPIES, photos(favorite=True), {})[0][0].id == 2


def test_two_reasons_are_said_the_weightier_first() -> None:
    third = replace(PHOTO, id=3, camera=None, taken_at=None)
    _, reasons = best_first(GroupKind.SAME, [*photos(width=2000), third], {})
    assert reasons == (Reason.PIXELS, Reason.CAMERA)
    assert reason_words(reasons, "es") == "tiene más píxeles y conserva los datos de la cámara"


@pytest.mark.parametrize("language", ["es", "en"])
def test_everything_has_words(language: str) -> None:
    assert len({kind_words(kind, language) for kind in GroupKind}) == len(GroupKind)
    assert len({reason_words([reason], language) for reason in Reason}) == len(Reason)
