"""Querybank normalisation: a photo that is near to every phrase answers none of them in particular.

In a joint space some photos are near to most phrases and crowd the top of every list (hubs). Each photo's usual
likeness ``b`` to a bank of phrases is therefore taken off its likeness to the one that is asked (Bogolin et al.,
"Cross Modal Retrieval with Querybank Normalisation", CVPR 2022), which makes the score the logarithm of how much
likelier the phrase is for this photo than phrases are in general. Measured: docs/MODEL.md.

``b`` depends on the photo alone. So that everything else goes on comparing unit vectors by their cosine, it is written
into the vectors themselves, as two more numbers::

    photo' = (photo, -b, sqrt(1 - b * b)) / sqrt(2)
    phrase' = (phrase, 1, 0) / sqrt(2)
    photo' . phrase' = (photo . phrase - b) / 2

The likeness to the bank is a soft maximum of cosines. How sharp it is, the bank says itself: its rows are the phrases'
unit vectors times what cosines are multiplied by.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SHARPNESS = 24.0
"""What new banks multiply cosines by before the soft maximum over the bank."""
QUERYBANK = "querybank"
"""Entry of a pack's manifest: how many phrases the bank in its head has."""
MORE_NUMBERS = 2
"""By how much the vectors grow."""


def phrase_vectors(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Unit vectors ``(n, d)`` of phrases, as they are compared with photos: ``(n, d + 2)``, unit norm."""
    more = np.tile(np.array([1, 0], dtype=np.float32), (len(vectors), 1))
    return np.concatenate([vectors, more], axis=1) * np.float32(np.sqrt(0.5))
