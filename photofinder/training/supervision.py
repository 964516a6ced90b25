"""Where the training texts come from: captions, class phrases, concepts, paraphrases and our thesaurus."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from photofinder.training.data import Corpus
from photofinder.training.misspelling import misspell
from photofinder.training.texts import FloatArray, IntArray
from photofinder.training.thesaurus import Rewording, load_thesaurus, split

MISSPELT = 0.1
"""Share of captions and names that also stand with a slip."""


@dataclass(slots=True)
class TextGroups:
    """Texts in groups; texts of one group say the same thing (captions of a photo, phrases of a class...)."""

    texts: list[str] = field(default_factory=list)
    groups: list[list[int]] = field(default_factory=list)
    clean: list[str] = field(default_factory=list)
    """The texts without the slips: only they make words known."""

    def add(self, texts: list[str], slips: list[str] | None = None) -> int:
        """Add a group and return its number."""
        begin = len(self.texts)
        self.clean += texts
        texts = [*texts, *(slips or [])]
        self.texts += texts
        self.groups.append(list(range(begin, begin + len(texts))))
        return len(self.groups) - 1


@dataclass(slots=True)
class Supervision:
    """Everything that texts teach.

    ``caption_group``: photo number to group, training photos only. ``class_group``: (set, class) to group.
    ``synonym_groups``: groups of texts that say the same without a photo. ``concepts``: group and CLIP vector of
    each concept that has one, ``(n,)`` and ``(n, 512)``.
    """

    texts: TextGroups
    caption_group: dict[int, int]
    class_group: dict[tuple[str, str], int]
    synonym_groups: IntArray
    concept_groups: IntArray
    concept_vectors: FloatArray
    validation: list[tuple[int, str]]


def load_supervision(corpus: Corpus, thesaurus: bool = True) -> Supervision:
    """Read all text sources beside a corpus; a corpus of captions alone goes with the thesaurus and nothing else."""
    folder = corpus.folder
    texts = TextGroups()
    captions: dict[int, list[str]] = {}
    validation: list[tuple[int, str]] = []
    for number, text in corpus.captions:
        if corpus.photos[number].part == "train":
            captions.setdefault(number, []).append(text)
        else:
            validation.append((number, text))
    concepts_of_ours = load_thesaurus() if thesaurus else []
    reword, rng = Rewording(concepts_of_ours), np.random.default_rng(0)
    caption_group = {}
    for number, said in captions.items():
        reworded = [other for text in said if (other := reword(text, rng)) is not None]
        slips = [other for text in said if rng.random() < MISSPELT and (other := misspell(text, rng)) is not None]
        caption_group[number] = texts.add(said + reworded, slips)

    phrases: dict[tuple[str, str], list[str]] = {}
    for photo in corpus.photos:
        if photo.label and photo.spanish_names:
            phrases.setdefault((photo.set, photo.label), list(photo.spanish_names))
    for row in lines(folder / "spanish" / "labels.tsv"):
        phrases.setdefault((row[0], row[1]), []).extend(split(row[2], "|"))
    class_group = {key: texts.add(sorted(set(said))) for key, said in phrases.items()}

    synonyms: list[int] = []
    concepts: list[int] = []
    vectors: list[FloatArray] = []
    clip = _clip_vectors(folder / "concepts" / "clip_text.npz")
    for english, names, typical in lines(folder / "spanish" / "concepts.tsv"):
        group = texts.add(split(names, ";"))
        synonyms.append(group)
        if english.lower() in clip:
            concepts.append(group)
            vectors.append(clip[english.lower()])
            concepts.append(texts.add(split(names, ";") + split(typical, "|")))
            vectors.append(clip[english.lower()])
    for row in lines(folder / "spanish" / "paraphrases.tsv"):
        synonyms.append(texts.add([wording for wording in row if wording]))
    for concept in concepts_of_ours:
        slips = [
            other for name in concept.names if rng.random() < MISSPELT and (other := misspell(name, rng)) is not None
        ]
        synonyms.append(texts.add(list(concept.names), slips))
        synonyms.append(texts.add([concept.names[0], *concept.phrases]))
    usable = [group for group in synonyms if len(texts.groups[group]) > 1]
    return Supervision(
        texts, caption_group, class_group, np.asarray(usable, dtype=np.int64), np.asarray(concepts, dtype=np.int64),
        np.asarray(vectors, dtype=np.float32).reshape(len(vectors), -1 if vectors else 1), validation,
    )  # fmt: skip


def lines(path: Path) -> list[list[str]]:
    """The rows of a TSV without a header, empty lines left out; none when there is no such file."""
    if not path.exists():
        return []
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _clip_vectors(path: Path) -> dict[str, FloatArray]:
    if not path.exists():
        return {}
    with np.load(path, allow_pickle=False) as data:
        names, vectors = data["names"], data["vec"].astype(np.float32)
    return {str(name).split(":", 1)[-1].lower(): vector for name, vector in zip(names, vectors, strict=True)}
