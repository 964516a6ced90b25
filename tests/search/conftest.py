"""A catalogue with vectors of our choosing, and a pack so small that its answers can be worked out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from photofinder.library.catalog import Catalog
from photofinder.model.caption import phrase_features
from photofinder.model.lexicon import feature_keys
from photofinder.model.pack import CAPTION_FILE, Pack
from photofinder.model.spanish import fold
from tests.conftest import OpenCatalog
from tests.search.search_samples import EMBEDDING_DIM, FEATURE_DIM, WORDS, AddPhotos, Vectors, random_units


@pytest.fixture(scope="session")
def small_pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """Knows six words, each with a direction of its own; 12-d features, 16-d embeddings."""
    folder = tmp_path_factory.mktemp("pack")
    rng = np.random.default_rng(5)
    keys = np.unique(np.concatenate([feature_keys(phrase_features([fold(word)])[0]) for word in WORDS]))
    np.savez(
        folder / CAPTION_FILE,
        keys=keys,
        table=rng.integers(-127, 128, (len(keys), 8)).astype(np.int8),
        scales=np.full(len(keys), 1 / 127, dtype=np.float32),
        norm=np.stack([np.ones(8), np.zeros(8)]).astype(np.float32),
        hidden_weight=rng.standard_normal((24, 8)).astype(np.float16),
        hidden_bias=np.zeros(24, dtype=np.float32),
        output_weight=rng.standard_normal((EMBEDDING_DIM, 24)).astype(np.float16),
        output_bias=np.zeros(EMBEDDING_DIM, dtype=np.float32),
        vocabulary=np.frombuffer("\n".join(WORDS).encode(), dtype=np.uint8),
    )
    manifest = {
        "calibration": {"text": {"slope": 10.0, "bias": -3.0}, "photo": {"slope": 8.0, "bias": -5.0}},
        "similar": {"feature": 0.6, "embedding": 0.4},
    }
    return Pack(folder, "small", "a" * 32, FEATURE_DIM, EMBEDDING_DIM, manifest)


@pytest.fixture
def writer(open_catalog: OpenCatalog, small_pack: Pack) -> Iterator[Catalog]:
    """The connection that analyses."""
    with open_catalog(writer=True) as catalog:
        catalog.use_pack(small_pack.fingerprint, FEATURE_DIM, EMBEDDING_DIM)
        yield catalog


@pytest.fixture
def reader(writer: Catalog, open_catalog: OpenCatalog) -> Iterator[Catalog]:
    """Another connection, that searches."""
    with open_catalog() as catalog:
        yield catalog


@pytest.fixture
def add_photos(writer: Catalog, tmp_path: Path) -> AddPhotos:
    """``add_photos(embeddings, features=None, names=None)`` catalogues one photo a row and returns their ids."""
    root = tmp_path / "fotos"
    root.mkdir()
    (root / "algo.txt").write_text("an online folder is not empty")

    def add(embeddings: Vectors, features: Vectors | None = None, names: Sequence[str] | None = None) -> list[int]:
        folder = writer.add_folder(root)
        if features is None:
            features = random_units(len(embeddings), FEATURE_DIM, seed=99)
        names = names or [f"foto-{writer.counts().photos + n:06d}.jpg" for n in range(len(embeddings))]
        with writer.transaction():
            ids = [
                writer.add_or_update_photo(
                    folder.id, name, 100, 1, content_hash=hashlib.blake2b(name.encode()).hexdigest()[:32]
                )
                for name in names
            ]
            writer.put_vectors(ids, "feature", features)
            writer.put_vectors(ids, "embedding", embeddings)
        return ids

    return add
