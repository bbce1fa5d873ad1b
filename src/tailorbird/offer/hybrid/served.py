"""What a visitor gets: the blend as one table, through the path of requests, where that keeps KEEPS of its worth on
validation. Else the mix asked one history at a time, of retrievers that are cheap enough, from stored arrays: these
join by how much weight they bring for their time until the time of a request is used up. If some must stay
away, the mix is learned anew for those that remain, on the same validation questions.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tailorbird.offer.hybrid.compiled import Recipe
from tailorbird.offer.hybrid.exam import Key
from tailorbird.offer.hybrid.features import Facts
from tailorbird.offer.hybrid.mix import Mix
from tailorbird.offer.hybrid.panel import heard
from tailorbird.offer.hybrid.pool import Pool
from tailorbird.offer.judge.questions import Trial
from tailorbird.offer.judge.ranks import Doubles
from tailorbird.offer.retrievers.histories import Floats, Ints
from tailorbird.offer.retrievers.retriever import Retriever

KEEPS = 0.97  # of the worth on validation, told to 1 % by who judges: a table that keeps less does not serve
REQUEST_MS = 10.0  # that all retrievers together may take for one history
TIMED_ON = 40  # requests; the median counts, so that a machine that is busy for a moment does not decide


@dataclass(frozen=True)
class Service:
    """Who serves, how they are joined, and what each costs."""

    mix: Mix
    ms: dict[str, float]  # of each retriever that was timed, for one request
    away: dict[str, str]  # who does not serve, with why
    compiled: Recipe | None = None  # the blend as one table, where that keeps what it is worth
    kept: float | None = None  # the share of the blend's worth on validation that it keeps; None: not tried


def request_ms(retriever: Retriever, trial: Trial, now: Callable[[], float]) -> float:
    """The median time of one answer, in ms."""
    took = []
    for row in range(min(TIMED_ON, len(trial))):
        one = trial.asked.part(row, row + 1)
        began = now()
        retriever.scores(one)
        took.append(now() - began)
    return 1000 * float(np.median(took)) if took else 0.0


def affordable(names: Sequence[str], weights: Floats, ms: dict[str, float]) -> tuple[list[str], dict[str, str]]:
    """Those that fit into a request together, most weight for their time first; and why the others do not.

    >>> affordable(["quick", "slow"], np.array([0.5, 0.5], np.float32), {"quick": 1.0, "slow": 9.5})
    (['quick'], {'slow': '9.5 ms a request do not fit beside the others into 10 ms'})
    """
    order = sorted(range(len(names)), key=lambda place: (-weights[place] / max(ms[names[place]], 1e-3), names[place]))
    chosen, away, total = [], dict[str, str](), 0.0
    for name in (names[place] for place in order):
        if total + ms[name] <= REQUEST_MS:
            chosen.append(name)
            total += ms[name]
        else:
            away[name] = f"{ms[name]:.1f} ms a request do not fit beside the others into {REQUEST_MS:.0f} ms"
    return sorted(chosen, key=list(names).index), away


def served(
    panel: Sequence[Retriever], mix: Mix, known: Facts, trial: Trial, now: Callable[[], float]
) -> tuple[Doubles, Doubles]:
    """(the rank of each target, asked one question at a time; the ms that each answer took)."""
    ranks, took = [], np.zeros(len(trial))
    nothing = np.zeros(0, np.int32)
    for row in range(len(trial)):
        question = trial.part(row, row + 1)
        request = replace(question, start=np.zeros(2, np.int64), target=nothing)  # the answer cannot know its targets
        began = now()
        pool, scores = mix.ranked(heard(panel, request, now).pool, request.asked, known)
        took[row] = 1000 * (now() - began)
        ranks.append(Key.of(pool, question).ranks(pool, scores))
    return np.concatenate([np.zeros(0), *ranks]), took


def answered(
    answer: Callable[[Ints], tuple[Ints, Floats]], trial: Trial, now: Callable[[], float]
) -> tuple[Doubles, Doubles]:
    """The same of what requests are answered by, which gives a list: what is not on it has the rank inf."""
    items, scores, took = [np.zeros(0, np.int32)], [np.zeros(0, np.float32)], np.zeros(len(trial))
    for row in range(len(trial)):
        history = trial.asked.of_row(row)
        began = now()
        shown, score = answer(history)
        took[row] = 1000 * (now() - began)
        # A pool is sorted by item, a page by score.
        order = np.argsort(shown)
        items.append(shown[order])
        scores.append(score[order])
    start = np.concatenate([[0], np.cumsum([len(one) for one in items[1:]])]).astype(np.int64)
    every = np.concatenate(scores)
    pool = Pool(start, np.concatenate(items), every[None], ("table",))
    return Key.of(pool, trial).ranks(pool, every), took
