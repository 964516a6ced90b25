"""Train the joint space of photos and phrases on cached features of photos.

    python -m photofinder.training.caption --data CORPUS --features RUN/features --out RUN/joint

``--features`` holds ``features.npy`` (n, d) float16 and ``photo.npy`` (n,) int32 (several crops a photo).
Symmetric InfoNCE (van den Oord et al. 2018; Radford et al. 2021) between photos and texts: captions of a photo,
phrases of its class; between texts that say the same (synonyms, paraphrases); and regression of CLIP's vectors for
named concepts. Writes ``joint.safetensors`` and ``vocabulary.txt`` and prints the validation figures of each epoch.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor, nn

from photofinder.model.visual import PhotoHead
from photofinder.training.data import Corpus
from photofinder.training.joint_weights import JointWeights, read_joint_weights, trained_head, write_joint_weights
from photofinder.training.metrics import RetrievalFigures, retrieval_figures
from photofinder.training.recipe import parse_recipe
from photofinder.training.supervision import Supervision, load_supervision
from photofinder.training.texts import (
    FloatArray,
    IntArray,
    PackedTexts,
    TextBatch,
    Vocabulary,
    build_vocabulary,
)

EMBEDDING_DIM = 256


class TextTower(nn.Module):
    """Weighted mean of a learnt table, layer norm, one hidden layer, unit norm; ``model.caption`` runs it in NumPy."""

    def __init__(self, rows: int, width: int = 128, hidden: int = 1024, embedding_dim: int = EMBEDDING_DIM) -> None:
        super().__init__()
        self.table = nn.EmbeddingBag(rows, width, mode="sum", sparse=True)
        nn.init.normal_(self.table.weight, std=0.1)
        self.norm = nn.LayerNorm(width)
        self.hidden = nn.Linear(width, hidden)
        self.output = nn.Linear(hidden, embedding_dim)
        self.dropout = nn.Dropout(0.1)

    def forward(self, batch: TextBatch) -> Tensor:
        """A batch of n texts to ``(n, embedding_dim)`` unit vectors."""
        device = self.output.weight.device
        rows, offsets, weights = (
            torch.from_numpy(part).to(device) for part in (batch.rows, batch.offsets, batch.weights)
        )
        x = self.norm(self.table(rows, offsets, per_sample_weights=weights))
        y = self.output(self.dropout(F.gelu(self.hidden(x), approximate="tanh")))
        return F.normalize(y, dim=1)


@dataclass(frozen=True, slots=True)
class JointOptions:
    """The recipe; every field is a command-line option of the same name.

    ``least_grams`` and ``least_pairs``: how often a character gram or a pair of words must occur to have a row in the
    text table, which is most of a pack's size.
    """

    epochs: int = 12
    captioned: int = 384
    labelled: int = 256
    synonyms: int = 256
    concepts: int = 128
    learning_rate: float = 1e-3
    table_rate: float = 3e-3
    weight_decay: float = 0.05
    word_dropout: float = 0.15
    surface_dropout: float = 0.1
    synonym_weight: float = 0.3
    concept_weight: float = 1.0
    text_width: int = 128
    hidden: int = 1024
    photo_dropout: float = 0.2
    thesaurus: bool = True
    least_grams: int = 2
    least_pairs: int = 2
    seed: int = 1


class TextSampler:
    """Draws texts of groups for a batch."""

    def __init__(self, supervision: Supervision, vocabulary: Vocabulary, rng: np.random.Generator) -> None:
        self.packed = PackedTexts(supervision.texts.texts, vocabulary)
        self._groups = supervision.texts.groups
        self._rng = rng

    def one_of(self, groups: IntArray, options: JointOptions) -> TextBatch:
        """One text of each group, with word dropout."""
        chosen = np.asarray([self._groups[g][self._rng.integers(len(self._groups[g]))] for g in groups])
        return self.packed.batch(chosen, self._rng, options.word_dropout, options.surface_dropout)

    def two_of(self, groups: IntArray, options: JointOptions) -> tuple[TextBatch, TextBatch]:
        """Two different texts of each group."""
        pairs = [self._rng.choice(self._groups[g], 2, replace=False) for g in groups]
        first, second = np.asarray(pairs).T
        return (
            self.packed.batch(first, self._rng, options.word_dropout, options.surface_dropout),
            self.packed.batch(second, self._rng, options.word_dropout, options.surface_dropout),
        )


class PhotoSampler:
    """Draws a random crop of photos, captioned ones and labelled ones, with the group of their text."""

    def __init__(self, corpus: Corpus, supervision: Supervision, photo_of_row: IntArray, rng: np.random.Generator):
        self._rng = rng
        order = np.argsort(photo_of_row, kind="stable")
        numbers, begins = np.unique(photo_of_row[order], return_index=True)
        self._rows = {int(n): part for n, part in zip(numbers, np.split(order, begins[1:]), strict=True)}
        self.class_of = np.full(len(corpus.photos), -1, dtype=np.int64)
        for photo in corpus.photos:
            self.class_of[photo.number] = supervision.class_group.get((photo.set, photo.label), -1)
        train = [n for n in self._rows if corpus.photos[n].part == "train"]
        self.captioned = np.asarray([n for n in train if n in supervision.caption_group], dtype=np.int64)
        self.labelled = np.asarray([n for n in train if self.class_of[n] >= 0], dtype=np.int64)
        self.caption_group = np.asarray([supervision.caption_group.get(p.number, -1) for p in corpus.photos])

    def rows_of(self, numbers: IntArray) -> IntArray:
        """A random cached crop of each photo."""
        return np.asarray([self._rng.choice(self._rows[int(n)]) for n in numbers])

    def epoch(self, options: JointOptions) -> list[tuple[IntArray, IntArray, IntArray]]:
        """Batches of photo numbers, text groups and class groups that cover all captioned photos once."""
        order = self._rng.permutation(self.captioned)
        batches = []
        for begin in range(0, len(order) - options.captioned + 1, options.captioned):
            captioned = order[begin : begin + options.captioned]
            labelled = self._rng.choice(self.labelled, min(options.labelled, len(self.labelled)), replace=False)
            numbers = np.concatenate([captioned, labelled])
            groups = np.concatenate([self.caption_group[captioned], self.class_of[labelled]])
            # A caption says more than a class: only class texts are shared by photos of one class.
            classes = np.concatenate([-2 - captioned, self.class_of[labelled]])
            batches.append((numbers, groups, classes))
        return batches


def contrastive_loss(similarity: Tensor, same: Tensor) -> Tensor:
    """Symmetric cross entropy of ``(n, n)`` scaled cosines; ``same`` marks all positives of each row."""
    target = same.float()
    rows = target / target.sum(1, keepdim=True)
    columns = (target / target.sum(0, keepdim=True)).T
    return 0.5 * (F.cross_entropy(similarity, rows) + F.cross_entropy(similarity.T, columns))


def embed_texts(tower: TextTower, packed: PackedTexts, batch: int = 512) -> FloatArray:
    """All texts without dropout: ``(n, embedding_dim)`` float32."""
    tower.eval()
    with torch.inference_mode():
        parts = [
            tower(packed.batch(np.arange(begin, min(begin + batch, len(packed))))).cpu().numpy()
            for begin in range(0, len(packed), batch)
        ]
    return np.concatenate(parts).astype(np.float32)


@dataclass(slots=True)
class Joint:
    """What joint training made."""

    head: PhotoHead
    tower: TextTower
    vocabulary: Vocabulary
    figures: RetrievalFigures


@dataclass(frozen=True, slots=True)
class Start:
    """Where to go on from: the text tower of an earlier joint space or pack, and perhaps the head of a network
    trained towards it."""

    joint: Path
    network: Path | None = None

    def apply(self, head: PhotoHead, tower: TextTower, vocabulary: Vocabulary) -> None:
        """Copy the head, if there is one, the tower's layers, and the rows of the features in both vocabularies."""
        if self.network is not None:
            head.load_state_dict(trained_head(load_file(self.network)))
        weights = read_joint_weights(self.joint)
        keys = weights.keys.numpy()
        wanted = vocabulary.keys.astype(np.int64)
        place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        known = torch.from_numpy(keys[place] == wanted)
        table = tower.table.weight.detach().clone()
        table[known] = weights.tower["table.weight"][torch.from_numpy(place)[known]]
        tower.load_state_dict({**weights.tower, "table.weight": table})


def train_joint(
    corpus: Corpus,
    features: FloatArray,
    photo_of_row: IntArray,
    options: JointOptions,
    device: str = "cpu",
    start: Start | None = None,
) -> Joint:
    """Train head and tower on raw ``features`` (n, d).

    Without the head of a ``start`` the head standardises them with the training photos' statistics.
    """
    torch.manual_seed(options.seed)
    rng = np.random.default_rng(options.seed)
    supervision = load_supervision(corpus, options.thesaurus)
    vocabulary = build_vocabulary(supervision.texts.clean, options.least_grams, options.least_pairs)
    texts = TextSampler(supervision, vocabulary, rng)
    photos = PhotoSampler(corpus, supervision, photo_of_row, rng)
    # a few photos of a person's own are one batch, not none
    options = replace(options, captioned=max(1, min(options.captioned, len(photos.captioned))))
    all_features = torch.from_numpy(np.array(features, dtype=np.float16)).to(device)
    is_train = np.asarray([p.part == "train" for p in corpus.photos])[photo_of_row]
    head = PhotoHead(features.shape[1], EMBEDDING_DIM, options.hidden, options.photo_dropout)
    tower = TextTower(len(vocabulary.keys), options.text_width)
    if start is not None:
        start.apply(head, tower, vocabulary)
    if start is None or start.network is None:
        sample = features[is_train][:20000].astype(np.float32)
        head.mean.copy_(torch.from_numpy(sample.mean(0)))
        head.std.copy_(torch.from_numpy(sample.std(0) + 1e-4))
    head.to(device)
    tower.to(device)
    to_clip = nn.Linear(EMBEDDING_DIM, supervision.concept_vectors.shape[1]).to(device)
    log_scale = nn.Parameter(torch.tensor(np.log(14.0), dtype=torch.float32, device=device))
    dense = [p for m in (head, tower, to_clip) for n, p in m.named_parameters() if n != "table.weight"]
    groups_of_dense: list[dict[str, Any]] = [{"params": dense}, {"params": [log_scale], "weight_decay": 0.0}]
    optimizers: list[torch.optim.Optimizer] = [
        torch.optim.AdamW(groups_of_dense,
                          lr=options.learning_rate, weight_decay=options.weight_decay),
        torch.optim.SparseAdam([tower.table.weight], lr=options.table_rate),
    ]  # fmt: skip
    steps = options.epochs * (len(photos.captioned) // options.captioned)
    schedules = [
        torch.optim.lr_scheduler.OneCycleLR(o, [g["lr"] for g in o.param_groups], total_steps=steps + 1,
                                            pct_start=0.15, cycle_momentum=False)
        for o in optimizers
    ]  # fmt: skip
    validate = Validation(corpus, supervision, vocabulary, photo_of_row, all_features)
    clip = F.normalize(torch.from_numpy(supervision.concept_vectors), dim=1).to(device)
    print(f"{len(vocabulary.keys)} text features, {steps} steps", file=sys.stderr, flush=True)
    figures = RetrievalFigures.empty()
    started = time.monotonic()
    for epoch in range(options.epochs):
        head.train()
        tower.train()
        total = 0.0
        batches = photos.epoch(options)
        for numbers, groups, classes in batches:
            said = tower(texts.one_of(groups, options))
            seen = head(all_features[torch.from_numpy(photos.rows_of(numbers)).to(device)].float())
            same = torch.from_numpy(classes[:, None] == classes[None, :]).to(device)
            loss = contrastive_loss(log_scale.exp() * seen @ said.T, same)
            if len(supervision.synonym_groups):
                pairs = min(options.synonyms, len(supervision.synonym_groups))
                chosen = rng.choice(supervision.synonym_groups, pairs, replace=False)
                first, second = texts.two_of(chosen, options)
                alike = 14.0 * tower(first) @ tower(second).T
                loss = loss + options.synonym_weight * contrastive_loss(alike, torch.eye(len(chosen), device=device))
            if len(supervision.concept_groups):
                named = rng.integers(len(supervision.concept_groups), size=options.concepts)
                guess = F.normalize(to_clip(tower(texts.one_of(supervision.concept_groups[named], options))), dim=1)
                loss = loss + options.concept_weight * (1 - (guess * clip[torch.from_numpy(named)]).sum(1)).mean()
            for optimizer in optimizers:
                optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            for optimizer, schedule in zip(optimizers, schedules, strict=True):
                optimizer.step()
                schedule.step()
            with torch.no_grad():
                log_scale.clamp_(max=float(np.log(100.0)))
            total += loss.item()
        figures = validate(head, tower)
        print(
            f"epoch {epoch + 1}/{options.epochs} loss {total / len(batches):.3f} scale {log_scale.exp():.1f} "
            f"{figures} {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True,
        )  # fmt: skip
    return Joint(head.eval(), tower.eval(), vocabulary, figures)


class Validation:
    """Recall of the validation captions among the validation photos of the figure of merit (set ``coco``)."""

    def __init__(
        self,
        corpus: Corpus,
        supervision: Supervision,
        vocabulary: Vocabulary,
        photo_of_row: IntArray,
        features: Tensor,
    ) -> None:
        gallery = {p.number for p in corpus.gallery()}
        seen: dict[int, int] = {}
        for row, number in enumerate(photo_of_row):
            if int(number) in gallery:
                seen.setdefault(int(number), row)  # the first row of a photo is its centre
        position = {number: index for index, number in enumerate(seen)}
        self._features = features[torch.tensor(list(seen.values()))].float()
        queries = [(position[n], text) for n, text in supervision.validation if n in position]
        self._targets = np.asarray([target for target, _ in queries])
        self._texts = PackedTexts([text for _, text in queries], vocabulary)

    def __call__(self, head: PhotoHead, tower: TextTower) -> RetrievalFigures:
        """Figures of the present state of both sides."""
        head.eval()
        with torch.inference_mode():
            photos = head(self._features).cpu().numpy()
        return retrieval_figures(embed_texts(tower, self._texts) @ photos.T, self._targets)


def load_cached_features(folder: Path) -> tuple[FloatArray, IntArray]:
    """``features.npy`` and ``photo.npy`` of a folder, as far as they are done."""
    features = np.load(folder / "features.npy", mmap_mode="r")
    photo = np.load(folder / "photo.npy").astype(np.int64)
    state = folder / "state.json"
    done = json.loads(state.read_text())["done"] if state.exists() else len(photo)
    return features[:done], photo[:done]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--features", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--start-joint", type=Path, help="go on from the text side of this joint space or pack…")
    parser.add_argument(
        "--start-network",
        type=Path,
        help="…and, if given, from the head of this network (a pack's visual.safetensors, too)",
    )
    options, given = parse_recipe(parser, JointOptions(), arguments)
    features, photo = load_cached_features(given["features"])
    if given["start_joint"] is None and given["start_network"] is not None:
        parser.error("--start-network needs --start-joint")
    start = None if given["start_joint"] is None else Start(given["start_joint"], given["start_network"])
    joint = train_joint(Corpus(given["data"]), features, photo, options, given["device"], start)
    save_joint(joint, options, given["out"])
    print(joint.figures)
    return 0


def save_joint(joint: Joint, options: JointOptions, folder: Path) -> None:
    """Write ``joint.safetensors`` (head.*, tower.*, keys), ``vocabulary.txt`` and ``joint.json`` (recipe, figures)."""
    keys = torch.from_numpy(joint.vocabulary.keys.astype(np.int64))
    words = "\n".join(joint.vocabulary.words)
    write_joint_weights(JointWeights(joint.head.state_dict(), joint.tower.state_dict(), keys, words), folder)
    report = {"recipe": asdict(options), "figures": asdict(joint.figures)}
    (folder / "joint.json").write_text(json.dumps(report, indent=1))


if __name__ == "__main__":
    raise SystemExit(main())
