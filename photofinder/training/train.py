"""Train a pack on any classification network of torchvision: ``photofinder train`` of the command line.

Three steps, each kept in the work folder and not repeated when it is there: photos and phrases to a corpus (unless
one is given), photos to features, features and phrases to a joint space. Then what photos say of it
(``training.lexicon``), calibration, and the pack: our heads, the caption regressor and the fingerprint of the official
weights, which themselves stay where they come from.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from photofinder.errors import PackDamaged, WeightsRejected
from photofinder.model.official_weights import (
    TOLERANCE,
    check_agreement,
    fingerprint_digest,
    read_arrays,
    sha256_of,
)
from photofinder.model.pack import read_fingerprint, read_pack
from photofinder.model.preparation import InputShapes
from photofinder.model.torchvision_backbones import (
    BackboneTrunk,
    UnknownBackbone,
    WeightsDoNotFit,
    features_of_generated_pictures,
)
from photofinder.model.torchvision_models import torchvision_models
from photofinder.training.calibrate import calibrate
from photofinder.training.caption import JointOptions, Start, load_cached_features, save_joint, train_joint
from photofinder.training.data import Corpus
from photofinder.training.features import cache_features, parse_shapes, plan_views, save_features
from photofinder.training.import_photos import import_photos
from photofinder.training.lexicon import LexiconOptions, lexicon_card, with_lexicon
from photofinder.training.saved_joint import load_joint
from photofinder.training.write_pack import VisualPart, pack_caption, pack_heads, write_pack

SHAPES = "288x288,320x256,256x320"
"""Square, landscape and portrait; chosen by measurement for MobileNetV2 (docs/MODEL.md)."""
LEVELS = 22
"""Steps of the text table on either side of 0: coarse enough to be deflated by a third, too fine to be noticed."""
BANK = 8192
"""Phrases of the bank (``model.querybank``): half as many as the bundled pack has, for 4 megabytes less."""
SEEDS = (1, 2, 3)

_HASHED_NAME = re.compile(r"-([0-9a-f]{8,64})\.pth$")


@dataclass(frozen=True, slots=True)
class TrainRequest:
    """What to train. Either ``corpus``, or ``captions`` and ``photos``.

    ``weights``: the official ``.pth``, or the same weights as safetensors. ``address``: where the official file is
    offered; found in torchvision unless given. ``size``: of the official file in bytes, needed when ``weights`` is not
    that file itself.
    """

    backbone: str
    weights: Path
    out: Path
    work: Path
    corpus: Path | None = None
    captions: Path | None = None
    photos: Path | None = None
    shapes: str = SHAPES
    crops: int = 2
    address: str = ""
    size: int = 0
    device: str = "cpu"
    start_joint: Path | None = None
    card: Path | None = None


def train_pack(request: TrainRequest, options: JointOptions) -> Path:
    """Do what is left to do and write the pack; its folder. Progress goes to stderr.

    Raises WeightsRejected (not the weights of this network, or an official file that does not match its name),
    CaptionsFileInvalid, or OSError.
    """
    trunk = load_weights(request)
    official = official_entry(request, trunk)
    corpus = _corpus(request)
    features = request.work / "features"
    if not (features / "photo.npy").exists():
        _note(f"1/3 features of {len(corpus.photos)} photos")
        views = plan_views(corpus, InputShapes(parse_shapes(request.shapes)), request.crops, options.seed)
        folded = load_weights(request)
        folded.fold()
        save_features(features, cache_features(corpus, folded, views, request.device), views)
    joint_folder = request.work / "joint"
    if not (joint_folder / "joint.json").exists():
        _note("2/3 joint space")
        start = None if request.start_joint is None else Start(request.start_joint)
        joint = train_joint(corpus, *load_cached_features(features), options, request.device, start)
        save_joint(joint, options, joint_folder)
    _note("3/3 calibration and pack")
    official["fingerprint"], fingerprint = fingerprint_of(request, trunk)
    correction = LexiconOptions()
    trained = load_joint(joint_folder)
    joint_space = with_lexicon(corpus, *load_cached_features(features), trained, correction).with_bank(corpus, BANK)
    shapes = [list(shape) for shape in parse_shapes(request.shapes)]
    write_pack(
        request.out,
        request.out.name,
        VisualPart(pack_heads(joint_space.head, fingerprint), {"shapes": shapes}, official),
        pack_caption(joint_space, LEVELS),
        calibrate(corpus, features, joint_space),
        {**_card(request, joint_folder, len(corpus.photos)), "lexicon": lexicon_card(joint_space, correction)},
        compress=True,
    )
    return request.out


def official_entry(request: TrainRequest, trunk: BackboneTrunk) -> dict[str, Any]:
    """The manifest's ``backbone`` but for its fingerprint. The whole digest is noted when ``weights`` is the official
    file itself.

    Raises WeightsRejected when a file with an official name has another checksum than the one in its name.
    """
    address = request.address or _address(request)
    file = PurePosixPath(urlsplit(address).path).name
    named = _HASHED_NAME.search(file)
    if named is None:
        raise WeightsRejected(request.weights, "checksum", f"{address!r} does not end in a checksum")
    digest = sha256_of(request.weights)
    is_official = digest.startswith(named[1])
    if request.weights.name == file and not is_official:
        raise WeightsRejected(request.weights, "checksum", digest)
    size = request.weights.stat().st_size if is_official else request.size or _announced_size(request, file)
    return {
        "name": trunk.name,
        "weights": {
            "file": file, "url": address, "bytes": size, "sha256_prefix": named[1],
            "sha256": digest if is_official else None,
        },
    }  # fmt: skip


def fingerprint_of(request: TrainRequest, trunk: BackboneTrunk) -> tuple[dict[str, Any], NDArray[np.float16]]:
    """What the manifest says of the pack's fingerprint, and the features that are it, ``(pictures, feature_dim)``.

    A pack that is written over hands its own on where these weights agree with it: weights that a person's program has
    verified for that pack are then right for the new one, too.
    """
    try:
        before = read_pack(request.out)
        if before.official is not None and before.official.backbone == trunk.name:
            said = read_fingerprint(request.out)
            check_agreement(before.official, trunk, said, request.weights)
            return before.manifest["backbone"]["fingerprint"], said.astype(np.float16)
    except (PackDamaged, WeightsRejected):
        pass  # none there, or of other weights
    side = min(min(shape) for shape in parse_shapes(request.shapes))
    new = features_of_generated_pictures(trunk, SEEDS, side).astype(np.float16)
    return {"seeds": list(SEEDS), "side": side, "tolerance": TOLERANCE, "sha256": fingerprint_digest(new)}, new


def load_weights(request: TrainRequest) -> BackboneTrunk:
    """The network with its weights, not folded. Raises WeightsRejected."""
    try:
        trunk = BackboneTrunk(request.backbone)
        trunk.load_arrays(read_arrays(request.weights))
    except (UnknownBackbone, WeightsDoNotFit) as error:
        raise WeightsRejected(request.weights, "network", str(error)) from error
    return trunk


def _entries(request: TrainRequest) -> list[Any]:
    return list(torchvision_models().get_model_weights(request.backbone))


def _address(request: TrainRequest) -> str:
    """Where torchvision offers the file of this name; else the first weights that it offers for the network."""
    addresses = [entry.url for entry in _entries(request)]
    same = [address for address in addresses if address.endswith(f"/{request.weights.name}")]
    return str((same or addresses or [""])[0])


def _announced_size(request: TrainRequest, file: str) -> int:
    """Torchvision's own figure, good to a thousandth of a mebibyte; 0 when it has none."""
    for entry in _entries(request):
        if entry.url.endswith(f"/{file}"):
            return round(float(entry.meta.get("_file_size", 0)) * 2**20)
    return 0


def _corpus(request: TrainRequest) -> Corpus:
    if request.corpus is not None:
        return Corpus(request.corpus)
    if request.captions is None or request.photos is None:
        raise ValueError("either a corpus, or captions and photos")
    folder = request.work / "corpus"
    if not (folder / "photos.tsv").exists():
        _note(f"0/3 photos of {request.photos}")
        import_photos(request.captions, request.photos, folder)
    return Corpus(folder)


def _card(request: TrainRequest, joint_folder: Path, photos: int) -> dict[str, Any]:
    own = {} if request.card is None else json.loads(request.card.read_text(encoding="utf-8"))
    trained = json.loads((joint_folder / "joint.json").read_text(encoding="utf-8"))
    return {"backbone": request.backbone, "photos": photos, **own, "joint": trained}


def _note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
