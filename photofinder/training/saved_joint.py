"""A joint space as ``training.caption`` wrote it, and what is added to it before it ships."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from photofinder.model.caption import content_of, phrase_features, with_words
from photofinder.model.lexicon import feature_keys
from photofinder.model.querybank import SHARPNESS
from photofinder.model.visual import PhotoHead
from photofinder.training.caption import TextTower, embed_texts
from photofinder.training.data import SET_WEIGHTS, Corpus
from photofinder.training.joint_weights import JointWeights, read_joint_weights
from photofinder.training.texts import FloatArray, PackedTexts, Vocabulary

BANK = 16384


@dataclass(frozen=True, slots=True)
class SavedJoint(JointWeights):
    """Weights that can be run."""

    def photo_head(self) -> PhotoHead:
        """The photo side, ready to run."""
        return PhotoHead.from_weights(self.head)

    def text_tower(self) -> TextTower:
        """The text side, to be trained on."""
        table = self.tower["table.weight"]
        tower = TextTower(table.shape[0], table.shape[1], self.tower["hidden.weight"].shape[0])
        tower.load_state_dict(self.tower)
        return tower

    @property
    def vocabulary(self) -> Vocabulary:
        """The features that have a row in the text table, without the written words."""
        return Vocabulary(self.keys.numpy().astype(np.uint32), ())

    def text_side(self) -> Callable[[list[str]], FloatArray]:
        """The text side, ready to run: texts to unit vectors ``(n, EMBEDDING_DIM)``."""
        tower, vocabulary = self.text_tower(), self.vocabulary
        return lambda texts: embed_texts(tower, PackedTexts(texts, vocabulary))

    def texts(self, texts: list[str]) -> FloatArray:
        """Unit vectors ``(n, EMBEDDING_DIM)`` of texts."""
        return self.text_side()(texts)

    def asking_side(self) -> Callable[[list[str]], FloatArray]:
        """The text side as the program asks with it (``model.caption.with_words``), ready to run."""
        say, keys, lexicon = self.text_side(), self.vocabulary.keys, self.lexicon

        def ask(texts: list[str]) -> FloatArray:
            words_of = [content_of(text) for text in texts]
            distinct = sorted({word for words in words_of for word in words})
            known = [word for word in distinct if np.isin(feature_keys(phrase_features([word])[0]), keys).any()]
            phrases, vectors, row = say(texts), say(known), {word: index for index, word in enumerate(known)}
            if lexicon is not None:
                phrases, vectors = lexicon.phrases(phrases), lexicon.words(known, vectors)
            own = [[row[word] for word in words if word in row] for words in words_of]
            return np.stack([with_words(phrase, vectors[rows]) for phrase, rows in zip(phrases, own, strict=True)])

        return ask

    def with_bank(self, corpus: Corpus, size: int = BANK, seed: int = 1) -> SavedJoint:
        """With a bank of training captions in the head (``model.querybank``), everyday photos' more than others."""
        said = [(corpus.photos[number].set, text) for number, text in corpus.training_captions()]
        weights = np.asarray([SET_WEIGHTS.get(label_set, 1.0) for label_set, _ in said])
        rng = np.random.default_rng(seed)
        chosen = rng.choice(len(said), min(size, len(said)), replace=False, p=weights / weights.sum())
        bank = torch.from_numpy(self.asking_side()([said[place][1] for place in chosen]))
        return replace(self, head={**self.head, "bank": SHARPNESS * bank})


def load_joint(folder: Path) -> SavedJoint:
    """The joint space of a training run, or of a pack (``training.joint_weights``)."""
    weights = read_joint_weights(folder)
    return SavedJoint(weights.head, weights.tower, weights.keys, weights.words, weights.lexicon)
