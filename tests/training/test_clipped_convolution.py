"""What a network says does not change when its convolutions clip by themselves."""

from __future__ import annotations

import pytest
import torch

from photofinder.model.torchvision_backbones import BackboneTrunk
from photofinder.model.trunk import channels_last
from photofinder.training.clipped_convolution import ClippedConvolution, fuse_relu6

pytestmark = pytest.mark.skipif(not torch.backends.mkldnn.is_available(), reason="torch without oneDNN")


@pytest.mark.parametrize(("kind", "apart"), [(torch.float32, 1e-4), (torch.bfloat16, 0.05)])
def test_a_network_says_the_same_with_convolutions_that_clip(kind: torch.dtype, apart: float) -> None:
    torch.manual_seed(0)
    trunk = BackboneTrunk("mobilenet_v2")
    trunk.fold()
    network = trunk.network.to(kind)
    channels_last(network)
    images = (3 * torch.randn(2, 3, 64, 96)).to(kind)
    with torch.inference_mode():
        before = network(images).float()
        fuse_relu6(network)
        after = network(images).float()
    torch.testing.assert_close(after, before, atol=apart * before.abs().max().item(), rtol=0)
    assert sum(isinstance(module, ClippedConvolution) for module in network.modules()) == 35
    assert not any(isinstance(module, torch.nn.ReLU6) for module in network.modules())


def test_what_it_says_lies_between_0_and_6() -> None:
    torch.manual_seed(0)
    convolution = torch.nn.Conv2d(3, 8, 3, stride=2, padding=1)
    fused = torch.nn.Sequential(torch.nn.Sequential(convolution, torch.nn.ReLU6()))
    fuse_relu6(fused)
    images = 20 * torch.randn(2, 3, 9, 11)
    with torch.inference_mode():
        said = fused(images)
        torch.testing.assert_close(said, convolution(images).clamp(0, 6))
    assert said.min() == 0 and said.max() == 6
