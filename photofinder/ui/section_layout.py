"""Where the cells of a grid with headers lie: cumulative sums and bisection, so a million photos cost what ten do."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Spacing:
    """Logical pixels: between cells, at the sides, above everything, and after a section's last line."""

    gap: int
    margin: int
    top: int
    after_section: int
    header: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows ``first`` to ``stop - 1`` of one section."""

    section: int
    first: int
    stop: int


class SectionLayout:
    """Square cells in lines of ``columns``, section after section; all coordinates are those of the whole content.

    Rows are numbered through all sections. Building costs one step a section, every question O(log sections).
    """

    def __init__(self, counts: Sequence[int], columns: int, cell: int, spacing: Spacing, *, headers: bool) -> None:
        """``counts``: photos of each section, each > 0. ``headers``: whether there is a header above each."""
        self.columns = columns
        self.cell = cell
        self.spacing = spacing
        self.header = spacing.header if headers else 0
        self.count = sum(counts)
        self._step = cell + spacing.gap
        self._firsts = [0, *accumulate(counts)][: len(counts)]
        self._counts = list(counts)
        heights = [self.header + -(-count // columns) * self._step + spacing.after_section for count in counts]
        self._tops = [spacing.top + before for before in [0, *accumulate(heights)]][: len(counts)]
        self.height = spacing.top + sum(heights)

    def __len__(self) -> int:
        return len(self._counts)

    def place(self, row: int) -> tuple[int, int]:
        """Left and top of a cell."""
        section = self.section_of(row)
        line, column = divmod(row - self._firsts[section], self.columns)
        return self.spacing.margin + column * self._step, self.cells_top(section) + line * self._step

    def section_of(self, row: int) -> int:
        """The section that a row belongs to."""
        return bisect_right(self._firsts, row) - 1

    def section_at(self, y: int) -> int:
        """The section whose header or cells are at ``y``; the nearest one outside the content, -1 without any."""
        return max(bisect_right(self._tops, y) - 1, min(0, len(self) - 1))

    def section_top(self, section: int) -> int:
        """Where a section's header begins."""
        return self._tops[section]

    def cells_top(self, section: int) -> int:
        """Where a section's first line begins."""
        return self._tops[section] + self.header

    def rows_of(self, section: int) -> Stretch:
        """All rows of a section."""
        first = self._firsts[section]
        return Stretch(section, first, first + self._counts[section])

    def near(self, x: int, y: int) -> int:
        """The row whose cell is at, or nearest in its section to, a point; -1 when there are no photos."""
        section = self.section_at(y)
        if section < 0:
            return -1
        last_line = (self._counts[section] - 1) // self.columns
        line = min(max((y - self.cells_top(section)) // self._step, 0), last_line)
        column = min(max((x - self.spacing.margin) // self._step, 0), self.columns - 1)
        return self._firsts[section] + min(line * self.columns + column, self._counts[section] - 1)

    def beside(self, row: int, lines: int) -> int:
        """The row one line above (-1) or below (1) in the same column; ``row`` itself at the first or last line."""
        section = self.section_of(row)
        line, column = divmod(row - self._firsts[section], self.columns)
        line += lines
        if line < 0:
            if section == 0:
                return row
            section -= 1
            line = (self._counts[section] - 1) // self.columns
        elif line > (self._counts[section] - 1) // self.columns:
            if section == len(self) - 1:
                return self.count - 1
            section, line = section + 1, 0
        return self._firsts[section] + min(line * self.columns + column, self._counts[section] - 1)

    def between(self, top: int, bottom: int) -> Iterator[Stretch]:
        """What may be seen between two heights: for each section there its lines (perhaps none: only the header)."""
        if not self.count:
            return
        for section in range(self.section_at(top), self.section_at(bottom) + 1):
            start, count, first = self.cells_top(section), self._counts[section], self._firsts[section]
            from_line = max(0, (top - start) // self._step)
            to_line = max(0, (bottom - start) // self._step + 1)
            yield Stretch(
                section, first + min(from_line * self.columns, count), first + min(to_line * self.columns, count)
            )

    def inside(self, left: int, top: int, right: int, bottom: int) -> Iterator[tuple[int, int]]:
        """The rows whose cells a rectangle touches, as runs ``first`` to ``last`` inclusive, longest possible."""
        gap = self.spacing.gap
        first_column = max(0, (left - self.spacing.margin + gap) // self._step)
        last_column = min(self.columns - 1, (right - self.spacing.margin) // self._step)
        if first_column > last_column:
            return
        run: tuple[int, int] | None = None
        for stretch in self.between(top, bottom):
            rows = self.rows_of(stretch.section)
            for line in range(stretch.first, stretch.stop, self.columns):
                y = self.place(line)[1]
                if y > bottom or y + self.cell <= top:
                    continue
                first, last = line + first_column, min(line + last_column, rows.stop - 1)
                if first > last:
                    continue
                if run is not None and run[1] + 1 == first:
                    run = (run[0], last)
                    continue
                if run is not None:
                    yield run
                run = (first, last)
        if run is not None:
            yield run
