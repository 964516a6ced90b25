"""Train the CNN: imitate the teachers' features and their joint space, name every label, tell captions apart.

    python -m photofinder.training.visual --data CORPUS --targets RUN/targets --joint RUN/joint_teacher \
        --out RUN/visual [--start trunk.safetensors] [--minutes 90 | --steps 10000] [--device cuda]

Every crop is one that the teachers saw, so student and teachers look at the same pixels (Beyer et al. 2022). Losses:

* regression of the standardised teacher features (2,560-d);
* cosine to the teachers' embedding in the joint space, and cross entropy against their soft choice among a bank of
  training texts (relational distillation), plus the photo's own caption in that bank;
* cross entropy on every label set.

Weights are averaged (EMA). Progress is measured in minutes or steps and drives the cosine schedule and the
resolution. A stopped run goes on from its last checkpoint (weights and optimiser as safetensors).
"""

from __future__ import annotations

import argparse
import copy
import json
import sys
import time
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

import numpy as np
import torch
import torch.nn.functional as F
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from photofinder.model.trunk import channels_last, normalise
from photofinder.model.visual import PhotoNetwork
from photofinder.training.caption import EMBEDDING_DIM
from photofinder.training.data import SET_WEIGHTS, Corpus
from photofinder.training.lessons import CropLoader, Targets, load_targets
from photofinder.training.metrics import RetrievalFigures, retrieval_figures
from photofinder.training.recipe import parse_recipe
from photofinder.training.texts import IntArray


@dataclass(frozen=True, slots=True)
class VisualOptions:
    """The recipe; every field is a command-line option of the same name."""

    minutes: float = 0.0
    steps: int = 0
    batch: int = 128
    learning_rate: float = 1e-3
    weight_decay: float = 0.05
    ema: float = 0.998
    sides: str = "112:0.5,128:0.85,160:1.0"
    feature_weight: float = 1.0
    embedding_weight: float = 4.0
    bank_weight: float = 0.5
    caption_weight: float = 0.15
    label_weight: float = 0.2
    bank: int = 4096
    bank_scale: float = 20.0
    seed: int = 1

    def side_at(self, progress: float) -> int:
        """Input side in pixels at ``progress`` in [0, 1]; ``sides`` lists ``pixels:until``."""
        for part in self.sides.split(","):
            pixels, until = part.split(":")
            if progress < float(until):
                return int(pixels)
        return int(self.sides.rsplit(",", 1)[-1].split(":")[0])


class LabelHeads(nn.Module):
    """One linear classifier a label set."""

    def __init__(self, feature_dim: int, classes: dict[str, int]) -> None:
        super().__init__()
        self.heads = nn.ModuleDict({name: nn.Linear(feature_dim, count) for name, count in classes.items()})

    def loss(self, features: Tensor, sets: list[str], labels: Tensor) -> Tensor:
        """Mean cross entropy over the photos that have a label (-1: none)."""
        total = features.new_zeros(())
        counted = 0
        for name, head in self.heads.items():
            rows = [i for i, s in enumerate(sets) if s == name]
            if not rows:
                continue
            chosen = torch.tensor(rows, device=features.device)
            chosen = chosen[labels[chosen] >= 0]
            if len(chosen):
                logits = head(features[chosen])
                total = total + F.cross_entropy(logits, labels[chosen], reduction="sum", label_smoothing=0.1)
                counted += len(chosen)
        return total / max(1, counted)


class Student(nn.Module):
    """The network that ships and the auxiliary heads that do not."""

    def __init__(self, teacher_dim: int, classes: dict[str, int]) -> None:
        super().__init__()
        self.network = PhotoNetwork((64, 128, 256, 512), (2, 2, 2, 2), EMBEDDING_DIM)
        dim = self.network.trunk.feature_dim
        self.imitate = nn.Linear(dim, teacher_dim)
        self.labels = LabelHeads(dim, classes)


def train_visual(corpus: Corpus, targets: Targets, options: VisualOptions, start: Path | None, out: Path,
                 device: str = "cpu") -> None:  # fmt: skip
    """Train and write ``visual.safetensors`` (the averaged network), ``checkpoint.safetensors`` and ``log.jsonl``."""
    torch.manual_seed(options.seed)
    out.mkdir(parents=True, exist_ok=True)
    names = {
        s: sorted({p.label for p in corpus.photos if p.set == s and p.label}) for s in {p.set for p in corpus.photos}
    }
    classes = {s: labels for s, labels in sorted(names.items()) if labels}
    label_of = np.asarray([classes[p.set].index(p.label) if p.label else -1 for p in corpus.photos])
    student = Student(targets.features.shape[1], {s: len(labels) for s, labels in classes.items()})
    if start is not None:
        trunk = {k.removeprefix("trunk."): v.float() for k, v in load_file(start).items() if not k.startswith("head.")}
        print(student.network.trunk.load_state_dict(trunk, strict=False), file=sys.stderr)
    student.to(device)
    channels_last(student)
    average = copy.deepcopy(student.network).eval()
    decay = [p for p in student.parameters() if p.ndim > 1]
    plain = [p for p in student.parameters() if p.ndim <= 1]
    optimizer = torch.optim.AdamW(
        [{"params": decay, "weight_decay": options.weight_decay}, {"params": plain, "weight_decay": 0.0}],
        lr=options.learning_rate,
    )
    step, spent = _resume(out, student, average, optimizer)
    rng = np.random.default_rng([options.seed, step])
    train = np.flatnonzero([corpus.photos[n].part == "train" for n in targets.numbers])
    weight = np.asarray([SET_WEIGHTS.get(corpus.photos[targets.numbers[r]].set, 1.0) for r in train])
    weight /= weight.sum()
    loader = CropLoader(corpus, targets.numbers, targets.boxes)
    mean, std = targets.mean.to(device), targets.std.to(device)
    bank_all = targets.bank.to(device)
    log = open(out / "log.jsonl", "a", encoding="utf-8")  # noqa: SIM115
    began = last_note = time.monotonic()
    sums: dict[str, float] = {}

    def progress() -> float:
        if options.steps:
            return step / options.steps
        return (spent + time.monotonic() - began) / (60 * options.minutes)

    def request() -> tuple[IntArray, Future[Tensor]]:
        rows = train[rng.choice(len(train), options.batch, p=weight)]
        return rows, loader.submit(rows, options.side_at(progress()), rng.integers(2, size=len(rows)))

    pending = [request(), request()]
    while (now := progress()) < 1.0:
        rows, future = pending.pop(0)
        pixels = future.result()
        pending.append(request())
        rate = options.learning_rate * min(1.0, (step + 1) / 300) * 0.5 * (1 + np.cos(np.pi * now)) + 1e-6
        for group in optimizer.param_groups:
            group["lr"] = rate
        student.train()
        images = _jitter(normalise(pixels.to(device, non_blocking=True)))
        with torch.autocast(device.split(":")[0], torch.bfloat16):
            features = student.network.trunk(images)
        features = features.float()
        embedding = student.network.head(features)
        said = torch.from_numpy(np.asarray(targets.features[rows], dtype=np.float32)).to(device)
        wanted = targets.embeddings[torch.from_numpy(rows)].to(device).float()
        losses = {
            "feature": F.mse_loss(student.imitate(features), ((said - mean) / std).clamp(-5, 5)),
            "embedding": (1 - (embedding * wanted).sum(1)).mean(),
        }
        losses |= _bank_losses(embedding, wanted, bank_all, targets, rows, options, rng)
        numbers = targets.numbers[rows]
        labels = torch.from_numpy(label_of[numbers]).to(device)
        losses["label"] = student.labels.loss(features, [corpus.photos[n].set for n in numbers], labels)
        loss = sum((getattr(options, f"{name}_weight") * value for name, value in losses.items()), mean.new_zeros(()))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(student.parameters(), 5.0)
        optimizer.step()
        step += 1
        _update_average(average, student.network, min(options.ema, (1 + step) / (10 + step)))
        for name, value in losses.items():
            sums[name] = sums.get(name, 0.0) + value.item()
        if step % 200 == 0:
            means = {name: round(value / 200, 4) for name, value in sums.items()}
            sums.clear()
            speed = 200 * options.batch / (time.monotonic() - last_note)
            _note(log, {"step": step, "progress": round(now, 4), "photos_per_second": round(speed, 1), **means})
            last_note = time.monotonic()
        if step % 1000 == 0:
            _save(out, student, average, optimizer, step, spent + time.monotonic() - began)
            figures = evaluate_network(average, corpus, targets, loader, device, options.side_at(1.0))
            _note(log, {"step": step, "val": str(figures)})
    _save(out, student, average, optimizer, step, spent + time.monotonic() - began)
    _note(
        log,
        {
            "step": step,
            "val": str(evaluate_network(average, corpus, targets, loader, device, options.side_at(1.0))),
            "recipe": asdict(options),
        },
    )
    log.close()
    loader.close()


def _bank_losses(embedding: Tensor, wanted: Tensor, bank_all: Tensor, targets: Targets, rows: IntArray,
                 options: VisualOptions, rng: np.random.Generator) -> dict[str, Tensor]:  # fmt: skip
    chosen = rng.choice(len(bank_all), options.bank, replace=False)
    own = [rng.choice(targets.captions_of[n]) if n in targets.captions_of else -1
           for n in targets.numbers[rows].tolist()]  # fmt: skip
    captioned = np.flatnonzero(np.asarray(own) >= 0)
    chosen[: len(captioned)] = np.asarray(own)[captioned]
    bank = bank_all[torch.from_numpy(chosen).to(bank_all.device)]
    student_logits = options.bank_scale * embedding @ bank.T
    with torch.no_grad():
        soft = F.softmax(options.bank_scale * wanted @ bank.T, dim=1)
    hard = F.cross_entropy(
        student_logits[torch.from_numpy(captioned).to(bank.device)],
        torch.arange(len(captioned), device=bank.device),
    )
    return {"bank": F.cross_entropy(student_logits, soft), "caption": hard}


def _jitter(images: Tensor) -> Tensor:
    """Mild changes of brightness and contrast, one draw a photo; targets stay those of the clean crop."""
    n = len(images)
    contrast = torch.empty(n, 1, 1, 1, device=images.device).uniform_(0.8, 1.25)
    brightness = torch.empty(n, 1, 1, 1, device=images.device).uniform_(-0.3, 0.3)
    return (images * contrast + brightness).contiguous(memory_format=torch.channels_last)


@torch.no_grad()
def _update_average(average: nn.Module, network: nn.Module, decay: float) -> None:
    ours: list[Tensor] = list(average.parameters())
    theirs: list[Tensor] = list(network.parameters())
    torch._foreach_lerp_(ours, theirs, 1 - decay)
    for mine, new in zip(average.buffers(), network.buffers(), strict=True):
        if mine.dtype.is_floating_point:
            mine.lerp_(new, 1 - decay)
        else:
            mine.copy_(new)


def evaluate_network(network: PhotoNetwork, corpus: Corpus, targets: Targets, loader: CropLoader, device: str,
                     side: int) -> RetrievalFigures:  # fmt: skip
    """Validation captions against centre crops of ``side`` pixels, with the fixed text side of the joint space."""
    gallery = {p.number for p in corpus.gallery()}
    rows = np.asarray([r for r, n in enumerate(targets.numbers) if int(n) in gallery])
    with torch.inference_mode():
        embeddings = torch.cat([
            network(normalise(loader.submit(part, side, None).result().to(device)))[1].cpu()
            for part in np.array_split(rows, 10)
        ])  # fmt: skip
    position = {int(targets.numbers[r]): i for i, r in enumerate(rows)}
    return retrieval_figures(
        (targets.validation_texts @ embeddings.T).numpy(),
        np.asarray([position[n] for n in targets.validation_photos]),
    )


def _note(log: TextIO, entry: dict[str, object]) -> None:
    line = json.dumps(entry)
    log.write(line + "\n")
    log.flush()
    print(line, file=sys.stderr, flush=True)


def _save(out: Path, student: Student, average: PhotoNetwork, optimizer: torch.optim.AdamW, step: int,
          spent: float) -> None:  # fmt: skip
    """Write the averaged network and a checkpoint to go on from; each file is replaced whole."""
    tensors = {f"student.{k}": v for k, v in student.state_dict().items()}
    tensors |= {f"average.{k}": v for k, v in average.state_dict().items()}
    for index, state in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{index}.{key}": value for key, value in state.items()}
    for name, content in (
        ("checkpoint", tensors),
        ("visual", dict(average.state_dict())),
    ):
        partial = out / f"{name}.partial"
        save_file(
            {k: v.detach().cpu().contiguous() for k, v in content.items()},
            partial,
            metadata={"step": str(step), "spent": f"{spent:.0f}"},
        )
        partial.replace(out / f"{name}.safetensors")


def _resume(out: Path, student: Student, average: PhotoNetwork, optimizer: torch.optim.AdamW) -> tuple[int, float]:
    """Load the checkpoint, if there is one; its step and the seconds spent until then."""
    path = out / "checkpoint.safetensors"
    if not path.exists():
        return 0, 0.0
    with safe_open(path, "pt") as file:
        metadata = file.metadata()
    tensors = load_file(path)
    for module, prefix in ((student, "student."), (average, "average.")):
        module.load_state_dict({k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)})
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        if key.startswith("optimizer."):
            _, index, name = key.split(".")
            state.setdefault(int(index), {})[name] = value
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
    print(f"resumed at step {metadata['step']}", file=sys.stderr)
    return int(metadata["step"]), float(metadata["spent"])


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--targets", type=Path, required=True)
    parser.add_argument("--joint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path)
    parser.add_argument("--device", default="cpu")
    recipe, given = parse_recipe(parser, VisualOptions(), arguments)
    corpus = Corpus(given["data"])
    targets = load_targets(corpus, given["targets"], given["joint"])
    train_visual(corpus, targets, recipe, given["start"], given["out"], given["device"])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
