"""Selections as runs of rows: what is selected of 100,000 photos costs what its runs do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QAbstractItemModel, QItemSelection, QItemSelectionModel

Run = tuple[int, int]
"""First and last row."""


def selected_runs(selection: QItemSelectionModel) -> list[Run]:
    """What is selected, ascending."""
    ranges = selection.selection()
    return sorted((ranges.at(n).top(), ranges.at(n).bottom()) for n in range(ranges.count()))


def count_of(runs: Iterable[Run]) -> int:
    """How many rows."""
    return sum(last - first + 1 for first, last in runs)


def rows_of(runs: Iterable[Run]) -> list[int]:
    """Every row."""
    return [row for first, last in runs for row in range(first, last + 1)]


def runs_of(rows: Sequence[int]) -> list[Run]:
    """Ascending rows as runs of neighbours."""
    runs: list[Run] = []
    for row in rows:
        if runs and runs[-1][1] + 1 == row:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs


def selection_of(model: QAbstractItemModel, runs: Iterable[Run]) -> QItemSelection:
    """Runs as Qt wants them."""
    chosen = QItemSelection()
    for first, last in runs:
        chosen.select(model.index(first, 0), model.index(last, 0))
    return chosen


def toggle_run(model: QAbstractItemModel, selection: QItemSelectionModel, run: Run, *, add: bool) -> None:
    """Select a run alone; with ``add`` beside what is selected, or no longer when all of it is already."""
    flag = QItemSelectionModel.SelectionFlag
    inside = [(max(first, run[0]), min(last, run[1])) for first, last in selected_runs(selection)]
    is_whole = count_of(one for one in inside if one[0] <= one[1]) == run[1] - run[0] + 1
    command = (flag.Deselect if is_whole else flag.Select) if add else flag.ClearAndSelect
    selection.select(selection_of(model, [run]), command)
    selection.setCurrentIndex(model.index(run[0], 0), flag.NoUpdate)
