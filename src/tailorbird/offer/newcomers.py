"""New items enter by content: what came into the catalogue since the model was trained inherits from what it is like.

    score(new) = max_j  DAMPED cosine(new, j)  item-to-item term of j     over its NEAREST items j that the model knows

A score's item-to-item term is linear in the model's rows, so this is what the new item would get from a damped share
of its nearest item's row, at no cost to the kernel. Cosine of tf-idf over name, brand, tags and attributes, among the
most popular items of the same category (Salton & Buckley 1988). Where the model knows none of its category, a new item
comes up by clicks in that category (`recommend/join.py`) and as a filler.

Nobody waits for it: a request does one category's share of what is left to do, some 3 ms, and the next share is for a
request some moments later, until all is done (docs/why/121-what-can-wait-gives-way.md).
"""

import re
from collections import Counter
from collections.abc import Iterator
from heapq import heappop, heappush
from math import log, sqrt

import numpy as np

from tailorbird.events import Item
from tailorbird.offer.recommend.join import Joint
from tailorbird.offer.recommend.rank import ITEM, Ask, Proposal

DAMPED = 0.4  # of what the item that it is like would get
NEAREST = 3
LEAST_ALIKE = 0.2
MOST = 2000  # new items, the latest: of more than that a training should learn
PARENTS = 200  # items of a category that new ones are held against
AT_ONCE = 50  # new items looked at in one request
REST_MS = 50  # between two such requests
NEWCOMER = -1  # in place of a proposal's largest term: it is another item's
Words = dict[str, float]
Posting = list[tuple[int, float]]  # the rows that have a word, and its weight in each
_words = re.compile(r"\w+").findall


class Newcomer(Proposal, frozen=True, gc=False):
    """A proposal of a new item, by the item that it is like."""

    like: int = -1  # that one's shelf row


class Newcomers:
    """What is new on the shelf of one joint, and what each is like."""

    __slots__ = ("_done", "_known", "_parents", "heirs", "joint", "pending", "version", "worked_at")

    def __init__(self, joint: Joint) -> None:
        self.joint = joint
        self.heirs: dict[int, dict[int, float]] = {}  # row that is known -> new row -> weight
        self.version = -1
        self.worked_at = 0  # ms: the time of the request that did the latest share
        self._done: dict[int, tuple[Item, int, list[int]]] = {}  # new row -> item as read, `_known_in`, what it is like
        self.pending: list[int] = []
        self._known: dict[str, int] = {}  # category -> items that the model knows, counted once a version
        self._parents: dict[str, tuple[int, Words, dict[str, Posting]]] = {}  # `_known_in`, idf, postings by word

    def work(self) -> None:
        """Take in what the shelf has learned since; then one category's share of what is left to do."""
        if self.version != self.joint.version:
            self.version = self.joint.version
            self._look()
        if self.pending:
            items = self.joint.shelf.items
            last = items[self.pending[-1]]
            category = last.category if last is not None else ""
            share = [row for row in self.pending if (item := items[row]) is None or item.category == category]
            # Of one category: its words are weighed once for all of them, which is most of the work.
            taken = set(share[:AT_ONCE])
            self.pending = [row for row in self.pending if row not in taken]
            for row in taken:
                self._place(row, items[row], category)

    def _look(self) -> None:
        shelf, known = self.joint.shelf, len(self.joint.model.ids)
        self._known.clear()
        if known:
            rows = np.flatnonzero(self.joint.slot_of_row[: len(shelf)] >= known)[-MOST:].tolist()
            self.pending = [row for row in rows if self._changed(row, shelf.items[row])]

    def _changed(self, row: int, item: Item | None) -> bool:
        done = self._done.get(row)
        if done is None or item is None:
            return (done is None) != (item is None)  # both: it came and went unseen
        return done[0] is not item or done[1] != self._known_in(item.category)

    def _known_in(self, category: str) -> int:
        """How many of a category the model knows. It grows while a shelf is being filled: what was new may be alike
        to what comes later.
        """
        if category not in self._known:
            slots = self.joint.slot_of_row[self.joint.shelf.categories.get(category, [])]
            self._known[category] = int(np.count_nonzero(slots < len(self.joint.model.ids)))
        return self._known[category]

    def _place(self, row: int, item: Item | None, category: str) -> None:
        """Bring one new item to those that it is like; from those that it was like before it is taken away."""
        for parent in self._done.pop(row, (None, 0, []))[2]:
            self.heirs.get(parent, {}).pop(row, None)
        if item is None:
            return
        idf, postings = self._parents_of(category)
        cosines = _cosines(_weighed(item, idf), postings)
        alike = sorted((-cosine, parent) for parent, cosine in cosines.items() if cosine >= LEAST_ALIKE)[:NEAREST]
        near = {parent: -less for less, parent in alike}
        self._done[row] = item, self._known_in(category), list(near)
        for parent, cosine in near.items():
            self.heirs.setdefault(parent, {})[row] = DAMPED * cosine

    def _parents_of(self, category: str) -> tuple[Words, dict[str, Posting]]:
        # Kept until the category holds others that the model knows: what a popular item is called hardly ever changes.
        known = self._known_in(category)
        if category not in self._parents or self._parents[category][0] != known:
            shelf, joint = self.joint.shelf, self.joint
            slots = joint.slot_of_row[shelf.categories.get(category, [])]
            rows = joint.row_of[np.sort(slots[slots < len(joint.model.ids)])[:PARENTS]].tolist()  # popular ones first
            found = {row: item for row in rows if (item := shelf.items[row]) is not None}
            holders = Counter(word for item in found.values() for word in set(words_of(item)))
            idf = {word: log(1 + len(found) / count) for word, count in holders.items()}
            self._parents[category] = known, idf, _postings({row: _weighed(item, idf) for row, item in found.items()})
        return self._parents[category][1:]


def newcomers_of(joint: Joint) -> Newcomers:
    """Those of this joint, kept on its shelf."""
    found = joint.shelf.newcomers
    if not isinstance(found, Newcomers) or found.joint is not joint:
        found = joint.shelf.newcomers = Newcomers(joint)
    found.work()
    return found


def with_newcomers(ask: Ask, proposals: Iterator[Proposal]) -> Iterator[Proposal]:
    """The proposals, best first, and among them the new items that are like them, each at its own score."""
    heirs = heirs_of(ask)
    return _merged(proposals, heirs) if heirs else proposals


def heirs_of(ask: Ask) -> dict[int, dict[int, float]]:
    """Of rows that the model knows, the new rows that are like them and how much; some of the work, if any is left."""
    joint = ask.joint
    found = joint.shelf.newcomers
    if not isinstance(found, Newcomers) or found.joint is not joint or found.version != joint.version or (
        found.pending and abs(ask.now - found.worked_at) >= REST_MS  # a clock may be set back
    ):  # fmt: skip
        found = newcomers_of(joint)
        found.worked_at = ask.now
    return found.heirs


def _merged(proposals: Iterator[Proposal], heirs: dict[int, dict[int, float]]) -> Iterator[Proposal]:
    # A heap beside the stream: an heir is known only when the item that it is like comes by, and scores less.
    waiting: list[tuple[float, int, int, Newcomer]] = []
    for proposal in proposals:
        while waiting and -waiting[0][0] >= proposal.score:
            yield heappop(waiting)[-1]
        yield proposal
        if proposal.terms[ITEM] > 0 and proposal.row in heirs:
            for row, weight in heirs[proposal.row].items():
                heir = _heir(row, weight, proposal)
                # One item may be like two others, and as much: the other's row says which comes first.
                heappush(waiting, (-heir.score, row, proposal.row, heir))
    while waiting:
        yield heappop(waiting)[-1]


def _heir(row: int, weight: float, like: Proposal) -> Newcomer:
    # What trees or boosts made of the item that it is like, they make of its share as well: scores keep one unit.
    weight *= like.score / total if (total := sum(like.terms)) > 0 else 1.0
    term = weight * like.terms[ITEM]
    second = ITEM if like.cause >= 0 else -1
    return Newcomer(row, term, like.personal, (term, 0.0, 0.0, 0.0, 0.0), weight * like.share, like.cause, -1,
                    NEWCOMER, second, like.row)  # fmt: skip


def words_of(item: Item) -> list[str]:
    """What an item is described by: words of its name, brand, tags, and plain attributes with their names.

    >>> words_of(Item("1", "Oat Milk", "DAIRY", "OWN", tags=["new"], attributes={"fat": 1.5}))
    ['oat', 'milk', 'brand:own', 'tag:new', 'fat:1.5']
    """
    brand = [f"brand:{item.brand.lower()}"] if item.brand else []
    plain = [f"{name}:{value}" for name, value in item.attributes.items() if isinstance(value, str | int | float)]
    return [*_words(item.name.lower()), *brand, *(f"tag:{tag}" for tag in item.tags), *plain]


def _weighed(item: Item, idf: Words) -> Words:
    """Of length 1. Words that no known item has say nothing of what it is like, but make it less alike to all."""
    unknown = max(idf.values(), default=1.0)
    weights = {word: (1 + log(count)) * idf.get(word, unknown) for word, count in Counter(words_of(item)).items()}
    length = sqrt(sum(weight * weight for weight in weights.values()))
    return {word: weight / length for word, weight in weights.items()} if length else {}


def _postings(words: dict[int, Words]) -> dict[str, Posting]:
    """By word, the rows that have it."""
    found: dict[str, Posting] = {}
    for row, weights in words.items():
        for word, weight in weights.items():
            found.setdefault(word, []).append((row, weight))
    return found


def _cosines(own: Words, postings: dict[str, Posting]) -> dict[int, float]:
    """Of each row that shares a word with these."""
    found: dict[int, float] = {}
    for word, weight in own.items():
        for row, other in postings.get(word, ()):
            found[row] = found.get(row, 0.0) + weight * other
    return found
