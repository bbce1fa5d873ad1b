"""The contract of a retriever. `testing/retriever_contract.py` holds every one of them to it.

    Recipe     a name and its settings: nothing learned yet, a frozen struct, so that it can be stored and compared
    Retriever  what `recipe.fit` gives: answers with a score for every item

What is measured offline is what serves: one history asked alone gives the row that it has in a batch, to 1e-6.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from tailorbird.offer.retrievers.histories import Floats, Histories

Kind: TypeAlias = Literal["collaborative", "next-item", "sessions", "baskets"]  # of question: what is asked for
Judge: TypeAlias = Callable[["Retriever"], float]  # quality on held-out validation histories; higher is better


class Retriever(Protocol):
    """Fitted. Holds arrays only, all read-only and safe to share between threads and processes."""

    @property
    def name(self) -> str: ...

    def scores(self, asked: Histories) -> Floats:
        """A score for each of the items, p x n: higher is better, 0 means "nothing speaks for it", always finite.

        Items of the history are scored like all others: whoever asks masks them or not. An empty history, one of
        unknown length (10,000) and a catalogue of one item have answers too.
        """
        ...

    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """What to store and map; `recipe.restored(arrays)` is the inverse."""
        ...


class Recipe(Protocol):
    """Settings that fit. Defaults are a place to begin: nothing in them knows a data set."""

    @property
    def name(self) -> str: ...

    def fit(self, known: Histories, seed: int = 0) -> Retriever:
        """Learn from all of `known`. The same input and seed give the same arrays."""
        ...

    def tuned(self, known: Histories, judge: Judge, seed: int = 0) -> "Recipe":
        """Settings chosen by what `judge` says of retrievers fitted on `known` (which holds no validation targets).

        Steps that do not need a new fit reuse what was computed. Without anything to choose: itself.
        """
        ...

    def restored(self, arrays: Mapping[str, NDArray[Any]]) -> Retriever:
        """The retriever of stored arrays, mapped or not; raises Corrupt where they do not fit together."""
        ...


@runtime_checkable
class TunesAsItFits(Protocol):
    """A recipe whose search ends with the retriever that it chose: to fit that again would only cost time."""

    def tuned_and_fitted(self, known: Histories, judge: Judge, seed: int = 0) -> tuple[Recipe, Retriever]:
        """What `tuned` gives, and what that gives when it is fitted on `known`."""
        ...


def zeros(asked: Histories) -> Floats:
    """The answer of who knows nothing."""
    return np.zeros((len(asked), asked.items), np.float32)
