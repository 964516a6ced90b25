"""The training corpus: photos packed in shards, their labels, captions and the crops that networks see.

A corpus folder holds ``photos-NN.bin`` (encoded pictures one after another), ``photos.tsv`` (where each lies and
what it is) and ``captions.tsv`` (photo number, Spanish text). See ``docs/MODEL.md`` for how to make one.
"""

from __future__ import annotations

import csv
import io
import mmap
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Uint8Array = NDArray[np.uint8]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom of a crop as fractions of the photo's width and height, each in [0, 1]."""

WHOLE: Box = (0.0, 0.0, 1.0, 1.0)


SET_WEIGHTS = {"coco": 3.0, "imagenet": 2.0, "sport_photos": 1.5, "tiny_imagenet": 0.5}
"""How often a set is drawn, beside 1.0 for the others: everyday photos more, 64-pixel pictures less."""


@dataclass(frozen=True, slots=True)
class CorpusPhoto:
    """One line of ``photos.tsv``. ``label`` is ``""`` when the photo belongs to no class."""

    number: int
    shard: str
    offset: int
    length: int
    part: str
    set: str
    label: str
    spanish_names: tuple[str, ...]


class Corpus:
    """Read access to a corpus folder; shards are memory-mapped and never copied whole."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.photos = [_parse_photo(row) for row in _rows(folder / "photos.tsv")]
        if any(photo.number != index for index, photo in enumerate(self.photos)):
            raise ValueError(f"{folder / 'photos.tsv'}: photo numbers must count up from 0")
        self.captions: list[tuple[int, str]] = [
            (int(row["photo"]), row["text"]) for row in _rows(folder / "captions.tsv")
        ]
        self._shards: dict[str, mmap.mmap] = {}
        for name in sorted({photo.shard for photo in self.photos}):
            with open(folder / f"photos-{name}.bin", "rb") as file:
                self._shards[name] = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def part(self, part: str, sets: Iterable[str] | None = None) -> list[CorpusPhoto]:
        """The photos of ``"train"`` or ``"val"``, optionally of some sets only, in corpus order."""
        wanted = None if sets is None else set(sets)
        return [p for p in self.photos if p.part == part and (wanted is None or p.set in wanted)]

    def gallery(self) -> list[CorpusPhoto]:
        """The photos of the figure of merit: validation photos with captions, in corpus order."""
        captioned = {number for number, _ in self.captions}
        return [p for p in self.photos if p.part == "val" and p.number in captioned]

    def training_captions(self) -> list[tuple[int, str]]:
        """Photo number and text of every caption of a training photo, in corpus order."""
        return [(number, text) for number, text in self.captions if self.photos[number].part == "train"]

    def encoded(self, number: int) -> bytes:
        """One photo as it is stored."""
        photo = self.photos[number]
        return self._shards[photo.shard][photo.offset : photo.offset + photo.length]

    def image(self, number: int) -> Image.Image:
        """Decode one photo to RGB."""
        return Image.open(io.BytesIO(self.encoded(number))).convert("RGB")


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def _parse_photo(row: dict[str, str]) -> CorpusPhoto:
    names = tuple(name.strip() for name in row["spanish_names"].split(";") if name.strip())
    return CorpusPhoto(
        int(row["photo"]), row["shard"], int(row["offset"]), int(row["length"]),
        row["part"], row["set"], row["class"], names,
    )  # fmt: skip


def centre_square(width: int, height: int) -> Box:
    """The largest centred square of a ``width`` x ``height`` photo."""
    side = min(width, height)
    left, top = (width - side) / 2 / width, (height - side) / 2 / height
    return (left, top, 1 - left, 1 - top)


def random_box(rng: np.random.Generator, width: int, height: int, smallest: float = 0.3, largest: float = 1.0,
               aspect: float = 1.0) -> Box:  # fmt: skip
    """A random crop of ``smallest`` to ``largest`` of the area, 3/4 to 4/3 times as wide as ``aspect`` says.

    After Szegedy et al. (2014). ``aspect``: width by height of what the crop is for.
    """
    for _ in range(10):
        area = rng.uniform(smallest, largest) * width * height
        wide = aspect * float(np.exp(rng.uniform(np.log(3 / 4), np.log(4 / 3))))
        w, h = (area * wide) ** 0.5, (area / wide) ** 0.5
        if w <= width and h <= height:
            left, top = rng.uniform(0, width - w), rng.uniform(0, height - h)
            return (left / width, top / height, (left + w) / width, (top + h) / height)
    return centre_square(width, height)


def crop(image: Image.Image, box: Box, width: int, height: int) -> Uint8Array:
    """Cut ``box`` and resample it to ``(height, width, 3)`` uint8 (bilinear with anti-aliasing)."""
    w, h = image.size
    pixels = (max(0, box[0] * w), max(0, box[1] * h), min(w, box[2] * w), min(h, box[3] * h))
    cut = image.resize((width, height), Image.Resampling.BILINEAR, box=pixels)
    return np.asarray(cut, dtype=np.uint8)


def load_crops(
    corpus: Corpus, requests: Sequence[tuple[int, Box]], width: int, height: int, pool: ThreadPoolExecutor
) -> Uint8Array:
    """Decode and cut many crops in parallel: ``(n, height, width, 3)`` uint8."""
    batch = np.empty((len(requests), height, width, 3), dtype=np.uint8)

    def fill(index: int) -> None:
        number, box = requests[index]
        batch[index] = crop(corpus.image(number), box, width, height)

    list(pool.map(fill, range(len(requests))))
    return batch
