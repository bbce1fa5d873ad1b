"""Training ALS beside the `implicit` library: the same data, factors and epochs, both on all cores.

Time is measured on planted data, quality on real people where TAILORBIRD_DATA names the folder of the open sets.
`implicit` lacks the frequency-scaled regularisation of Rendle et al. (2022), so its settings mean other things than
ours. Both sides were searched on a validation part (`search`, by hand); the best that either found is compared.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from os import cpu_count, environ
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from benchmarks.table import Row, row, side_by_side
from tailorbird.offer.judge.asking import quality
from tailorbird.offer.judge.protocols import validated
from tailorbird.offer.judge.questions import Trial
from tailorbird.offer.retrievers.als import AlsRecipe
from tailorbird.offer.retrievers.histories import Floats, Histories
from tailorbird.shell.evaluating.trials import collaborative

PEOPLE, ITEMS, CONTACTS, TASTES = 30_000, 10_000, 1_000_000, 60
FACTORS, EPOCHS, TURNS, ASKED = 64, 10, 5, 4_000
OURS = (0.003, 0.01)  # alpha, penalty: the best of `search`
THEIRS = (60.0, 30.0)  # alpha, regularization
OPEN_SET = "collaborative/amazon-cds"


def planted(people: int = PEOPLE, items: int = ITEMS, contacts: int = CONTACTS, seed: int = 7) -> Histories:
    """People of three tastes each, items of one taste, both unequally popular; a tenth of the contacts are chance."""
    rng = np.random.default_rng(seed)
    taste_of = rng.integers(0, TASTES, items)
    popular = 1 / np.arange(1, items + 1) ** 0.7
    by_taste = [np.flatnonzero(taste_of == taste) for taste in range(TASTES)]
    person = np.sort(rng.choice(people, contacts, p=(weight := rng.pareto(2.5, people) + 0.5) / weight.sum()))
    taste = rng.integers(0, TASTES, (people, 3))[person, rng.integers(0, 3, contacts)]
    item = rng.choice(items, contacts, p=popular / popular.sum())
    for number, own in enumerate(by_taste):
        chosen = (taste == number) & (rng.random(contacts) < 0.9)
        item[chosen] = rng.choice(own, int(chosen.sum()), p=popular[own] / popular[own].sum())
    both = np.unique(person.astype(np.int64) * items + item)
    start = np.concatenate([[0], np.cumsum(np.bincount(both // items, minlength=people))]).astype(np.int64)
    return Histories(start, (both % items).astype(np.int32), items, ordered=False)


@dataclass(frozen=True)
class Implicit:
    """What `implicit` learned, asked as it asks itself: by its own solve of each person's row."""

    model: Any
    name: str = "implicit"

    def scores(self, asked: Histories) -> Floats:
        rows = csr_matrix(asked.matrix())
        vectors = self.model.recalculate_user(np.arange(len(asked)), rows)
        return np.ascontiguousarray(vectors @ self.model.item_factors.T)


def fit_theirs(known: Histories, alpha: float, penalty: float) -> Implicit:
    from implicit.als import AlternatingLeastSquares
    from threadpoolctl import threadpool_limits

    options = {"factors": FACTORS, "iterations": EPOCHS, "alpha": alpha, "regularization": penalty}
    with threadpool_limits(1, "blas"):  # as it asks for: it has threads of its own
        model = AlternatingLeastSquares(**options, random_state=0, num_threads=cpu_count() or 1)
        model.fit(csr_matrix(known.matrix()), show_progress=False)
    return Implicit(model)


def recipe(alpha: float, penalty: float) -> AlsRecipe:
    return AlsRecipe(factors=FACTORS, epochs=EPOCHS, alpha=alpha, penalty=penalty)


def seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def open_set() -> Trial | None:
    """People of a real shop; None where the folder is not there."""
    folder = Path(environ.get("TAILORBIRD_DATA", "")) / OPEN_SET
    if not (folder / "train.parquet").exists():
        return None
    return collaborative(folder / "train.parquet", folder / "test.parquet", 20, None)


def search() -> None:
    """What the settings above were chosen by: NDCG@20 on a fifth of what may be learned from."""
    if (test := open_set()) is None:
        return
    validation = validated(test, seed=3).sample(2_000, seed=4)
    for one in product((0.003, 0.01, 0.03), (0.003, 0.01, 0.03)):
        print("ours", one, quality(recipe(*one).fit(validation.known), validation))
    for one in product((1.0, 5.0, 20.0, 60.0), (0.1, 1.0, 10.0, 30.0)):
        print("implicit", one, quality(fit_theirs(validation.known, *one), validation))


def compared(test: Trial | None) -> Row:
    """NDCG of both on the open set."""
    promise = f"ALS NDCG@20 on {OPEN_SET}, {FACTORS} factors, both tuned"
    if test is None:
        return row(f"{promise}: skipped, TAILORBIRD_DATA does not name the open sets", 0.0, "", ">= implicit", True)
    asked = test.sample(ASKED, seed=1)
    ours, theirs = (quality(one, asked) for one in (recipe(*OURS).fit(test.known), fit_theirs(test.known, *THEIRS)))
    return row(promise, ours, "", ">= implicit", ours >= theirs, theirs)


def run() -> list[Row]:
    known = planted()
    recipe(*OURS).fit(planted(2_000, 600, 5_000))  # compiles
    times = [
        (seconds(lambda: recipe(*OURS).fit(known)), seconds(lambda: fit_theirs(known, *THEIRS))) for _ in range(TURNS)
    ]
    ours, theirs = side_by_side(*map(list, zip(*times, strict=True)))
    promise = f"ALS training, {len(known.item):,} contacts, {FACTORS} factors, {EPOCHS} epochs"
    return [
        row(promise, ours, "s", "<= 1.3 x implicit", ours <= 1.3 * theirs, theirs),
        compared(open_set()),
    ]
