"""A small library in which one logo is on three photos, among photos without it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.datasets import load_sample_images

from photofinder.library.catalog import Catalog
from photofinder.model.keypoints import Vocabulary, load_vocabulary
from photofinder.training.data import Box
from photofinder.training.object_scenes import logo, pasted
from tests.conftest import draw_photo

WITH_LOGO = ("china.jpg", "flower.jpg", "mesa.png")


@cache
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@cache
def scenes() -> dict[str, tuple[Image.Image, Box]]:
    """The photos with the logo, and where on each it is."""
    rng = np.random.default_rng(3)
    real = [Image.fromarray(pixels) for pixels in load_sample_images().images]
    return {
        name: pasted(image, logo(5), rng, (0.15, 0.25))
        for name, image in zip(WITH_LOGO, [*real, draw_photo((800, 600), 41)], strict=True)
    }


def fill_object_folder(folder: Path, others: int = 5) -> Path:
    """``WITH_LOGO`` beside photos that show other things."""
    folder.mkdir(parents=True)
    for name, (image, _) in scenes().items():
        image.save(folder / name, quality=90)
    for number in range(others):
        draw_photo(seed=number).save(folder / f"otra {number}.jpg", quality=90)
    return folder


def catalogue(catalog: Catalog, folder: Path) -> dict[str, int]:
    """Catalogue a folder's photos as if they had been analysed; their ids by name."""
    root = catalog.add_folder(folder)
    ids = {}
    for path in sorted(folder.iterdir()):
        found = path.stat()
        ids[path.name] = catalog.add_or_update_photo(
            root.id, path.name, found.st_size, found.st_mtime_ns, content_hash=f"hash of {path.name}"
        )
    return ids
