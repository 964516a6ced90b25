"""The photos of an answer as numbers, and when they were taken."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from photofinder.library.catalog import Catalog
from photofinder.ui.found import Calendar, Found, nothing_found


def test_rows_of_an_answer() -> None:
    found = Found(np.array([5, 3, 9]), np.array([0.9, 0.5, 0.1]), np.array([50, 30, 90]))
    assert found.at(found.probabilities >= 0.5) == Found(np.array([5, 3]), np.array([0.9, 0.5]), np.array([50, 30]))
    assert found.at(np.array([2, 0])).photo_ids.tolist() == [9, 5]
    assert found != found.at(np.array([0, 1]))
    assert found != "photos"
    assert len(nothing_found()) == 0
    assert found.at(np.array([], dtype=np.intp)) == nothing_found()


def test_moments_come_from_the_library_and_of_newer_photos_from_the_catalogue(tmp_path: Path) -> None:
    with Catalog.open(tmp_path / "catalog.sqlite", writer=True) as catalog:
        folder = catalog.add_folder(tmp_path)
        newer = catalog.add_or_update_photo(folder.id, "nueva.jpg", 1, 86_400 * 10**9)
        calendar = Calendar(np.array([newer + 40, newer + 7, newer + 90]), np.array([400, 70, 900]))
        asked = np.array([newer + 90, newer, newer + 7, newer + 1000, newer + 40])
        taken = calendar.moments(asked, catalog).tolist()
        assert taken == [900, int(catalog.moments(asked)[1]), 70, 0, 400]
        assert taken[1] > 0
        assert calendar.moments(np.empty(0, dtype=np.int64), catalog).tolist() == []
        unread = Calendar(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
        assert unread.moments(asked, catalog).tolist() == [0, taken[1], 0, 0, 0]
