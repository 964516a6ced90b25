"""Cache what the teacher networks say of several crops of every photo.

The student is later shown exactly the crops that the teachers saw ("consistent teaching", Beyer et al. 2022).
Teachers are measuring instruments: their features are cached outside the repository and never ship.

    python -m photofinder.training.teachers --data CORPUS --out RUN/targets

writes ``boxes.npy`` (n, 4) float32, ``photo.npy`` (n,) int32 and ``features.npy`` (n, 2560) float16; row 0 of each
photo is its largest centred square. Interrupted runs go on where they stopped.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import numpy as np
import torch

from photofinder.model.torchvision_models import torchvision_models
from photofinder.training.data import Box, Corpus, centre_square, load_crops, random_box

FEATURES = 2560
CROPS_PER_SET = {"coco": 8, "sport_photos": 8, "imagenet": 8, "tiny_imagenet": 3, "miniplaces": 5}
OTHER_SETS_CROPS = 6


def plan_crops(corpus: Corpus, seed: int) -> tuple[list[int], list[Box]]:
    """Choose the crops of every photo: validation photos get the centre alone."""
    rng = np.random.default_rng(seed)
    numbers: list[int] = []
    boxes: list[Box] = []
    for photo in corpus.photos:
        width, height = corpus.image(photo.number).size
        wanted = 1 if photo.part == "val" else CROPS_PER_SET.get(photo.set, OTHER_SETS_CROPS)
        numbers += [photo.number] * wanted
        boxes.append(centre_square(width, height))
        boxes += [random_box(rng, width, height) for _ in range(wanted - 1)]
    return numbers, boxes


def load_teacher_module(corpus_folder: Path) -> ModuleType:
    """Import ``teacher/teacher.py`` of the corpus folder."""
    torchvision_models()
    path = corpus_folder / "teacher" / "teacher.py"
    spec = importlib.util.spec_from_file_location("teacher", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pixels", type=int, default=192)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    corpus = Corpus(options.data)
    numbers, boxes = plan_crops(corpus, options.seed)
    # Shuffled so that a run stopped half-way already holds a fair sample; centres first, all of them.
    first = np.r_[True, np.diff(numbers) != 0]
    order = np.random.default_rng(options.seed).permutation(len(numbers))
    order = np.concatenate([order[first[order]], order[~first[order]]])
    np.save(options.out / "photo.npy", np.asarray(numbers, dtype=np.int32)[order])
    np.save(options.out / "boxes.npy", np.asarray(boxes, dtype=np.float32)[order])

    features_path, state_path = options.out / "features.npy", options.out / "state.json"
    done = json.loads(state_path.read_text())["done"] if state_path.exists() else 0
    features = np.lib.format.open_memmap(
        features_path, mode="r+" if done else "w+", dtype=np.float16, shape=(len(order), FEATURES)
    )
    module = load_teacher_module(options.data)
    dtype = torch.bfloat16
    mobilenet = module.load_mobilenet(dtype).to(options.device)
    inception = module.InceptionMixed9(options.device, dtype)

    started, start = time.monotonic(), done
    with ThreadPoolExecutor(2) as pool, ThreadPoolExecutor(1) as ahead:

        def load(begin: int) -> np.ndarray:
            chosen = order[begin : begin + options.batch]
            return load_crops(corpus, [(numbers[i], boxes[i]) for i in chosen], options.pixels, options.pixels, pool)

        pending = ahead.submit(load, done)
        while done < len(order):
            pixels = pending.result()
            if done + options.batch < len(order):
                pending = ahead.submit(load, done + options.batch)
            images = torch.from_numpy(pixels).to(options.device).permute(0, 3, 1, 2).float().div_(255)
            with torch.inference_mode():
                said = module.teacher_features(images, mobilenet, inception)
            features[done : done + len(pixels)] = said.cpu().numpy().astype(np.float16)
            done += len(pixels)
            if done % (options.batch * 50) == 0 or done == len(order):
                features.flush()
                state_path.write_text(json.dumps({"done": done}))
                rate = (done - start) / (time.monotonic() - started)
                print(f"{done}/{len(order)} crops, {rate:.0f}/s", file=sys.stderr, flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
