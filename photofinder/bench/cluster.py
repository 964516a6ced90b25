"""Photos analysed by 1, 2 and 4 workers of a Dask cluster on this machine, and what Dask costs for each photo."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from photofinder.bench.figures import Figure, Part, Text, seconds_of
from photofinder.bench.library import Tell
from photofinder.bench.photos import SIZE, photo_folder
from photofinder.cluster.analyst import GROUP, ClusterAnalyst
from photofinder.cores import usable_cores
from photofinder.errors import ClusterUnavailable, ExtraMissing
from photofinder.indexing.analyst import Analysed, LocalAnalyst
from photofinder.library.decoder import Decoder
from photofinder.model.pack import Pack

WORKERS = (1, 2, 4)
_START_S = 120.0
_PINGS = 50


def measure_cluster(
    work: Path, photos: int, runs: int, pack: Pack, tell: Tell, *, size: tuple[int, int] = SIZE
) -> Part:
    """Photos a second of ``photos`` JPEG of 12 megapixels, each worker one thread and one core, networks loaded before.

    Raises OSError and PhotoFinderError.
    """
    if importlib.util.find_spec("distributed") is None:
        raise ExtraMissing("--dask", "distributed")
    folder = photo_folder(work, "jpeg", {"jpg": photos}, size, tell)
    paths = sorted(folder.glob("**/*.jpg"))
    tell("analizando sin Dask, en un núcleo", "analysing without Dask, on one core")
    figures = [
        Figure(
            "one_core", "photos_per_s", Text("sin Dask, un núcleo", "without Dask, one core"),
            _local_rates(paths, runs, pack), more_is_better=True,
        )
    ]  # fmt: skip
    facts: dict[str, Any] = {"photos": len(paths), "cores": usable_cores(), "photos_of_a_task": GROUP}
    for count in WORKERS:
        tell(f"analizando con {count} trabajadores", f"analysing with {count} workers")
        with local_cluster(count) as address:
            _warm(address, paths, count, pack, folder)
            with _analyst(address, pack, folder, GROUP) as analyst:
                rates = tuple(len(paths) / seconds_of(lambda: _drain(analyst, paths)) for _ in range(runs))
                facts["bytes_per_photo"] = round(analyst.received_bytes / runs / len(paths))
                pings = tuple(seconds_of(analyst.ping) * 1e3 / GROUP for _ in range(_PINGS))
            text = Text(f"con {count} trabajadores", f"with {count} workers")
            figures.append(Figure(f"workers_{count}", "photos_per_s", text, rates, more_is_better=True))
            if count == 1:
                text = Text("lo que cuesta Dask por foto", "what Dask costs a photo")
                figures.append(Figure("dask", "ms", text, pings))
    return Part("cluster", tuple(figures), facts)


@contextlib.contextmanager
def local_cluster(workers: int) -> Iterator[str]:
    """The address of a scheduler with so many workers on their way, all processes of this machine; they end with it."""
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    quiet: dict[str, Any] = {"env": environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        file = Path(folder) / "scheduler.json"
        here = ["--host", "127.0.0.1", "--no-dashboard"]
        scheduler = ["distributed.cli.dask_scheduler", *here, "--port", "0", "--no-show", "--scheduler-file", str(file)]
        stack.enter_context(_process(scheduler, quiet))
        address = _address(file)
        worker = ["distributed.cli.dask_worker", address, *here, "--nthreads", "1", "--local-directory", folder]
        for _ in range(workers):
            stack.enter_context(_process(worker, quiet))
        yield address


@contextlib.contextmanager
def _process(arguments: Sequence[str], options: dict[str, Any]) -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-m", *arguments], **options)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def _address(file: Path) -> str:
    until = time.monotonic() + _START_S
    while time.monotonic() < until:
        with contextlib.suppress(OSError, ValueError):
            return str(json.loads(file.read_text())["address"])
        time.sleep(0.05)
    raise ClusterUnavailable("localhost", "unreachable")


def _analyst(address: str, pack: Pack, folder: Path, group: int) -> ClusterAnalyst:
    return ClusterAnalyst(address, pack, [folder], thumbnails=True, patience_s=_START_S, group=group)


def _warm(address: str, paths: Sequence[Path], workers: int, pack: Pack, folder: Path) -> None:
    """Until all workers are there and each has loaded its network."""
    until = time.monotonic() + _START_S
    with _analyst(address, pack, folder, 1) as analyst:
        while analyst.workers < workers and time.monotonic() < until:
            analyst.ping()
        for _ in range(2):  # a photo a task, so that all have some
            _drain(analyst, [paths[number % len(paths)] for number in range(4 * workers)])


def _drain(analyst: ClusterAnalyst, paths: Sequence[Path]) -> None:
    unread = [one for one in analyst.outcomes(paths) if not isinstance(one, Analysed)]
    if unread:
        raise unread[0]


def _local_rates(paths: Sequence[Path], runs: int, pack: Pack) -> tuple[float, ...]:
    from photofinder.model.visual import VisualNetwork  # torch, so late

    with Decoder(workers=1) as decoder:
        visual = VisualNetwork(pack, threads=1)
        local = LocalAnalyst(decoder, lambda: visual)

        def analyse() -> None:
            for start in range(0, len(paths), GROUP):
                outcomes = list(local.outcomes(paths[start : start + GROUP]))
                local.analysed([one for one in outcomes if not isinstance(one, Exception)])

        analyse()
        return tuple(len(paths) / seconds_of(analyse) for _ in range(runs))
