"""Runs the networks of ``descriptors``: photos to the raw numbers of one of their layers.

Numbers of fc6 and fc7 are taken after the rectifier (Krizhevsky et al. 2012; Razavian et al. 2014, "CNN Features
off-the-shelf"), those of ResNet and Inception after the pooling of the last convolution. Needs torch and torchvision.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from photofinder.errors import WeightsRejected
from photofinder.model.descriptors import Descriptor
from photofinder.model.precision import TrunkRunner, bfloat16_if_faster
from photofinder.model.preparation import Uint8Array
from photofinder.model.torchvision_backbones import BackboneTrunk, UnknownBackbone, WeightsDoNotFit
from photofinder.model.trunk import channels_last, normalise

_PROBE_BATCH = 8
_LONGEST = 16
"""Times the short side: the ends of a longer photo are cut first, or a line of pixels would grow to gigabytes."""
_MOST = 65_504.0
"""The largest number that float16 holds."""


class DescriptorNetwork:
    """One descriptor, ready to run on the CPU in the fastest type that it has hardware for."""

    def __init__(self, descriptor: Descriptor, weights: Path) -> None:
        """``weights``: converted and verified (``descriptors.weights_of``). Raises WeightsRejected."""
        try:
            trunk = BackboneTrunk(descriptor.backbone, empty=True)
            trunk.load_tensors(load_file(weights))
        except (UnknownBackbone, WeightsDoNotFit, SafetensorError, OSError) as error:
            raise WeightsRejected(weights, "network", str(error)) from error
        cut(trunk, descriptor.layer)
        trunk.fold()
        channels_last(trunk)
        self.descriptor = descriptor
        self._trunk: nn.Module = trunk
        self._probed = False

    def __call__(self, images: Sequence[Uint8Array]) -> NDArray[np.float32]:
        """Raw numbers ``(n, dim)`` float32 of ``(h, w, 3)`` uint8 sRGB images of any size; order is kept.

        All are finite and fit float16. In bfloat16 where a batch of 8 or more found that faster.
        """
        found = np.empty((len(images), self.descriptor.dim), dtype=np.float32)
        if not len(images):
            return found
        pixels = np.stack([prepared(image, self.descriptor) for image in images])
        with torch.inference_mode():
            batch = normalise(torch.from_numpy(pixels))
            if not self._probed and len(batch) >= _PROBE_BATCH:
                self._probed = True
                self._trunk = bfloat16_if_faster(self._trunk, batch) or self._trunk  # one of both is kept
            raw: Tensor = TrunkRunner(self._trunk)(batch)
        np.nan_to_num(raw.numpy(), copy=False, nan=0.0, posinf=_MOST, neginf=-_MOST)
        np.clip(raw.numpy(), -_MOST, _MOST, out=found)
        return found


def prepared(image: Uint8Array, descriptor: Descriptor) -> Uint8Array:
    """What torchvision's own preparation makes of a picture, before its numbers are normalised.

    The short side is brought to ``resize`` and the square of ``crop`` in the middle is cut: what lies at the ends of a
    long photo is not seen. ``(crop, crop, 3)`` uint8.
    """
    height, width = image.shape[:2]
    short = min(width, height)
    top, left = (max(0, side - _LONGEST * short) // 2 for side in (height, width))
    image = np.ascontiguousarray(image[top : height - top, left : width - left])
    height, width = image.shape[:2]
    long = max(width, height)
    other = int(descriptor.resize * long / short)
    size = (descriptor.resize, other) if width <= height else (other, descriptor.resize)
    resized = Image.fromarray(image).resize(size, Image.Resampling.BILINEAR)
    left, top = (round((side - descriptor.crop) / 2) for side in size)
    return np.asarray(resized.crop((left, top, left + descriptor.crop, top + descriptor.crop)), dtype=np.uint8)


def cut(trunk: BackboneTrunk, layer: str) -> None:
    """Let a trunk end at ``layer``: ``"pooled"`` and ``"fc7"`` are where it ends anyway, ``"fc6"`` one layer before."""
    if layer != "fc6":
        return
    classifier = trunk.network.get_submodule("classifier")
    if not isinstance(classifier, nn.Sequential):
        raise UnknownBackbone(f"{trunk.name} has no fc6")
    first = next(place for place, part in enumerate(classifier) if isinstance(part, nn.Linear))
    kept = classifier[: first + 2]  # with its rectifier
    trunk.network.set_submodule("classifier", kept)
