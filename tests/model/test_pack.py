from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from photofinder.errors import PackDamaged, WeightsMissing
from photofinder.model.caption import CaptionRegressor
from photofinder.model.official_weights import fingerprint_digest
from photofinder.model.pack import (
    CAPTION_FILE,
    MANIFEST,
    SEAL,
    VISUAL_FILE,
    Pack,
    load_pack,
    read_fingerprint,
    read_pack,
)
from photofinder.paths import resource
from tests.conftest import write_manifest


@pytest.fixture
def copy(pack: Pack, tmp_path: Path) -> Path:
    return Path(shutil.copytree(pack.folder, tmp_path / "pack"))


def test_the_bundled_pack_is_whole(pack: Pack) -> None:
    assert pack.feature_dim > 0 and pack.embedding_dim > 0
    assert len(pack.fingerprint) == 32
    assert sum(f.stat().st_size for f in pack.folder.iterdir()) <= 60_000_000


def test_the_pack_on_official_weights_is_whole_but_for_the_weights(tmp_path: Path) -> None:
    folder = resource("models", "es-mobilenet-v2")
    second = read_pack(folder)
    official = second.official
    assert official is not None
    assert sum(file.stat().st_size for file in folder.iterdir()) <= 20_000_000
    assert official.url.startswith("https://") and official.url.endswith(f"-{official.sha256_prefix}.pth")
    features = read_fingerprint(folder)
    assert features.shape == (len(official.seeds), second.feature_dim)
    assert fingerprint_digest(features.astype(np.float16)) == official.fingerprint
    regressor = CaptionRegressor(second)
    for phrase in ("perro en la playa", "niñito", "perrro", "carro rojo"):
        assert regressor(phrase).vector is not None, phrase
    with pytest.raises(WeightsMissing):
        load_pack(folder, tmp_path)


def test_an_environment_variable_chooses_another_pack(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHOTOFINDER_PACK", str(copy))
    assert load_pack().folder == copy


def test_the_fingerprint_follows_the_network_not_the_card(copy: Path, pack: Pack) -> None:
    manifest = json.loads((copy / MANIFEST).read_text())
    manifest["card"] = {"changed": True}
    write_manifest(copy, manifest)
    assert load_pack(copy).fingerprint == pack.fingerprint
    manifest["input"]["shapes"] = [[64, 64]]
    write_manifest(copy, manifest)
    assert load_pack(copy).fingerprint != pack.fingerprint


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _flip_a_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("name", [VISUAL_FILE, CAPTION_FILE, MANIFEST])
@pytest.mark.parametrize("damage", [Path.unlink, _truncate])
def test_a_missing_or_cut_file_is_noticed(copy: Path, name: str, damage: object) -> None:
    damage(copy / name)  # type: ignore[operator]
    with pytest.raises(PackDamaged):
        load_pack(copy)


@pytest.mark.parametrize("name", [VISUAL_FILE, CAPTION_FILE])
def test_one_flipped_bit_is_noticed(copy: Path, name: str) -> None:
    _flip_a_bit(copy / name)
    with pytest.raises(PackDamaged):
        load_pack(copy)


def test_any_other_number_in_the_manifest_is_noticed(copy: Path) -> None:
    manifest = json.loads((copy / MANIFEST).read_text())
    assert SEAL in manifest
    manifest["calibration"]["text"] = {**manifest["calibration"]["text"], "quite": 1}
    (copy / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(PackDamaged, match="checksum"):
        load_pack(copy)
    del manifest[SEAL]  # of a pack that was made before there was one
    (copy / MANIFEST).write_text(json.dumps(manifest))
    load_pack(copy)


@pytest.mark.parametrize(
    "change",
    [{"format": 99}, {"name": 3}, {"files": {}}, {"files": {"../evil": {"sha256": "", "bytes": 0}}}, {"input": None}],
)
def test_a_manifest_that_makes_no_sense_is_refused(copy: Path, change: dict[str, object]) -> None:
    manifest = json.loads((copy / MANIFEST).read_text())
    write_manifest(copy, manifest | change)
    with pytest.raises(PackDamaged):
        load_pack(copy)


def test_a_folder_without_a_pack_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackDamaged):
        load_pack(tmp_path)
