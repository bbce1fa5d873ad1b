"""Session neighbours that know when and how near: newer neighbours count more, and so does what stands near in them.

    near(s)   as in `session_knn.py`, times exp(-age(s) / recency)
    score(j)  as there, each neighbour's share times exp(-(d - 1) / closeness)

d: how far j stands in s from the newest item of both, at least 1; age: a part of the time that the log spans. STAN
(Garg et al., 2019, "Sequence and time aware neighborhood for session-based recommendations"): two factors more than
vector session kNN, which stays in the catalog as it is, to be compared with.
"""

from collections.abc import Sequence
from typing import Any

from tailorbird.offer.retrievers.climb import climb, each
from tailorbird.offer.retrievers.histories import Histories
from tailorbird.offer.retrievers.retriever import Judge
from tailorbird.offer.retrievers.session_knn import STEPS, SessionKnn, SessionKnnRecipe, indexed

WITH_PLACES: Sequence[Any] = [*STEPS[:2], each("closeness", 1.5, 10.0), *STEPS[2:]]
WITH_TIMES = [each("recency", 1.0, 0.3, 0.1)]


class StanRecipe(SessionKnnRecipe, frozen=True, tag="stan"):
    """Those of session kNN, with the two factors."""

    closeness: float | None = 4.0  # steps

    @property
    def name(self) -> str:
        return "stan"

    def tuned(self, known: Histories, judge: Judge, seed: int = 0) -> "StanRecipe":
        """Tries what one index can answer, then older and newer sessions."""
        sessions = indexed(known, self.recency)
        best = climb(self, WITH_PLACES, lambda one: judge(SessionKnn(sessions, one, one.name)))
        return climb(best, WITH_TIMES if known.at is not None else [], lambda one: judge(one.fit(known)))
