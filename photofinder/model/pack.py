"""A model pack: a folder with a manifest, checksums, and the weights of the CNN and the caption regressor.

``manifest.json`` holds ``format`` (1), ``name``, ``feature_dim``, ``embedding_dim``, ``input`` (how photos are
prepared), ``files`` (name to ``{"sha256", "bytes"}``), ``calibration``, ``similar`` and the ``card``: data, recipe,
command and figures. ``seal``, if it is there, is a checksum of all of that. Weights are safetensors and npz; nothing
in a pack is ever unpickled or executed.

A pack of format 2 holds the heads alone (``heads.safetensors``: ``head.*`` and ``fingerprint``) and names the
official weights of the network below them in ``backbone``: see ``model.official_weights``.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from photofinder.errors import PackDamaged, WeightsMissing
from photofinder.model.official_weights import OfficialWeights, installed
from photofinder.paths import data_paths, resource

FORMAT = 1
FORMAT_OF_HEADS = 2
MANIFEST = "manifest.json"
SEAL = "seal"
VISUAL_FILE = "visual.safetensors"
HEADS_FILE = "heads.safetensors"
FINGERPRINT = "fingerprint"
CAPTION_FILE = "caption.npz"
PACK_VARIABLE = "PHOTOFINDER_PACK"
BUNDLED = "es-laptop"

_REQUIRED = {
    "format": int, "name": str, "feature_dim": int, "embedding_dim": int,
    "input": dict, "files": dict, "calibration": dict, "similar": dict, "card": dict,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pack:
    """A verified pack. Vectors of packs with different fingerprints must never be compared.

    ``official``: the weights that a pack of heads alone names, and ``weights`` the file that they were converted to
    (None: not here yet); both None for a pack that holds its whole network.
    """

    folder: Path
    name: str
    fingerprint: str
    feature_dim: int
    embedding_dim: int
    manifest: Mapping[str, Any]
    official: OfficialWeights | None = None
    weights: Path | None = None

    def file(self, name: str) -> Path:
        """Path of one of the pack's files."""
        return self.folder / name


def load_pack(folder: Path | None = None, weights_folder: Path | None = None) -> Pack:
    """Read and verify a pack; ``None`` means ``$PHOTOFINDER_PACK`` or else the bundled one.

    ``weights_folder``: where official weights were converted to; the person's data folder unless given. Raises
    PackDamaged when a file is missing, has another size or checksum, or the manifest is not understood;
    WeightsMissing or WeightsRejected when the weights that it names are not there or are not right.
    """
    if folder is None:
        chosen = os.environ.get(PACK_VARIABLE)
        folder = Path(chosen) if chosen else resource("models", BUNDLED)
    pack = read_pack(folder)
    if pack.official is None:
        return pack
    weights_folder = data_paths().weights if weights_folder is None else weights_folder
    if not installed(pack.official, weights_folder):
        raise WeightsMissing(pack.name, pack.official.file)
    return replace(pack, weights=pack.official.converted(weights_folder))


def read_pack(folder: Path) -> Pack:
    """Verify what the folder itself holds; official weights that it names are not looked for. Raises PackDamaged."""
    manifest = _read_manifest(folder)
    own = VISUAL_FILE if manifest["format"] == FORMAT else HEADS_FILE
    for name, expected in manifest["files"].items():
        _verify(folder, name, expected)
    for name in (own, CAPTION_FILE):
        if name not in manifest["files"]:
            raise PackDamaged(folder, f"{name} is not listed")
    official = _official(folder, manifest)  # before the fingerprint, which reads the same part of the manifest
    return Pack(
        folder=folder,
        name=manifest["name"],
        fingerprint=fingerprint(manifest),
        feature_dim=manifest["feature_dim"],
        embedding_dim=manifest["embedding_dim"],
        manifest=manifest,
        official=official,
    )


def read_fingerprint(folder: Path) -> NDArray[np.float32]:
    """What the network of a pack of heads said of the generated pictures: ``(pictures, feature_dim)``.

    Raises PackDamaged.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(folder / HEADS_FILE, "np") as file:
            return np.asarray(file.get_tensor(FINGERPRINT), dtype=np.float32)
    except (OSError, SafetensorError) as error:
        raise PackDamaged(folder, f"{HEADS_FILE}: {error}") from error


def fingerprint(manifest: Mapping[str, Any]) -> str:
    """What the vectors of photos depend on: the CNN's weights and the preparation of its input (32 hex digits)."""
    parts = {"input": manifest["input"]}
    if manifest["format"] == FORMAT:
        parts["visual"] = manifest["files"][VISUAL_FILE]["sha256"]
    else:
        parts["visual"] = manifest["files"][HEADS_FILE]["sha256"]
        parts["backbone"] = manifest["backbone"]["weights"]["sha256_prefix"]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]


def seal(manifest: Mapping[str, Any]) -> str:
    """A checksum (SHA-256, 64 hex digits) of all that a manifest says besides: numbers of it decide what is found."""
    told = {key: value for key, value in manifest.items() if key != SEAL}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _official(folder: Path, manifest: Mapping[str, Any]) -> OfficialWeights | None:
    if manifest["format"] == FORMAT:
        return None
    try:
        return OfficialWeights.from_manifest(manifest["backbone"])
    except (KeyError, TypeError, ValueError) as error:
        raise PackDamaged(folder, f"{MANIFEST}: backbone: {error!r}") from error


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise PackDamaged(folder, f"{MANIFEST}: {error}") from error
    if not isinstance(manifest, dict):
        raise PackDamaged(folder, f"{MANIFEST} is not an object")
    for key, kind in _REQUIRED.items():
        if not isinstance(manifest.get(key), kind):
            raise PackDamaged(folder, f"{MANIFEST}: {key} is missing or of another type")
    if SEAL in manifest and manifest[SEAL] != seal(manifest):
        raise PackDamaged(folder, f"{MANIFEST} does not match its checksum")
    if manifest["format"] not in (FORMAT, FORMAT_OF_HEADS):
        raise PackDamaged(folder, f"format {manifest['format']} is not known")
    return manifest


def _verify(folder: Path, name: str, expected: object) -> None:
    if Path(name).name != name or not isinstance(expected, dict):
        raise PackDamaged(folder, f"{name!r} is not a plain file name with its checksum")
    digest = hashlib.sha256()
    try:
        if (folder / name).stat().st_size != expected.get("bytes"):
            raise PackDamaged(folder, f"{name} has another size")
        with open(folder / name, "rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise PackDamaged(folder, f"{name!r}: {error}") from error
    if digest.hexdigest() != expected.get("sha256"):
        raise PackDamaged(folder, f"{name} does not match its checksum")
