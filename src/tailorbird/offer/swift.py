"""A page from the kernel's columns: what `decide` does proposal by proposal, for the page that most visitors get.

    plain placement, no debug, no new items, the recipe's own proposals fill the page, causes told before

An object for each proposal, and five calls for each reason, take two thirds of Python's time for a page. Here one pass
over the columns makes nothing but what the answer holds. What is not as above is said by the long way, item by item or
as a whole; a test holds the two equal (docs/why/046-columns-and-one-kernel.md).
"""

from itertools import repeat
from operator import itemgetter

from tailorbird.events import Choice, Reason
from tailorbird.offer.gate import Gate
from tailorbird.offer.newcomers import heirs_of
from tailorbird.offer.reasons import reasons
from tailorbird.offer.recommend.rank import Ask, Found, proposed

ROW, PERSONAL, TELLS, ALSO = 0, 1, 6, 7  # lines of the kernel's first columns; TELLS and ALSO are the last
SCORE, ITEM, TELLS_OF = 0, 1, 7  # of its second ones; after ITEM come AGAIN and CATEGORY, ALSO_OF is the last
NOTHING_MORE = -2  # of ALSO


def swift(ask: Ask, gate: Gate, limit: int, found: Found) -> tuple[list[Choice], list[int]] | None:
    """The page's choices and their places among the columns; None where it takes the long way."""
    who, what = found
    if who.shape[1] < limit or limit < 2 or heirs_of(ask):
        return None
    shelf, rows = ask.joint.shelf, who[ROW]
    categories, rows = shelf.category_of[rows].tolist(), rows.tolist()
    places = gate.first(rows, who[PERSONAL], categories, shelf, limit)
    if len(places) < limit:
        return None
    chosen = itemgetter(*places)
    rows = chosen(rows)
    cards, card = shelf.cards, shelf.card
    shown = [cards[row] or card(row) for row in rows]
    ids, scores = map(shelf.ids.__getitem__, rows), chosen(what[SCORE].tolist())
    return list(map(Choice, ids, scores, _reasons(ask, found, places, chosen), shown)), places


def _reasons(ask: Ask, found: Found, places: list[int], chosen: itemgetter) -> list[list[Reason]]:  # type: ignore[type-arg]
    """`reasons` of each place."""
    ids, said = ask.history.ids, ask.history.said
    tells, also = map(chosen, found[0][TELLS:].tolist())
    tells_of, also_of = map(chosen, found[1][TELLS_OF:].tolist())
    # What a page is about is never among what was said of contacts.
    if min(tells) < 0 or not all(map(said.__getitem__, tells)):
        return [_told(ask, found, *one) for one in zip(places, tells, also, tells_of, also_of, strict=True)]
    firsts = map(Reason, repeat("history"), map(said.__getitem__, tells), map(ids.__getitem__, tells), tells_of)
    return [
        [first] if other == NOTHING_MORE
        else [first, Reason("history", said[other], ids[other], value)] if other >= 0 and said[other]
        else _by_the_long_way(ask, found, place)
        for first, other, value, place in zip(firsts, also, also_of, places, strict=True)
    ]  # fmt: skip


def _told(ask: Ask, found: Found, place: int, one: int, other: int, value: float, other_value: float) -> list[Reason]:
    """Of one place, where not everything that the page says was said before."""
    ids, said = ask.history.ids, ask.history.said
    if one < 0 or not said[one] or other == -1 or (other >= 0 and not said[other]):
        return _by_the_long_way(ask, found, place)
    told = [Reason("history", said[one], ids[one], value)]
    return [*told, Reason("history", said[other], ids[other], other_value)] if other >= 0 else told


def _by_the_long_way(ask: Ask, found: Found, place: int) -> list[Reason]:
    item = ask.joint.shelf.items[found[0][ROW, place]]
    assert item is not None  # the gate let it out
    return reasons(ask, item, next(proposed(at(found, [place]))))


def at(found: Found, places: list[int]) -> Found:
    """The columns of these places."""
    return found[0][:, places], found[1][:, places]
