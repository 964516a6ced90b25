from __future__ import annotations

import shutil
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.datasets import load_sample_images
from torch import nn

from photofinder.errors import PackDamaged
from photofinder.model.caption import CaptionRegressor
from photofinder.model.pack import VISUAL_FILE, Pack
from photofinder.model.precision import bfloat16_if_faster
from photofinder.model.trunk import fold_batch_norms
from photofinder.model.visual import PhotoHead, PhotoNetwork, VisualNetwork, portions
from tests.conftest import draw_photo


@pytest.fixture(scope="module")
def network(pack: Pack) -> VisualNetwork:
    return VisualNetwork(pack)


def generated(count: int, size: tuple[int, int] = (320, 240)) -> list[np.ndarray]:
    return [np.asarray(draw_photo(size, seed)) for seed in range(count)]


def test_photos_of_any_shape_become_unit_vectors(network: VisualNetwork, pack: Pack) -> None:
    images = [
        np.asarray(draw_photo(size, 1)) for size in [(320, 240), (240, 320), (200, 200), (900, 30), (3, 5), (1, 1)]
    ]
    vectors = network(images)
    assert vectors.features.shape == (6, pack.feature_dim)
    assert vectors.embeddings.shape == (6, pack.embedding_dim)
    for matrix in (vectors.features, vectors.embeddings):
        assert matrix.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(matrix, axis=1), 1, atol=1e-3)


def test_no_photos_give_empty_matrices(network: VisualNetwork, pack: Pack) -> None:
    assert network([]).embeddings.shape == (0, pack.embedding_dim)


def test_the_order_and_company_of_photos_do_not_matter(network: VisualNetwork) -> None:
    images = [*generated(3), np.asarray(draw_photo((240, 320), 7))]
    together = network(images).embeddings
    alone = np.concatenate([network([image]).embeddings for image in images])
    np.testing.assert_allclose(together, alone, atol=2e-3)


def test_each_of_many_photos_gets_its_own_vectors(network: VisualNetwork) -> None:
    """More than go through the network at once, of two shapes, the last ones a rest."""
    count = 2 * 8 * torch.get_num_threads() + 3
    wide, tall = generated(3), generated(3, (240, 320))
    images = [(tall if n % 5 == 0 else wide)[n % 3] for n in range(count)]
    vectors = network(images)
    known = network([*wide, *tall])
    for rows, expected in ((vectors.features, known.features), (vectors.embeddings, known.embeddings)):
        assert (rows @ expected.T).argmax(1).tolist() == [n % 3 + 3 * (n % 5 == 0) for n in range(count)]


def test_few_numbers_of_photos_go_through_together() -> None:
    """Each new one stays in memory."""
    rows = list(range(100))
    for most in (8, 16, 48):
        sizes = set()
        for count in range(100):
            parts = [rows[part] for part in portions(count, most)]
            assert [row for part in parts for row in part] == rows[:count]
            sizes |= {len(part) for part in parts}
        assert sizes == {most} | {size for size in (1, 2, 4, 8, 16, 32) if size < most}


def test_the_fast_type_agrees_with_float32(pack: Pack) -> None:
    images = generated(8)
    exact = np.concatenate([VisualNetwork(pack)([image]).embeddings for image in images])
    fast = VisualNetwork(pack)(images).embeddings
    assert (exact * fast).sum(1).min() > 0.99


def test_waiting_for_busy_cores_does_not_count_against_a_type() -> None:
    class Trunk(nn.Module):
        """Quick but made to wait in bfloat16, slow in float32."""

        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.ones(1))

        def forward(self, images: torch.Tensor) -> torch.Tensor:
            if self.weight.dtype == torch.bfloat16:
                time.sleep(0.1)
            else:
                end = time.process_time() + 0.05
                while time.process_time() < end:
                    pass
            return images.mean((2, 3))

    assert bfloat16_if_faster(Trunk(), torch.zeros(8, 3, 4, 4)) is not None


def test_folded_batch_norms_compute_the_same() -> None:
    torch.manual_seed(0)
    network = PhotoNetwork((8, 16, 16, 32), (1, 1, 1, 1), 12)
    network.train()(torch.randn(16, 3, 64, 64))
    network.eval()
    images = torch.randn(2, 3, 64, 64)
    with torch.inference_mode():
        before = network.trunk(images)
        fold_batch_norms(network.trunk)
        after = network.trunk(images)
    torch.testing.assert_close(before, after, rtol=1e-4, atol=1e-5)


def test_a_projection_lets_the_feature_speak_beside_the_embedding() -> None:
    torch.manual_seed(1)
    trained, features = PhotoHead(6, 4, 8).eval(), torch.randn(3, 6)
    projection = torch.eye(10)[[0, 1, 4, 5, 9]]
    head = PhotoHead.from_weights({**trained.state_dict(), "projection": projection.half()})
    with torch.inference_mode():
        own, standard = trained(features), torch.nn.functional.normalize(trained.standardise(features), dim=1)
        expected = torch.cat([own[:, [0, 1]], standard[:, [0, 1, 5]]], 1)
        torch.testing.assert_close(head(features), torch.nn.functional.normalize(expected, dim=1))
        torch.testing.assert_close(head.wide(features), torch.cat([own, standard], 1))
        centre = torch.randn(6)
        centred = PhotoHead.from_weights({**head.state_dict(), "centre": centre})
        apart = torch.nn.functional.normalize(trained.standardise(features) - centre, dim=1)
        torch.testing.assert_close(centred.wide(features), torch.cat([own, apart], 1))
    assert (trained.embedding_dim, head.embedding_dim) == (4, 5)


def test_the_real_photos_answer_to_what_they_show(network: VisualNetwork, pack: Pack) -> None:
    """scikit-learn's two photos: a Chinese temple and a flower."""
    temple, flower = network([np.asarray(image) for image in load_sample_images().images]).embeddings
    regressor = CaptionRegressor(pack)
    for phrase, right, wrong in [
        ("flor", flower, temple),
        ("una flor de cerca", flower, temple),
        ("templo", temple, flower),
        ("edificio antiguo", temple, flower),
    ]:
        vector = regressor(phrase).vector
        assert vector is not None
        assert vector @ right > vector @ wrong, phrase


def test_weights_of_another_network_are_a_damaged_pack(pack: Pack, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(pack.folder, tmp_path / "pack"))
    manifest = {**pack.manifest, "input": {**pack.manifest["input"], "widths": [32, 64, 128, 256]}}
    other = Pack(folder, pack.name, pack.fingerprint, pack.feature_dim, pack.embedding_dim, manifest)
    with pytest.raises(PackDamaged):
        VisualNetwork(other)
    (folder / VISUAL_FILE).write_bytes(b"\x00" * 64)
    broken = Pack(folder, pack.name, pack.fingerprint, pack.feature_dim, pack.embedding_dim, pack.manifest)
    with pytest.raises(PackDamaged):
        VisualNetwork(broken)
