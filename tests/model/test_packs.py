"""Official weights against a local server: used when everything agrees, else one sentence and the bundled pack."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import load_file, save_file

from photofinder.consent import Consent, Downloaded
from photofinder.errors import (
    ConsentMissing,
    DownloadFailed,
    PackDamaged,
    PackUnknown,
    PhotoFinderError,
    WeightsMissing,
    WeightsRejected,
)
from photofinder.messages import sentence
from photofinder.model.caption import CaptionRegressor
from photofinder.model.official_weights import sha256_of
from photofinder.model.pack import BUNDLED, HEADS_FILE, MANIFEST, Pack, load_pack, read_pack
from photofinder.model.packs import (
    Checking,
    chosen_pack,
    consent_needed,
    fallback_sentence,
    get_pack,
    list_packs,
    use_pack,
)
from photofinder.model.visual import VisualNetwork
from photofinder.paths import DataPaths
from photofinder.settings import Settings, load_settings, save_settings
from tests.conftest import draw_photo, write_manifest
from tests.pack_samples import WeightsServer, save_weights, serve, write_sample_pack

NAME = "es-muestra"


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_weights(tmp_path_factory.mktemp("weights"), zipped=False)


@pytest.fixture(scope="module")
def server(weights: Path) -> Iterator[WeightsServer]:
    with serve(weights.read_bytes()) as running:
        yield running


@pytest.fixture(scope="module")
def original(weights: Path, server: WeightsServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sample_pack(tmp_path_factory.mktemp("pack") / NAME, weights, server.address)


@pytest.fixture(autouse=True)
def well_behaved(server: WeightsServer, weights: Path) -> None:
    server.content, server.status, server.ranges = weights.read_bytes(), 0, True
    server.cuts, server.requests = [], []


@pytest.fixture
def folder(original: Path, paths: DataPaths) -> Path:
    """The sample pack among the person's packs; its weights are nowhere yet."""
    return Path(shutil.copytree(original, paths.packs / NAME))


def get(paths: DataPaths, yes: bool = True, weights: Path | None = None) -> list[object]:
    """What happened on the way to a pack that is ready."""
    events: list[object] = []
    run = get_pack(paths, NAME, consent_needed(paths, NAME) if yes else None, weights)
    while True:
        try:
            events.append(next(run))
        except StopIteration as end:
            assert isinstance(end.value, Pack)
            return events


def change(folder: Path, **backbone: object) -> None:
    manifest = json.loads((folder / MANIFEST).read_text())
    for path, value in backbone.items():
        part, key = path.split("__")
        manifest["backbone"][part][key] = value
    write_manifest(folder, manifest)


def goes_on_with_the_bundled(paths: DataPaths, kind: type[PhotoFinderError]) -> None:
    save_settings(paths.settings, Settings(pack=NAME))
    chosen = chosen_pack(paths)
    assert chosen.pack.name == BUNDLED
    assert isinstance(chosen.problem, kind)
    for language in ("es", "en"):
        text = fallback_sentence(chosen.problem, language)
        assert text.count(". ") == 0 and text.endswith("."), text


def test_after_a_yes_the_weights_are_fetched_verified_and_used(
    folder: Path, paths: DataPaths, weights: Path, server: WeightsServer
) -> None:
    consent = consent_needed(paths, NAME)
    assert consent == Consent(f"{server.address}/models/{weights.name}", weights.stat().st_size)
    events = get(paths)
    assert isinstance(events[-1], Checking) and isinstance(events[-2], Downloaded)
    assert sorted(file.name for file in paths.weights.iterdir()) == [
        f"{weights.stem}.json",
        f"{weights.stem}.safetensors",
    ]
    assert use_pack(paths, NAME).name == NAME
    chosen = chosen_pack(paths)
    assert chosen.problem is None and chosen.pack.name == NAME and chosen.pack.fingerprint != load_pack().fingerprint
    vectors = VisualNetwork(chosen.pack)([np.asarray(draw_photo(seed=seed)) for seed in range(3)])
    assert vectors.features.shape == (3, 1024) and vectors.embeddings.shape == (3, 16)
    np.testing.assert_allclose(np.linalg.norm(vectors.embeddings, axis=1), 1, atol=1e-3)
    assert CaptionRegressor(chosen.pack)("perro en la playa").vector is not None
    assert consent_needed(paths, NAME) is None
    assert len(server.requests) == 1
    get(paths, yes=False)
    assert len(server.requests) == 1


def test_a_file_of_the_persons_serves_without_any_network(
    folder: Path, paths: DataPaths, weights: Path, server: WeightsServer, tmp_path: Path
) -> None:
    own = Path(shutil.copy(weights, tmp_path / "descargado (1).pth"))
    get(paths, yes=False, weights=own)
    assert use_pack(paths, NAME).name == NAME
    assert own.exists() and not server.requests


def test_a_pack_that_knows_only_the_first_digits_asks_for_those(folder: Path, paths: DataPaths, weights: Path) -> None:
    change(folder, weights__sha256=None, weights__bytes=round(weights.stat().st_size * 1.004))
    get(paths)
    assert json.loads((paths.weights / f"{weights.stem}.json").read_text())["source_sha256"] == sha256_of(weights)
    assert load_pack(folder, paths.weights).name == NAME


def test_without_a_yes_nothing_is_fetched(folder: Path, paths: DataPaths, server: WeightsServer) -> None:
    with pytest.raises(ConsentMissing):
        get(paths, yes=False)
    with pytest.raises(ConsentMissing):
        list(get_pack(paths, NAME, Consent(f"{server.address}/otra-cosa.pth", 5)))
    with pytest.raises(WeightsMissing):
        use_pack(paths, NAME)
    assert not server.requests
    goes_on_with_the_bundled(paths, WeightsMissing)


def test_no_socket_is_opened_without_a_yes(
    folder: Path, paths: DataPaths, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    list_packs(paths)
    consent = consent_needed(paths, NAME)
    with pytest.raises(ConsentMissing):
        get(paths, yes=False)
    goes_on_with_the_bundled(paths, WeightsMissing)
    assert consent is not None
    with pytest.raises(AssertionError, match="a socket was opened"):
        list(get_pack(paths, NAME, consent))
    get(paths, yes=False, weights=weights)
    VisualNetwork(use_pack(paths, NAME))([np.asarray(draw_photo())])


def test_a_download_that_was_cut_goes_on(folder: Path, paths: DataPaths, server: WeightsServer) -> None:
    server.cuts = [1_000_000, 0]
    with pytest.raises(DownloadFailed):
        get(paths)
    goes_on_with_the_bundled(paths, WeightsMissing)
    get(paths)
    assert server.requests[-1] == "bytes=1000000-"
    assert chosen_pack(paths).problem is None


@pytest.mark.parametrize("harm", ["flipped", "cut", "gone", "dead"])
def test_what_the_server_gives_wrong_is_never_used(
    folder: Path, paths: DataPaths, server: WeightsServer, weights: Path, harm: str
) -> None:
    data = bytearray(weights.read_bytes())
    data[len(data) // 2] ^= 1
    server.content = bytes(data) if harm == "flipped" else bytes(data[: len(data) // 3])
    server.status = 404 if harm == "gone" else 0
    if harm == "dead":
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            change(folder, weights__url=f"http://127.0.0.1:{free.getsockname()[1]}/{weights.name}")
            with pytest.raises(DownloadFailed, match="no_network"):
                get(paths)
    else:
        with pytest.raises(WeightsRejected if harm == "flipped" else DownloadFailed):
            get(paths)
    assert not list(paths.weights.glob("*"))
    goes_on_with_the_bundled(paths, WeightsMissing)


@pytest.mark.parametrize(
    ("harm", "why"),
    [("flipped", "checksum"), ("cut", "size"), ("other", "fingerprint"), ("text", "format"), ("net", "network")],
)
def test_a_file_that_is_not_right_is_refused_with_its_reason(
    folder: Path, paths: DataPaths, weights: Path, tmp_path: Path, harm: str, why: str
) -> None:
    given = Path(shutil.copy(weights, tmp_path / "dado.pth"))
    data = given.read_bytes()
    if harm == "flipped":
        given.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    elif harm == "cut":
        given.write_bytes(data[: len(data) // 2])
    else:
        if harm == "other":
            given = save_weights(tmp_path, zipped=False, seed=5)
        elif harm == "text":
            given.write_bytes(b"no es un modelo" * (len(data) // 15))
        else:
            change(folder, weights__file=weights.name)
            manifest = json.loads((folder / MANIFEST).read_text())
            manifest["backbone"]["name"] = "resnet18"
            write_manifest(folder, manifest)
        digest = sha256_of(given)  # as if this were the official file: the checksum agrees
        change(folder, weights__sha256=digest, weights__sha256_prefix=digest[:8])
    with pytest.raises(WeightsRejected) as caught:
        get(paths, yes=False, weights=given)
    assert caught.value.why == why
    assert sentence(caught.value).count("dado.pth" if harm != "other" else given.name) == 1
    assert given.exists()
    goes_on_with_the_bundled(paths, WeightsMissing)


def test_weights_that_change_later_are_noticed(folder: Path, paths: DataPaths, weights: Path) -> None:
    get(paths, yes=False, weights=weights)
    converted = paths.weights / f"{weights.stem}.safetensors"
    tensors = load_file(converted)
    tensors["conv1.0.weight"] += 1
    save_file(tensors, converted)
    goes_on_with_the_bundled(paths, WeightsRejected)
    assert consent_needed(paths, NAME) is not None
    get(paths)
    assert chosen_pack(paths).problem is None


def test_new_heads_on_the_same_weights_need_no_second_download(
    folder: Path, paths: DataPaths, weights: Path, server: WeightsServer
) -> None:
    get(paths, yes=False, weights=weights)
    change(folder, fingerprint__sha256="0" * 64)
    goes_on_with_the_bundled(paths, WeightsMissing)
    assert consent_needed(paths, NAME) is None
    assert [type(event) for event in get(paths)] == [Checking]
    assert chosen_pack(paths).problem is None and not server.requests


def test_the_list_says_what_each_pack_is(folder: Path, paths: DataPaths, weights: Path) -> None:
    entries = {entry.name: entry for entry in list_packs(paths)}
    assert entries[BUNDLED].chosen and entries[BUNDLED].problem is None and not entries[BUNDLED].file
    sample = entries[NAME]
    assert (sample.host, sample.file, sample.bytes) == ("127.0.0.1", weights.name, weights.stat().st_size)
    assert isinstance(sample.problem, WeightsMissing) and not sample.chosen
    (folder / HEADS_FILE).write_bytes(b"")
    assert isinstance({entry.name: entry for entry in list_packs(paths)}[NAME].problem, PackDamaged)
    goes_on_with_the_bundled(paths, PackDamaged)


def test_choosing_keeps_the_other_settings(paths: DataPaths) -> None:
    save_settings(paths.settings, Settings(language="en", pack="otro"))
    assert isinstance(chosen_pack(paths).problem, PackUnknown)
    use_pack(paths, BUNDLED)
    assert load_settings(paths.settings) == Settings(language="en")
    with pytest.raises(PackUnknown):
        use_pack(paths, "../" + NAME)


@pytest.mark.parametrize(
    "entry",
    [None, {}, {"weights__file": "../x.pth"}, {"weights__sha256_prefix": "ab"}, {"weights__bytes": "many"},
     {"fingerprint__seeds": 3}],
)  # fmt: skip
def test_a_manifest_that_names_nonsense_is_a_damaged_pack(folder: Path, entry: dict[str, object] | None) -> None:
    if entry:
        change(folder, **entry)
    else:
        manifest = json.loads((folder / MANIFEST).read_text())
        write_manifest(folder, {**manifest, "backbone": entry})
    with pytest.raises(PackDamaged):
        read_pack(folder)
