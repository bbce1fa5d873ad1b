"""What lists are like beside being right: how wide, how new, how varied, how popular, and how like the person.

    coverage         share of the catalogue that appears in any list
    novelty          mean of -log2 of an item's share of all contacts, in bits: an item of one contact in 1,024 has 10
    diversity        chance that two items of one list are of different categories
    popularity_bias  mean contacts of the shown items over those of what was taken then; 1: as popular as what is wanted
    miscalibration   Kullback-Leibler divergence of the list's categories from those of the person's own history, in
                     nats; 0: the same mixture

Novelty: S. Vargas, P. Castells, RecSys 2011, eq. 7 (self-information). Popularity: H. Abdollahpouri et al., "The
Unfairness of Popularity Bias in Recommendation", RMSE 2019, GAP. Calibration: H. Steck, RecSys 2018, eq. 6.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.model import Rows
from tailorbird.offer.recommend.replay import Case
from tailorbird.offer.shelf import Shelf

Doubles = NDArray[np.float64]
ALPHA = 0.01  # how much of the history's mixture is lent to a list, so that no logarithm is of 0


@dataclass(frozen=True)
class Surroundings:
    """What lists are compared with: `contacts` and `category` by shelf row, and each moment's mixture of categories."""

    contacts: Doubles
    category: Rows
    mixtures: list[tuple[NDArray[np.int64], Doubles]]  # m: (categories, their shares), both empty without a history
    items: int


def surroundings(lines: Interactions, shelf: Shelf, moments: Sequence[Case]) -> Surroundings:
    """As the training part knew items, and as the moments knew people."""
    contacts = np.zeros(len(shelf))
    count = np.bincount(lines.item, minlength=len(lines.ids))
    for number in np.flatnonzero(count).tolist():
        if (row := shelf.row.get(lines.ids[number])) is not None:
            contacts[row] = count[number]
    category = shelf.category_of[: len(shelf)]
    return Surroundings(contacts, category, [_mixture(m, shelf, category) for m in moments], len(shelf))


def _mixture(moment: Case, shelf: Shelf, category: Rows) -> tuple[NDArray[np.int64], Doubles]:
    bought = moment.profile.bought
    rows = [(shelf.row[i], b.times) for i, b in bought.items() if i in shelf.row] if bought else [
        (shelf.row[touch.item], 1) for touch in moment.profile.recent if touch.item in shelf.row]  # fmt: skip
    if not rows:
        return np.empty(0, np.int64), np.empty(0)
    codes, times = category[[row for row, _ in rows]], np.array([times for _, times in rows], np.float64)
    found, where = np.unique(codes, return_inverse=True)
    shares = np.bincount(where, weights=times)
    return found.astype(np.int64), shares / shares.sum()


def by_moment(pages: Rows, around: Surroundings) -> dict[str, Doubles]:
    """Novelty, diversity, miscalibration of each page (m x k shelf rows, -1 behind the last); NaN where undefined."""
    shown = pages >= 0
    many = shown.sum(1)
    rare = -np.log2((around.contacts + 1) / (around.contacts.sum() + around.items))
    with np.errstate(invalid="ignore", divide="ignore"):
        novelty = np.where(shown, np.append(rare, 0.0)[pages], 0.0).sum(1) / many
        codes = np.where(shown, np.append(around.category, -1)[pages], -2 - np.arange(pages.shape[1]))  # gaps differ
        same = (codes[:, :, None] == codes[:, None, :]).sum((1, 2)) - pages.shape[1]
        diversity = np.where(many > 1, 1 - same / (many * (many - 1)), np.nan)
    apart = [_apart(page[page >= 0], *mix, around.category) for page, mix in zip(pages, around.mixtures, strict=True)]
    return {"novelty": novelty, "diversity": diversity, "miscalibration": np.array(apart, np.float64)}


def overall(pages: Rows, targets: Rows, around: Surroundings) -> dict[str, float]:
    """Coverage and popularity bias of these pages. `targets`: the rows that were taken instead."""
    rows, taken = pages[pages >= 0], targets[targets >= 0]
    usual = around.contacts[taken].mean() if len(taken) else 0.0
    bias = float(around.contacts[rows].mean() / usual) if len(rows) and usual else 0.0
    return {"coverage": len(np.unique(rows)) / max(1, around.items), "popularity_bias": bias}


def _apart(rows: Rows, codes: NDArray[np.int64], shares: Doubles, category: Rows) -> float:
    if not (len(rows) and len(codes)):
        return float("nan")
    place = np.minimum(np.searchsorted(codes, category[rows]), len(codes) - 1)
    found = np.bincount(place[codes[place] == category[rows]], minlength=len(codes)) / len(rows)
    return float((shares * np.log(shares / ((1 - ALPHA) * found + ALPHA * shares))).sum())
