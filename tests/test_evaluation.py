"""The figures are those of the program's own search, and can be worked out by hand."""

from __future__ import annotations

import itertools
import shutil
import sys
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photofinder.errors import CaptionsFileInvalid, FailureReason, FolderUnavailable, PhotoUnreadable
from photofinder.evaluation import Asked, Caption, Evaluation, evaluate, match_captions, rank_of, read_captions
from photofinder.indexing import Embedded
from photofinder.library.catalog import Catalog
from photofinder.library.decoder import Decoder
from photofinder.model.pack import Pack
from photofinder.paths import DataPaths
from photofinder.rank_plot import HEIGHT, WIDTH, count_ranks, draw_rank_plot, rank_bins, write_rank_plot
from photofinder.search.engine import SearchEngine
from photofinder.search.query import Query
from photofinder.search.results import Ranking


def _file(tmp_path: Path, content: bytes | str) -> Path:
    path = tmp_path / "frases.tsv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# Reading the file


def test_lines_are_read(tmp_path: Path) -> None:
    path = _file(tmp_path, "\ufeffa.jpg\tun perro\r\n\n2019/ñu.jpg\tuna niña 😀\n   \n./b.jpg\tfin")
    assert read_captions(path) == [
        Caption(1, "a.jpg", "un perro"),
        Caption(3, "2019/ñu.jpg", "una niña 😀"),
        Caption(5, "b.jpg", "fin"),
    ]


@pytest.mark.parametrize(
    ("content", "line", "why"),
    [
        ("", 0, "no_lines"),
        ("\n \n", 0, "no_lines"),
        ("a.jpg\tsí\nb.jpg sin tabulador\n", 2, "columns"),
        ("a.jpg\t\n", 1, "columns"),
        ("\ta phrase\n", 1, "columns"),
        ("a.jpg\tuno\tdos\n", 1, "columns"),
        (b"a.jpg\tbien\nb.jpg\tni\xf1o\n", 2, "encoding"),
        ("a.jpg\tperro".encode("utf-16"), 1, "encoding"),
    ],
)
def test_a_line_of_another_form_is_named(tmp_path: Path, content: bytes | str, line: int, why: str) -> None:
    with pytest.raises(CaptionsFileInvalid) as caught:
        read_captions(_file(tmp_path, content))
    assert (caught.value.line, caught.value.why) == (line, why)


def test_no_such_file(tmp_path: Path) -> None:
    for path in (tmp_path / "nada.tsv", tmp_path):
        with pytest.raises(CaptionsFileInvalid) as caught:
            read_captions(path)
        assert caught.value.why == "missing"


def test_accents_may_be_composed_in_another_way(tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "Año/niña.jpg")
    (matched,) = match_captions(tmp_path, [Caption(1, "Año/niña.jpg", "x")], [decomposed])
    assert matched.rel_path == decomposed


def test_a_photo_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaptionsFileInvalid) as caught:
        match_captions(tmp_path, [Caption(1, "a.jpg", "x"), Caption(7, "b.jpg", "x")], ["a.jpg"])
    assert (caught.value.line, caught.value.why) == (7, "unknown_photo")


# Figures


def _ranking(*scores: float) -> Ranking:
    values = np.asarray(scores, dtype=np.float32)
    return Ranking(np.arange(1, len(scores) + 1), values, values.astype(np.float64), None)


def test_a_rank_counts_what_scores_higher_and_half_of_what_ties() -> None:
    ranking = _ranking(0.9, 0.5, 0.5 + 1e-8, 0.5, 0.1)
    assert [rank_of(photo_id, ranking, 5) for photo_id in (1, 2, 3, 4, 5)] == [1, 3, 3, 3, 5]
    assert rank_of(99, ranking, 5) == 5
    assert rank_of(None, ranking, 7) == 7
    assert rank_of(1, _ranking(), 7) == 7


def test_the_figures_of_known_ranks() -> None:
    evaluation = Evaluation(100, (1, 2, 5, 10, 11, 100, 1, 1.5), seconds=2.0, unreadable={})
    assert evaluation.figures() == {
        "photos": 100,
        "queries": 8,
        "recall_at_1": 0.25,
        "recall_at_5": 0.625,
        "recall_at_10": 0.75,
        "median_rank": 3.5,
        "mean_rank": 16.4375,
        "queries_per_second": 4.0,
    }


# The whole


def test_a_folder_is_measured_through_the_programs_own_search(
    photo_folder: Path, tmp_path: Path, pack: Pack, decoder: Decoder, paths: DataPaths
) -> None:
    (photo_folder / "rota.jpg").write_bytes(b"not a photo")
    (photo_folder / "vacía.jpg").write_bytes(b"")
    captions = [
        ("china.jpg", "un templo con montañas"),
        ("flower.jpg", "una flor"),
        ("2019/IMG_0003.jpg", "círculos y cuadrados"),
        ("flower.jpg", "xyzzyq"),
        ("rota.jpg", "una flor"),
    ]
    path = _file(tmp_path, "".join(f"{name}\t{text}\n" for name, text in captions))
    events = []
    run = evaluate(photo_folder, path, pack, decoder)
    while True:
        try:
            events.append(next(run))
        except StopIteration as end:
            evaluation = end.value
            break
    assert any(isinstance(event, Embedded) for event in events)
    assert events[-1] == Asked(5, 5)
    assert evaluation.photos == 14
    assert evaluation.queries == 5
    assert evaluation.unreadable == {"rota.jpg": FailureReason.NOT_AN_IMAGE}
    assert evaluation.ranks[3:] == (14, 14)  # no known word; a photo that cannot be found
    assert evaluation.queries_per_second > 0
    assert not paths.data.exists()

    # the same question by way of the catalogue and the public search
    from photofinder.indexing import index_folders

    with Catalog.open(paths.catalog, writer=True) as catalog:
        list(index_folders(catalog, [photo_folder], pack, decoder=decoder))
    with Catalog.open(paths.catalog) as catalog:
        hits = SearchEngine(catalog, pack).search(Query(captions[0][1]), limit=100).hits
    names = [hit.path.name for hit in hits]
    assert evaluation.ranks[0] == pytest.approx(names.index("china.jpg") + 1, abs=0.5)


def test_what_is_wrong_with_the_file_is_said_before_the_work(
    photo_folder: Path, tmp_path: Path, pack: Pack, decoder: Decoder
) -> None:
    path = _file(tmp_path, "china.jpg\tx\nno-existe.jpg\tx\n")
    with pytest.raises(CaptionsFileInvalid) as caught:
        next(evaluate(photo_folder, path, pack, decoder))
    assert caught.value.line == 2


def test_a_folder_that_is_not_there(tmp_path: Path, pack: Pack, decoder: Decoder) -> None:
    with pytest.raises(FolderUnavailable):
        next(evaluate(tmp_path / "nada", _file(tmp_path, "a.jpg\tx\n"), pack, decoder))


def test_not_one_photo_can_be_read(tmp_path: Path, pack: Pack, decoder: Decoder) -> None:
    folder = tmp_path / "fotos"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(b"")
    with pytest.raises(PhotoUnreadable) as caught:
        list(evaluate(folder, _file(tmp_path, "a.jpg\tx\n"), pack, decoder))
    assert caught.value.reason is FailureReason.EMPTY


def test_stopping_halfway_leaves_nothing_behind(
    photo_folder: Path, tmp_path: Path, pack: Pack, decoder: Decoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    run = evaluate(photo_folder, _file(tmp_path, "china.jpg\tx\n"), pack, decoder)
    next(run)
    assert list(temporary.iterdir())
    run.close()
    assert list(temporary.iterdir()) == []


# The plot


def test_bins_cover_every_rank_once() -> None:
    for photos in (1, 2, 3, 10, 14, 514, 1000, 38_112):
        bins = rank_bins(photos)
        assert bins[0] == (1, 1)
        assert bins[-1][1] == photos
        assert all(after[0] == before[1] + 1 for before, after in itertools.pairwise(bins))
        ranks = [1 + step / 2 for step in range(2 * photos - 1)]
        assert sum(count_ranks(ranks, bins)) == len(ranks)


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("photos", [1, 514, 1_000_000])
def test_a_png_is_written_with_a_bar_for_what_was_found(tmp_path: Path, photos: int, language: str) -> None:
    path = tmp_path / "puestos.png"
    write_rank_plot(path, Evaluation(photos, (1.0,) * 30, 1.0, {}), language)
    with Image.open(path) as image:
        assert (image.size, image.format) == ((WIDTH, HEIGHT), "PNG")
        bottom = np.asarray(image.convert("RGB"))[HEIGHT - 100]
    assert (bottom != 255).any()
    assert list(tmp_path.iterdir()) == [path]


def test_every_character_of_the_chart_is_in_pillows_own_font() -> None:
    """A character without a glyph is drawn as a crossed box."""
    from unittest.mock import patch

    from PIL import ImageDraw, ImageFont

    texts: list[str] = []
    with patch.object(ImageDraw.ImageDraw, "text", lambda self, at, text, **options: texts.append(text)):
        for language in ("es", "en"):
            draw_rank_plot(Evaluation(514, (1.0, 2.5, 400.0), 1.0, {}), language)
    font = ImageFont.load_default(20)
    missing = bytes(font.getmask("\U000f0000"))
    unknown = {one for text in texts for one in text if not one.isspace() and bytes(font.getmask(one)) == missing}
    assert unknown == set()


def test_a_plot_that_cannot_be_written_leaves_no_part_of_it(tmp_path: Path) -> None:
    target = tmp_path / "carpeta"
    target.mkdir()
    with pytest.raises(OSError):
        write_rank_plot(target, Evaluation(3, (1.0,), 1.0, {}))
    assert sorted(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="file names are any bytes on Linux")
def test_a_folder_with_names_that_are_no_text(photo_folder: Path, tmp_path: Path, pack: Pack, decoder: Decoder) -> None:
    import os

    shutil.copy(photo_folder / "flower.jpg", os.fsencode(photo_folder) + b"/\xff.jpg")
    events = evaluate(photo_folder, _file(tmp_path, "china.jpg\ttemplo\n"), pack, decoder)
    assert [event for event in events if isinstance(event, Asked)] == [Asked(1, 1)]
