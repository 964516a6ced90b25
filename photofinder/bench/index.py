"""How fast photos are analysed, beside how fast they can be decoded and how fast the network is, each alone."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from photofinder.bench.figures import Figure, Part, Text, seconds_of
from photofinder.bench.library import Tell
from photofinder.bench.machine import cores
from photofinder.bench.photos import SIZE, photo_folder
from photofinder.indexing import index_folders
from photofinder.library.catalog import Catalog
from photofinder.library.decoder import Decoder
from photofinder.library.images import EXTENSIONS
from photofinder.library.thumbnails import ThumbnailCache
from photofinder.model.pack import Pack
from photofinder.model.preparation import InputShapes
from photofinder.paths import data_paths

SHARE = 0.8
"""What the project wants of the slower one of decoding and the network."""
_ALONE = 256
"""Photos that are decoded, or embedded, alone for the limits."""
_BATCH = 32
_LIMIT = Text("lo más lento, solo: leer las fotos o la red", "the slower one alone: decoding or the network")


def measure_index(
    work: Path,
    photos: int,
    runs: int,
    pack: Pack,
    tell: Tell,
    *,
    folder: Path | None = None,
    size: tuple[int, int] = SIZE,
) -> Part:
    """Analyse ``photos`` JPEG of 12 megapixels and a mixture of kinds, or the photos of ``folder``.

    Each run starts with an empty catalogue; the network is loaded in it, torch was imported before. Raises OSError and
    PhotoFinderError.
    """
    if folder is not None:
        folders = {"index": folder}
    else:
        few = max(10, photos // 10)
        folders = {
            "index": photo_folder(work, "jpeg", {"jpg": photos}, size, tell),
            "index_mixed": photo_folder(
                work, "mixed", {"jpg": few // 2, "heic": few * 2 // 5, "png": few - few // 2 - few * 2 // 5}, size, tell
            ),
        }
    tell("midiendo la red sola", "measuring the network alone")
    network, kind = network_rates(pack, runs)
    figures = [
        Figure("network", "photos_per_s", Text("la red sola", "the network alone"), network, more_is_better=True)
    ]
    facts: dict[str, object] = {"network_runs_in": kind, "cores": cores()}
    for name, place in folders.items():
        paths = sorted(path for path in place.rglob("*") if path.suffix.lower() in EXTENSIONS)
        tell(f"leyendo fotos de {place}", f"decoding photos of {place}")
        decoding = decode_rates(paths, runs)
        tell(f"analizando {len(paths)} fotos de {place}", f"analysing {len(paths)} photos of {place}")
        rates = tuple(_index_rate(place, work / "bench-index", pack) for _ in range(runs))
        decode_only = Figure(
            f"{name}_decode", "photos_per_s", Text("leer las fotos, solo", "decoding alone"), decoding,
            more_is_better=True,
        )  # fmt: skip
        limit = min(decode_only.median, figures[0].median)
        figures += [
            decode_only,
            Figure(
                name, "photos_per_s", Text("analizar", "analysing"), rates, limit, _LIMIT,
                SHARE * limit if name == "index" else None, more_is_better=True,
            ),
        ]  # fmt: skip
        facts[f"{name}_photos"] = len(paths)
        # both use all cores, so that their times add up where neither waits for the disk
        both = 1 / (1 / decode_only.median + 1 / figures[0].median)
        facts[f"{name}_limit_of_shared_cores_photos_per_s"] = round(both, 2)
    return Part("index", tuple(figures), facts)


def network_rates(pack: Pack, runs: int) -> tuple[tuple[float, ...], str]:
    """Photos a second through the network, of pixels in its own shapes, on all cores; and in which kind of numbers."""
    from photofinder.model.visual import VisualNetwork  # torch, so late

    visual = VisualNetwork(pack, threads=cores())
    shapes = InputShapes.from_manifest(pack.manifest["input"]).shapes
    rng = np.random.default_rng(0)
    # the shape of most photos, 4:3, as in a real folder
    width, height = min(shapes, key=lambda shape: abs(shape[0] / shape[1] - 4 / 3))
    pixels = list(rng.integers(0, 256, (_BATCH, height, width, 3), dtype=np.uint8))
    visual(pixels)
    rates = []
    for _ in range(runs):
        seconds = seconds_of(lambda: [visual(pixels) for _ in range(_ALONE // _BATCH)])
        rates.append(_ALONE / seconds)
    return tuple(rates), visual.kind


def decode_rates(paths: Sequence[Path], runs: int) -> tuple[float, ...]:
    """Photos a second that the program's decoder reads on all cores with nobody using them."""
    chosen = paths[:: max(1, len(paths) // _ALONE)][:_ALONE]
    rates = []
    with Decoder(workers=cores()) as decoder:
        for _ in decoder.decode_many(chosen[: 2 * cores()]):
            pass
        for _ in range(runs):
            rates.append(len(chosen) / seconds_of(lambda: [None for _ in decoder.decode_many(chosen)]))
    return tuple(rates)


def _index_rate(folder: Path, state: Path, pack: Pack) -> float:
    shutil.rmtree(state, ignore_errors=True)
    paths = data_paths(state)
    try:
        with (
            Catalog.open(paths.catalog, writer=True) as catalog,
            ThumbnailCache.open(paths.thumbnails) as thumbnails,
            Decoder() as decoder,
        ):
            run = index_folders(catalog, [folder], pack, decoder=decoder, thumbnails=thumbnails)
            while True:
                try:
                    next(run)
                except StopIteration as end:
                    return float(end.value.analysed / end.value.seconds)
    finally:
        shutil.rmtree(state, ignore_errors=True)
