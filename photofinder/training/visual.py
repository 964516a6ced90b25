"""Train the CNN: imitate the teachers' features and their joint space, name every label, tell captions apart.

    python -m photofinder.training.visual --data CORPUS --targets RUN/targets --joint RUN/joint_teacher \
        --out RUN/visual [--start network.safetensors] [--minutes 90 | --steps 10000] [--device cuda]
    python -m photofinder.training.visual --data CORPUS --teacher PACK --weights OFFICIAL --out RUN/visual …
        [--joint RUN/joint_both]

The teachers' features of crops were kept by ``training.teachers``, or a teacher looks at every crop anew: the network
below a pack on official weights (``training.live_lessons``). Losses:

* regression of the standardised teacher features;
* cosine to the teachers' embedding in the joint space, and cross entropy against their soft choice among a bank of
  training texts (relational distillation), plus the photo's own caption in that bank;
* cross entropy on every label set;
* of a teacher at work: regression of its map at each stage's size (hints, Romero et al. 2015).

``--phases`` says what is trained until which share of the run, and how fast. One stage after the other comes near the
hints soon, but a trained last stage has to learn anew what it is given (docs/MODEL.md). Weights are averaged (EMA). A
stopped run goes on from its last checkpoint.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Self

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from photofinder.model.trunk import channels_last, normalise
from photofinder.model.visual import PhotoNetwork
from photofinder.training.data import Corpus, centre_square, crop
from photofinder.training.lessons import CachedLessons, Lesson, LessonSource, Sayings, stream
from photofinder.training.live_lessons import LiveLessons
from photofinder.training.metrics import RetrievalFigures, retrieval_figures
from photofinder.training.recipe import parse_recipe
from photofinder.training.saved_joint import load_joint
from photofinder.training.student import CHECKPOINT_FILE, Labels, Student, Training

_NOTE_EVERY = 25
_SAVE_EVERY = 200
_JUDGE_EVERY = 600
_WARM_UP = 50
_FIRST_GUESS = 24
"""Batches that the layers which imitate the teacher are fitted to before the first step."""


@dataclass(frozen=True, slots=True)
class Phase:
    """Train ``part`` of the student from one share of the run ``until`` another; the rate falls to 0 as a cosine."""

    part: str
    begin: float
    until: float
    rate: float

    def rate_at(self, progress: float) -> float:
        """The learning rate at ``progress`` in [0, 1] of the whole run."""
        return self.rate * 0.5 * (1 + math.cos(math.pi * (progress - self.begin) / (self.until - self.begin))) + 1e-6


@dataclass(frozen=True, slots=True)
class VisualOptions:
    """The recipe; every field is a command-line option of the same name.

    ``phases`` lists ``part:until:rate`` with the parts of ``Student.part`` (a single stage needs a teacher at work);
    ``sides`` lists ``pixels:until``; ``depths``, how many residual blocks each stage has; ``first_map``, the
    first stage whose map is learnt when all are learnt together.
    """

    minutes: float = 0.0
    steps: int = 0
    batch: int = 128
    phases: str = "all:1:1e-3"
    weight_decay: float = 0.05
    ema: float = 0.998
    sides: str = "112:0.5,128:0.85,160:1.0"
    depths: str = "2,2,2,2"
    feature_weight: float = 1.0
    embedding_weight: float = 4.0
    bank_weight: float = 0.5
    caption_weight: float = 0.15
    label_weight: float = 0.2
    map_weight: float = 0.5
    first_map: int = 1
    bank: int = 4096
    bank_scale: float = 20.0
    seed: int = 1

    def side_at(self, progress: float) -> int:
        """Input side in pixels at ``progress`` in [0, 1]."""
        for part in self.sides.split(","):
            pixels, until = part.split(":")
            if progress < float(until):
                return int(pixels)
        return int(self.sides.rsplit(",", 1)[-1].split(":")[0])

    def phase_at(self, progress: float) -> Phase:
        """The phase at ``progress`` in [0, 1]."""
        begin = 0.0
        for entry in self.phases.split(","):
            part, until, rate = entry.split(":")
            phase = Phase(part, begin, float(until), float(rate))
            begin = phase.until
            if progress < begin:
                break
        return phase


def train_visual(corpus: Corpus, lessons: LessonSource, sayings: Sayings, options: VisualOptions, start: Path | None,
                 out: Path, device: str = "cpu") -> None:  # fmt: skip
    """Train and write ``visual.safetensors`` (the averaged network), ``checkpoint.safetensors`` and ``log.jsonl``."""
    torch.manual_seed(options.seed)
    out.mkdir(parents=True, exist_ok=True)
    labels = Labels(corpus)
    depths = [int(depth) for depth in options.depths.split(",")]
    student = Student(lessons.teacher_dim, lessons.map_dims, labels.counts, depths).to(device)
    channels_last(student)
    if start is not None and not (out / CHECKPOINT_FILE).exists() and not student.start_from(start):
        rng = np.random.default_rng([options.seed, 0])
        student.fit_imitation(islice(stream(lessons, options.batch, lambda: options.side_at(0), rng), _FIRST_GUESS))
    training = Training(student, options.weight_decay)
    training.resume(out)
    rng = np.random.default_rng([options.seed, training.step])
    phase: Phase | None = None
    phase_began = training.step

    def progress() -> float:
        return training.step / options.steps if options.steps else training.seconds / (60 * options.minutes)

    with Log(out / "log.jsonl", options.batch) as log:
        for lesson in stream(lessons, options.batch, lambda: options.side_at(progress()), rng):
            if (now := progress()) >= 1:
                break
            if phase != options.phase_at(now):
                phase, phase_began = options.phase_at(now), training.step
                training.only(phase.part)
            losses = _losses(student, phase.part, lesson, sayings, labels, options, rng)
            warm = min(1.0, (training.step - phase_began + 1) / _WARM_UP)
            training.learn(sum(losses.values(), torch.zeros(())), warm * phase.rate_at(now), options.ema)
            training.seconds += log.step(training.step, {"part": phase.part, "progress": round(now, 4)}, losses)
            if training.step % _SAVE_EVERY == 0:
                training.save(out)
            if training.step % _JUDGE_EVERY == 0 and phase.part in ("top", "all"):
                figures = evaluate_network(training.average, corpus, sayings, options.side_at(1.0), device)
                log.write({"step": training.step, "val": str(figures)})
        training.save(out)
        figures = evaluate_network(training.average, corpus, sayings, options.side_at(1.0), device)
        log.write({"step": training.step, "val": str(figures), "recipe": asdict(options)})


def _losses(student: Student, part: str, lesson: Lesson, sayings: Sayings, labels: Labels, options: VisualOptions,
            rng: np.random.Generator) -> dict[str, Tensor]:  # fmt: skip
    """The weighted losses that a part of the student learns by."""
    images, trunk = _jitter(lesson.images), student.network.trunk
    losses: dict[str, Tensor] = {}
    with torch.autocast(images.device.type, torch.bfloat16):
        for stage, own in enumerate(trunk.stage_maps(images), 1):
            together = part == "all" and stage >= options.first_map
            if lesson.maps and (together or part == str(stage) or (part == "top" and stage == trunk.stages)):
                guess = student.imitate_maps[stage - 1](own).float()
                losses[f"map{stage}"] = options.map_weight * F.mse_loss(guess, lesson.maps[stage - 1])
            if part == str(stage):
                return losses
    features = own.float().mean((2, 3))
    embeddings = student.network.head(features)
    losses["feature"] = options.feature_weight * F.mse_loss(student.imitate(features), lesson.features)
    losses["embedding"] = options.embedding_weight * (1 - (embeddings * lesson.embeddings).sum(1)).mean()
    bank, own_caption = _bank_losses(embeddings, lesson, sayings, options, rng)
    losses["bank"] = options.bank_weight * bank
    losses["caption"] = options.caption_weight * own_caption
    losses["label"] = options.label_weight * student.labels.loss(features, *labels.of(lesson.photos))
    return losses


def _bank_losses(embeddings: Tensor, lesson: Lesson, sayings: Sayings, options: VisualOptions,
                 rng: np.random.Generator) -> tuple[Tensor, Tensor]:  # fmt: skip
    """Cross entropy against the teachers' choice among texts, and against the photo's own caption among them."""
    chosen = rng.choice(len(sayings.bank), min(options.bank, len(sayings.bank)), replace=False)
    own = np.asarray([rng.choice(sayings.of_photo.get(n, [-1])) for n in lesson.photos.tolist()])
    captioned = torch.from_numpy(np.flatnonzero(own >= 0)).to(embeddings.device)
    chosen[: len(captioned)] = own[own >= 0]
    bank = sayings.bank[torch.from_numpy(chosen).to(embeddings.device)]
    logits = options.bank_scale * embeddings @ bank.T
    with torch.no_grad():
        soft = F.softmax(options.bank_scale * lesson.embeddings @ bank.T, dim=1)
    right = torch.arange(len(captioned), device=embeddings.device)
    hard = F.cross_entropy(logits[captioned], right, reduction="sum") / max(1, len(captioned))
    return F.cross_entropy(logits, soft), hard


def _jitter(images: Tensor) -> Tensor:
    """Mild changes of brightness and contrast, one draw a photo; targets stay those of the clean crop."""
    n = len(images)
    contrast = torch.empty(n, 1, 1, 1, device=images.device).uniform_(0.8, 1.25)
    brightness = torch.empty(n, 1, 1, 1, device=images.device).uniform_(-0.3, 0.3)
    return (images * contrast + brightness).contiguous(memory_format=torch.channels_last)


def evaluate_network(network: PhotoNetwork, corpus: Corpus, sayings: Sayings, side: int,
                     device: str) -> RetrievalFigures:  # fmt: skip
    """Validation captions against centre crops of ``side`` pixels, with the fixed text side of the joint space."""
    gallery = corpus.gallery()
    embeddings = []
    with torch.inference_mode():
        for begin in range(0, len(gallery), 64):
            images = [corpus.image(photo.number) for photo in gallery[begin : begin + 64]]
            pixels = np.stack([crop(image, centre_square(*image.size), side, side) for image in images])
            embeddings.append(network(normalise(torch.from_numpy(pixels).to(device)))[1].cpu().numpy())
    return retrieval_figures(sayings.queries @ np.concatenate(embeddings).T, sayings.wanted)


class Log:
    """Lines of JSON in a file and on the screen."""

    def __init__(self, path: Path, batch: int) -> None:
        self._file = open(path, "a", encoding="utf-8")  # noqa: SIM115
        self._batch = batch
        self._last = self._noted = time.monotonic()
        self._sums: dict[str, float] = {}
        self._steps = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._file.close()

    def step(self, step: int, state: dict[str, object], losses: dict[str, Tensor]) -> float:
        """Count a step; every so often write the mean losses since the last time. The seconds since the last step."""
        if self._sums.keys() != losses.keys():
            self._sums, self._steps = dict.fromkeys(losses, 0.0), 0
            self._noted = self._last
        for name, value in losses.items():
            self._sums[name] += value.item()
        self._steps += 1
        now = time.monotonic()
        if step % _NOTE_EVERY == 0:
            rate = self._steps * self._batch / (now - self._noted)
            means = {name: round(value / self._steps, 4) for name, value in self._sums.items()}
            self.write({"step": step, **state, "photos_per_second": round(rate, 1), **means})
            self._sums = {}
        seconds, self._last = now - self._last, now
        return seconds

    def write(self, entry: dict[str, object]) -> None:
        """Write a line."""
        line = json.dumps(entry)
        self._file.write(line + "\n")
        self._file.flush()
        print(line, file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--targets", type=Path, help="features that training.teachers kept, with --joint…")
    parser.add_argument("--joint", type=Path, help="…a joint space on them, or on two teachers at work")
    parser.add_argument("--teacher", type=Path, help="or a pack on official weights, with --weights…")
    parser.add_argument("--weights", type=Path, help="…those weights (.pth or safetensors)")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="go on from this network (a pack's visual.safetensors, too)")
    parser.add_argument("--device", default="cpu")
    recipe, given = parse_recipe(parser, VisualOptions(), arguments)
    corpus, device = Corpus(given["data"]), given["device"]
    lessons: LessonSource
    if given["teacher"] and given["weights"]:
        joint = given["joint"] or given["teacher"]
        lessons = LiveLessons(corpus, given["teacher"], given["weights"], device, given["joint"])
    elif given["targets"] and given["joint"]:
        joint = given["joint"]
        lessons = CachedLessons(corpus, given["targets"], joint, device)
    else:
        parser.error("--targets and --joint, or --teacher and --weights")
    sayings = Sayings(corpus, load_joint(joint), device)
    train_visual(corpus, lessons, sayings, recipe, given["start"], given["out"], device)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
