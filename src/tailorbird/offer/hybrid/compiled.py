"""The blend compiled: one item-to-item table, and how fast a history fades, in place of all retrievers of a request.

    table = sum over the retrievers of weight_r * evened(what r says of each item alone), the best WIDTH of each row
    score(h) = sum over the last LONGEST contacts of h, k steps back, of exp(-(k - 1) / fading) * row

That is what a trained model of `tailorbird train` holds and what a request's kernel adds up, so a page costs the same
however many retrievers were blended, and however slow these are. Weights and fading are learned on validation questions
that the blend is learned on, of the rows as they serve; what the table is worth others say, or it would be flattered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from scipy.sparse import csr_array

from tailorbird.offer.hybrid.blend import Question, learned
from tailorbird.offer.hybrid.exam import Key
from tailorbird.offer.hybrid.tables import alone, evened, merged, pool_of
from tailorbird.offer.judge.asking import blocks
from tailorbird.offer.judge.measures import by_question, means
from tailorbird.offer.judge.questions import Trial
from tailorbird.offer.judge.ranks import ranked
from tailorbird.offer.retrievers.histories import Floats, Histories, Ints
from tailorbird.offer.retrievers.retriever import Retriever
from tailorbird.offer.retrievers.spread import spread
from tailorbird.offer.retrievers.steps_back import decay, steps_back, weighed

WIDTH = 100  # neighbours of an item
LONGEST = 50  # contacts that a profile keeps
FADING = (inf, 16.0, 6.0, 3.0, 1.5)  # steps
POPULAR = "popular"  # says the same to everybody: it is the base of every page, not a row


@dataclass(frozen=True)
class Recipe:
    """What the table is made of, and what it is worth on the validation questions."""

    retrievers: tuple[str, ...]
    weights: Floats
    fading: float  # steps
    worth: float = 0.0

    def table(self, panel: Sequence[Retriever], asked: Histories, known: Histories, *, masked: bool) -> csr_array:
        """The rows that these histories ask for, best first, of retrievers that stand in the order of their names."""
        said = _said(panel, np.unique(asked.item).astype(np.int32), known, masked)
        return merged(said, self.weights, WIDTH)


@dataclass(frozen=True)
class Serving:
    """All that a request needs."""

    table: csr_array  # n x n, best first
    fading: float  # steps
    popular: Floats  # n
    masked: bool
    at: int


def recipe(panel: Sequence[Retriever], exam: Trial, judges: Trial) -> Recipe:
    """Weights and fading that suit the questions of `exam` best, and what they are worth on those of `judges`; the
    retrievers are fitted on what both know.
    """
    # The same for everybody is the base of every page; in rows it would count once for each contact of a history.
    panel = [retriever for retriever in panel if retriever.name != POPULAR]
    names = tuple(retriever.name for retriever in panel)
    asked, last = latest(exam.asked), latest(judges.asked)
    said = _said(panel, np.union1d(asked.item, last.item).astype(np.int32), exam.known, exam.masked)
    found = []
    for fading in FADING if asked.ordered else (inf,):
        # One fading for all retrievers, whatever they have of their own: a request's kernel has one (docs/why/116).
        faded = weighed(asked, decay(steps_back(asked), fading))
        pool = pool_of(said, names, faded, exam)
        question = Question.of(pool, Key.of(pool, exam))
        weights, _ = learned(question)
        found.append((question.of_weights(weights), fading, weights))
    # Of equals the slower one: without a difference there is no reason to forget.
    _, fading, weights = max(found, key=lambda one: one[:2])
    # Judged as it will serve: the table cut to WIDTH, not the sum over the retrievers that its weights were learned on.
    keep = [place for place, weight in enumerate(weights) if weight > 0]
    table = merged([said[place] for place in keep], weights[keep], WIDTH)
    return Recipe(tuple(names[place] for place in keep), weights[keep], fading, _worth(table, fading, last, judges))


def latest(asked: Histories) -> Histories:
    """The last LONGEST contacts of each history.

    >>> latest(Histories.of([list(range(60)), [7]], items=60)).lengths().tolist()
    [50, 1]
    """
    lengths = asked.lengths()
    return asked.chosen(np.repeat(asked.start[1:], lengths) - np.arange(len(asked.item)) <= LONGEST)


def _said(panel: Sequence[Retriever], rows: Ints, known: Histories, masked: bool) -> list[csr_array]:
    return [evened(alone(retriever, rows, known, WIDTH, masked=masked)) for retriever in panel]


def _worth(table: csr_array, fading: float, asked: Histories, exam: Trial) -> float:
    """The measure that decides, of the table as it serves."""
    faded, ranks, first = weighed(asked, decay(steps_back(asked), fading)), [np.zeros(0)], 0
    for part in blocks(exam):
        scores = spread(csr_array(faded[first : first + len(part)]), table)
        ranks.append(ranked(scores, part, exam.at)[1])
        first += len(part)
    return means(by_question(exam.start, np.concatenate(ranks), exam.at))[exam.chosen_by]
