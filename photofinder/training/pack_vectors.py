"""What a finished pack says of the photos of a corpus."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from photofinder.model.pack import Pack
from photofinder.model.visual import PhotoVectors, VisualNetwork
from photofinder.training.data import Corpus, CorpusPhoto

_BATCH = 64


def pack_vectors(corpus: Corpus, pack: Pack, photos: Sequence[CorpusPhoto]) -> PhotoVectors:
    """Features and embeddings of whole photos, in order; at least one photo."""
    network = VisualNetwork(pack)
    parts = [
        network([np.asarray(corpus.image(photo.number)) for photo in photos[start : start + _BATCH]])
        for start in range(0, len(photos), _BATCH)
    ]
    return PhotoVectors(np.concatenate([p.features for p in parts]), np.concatenate([p.embeddings for p in parts]))
