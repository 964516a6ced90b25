"""torchvision's classification networks as trunks: photos to the numbers that their last layer classifies by.

The trunk of any of them is the network without its last linear layer (MobileNetV2: 1,280 pooled channels, ResNet-50
and 152: 2,048, VGG and AlexNet: the 4,096 of fc7, Inception v3: 2,048). Needs torch and torchvision; weights come as
plain arrays (``model.torch_file``, safetensors).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from photofinder.model.preparation import Uint8Array
from photofinder.model.torchvision_models import torchvision_models
from photofinder.model.trunk import normalise

Arrays = Mapping[str, NDArray[Any]]

_REARRANGES_INPUT = ("inception_v3", "googlenet")
"""Their official weights expect [-1, 1] and the network itself brings ImageNet's normalisation there."""

_OLD_DENSENET = re.compile(
    r"^(.*denselayer\d+\.(?:norm|relu|conv))\.((?:[12])\.(?:weight|bias|running_mean|running_var))$"
)
"""Official DenseNet files name ``norm.1`` what the network calls ``norm1``."""


_32_BITS = 0xFFFFFFFF


class UnknownBackbone(ValueError):
    """torchvision has no such classification network, or one without a last linear layer."""


class WeightsDoNotFit(ValueError):
    """The arrays are not the weights of this network."""


class BackboneTrunk(nn.Module):
    """A torchvision network without its last layer, in evaluation mode."""

    def __init__(self, name: str, *, empty: bool = False) -> None:
        """With random weights, or ``empty``, without memory until weights are taken. Raises UnknownBackbone.

        Random numbers that are thrown away again cost VGG-19 ten seconds (one busy core).
        """
        super().__init__()
        self.name = name
        with torch.device("meta") if empty else nullcontext():
            network = _network(name)
        self._empty = empty
        self._last = [path for path, module in network.named_modules() if isinstance(module, nn.Linear)][-1:]
        if not self._last:
            raise UnknownBackbone(name)
        self.feature_dim = int(network.get_submodule(self._last[0]).in_features)  # type: ignore[arg-type]
        network.set_submodule(self._last[0], nn.Identity())
        self.network = network.eval()

    def forward(self, images: Tensor) -> Tensor:
        """Normalised ``(n, 3, h, w)`` to features ``(n, feature_dim)``."""
        features: Tensor = self.network(images)
        return features

    def load_arrays(self, arrays: Arrays) -> None:
        """Take the weights of the whole network, or of all but its last layer. Raises WeightsDoNotFit."""
        self._take(arrays, lambda array: torch.from_numpy(np.array(array)))

    def load_tensors(self, tensors: Mapping[str, Tensor]) -> None:
        """The same with tensors, which an empty trunk keeps as they are, mapped ones too. Raises WeightsDoNotFit."""
        self._take(tensors, lambda tensor: tensor)

    def _take(self, weights: Mapping[str, Any], tensor_of: Callable[[Any], Tensor]) -> None:
        wanted = self.network.state_dict()
        given = {_OLD_DENSENET.sub(r"\1\2", name): array for name, array in weights.items()}
        last = self._last[0] + "."
        surplus = [name for name in given if name not in wanted and not name.startswith((last, "AuxLogits.", "aux"))]
        missing = [name for name in wanted if name not in given and not name.endswith("num_batches_tracked")]
        if name_of_trouble := (surplus + missing)[:1]:
            raise WeightsDoNotFit(f"{self.name}: {name_of_trouble[0]}")
        for name, tensor in wanted.items():
            if name in given and tuple(given[name].shape) != tuple(tensor.shape):
                shapes = f"{tuple(given[name].shape)}, not {tuple(tensor.shape)}"
                raise WeightsDoNotFit(f"{self.name}: {name} is {shapes}")
        if self._empty:
            zero = torch.zeros((), dtype=torch.int64)
            taken = {
                name: tensor_of(given[name]).to(tensor.dtype) if name in given else zero.clone()
                for name, tensor in wanted.items()
            }
            self.network.load_state_dict(taken, assign=True)
            self._empty = False
            return
        with torch.no_grad():
            for name, tensor in wanted.items():
                tensor.copy_(tensor_of(given[name]) if name in given else torch.zeros_like(tensor))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The weights as float32 arrays by torchvision's names, without counters and without the last layer."""
        state = self.network.state_dict().items()
        return {name: value.numpy() for name, value in state if not name.endswith("num_batches_tracked")}

    def fold(self) -> None:
        """Fold each batch norm into the convolution right before it: the same arithmetic in fewer passes."""
        _fold(self.network)


def _network(name: str) -> nn.Module:
    models = torchvision_models()
    if name not in models.list_models(module=models):
        raise UnknownBackbone(name)
    if name in _REARRANGES_INPUT:
        network = models.get_model(name, weights=None, transform_input=True, init_weights=False, aux_logits=False)
    else:
        network = models.get_model(name, weights=None)
    if not isinstance(network, nn.Module):
        raise UnknownBackbone(name)
    return network


def _fold(module: nn.Module) -> None:
    previous: tuple[str, nn.Conv2d] | None = None
    for name, child in list(module.named_children()):
        if (
            previous is not None
            and isinstance(child, nn.BatchNorm2d)
            and child.num_features == previous[1].out_channels
        ):
            setattr(module, previous[0], fuse_conv_bn_eval(previous[1], child))
            setattr(module, name, nn.Identity())
        previous = (name, child) if isinstance(child, nn.Conv2d) else None
        _fold(child)


def generated_picture(side: int, seed: int) -> Uint8Array:
    """A picture of coloured tiles under slopes of light, ``(side, side, 3)`` uint8.

    Integers alone, so that it is the same picture on every machine and with every version of NumPy.
    """
    place = np.arange(side, dtype=np.int64)
    tile = (place * 12 // side)[:, None] * 12 + (place * 12 // side)[None, :]
    channel = np.arange(3, dtype=np.int64)
    state = (tile[:, :, None] * 3 + channel + 1_000 * seed + 1) & _32_BITS
    for factor in (0x2C1B3C6D, 0x297A2D39, 0x2C1B3C6D):  # an integer hash: shift, multiply, keep 32 bits
        state = (((state ^ (state >> 15)) * factor) & _32_BITS) ^ (state >> 13)
    light = (place[:, None, None] * (1 + channel) + place[None, :, None] * (3 - channel)) * 64 // side
    picture: Uint8Array = ((state >> 9) % 160 + light).clip(0, 255).astype(np.uint8)
    return picture


def features_of_generated_pictures(trunk: BackboneTrunk, seeds: tuple[int, ...], side: int) -> NDArray[np.float32]:
    """The fingerprint of weights: raw features of generated pictures, ``(pictures, feature_dim)``, in float32."""
    pictures = np.stack([generated_picture(side, seed) for seed in seeds])
    with torch.inference_mode():
        features: NDArray[np.float32] = trunk(normalise(torch.from_numpy(pictures))).numpy()
    return features
