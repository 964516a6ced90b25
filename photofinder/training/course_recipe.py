"""The university course's recipe, kept as a reference: TF-IDF to deep features by regression, L2 neighbours.

TF-IDF of word counts, one hidden layer of 2,048 (ReLU), linear output, mean squared error on the photo's features
(standardised by column), nearest neighbours by Euclidean distance.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.feature_extraction.text import TfidfVectorizer
from torch import nn

from photofinder.training.data import Corpus
from photofinder.training.metrics import RetrievalFigures, retrieval_figures
from photofinder.training.texts import FloatArray, IntArray

HIDDEN = 2048
EPOCHS = 20
BATCH = 256


def evaluate_course_recipe(
    corpus: Corpus, features: FloatArray, photo_of_row: IntArray, seed: int = 1
) -> RetrievalFigures:
    """Train on the captioned training photos' whole views and rank the validation photos of the figure of merit."""
    torch.manual_seed(seed)
    first: dict[int, int] = {}
    for row, number in enumerate(photo_of_row.tolist()):
        first.setdefault(number, row)
    train = [(n, text) for n, text in corpus.captions if corpus.photos[n].part == "train" and n in first]
    judged = {photo.number for photo in corpus.gallery()}
    val = [(n, text) for n, text in corpus.captions if n in judged]
    rows = np.asarray([first[n] for n, _ in train])
    known = np.asarray(features[np.unique(rows)], dtype=np.float32)
    mean, std = known.mean(0), known.std(0) + 1e-4

    def standard(chosen: IntArray) -> torch.Tensor:
        return torch.from_numpy(((np.asarray(features[chosen], dtype=np.float32) - mean) / std).clip(-5, 5))

    vectorizer = TfidfVectorizer(min_df=2)
    tfidf = vectorizer.fit_transform([text for _, text in train])
    network = nn.Sequential(nn.Linear(tfidf.shape[1], HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, features.shape[1]))
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    rng = np.random.default_rng(seed)
    for _ in range(EPOCHS):
        order = rng.permutation(len(train))
        for begin in range(0, len(order), BATCH):
            chosen = order[begin : begin + BATCH]
            guess = network(torch.from_numpy(tfidf[chosen].toarray().astype(np.float32)))
            loss = F.mse_loss(guess, standard(rows[chosen]))
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
    gallery = list(dict.fromkeys(n for n, _ in val))
    position = {n: i for i, n in enumerate(gallery)}
    photos = standard(np.asarray([first[n] for n in gallery]))
    with torch.inference_mode():
        said = network(torch.from_numpy(vectorizer.transform([t for _, t in val]).toarray().astype(np.float32)))
    distances = torch.cdist(said, photos).numpy()
    return retrieval_figures(-distances, np.asarray([position[n] for n, _ in val]))
