"""What each scorer costs a request: one history of 50 items over 10,000; and all of them compiled into one table.

Those that take more than a request may do not serve, whatever their weight; the table is what serves instead, by the
path of requests (`decide`: profile, kernel, gate, reasons), and costs the same however many it was made of.
"""

from functools import partial

import numpy as np
from scipy.sparse import csr_array

from benchmarks.table import Row, row
from benchmarks.trees import least_us
from tailorbird.offer.hybrid.compiled import WIDTH, Serving
from tailorbird.offer.hybrid.served import REQUEST_MS
from tailorbird.offer.hybrid.tables import alone, evened, merged
from tailorbird.offer.recommend.compiled_serves import serving
from tailorbird.offer.retrievers.catalog import CATALOG
from tailorbird.offer.retrievers.histories import Histories
from tailorbird.offer.retrievers.sequential_ridge import SequentialRidgeRecipe

ITEMS, PEOPLE, TOPICS, HISTORY = 10_000, 4_000, 100, 50
ASKED, AT = 20, 12  # different histories, so that none finds its rows in the near caches
SMALLER = {"sequential-ridge": SequentialRidgeRecipe(most_items=4_000)}  # its fit, of the cube of that, is not measured


def run() -> list[Row]:
    known = world(PEOPLE, 25, 0)
    asked = [world(1, HISTORY, 1 + seed) for seed in range(ASKED)]
    rows, tables = [], []
    for entry in CATALOG:
        retriever = SMALLER.get(entry.name, entry.recipe).fit(known)
        took = float(np.mean([least_us(partial(retriever.scores, one), 5) for one in asked]))
        budget = f"<= {REQUEST_MS:g} ms to serve by itself" if entry.online else "not asked within a request"
        holds = took <= 1000 * REQUEST_MS or not entry.online
        rows.append(row(f"scorer {entry.name}, {HISTORY} items of history over {ITEMS:,}", took, "us", budget, holds))
        if entry.name in ("three-hop", "als", "rules", "two-step"):
            every = np.unique(np.concatenate([one.item for one in asked])).astype(np.int32)
            tables.append(evened(alone(retriever, every, known, WIDTH, masked=True)))
    return [*rows, compiled(tables, asked)]


def compiled(tables: list[csr_array], asked: list[Histories]) -> Row:
    """The whole decision over four of them in one table."""
    table = merged(tables, np.ones(len(tables), np.float32), WIDTH)
    answer = serving(Serving(table, 16.0, np.ones(ITEMS, np.float32), masked=False, at=AT))
    took = float(np.mean([least_us(partial(answer, one.item), 5) for one in asked]))
    promise = f"a decision by one table of {len(tables)} scorers, {WIDTH} neighbours an item, its profile made anew"
    return row(promise, took, "us", "<= 1000", took <= 1000)


def world(people: int, contacts: int, seed: int) -> Histories:
    """People of two topics each; in a topic some items are met far more often than others."""
    chance = np.random.default_rng(seed)
    topics = chance.integers(0, TOPICS, (people, 2))
    topic = np.take_along_axis(topics, chance.integers(0, 2, (people, contacts)), 1)
    within = np.minimum(chance.zipf(1.3, (people, contacts)) - 1, ITEMS // TOPICS - 1)
    at = np.sort(chance.random((people, contacts)), axis=1).astype(np.float32).ravel()
    words = csr_array((np.ones(ITEMS, np.float32), (np.arange(ITEMS), np.arange(ITEMS) % (2 * TOPICS))))
    start = np.arange(0, people * contacts + 1, contacts, dtype=np.int64)
    item = (topic + TOPICS * within).astype(np.int32).ravel()
    return Histories(start, item, ITEMS, at=at, attributes=words)
