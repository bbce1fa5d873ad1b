"""A page from the kernel's columns: what `decide` does proposal by proposal, for the page that most visitors get.

    plain placement, no debug, no new items, the recipe's own proposals fill the page, causes told before

An object for each proposal, and five calls for each reason, take two thirds of Python's time for a page. Here one pass
over the columns makes nothing but what the answer holds. What is not as above is said by the long way, item by item or
as a whole; a test holds the two equal (docs/why/046-columns-and-one-kernel.md).
"""

from tailorbird.events import Choice, Reason
from tailorbird.offer.gate import Gate
from tailorbird.offer.newcomers import heirs_of
from tailorbird.offer.reasons import reasons
from tailorbird.offer.recommend.rank import Ask, Found, proposed

ROW, PERSONAL, TELLS, CODE = 0, 1, 6, 8  # lines of the kernel's first columns; after TELLS comes ALSO
SCORE, ITEM, TELLS_OF = 0, 1, 7  # of its second ones; after ITEM come AGAIN and CATEGORY, ALSO_OF is the last
BY_NONE = -1  # of ALSO: a second term that no contact tells of; below it there is none


def swift(ask: Ask, gate: Gate, limit: int, found: Found) -> tuple[list[Choice], list[int]] | None:
    """The page's choices and their places among the columns; None where it takes the long way."""
    who = found[0]
    if who.shape[1] < limit or limit < 2 or heirs_of(ask):
        return None
    rows = who[ROW].tolist()
    places = gate.first(rows, who[PERSONAL], who[CODE].tolist(), ask.joint.shelf, limit)
    if len(places) < limit:
        return None
    return _choices(ask, found, rows, places), places


def _choices(ask: Ask, found: Found, rows: list[int], places: list[int]) -> list[Choice]:
    """What stands in these places, with `reasons` of each."""
    ids, said, shelf = ask.history.ids, ask.history.said, ask.joint.shelf
    names, cards, card, end = shelf.ids, shelf.cards, shelf.card, places[-1] + 1
    scores = found[1][SCORE, :end].tolist()
    tells, also = found[0][TELLS:CODE, :end].tolist()
    tells_of, also_of = found[1][TELLS_OF:, :end].tolist()
    choices = []
    for place in places:
        row, one, other = rows[place], tells[place], also[place]
        # What a page is about is never among what was said of contacts.
        if one < 0 or other == BY_NONE or not said[one] or (other >= 0 and not said[other]):
            told = _by_the_long_way(ask, found, place)
        else:
            told = [Reason("history", said[one], ids[one], tells_of[place])]
            if other >= 0:
                told.append(Reason("history", said[other], ids[other], also_of[place]))
        choices.append(Choice(names[row], scores[place], told, cards[row] or card(row)))
    return choices


def _by_the_long_way(ask: Ask, found: Found, place: int) -> list[Reason]:
    item = ask.joint.shelf.items[found[0][ROW, place]]
    assert item is not None  # the gate let it out
    return reasons(ask, item, next(proposed(at(found, [place]))))


def at(found: Found, places: list[int]) -> Found:
    """The columns of these places."""
    return found[0][:, places], found[1][:, places]
