from __future__ import annotations

import hashlib
import re

import numpy as np
import pytest
import torch

from photofinder.model.torchvision_backbones import (
    BackboneTrunk,
    UnknownBackbone,
    WeightsDoNotFit,
    features_of_generated_pictures,
    generated_picture,
)
from photofinder.model.torchvision_models import torchvision_models


@pytest.mark.parametrize(
    ("name", "dim"),
    [("mobilenet_v2", 1280), ("resnet18", 512), ("resnet50", 2048), ("densenet121", 1024), ("efficientnet_b0", 1280),
     ("inception_v3", 2048), ("squeezenet1_0", 0), ("fcn_resnet50", 0), ("nothing", 0)],
)  # fmt: skip
def test_a_trunk_is_a_network_without_its_last_layer(name: str, dim: int) -> None:
    if dim == 0:
        with pytest.raises(UnknownBackbone):
            BackboneTrunk(name)
        return
    trunk = BackboneTrunk(name)
    assert trunk.feature_dim == dim
    with torch.inference_mode():
        assert trunk(torch.zeros(1, 3, 96, 128)).shape == (1, dim)


@pytest.mark.parametrize("name", ["shufflenet_v2_x0_5", "resnet18", "densenet121", "mobilenet_v2"])
def test_a_folded_trunk_with_the_weights_of_a_network_computes_what_the_network_does(name: str) -> None:
    torch.manual_seed(0)
    network = torchvision_models().get_model(name, weights=None)
    network.train()(torch.randn(8, 3, 64, 64))  # moves the statistics of the batch norms
    network.eval()
    trunk = BackboneTrunk(name)
    trunk.load_arrays({key: value.numpy() for key, value in network.state_dict().items()})
    last = [module for module in network.modules() if isinstance(module, torch.nn.Linear)][-1]
    images = torch.randn(2, 3, 64, 64)
    with torch.inference_mode():
        plain = trunk(images)
        trunk.fold()
        torch.testing.assert_close(trunk(images), plain, rtol=1e-3, atol=1e-4)
        torch.testing.assert_close(last(plain), network(images), rtol=1e-4, atol=1e-5)


def test_densenets_older_names_are_understood() -> None:
    arrays = BackboneTrunk("densenet121").arrays()
    inside = re.compile(r"(denselayer\d+\.(?:norm|conv))([12]\.)")
    older = {inside.sub(r"\1.\2", name): array for name, array in arrays.items()}
    assert set(older) != set(arrays)
    BackboneTrunk("densenet121").load_arrays(older)


@pytest.mark.parametrize("change", ["missing", "surplus", "shape"])
def test_weights_of_another_network_are_refused(change: str) -> None:
    arrays = BackboneTrunk("shufflenet_v2_x0_5").arrays()
    if change == "missing":
        del arrays["conv1.0.weight"]
    elif change == "surplus":
        arrays["conv9.0.weight"] = np.zeros(3, dtype=np.float32)
    else:
        arrays["conv1.0.weight"] = arrays["conv1.0.weight"][:3]
    with pytest.raises(WeightsDoNotFit):
        BackboneTrunk("shufflenet_v2_x0_5").load_arrays(arrays)


def test_the_generated_pictures_are_the_same_everywhere() -> None:
    digests = [hashlib.sha256(generated_picture(192, seed).tobytes()).hexdigest()[:16] for seed in (1, 2, 3)]
    assert digests == DIGESTS
    assert generated_picture(224, 1).shape == (224, 224, 3)
    assert generated_picture(64, 1).std() > 30


def test_a_fingerprint_tells_weights_apart() -> None:
    torch.manual_seed(0)
    one, other = BackboneTrunk("mobilenet_v2"), BackboneTrunk("mobilenet_v2")
    first, again, different = (features_of_generated_pictures(trunk, (1, 2), 64) for trunk in (one, one, other))
    assert first.shape == (2, 1280)
    np.testing.assert_array_equal(first, again)
    assert np.linalg.norm(first - different) > 0.3 * np.linalg.norm(first)


DIGESTS = ["9ce3ad45f30ba4b5", "8c93895f7627a4dc", "c4a8ed815c9043dc"]
