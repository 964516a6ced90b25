"""A model pack: a folder with a manifest, checksums, and the weights of the CNN and the caption regressor.

``manifest.json`` holds ``format`` (1), ``name``, ``feature_dim``, ``embedding_dim``, ``input`` (how photos are
prepared), ``files`` (name to ``{"sha256", "bytes"}``), ``calibration``, ``similar`` and the ``card``: data, recipe,
command and figures. Weights are safetensors and npz; nothing in a pack is ever unpickled or executed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from photofinder.errors import PackDamaged
from photofinder.paths import resource

FORMAT = 1
MANIFEST = "manifest.json"
VISUAL_FILE = "visual.safetensors"
CAPTION_FILE = "caption.npz"
PACK_VARIABLE = "PHOTOFINDER_PACK"
BUNDLED = "es-laptop"

_REQUIRED = {
    "format": int, "name": str, "feature_dim": int, "embedding_dim": int,
    "input": dict, "files": dict, "calibration": dict, "similar": dict, "card": dict,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pack:
    """A verified pack. Vectors of packs with different fingerprints must never be compared."""

    folder: Path
    name: str
    fingerprint: str
    feature_dim: int
    embedding_dim: int
    manifest: Mapping[str, Any]

    def file(self, name: str) -> Path:
        """Path of one of the pack's files."""
        return self.folder / name


def load_pack(folder: Path | None = None) -> Pack:
    """Read and verify a pack; ``None`` means ``$PHOTOFINDER_PACK`` or else the bundled one.

    Raises PackDamaged when a file is missing, has another size or checksum, or the manifest is not understood.
    """
    if folder is None:
        chosen = os.environ.get(PACK_VARIABLE)
        folder = Path(chosen) if chosen else resource("models", BUNDLED)
    manifest = _read_manifest(folder)
    for name, expected in manifest["files"].items():
        _verify(folder, name, expected)
    for name in (VISUAL_FILE, CAPTION_FILE):
        if name not in manifest["files"]:
            raise PackDamaged(folder, f"{name} is not listed")
    return Pack(
        folder=folder,
        name=manifest["name"],
        fingerprint=fingerprint(manifest),
        feature_dim=manifest["feature_dim"],
        embedding_dim=manifest["embedding_dim"],
        manifest=manifest,
    )


def fingerprint(manifest: Mapping[str, Any]) -> str:
    """What the vectors of photos depend on: the CNN's weights and the preparation of its input (32 hex digits)."""
    parts = {"visual": manifest["files"][VISUAL_FILE]["sha256"], "input": manifest["input"]}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PackDamaged(folder, f"{MANIFEST}: {error}") from error
    if not isinstance(manifest, dict):
        raise PackDamaged(folder, f"{MANIFEST} is not an object")
    for key, kind in _REQUIRED.items():
        if not isinstance(manifest.get(key), kind):
            raise PackDamaged(folder, f"{MANIFEST}: {key} is missing or of another type")
    if manifest["format"] != FORMAT:
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
    except OSError as error:
        raise PackDamaged(folder, f"{name}: {error}") from error
    if digest.hexdigest() != expected.get("sha256"):
        raise PackDamaged(folder, f"{name} does not match its checksum")
