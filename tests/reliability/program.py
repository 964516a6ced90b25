"""The program, started once and forked for every try: thousands of starts would be all that is measured.

Runs with the shim (``faults.c``) loaded. Reads one JSON request a line: ``run`` (arguments of ``photofinder``, or the
name of a step below), ``kind``, ``at`` and the folders of ``faults_arm``. Each is done by a fresh child of this warm
process; the answer is one line with its exit code, what it printed, how many calls were counted, and at which one it
happened.

To have several batches out of few photos, a batch is four; so few are a large library here, so that the files of mapped
vectors and the annoy index are written, too. What writes nothing is quick: photos are decoded in the process itself, a
fixed projection of their colours stands for the network, and the pack is verified once (each time, where
``FAULTS_RESOURCES`` names the folder that packs are looked for in). With ``FAULTS_WHOLE`` in the
environment all of that is the program's own.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from PIL import Image

from tests.forking import in_child

BATCH = 4


class Seen(ctypes.Structure):
    """``struct seen`` of ``faults.c``; shared with the children."""

    _fields_ = [("points", ctypes.c_long), ("images", ctypes.c_long), ("what", ctypes.c_char * 512)]


def main() -> None:
    """Serve until stdin ends."""
    shim = ctypes.CDLL(os.environ["LD_PRELOAD"])
    shim.faults_seen.restype = ctypes.POINTER(Seen)
    seen = shim.faults_seen().contents
    _warm_up(seen)
    for line in sys.stdin:
        ended = in_child(partial(_under_faults, shim, json.loads(line)))
        answer = {
            "code": ended.code,
            "points": seen.points,
            "images": seen.images,
            "what": bytes(seen.what).decode("utf-8", "replace"),
            "out": ended.out.decode("utf-8", "replace"),
            "err": ended.err.decode("utf-8", "replace"),
        }
        print(json.dumps(answer), flush=True)


def _warm_up(seen: Seen) -> None:
    from photofinder import indexing
    from photofinder.cli import commands as cli
    from photofinder.library import decoder
    from photofinder.model import packs
    from photofinder.model.pack import load_pack
    from photofinder.search import engine, neighbors, vector_files

    assert cli and engine, "imported for the children"
    vector_files.MIN_ROWS = neighbors.MIN_VECTORS = BATCH
    load: Callable[..., Any] = indexing.load_visual_lazily
    if os.environ.get("FAULTS_WHOLE"):
        import torch

        torch.set_num_threads(1)
    else:
        load = QuickNetwork
        if resources := os.environ.get("FAULTS_RESOURCES"):
            packs.resource = lambda *parts: Path(resources, *parts)  # type: ignore[attr-defined]
        else:
            verified = load_pack()
            cli.pack_in_use = lambda paths, language: verified
        decoder.Decoder = QuickDecoder  # type: ignore[misc]

    def counted(pack: Any) -> Any:
        network = load(pack)

        def count(images: Sequence[Any]) -> Any:
            seen.images += len(images)
            return network(images)

        return count

    indexing.load_visual_lazily = counted
    usual = indexing.index_folders.__kwdefaults__
    assert usual is not None
    usual["batch_size"] = BATCH


class QuickNetwork:
    """Sixty-four patches of a photo under a fixed projection: vectors that differ as the photos do."""

    def __init__(self, pack: Any) -> None:
        rng = np.random.default_rng(1)
        self._matrices = [rng.standard_normal((192, dim)) for dim in (pack.feature_dim, pack.embedding_dim)]

    def __call__(self, images: Sequence[Any]) -> Any:
        """Unit vectors of both kinds."""
        small = [np.asarray(Image.fromarray(image).resize((8, 8))).reshape(-1) / 255 for image in images]
        found = [np.asarray(small) @ matrix for matrix in self._matrices]
        features, embeddings = (each / np.linalg.norm(each, axis=1, keepdims=True) for each in found)
        return SimpleNamespace(features=features.astype(np.float32), embeddings=embeddings.astype(np.float32))


class QuickDecoder:
    """``Decoder`` without its processes."""

    def __init__(self, workers: int | None = None) -> None:
        pass

    def __enter__(self) -> QuickDecoder:
        return self

    def __exit__(self, *what: object) -> None: ...

    def decode_many(self, paths: Iterable[Path]) -> Iterator[Any]:
        """What each path holds, or why it cannot be read."""
        from photofinder.errors import PhotoUnreadable
        from photofinder.library.images import decode

        for path in paths:
            try:
                yield decode(path)
            except PhotoUnreadable as error:
                yield error


def _under_faults(shim: ctypes.CDLL, request: dict[str, Any]) -> int:
    """One command or step; the exit code."""
    folders = [os.fsencode(request.get(name, "")) for name in ("below", "from", "to")]
    shim.faults_arm(request.get("kind", 0), ctypes.c_long(request.get("at", 0)), *folders)
    wanted: list[str] | str = request["run"]
    if isinstance(wanted, str):
        return STEPS[wanted]()
    from photofinder.cli.commands import main as photofinder

    return photofinder(wanted)


def _keep_choices() -> int:
    """What closing the window writes."""
    from photofinder.errors import PhotoFinderError
    from photofinder.library.filters import Filters
    from photofinder.messages import sentence
    from photofinder.paths import data_paths
    from photofinder.searches import SavedSearch, load_searches, save_searches
    from photofinder.settings import Settings, save_settings

    paths = data_paths()
    try:
        save_settings(paths.settings, Settings(thumbnail_side=222))
        searches = load_searches(paths.searches).remembering("nueva").saving(SavedSearch("Una", "mar", Filters()))
        save_searches(paths.searches, searches)
    except PhotoFinderError as error:
        print(sentence(error), file=sys.stderr)
        return 1
    return 0


def _careless() -> int:
    """The same, as it must not be done."""
    from photofinder.paths import data_paths

    settings = data_paths().settings
    settings.with_name("settings.json.copy").unlink()  # that would mend it
    settings.write_text('{"thumbnail_side": 222}', encoding="utf-8")
    return 0


STEPS: dict[str, Callable[[], int]] = {"keep_choices": _keep_choices, "careless": _careless}

if __name__ == "__main__":
    main()
