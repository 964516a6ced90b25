"""The command ``object`` of the command line: photos that show the very same object or logo.

Documented in ``docs/CLI.md``.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from photofinder.cli.options import AddCommand, add_limit, saying
from photofinder.cli.telling import tell
from photofinder.cores import usable_cores
from photofinder.messages import pick, shown_path
from photofinder.messages.objects import (
    few_points,
    nothing_prepared,
    nothing_shows_it,
    points_agree,
    preparation_line,
    still_waiting,
)
from photofinder.paths import DataPaths

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from photofinder.library.catalog import Catalog
    from photofinder.model.keypoints import Vocabulary
    from photofinder.search.results import SearchResult

OK, MISUSED = 0, 2
_DECODED_SIDE = 1536


def add_object_command(command: AddCommand, language: str) -> None:
    """Add ``object`` to the parser."""
    say = saying(language)
    group = command(
        "object",
        "Busca las fotos en que sale el mismo objeto o logotipo.",
        "Search the photos that show the same object or logo.",
    )
    group.add_argument("photo", type=Path, nargs="?", metavar=say("FOTO", "PHOTO"))
    group.add_argument(
        "--region",
        type=_region,
        metavar="X,Y,ANCHO,ALTO" if language == "es" else "X,Y,WIDTH,HEIGHT",
        help=say(
            "Dónde está el objeto, en fracciones de la foto o en píxeles; sin esto, la foto entera.",
            "Where the object is, in fractions of the photo or in pixels; without it, the whole photo.",
        ),
    )
    group.add_argument(
        "--prepare",
        action="store_true",
        help=say(
            "Prepara antes las fotos analizadas a las que les falte; sin FOTO, solo eso.",
            "First prepare the analysed photos that are not ready yet; without PHOTO, only that.",
        ),
    )
    add_limit(group, language)


def run_object(options: argparse.Namespace, paths: DataPaths, language: str) -> int:
    """``photofinder object``; the exit code. Raises what opening the catalogue and reading the photo raise."""
    if options.photo is None and not options.prepare:
        tell(
            pick(
                language,
                "Falta la foto en que sale el objeto: «photofinder object FOTO --region X,Y,ANCHO,ALTO».",
                "The photo with the object is missing: “photofinder object PHOTO --region X,Y,WIDTH,HEIGHT”.",
            )
        )
        return MISUSED
    from photofinder.library.catalog import Catalog
    from photofinder.model.keypoints import load_vocabulary

    vocabulary = load_vocabulary()
    if options.prepare:
        with Catalog.open(paths.catalog, writer=True) as catalog:
            _prepare(catalog, vocabulary, paths, options, language)
    if options.photo is not None:
        with Catalog.open(paths.catalog) as catalog:
            _show(_found(catalog, vocabulary, paths, options), options, language)
    return OK


def _prepare(
    catalog: Catalog, vocabulary: Vocabulary, paths: DataPaths, options: argparse.Namespace, language: str
) -> None:
    from photofinder.indexing.objects import prepare_objects
    from photofinder.library.decoder import Decoder
    from photofinder.library.thumbnails import ThumbnailCache
    from photofinder.progress import follow
    from photofinder.search.objects import ObjectEngine

    with ThumbnailCache.open(paths.thumbnails) as thumbnails, Decoder() as decoder:
        run = prepare_objects(catalog, vocabulary, decoder, thumbnails, threads=usable_cores())
        state = follow(run, language, silent=options.json)
    ObjectEngine(catalog, vocabulary, paths.neighbors).update_lists()
    prepared, waiting = catalog.count_points(vocabulary.name)
    if options.photo is None and options.json:
        print(json.dumps({"new": state.done - state.failed, "prepared": prepared, "waiting": waiting}))
    elif options.photo is None:
        print(preparation_line(state.done - state.failed, prepared, waiting, language))


def _found(catalog: Catalog, vocabulary: Vocabulary, paths: DataPaths, options: argparse.Namespace) -> SearchResult:
    from photofinder.library.decoder import Decoder
    from photofinder.model.keypoints import asked_features
    from photofinder.search.objects import ObjectEngine

    with Decoder(workers=1) as decoder:
        decoded = decoder.decode(options.photo, _DECODED_SIDE)
    pixels = decoded.pixels
    if options.region is not None:
        pixels = _cut(pixels, options.region, (decoded.info.width, decoded.info.height))
    engine = ObjectEngine(catalog, vocabulary, paths.neighbors)
    return engine.search(asked_features(pixels), excluded=catalog.ids_at(options.photo.absolute()))


def _show(result: SearchResult, options: argparse.Namespace, language: str) -> None:
    """Hits on stdout, the surest first; on stderr why there are none, or that more may come."""
    from photofinder.search.certainty import OBJECTS

    searched = result.objects
    assert searched is not None
    hits = [hit for hit in result.hits if hit.probability >= OBJECTS.floor][: options.limit]
    if options.json:
        rows = [{"path": str(hit.path), "points": hit.points, "photo_id": hit.photo_id} for hit in hits]
        print(json.dumps(rows))
    else:
        for hit in hits:
            offline = pick(language, "  (sin conexión)", "  (offline)") if hit.offline else ""
            print(f"{points_agree(hit.points or 0, language)}  {shown_path(hit.path)}{offline}")
    if not hits:
        if searched.prepared == 0:
            tell(nothing_prepared(language))
            return
        few = few_points(searched.points, language)
        tell(few or nothing_shows_it(searched.prepared, language))
    if searched.waiting:
        tell(still_waiting(searched.waiting, language))


def _region(text: str) -> tuple[float, float, float, float]:
    left, top, width, height = (float(part) for part in text.split(","))
    if not (left >= 0 and top >= 0 and 0 < width < 1e6 and 0 < height < 1e6):
        raise ValueError
    return left, top, width, height


def _cut(
    pixels: NDArray[np.uint8], region: tuple[float, float, float, float], size: tuple[int, int]
) -> NDArray[np.uint8]:
    """The part of the decoded pixels; ``size`` of the whole photo, should the region be in its pixels."""
    if max(region) > 1:
        region = (region[0] / size[0], region[1] / size[1], region[2] / size[0], region[3] / size[1])
    height, width = pixels.shape[:2]
    left, top = min(int(region[0] * width), width - 1), min(int(region[1] * height), height - 1)
    right = max(left + 1, round((region[0] + region[2]) * width))
    bottom = max(top + 1, round((region[1] + region[3]) * height))
    return pixels[top:bottom, left:right]
