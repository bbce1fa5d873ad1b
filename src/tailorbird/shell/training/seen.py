"""What was shown and clicked, from the lake: the pages of placements in which the ranker has a say."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from tailorbird.events import DAY_MS
from tailorbird.offer.recommend.exposures import MOST_PLACES, Exposures
from tailorbird.shell.declared import placements_of
from tailorbird.shell.engines import Engines
from tailorbird.shell.measure import pages_seen

# How places are looked at changes with the site's pages: what is older counts no more.
BACK_MS = 90 * DAY_MS


def read_seen(engines: Engines, number: Mapping[bytes, int], end: int) -> Exposures:
    """The pages of the last months before `end` (ms) that people of `number` saw, by person and time."""
    placements = placements_of(engines.definitions)
    # Elsewhere the order is not the ranker's, and clicks there teach nothing about it.
    ranked = {name for name, placement in placements.items() if placement.recipe == "for_you"}
    rows = (row for row in pages_seen(engines.lake, end - BACK_MS, end) if row["placement"] in ranked)
    return exposures_of(rows, number)


def exposures_of(rows: Iterator[dict[str, Any]], number: Mapping[bytes, int]) -> Exposures:
    """Rows as `pages_seen` gives them, of people who have a number; damaged and endless pages are passed over."""
    known = ((number[bytes(row["person"])], row) for row in rows if bytes(row["person"]) in number and _whole(row))
    kept = sorted(known, key=lambda one: (one[0], one[1]["decided_at"]))
    pages = [row for _, row in kept]
    kinds: dict[tuple[str, str], int] = {}
    kind = [kinds.setdefault((row["placement"], row["model"]), len(kinds)) for row in pages]
    return Exposures(
        np.array([person for person, _ in kept], np.int32),
        np.array([row["decided_at"] for row in pages], np.int64),
        np.array(kind, np.int32),
        np.concatenate([[0], np.cumsum([len(row["items"]) for row in pages])]).astype(np.int64),
        [item for row in pages for item in row["items"]],
        _numbers(row["scores"] for row in pages),
        _numbers(row["propensities"] or [np.nan] * len(row["items"]) for row in pages),
        _numbers(row["taken"] for row in pages).astype(np.int8),
    )


def _whole(row: Mapping[str, Any]) -> bool:
    return 0 < len(row["items"]) <= MOST_PLACES and len(row["items"]) == len(row["scores"] or ())


def _numbers(lists: Iterator[list[float]]) -> np.ndarray:
    return np.array([value for values in lists for value in values], np.float64)
