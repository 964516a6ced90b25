"""What phrases say of photos about their kind: beside what pixels say, it tells pictures of a screen much better."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np

from photofinder.errors import PackDamaged
from photofinder.model.caption import CaptionRegressor
from photofinder.model.pack import Pack
from photofinder.search.calibration import calibration
from photofinder.search.vectors import FloatArray

_log = logging.getLogger(__name__)


class KindPhrases:
    """Ready after some tenths of a second; the words of the pack are not kept in memory."""

    def __init__(self, pack: Pack, texts: Sequence[str]) -> None:
        """``texts``: phrases for one kind («captura de pantalla»). A pack whose words cannot be read says nothing: a
        search will tell so, and photos can be analysed without them.
        """
        self._vectors: FloatArray | None = None
        try:
            self._calibration = calibration(pack, "text")
            regressor = CaptionRegressor(pack)
        except PackDamaged as error:
            _log.warning("kinds of photos are told by pixels alone: %s", error)
            return
        vectors = [vector for text in texts if (vector := regressor(text).vector) is not None]
        if vectors:
            self._vectors = np.stack(vectors)

    def __call__(self, embeddings: FloatArray) -> FloatArray | None:
        """Log-odds of the best phrase for embeddings ``(n, dim)``, (n,); None when the pack says nothing of any."""
        if self._vectors is None:
            return None
        best: FloatArray = self._calibration.logit((embeddings @ self._vectors.T).max(axis=1))
        return best
