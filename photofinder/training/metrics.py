"""Figures of retrieval quality."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class RetrievalFigures:
    """Recalls in [0, 1]; ranks count from 1."""

    queries: int
    photos: int
    recall_at_1: float
    recall_at_5: float
    recall_at_10: float
    median_rank: float
    mean_rank: float

    @classmethod
    def empty(cls) -> RetrievalFigures:
        """Figures of nothing."""
        return cls(0, 0, 0.0, 0.0, 0.0, 0.0, 0.0)

    def __str__(self) -> str:
        recalls = (self.recall_at_1, self.recall_at_5, self.recall_at_10)
        return " / ".join(f"{100 * recall:.1f}" for recall in recalls) + f", median {self.median_rank:g}"


def ranks(scores: NDArray[np.floating], targets: NDArray[np.integer]) -> NDArray[np.int64]:
    """Rank of each query's target in ``scores`` (queries, photos): 1 + photos scored strictly higher."""
    own = scores[np.arange(len(targets)), targets][:, None]
    return np.asarray(1 + (scores > own).sum(1), dtype=np.int64)


def retrieval_figures(scores: NDArray[np.floating], targets: NDArray[np.integer]) -> RetrievalFigures:
    """Recall@1/5/10 and ranks of ``scores`` (queries, photos)."""
    rank = ranks(scores, targets)
    first, five, ten = (float((rank <= k).mean()) for k in (1, 5, 10))
    return RetrievalFigures(len(targets), scores.shape[1], first, five, ten, float(np.median(rank)), float(rank.mean()))


def average_precision_at(relevant: NDArray[np.bool_], k: int) -> float:
    """Precision@k averaged over queries; ``relevant`` (queries, >= k) in rank order."""
    return float(relevant[:, :k].mean())
