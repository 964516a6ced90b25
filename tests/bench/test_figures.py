"""A figure is the median of its runs, says so, and never claims to beat what the machine allows."""

from __future__ import annotations

import pytest

from photofinder.bench.figures import Figure, Part, Text, exponent
from photofinder.bench.growth import Line, draw_growth
from photofinder.bench.memory import Sample, slope
from photofinder.bench.report import as_json, table

NAME = Text("algo", "something")
MACHINE = {
    "cpu": "A processor", "cores": 2, "memory_gb": 16.0, "bfloat16": True, "load": 0.1,
    "system": "Linux", "python": "3.11",
}  # fmt: skip


def test_the_median_and_the_runs_are_both_told() -> None:
    figure = Figure("phrase", "ms", NAME, (3.0, 1.0, 9.0, 2.0, 4.0), limit=0.5, target=15.0)
    assert figure.as_json() == {
        "phrase_ms_median": 3.0,
        "phrase_ms_runs": [3.0, 1.0, 9.0, 2.0, 4.0],
        "phrase_ms_limit": 0.5,
        "phrase_ms_target": 15.0,
    }
    assert figure.meets_target


def test_which_side_of_a_target_is_good() -> None:
    assert not Figure("a", "ms", NAME, (16.0,), target=15.0).meets_target
    assert Figure("a", "photos_per_s", NAME, (16.0,), target=15.0, more_is_better=True).meets_target
    assert Figure("a", "ms", NAME, (16.0,)).meets_target is None


def test_nothing_measured_is_no_figure() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        Figure("a", "ms", NAME, ())


def test_the_exponent() -> None:
    sizes = [1_000, 10_000, 100_000]
    assert exponent(sizes, [2.0, 20.0, 200.0]) == pytest.approx(1)
    assert exponent(sizes, [7.0, 7.0, 7.0]) == pytest.approx(0)
    assert exponent(sizes, [1.0, 100.0, 10_000.0]) == pytest.approx(2)
    assert exponent([1_000], [1.0]) is None
    assert exponent(sizes, [0.0, 1.0, 2.0]) is None


def test_the_slope_of_memory_counts_the_second_half_alone() -> None:
    growing = [Sample(t, 100 * 10**6 + t * 10**6, 2 * 10**9) for t in range(101)]
    assert slope(growing, photos=10_100) == pytest.approx(100, rel=0.02)  # a MB a second, 101 photos a second
    settled = [Sample(t, min(t, 30) * 10**7, 2 * 10**9) for t in range(101)]
    assert slope(settled, photos=10_000) == pytest.approx(0, abs=1e-6)


def test_the_slope_of_memory_leaves_out_what_comes_before_and_after_the_photos() -> None:
    before = [Sample(t, t * 10**7, t * 10**7) for t in range(50)]
    photos = [Sample(50 + t, 5 * 10**8 + t * 10**6, 6 * 10**8 + t * 10**6) for t in range(101)]
    after = [Sample(151 + t, 10**8, 10**8) for t in range(60)]
    assert slope([*before, *photos, *after], photos=10_000) == pytest.approx(100, rel=0.02)


def test_what_comes_and_goes_is_no_slope_and_hides_none() -> None:
    under_way = [(t * 7919) % 14 * 10**6 for t in range(400)]
    settled = [Sample(t, 3 * 10**8 + more, 2 * 10**9) for t, more in enumerate(under_way)]
    assert slope(settled, photos=40_000) == pytest.approx(0, abs=0.05)
    growing = [Sample(t, 3 * 10**8 + t * 50_000 + more, 2 * 10**9) for t, more in enumerate(under_way)]
    assert slope(growing, photos=39_900) == pytest.approx(5, rel=0.05)


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_table_has_a_line_a_figure(language: str) -> None:
    figures = (
        Figure("phrase", "ms", NAME, (3.0, 1.0, 2.0), limit=0.5, limit_is=Text("leer", "reading"), target=15.0),
        Figure("index", "photos_per_s", NAME, (50.0,), target=80.0, more_is_better=True),
    )
    line = Line("phrase_ms", NAME, (1_000, 10_000), (1.0, 10.0))
    parts = [Part("search", figures, {"photos": 1_000}), Part("growth", (), {})]
    text = table(MACHINE, parts, [line], language)
    assert "A processor" in text
    (phrase, index) = [row for row in text.splitlines() if NAME(language) in row][:2]
    assert "≤ 15" in phrase
    assert phrase.endswith("sí" if language == "es" else "yes")
    assert index.endswith("no")
    assert "1,00" in text.splitlines()[-1] if language == "es" else "1.00" in text.splitlines()[-1]


def test_one_part_is_flat_and_several_have_names() -> None:
    search, start = Part("search", (), {"photos": 7}), Part("start", (), {})
    assert as_json(MACHINE, [search]) == {"part": "search", "machine": MACHINE, "photos": 7}
    assert as_json(MACHINE, [search, start])["parts"] == {"search": {"photos": 7}, "start": {}}


def test_the_chart_is_drawn_whatever_was_measured() -> None:
    empty = draw_growth([], "es")
    one = draw_growth([Line("a_ms", NAME, (1_000,), (3.0,))], "en")
    many = draw_growth([Line(f"{n}_ms", NAME, (10, 1_000, 10**6), (0.01, 1.0, 10.0**n)) for n in range(9)], "es")
    assert empty.size == one.size == many.size == (1000, 640)
    assert len({empty.tobytes(), one.tobytes(), many.tobytes()}) == 3
