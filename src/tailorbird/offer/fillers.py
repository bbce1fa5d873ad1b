"""What completes a page behind all that was ranked: the most popular, then each category's first, then the rest."""

from collections.abc import Iterator

import numpy as np

from tailorbird.offer.recommend.rank import Ask, Proposal, allowed_rows, base_of

CATEGORY_PLACES = 5  # items of each category among the fillers before all the others come


def fillers(ask: Ask) -> Iterator[Proposal]:
    """All there is, one by one: whoever takes no further than needed pays for no more."""
    yield from popular_fillers(ask)
    yield from catalogue_fillers(ask)


def popular_fillers(ask: Ask) -> Iterator[Proposal]:
    """The most popular, with what that counts."""
    row_of = ask.joint.row_of
    base, slots = base_of(ask)
    for slot in slots.tolist():
        value = float(base[slot])
        yield Proposal(int(row_of[slot]), value, terms=(0.0, 0.0, 0.0, 0.0, value))


def catalogue_fillers(ask: Ask) -> Iterator[Proposal]:
    """Each category's first, second ... item, then all there is; without a score."""
    shelf = ask.joint.shelf
    # By turns: a page that nothing is known for shows a little of everything, and not one category to its end.
    for place in range(CATEGORY_PLACES):
        yield from (Proposal(rows[place], 0.0) for rows in shelf.categories.values() if place < len(rows))
    allowed = allowed_rows(ask.joint, ask.placement)
    # Only now, when all before it is used up: most pages never come here.
    open_rows = shelf.open_rows(ask.now)
    remaining = np.flatnonzero(open_rows & allowed if len(allowed) else open_rows)
    yield from (Proposal(row, 0.0) for row in remaining.tolist())
