"""The catalogue's twin in memory."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from tailorbird.events import Item
from tailorbird.shell.embedded.search_terms import terms_of


class MemoryCatalogue:
    """`tailorbird.shell.ports.Catalogue` for tests and doctests; ranks by where a word stands, not how rare it is.

    >>> catalogue = MemoryCatalogue()
    >>> catalogue.upsert([Item("1", "Rye Bread", category="food")]), catalogue.search("bre")[1]
    (1, 1)
    """

    def __init__(self) -> None:
        self._rows: dict[str, tuple[int, Item | None]] = {}
        self._version = 0

    def upsert(self, items: Sequence[Item]) -> int:
        changed = {item.id: item for item in items if self.get(item.id) != item}
        return self._store(changed)

    def remove(self, ids: Sequence[str]) -> int:
        return self._store(dict.fromkeys((i for i in ids if self.get(i) is not None), None))

    def get(self, item_id: str) -> Item | None:
        return self._rows.get(item_id, (0, None))[1]

    def search(self, query: str = "", category: str = "", limit: int = 20, offset: int = 0) -> tuple[list[Item], int]:
        terms = [_plain(term) for term in terms_of(query)]
        if query.strip() and not terms:
            return [], 0
        items = [item for item in self._live() if not category or item.category == category]
        found = [item for item in items if all(_hits(term, item) for term in terms)]
        found = found or [item for item in items if any(_hits(term, item) for term in terms)]
        found.sort(key=lambda item: (not item.available, -sum(_hits(term, item) for term in terms), item.name.lower()))
        start = max(offset, 0)
        return found[start : start + max(limit, 0)], len(found)

    def categories(self) -> list[tuple[str, int]]:
        counted = Counter(item.category for item in self._live())
        return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))

    def count(self) -> int:
        return len(self._live())

    def version(self) -> int:
        return self._version

    def changes(self, since: int) -> Iterator[tuple[str, Item | None]]:
        for item_id, (version, item) in list(self._rows.items()):
            # From the beginning nobody needs to hear of what is gone; from later on everybody does.
            if version > since and (since or item is not None):
                yield item_id, item

    def close(self) -> None:
        """Nothing to let go."""

    def _live(self) -> list[Item]:
        return [item for _, item in self._rows.values() if item is not None]

    def _store(self, changed: dict[str, Item | None] | dict[str, Item] | dict[str, None]) -> int:
        if changed:
            self._version += 1
            self._rows |= {item_id: (self._version, item) for item_id, item in changed.items()}
        return len(changed)


def _hits(term: str, item: Item) -> int:
    """5 for a word of the name, 1 for one elsewhere, 0 for none; the term is the beginning of the word."""
    elsewhere = (item.brand, item.category, *item.tags, item.text)
    for text, points in ((item.name, 5), (" ".join(elsewhere), 1)):
        words = [_plain(word) for word in terms_of(text)]
        if any(word.startswith(term) if len(term) > 1 else word == term for word in words):
            return points
    return 0


def _plain(word: str) -> str:
    """Without case and accents, as the index compares."""
    return "".join(c for c in unicodedata.normalize("NFD", word.casefold()) if not unicodedata.combining(c))
