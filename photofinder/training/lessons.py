"""What the student is taught of each crop: the teachers' features, their embedding, and a bank of texts."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from photofinder.training.caption import load_cached_features
from photofinder.training.data import Box, Corpus, load_crops
from photofinder.training.saved_joint import load_joint
from photofinder.training.texts import FloatArray, IntArray


class CropLoader:
    """Prefetches batches of crops as uint8 arrays, half of them mirrored."""

    def __init__(self, corpus: Corpus, numbers: IntArray, boxes: FloatArray) -> None:
        self._corpus, self._numbers, self._boxes = corpus, numbers, boxes
        self._decode = ThreadPoolExecutor(4)
        self._ahead = ThreadPoolExecutor(1)

    def submit(self, rows: IntArray, side: int, mirror: IntArray | None) -> Future[Tensor]:
        """Load rows in the background: ``(n, side, side, 3)`` uint8."""

        def load() -> Tensor:
            requests: list[tuple[int, Box]] = [
                (int(self._numbers[r]), (float(b[0]), float(b[1]), float(b[2]), float(b[3])))
                for r, b in zip(rows, self._boxes[rows], strict=True)
            ]
            pixels = load_crops(self._corpus, requests, side, side, self._decode)
            if mirror is not None:
                pixels[mirror == 1] = pixels[mirror == 1][:, :, ::-1]
            return torch.from_numpy(pixels)

        return self._ahead.submit(load)

    def close(self) -> None:
        """Stop the threads."""
        self._ahead.shutdown()
        self._decode.shutdown()


@dataclass(slots=True)
class Targets:
    """What the student is taught of each cached crop."""

    numbers: IntArray
    boxes: FloatArray
    features: FloatArray
    mean: Tensor
    std: Tensor
    embeddings: Tensor
    bank: Tensor
    captions_of: dict[int, list[int]]
    validation_texts: Tensor
    validation_photos: IntArray


def load_targets(corpus: Corpus, targets: Path, joint: Path) -> Targets:
    """Teacher features of ``targets`` and their joint space of ``joint``; the bank holds all training captions."""
    features, numbers = load_cached_features(targets)
    boxes = np.load(targets / "boxes.npy")[: len(numbers)]
    space = load_joint(joint)
    head = space.photo_head()
    with torch.inference_mode():
        embeddings = torch.cat(
            [head(torch.from_numpy(np.asarray(part, dtype=np.float32))) for part in np.array_split(features, 100)]
        ).half()
    train = corpus.training_captions()
    judged = {photo.number for photo in corpus.gallery()}
    val = [(number, text) for number, text in corpus.captions if number in judged]
    captions_of: dict[int, list[int]] = {}
    for index, (number, _) in enumerate(train):
        captions_of.setdefault(number, []).append(index)
    say = space.text_side()
    bank, validation = (torch.from_numpy(say([text for _, text in said])) for said in (train, val))
    return Targets(
        numbers, boxes, features, head.mean.clone(), head.std.clone(), embeddings.clone(), bank, captions_of,
        validation, np.asarray([number for number, _ in val]),
    )  # fmt: skip
