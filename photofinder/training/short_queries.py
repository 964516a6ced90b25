"""Teach a pack's caption regressor what people type most: one or two words.

    python -m photofinder.training.short_queries --data CORPUS --pack resources/models/es-laptop \
        --vectors RUN/vectors --out RUN/pack

A caption says much of one photo; «perro» asks for what all photos with a dog have in common, and captions hardly ever
say only that. Each short query is therefore drawn towards the mean of the photos whose captions hold its words, less
the mean of all photos, while captions are held where they are. Only the text side changes: photos that were analysed
with the pack stay analysed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from photofinder.model import spanish
from photofinder.model.pack import CAPTION_FILE, Pack, load_pack
from photofinder.training.calibrate import PackSpace, calibrate_text
from photofinder.training.caption import EMBEDDING_DIM, TextTower, embed_texts
from photofinder.training.data import Corpus, CorpusPhoto
from photofinder.training.pack_vectors import pack_vectors
from photofinder.training.recipe import parse_recipe
from photofinder.training.saved_joint import SavedJoint, load_joint
from photofinder.training.texts import FloatArray, PackedTexts
from photofinder.training.thesaurus import Concept, load_thesaurus
from photofinder.training.write_pack import pack_caption, write_text_side

_SPELLINGS = 4
_ORDERS = 2
_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class ShortQueryOptions:
    """The recipe; every field is a command-line option of the same name.

    ``least``: photos that a query must have; ``mix``: how far a query goes towards its photos; ``hold``: weight of the
    captions' loss; ``photos``: how many captioned training photos are looked at (0: all).
    """

    steps: int = 1000
    batch: int = 384
    learning_rate: float = 3e-4
    least: int = 10
    mix: float = 0.5
    hold: float = 6.0
    photos: int = 0
    seed: int = 1


@dataclass(frozen=True, slots=True)
class ShortQuery:
    """One or a few words, and the photos (numbers) whose captions hold them or another name of the same thing."""

    text: str
    photos: tuple[int, ...]
    share: float = 1.0
    """Of the weight in training that its photos give it."""


def short_queries(captions: Sequence[tuple[int, str]], concepts: Sequence[Concept], least: int) -> list[ShortQuery]:
    """Words, pairs of words, and names of things, that the captions ``(photo, text)`` of ``least`` photos hold."""
    said = [_Said(number, text) for number, text in captions]
    photos_of: dict[str, set[int]] = defaultdict(set)
    spelled: dict[str, Counter[str]] = defaultdict(Counter)
    photos_of_pair: dict[tuple[str, str], set[int]] = defaultdict(set)
    order: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for caption in said:
        for word, stem in caption.words:
            photos_of[stem].add(caption.photo)
            spelled[stem][word] += 1
        for (word, stem), (other, other_stem) in combinations(caption.words, 2):
            if stem != other_stem:
                pair = (min(stem, other_stem), max(stem, other_stem))
                photos_of_pair[pair].add(caption.photo)
                order[pair][f"{word} {other}"] += 1
    queries = [
        ShortQuery(word, tuple(sorted(photos)))
        for stem, photos in photos_of.items()
        if len(photos) >= least
        for word, _ in spelled[stem].most_common(_SPELLINGS)
    ]
    queries += [
        ShortQuery(words, tuple(sorted(photos)), 0.3)
        for pair, photos in photos_of_pair.items()
        if len(photos) >= least
        for words, _ in order[pair].most_common(_ORDERS)
    ]
    return queries + list(named_things(concepts, photos_of, least))


class _Said:
    """A caption's content words, as they are written and as stems."""

    def __init__(self, photo: int, text: str) -> None:
        self.photo = photo
        self.words = [(word.lower(), stem) for word, stem in _content(text)]


def _content(text: str) -> Iterator[tuple[str, str]]:
    for word in spanish.words(text):
        folded = spanish.fold(word)
        if not spanish.is_function_word(folded):
            yield word, spanish.stem(folded)


def named_things(concepts: Sequence[Concept], photos_of: Mapping[str, set[int]], least: int) -> Iterator[ShortQuery]:
    """Names that stand for one concept alone, each with the photos of all of them: «lomito» finds what «perro» does.

    ``photos_of``: the photos whose captions hold a word, by its stem.
    """
    uses = Counter(name.lower() for concept in concepts for name in concept.names)
    for concept in concepts:
        names = [name for name in concept.names if uses[name.lower()] == 1]
        photos: set[int] = set()
        for name in names:
            found = [photos_of.get(stem, set()) for _, stem in _content(name)]
            photos |= set.intersection(*found) if found else set()
        if len(photos) >= least:
            yield from (ShortQuery(name, tuple(sorted(photos)), 0.7) for name in names)


def photo_vectors(corpus: Corpus, pack: Pack, photos: Sequence[CorpusPhoto], folder: Path) -> FloatArray:
    """Unit vectors ``(n, EMBEDDING_DIM)`` of photos, without the numbers of the bank. Goes on where it stopped."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = []
    for begin in range(0, len(photos), _AT_ONCE):
        file = folder / f"{pack.fingerprint}-{begin}.npy"
        some = photos[begin : begin + _AT_ONCE]
        made = np.load(file) if file.exists() else None
        if made is None or len(made) < len(some):
            made = pack_vectors(corpus, pack, some).embeddings
            np.save(file, made)
            print(f"{begin + len(some)} of {len(photos)} photos", file=sys.stderr, flush=True)
        parts.append(made[: len(some), :EMBEDDING_DIM])
    vectors = np.concatenate(parts).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def drawn_towards(
    own: FloatArray, queries: Sequence[ShortQuery], vectors: FloatArray, row_of: dict[int, int], mix: float
) -> FloatArray:
    """Where each query should be: ``mix`` of the mean of its photos less that of all, the rest its own vector."""
    usual = vectors.mean(0)
    means = np.stack([vectors[[row_of[number] for number in query.photos]].mean(0) - usual for query in queries])
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-6)  # 0: words that all photos have
    wanted = (1 - mix) * own + mix * means
    return np.asarray(wanted / np.linalg.norm(wanted, axis=1, keepdims=True), dtype=np.float32)


def teach(
    joint: SavedJoint, queries: Sequence[ShortQuery], wanted: FloatArray, captions: Sequence[str],
    options: ShortQueryOptions,
) -> dict[str, Tensor]:  # fmt: skip
    """The weights of the text side after ``options.steps`` batches of queries and of captions."""
    torch.manual_seed(options.seed)
    rng = np.random.default_rng(options.seed)
    tower = joint.text_tower()
    short = PackedTexts([query.text for query in queries], joint.vocabulary)
    long = PackedTexts(captions, joint.vocabulary)
    held, drawn = torch.from_numpy(embed_texts(tower, long)), torch.from_numpy(wanted)
    weights = np.asarray([min(len(query.photos), 200) ** 0.5 * query.share for query in queries])
    weights /= weights.sum()
    optimizers: list[torch.optim.Optimizer] = [
        torch.optim.AdamW([p for name, p in tower.named_parameters() if name != "table.weight"], weight_decay=0.0),
        torch.optim.SparseAdam([tower.table.weight]),
    ]
    tower.train()
    for step in range(options.steps):
        rate = options.learning_rate * min(1, (step + 1) / 50) * 0.5 * (1 + np.cos(np.pi * step / options.steps))
        for optimizer, factor in zip(optimizers, (1, 3), strict=True):
            optimizer.param_groups[0]["lr"] = rate * factor
            optimizer.zero_grad()
        ones = rng.choice(len(queries), options.batch, p=weights)
        others = rng.choice(len(captions), options.batch)
        draw = _distance(tower, short, ones, drawn)
        hold = _distance(tower, long, others, held)
        (draw + options.hold * hold).backward()  # type: ignore[no-untyped-call]
        for optimizer in optimizers:
            optimizer.step()
        if (step + 1) % 100 == 0:
            print(f"step {step + 1} queries {draw:.4f} captions {hold:.4f}", file=sys.stderr, flush=True)
    return {name: value.detach().clone() for name, value in tower.state_dict().items()}


def table_levels(pack: Pack) -> int:
    """How many steps on either side of 0 the numbers of a pack's text table have."""
    with np.load(pack.folder / CAPTION_FILE) as caption:
        return int(np.abs(caption["table"]).max())


def _distance(tower: TextTower, texts: PackedTexts, chosen: np.ndarray[tuple[int], np.dtype[np.int64]],
              wanted: Tensor) -> Tensor:  # fmt: skip
    return (1 - F.cosine_similarity(tower(texts.batch(chosen)), wanted[torch.from_numpy(chosen)])).mean()


def text_side_parser(description: str | None) -> argparse.ArgumentParser:
    """Of a command that writes a pack with another text side, by the vectors of the photos."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--vectors", type=Path, required=True, help="folder for the vectors of the photos")
    parser.add_argument("--out", type=Path, required=True)
    return parser


def main(arguments: list[str] | None = None) -> int:
    parser = text_side_parser(__doc__)
    options, given = parse_recipe(parser, ShortQueryOptions(), arguments)
    corpus, pack = Corpus(given["data"]), load_pack(given["pack"])
    captions = corpus.training_captions()
    numbers = sorted({number for number, _ in captions})[: options.photos or None]
    vectors = photo_vectors(corpus, pack, [corpus.photos[number] for number in numbers], given["vectors"])
    row_of = {number: row for row, number in enumerate(numbers)}
    seen = [(number, text) for number, text in captions if number in row_of]
    queries = short_queries(seen, load_thesaurus(), options.least)
    print(f"{len(queries)} short queries of {len(numbers)} photos", file=sys.stderr)
    joint = load_joint(given["pack"])
    own = joint.texts([query.text for query in queries])
    wanted = drawn_towards(own, queries, vectors, row_of, options.mix)
    tower = teach(joint, queries, wanted, [text for _, text in captions], options)
    joint = replace(joint, tower=tower, lexicon=None)
    calibration, figures = calibrate_text(corpus, PackSpace(corpus, pack, joint))
    caption = pack_caption(joint.tower, joint.keys, joint.words, table_levels(pack))
    write_text_side(given["out"], pack, caption, calibration, figures, {"short_queries": asdict(options)})
    print(json.dumps({"calibration": calibration, **figures}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
