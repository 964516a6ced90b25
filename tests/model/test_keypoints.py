from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_sample_images

from photofinder.errors import PackDamaged
from photofinder.model.keypoints import (
    ASKED_SIDE,
    POINT,
    LocalFeatures,
    Vocabulary,
    asked_features,
    load_vocabulary,
    local_features,
    unpacked,
)
from tests.object_samples import vocabulary


@pytest.fixture(scope="module")
def china() -> Image.Image:
    return Image.fromarray(load_sample_images().images[0])


@pytest.fixture(scope="module")
def features(china: Image.Image) -> LocalFeatures:
    return local_features(np.asarray(china.resize((512, 341))), 300)


def test_points_lie_in_the_photo_and_are_spread_over_it(features: LocalFeatures) -> None:
    assert len(features) == 300
    x, y, size, angle = features.places.T
    assert x.min() >= 0 and x.max() <= 1 and y.min() >= 0 and y.max() <= 341 / 512
    assert size.min() > 0 and angle.min() >= 0 and angle.max() < 1
    cells = {(int(a * 3), int(b * 512 / 341 * 3)) for a, b in zip(x, y, strict=True)}
    assert len(cells) >= 7  # also in the sky over the temple


def test_descriptors_are_square_roots_of_shares(features: LocalFeatures) -> None:
    lengths = (features.descriptors.astype(np.float32) ** 2).sum(axis=1)
    assert lengths == pytest.approx(512.0**2, rel=0.05)


def test_a_point_survives_packing(features: LocalFeatures) -> None:
    points = vocabulary().points(features)
    assert points.dtype == POINT and points.itemsize == 16
    assert (np.diff(points["word"].astype(int)) >= 0).all()
    order = np.argsort(vocabulary().nearest(features.descriptors)[:, 0], kind="stable")
    back, there = unpacked(points), features.places[order]
    assert back[:, :2] == pytest.approx(there[:, :2], abs=1e-4)
    assert back[:, 2] == pytest.approx(there[:, 2], rel=0.03)
    turned = np.abs(back[:, 3] - there[:, 3])
    assert np.minimum(turned, 1 - turned).max() < 0.003


def test_the_same_place_gets_the_same_word_and_a_near_signature_in_another_light(china: Image.Image) -> None:
    dark = china.point([round(value * 0.7) for value in range(256)] * 3)
    one, other = (local_features(np.asarray(image.resize((512, 341)))) for image in (china, dark))
    near = np.hypot(*(one.places[:, None, axis] - other.places[None, :, axis] for axis in (0, 1))) < 0.001
    near &= np.abs(one.places[:, None, 3] - other.places[None, :, 3]) < 0.02
    mine, theirs = np.nonzero(near)
    assert len(mine) > 100
    words = [vocabulary().nearest(some.descriptors)[:, 0] for some in (one, other)]
    agree = words[0][mine] == words[1][theirs]
    assert agree.mean() > 0.7
    signatures = [
        vocabulary().signatures(some.descriptors, said) for some, said in zip((one, other), words, strict=True)
    ]
    apart = np.bitwise_count(signatures[0][mine[agree]] ^ signatures[1][theirs[agree]])
    assert np.median(apart) < 16


def test_asked_points_have_their_nearest_words(features: LocalFeatures) -> None:
    asked = vocabulary().asked(features, 2)
    assert len(asked) == 2 * len(features)
    first, both = vocabulary().nearest(features.descriptors), vocabulary().nearest(features.descriptors, 2)
    assert (both[:, :1] == first).all() and (both[:, 0] != both[:, 1]).all()


@pytest.mark.parametrize("size", [(1, 1), (15, 400), (16, 16), (300, 300)])
def test_a_plain_or_tiny_picture_has_no_points(size: tuple[int, int]) -> None:
    found = local_features(np.full((*size, 3), 128, dtype=np.uint8))
    assert len(found) == 0 and len(vocabulary().points(found)) == 0 and len(vocabulary().asked(found)) == 0


def test_a_large_object_is_made_small_first(china: Image.Image) -> None:
    large = np.asarray(china.resize((1600, 1067)))
    same = local_features(np.asarray(china.resize((ASKED_SIDE, 427))), 800)
    assert len(asked_features(large)) == pytest.approx(len(same), rel=0.15)


@pytest.mark.parametrize("damage", ["missing", "text", "cut", "other arrays", "wrong shape"])
def test_a_damaged_vocabulary_is_refused(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "vocabulary.npz"
    centres = np.arange(4 * 128, dtype=np.uint8).reshape(4, 128)
    projection = np.zeros((64, 128), dtype=np.float16)
    if damage == "text":
        path.write_text("hola")
    elif damage == "cut":
        np.savez(path, centres=centres, projection=projection)
        path.write_bytes(path.read_bytes()[:-200])
    elif damage == "other arrays":
        np.savez(path, words=centres)
    elif damage == "wrong shape":
        np.savez(path, centres=centres[:, :64], projection=projection)
    with pytest.raises(PackDamaged):
        load_vocabulary(path)


def test_the_name_follows_from_the_arrays() -> None:
    centres = np.arange(4 * 128, dtype=np.uint8).reshape(4, 128)
    projection = np.ones((64, 128), dtype=np.float32)
    one = Vocabulary.of(centres, projection)
    assert one.name == Vocabulary.of(centres.copy(), projection).name
    assert one.name != Vocabulary.of(centres[::-1].copy(), projection).name


def test_opencv_brings_no_qt_that_the_window_would_trip_over() -> None:
    code = (
        "import os, cv2, pathlib\n"
        "assert not any(name.startswith('QT_') for name in os.environ if name != 'QT_QPA_PLATFORM'), os.environ\n"
        "assert not list(pathlib.Path(cv2.__file__).parent.glob('qt*'))\n"
        "from PySide6.QtGui import QGuiApplication\n"
        "QGuiApplication([])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
