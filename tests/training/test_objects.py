from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from photofinder.model.keypoints import VOCABULARY_FILE, Vocabulary, load_vocabulary
from photofinder.paths import resource
from photofinder.training.objects import Task, by_points
from photofinder.training.vocabulary import cluster, projection, write
from tests.conftest import draw_photo
from tests.object_samples import WITH_LOGO, scenes, vocabulary


def test_a_vocabulary_is_trained_and_read_again(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    descriptors = np.repeat(rng.integers(0, 200, (8, 128)).astype(np.uint8), 60, axis=0)
    made = Vocabulary.of(cluster(descriptors, 4, 2, seed=1), projection(rng))
    assert (made.centres == cluster(descriptors, 4, 2, seed=1)).all()
    assert made.projection @ made.projection.T == pytest.approx(np.eye(64), abs=0.01)
    write(tmp_path, made, {"seed": 1})
    assert load_vocabulary(tmp_path / VOCABULARY_FILE).name == made.name
    assert json.loads((tmp_path / "card.json").read_text())["name"] == made.name


def test_the_card_is_that_of_the_vocabulary_that_ships() -> None:
    card = json.loads(resource("objects", "card.json").read_text(encoding="utf-8"))
    assert card["name"] == vocabulary().name and card["words"] == len(vocabulary())
    assert card["files"][VOCABULARY_FILE]["bytes"] == resource("objects", VOCABULARY_FILE).stat().st_size


def test_what_is_measured_is_the_rank_of_the_target_without_the_photo_itself() -> None:
    images = [scenes()[name][0] for name in WITH_LOGO[:2]] + [draw_photo(seed=8)]
    gallery = [np.asarray(image.resize((512, image.height * 512 // image.width))) for image in images]
    width, height = images[0].size
    left, top, right, bottom = scenes()[WITH_LOGO[0]][1]
    box = (round(left * width), round(top * height), round(right * width), round(bottom * height))
    logo = np.asarray(images[0].crop(box))
    task = Task("logos", gallery, [(logo, 1, 0), (logo, 0, -1)], frozenset((0, 1)))
    measured = by_points(task, vocabulary(), 800)
    assert measured.ranks.tolist() == [0, 0] and (measured.right >= 6).all()
    assert measured.wrong[1] >= 6 > measured.bare.max(), (
        "the other photo with the logo is no wrong one, but is not asked"
    )
