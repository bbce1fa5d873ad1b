"""Similar to this: what would do in its place. "Goes with" asks what was bought together; this asks what is alike.

    score(j) = cosine(words(i), words(j))  (1 + rank_j)^-POPULAR       over the items of i's category

Cosine of tf-idf over name, brand, tags and attributes (`newcomers.words_of`; Salton & Buckley 1988). rank_j: the place
of j in its category by popularity, from 0; by Zipf's law that is about its number of contacts to the power POPULAR. It
needs no training, so an item is found, and finds others, from its upsert on. Nothing of another category is similar,
and of one name only the best stands there: where there is nothing else, there are fewer items.
"""

from collections import Counter
from collections.abc import Iterator
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from tailorbird.events import Item
from tailorbird.offer.newcomers import words_of
from tailorbird.offer.recommend.join import Joint
from tailorbird.offer.recommend.rank import Ask, Proposal

POPULAR = 0.2  # as the content retriever prefers what everybody likes
MOST = 1000  # items of a category that are looked at, most popular first: some 20 ms of reading words, once
NEAREST = 300  # to one item: a page has 100 places at most, and a rule may refuse some
MOST_ITEMS = 5  # items of a cart that speak
SIMILAR = -3  # in place of a proposal's largest term: see `reasons.SAY`
Doubles = NDArray[np.float64]
Posting = tuple[NDArray[np.int64], Doubles]  # where a word stands in the category's list, and with what weight


class Alike(Proposal, frozen=True, gc=False):
    """A proposal by its likeness to an item of the page."""

    like: int = -1  # that one's shelf row


def similar(ask: Ask) -> Iterator[Proposal]:
    """What is like the items of the page, best first; of several items the one that is most alike counts."""
    shelf, context = ask.joint.shelf, ask.context
    # The item first, then the last of the cart; each once.
    spoken = dict.fromkeys(filter(None, (context.item, *context.items[-MOST_ITEMS:])))
    about = [(shelf.row[one], item) for one in spoken if (item := shelf.item(one)) is not None]
    best: dict[int, tuple[float, int]] = {}
    for row, item in about:
        for other, score in shelf_of(ask.joint, item.category).near(item):
            if score > best.get(other, (0.0, 0))[0]:
                best[other] = (score, row)
    names: set[str] = set()
    for other in sorted(best, key=lambda one: (-best[one][0], one)):
        score, row = best[other]
        if _told(shelf.items[other], names):
            continue
        yield Alike(other, score, terms=(score, 0.0, 0.0, 0.0, 0.0), share=score, first=SIMILAR, like=row)


def _told(item: Item | None, names: set[str]) -> bool:
    """Whether one of that name stands there already: sizes and colours of one thing are no choice."""
    name = item.name if item is not None else ""
    if not name or name not in names:
        names.add(name)
        return False
    return True


class Category:
    """The words of one category's items, each with the items that have it."""

    def __init__(self, joint: Joint, name: str) -> None:
        self.changed_at = joint.shelf.changed_at.get(name, -1)
        rows = np.array(joint.shelf.categories.get(name, []), np.int64)
        slots = joint.slot_of_row[rows]
        self.rows = rows[np.argsort(slots, kind="stable")][:MOST]  # the model numbers its items by popularity
        self.popular = (1.0 + np.arange(len(self.rows))) ** -POPULAR
        self._index([joint.shelf.items[row] for row in self.rows.tolist()])

    def _index(self, items: list[Item | None]) -> None:
        words = [Counter(words_of(item)) if item is not None else Counter() for item in items]
        holders = Counter(word for one in words for word in one)
        self.idf = {word: log(1 + len(items) / count) for word, count in holders.items()}
        found: dict[str, list[tuple[int, float]]] = {}
        for place, one in enumerate(words):
            for word, weight in self.weighed(one).items():
                found.setdefault(word, []).append((place, weight))
        self.postings: dict[str, Posting] = {
            word: (np.array([place for place, _ in pairs]), np.array([weight for _, weight in pairs]))
            for word, pairs in found.items()
        }

    def weighed(self, counts: Counter[str]) -> dict[str, float]:
        """tf-idf, of length 1; words that no item here has only make it less like all."""
        unknown = max(self.idf.values(), default=1.0)
        weights = {word: (1 + log(count)) * self.idf.get(word, unknown) for word, count in counts.items()}
        length = sqrt(sum(weight * weight for weight in weights.values()))
        return {word: weight / length for word, weight in weights.items()} if length else {}

    def scores(self, item: Item) -> Doubles:
        """Of every item of the list."""
        cosine = np.zeros(len(self.rows))
        for word, weight in self.weighed(Counter(words_of(item))).items():
            if word in self.postings:
                places, weights = self.postings[word]
                cosine[places] += weight * weights
        return cosine * self.popular

    def near(self, item: Item) -> Iterator[tuple[int, float]]:
        """(row, score) of the NEAREST that share a word with it, best first."""
        scores = self.scores(item)
        # Stable: of equal scores the more popular item comes first, as the list is in that order.
        order = np.argsort(-scores, kind="stable")[: min(NEAREST, np.count_nonzero(scores))]
        return zip(self.rows[order].tolist(), scores[order].tolist(), strict=True)


def shelf_of(joint: Joint, category: str) -> Category:
    """The category's words, kept with the joint until what it has to sell changes."""
    kept = joint.shelf.alike
    if not isinstance(kept, tuple) or kept[0] is not joint:
        kept = joint.shelf.alike = (joint, {})
    found: dict[str, Category] = kept[1]
    if category not in found or found[category].changed_at != joint.shelf.changed_at.get(category, -1):
        found[category] = Category(joint, category)
    return found[category]
