"""A corpus of generated photos in the shape of the real one: three kinds of coloured pictures with captions."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photofinder.training import caption, features, lexicon, visual, write_pack
from photofinder.training.data import Corpus, centre_square
from tests.conftest import made_once

TINY_JOINT = ["--epochs", "20", "--captioned", "12", "--labelled", "12", "--synonyms", "2", "--concepts", "4",
              "--text-width", "16", "--no-thesaurus"]  # fmt: skip
TINY_VISUAL = ["--batch", "8", "--sides", "32:1.0", "--bank", "16"]

KINDS = {"red": ("rojo", (220, 30, 30)), "green": ("verde", (30, 200, 40)), "blue": ("azul", (30, 60, 220))}


def write_corpus(folder: Path, per_kind: int = 48) -> Path:
    """``photos-00.bin`` and the tables beside it; every third photo is a validation photo."""
    rng = np.random.default_rng(0)
    shard = io.BytesIO()
    photos = ["photo\tshard\toffset\tlength\tpart\tset\tclass\tspanish_names"]
    captions = ["photo\ttext"]
    number = 0
    for index in range(per_kind):
        for kind, (spanish, colour) in KINDS.items():
            noise = rng.integers(-25, 25, (48, 64, 3)) + np.asarray(colour)
            data = io.BytesIO()
            Image.fromarray(noise.clip(0, 255).astype(np.uint8)).save(data, "WEBP")
            part = "val" if index % 6 >= 4 else "train"
            group, label, names = ("coco", "", "") if index % 2 else ("paints", kind, f"pintura {spanish}")
            row = [number, "00", shard.tell(), len(data.getvalue()), part, group, label, names]
            photos.append("\t".join(map(str, row)))
            shard.write(data.getvalue())
            if group == "coco":
                captions += [f"{number}\tcuadro {spanish} en la pared", f"{number}\tpared {spanish}"]
            number += 1
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "photos-00.bin").write_bytes(shard.getvalue())
    (folder / "photos.tsv").write_text("\n".join(photos) + "\n", encoding="utf-8")
    (folder / "captions.tsv").write_text("\n".join(captions) + "\n", encoding="utf-8")
    (folder / "spanish").mkdir()
    (folder / "spanish" / "concepts.tsv").write_text(
        "".join(
            f"{kind}\t{spanish};{spanish}s\tcosa {spanish}|algo {spanish}\n" for kind, (spanish, _) in KINDS.items()
        )
        + "purple\tmorado;morada\tcosa morada|algo morado\n",
        encoding="utf-8",
    )
    (folder / "spanish" / "labels.tsv").write_text(
        "".join(f"paints\t{kind}\tlienzo {spanish}|color {spanish}\n" for kind, (spanish, _) in KINDS.items()),
        encoding="utf-8",
    )
    (folder / "spanish" / "paraphrases.tsv").write_text("cuadro rojo\tlienzo colorado\nmar azul\tocéano azul\n")
    (folder / "concepts").mkdir()
    vectors = rng.standard_normal((3, 16)).astype(np.float32)
    np.savez(folder / "concepts" / "clip_text.npz", names=np.asarray([f"lvis:{kind}" for kind in KINDS]), vec=vectors)
    return folder


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return Corpus(made_once(tmp_path_factory, "corpus", write_corpus))


@pytest.fixture(scope="session")
def run(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Teacher targets (here: mean colours), a joint space on them, a short CNN training, its own joint space, the same
    corrected by what photos say, a pack."""
    return made_once(tmp_path_factory, "training", lambda run: _train(corpus, run))


def _train(corpus: Corpus, run: Path) -> None:
    data = ["--data", str(corpus.folder)]
    targets = run / "targets"
    targets.mkdir()
    images = [corpus.image(p.number) for p in corpus.photos]
    colours = np.stack([np.asarray(image).reshape(-1, 3).mean(0) for image in images])
    np.save(targets / "features.npy", np.repeat(colours, 4, axis=1).astype(np.float16))
    np.save(targets / "photo.npy", np.arange(len(images), dtype=np.int32))
    np.save(targets / "boxes.npy", np.asarray([centre_square(*image.size) for image in images], dtype=np.float32))
    joint = run / "teacher_joint"
    assert caption.main([*data, "--features", str(targets), "--out", str(joint), *TINY_JOINT]) == 0
    train = [*data, "--targets", str(targets), "--joint", str(joint), "--out", str(run / "visual"), *TINY_VISUAL,
             "--phases", "all:1:1e-4"]  # fmt: skip
    assert visual.main([*train, "--steps", "3"]) == 0
    assert visual.main([*train, "--steps", "5"]) == 0
    network = str(run / "visual" / "visual.safetensors")
    shapes = ["--shapes", "32x32,48x32"]
    assert features.main([*data, "--network", network, "--out", str(run / "features"), "--crops", "2", *shapes]) == 0
    own = ["--features", str(run / "features")]
    begin = ["--start-joint", str(joint), "--start-network", network]
    assert caption.main([*data, *own, "--out", str(run / "joint"), *TINY_JOINT, *begin]) == 0
    corrected = ["--joint", str(run / "joint"), "--out", str(run / "corrected"), "--least", "3"]
    assert lexicon.main([*data, *own, *corrected]) == 0
    (run / "card.json").write_text(json.dumps({"data": "generated"}))
    assert write_pack.main(
        [*data, *own, *shapes, "--network", network, "--joint", str(run / "corrected"),
         "--card", str(run / "card.json"), "--name", "tiny", "--out", str(run / "pack")]
    ) == 0  # fmt: skip
