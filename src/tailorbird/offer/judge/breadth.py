"""What lists are like beside being right: how wide, how new, how varied, how popular, and how like the person.

    coverage         share of the catalogue that appears in any list
    novelty          mean of -log2 of an item's share of all contacts, in bits: an item of one contact in 1,024 has 10
    diversity        1 - mean likeness of two items of one list; of items with one category each that is the chance that
                     two are of different ones
    popularity_bias  mean contacts of the shown items over those of what was taken then; 1: as popular as what is wanted
    miscalibration   Kullback-Leibler divergence of the list's kinds from those of the person's own history, in nats;
                     0: the same mixture

What an item is, its kinds, is a row of weights that sum to 1: its category, or the words of a catalogue. Likeness is
the cosine of two such rows (Ziegler et al., WWW 2005). Novelty: S. Vargas, P. Castells, RecSys 2011, eq. 7
(self-information). Popularity: H. Abdollahpouri et al., "The Unfairness of Popularity Bias in Recommendation", RMSE
2019, GAP. Calibration: H. Steck, RecSys 2018, eq. 6.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from tailorbird.offer.judge.questions import Trial
from tailorbird.offer.retrievers.histories import Ints

Doubles: TypeAlias = NDArray[np.float64]
ALPHA = 0.01  # how much of the history's mixture is lent to a list, so that no logarithm is of 0
AT_ONCE = 20_000  # lists


@dataclass(frozen=True)
class Around:
    """What lists are compared with. `kinds`: n x words; `mixtures`: of each question, m x words; rows sum to 1 or 0."""

    contacts: Doubles  # n: as what may be learned from met them
    kinds: csr_array
    mixtures: csr_array


def around(trial: Trial) -> Around:
    """As the known part met items, and as the asked histories are. Without attributes diversity is undefined."""
    known, asked = trial.known, trial.asked
    contacts = np.bincount(known.item, minlength=known.items).astype(np.float64)
    words = known.attributes if known.attributes is not None else csr_array((known.items, 0), dtype=np.float64)
    kinds = shares(words)
    return Around(contacts, kinds, shares(csr_array(asked.matrix() @ kinds)))


def shares(weights: csr_array) -> csr_array:
    """The rows scaled to sum to 1; an empty row stays empty.

    >>> shares(csr_array(np.array([[1.0, 3.0], [0.0, 0.0]]))).toarray().tolist()
    [[0.25, 0.75], [0.0, 0.0]]
    """
    totals = np.asarray(weights.sum(1), np.float64).ravel()
    return csr_array(diags_array(np.divide(1.0, totals, where=totals > 0, out=np.zeros(len(totals)))) @ weights)


def by_list(lists: Ints, beside: Around) -> dict[str, Doubles]:
    """Novelty, diversity, miscalibration of each list (m x k items, -1 behind the last); NaN where undefined."""
    items = len(beside.contacts)
    # One contact more for each, so that an item nobody met is rare and not infinitely so.
    rare = -np.log2((beside.contacts + 1) / (beside.contacts.sum() + items))
    lengths = np.sqrt(np.asarray(beside.kinds.multiply(beside.kinds).sum(1), np.float64).ravel())
    units = diags_array(np.divide(1.0, lengths, where=lengths > 0, out=np.zeros(len(lengths)))) @ beside.kinds
    found: dict[str, list[Doubles]] = {"novelty": [], "diversity": [], "miscalibration": []}
    for begin in range(0, max(1, len(lists)), AT_ONCE):
        shown = _indicator(lists[begin : begin + AT_ONCE], items)
        many = np.diff(shown.indptr).astype(np.float64)
        with np.errstate(invalid="ignore", divide="ignore"):
            found["novelty"].append((shown @ rare) / many)
            found["diversity"].append(_diversity(shown, csr_array(units), lengths > 0, many))
            of_lists = csr_array(diags_array(np.where(many > 0, 1 / many, 0.0)) @ shown @ beside.kinds)
        found["miscalibration"].append(_apart(of_lists, beside.mixtures[begin : begin + AT_ONCE], many))
    return {name: np.concatenate(parts) for name, parts in found.items()}


def overall(lists: Ints, targets: Ints, beside: Around) -> dict[str, float]:
    """Coverage and popularity bias of these lists. `targets`: the items that were taken instead, -1 for unknown."""
    shown, taken = lists[lists >= 0], targets[targets >= 0]
    usual = beside.contacts[taken].mean() if len(taken) else 0.0
    bias = float(beside.contacts[shown].mean() / usual) if len(shown) and usual else 0.0
    return {"coverage": len(np.unique(shown)) / max(1, len(beside.contacts)), "popularity_bias": bias}


def means_where(values: Mapping[str, Doubles]) -> dict[str, float]:
    """The mean of each over the lists for which it is defined; what is defined for none is left out."""
    return {name: float(one[~np.isnan(one)].mean()) for name, one in values.items() if not np.isnan(one).all()}


def _indicator(lists: Ints, items: int) -> csr_array:
    """m x n: 1 where the item stands in the list."""
    there = lists >= 0
    start = np.concatenate([[0], np.cumsum(there.sum(1))]).astype(np.int64)
    return csr_array((np.ones(int(start[-1])), lists[there], start), shape=(len(lists), items))


def _diversity(shown: csr_array, units: csr_array, said: NDArray[np.bool_], many: Doubles) -> Doubles:
    together = csr_array(shown @ units)
    # The sum over all pairs in one square: |sum of unit rows|^2, less each item's likeness to itself.
    squares = np.asarray(together.multiply(together).sum(1), np.float64).ravel() - shown @ said.astype(np.float64)
    found: Doubles = np.where((many > 1) & said.any(), 1 - squares / (many * (many - 1)), np.nan)
    return found


def _apart(of_lists: csr_array, mixtures: csr_array, many: Doubles) -> Doubles:
    """NaN for an empty list, and for who has no history."""
    rows = np.repeat(np.arange(len(many)), np.diff(mixtures.indptr))
    wanted = mixtures.data.astype(np.float64)
    given = np.asarray(of_lists[rows, mixtures.indices], np.float64).ravel() if len(rows) else np.zeros(0)
    # A little of the history's own mixture in the list's: a kind that the list lacks altogether stays finite.
    parts = wanted * np.log(np.maximum(wanted, 1e-300) / ((1 - ALPHA) * given + ALPHA * np.maximum(wanted, 1e-300)))
    total = np.bincount(rows, parts, minlength=len(many))
    return np.where((many > 0) & (np.diff(mixtures.indptr) > 0), total, np.nan)
