"""The model that ships, on what it was not trained on: generated photos, real ones, windows of Qt."""

from __future__ import annotations

import numpy as np
from PIL import Image
from sklearn.datasets import load_sample_images

from photofinder.library.filters import KINDS
from photofinder.library.look import MEASURES
from photofinder.library.looks import look_at
from photofinder.library.photo_kinds import kind_model, kinds_of
from photofinder.training.odd_examples import blurred, dark, document, screenshot

PHOTOS = [Image.fromarray(pixels).resize((512, 342)) for pixels in load_sample_images().images]


def kinds(image: Image.Image, camera: str | None = None) -> set[str]:
    (bits,) = kinds_of([look_at(np.asarray(image.convert("RGB"))).measures], [camera])
    return {name for name, bit in KINDS.items() if bits & bit}


def test_the_model_is_whole() -> None:
    model = kind_model()
    assert set(model.names) | {"odd"} == set(KINDS)
    assert model.weights.shape == (4, len(MEASURES) * (len(MEASURES) + 3) // 2)
    assert (model.thresholds >= 0).all()
    assert kinds_of([], []) == []
    assert model.spoken.spread > 0 and model.spoken.texts


def test_real_photos_are_of_no_kind() -> None:
    assert [kinds(photo) for photo in PHOTOS] == [set(), set()]


def test_what_is_blurred_or_dark_is_told() -> None:
    rng = np.random.default_rng(0)
    soft = [kinds(blurred(photo, rng, 4.0)) for photo in PHOTOS * 6]
    assert sum("blurred" in found for found in soft) >= 8  # a movement along the edges of a picture leaves them sharp
    assert all("dark" in kinds(dark(photo, rng, 0.12)) for photo in PHOTOS * 3)


def test_most_screens_and_documents_are_told() -> None:
    rng = np.random.default_rng(5)
    screens = [kinds(screenshot(PHOTOS, rng)) for _ in range(12)]
    documents = [kinds(document(PHOTOS, rng)) for _ in range(12)]
    assert sum("screenshot" in found for found in screens) >= 4  # by pixels alone; phrases tell more
    assert sum("document" in found for found in documents) >= 9


def test_phrases_help_to_tell_a_screen_and_nothing_else() -> None:
    rng = np.random.default_rng(3)
    screens = [screenshot(PHOTOS, rng) for _ in range(16)]
    measures = [look_at(np.asarray(image.convert("RGB"))).measures for image in [*screens, *PHOTOS]]
    cameras = [None] * len(measures)
    usual, far = (np.full(len(measures), kind_model().spoken.mean + more, dtype=np.float32) for more in (0.0, 100.0))
    alone, helped, certain = (
        kinds_of(measures, cameras, said) for said in (None, usual + 4 * kind_model().spoken.spread, far)
    )
    screen = KINDS["screenshot"]
    assert sum(bool(bits & screen) for bits in helped[:16]) >= max(12, sum(bool(bits & screen) for bits in alone[:16]))
    assert all(bits & screen for bits in certain)
    assert not any(bits & screen for bits in kinds_of(measures, cameras, usual)[16:])
    assert [bits & ~screen for bits in alone] == [bits & ~screen for bits in certain]
    assert not any(bits & screen for bits in kinds_of(measures, ["Pixel 7"] * len(measures), far))


def test_a_photo_that_names_a_camera_is_no_screen() -> None:
    rng = np.random.default_rng(5)
    shown = next(image for _ in range(20) if "screenshot" in kinds(image := screenshot(PHOTOS, rng)))
    assert "screenshot" not in kinds(shown, camera="Pixel 7")
