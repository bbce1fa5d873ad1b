"""The panel: several retrievers are asked the same questions block by block, and their best go into one pool."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tailorbird.offer.hybrid.pool import Pool, joined, pooled
from tailorbird.offer.judge.asking import blocks
from tailorbird.offer.judge.questions import Trial
from tailorbird.offer.judge.ranks import Doubles, ranked
from tailorbird.offer.retrievers.histories import Ints
from tailorbird.offer.retrievers.retriever import Retriever

Number = TypeVar("Number", bound=np.generic)
WIDTH = 100  # candidates from each
AT_ONCE = 96_000_000  # scores of all of the panel together: 384 MB


@dataclass(frozen=True)
class Heard:
    """What the panel said."""

    pool: Pool
    lists: dict[str, Ints]  # p x at: the best of each retriever alone
    ranks: dict[str, Doubles]  # of each target among all items, for each retriever alone
    seconds: dict[str, float]  # that each took


def heard(panel: Sequence[Retriever], trial: Trial, now: Callable[[], float], width: int = WIDTH) -> Heard:
    """The pool of all questions, scores unscaled, and how good each retriever is by itself.

    Only `width` candidates of each are kept, so what is no candidate of anybody cannot be found by a blend.
    """
    names = tuple(retriever.name for retriever in panel)
    pools, ranks, seconds = [], dict[str, list[Doubles]]((name, []) for name in names), dict.fromkeys(names, 0.0)
    lists = dict[str, list[Ints]]((name, []) for name in names)
    # Every retriever's dense scores of a block are there together, so a block is smaller the more there are.
    for part in blocks(trial, AT_ONCE // max(1, len(panel))):
        bests, dense = [], []
        for retriever in panel:
            began = now()
            scores = retriever.scores(part.asked)
            best, own = ranked(scores, part, width)
            seconds[retriever.name] += now() - began
            bests.append(best)
            dense.append(scores)
            ranks[retriever.name].append(own)
            # Copied: a view of a few columns would keep the whole block.
            lists[retriever.name].append(best[:, : trial.at].copy())
        pools.append(pooled(bests, dense, names))
    return Heard(joined(pools), _together(lists), _together(ranks), seconds)


def _together(parts: dict[str, list[NDArray[Number]]]) -> dict[str, NDArray[Number]]:
    return {name: np.concatenate(own) for name, own in parts.items()}
