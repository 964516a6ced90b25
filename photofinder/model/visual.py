"""The CNN: photos to features and embeddings. Needs torch, as the modules do that it is made of.

The trunk is a ResNet (He et al. 2016) whose parameters carry torchvision's names; the head is a linear layer plus
one hidden layer into the joint space of photos and phrases.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from PIL import Image
from safetensors.torch import load_file
from torch import Tensor, nn

from photofinder.errors import PackDamaged
from photofinder.model.accelerator import on_accelerator
from photofinder.model.int8 import Int8Trunk, Ranges, int8_trunk, read_ranges
from photofinder.model.pack import HEADS_FILE, VISUAL_FILE, Pack
from photofinder.model.precision import FloatTrunk, PixelTrunk, fastest
from photofinder.model.preparation import InputShapes, Uint8Array, cover, group_by_shape
from photofinder.model.querybank import MORE_NUMBERS
from photofinder.model.trunk import Trunk, channels_last, cover_by_torch, fold_batch_norms, normalise

FloatArray = NDArray[np.float32]

AFTER_TRAINING = frozenset(("centre", "projection", "bank"))
"""Parts of a head that are not trained with it."""

_PROBE_BATCH = 8
_AT_ONCE = 8
"""Photos that go through the trunk together, for each thread. Of more, the maps leave the second-level cache (8: 18.4
ms of a core a photo, 32: 19.0)."""
_EMBEDDED_AT_ONCE = 64
_FINER = 1.5
"""Times the usual side, when a photo is looked at place by place."""
_WINDOWS = 6
_OWN_CHOICE = torch.get_num_threads()


def use_threads(count: int) -> None:
    """Let the networks that this thread runs use ``count`` CPU threads, or torch's own choice (0)."""
    torch.set_num_threads(count or _OWN_CHOICE)


@dataclass(frozen=True, slots=True)
class PhotoVectors:
    """``features`` (n, feature_dim) and ``embeddings`` (n, embedding_dim), float32 of unit norm, row by row."""

    features: FloatArray
    embeddings: FloatArray


@dataclass(frozen=True, slots=True)
class SpatialFeatures:
    """``features`` (rows, columns, feature_dim) float32, not of unit norm, of the part ``box`` of the photo.

    ``box``: left, top, right, bottom as fractions of width and height; the network sees no more than that.
    """

    features: FloatArray
    box: tuple[float, float, float, float]


class PhotoHead(nn.Module):
    """Pooled feature to the joint space: standardise, then linear plus one hidden layer, unit norm.

    With a ``projection`` ``(d, embedding_dim + feature_dim)`` the standardised feature less ``centre``
    ``(feature_dim,)`` speaks beside it, and both are brought to ``d`` numbers. With a ``bank`` of phrases ``(n, d)``
    the embedding grows as ``model.querybank`` says. All are worked out after the training (``training.lexicon``).
    """

    def __init__(self, feature_dim: int, embedding_dim: int, hidden: int = 1024, dropout: float = 0.2) -> None:
        super().__init__()
        self.mean: Tensor
        self.std: Tensor
        self.register_buffer("mean", torch.zeros(feature_dim))
        self.register_buffer("std", torch.ones(feature_dim))
        self.linear = nn.Linear(feature_dim, embedding_dim)
        self.hidden = nn.Linear(feature_dim, hidden)
        self.output = nn.Linear(hidden, embedding_dim)
        self.dropout = nn.Dropout(dropout)
        self.centre: Tensor | None
        self.projection: Tensor | None
        self.bank: Tensor | None
        for name in AFTER_TRAINING:
            self.register_buffer(name, None)

    @classmethod
    def from_weights(cls, weights: Mapping[str, Tensor]) -> PhotoHead:
        """A head of the shapes of a state dict (of any float type), ready to run in float32."""
        hidden, feature_dim = weights["hidden.weight"].shape
        head = cls(feature_dim, len(weights["output.weight"]), hidden)
        for name in AFTER_TRAINING & weights.keys():
            head.register_buffer(name, torch.zeros_like(weights[name], dtype=torch.float32))
        head.load_state_dict({name: value.float() for name, value in weights.items()})
        return head.eval()

    @property
    def embedding_dim(self) -> int:
        """How many numbers an embedding has."""
        own = self.output.out_features if self.projection is None else len(self.projection)
        return own + (0 if self.bank is None else MORE_NUMBERS)

    def standardise(self, features: Tensor) -> Tensor:
        """Raw features by the statistics of the training photos, clipped to +-5."""
        return ((features - self.mean) / self.std).clamp(-5, 5)

    def forward(self, features: Tensor) -> Tensor:
        """Raw pooled features ``(n, feature_dim)`` to unit embeddings ``(n, embedding_dim)``."""
        x = self.standardise(features)
        embeddings = self._trained(x)
        if self.projection is not None:
            embeddings = F.normalize(self._beside(embeddings, x) @ self.projection.T, dim=1)
        return embeddings if self.bank is None else _against_bank(embeddings, self.bank)

    def wide(self, features: Tensor) -> Tensor:
        """What ``projection`` is applied to: embeddings as trained and features, each of unit norm, side by side."""
        x = self.standardise(features)
        return self._beside(self._trained(x), x)

    def _trained(self, x: Tensor) -> Tensor:
        y = self.linear(x) + self.output(self.dropout(F.gelu(self.hidden(x), approximate="tanh")))
        return F.normalize(y, dim=1)

    def _beside(self, embeddings: Tensor, standardised: Tensor) -> Tensor:
        apart = standardised if self.centre is None else standardised - self.centre
        return torch.cat([embeddings, F.normalize(apart, dim=1)], 1)


def _against_bank(embeddings: Tensor, bank: Tensor) -> Tensor:
    """``photo'`` of ``model.querybank``, whose ``b`` is the soft maximum of the cosines with the bank."""
    sharpness = bank[0].norm()
    usual = (torch.logsumexp(embeddings @ bank.T, 1, keepdim=True) - math.log(len(bank))) / sharpness
    usual = usual.clamp(-1, 1)
    return torch.cat([embeddings, -usual, (1 - usual.square()).sqrt()], 1) * math.sqrt(0.5)


class PhotoNetwork(nn.Module):
    """Trunk and head together; what ``visual.safetensors`` holds."""

    def __init__(self, widths: Sequence[int], depths: Sequence[int], embedding_dim: int, hidden: int = 1024) -> None:
        super().__init__()
        self.trunk = Trunk(widths, depths)
        self.head = PhotoHead(self.trunk.feature_dim, embedding_dim, hidden)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Normalised ``(n, 3, h, w)`` to raw features and unit embeddings, both float32."""
        features = self.trunk(images).float()
        return features, self.head(features)


def portions(count: int, most: int) -> Iterator[slice]:
    """``count`` rows in parts of ``most``, and what is left in powers of two, the largest first.

    Each new number of photos costs oneDNN 11 ms once and, of one shape in int8, 1 to 9 MB that stay: of 1 to 16 photos
    in five shapes 0.3 GB. In powers of two there are few numbers.
    """
    start = 0
    while start < count:
        left = count - start
        size = most if left >= most else 1 << (left.bit_length() - 1)
        yield slice(start, start + size)
        start += size


def _own_network(pack: Pack) -> tuple[nn.Module, PhotoHead]:
    """The trunk and the head of a pack that holds its whole network. Raises PackDamaged."""
    shape = pack.manifest["input"]
    with torch.device("meta"):  # no memory for weights that are about to be replaced
        trunk = Trunk(shape["widths"], shape["depths"])
    try:
        weights = load_file(pack.file(VISUAL_FILE))
        names = [name for name in weights if name.startswith("trunk.")]
        trunk.load_state_dict({name[6:]: weights.pop(name).float() for name in names}, assign=True)
        head = _head(pack, weights)
    except Exception as error:
        raise PackDamaged(pack.folder, f"{VISUAL_FILE}: {error}") from error
    fold_batch_norms(trunk.eval())
    return trunk, head


def _on_official_weights(pack: Pack) -> tuple[nn.Module, PhotoHead]:
    """A torchvision network with its verified official weights, and the pack's head on it. Raises PackDamaged."""
    from photofinder.model.official_weights import read_arrays
    from photofinder.model.torchvision_backbones import BackboneTrunk  # torchvision: only for packs that need it

    if pack.official is None or pack.weights is None:
        raise PackDamaged(pack.folder, "its weights are not here")
    try:
        trunk = BackboneTrunk(pack.official.backbone, empty=True)
        trunk.load_arrays(read_arrays(pack.weights))
        head = _head(pack, load_file(pack.file(HEADS_FILE)))
    except Exception as error:
        raise PackDamaged(pack.folder, f"{pack.weights.name}, {HEADS_FILE}: {error}") from error
    trunk.fold()
    return trunk, head


def _head(pack: Pack, weights: Mapping[str, Tensor]) -> PhotoHead:
    """The ``head.*`` of a file. Raises ValueError when it gives other vectors than the manifest says."""
    head = PhotoHead.from_weights({k[5:]: v for k, v in weights.items() if k.startswith("head.")})
    if (len(head.mean), head.embedding_dim) != (pack.feature_dim, pack.embedding_dim):
        raise ValueError(f"head for {len(head.mean)} and {head.embedding_dim} numbers")
    return head


class VisualNetwork:
    """The pack's CNN, ready to run in the fastest way that there is hardware for."""

    def __init__(self, pack: Pack, threads: int | None = None) -> None:
        """``threads``: how many CPU threads torch may use (its own choice when None). Raises PackDamaged."""
        if threads is not None:
            torch.set_num_threads(threads)
        self.shapes = InputShapes.from_manifest(pack.manifest["input"])
        self._trunk, self._head = _own_network(pack) if pack.official is None else _on_official_weights(pack)
        channels_last(self._trunk)
        self._ranges = _int8_ranges(pack, self._trunk)
        self._run: PixelTrunk = FloatTrunk(self._trunk)
        self._probed = False

    @property
    def kind(self) -> str:
        """What was fastest in the first batch of 8: ``"int8"``, ``"bfloat16"``, ``"float32"``, ``"float16 (cuda)"``…"""
        return self._run.kind

    @property
    def trunk(self) -> nn.Module:
        """The trunk in float32, batch norms folded."""
        return self._trunk

    def __call__(self, images: Sequence[Uint8Array]) -> PhotoVectors:
        """Embed ``(h, w, 3)`` uint8 sRGB images of any size; order is kept. An empty sequence gives (0, d) arrays."""
        raw = torch.empty((len(images), len(self._head.mean)))
        with torch.inference_mode():
            most = _AT_ONCE * torch.get_num_threads()
            for chosen, pixels in group_by_shape(images, self.shapes, cover_by_torch).values():
                for part in portions(len(chosen), most):
                    raw[chosen[part]] = self._features(torch.from_numpy(pixels[part]))
            return PhotoVectors(F.normalize(raw, dim=1).numpy(), self._embeddings(raw).numpy())

    def spatial(self, image: Uint8Array) -> SpatialFeatures:
        """The features of each place of one ``(h, w, 3)`` uint8 sRGB image, whose mean is nearly its feature.

        The image is shown larger than usual: nine by nine places would be too coarse to look at. Of a network
        that does more with its last map than take the mean, a place is a window of half the side.
        """
        height, width = image.shape[:2]
        shape = self.shapes.nearest(width, height)
        pixels = cover(Image.fromarray(image), *(round(_FINER * side) for side in shape))
        scale = min(width / shape[0], height / shape[1])
        across, down = shape[0] * scale / width, shape[1] * scale / height
        box = ((1 - across) / 2, (1 - down) / 2, (1 + across) / 2, (1 + down) / 2)
        with torch.inference_mode():
            if isinstance(self._trunk, Trunk):
                maps = self._trunk.spatial(normalise(torch.from_numpy(pixels[None].copy())))[0].permute(1, 2, 0)
            else:
                maps = self._windows(cover(Image.fromarray(image), *shape))
        return SpatialFeatures(maps.float().numpy(), box)

    def _windows(self, pixels: Uint8Array) -> Tensor:
        """Features ``(places, places, feature_dim)`` of overlapping windows of half the side."""
        height, width = pixels.shape[0] // 2, pixels.shape[1] // 2
        tops = np.linspace(0, pixels.shape[0] - height, _WINDOWS).astype(int)
        lefts = np.linspace(0, pixels.shape[1] - width, _WINDOWS).astype(int)
        cut = np.stack([pixels[top : top + height, left : left + width] for top in tops for left in lefts])
        features: Tensor = self._trunk(normalise(torch.from_numpy(cut)))
        return features.reshape(_WINDOWS, _WINDOWS, -1)

    def embed(self, features: FloatArray) -> FloatArray:
        """Unit embeddings ``(n, embedding_dim)`` of raw pooled features ``(n, feature_dim)``."""
        with torch.inference_mode():
            embeddings: FloatArray = self._embeddings(torch.from_numpy(features)).numpy()
        return embeddings

    def _embeddings(self, raw: Tensor) -> Tensor:
        """Of many photos at once: each time the whole bank is read, 16 MB."""
        return torch.cat([self._head(rows) for rows in torch.split(raw, _EMBEDDED_AT_ONCE)])

    def _features(self, pixels: Tensor) -> Tensor:
        """Raw features ``(n, feature_dim)`` of ``(n, h, w, 3)`` uint8 pixels in one of the shapes."""
        if not self._probed and len(pixels) >= _PROBE_BATCH:
            self._probed = True
            self._run = on_accelerator(self._trunk, pixels, fastest(self._trunk, pixels, self._in_int8))
        return self._run(pixels)

    def _in_int8(self) -> Int8Trunk | None:
        if self._ranges is None or not isinstance(self._trunk, Trunk):
            return None
        return int8_trunk(self._trunk, self._ranges)


def _int8_ranges(pack: Pack, trunk: nn.Module) -> Ranges | None:
    """Raises PackDamaged."""
    try:
        return read_ranges(pack.manifest, trunk) if isinstance(trunk, Trunk) else None
    except ValueError as error:
        raise PackDamaged(pack.folder, str(error)) from error
