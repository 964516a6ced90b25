from __future__ import annotations

import numpy as np
import pytest

from photofinder.training.metrics import average_precision_at, ranks, retrieval_figures

SCORES = np.array([[0.9, 0.1, 0.5], [0.2, 0.3, 0.4], [0.5, 0.5, 0.5]])


def test_ranks_count_better_photos_from_one() -> None:
    assert ranks(SCORES, np.array([0, 0, 2])).tolist() == [1, 3, 1]


def test_figures() -> None:
    figures = retrieval_figures(SCORES, np.array([0, 0, 2]))
    assert figures.recall_at_1 == pytest.approx(2 / 3)
    assert figures.recall_at_5 == 1
    assert figures.median_rank == 1
    assert figures.mean_rank == pytest.approx(5 / 3)
    assert (figures.queries, figures.photos) == (3, 3)


def test_precision_averages_the_first_k() -> None:
    relevant = np.array([[True, False, True], [True, True, False]])
    assert average_precision_at(relevant, 2) == 0.75
