"""What a worker of the cluster does with a request: bytes in, bytes out, the frames of the decoders.

A request names files; the answer has for each of them what the catalogue keeps, or why it cannot be read. Nothing is
raised: what is in the way is an answer, too (``refused``).
"""

from __future__ import annotations

import io
import logging
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import photofinder
from photofinder.errors import FailureReason, PackDamaged, PhotoFinderError, PhotoUnreadable
from photofinder.indexing.analyst import Analysed
from photofinder.library.catalog_rows import holds_anything
from photofinder.library.decoder_worker import Frame, read_frame, read_info, write_frame
from photofinder.library.look import MEASURES, TINY_SIDE, Look
from photofinder.library.scan import content_hash

if TYPE_CHECKING:
    from photofinder.library.decoder import Decoder
    from photofinder.model.visual import VisualNetwork

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Bench:
    """What a worker process keeps between two requests: one decoder process and the network, in one thread each."""

    decoder: Decoder
    visual: VisualNetwork
    fingerprint: str


def analyse(request: bytes) -> bytes:
    """A frame of ``request_frame`` to one for ``outcomes_of``; runs in a worker."""
    frame = read_frame(io.BytesIO(request))
    if frame is None:
        return _packed({"refused": "request"})
    header, body = frame
    if header["version"] != photofinder.__version__:
        return _packed({"refused": "version", "detail": photofinder.__version__})
    for root in header["roots"]:
        if not holds_anything(Path(os.fsdecode(bytes.fromhex(root)))):
            return _packed({"refused": "folder", "detail": root})
    try:
        with _bench(header["fingerprint"]) as bench:
            if bench is None:
                return _packed({"refused": "pack"})
            paths = [Path(os.fsdecode(name)) for name in bytes(body).split(b"\0") if name]
            return _analysed(paths, bench, thumbnails=header["thumbnails"])
    except PackDamaged:
        return _packed({"refused": "pack"})
    except (PhotoFinderError, OSError, MemoryError, ImportError) as error:
        _log.exception("a worker cannot analyse")
        return _packed({"refused": "broken", "detail": f"{type(error).__name__}: {error}"[:300]})


def request_frame(paths: Sequence[Path], roots: Sequence[Path], fingerprint: str, *, thumbnails: bool) -> bytes:
    """A request for ``paths``, absolute, in ``roots``, to be analysed with the pack of this ``fingerprint``."""
    header = {
        "version": photofinder.__version__,
        "fingerprint": fingerprint,
        "thumbnails": thumbnails,
        "roots": [os.fsencode(root).hex() for root in roots],
    }
    return _packed(header, b"\0".join(os.fsencode(path) for path in paths))


def outcomes_of(answer: Frame, paths: Sequence[Path], dims: tuple[int, int]) -> list[Analysed | PhotoUnreadable]:
    """What an answer that is no refusal says of each path; ``dims`` of feature and embedding.

    Raises ``ValueError``, ``KeyError`` or ``TypeError`` for nonsense.
    """
    header, body = answer
    if len(header["photos"]) != len(paths):
        raise ValueError("another number of photos")
    found: list[Analysed | PhotoUnreadable] = []
    place = 0
    for path, said in zip(paths, header["photos"], strict=True):
        if "error" in said:
            found.append(PhotoUnreadable(path, FailureReason(said["error"])))
            continue
        sizes = (2 * dims[0], 2 * dims[1], TINY_SIDE**2, 4 * len(MEASURES), said["thumbnail"])
        parts = []
        for size in sizes:
            parts.append(bytes(body[place : place + size]))
            place += size
        feature, embedding, tiny, measures, thumbnail = parts
        look = Look(np.frombuffer(tiny, np.uint8).reshape(TINY_SIDE, TINY_SIDE), np.frombuffer(measures, "<f4"))
        found.append(
            Analysed(
                read_info(said["info"]),
                np.frombuffer(feature, "<f2").astype(np.float32),
                np.frombuffer(embedding, "<f2").astype(np.float32),
                look,
                thumbnail,
                said["hash"],
            )
        )
    if place != len(body):
        raise ValueError("more than was announced")
    return found


def _analysed(paths: Sequence[Path], bench: Bench, *, thumbnails: bool) -> bytes:
    from photofinder.indexing.analyst import LocalAnalyst

    local = LocalAnalyst(bench.decoder, lambda: bench.visual)
    outcomes = list(local.outcomes(paths))
    readable = iter(local.analysed([one for one in outcomes if not isinstance(one, PhotoUnreadable)]))
    photos: list[Mapping[str, Any]] = []
    bodies: list[bytes] = []
    for path, outcome in zip(paths, outcomes, strict=True):
        if isinstance(outcome, PhotoUnreadable):
            photos.append({"error": outcome.reason.value})
            continue
        one = next(readable)
        try:
            content = content_hash(path)
        except (OSError, PhotoUnreadable):
            photos.append({"error": FailureReason.VANISHED.value})
            continue
        thumbnail = one.thumbnail if thumbnails else b""
        photos.append({"info": asdict(one.info), "hash": content, "thumbnail": len(thumbnail)})
        bodies += [
            one.feature.astype("<f2").tobytes(), one.embedding.astype("<f2").tobytes(),
            one.look.tiny.tobytes(), one.look.measures.astype("<f4").tobytes(), thumbnail,
        ]  # fmt: skip
    return _packed({"photos": photos}, *bodies)


@contextmanager
def _bench(fingerprint: str) -> Iterator[Bench | None]:
    """What this worker keeps, for one request at a time; None when its pack is another. Raises ``PackDamaged``."""
    from distributed import get_worker

    kept: dict[str, Any] = get_worker().extensions  # Dask's place for what belongs to a worker
    with kept.setdefault("photofinder-lock", threading.Lock()):
        bench = kept.get("photofinder")
        if bench is None:
            bench = kept["photofinder"] = _new_bench()
        yield bench if bench.fingerprint == fingerprint else None


def _new_bench() -> Bench:
    from photofinder.library.decoder import Decoder
    from photofinder.model.pack import load_pack
    from photofinder.model.visual import VisualNetwork

    pack = load_pack()
    # a worker is to be one core: the decoder and the network take turns in a request
    return Bench(Decoder(workers=1), VisualNetwork(pack, threads=1), pack.fingerprint)


def _packed(header: Mapping[str, Any], *bodies: bytes) -> bytes:
    stream = io.BytesIO()
    write_frame(stream, dict(header), *bodies)
    return stream.getvalue()
