"""Official weights that a pack names instead of holding them: verified, converted once, and used only if they agree.

A pack that was made on torchvision's official weights holds our heads alone. The weights come from a download that
the person agreed to, or from a file that they give. They are used only when two things agree: the file's size and
SHA-256 (checked before anything reads it), and the *fingerprint*: what the network says of generated pictures, next
to what it said when the pack was made. They are then kept as safetensors, with a record of what was verified.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from photofinder.errors import WeightsRejected

if TYPE_CHECKING:
    from photofinder.model.torchvision_backbones import BackboneTrunk

FloatArray = NDArray[np.float32]

TOLERANCE = 0.1
"""Largest relative distance between two fingerprints of the same weights.

Measured on MobileNetV2: weights rounded to float16 2 %, to bfloat16 15 %, shuffled within each layer 700 %.
"""
_RECORD_FORMAT = 1


@dataclass(frozen=True, slots=True)
class OfficialWeights:
    """Which weights a pack was made on. ``sha256_prefix`` is the one in torchvision's file name; ``sha256`` is the
    whole digest, empty when the maker of the pack did not have the official file; ``bytes`` then is known to 1 %.

    ``seeds`` and ``side`` name the generated pictures of the fingerprint; ``fingerprint`` is the SHA-256 of the
    features (float16) that lie in the pack.
    """

    backbone: str
    file: str
    url: str
    bytes: int
    sha256_prefix: str
    sha256: str
    seeds: tuple[int, ...]
    side: int
    tolerance: float
    fingerprint: str

    @classmethod
    def from_manifest(cls, entry: Mapping[str, Any]) -> OfficialWeights:
        """Read ``manifest["backbone"]``. Raises KeyError, TypeError or ValueError when it makes no sense."""
        weights, fingerprint = entry["weights"], entry["fingerprint"]
        found = cls(
            str(entry["name"]), str(weights["file"]), str(weights["url"]), int(weights["bytes"]),
            str(weights["sha256_prefix"]), str(weights["sha256"] or ""), tuple(map(int, fingerprint["seeds"])),
            int(fingerprint["side"]), float(fingerprint["tolerance"]), str(fingerprint["sha256"]),
        )  # fmt: skip
        if (
            PurePosixPath(found.file).name != found.file
            or not found.file
            or not found.sha256.startswith(found.sha256_prefix if found.sha256 else "")
        ):
            raise ValueError(f"weights {found.file!r}")
        if len(found.sha256_prefix) < 8:
            raise ValueError(f"checksum {found.sha256_prefix!r} is too short")
        return found

    @property
    def host(self) -> str:
        """Where they are downloaded from."""
        return urlsplit(self.url).hostname or ""

    def converted(self, folder: Path) -> Path:
        """Their file in ``folder`` once they are verified and converted."""
        return folder / f"{PurePosixPath(self.file).stem}.safetensors"

    def downloaded(self, folder: Path) -> Path:
        """Their file in ``folder`` between download and conversion."""
        return folder / self.file


def installed(official: OfficialWeights, folder: Path) -> bool:
    """Whether the converted weights are in ``folder`` and agreed with this pack's fingerprint.

    Raises WeightsRejected when they changed since then.
    """
    record = _record(official, folder)
    return official.fingerprint in record.get("agrees", ()) and is_converted(official, folder)


def is_converted(official: OfficialWeights, folder: Path) -> bool:
    """Whether the weights are in ``folder``, for whatever pack. Raises WeightsRejected when they changed."""
    path, record = official.converted(folder), _record(official, folder)
    if not record or not path.exists():
        return False
    if sha256_of(path) != record["sha256"]:
        raise WeightsRejected(path, "checksum")
    return True


def verify_file(official: OfficialWeights, path: Path) -> str:
    """Check size and SHA-256 of an official file and return the whole digest. Raises WeightsRejected, OSError."""
    if abs(path.stat().st_size - official.bytes) > official.bytes * 0.01:
        raise WeightsRejected(path, "size", f"{path.stat().st_size}, not {official.bytes}")
    digest = sha256_of(path)
    if not digest.startswith(official.sha256 or official.sha256_prefix):
        raise WeightsRejected(path, "checksum", digest)
    return digest


def is_kept(official: OfficialWeights, folder: Path) -> bool:
    """Whether converted weights are in ``folder``, without reading them: for lists. ``is_converted`` verifies."""
    return bool(_record(official, folder)) and official.converted(folder).exists()


def convert(official: OfficialWeights, path: Path, folder: Path, expected: FloatArray | None) -> None:
    """Verify an official file and keep it in ``folder`` as safetensors. Needs torch.

    ``expected``: the pack's fingerprint, ``(pictures, feature_dim)``; None where there is none to agree with. Raises
    WeightsRejected; OSError when the disk does not take the file.
    """
    digest = verify_file(official, path)
    trunk = _trunk(official, read_arrays(path), path)
    if expected is not None:
        check_agreement(official, trunk, expected, path)
    _save(official, trunk, folder, digest, agrees=expected is not None)


def confirm(official: OfficialWeights, folder: Path, expected: FloatArray) -> None:
    """Check that weights converted earlier agree with another pack's fingerprint, and note it. Needs torch."""
    path = official.converted(folder)
    check_agreement(official, _trunk(official, read_arrays(path), path), expected, path)
    record = _record(official, folder)
    _write_record(official, folder, {**record, "agrees": [*record["agrees"], official.fingerprint]})


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """The tensors of a ``.safetensors``, or of what ``torch.save`` wrote. Raises WeightsRejected, OSError."""
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    from photofinder.model.torch_file import NotATensorFile, read_tensors

    try:
        if path.suffix == ".safetensors":
            found: dict[str, NDArray[Any]] = load_file(path)
            return found
        return read_tensors(path)
    except (NotATensorFile, SafetensorError) as error:
        raise WeightsRejected(path, "format", str(error)) from error


def fingerprint_digest(features: NDArray[np.float16]) -> str:
    """SHA-256 of a pack's fingerprint as it is stored."""
    return hashlib.sha256(np.ascontiguousarray(features, dtype="<f2").tobytes()).hexdigest()


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, 64 hex digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _trunk(official: OfficialWeights, arrays: Mapping[str, NDArray[Any]], path: Path) -> BackboneTrunk:
    from photofinder.model.torchvision_backbones import BackboneTrunk, UnknownBackbone, WeightsDoNotFit

    try:
        trunk = BackboneTrunk(official.backbone, empty=True)
        trunk.load_arrays(arrays)
    except (UnknownBackbone, WeightsDoNotFit) as error:
        raise WeightsRejected(path, "network", str(error)) from error
    return trunk


def check_agreement(official: OfficialWeights, trunk: BackboneTrunk, expected: FloatArray, path: Path) -> None:
    """Check that a network with the weights of ``path`` says of the generated pictures what a pack's fingerprint does.

    ``expected`` ``(pictures, feature_dim)``. Raises WeightsRejected.
    """
    from photofinder.model.torchvision_backbones import features_of_generated_pictures

    features = features_of_generated_pictures(trunk, official.seeds, official.side)
    if features.shape != expected.shape:
        raise WeightsRejected(path, "fingerprint", f"{features.shape}, not {expected.shape}")
    distance = np.linalg.norm(features - expected, axis=1) / np.maximum(np.linalg.norm(expected, axis=1), 1e-6)
    if not bool((distance <= official.tolerance).all()):  # NaN is no agreement either
        raise WeightsRejected(path, "fingerprint", f"distances {distance.tolist()}")


def _save(official: OfficialWeights, trunk: BackboneTrunk, folder: Path, digest: str, *, agrees: bool) -> None:
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    path = official.converted(folder)
    temporary = path.with_name(path.name + ".new")
    save_file(trunk.arrays(), temporary)  # not through one block of bytes: VGG-19 has half a gigabyte
    with open(temporary, "rb+") as file:
        os.fsync(file.fileno())
    kept = sha256_of(temporary)
    temporary.replace(path)
    entry = {
        "format": _RECORD_FORMAT, "backbone": official.backbone, "source": official.file, "source_sha256": digest,
        "sha256": kept, "agrees": [official.fingerprint] if agrees else [],
    }  # fmt: skip
    _write_record(official, folder, entry)


def _record(official: OfficialWeights, folder: Path) -> dict[str, Any]:
    """What was noted of the converted weights; empty when there is nothing, or nothing that can be read."""
    try:
        entry = json.loads(official.converted(folder).with_suffix(".json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    kinds = {"format": int, "source_sha256": str, "sha256": str, "backbone": str, "agrees": list}
    known = isinstance(entry, dict) and all(isinstance(entry.get(key), kind) for key, kind in kinds.items())
    right = known and (entry["format"], entry["backbone"]) == (_RECORD_FORMAT, official.backbone)
    return entry if right and entry["source_sha256"].startswith(official.sha256 or official.sha256_prefix) else {}


def _write_record(official: OfficialWeights, folder: Path, entry: Mapping[str, Any]) -> None:
    path = official.converted(folder).with_suffix(".json")
    temporary = path.with_name(path.name + ".new")
    temporary.write_text(json.dumps(entry, indent=1) + "\n", encoding="utf-8")
    temporary.replace(path)
