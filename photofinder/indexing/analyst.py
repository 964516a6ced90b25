"""Who turns files into what the catalogue keeps: this machine, or (``photofinder.cluster``) many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from photofinder.errors import PhotoUnreadable
from photofinder.indexing.events import Visual
from photofinder.library.look import Look
from photofinder.library.looks import look_at

if TYPE_CHECKING:
    from pathlib import Path

    from photofinder.library.decoder import Decoder
    from photofinder.library.images import DecodedPhoto, PhotoInfo


@dataclass(frozen=True, slots=True, eq=False)
class Analysed:
    """All that is kept of one photo: ``feature`` and ``embedding`` are float32 unit vectors, ``thumbnail`` a JPEG.

    ``content_hash``: where whoever analysed it has hashed the file, too.
    """

    info: PhotoInfo
    feature: NDArray[np.float32]
    embedding: NDArray[np.float32]
    look: Look
    thumbnail: bytes
    content_hash: str | None = None


class Analyst(Protocol):
    """Decodes and embeds, ahead of who takes the results."""

    hashes: bool
    """Whether it hashes files as well: then nobody else has to read them for that."""

    def outcomes(self, paths: Iterable[Path]) -> Iterator[DecodedPhoto | Analysed | PhotoUnreadable]:
        """One a path, in order. ``paths`` is consumed by the thread that iterates, as far as it looks ahead; closing a
        generator drops what is under way."""

    def warm_up(self) -> None:
        """Load what ``analysed`` needs, while the first photos are decoded."""

    def analysed(self, photos: Sequence[DecodedPhoto | Analysed]) -> list[Analysed]:
        """What is kept of these outcomes, in their order. Raises ``PackDamaged``."""


class LocalAnalyst:
    """The decoders and the network of this machine."""

    hashes = False

    def __init__(self, decoder: Decoder, load_visual: Callable[[], Visual]) -> None:
        self._decoder = decoder
        self._load_visual = load_visual
        self._visual: Visual | None = None

    def outcomes(self, paths: Iterable[Path]) -> Iterator[DecodedPhoto | Analysed | PhotoUnreadable]:
        """See ``Analyst``."""
        return self._decoder.decode_many(paths)

    def warm_up(self) -> None:
        """See ``Analyst``; torch is imported here and not before."""
        if self._visual is None:
            self._visual = self._load_visual()

    def analysed(self, photos: Sequence[DecodedPhoto | Analysed]) -> list[Analysed]:
        """See ``Analyst``."""
        decoded = [photo for photo in photos if not isinstance(photo, Analysed)]
        if not decoded:
            return []
        self.warm_up()
        assert self._visual is not None
        vectors = self._visual([photo.pixels for photo in decoded])
        return [
            Analysed(photo.info, feature, embedding, look_at(photo.pixels), photo.thumbnail)
            for photo, feature, embedding in zip(decoded, vectors.features, vectors.embeddings, strict=True)
        ]
