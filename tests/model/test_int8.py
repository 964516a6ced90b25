from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from sklearn.datasets import load_sample_images

from photofinder.errors import PackDamaged
from photofinder.model import precision
from photofinder.model.int8 import (
    RANGES,
    STEM,
    Int8Trunk,
    Ranges,
    int8_trunk,
    names_of_maps,
    read_ranges,
    round_keeping_sums,
)
from photofinder.model.pack import Pack, fingerprint, read_pack
from photofinder.model.precision import FloatTrunk, fastest
from photofinder.model.trunk import Trunk, fold_batch_norms
from photofinder.model.visual import VisualNetwork
from photofinder.training.int8_ranges import _best_range, put_into, ranges_of, rounded
from tests.conftest import draw_photo


@pytest.fixture(scope="module")
def network(pack: Pack) -> VisualNetwork:
    return VisualNetwork(pack)


@pytest.fixture(scope="module")
def small() -> Trunk:
    """A trunk of every kind of block, with batch norms that have seen something."""
    torch.manual_seed(3)
    trunk = Trunk((16, 32, 32, 64), (1, 2, 1, 1))
    trunk.train()(torch.randn(32, 3, 64, 64))
    fold_batch_norms(trunk.eval())
    return trunk


def pixels(count: int, size: tuple[int, int] = (256, 192)) -> torch.Tensor:
    return torch.from_numpy(np.stack([np.asarray(draw_photo(size, seed)) for seed in range(count)]))


def in_int8(trunk: Trunk, ranges: Ranges) -> Int8Trunk:
    made = int8_trunk(trunk, ranges)
    if made is None:
        pytest.skip("no int8 convolutions in this torch or on this processor")
    return made


def test_int8_says_what_float32_says(network: VisualNetwork, pack: Pack) -> None:
    assert isinstance(network.trunk, Trunk)
    ranges = read_ranges(pack.manifest, network.trunk)
    assert ranges is not None
    quick = in_int8(network.trunk, ranges)
    temple, flower = (np.asarray(image)[:384, :512] for image in load_sample_images().images)
    real = torch.from_numpy(np.stack([temple[::2, ::2], flower[::2, ::2]]))
    with torch.inference_mode():
        exact, found = FloatTrunk(network.trunk)(real), quick(real)
    assert F.cosine_similarity(exact, found).min() > 0.9995
    assert F.cosine_similarity(exact[:1], found[1:]) < 0.9, "and not the same of every photo"
    lengths = found.norm(dim=1) / exact.norm(dim=1)
    assert (lengths - 1).abs().max() < 0.05


def test_rounding_leaves_the_sums_of_kernels() -> None:
    """What an edge detector answers to a plain area is 0, and stays 0."""
    kernels = torch.randn(64, 3, 7, 7) * 20
    kernels[:32] -= kernels[:32].mean((2, 3), keepdim=True)
    kernels[0, 0, 0, 0] = 127.0
    rounded_kernels = round_keeping_sums(kernels)
    assert torch.equal(rounded_kernels, rounded_kernels.round())
    assert (rounded_kernels - kernels).abs().max() < 1
    assert (rounded_kernels.sum((2, 3)) - kernels.sum((2, 3))).abs().max() < 0.501
    assert rounded_kernels[1:32].sum((2, 3)).abs().max() == 0
    single = torch.randn(8, 4, 1, 1) * 20
    assert torch.equal(round_keeping_sums(single), single.round())


@pytest.mark.parametrize("size", [(256, 192), (224, 224), (184, 272), (33, 65)])
def test_ranges_measured_on_photos_fit_them(small: Trunk, size: tuple[int, int]) -> None:
    seen = pixels(8, size)
    ranges = ranges_of(small, [seen[:4], seen[4:]])
    assert sorted(ranges) == sorted(names_of_maps(small))
    quick = in_int8(small, read_ranges({RANGES: rounded(ranges)}, small) or {})
    with torch.inference_mode():
        assert F.cosine_similarity(FloatTrunk(small)(seen), quick(seen)).min() > 0.99


def test_a_few_large_numbers_do_not_make_all_others_coarse(small: Trunk) -> None:
    """A map of many small numbers and a large one: the range is cut, and the small ones keep their differences."""
    values = torch.cat([torch.linspace(0, 1, 1_000_000), torch.tensor([6.0])])
    low, high = _best_range(values)
    assert low == 0
    assert 1 <= high < 4
    assert _best_range(values[:-1:200])[1] > 0.9
    assert _best_range(torch.linspace(-1, 3, 500)) == pytest.approx((-1, 3), rel=0.1)
    assert any(low < 0 for low, _ in ranges_of(small, [pixels(2, (64, 64))]).values()), "shortcuts are not rectified"


def test_a_manifest_without_ranges_means_no_int8(small: Trunk) -> None:
    assert read_ranges({}, small) is None


@pytest.mark.parametrize(
    "nonsense",
    [
        [],
        {STEM: [0, 1]},
        {STEM: 3},
        "all",
        {**{name: [0.0, 1.0] for name in names_of_maps(Trunk((16, 32, 32, 64), (1, 2, 1, 1)))}, STEM: [0.0, 0.0]},
        {**{name: [0.0, 1.0] for name in names_of_maps(Trunk((16, 32, 32, 64), (1, 2, 1, 1)))}, STEM: [0.0, "wide"]},
    ],
)
def test_nonsense_in_a_manifest_is_a_damaged_pack(nonsense: Any, small: Trunk, pack: Pack) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_ranges({RANGES: nonsense}, small)
    manifest = {**pack.manifest, RANGES: nonsense}
    with pytest.raises(PackDamaged):
        VisualNetwork(Pack(pack.folder, pack.name, pack.fingerprint, pack.feature_dim, pack.embedding_dim, manifest))


def test_ranges_leave_the_fingerprint_alone(pack: Pack) -> None:
    assert fingerprint({key: value for key, value in pack.manifest.items() if key != RANGES}) == pack.fingerprint


def test_a_pack_that_is_given_ranges_is_sealed_again(pack: Pack, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(pack.folder, tmp_path / "pack"))
    before = read_pack(folder)
    ranges = {name: [2 * low, 2 * high] for name, (low, high) in pack.manifest[RANGES].items()}
    put_into(folder, ranges)
    after = read_pack(folder)
    assert after.manifest[RANGES] == ranges
    assert after.fingerprint == before.fingerprint


def test_without_onednn_there_is_no_int8(small: Trunk, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> None:
        raise RuntimeError("oneDNN was not built in")

    monkeypatch.setattr("photofinder.model.int8.Int8Trunk.__call__", missing)
    ranges = dict.fromkeys(names_of_maps(small), (0.0, 1.0))
    assert int8_trunk(small, ranges) is None


class Timed:
    """A trunk that says something fixed; ``seconds`` is what the probe is told that it takes."""

    def __init__(self, kind: str, seconds: float, said: torch.Tensor) -> None:
        self.kind, self.seconds, self._said = kind, seconds, said

    def __call__(self, pixels: torch.Tensor) -> torch.Tensor:
        return self._said[: len(pixels)]


@pytest.mark.parametrize(
    ("seconds", "agrees", "chosen"),
    [
        ({"float32": 8.0, "bfloat16": 4.0, "int8": 1.0}, True, "int8"),
        ({"float32": 8.0, "bfloat16": 4.0, "int8": 3.0}, True, "int8"),
        ({"float32": 8.0, "bfloat16": 4.0, "int8": 2.0}, False, "bfloat16"),
        ({"float32": 8.0, "bfloat16": 4.0, "int8": 5.0}, True, "bfloat16"),
        ({"float32": 8.0, "bfloat16": 40.0, "int8": 5.0}, True, "int8"),
        ({"float32": 8.0, "bfloat16": 4.0, "int8": 7.5}, True, "bfloat16"),
        ({"float32": 8.0, "bfloat16": 40.0, "int8": 7.5}, True, "float32"),
        ({"float32": 8.0, "bfloat16": 7.5}, True, "float32"),
        ({"float32": 8.0, "bfloat16": 4.0}, True, "bfloat16"),
    ],
)
def test_the_quickest_kind_of_numbers_that_agrees_is_chosen(
    seconds: dict[str, float], agrees: bool, chosen: str, small: Trunk, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = pixels(8, (64, 64))
    with torch.inference_mode():
        said = FloatTrunk(small)(seen)
        quick = Timed("int8", seconds.get("int8", 0.0), said if agrees else said.flip(1))
        running: list[str] = []

        class Noted(FloatTrunk):
            def __call__(self, pixels: torch.Tensor) -> torch.Tensor:
                running[:] = [self.kind]
                return super().__call__(pixels)

        def told(run: Any, times: int = 3) -> float:
            running[:] = ["int8"]
            run()
            return seconds[running[0]]

        monkeypatch.setattr(precision, "FloatTrunk", Noted)
        monkeypatch.setattr(precision, "cpu_seconds", told)
        monkeypatch.setattr(
            precision, "bfloat16_if_faster",
            lambda trunk, batch: _half(trunk) if seconds["bfloat16"] < 0.8 * seconds["float32"] else None,
        )  # fmt: skip
        assert fastest(small, seen, lambda: quick if "int8" in seconds else None).kind == chosen


def _half(trunk: Trunk) -> Trunk:
    half = Trunk((16, 32, 32, 64), (1, 2, 1, 1))
    fold_batch_norms(half.eval())
    half.load_state_dict(trunk.state_dict())
    return half.to(torch.bfloat16)


def test_photos_analysed_in_int8_answer_as_others_do(network: VisualNetwork, pack: Pack) -> None:
    """The same photo in both kinds of numbers is by far its own nearest neighbour."""
    images = [np.asarray(draw_photo((320, 240), seed)) for seed in range(12)]
    alone = np.concatenate([network([image]).embeddings for image in images])  # float32: less than a probe's batch
    together = VisualNetwork(pack)
    fast = together(images).embeddings
    assert together.kind in ("int8", "bfloat16", "float32")
    assert (alone @ fast.T).argmax(1).tolist() == list(range(12))
    assert (alone * fast).sum(1).min() > 0.99
