"""Two teachers at work: MobileNetV2 with generated weights, and what a corpus brings under Inception's name."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from photofinder.model.trunk import normalise
from photofinder.training import caption, features, visual
from photofinder.training.data import Corpus
from photofinder.training.inception import FEATURE_DIM, Inception
from photofinder.training.lessons import stream
from photofinder.training.live_lessons import LiveLessons
from photofinder.training.train import TrainRequest, train_pack
from tests.pack_samples import save_weights
from tests.training.conftest import TINY_JOINT, TINY_VISUAL

MODULE = """
import torch, torch.nn.functional as F

class InceptionMixed9:
    def __init__(self, device="cpu", dtype=torch.bfloat16):
        generator = torch.Generator().manual_seed(0)
        weight = torch.randn(1280, 3, 3, 3, generator=generator)
        self.weights = {"conv.weight": weight.to(device, dtype), "conv.bias": torch.zeros(1280, dtype=dtype)}

    def conv(self, x, name, stride=1, pad=True):
        padding = 1 if pad else 0
        return F.relu_(F.conv2d(x, self.weights[name + ".weight"], self.weights[name + ".bias"], stride, padding))

    def __call__(self, x):
        conv = self.conv
        return conv(x, "conv", 2, False)
"""


@pytest.fixture(scope="module")
def taught(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """The corpus with a second teacher."""
    folder = tmp_path_factory.mktemp("taught") / "corpus"
    shutil.copytree(corpus.folder, folder)
    (folder / "teacher").mkdir()
    (folder / "teacher" / "teacher.py").write_text(MODULE)
    return Corpus(folder)


def test_it_sees_colours_from_minus_one_to_one_and_speaks_after_a_relu(taught: Corpus) -> None:
    pixels = torch.from_numpy(np.random.default_rng(0).integers(0, 256, (3, 48, 64, 3), dtype=np.uint8))
    with torch.inference_mode():
        said = Inception(taught.folder)(normalise(pixels))
    weight = torch.randn(1280, 3, 3, 3, generator=torch.Generator().manual_seed(0))
    colours = pixels.permute(0, 3, 1, 2).float() / 127.5 - 1
    right = F.conv2d(colours, weight, stride=2).relu().mean((2, 3))
    assert said.shape == (3, FEATURE_DIM)
    torch.testing.assert_close(said, right, atol=0.05, rtol=0.02)


def test_a_corpus_without_teachers_is_told(corpus: Corpus) -> None:
    with pytest.raises(FileNotFoundError):
        Inception(corpus.folder)


def test_a_student_learns_from_both(run: Path, taught: Corpus, tmp_path: Path) -> None:
    weights = save_weights(tmp_path / "weights", backbone="mobilenet_v2")
    request = TrainRequest(
        "mobilenet_v2", weights, tmp_path / "pack", tmp_path / "work", corpus=taught.folder, shapes="64x64", crops=0,
        address=f"https://pesos.example/models/{weights.name}",
    )  # fmt: skip
    options = caption.JointOptions(
        epochs=2, captioned=12, labelled=12, synonyms=2, concepts=4, text_width=16, thesaurus=False
    )
    pack = train_pack(request, options)
    both, joint, data = tmp_path / "both", tmp_path / "joint", ["--data", str(taught.folder)]
    network = ["--backbone", "mobilenet_v2", "--network", str(weights), "--inception"]
    assert features.main([*data, *network, "--out", str(both), "--crops", "1", "--shapes", "64x64"]) == 0
    assert np.load(both / "features.npy").shape[1] == 2 * FEATURE_DIM
    assert caption.main([*data, "--features", str(both), "--out", str(joint), *TINY_JOINT]) == 0

    source = LiveLessons(taught, pack, weights, "cpu", joint)
    lesson = next(stream(source, 8, lambda: 64, np.random.default_rng(0)))
    assert source.teacher_dim == 2 * FEATURE_DIM
    assert lesson.features.shape == (8, 2 * FEATURE_DIM)
    torch.testing.assert_close(lesson.embeddings.norm(dim=1), torch.ones(8))

    start, out = run / "visual" / "visual.safetensors", tmp_path / "visual"
    command = [*data, "--teacher", str(pack), "--weights", str(weights), "--joint", str(joint), *TINY_VISUAL]
    assert visual.main([*command, "--start", str(start), "--steps", "2", "--out", str(out)]) == 0
    assert (out / "visual.safetensors").exists()
