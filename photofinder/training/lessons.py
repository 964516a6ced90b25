"""What a student network is shown and what the teachers say of it; here from features that ``training.teachers`` kept.

The student sees exactly the crops that the teachers saw ("consistent teaching", Beyer et al. 2022).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from photofinder.model.trunk import normalise
from photofinder.training.caption import load_cached_features
from photofinder.training.data import SET_WEIGHTS, Box, Corpus, load_crops
from photofinder.training.saved_joint import SavedJoint, load_joint
from photofinder.training.texts import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Lesson:
    """A batch of n crops.

    ``images`` (n, 3, h, w) float32, normalised; ``photos`` (n,) corpus numbers, -1 where several photos are mixed;
    ``features`` (n, d) float32, the teachers', standardised by the joint space's head and clipped to +-5;
    ``embeddings`` (n, EMBEDDING_DIM) float32 of unit norm, the teachers'; ``maps``, one a stage of the student (from a
    teacher at work only): (n, channels, rows, columns) float32, what the teacher says of each place of the stage's
    map, each channel standardised and clipped to +-5.
    """

    images: Tensor
    photos: IntArray
    features: Tensor
    embeddings: Tensor
    maps: tuple[Tensor, ...] = ()


@dataclass(frozen=True, slots=True)
class Crops:
    """A batch of n crops on their way: ``rows`` (n,) of their source, ``pixels`` (n, h, w, 3) uint8."""

    rows: IntArray
    pixels: Tensor
    size: tuple[int, int]
    """Height and width that the student sees."""


class LessonSource(Protocol):
    """Draws crops and knows what the teachers say of them."""

    teacher_dim: int
    map_dims: tuple[int, ...]

    def request(self, size: int, side: int, rng: np.random.Generator) -> Future[Crops]:
        """Load a random batch in the background, for a student that sees ``side`` pixels."""
        ...

    def teach(self, crops: Crops) -> Lesson:
        """Ask the teachers."""
        ...


def stream(source: LessonSource, size: int, side: Callable[[], int], rng: np.random.Generator) -> Iterator[Lesson]:
    """Lessons without end; two batches are always on their way."""
    pending = [source.request(size, side(), rng) for _ in range(2)]
    while True:
        crops = pending.pop(0).result()
        pending.append(source.request(size, side(), rng))
        yield source.teach(crops)


class Sayings:
    """The captions of the corpus in a joint space: a bank of those of training photos, and validation queries.

    ``bank`` (texts, EMBEDDING_DIM) float32; ``of_photo``: the places in it that speak of a training photo.
    """

    def __init__(self, corpus: Corpus, joint: SavedJoint, device: str) -> None:
        train = corpus.training_captions()
        place = {photo.number: index for index, photo in enumerate(corpus.gallery())}
        judged = [(place[number], text) for number, text in corpus.captions if number in place]
        self.of_photo: dict[int, list[int]] = {}
        for index, (number, _) in enumerate(train):
            self.of_photo.setdefault(number, []).append(index)
        say = joint.text_side()
        self.bank = torch.from_numpy(say([text for _, text in train])).to(device)
        self.queries: FloatArray = say([text for _, text in judged])
        self.wanted = np.asarray([index for index, _ in judged])
        """The place in ``corpus.gallery()`` of the photo that each query describes."""


def drawing_weights(corpus: Corpus, numbers: IntArray) -> NDArray[np.float64]:
    """How likely each of some photos is to be drawn: 0 unless it is for training; the sum is 1."""
    photos = [corpus.photos[number] for number in numbers.tolist()]
    weights = np.asarray([SET_WEIGHTS.get(p.set, 1.0) if p.part == "train" else 0.0 for p in photos])
    return np.asarray(weights / weights.sum(), dtype=np.float64)


class CachedLessons:
    """Crops of which the teachers' features are kept, half of them mirrored."""

    def __init__(self, corpus: Corpus, targets: Path, joint: Path, device: str) -> None:
        self._corpus, self._device = corpus, device
        self._features, self._numbers = load_cached_features(targets)
        self._boxes = np.load(targets / "boxes.npy")[: len(self._numbers)]
        self._weights = drawing_weights(corpus, self._numbers)
        self._head = load_joint(joint).as_trained().photo_head().to(device)
        self.teacher_dim = self._features.shape[1]
        self.map_dims: tuple[int, ...] = ()
        self._decode = ThreadPoolExecutor(torch.get_num_threads())
        self._ahead = ThreadPoolExecutor(1)

    def request(self, size: int, side: int, rng: np.random.Generator) -> Future[Crops]:
        """Load a random batch in the background, for a student that sees ``side`` pixels."""
        rows = rng.choice(len(self._numbers), size, p=self._weights)
        mirrored = rng.integers(2, size=size) == 1
        wanted: list[tuple[int, Box]] = [
            (int(self._numbers[r]), (float(b[0]), float(b[1]), float(b[2]), float(b[3])))
            for r, b in zip(rows, self._boxes[rows], strict=True)
        ]

        def load() -> Crops:
            pixels = load_crops(self._corpus, wanted, side, side, self._decode)
            pixels[mirrored] = pixels[mirrored][:, :, ::-1]
            return Crops(rows, torch.from_numpy(pixels), (side, side))

        return self._ahead.submit(load)

    def teach(self, crops: Crops) -> Lesson:
        """Look up what the teachers said."""
        said = np.asarray(self._features[crops.rows], dtype=np.float32)
        features = torch.from_numpy(said).to(self._device)
        with torch.no_grad():
            return Lesson(
                normalise(crops.pixels.to(self._device, non_blocking=True)), self._numbers[crops.rows],
                self._head.standardise(features), self._head(features),
            )  # fmt: skip
