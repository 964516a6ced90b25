"""How fast photos are analysed, beside how fast they can be decoded and how fast the network is, each alone."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

from photofinder.bench.figures import Figure, Part, Text, rounded, seconds_of
from photofinder.bench.library import Tell
from photofinder.bench.photos import SIZE, photo_folder
from photofinder.cores import usable_cores
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
    notes: list[Text] = []
    facts: dict[str, object] = {"network_runs_in": kind, "cores": usable_cores()}
    for name, place in folders.items():
        paths = sorted(path for path in place.rglob("*") if path.suffix.lower() in EXTENSIONS)
        tell(f"leyendo fotos de {place}", f"decoding photos of {place}")
        decoding = decode_rates(paths, runs)
        tell(f"analizando {len(paths)} fotos de {place}", f"analysing {len(paths)} photos of {place}")
        analysed = [_analyse(place, work / "bench-index", pack) for _ in range(runs)]
        decode_only = Figure(
            f"{name}_decode", "photos_per_s", Text("leer las fotos, solo", "decoding alone"), decoding,
            more_is_better=True,
        )  # fmt: skip
        limit = min(decode_only.median, figures[0].median)
        pace = Figure(
            name, "photos_per_s", Text("analizar", "analysing"), tuple(run.rate for run in analysed), limit, _LIMIT,
            SHARE * limit if name == "index" else None, more_is_better=True,
        )  # fmt: skip
        figures += [decode_only, pace, *_cpu_figures(name, analysed)]
        # both use all cores, so that their times add up where neither waits for the disk
        both = 1 / (1 / decode_only.median + 1 / figures[0].median)
        facts[f"{name}_photos"] = len(paths)
        facts[f"{name}_share_of_limit"] = rounded(pace.median / limit)
        facts[f"{name}_limit_of_shared_cores_photos_per_s"] = rounded(both)
        facts[f"{name}_limit_of_shared_cores_share"] = rounded(both / limit)
        notes.append(_share_note(place, pace.median / limit, both, both / limit))
    return Part("index", tuple(figures), facts, tuple(notes))


def _cpu_figures(name: str, runs: Sequence[_Run]) -> list[Figure]:
    """Time of a core a photo: what others do on the machine moves it far less than the pace."""
    return [
        Figure(
            f"{name}_program_cpu", "ms_per_photo",
            Text("de un núcleo: red y todo lo demás", "of a core: the network and all else"),
            tuple(run.program_ms for run in runs),
        ),
        Figure(
            f"{name}_decoders_cpu", "ms_per_photo", Text("de un núcleo: leer", "of a core: decoding"),
            tuple(run.decoders_ms for run in runs),
        ),
    ]  # fmt: skip


def _share_note(place: Path, reached: float, both: float, at_most: float) -> Text:
    return Text(
        f"{place.name}: {reached:.0%} del límite; leer y la red comparten los núcleos, y juntas no pasan de {both:.0f} "
        f"fotos por segundo ({at_most:.0%})",
        f"{place.name}: {reached:.0%} of the limit; decoding and the network share the cores, and do at most "
        f"{both:.0f} photos a second together ({at_most:.0%})",
    )


def network_rates(pack: Pack, runs: int) -> tuple[tuple[float, ...], str]:
    """Photos a second through the network, of pixels in its own shapes, on all cores; and in which kind of numbers."""
    from photofinder.model.visual import VisualNetwork  # torch, so late

    visual = VisualNetwork(pack, threads=usable_cores())
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
    with Decoder(workers=usable_cores()) as decoder:
        for _ in decoder.decode_many(chosen[: 2 * usable_cores()]):
            pass
        for _ in range(runs):
            rates.append(len(chosen) / seconds_of(lambda: [None for _ in decoder.decode_many(chosen)]))
    return tuple(rates)


@dataclass(frozen=True, slots=True)
class _Run:
    """Photos a second, and milliseconds of a core that a photo took in the program and in its decoders."""

    rate: float
    program_ms: float
    decoders_ms: float


def _analyse(folder: Path, state: Path, pack: Pack) -> _Run:
    shutil.rmtree(state, ignore_errors=True)
    paths = data_paths(state)
    try:
        with (
            Catalog.open(paths.catalog, writer=True) as catalog,
            ThumbnailCache.open(paths.thumbnails) as thumbnails,
            Decoder() as decoder,
        ):
            started = time.process_time()
            run = index_folders(catalog, [folder], pack, decoder=decoder, thumbnails=thumbnails)
            while True:
                try:
                    next(run)
                except StopIteration as end:
                    summary = end.value
                    break
            program = time.process_time() - started
            decoders = sum(_cpu_seconds(pid) for pid in decoder.worker_pids)
            a_photo = 1000 / summary.analysed
            return _Run(summary.analysed / summary.seconds, program * a_photo, decoders * a_photo)
    finally:
        shutil.rmtree(state, ignore_errors=True)


def _cpu_seconds(pid: int) -> float:
    """Of a process so far; 0 when it has just ended."""
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)
