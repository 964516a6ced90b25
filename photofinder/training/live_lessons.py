"""Lessons of a teacher at work: a torchvision network (MobileNetV2) below the joint space of a pack.

The teacher looks at every crop anew, so that any crop can be drawn, and mixed ones (Zhang et al. 2018), collages and
photos with a small one laid on them, which belong to no caption. Each batch has one of the shapes that the teacher's
pack looks at photos in, larger where the student's side is. It speaks of each place of the crop, so that small things
are taught, and at four depths ("hints", Romero et al. 2015), so that a stage can learn without waiting for those above
it. What the crop shows altogether it says after a second, closer look at a part of it: the mean of a whole photo and of
parts of it finds photos better than the whole alone, and one random part a lesson teaches that mean. With ``Inception``
beside it, the corpus's other teacher, what a crop shows altogether is what both say; at 288 px the closer look is then
a fifth of a step.
"""

from __future__ import annotations

import math
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from photofinder.model.pack import read_pack
from photofinder.model.preparation import InputShapes
from photofinder.model.trunk import channels_last, normalise
from photofinder.training.clipped_convolution import fuse_relu6, has_fused_kernels
from photofinder.training.data import Corpus, Uint8Array, crop, random_box
from photofinder.training.features import load_backbone
from photofinder.training.inception import FEATURE_DIM, Inception
from photofinder.training.lessons import Crops, Lesson, drawing_weights
from photofinder.training.saved_joint import load_joint

STAGES = 4
MIXED = 1 / 4
"""The share of a batch that is two photos, one shining through the other."""
COLLAGES = 1 / 8
"""The share that is four photos beside one another: sharp, and small."""
INSETS = 1 / 8
"""The share that is a photo with a small one laid on it somewhere."""
CLOSER = (0.55, 0.75)
"""From what to what share of its width and height the teacher looks at a crop again."""
_STATISTICS_OF = 96


class LiveLessons:
    """Random crops of training photos, half of them mirrored, and what the teacher says when it sees them."""

    def __init__(self, corpus: Corpus, pack: Path, weights: Path, device: str, joint: Path | None = None) -> None:
        """``pack`` on official weights: its head and text side; ``weights``: those it stands on. ``joint``: instead of
        them a joint space on what that network and ``Inception`` say (``features --inception``).

        Raises PackDamaged, UnknownBackbone, WeightsDoNotFit, WeightsRejected, or ValueError for a pack on none or on a
        network that is not a chain of ``features`` (as MobileNet and EfficientNet are).
        """
        heads = read_pack(pack)
        official = heads.official
        if official is None:
            raise ValueError(f"{pack} stands on no official weights")
        trunk = load_backbone(official.backbone, weights)
        chain = getattr(trunk.network, "features", None)
        if not isinstance(chain, nn.Sequential):
            raise ValueError(f"{official.backbone} is not a chain of features")
        self._corpus, self._device = corpus, device
        self._shapes = InputShapes.from_manifest(heads.manifest["input"])
        self._side = round(math.sqrt(math.prod(self._shapes.shapes[0])))  # all have about as many pixels
        self._blocks = chain.to(device, torch.bfloat16)
        channels_last(self._blocks)
        if has_fused_kernels(device):
            fuse_relu6(self._blocks)
        self._inception = None if joint is None else Inception(corpus.folder, device)
        self._head = load_joint(joint or pack).as_trained().photo_head().to(device)
        self.teacher_dim = trunk.feature_dim + (0 if joint is None else FEATURE_DIM)
        self._weights = drawing_weights(corpus, np.arange(len(corpus.photos)))
        self._decode = ThreadPoolExecutor(torch.get_num_threads())
        self._ahead = ThreadPoolExecutor(1)
        self._statistics = self._measure()
        self.map_dims = tuple(len(mean) for mean, _ in self._statistics)

    def request(self, size: int, side: int, rng: np.random.Generator) -> Future[Crops]:
        """Load a random batch in the background, for a student that sees ``side`` pixels."""
        rows = rng.choice(len(self._weights), size, p=self._weights)
        mirrored = rng.integers(2, size=size) == 1
        seeds = rng.integers(1 << 31, size=size)
        width, height = self._shapes.shapes[int(rng.integers(len(self._shapes.shapes)))]
        seen = _in_strides(height * side / self._side), _in_strides(width * side / self._side)
        loaded = seen if side > self._side else (height, width)

        def one(index: int) -> Uint8Array:
            image = self._corpus.image(int(rows[index]))
            box = random_box(np.random.default_rng(seeds[index]), *image.size, aspect=width / height)
            pixels = crop(image, box, loaded[1], loaded[0])
            return pixels[:, ::-1] if mirrored[index] else pixels

        def load() -> Crops:
            pixels = np.stack(list(self._decode.map(one, range(size))))
            return Crops(rows, torch.from_numpy(pixels), seen)

        return self._ahead.submit(load)

    @torch.no_grad()
    def teach(self, crops: Crops) -> Lesson:
        """Mix some of the crops with others, and ask the teacher, which sees them in the shapes of its pack or, where
        the student's are larger, in those."""
        images = normalise(crops.pixels.to(self._device, non_blocking=True))
        mixed = int(len(images) * MIXED)
        share = torch.rand(mixed, 1, 1, 1, device=images.device)
        images[:mixed] = share * images[:mixed] + (1 - share) * images[mixed : 2 * mixed]
        collages = int(len(images) * COLLAGES)
        images[mixed : mixed + collages] = _collages(images, collages)
        insets = int(len(images) * INSETS)
        _lay_on(images[mixed + collages : mixed + collages + insets], images)
        photos = crops.rows.copy()
        photos[: mixed + collages + insets] = -1
        width, height = self._shapes.nearest(images.shape[3], images.shape[2])
        part = _closer(images, (height, width))
        maps = self._maps(images)
        features = self._features(images, maps)
        closer = self._features(part, self._maps(part))
        return Lesson(
            _resized(images, crops.size), photos, self._head.standardise(features),
            F.normalize(self._head(features) + self._head(closer)),
            tuple(
                _resized((said - mean) / std, (crops.size[0] // stride, crops.size[1] // stride)).clamp(-5, 5)
                for said, (mean, std), stride in zip(maps, self._statistics, (4, 8, 16, 32), strict=True)
            ),
        )  # fmt: skip

    def _features(self, images: Tensor, maps: list[Tensor]) -> Tensor:
        """What is said of the whole of each picture, ``(n, teacher_dim)`` float32."""
        pooled = maps[-1].mean((2, 3))
        return pooled if self._inception is None else torch.cat([pooled, self._inception(images)], dim=1)

    def _maps(self, images: Tensor) -> list[Tensor]:
        """The teacher's last map of each size, from a quarter to a 32nd of the side, float32."""
        maps = []
        x = images.bfloat16()
        for block in self._blocks:
            y = block(x)
            if y.shape[-1] < x.shape[-1]:
                maps.append(x)
            x = y
        return [y.float() for y in [*maps, x][-STAGES:]]

    @torch.no_grad()
    def _measure(self) -> list[tuple[Tensor, Tensor]]:
        """Mean and standard deviation of each channel over the places of some crops, as ``(d, 1, 1)``."""
        crops = self.request(_STATISTICS_OF, self._side, np.random.default_rng(0)).result()
        maps = self._maps(normalise(crops.pixels.to(self._device)))
        return [(said.mean((0, 2, 3))[:, None, None], said.std((0, 2, 3))[:, None, None] + 1e-3) for said in maps]


def _in_strides(pixels: float) -> int:
    """To a multiple of the stride of a student's last map."""
    stride = 32
    return max(stride, round(pixels / stride) * stride)


def _collages(images: Tensor, count: int) -> Tensor:
    """``count`` pictures of four of the images each, two by two."""
    height, width = images.shape[2:]
    quarters = _resized(images[torch.randint(len(images), (4 * count,))], (height // 2, width // 2))
    rows = torch.cat(quarters.chunk(2), dim=3)
    return torch.cat(rows.chunk(2), dim=2)


def _lay_on(below: Tensor, images: Tensor) -> None:
    """Cover a random place of each picture ``below`` with one of the images, a quarter to a half as wide and high."""
    height, width = images.shape[2:]
    share = torch.empty(1).uniform_(1 / 4, 1 / 2).item()
    small = _resized(images[torch.randint(len(images), (len(below),))], (int(height * share), int(width * share)))
    h, w = small.shape[2:]
    for picture, laid in zip(below, small, strict=True):
        top, left = int(torch.randint(height - h + 1, ())), int(torch.randint(width - w + 1, ()))
        picture[:, top : top + h, left : left + w] = laid


def _closer(images: Tensor, size: tuple[int, int]) -> Tensor:
    """A random part of each picture, of its shape, as ``size`` (height and width) pixels."""
    count, channels = images.shape[:2]
    share = torch.empty(count).uniform_(*CLOSER)
    place = (1 - share) * torch.empty(2, count).uniform_(-1, 1)  # of its middle, from -1 to 1 as affine_grid counts
    turn = torch.zeros(count, 2, 3)
    turn[:, 0, 0] = turn[:, 1, 1] = share
    turn[:, 0, 2], turn[:, 1, 2] = place
    grid = F.affine_grid(turn.to(images.device), [count, channels, *size], align_corners=False)
    parts = F.grid_sample(images, grid, padding_mode="border", align_corners=False)
    return parts.contiguous(memory_format=torch.channels_last)


def _resized(images: Tensor, size: tuple[int, int]) -> Tensor:
    if images.shape[2:] != size:
        images = F.interpolate(images, size, mode="bilinear", antialias=True, align_corners=False)
    return images.contiguous(memory_format=torch.channels_last)
