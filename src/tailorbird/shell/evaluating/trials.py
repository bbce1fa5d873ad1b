"""Columns become trials: ids become rows, order and time become histories. Nothing of the test enters the known side.

The catalogue is what train, the asked histories and the attributes name. A target outside of it is -1: it counts,
and nobody can find it.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tailorbird.errors import BadRequest
from tailorbird.offer.judge import protocols
from tailorbird.offer.judge.questions import Trial, gathered, histories_of_rows
from tailorbird.offer.retrievers.histories import Floats, Histories, Ints, Longs
from tailorbird.offer.retrievers.rating import Ratings
from tailorbird.shell.evaluating.attributes import matrix, words_by_item
from tailorbird.shell.evaluating.tables import Column, Columns, named, read, table_of
from tailorbird.shell.evaluating.vectors import beside, vectors_by_item


@dataclass(frozen=True)
class Catalogue:
    """The ids of the items, by row."""

    ids: Column
    words: dict[str, list[str]] | None = None
    vectors: dict[str, Floats] | None = None

    @staticmethod
    def of(attributes: Path | None, *columns: Column) -> "Catalogue":
        """All that the columns name, and what the attributes name beside it."""
        words = None if attributes is None else words_by_item(attributes)
        vectors = None if attributes is None else vectors_by_item(attributes)
        ids = np.unique(np.concatenate(_alike(columns)))
        if words is not None:
            ids = _extended(ids, words, attributes)
        return Catalogue(ids, words, vectors)

    def __len__(self) -> int:
        return len(self.ids)

    def rows(self, ids: Column) -> Ints:
        """The row of each id, -1 for one that is not in the catalogue."""
        wanted, known = _alike((ids, self.ids))
        # Numbers here, text there: sort as text.
        if known is not self.ids and known.dtype.kind == "U":
            order = np.argsort(known, kind="stable")
        else:
            order = np.arange(len(known))
        at = np.minimum(np.searchsorted(known[order], wanted), len(known) - 1)
        return np.where(known[order][at] == wanted, order[at], -1).astype(np.int32)

    def described(self, histories: Histories) -> Histories:
        """With the attributes of the items, if there are any."""
        if self.words is None:
            return histories
        rows = {str(one): row for row, one in enumerate(self.ids)}
        words = matrix(self.words, rows, len(self.ids)) if any(self.words.values()) else None
        vectors = None if self.vectors is None else beside(self.vectors, rows, len(self.ids))
        return replace(histories, attributes=words, vectors=vectors)


def collaborative(train: Path, test: Path, at: int, attributes: Path | None) -> Trial:
    """Everyone of test is asked for what train does not hold; who is not in train has an empty history."""
    learned, asked = read(train, ("user", "item")), read(test, ("user", "item"))
    catalogue = Catalogue.of(attributes, learned["item"])
    users, user = _numbered(learned["user"], asked["user"])
    split = len(learned["user"])
    known = catalogue.described(_histories(user[:split], catalogue.rows(learned["item"]), users, len(catalogue)))
    # A bag: no scorer may read an order into rows that the file happens to have.
    known = replace(known, ordered=False)
    targets = _histories(user[split:], catalogue.rows(asked["item"]), users, len(catalogue))
    rows = np.flatnonzero(targets.lengths())
    start, target = gathered(targets.start, targets.item, rows)
    return protocols.trial("collaborative", known, histories_of_rows(known, rows), start, target, at)


def next_item(data: Path, at: int, attributes: Path | None) -> Trial:
    """The last contact of each user by position; of equal positions the order of the file counts."""
    columns = read(data, ("user", "item", "position"))
    users, user = _numbered(columns["user"])
    everything = Catalogue(np.unique(columns["item"]))
    order = np.lexsort((_numbers(columns["position"]), user))
    whole = protocols.last_contacts(
        _histories(user[order], everything.rows(columns["item"])[order], users, len(everything)), at
    )
    return _within(whole, Catalogue.of(attributes, everything.ids[np.unique(whole.known.item)]), everything)


def baskets(data: Path, at: int, attributes: Path | None) -> Trial:
    """The last basket of each user; a basket is what a user took at one time, or under one number that grows."""
    columns = read(data, ("user", "item", "basket"), ("time",))
    users, user = _numbered(columns["user"])
    everything = Catalogue(np.unique(columns["item"]))
    when = _numbers(columns.get("time", columns["basket"]))
    _, basket = np.unique(columns["basket"], return_inverse=True)
    opened = np.full(basket.max() + 1, np.inf)
    np.minimum.at(opened, basket, when)
    item = everything.rows(columns["item"])
    # A basket that names an item twice wants it once.
    once = np.unique(np.stack([user, basket, item]), axis=1, return_index=True)[1]
    order = once[np.lexsort((item[once], basket[once], opened[basket[once]], user[once]))]
    at_times = _apart(opened[basket[order]], user[order], basket[order])
    whole = _histories(user[order], item[order], users, len(everything), at_times)
    last = protocols.last_baskets(whole, at)
    return _within(last, Catalogue.of(attributes, everything.ids[np.unique(last.known.item)]), everything)


def sessions(train: Path, test: Path, at: int, attributes: Path | None) -> Trial:
    """Each click after the first of a session is asked for; of a prefix, only the last."""
    learned = read(train, ("session", "item", "position"), ("time",))
    asked = read(test, ("session", "item", "position"), ("time",))
    each = not _has_prefixes(test)
    catalogue = Catalogue.of(attributes, learned["item"])
    known = catalogue.described(_sessions(learned, catalogue, None))
    span = _span(learned)
    late = _sessions(asked, catalogue, span)
    return _without_unknown(protocols.next_clicks(known, catalogue.described(late), at, each=each))


def ratings(train: Path, test: Path) -> tuple[Ratings, Ratings]:
    """What is learned from and what is asked; who and what train does not know is -1."""
    learned, asked = (read(path, ("user", "item", "rating")) for path in (train, test))
    users, items = (Catalogue(np.unique(learned[name])) for name in ("user", "item"))

    def rated(columns: Columns) -> Ratings:
        value = _numbers(columns["rating"]).astype(np.float32)
        return Ratings(users.rows(columns["user"]), items.rows(columns["item"]), value, len(users), len(items))

    return rated(learned), rated(asked)


def _has_prefixes(path: Path) -> bool:
    name = named(table_of(path).column_names, "session") or ""
    return "prefix" in name.lower()


def _extended(ids: Column, words: dict[str, list[str]], path: Path | None) -> Column:
    """With the items that only the attributes name: nobody met them, and they may be what comes next."""
    met = {str(one) for one in ids}
    if not met & words.keys():
        first = next(iter(words), "nothing")
        raise BadRequest(f"{path} describes no item of the data: it names {first}, the data {ids[0]}.")
    more = [item for item in words if item not in met]
    if ids.dtype.kind != "U":
        # The data's ids are numbers: what is none cannot be meant by any of them.
        more = [item for item in more if item.lstrip("-").isdigit()]
    return np.unique(np.concatenate([ids, np.array(more, str).astype(ids.dtype) if more else ids[:0]]))


def _histories(row: Longs, item: Ints, rows: int, items: int, at: Floats | None = None) -> Histories:
    """Contacts that may stand in any order of rows; those of a row keep their order."""
    order = np.argsort(row, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=rows))]).astype(np.int64)
    return Histories(start, item[order], items, at=None if at is None else at[order])


def _within(whole: Trial, catalogue: Catalogue, everything: Catalogue) -> Trial:
    """The trial over the smaller catalogue: targets that only the test names become -1."""
    row = catalogue.rows(everything.ids)

    def moved(histories: Histories) -> Histories:
        return catalogue.described(replace(histories, item=row[histories.item], items=len(catalogue)))

    known = moved(whole.known)
    # The same object for both: they are large, and equal anyway.
    asked = replace(moved(whole.asked), attributes=known.attributes)
    return replace(whole, known=known, asked=asked, target=row[whole.target])


def _sessions(columns: Columns, catalogue: Catalogue, span: tuple[float, float] | None) -> Histories:
    """By session and position. Without times, the sessions follow each other as in the file."""
    count, session = _by_appearance(columns["session"])
    order = np.lexsort((_numbers(columns["position"]), session))
    item = catalogue.rows(columns["item"])[order]
    if "time" in columns:
        when = _numbers(columns["time"])[order]
        first, last = span or (float(when.min()), float(when.max()))
        at = (when - first) / max(last - first, 1e-9)
    else:
        at = np.ones(len(order)) if span else session[order] / max(1, count - 1)
    return _histories(session[order], item, count, len(catalogue), at.astype(np.float32))


def _span(columns: Columns) -> tuple[float, float]:
    if "time" not in columns:
        return 0.0, 1.0
    when = _numbers(columns["time"])
    return float(when.min()), float(when.max())


def _without_unknown(trial: Trial) -> Trial:
    """Histories without items that nothing is known of."""
    return replace(trial, asked=trial.asked.chosen(trial.asked.item >= 0))


def _apart(when: NDArray[np.float64], user: Longs, basket: Longs) -> Floats:
    """Shares of the log that differ between two baskets of one user, however short float32 finds their distance."""
    first, last = float(when.min()), float(when.max())
    at = ((when - first) / max(last - first, 1e-9)).astype(np.float32)
    for t in np.flatnonzero((user[1:] == user[:-1]) & (basket[1:] != basket[:-1]) & (at[1:] <= at[:-1])) + 1:
        end = t + int(np.argmax(np.append(basket[t:] != basket[t], True)))
        at[t:end] = np.nextafter(at[t - 1], np.float32(np.inf))
    return at


def _numbered(*columns: Column) -> tuple[int, Longs]:
    """How many different ids there are, and the number of each, in their order."""
    ids, numbers = np.unique(np.concatenate(_alike(columns)), return_inverse=True)
    return len(ids), numbers.astype(np.int64)


def _by_appearance(column: Column) -> tuple[int, Longs]:
    """How many different ids there are, and the number of each, in the order in which they turn up."""
    _, first, numbers = np.unique(column, return_index=True, return_inverse=True)
    place = np.empty(len(first), np.int64)
    place[np.argsort(first, kind="stable")] = np.arange(len(first))
    return len(first), place[numbers]


def _alike(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """All as text if one of them is."""
    if len({column.dtype.kind == "U" for column in columns}) == 1:
        return columns
    return tuple(column.astype(str) for column in columns)


def _numbers(column: Column) -> NDArray[np.float64]:
    """Positions, times or ratings as numbers; text such as 2026-01-31 as time."""
    if column.dtype.kind != "U":
        return column.astype(np.float64)
    try:
        return column.astype(np.float64)
    except ValueError:
        pass
    try:
        return column.astype("datetime64[us]").astype(np.int64) / 1e6
    except ValueError as error:
        raise BadRequest(
            f"{str(column[0])!r} is neither a number nor a time. Give numbers or ISO 8601 times."
        ) from error
