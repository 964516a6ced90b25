"""The search: a query to photos, best first, over whatever the catalogue holds at this moment.

Words are compared with photos in the joint space (cosine of "embedding"); photos with photos by a weighted
sum of two cosines ("feature" and "embedding", weights of the pack). Both together: the mean of the two
calibrated log-odds, so that neither scale drowns the other. Filters are applied before the best are chosen, so that
they never cost a photo that should have been found. Nothing here imports torch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from photofinder.errors import EmptyQuery
from photofinder.library.catalog import Catalog
from photofinder.library.catalog_shared import SharedCatalog
from photofinder.library.filters import Filters
from photofinder.model.caption import CaptionRegressor
from photofinder.model.pack import Pack
from photofinder.search import neighbors
from photofinder.search.calibration import calibration, probability, similar_weights
from photofinder.search.certainty import WORDS, doubt, less_sure
from photofinder.search.described import Described, LastDescribed, judged
from photofinder.search.holdings import EMBEDDING, FEATURE, Candidates, OwnVectors
from photofinder.search.proposals import ProposedVectors
from photofinder.search.query import ParsedQuery, PhotoVectorsOne, Query, parse
from photofinder.search.results import Hit, Ranking, SearchResult, no_photos
from photofinder.search.scoring import SURE_BY_LIKES, Scorer, all_of, any_of, but_not, by_likes, mean_photo, weighed
from photofinder.search.vectors import FloatArray, IntArray
from photofinder.search.wishes import PhraseVectors, Wishes, joined

if TYPE_CHECKING:
    from photofinder.library.decoder import Decoder


class Vectors(Protocol):
    """What a network answers: float32 unit vectors, ``(n, feature_dim)`` and ``(n, embedding_dim)``."""

    @property
    def features(self) -> FloatArray:
        """The pooled outputs of the CNN."""

    @property
    def embeddings(self) -> FloatArray:
        """The places in the joint space of photos and phrases."""


Visual = Callable[[Sequence[NDArray[np.uint8]]], Vectors]
"""A ``model.visual.VisualNetwork``, whose module is not imported here because it needs torch."""

DEFAULT_LIMIT = 200

_MAX_EXPLAINED_WORDS = 5  # of a page of gibberish, nobody reads more suggestions than that
_CALLED_WRONG = 100.0
"""Log-odds that take a photo behind all that were not called wrong."""


class SearchEngine:
    """Searches one catalogue with one pack. Belongs to one thread, and so does its catalogue connection."""

    def __init__(
        self,
        catalog: Catalog,
        pack: Pack,
        neighbors_dir: Path | None = None,
        *,
        today: Callable[[], date] = date.today,
        southern: bool = False,
    ) -> None:
        """``neighbors_dir``: where annoy indexes and mapped vectors are kept; None searches exactly, without.

        ``today``: the day that «ayer» and «el verano pasado» count from; ``southern``: whether summer is in January.
        Raises PackDamaged.
        """
        # vectors of another pack are never read, also when a writer starts to use one
        catalog.use_pack(pack.fingerprint, pack.feature_dim, pack.embedding_dim)
        self._catalog = catalog
        self._pack = pack
        self._text_calibration = calibration(pack, "text")
        self._photo_calibration = calibration(pack, "photo")
        self._weights = similar_weights(pack)
        self._holdings: OwnVectors | ProposedVectors = (
            ProposedVectors(catalog, pack)
            if isinstance(catalog, SharedCatalog)
            else OwnVectors(catalog, pack, neighbors_dir)
        )
        self._described = LastDescribed(catalog, neighbors_dir)
        self._regressor: CaptionRegressor | None = None
        self._today = today
        self.southern = southern
        """May change between two searches."""

    def search(self, query: Query, limit: int = DEFAULT_LIMIT) -> SearchResult:
        """At most ``limit`` photos, best first, ties by photo id; sees what was committed until now.

        A phrase without a known word, whatever its script, gives no hits and says which words were not
        understood. Filters alone give the newest photos first, analysed or not. Raises EmptyQuery when nothing is
        asked, ValueError when ``limit`` < 1.
        """
        ranking = self.rank(query, limit)
        places = self._catalog.places(ranking.photo_ids.tolist())
        online = {folder.id: folder.online for folder in self._catalog.folders()}
        hits = []
        for photo_id, score, likely, distance in zip(
            ranking.photo_ids.tolist(),
            ranking.scores.tolist(),
            ranking.probabilities.tolist(),
            ranking.listed_distances(),
            strict=True,
        ):
            place = places.get(photo_id)
            if place is not None:  # else removed by another connection since the ranking
                root, path = place
                hits.append(Hit(photo_id, path, score, likely, not online.get(root, False), distance))
        return self.understood(ranking, tuple(hits))

    def understood(self, ranking: Ranking, hits: tuple[Hit, ...] = ()) -> SearchResult:
        """What a ranking's query was understood as, with these photos of it or (for those who look further) none."""
        phrase = ranking.phrase or joined([])
        return SearchResult(
            hits,
            phrase.known,
            phrase.unknown,
            self._suggestions(phrase.unknown),
            phrase.corrected,
            ranking.not_analysed,
            ranking.parsed.parts,
            ranking.parsed.filters,
            ranking.parsed.offers,
            ranking.compared,
        )

    def vocabulary(self) -> list[str]:
        """The words that the pack was taught, the most frequent first. Raises PackDamaged."""
        if self._regressor is None:
            self._regressor = CaptionRegressor(self._pack)
        return self._regressor.vocabulary

    def rank(self, query: Query, limit: int = DEFAULT_LIMIT) -> Ranking:
        """What ``search`` does, without looking up the photos: for those who need every photo's place."""
        if limit < 1:
            raise ValueError(f"limit must be at least 1, not {limit}")
        parsed = parse(query.text, self._today(), self.southern, self._catalog.known_places())
        by_photo = bool(query.photos or query.photo_ids or query.liked or query.disliked)
        if not (parsed.parts or by_photo or query.filters):
            raise EmptyQuery
        wishes = self._read(parsed)
        self._holdings.follow(by_photo)
        described = self._described.ready_for(query.compare) if by_photo else None
        self._take_photos(query, wishes, described)
        filters = [one for one in (query.filters, parsed.filters) if one]
        if not wishes:
            if not filters or by_photo or (wishes.phrase is not None and wishes.phrase.unknown):
                return no_photos(parsed, wishes)
            return self._newest(filters, limit, parsed, wishes)
        found = self._holdings.candidates(wishes, filters, query.photo_ids, limit)
        ids = found.embeddings.ids[found.rows]
        scores, logits = self._score(found, wishes, described)
        if query.disliked:  # whatever else speaks for it: the person called it a wrong answer
            wrong = np.isin(ids, query.disliked) * np.float32(_CALLED_WRONG)
            scores, logits = scores - wrong, logits - wrong
        place = neighbors.best(scores, ids, limit)
        likely = probability(logits[place])
        if wishes.names_several_things:
            sure = likely >= WORDS.sure  # by whole phrases: these photos are asked for each of their words, too
            embeddings = found.embeddings.take(found.rows[place[sure]])
            likely[sure] = less_sure(logits[place[sure]], self._doubt(wishes, embeddings))
        return Ranking(
            ids[place],
            scores[place],
            likely,
            wishes.phrase,
            tuple(wishes.not_analysed),
            parsed,
            *judged(described, wishes, ids, place),
        )

    def update_neighbors(self) -> bool:
        """Keep the vectors as they are mapped and build the annoy index, if the library is large enough and what is
        there is missing or stale.

        Takes seconds to minutes: call it after indexing, never in answer to a search. Returns whether it
        built.
        """
        return self._holdings.update_neighbors()

    def rest(self) -> None:
        """After an answer: what only searches by photos read need not stay in memory."""
        self._holdings.rest()

    def uses_neighbors(self, limit: int) -> bool:
        """Whether the next phrase for ``limit`` photos is asked of annoy rather than of every photo."""
        return isinstance(self._holdings, OwnVectors) and self._holdings.uses_neighbors(limit)

    def scanned_bytes(self, kind: str) -> int:
        """What an exact search reads of the vectors of ``kind``; 0 until they were needed, or of a server's."""
        return self._holdings.scanned_bytes(kind) if isinstance(self._holdings, OwnVectors) else 0

    def _read(self, parsed: ParsedQuery) -> Wishes:
        """The vectors of what is asked in words; without those that no vector says anything about."""
        if not parsed.clauses and not parsed.without:
            return Wishes()
        if self._regressor is None:
            self._regressor = CaptionRegressor(self._pack)
        clauses = [[self._regressor(text) for text in clause] for clause in parsed.clauses]
        without = [self._regressor(text) for text in parsed.without]
        wishes = Wishes(phrase=joined([phrase for clause in clauses for phrase in clause] + without))
        for clause in clauses:
            if vectors := [PhraseVectors(one.vector, one.content) for one in clause if one.vector is not None]:
                wishes.clauses.append(vectors)
        wishes.without += [phrase.vector for phrase in without if phrase.vector is not None]
        return wishes

    def _suggestions(self, unknown: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        if self._regressor is None:
            return {}
        found = {word: tuple(self._regressor.suggestions(word)) for word in unknown[:_MAX_EXPLAINED_WORDS]}
        return {word: words for word, words in found.items() if words}

    def _take_photos(self, query: Query, wishes: Wishes, described: Described | None) -> None:
        """Add the vectors of the query's photos, and name those that have none yet."""
        weights = iter(query.photo_weights)
        for photo in query.photos:
            wishes.add_photo(photo, next(weights, 1.0))
        for photo_id in query.photo_ids:
            weight = next(weights, 1.0)
            if (known := self._known_photo(photo_id, wishes, described)) is not None:
                wishes.add_photo(known, weight)
        rerank = bool(wishes)
        for photo_ids, marked, weight in (
            (query.liked, wishes.liked, 1.0),
            (query.disliked, wishes.disliked, -1.0),
        ):
            for photo_id in photo_ids:
                if (known := self._known_photo(photo_id, wishes, described)) is None:
                    continue
                if rerank:
                    marked.append(known)
                else:
                    wishes.add_photo(known, weight)  # nothing else is asked for: they are the question

    def _known_photo(self, photo_id: int, wishes: Wishes, described: Described | None) -> PhotoVectorsOne | None:
        feature = self._holdings.vector(FEATURE, photo_id)
        embedding = self._holdings.vector(EMBEDDING, photo_id)
        if feature is None or embedding is None:
            wishes.not_analysed.append(photo_id)
            return None
        raw = None if described is None else described.vector(photo_id)
        if described is not None and raw is None:
            wishes.not_described.append(photo_id)
        return PhotoVectorsOne(feature, embedding, raw)

    def _newest(self, filters: Sequence[Filters], limit: int, parsed: ParsedQuery, wishes: Wishes) -> Ranking:
        """Nothing to compare with, only filters: what passes them, the newest first, and all of it for sure."""
        found = self._holdings.newest(filters, limit)
        return Ranking(
            found.ids,
            np.ones(len(found), dtype=np.float32),
            np.ones(len(found)),
            wishes.phrase,
            tuple(wishes.not_analysed),
            parsed,
            moments=found.moments,
        )

    def _score(self, found: Candidates, wishes: Wishes, described: Described | None) -> tuple[FloatArray, FloatArray]:
        """Scores and log-odds of ``found.rows``, both ``(len(rows),)`` float32; -inf for a photo without features.

        The score of one phrase or one mean of photos is its cosine; of anything more, the log-odds, or what likes make
        of them.
        """
        rows = found.rows
        scorer = Scorer(found.embeddings, found.features, self._weights, described)
        by_text = by_photo = None
        if wishes.is_one_phrase:
            cosines = scorer.text(rows, wishes.clauses[0][0].whole)
            return cosines, self._text_calibration.logit(cosines)
        if wishes.clauses:
            by_text = all_of(
                [any_of([self._text_logit(scorer, rows, one.whole) for one in clause]) for clause in wishes.clauses]
            )
        if wishes.examples:
            likeness = scorer.photo(rows, mean_photo(wishes.examples, wishes.weights))
            by_photo = self._photo_calibration.logit(likeness)
            if wishes.is_photos_alone:
                return likeness, by_photo
        logit = weighed(by_text, by_photo, wishes.photo_weight)
        unwanted = [self._text_logit(scorer, rows, one) for one in wishes.without]
        unwanted += [self._photo_calibration.logit(scorer.photo(rows, one)) for one in wishes.unlike]
        if unwanted:
            logit = but_not(logit, unwanted, [1.0] * len(wishes.without) + wishes.unlike_weights)
        assert logit is not None
        if wishes.has_likes:
            change = by_likes(*([scorer.marked(rows, one) for one in some] for some in (wishes.liked, wishes.disliked)))
            return logit + change, logit + np.float32(SURE_BY_LIKES) * change
        return logit, logit

    def _doubt(self, wishes: Wishes, embeddings: FloatArray) -> FloatArray:
        """How much less sure photos are, ``(n,)``, because they show a word of what is asked less than all of it."""
        logit = self._text_calibration.logit
        doubts = []
        for clause in wishes.clauses:
            by_whole = [logit(embeddings @ one.whole) for one in clause]
            by_words = [logit(one.words @ embeddings.T) for one in clause]
            told = [whole - doubt(whole, words) for whole, words in zip(by_whole, by_words, strict=True)]
            doubts.append(any_of(by_whole) - any_of(told))
        return np.float32(wishes.text_share) * all_of(doubts)

    def _text_logit(self, scorer: Scorer, rows: IntArray, vector: FloatArray) -> FloatArray:
        return self._text_calibration.logit(scorer.text(rows, vector))


def external_photo(photo: Path | bytes, decoder: Decoder, visual: Visual) -> PhotoVectorsOne:
    """The vectors of a photo that need not be catalogued: a path, or the bytes of a dropped or pasted image.

    The photo is decoded in the disposable process, like every other. Raises PhotoUnreadable.
    """
    decoded = decoder.decode_bytes(photo) if isinstance(photo, bytes) else decoder.decode(photo)
    vectors = visual([decoded.pixels])
    return PhotoVectorsOne(vectors.features[0], vectors.embeddings[0])
