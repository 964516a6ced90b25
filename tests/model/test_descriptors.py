"""The descriptors of the course: what they are, their weights from a server or a file, and what the networks say."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from photofinder.download import Downloaded, partial_path
from photofinder.errors import (
    DataFolderUnwritable,
    DescriptorConsentMissing,
    DescriptorUnknown,
    DescriptorWeightsMissing,
    DiskFull,
    DownloadFailed,
    PhotoFinderError,
    WeightsRejected,
)
from photofinder.messages import sentence
from photofinder.model import official_fetch
from photofinder.model.descriptor_weights import (
    consent_needed,
    get_descriptor,
    is_ready,
    load_descriptor,
    remove_weights,
)
from photofinder.model.descriptors import DESCRIPTORS, Descriptor, comparison, find_descriptor, sharing
from photofinder.model.official_fetch import Checking
from photofinder.model.torchvision_backbones import BackboneTrunk
from photofinder.model.torchvision_descriptors import cut, prepared
from photofinder.model.torchvision_models import torchvision_models
from photofinder.model.trunk import normalise
from photofinder.paths import DataPaths
from tests.conftest import draw_photo
from tests.descriptor_samples import OTHER, SMALL, offered
from tests.pack_samples import WeightsServer, save_weights


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_weights(tmp_path_factory.mktemp("weights"))


@pytest.fixture
def server(weights: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WeightsServer]:
    with offered(weights, monkeypatch) as running:
        yield running


@pytest.fixture
def small(server: WeightsServer) -> Descriptor:
    return find_descriptor(SMALL)


def fetch(paths: DataPaths, descriptor: Descriptor, yes: bool = True, own: Path | None = None) -> list[object]:
    consent = consent_needed(paths, descriptor) if yes else None
    return list(get_descriptor(paths, descriptor, consent, own))


def test_the_table_says_what_torchvision_says() -> None:
    models = torchvision_models()
    for one in DESCRIPTORS:
        official = next(
            entry for entry in models.get_model_weights(one.backbone) if entry.url == one.address + one.file
        )
        assert abs(one.bytes - official.meta["_file_size"] * 2**20) < 1100, one.name
        preparation = official.transforms()
        assert (preparation.resize_size, preparation.crop_size) == ([one.resize], [one.crop]), one.name
        assert one.official.sha256_prefix in one.file and len(one.official.sha256_prefix) == 8
    assert len({one.fingerprint for one in DESCRIPTORS}) == len(DESCRIPTORS) == 8
    assert [one.name for one in sharing(find_descriptor("vgg19-fc6"))] == ["vgg19-fc6", "vgg19-fc7"]


@pytest.mark.parametrize("name", [one.name for one in DESCRIPTORS])
def test_every_network_gives_as_many_numbers_as_its_entry_says(name: str) -> None:
    """Without weights and without arithmetic: on the device that only knows shapes."""
    one = find_descriptor(name)
    trunk = BackboneTrunk(one.backbone, empty=True)
    cut(trunk, one.layer)
    with torch.inference_mode():
        assert trunk(torch.zeros(2, 3, one.crop, one.crop, device="meta")).shape == (2, one.dim)


def test_fc6_and_fc7_are_what_the_layers_say_after_their_rectifiers() -> None:
    network = torchvision_models().get_model("alexnet", weights=None).eval()
    images = torch.rand(2, 3, 224, 224)
    with torch.inference_mode():
        flat = network.avgpool(network.features(images)).flatten(1)
        fc6 = network.classifier[1](flat).relu()
        fc7 = network.classifier[4](fc6).relu()
        for layer, expected in (("fc7", fc7), ("fc6", fc6)):
            trunk = BackboneTrunk("alexnet", empty=True)
            trunk.load_tensors(network.state_dict())
            cut(trunk, layer)
            torch.testing.assert_close(trunk(images), expected)


@pytest.mark.parametrize("name", ["resnet152", "inception-v3"])
@pytest.mark.parametrize("size", [(640, 480), (481, 640), (500, 500), (1200, 300), (90, 61), (40, 3)])
def test_photos_are_prepared_as_torchvision_prepares_them(name: str, size: tuple[int, int]) -> None:
    one, photo = find_descriptor(name), draw_photo(size, seed=3)
    official = torchvision_models().get_model_weights(one.backbone).IMAGENET1K_V1.transforms()
    ours = normalise(torch.from_numpy(prepared(np.asarray(photo), one)[None].copy()))[0]
    torch.testing.assert_close(ours, official(photo), rtol=0, atol=1e-4)


def test_after_a_yes_weights_are_fetched_verified_and_used(
    small: Descriptor, paths: DataPaths, server: WeightsServer
) -> None:
    assert not is_ready(paths, small)
    with pytest.raises(DescriptorWeightsMissing):
        load_descriptor(paths, small)
    events = fetch(paths, small)
    assert isinstance(events[-1], Checking) and isinstance(events[-2], Downloaded)
    assert is_ready(paths, small) and consent_needed(paths, small) is None
    assert {path.suffix for path in paths.weights.iterdir()} == {".safetensors", ".json"}
    network = load_descriptor(paths, small)
    photos = [np.asarray(draw_photo(seed=seed)) for seed in range(9)]
    vectors = network(photos)
    assert vectors.shape == (9, 1024) and np.isfinite(vectors).all()
    np.testing.assert_allclose(network(photos[:2]), vectors[:2], rtol=0.1, atol=0.05 * np.abs(vectors).max())
    assert np.abs(vectors[0] - vectors[1]).max() > 0.01 * np.abs(vectors).max()
    assert network([]).shape == (0, 1024)
    assert fetch(paths, small, yes=False) == []
    assert fetch(paths, find_descriptor(OTHER), yes=False) == []  # the same weights
    assert len(server.requests) == 1


def test_the_network_computes_what_torchvision_does(small: Descriptor, paths: DataPaths, weights: Path) -> None:
    fetch(paths, small, own=weights)
    trunk = BackboneTrunk(small.backbone)
    trunk.load_tensors(torch.load(weights, weights_only=True))
    photo = np.asarray(draw_photo(seed=5))
    with torch.inference_mode():
        expected = trunk(normalise(torch.from_numpy(prepared(photo, small)[None].copy())))[0].numpy()
    np.testing.assert_allclose(load_descriptor(paths, small)([photo])[0], expected, rtol=1e-3, atol=1e-3)


def test_a_file_of_the_persons_serves_without_any_network(
    small: Descriptor, paths: DataPaths, server: WeightsServer, weights: Path, tmp_path: Path
) -> None:
    own = tmp_path / "bajado ayer.pth"
    own.write_bytes(weights.read_bytes())
    fetch(paths, small, yes=False, own=own)
    assert is_ready(paths, small) and own.exists() and not server.requests


def test_without_a_yes_nothing_is_fetched(small: Descriptor, paths: DataPaths, server: WeightsServer) -> None:
    with pytest.raises(DescriptorConsentMissing) as caught:
        fetch(paths, small, yes=False)
    assert not server.requests
    for language in ("es", "en"):
        assert f"photofinder descriptors get {SMALL} --yes" in sentence(caught.value, language)


def refused(paths: DataPaths, descriptor: Descriptor, kind: type[PhotoFinderError]) -> PhotoFinderError:
    """What is raised; nothing is ready, and it is told in one sentence."""
    with pytest.raises(kind) as caught:
        fetch(paths, descriptor)
    assert not is_ready(paths, descriptor)
    for language in ("es", "en"):
        text = sentence(caught.value, language)
        assert text.endswith(".") and text.count(". ") == 0
    return caught.value


def test_what_a_server_may_do_wrong(small: Descriptor, paths: DataPaths, server: WeightsServer, weights: Path) -> None:
    whole = weights.read_bytes()
    for server.status, why in ((404, "not_found"), (500, "refused")):
        assert refused(paths, small, DownloadFailed).why == why  # type: ignore[attr-defined]
    server.status = 0
    server.content = whole[:-1] + bytes([whole[-1] ^ 1])
    assert refused(paths, small, WeightsRejected).why == "checksum"  # type: ignore[attr-defined]
    assert not list(paths.weights.glob("*.pth*")), "what is wrong is not kept"
    server.content = whole[: len(whole) // 2]
    assert refused(paths, small, DownloadFailed).why == "other_size"  # type: ignore[attr-defined]
    server.content = whole
    server.cuts = [len(whole) // 3, 0, 0]
    assert refused(paths, small, DownloadFailed).why == "interrupted"  # type: ignore[attr-defined]
    server.cuts, server.requests = [], []
    fetch(paths, small)
    assert is_ready(paths, small)
    assert server.requests == [f"bytes={len(whole) // 3}-"], "it goes on where it stopped"


def test_a_slow_server_can_be_left_and_taken_up_again(
    small: Descriptor, paths: DataPaths, server: WeightsServer, weights: Path
) -> None:
    server.hang = 100_000
    run = get_descriptor(paths, small, consent_needed(paths, small))
    done = 0
    while done < server.hang:
        event = next(run)
        assert isinstance(event, Downloaded)
        done = event.done
    run.close()
    assert partial_path(small.official.downloaded(paths.weights)).stat().st_size == server.hang
    server.hang = None
    fetch(paths, small)
    assert is_ready(paths, small) and server.requests[-1] == "bytes=100000-"


def test_without_network(small: Descriptor, paths: DataPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*arguments: object, **more: object) -> socket.socket:
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(socket, "create_connection", unreachable)
    assert refused(paths, small, DownloadFailed).why == "no_network"  # type: ignore[attr-defined]


def test_a_full_disk_is_told_before_the_download(
    small: Descriptor, paths: DataPaths, server: WeightsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = official_fetch.shutil.disk_usage
    monkeypatch.setattr(
        official_fetch.shutil, "disk_usage", lambda path: usage(path)._replace(free=small.bytes * 2 - 1)
    )
    refused(paths, small, DiskFull)
    assert not server.requests


def test_a_data_folder_that_cannot_be_written(small: Descriptor, paths: DataPaths) -> None:
    paths.weights.parent.mkdir(parents=True)
    paths.weights.write_bytes(b"a file where the folder should be")
    with pytest.raises(DataFolderUnwritable):
        fetch(paths, small)


def test_weights_that_changed_on_the_disk_are_not_used(small: Descriptor, paths: DataPaths, weights: Path) -> None:
    fetch(paths, small, own=weights)
    path = small.official.converted(paths.weights)
    data = bytearray(path.read_bytes())
    data[-5] ^= 1
    path.write_bytes(data)
    with pytest.raises(WeightsRejected):
        load_descriptor(paths, small)
    assert consent_needed(paths, small) is not None
    fetch(paths, small, own=weights)
    load_descriptor(paths, small)


def test_weights_of_another_network_are_refused(
    small: Descriptor, paths: DataPaths, weights: Path, tmp_path: Path
) -> None:
    other = save_weights(tmp_path / "weights", seed=1)
    with pytest.raises(WeightsRejected) as caught:
        fetch(paths, small, own=other)
    assert caught.value.why == "checksum" and not is_ready(paths, small)
    with pytest.raises(WeightsRejected):
        fetch(paths, small, own=Path(__file__))


def test_removing_frees_the_disk(small: Descriptor, paths: DataPaths, weights: Path) -> None:
    fetch(paths, small, own=weights)
    assert remove_weights(paths, small) > 1_000_000
    assert not is_ready(paths, small) and not list(paths.weights.iterdir())
    assert remove_weights(paths, small) == 0


def test_what_the_settings_name_is_read_tolerantly() -> None:
    assert comparison("", "l1") is None and comparison("nada", "l1") is None
    found = comparison("resnet152", "no sé")
    assert found is not None and (found.descriptor.title, found.distance) == ("ResNet-152", "cosine")
    with pytest.raises(DescriptorUnknown) as caught:
        find_descriptor("nada")
    assert "resnet152" in sentence(caught.value, "es")


def test_a_square_of_the_middle_is_seen() -> None:
    one = find_descriptor("alexnet-fc6")
    photo = np.zeros((100, 300, 3), dtype=np.uint8)
    photo[:, 140:160] = 255
    seen = prepared(photo, one)
    assert seen.shape == (224, 224, 3) and seen[:, 112].min() == 255 and seen[:, :60].max() == 0
    line = (np.arange(100_000) % 251).astype(np.uint8)[None, :, None].repeat(3, axis=2)
    assert prepared(line, one).shape == (224, 224, 3)
