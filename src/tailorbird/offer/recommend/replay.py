"""People as they stood at a past moment: the profile that serving would have had, and what they did next."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tailorbird.know.profile import BOUGHT_ITEMS, RECENT_ITEMS, Bought, Profile, Touch
from tailorbird.offer.recommend.history import KINDS
from tailorbird.offer.recommend.interactions import Interactions

KIND_NAMES = list(KINDS)
BOUGHT = KINDS["bought"]


@dataclass(frozen=True, slots=True)
class Case:
    """One moment: who stood there, when, and the items of the session that began then."""

    profile: Profile
    now: int
    targets: frozenset[str]


def cases(lines: Interactions, since: int, until: int, most: int) -> list[Case]:
    """At most `most` sessions that began in [since, until), spread evenly over them, each with the profile before it.

    What counts as done next: what was bought, or anything where the site has no purchases at all.
    """
    session = lines.sessions()
    begins = np.flatnonzero(np.diff(session, prepend=-1) > 0)
    ends = np.append(begins[1:], len(lines))
    aim = (lines.kind == BOUGHT) if (lines.kind == BOUGHT).any() else np.ones(len(lines), np.bool_)
    aims = np.concatenate([[0], np.cumsum(aim)])
    fits = (lines.at[begins] >= since) & (lines.at[begins] < until) & (aims[ends] > aims[begins])
    chosen = np.flatnonzero(fits)
    chosen = chosen[np.linspace(0, len(chosen) - 1, min(most, len(chosen))).round().astype(int)]
    return list(_cases(lines, session, aim, begins[chosen], ends[chosen]))


def _cases(lines: Interactions, session: NDArray[np.int32], aim: NDArray[np.bool_], begins: NDArray[np.int64],
           ends: NDArray[np.int64]) -> Iterator[Case]:  # fmt: skip
    first = np.searchsorted(lines.person, np.arange(lines.people))
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        person = int(lines.person[begin])
        profile = profile_at(lines, session, person, slice(int(first[person]), begin))
        targets = frozenset(lines.ids[item] for item in lines.item[begin:end][aim[begin:end]].tolist())
        yield Case(profile, int(lines.at[begin]), targets)


def profile_at(lines: Interactions, session: NDArray[np.int32], person: int, past: slice) -> Profile:
    """The part of the profile that ranking reads, from the person's contacts so far."""
    ids, item, kind, at = lines.ids, lines.item[past], lines.kind[past], lines.at[past]
    recent = [
        Touch(ids[i], KIND_NAMES[k], t)
        for i, k, t in zip(*(c[-RECENT_ITEMS:].tolist() for c in (item, kind, at)), strict=True)
    ]
    sold = kind == BOUGHT
    orders, order_at = np.unique(session[past][sold], return_index=True)
    when = at[sold][order_at]
    traits = {trait: values[person] for trait, values in lines.traits.items() if values[person] is not None}
    return Profile(
        person.to_bytes(16, "big"), traits=traits, orders=len(orders), recent=recent,
        first_order_at=int(when[0]) if len(when) else 0, last_order_at=int(when[-1]) if len(when) else 0,
        bought=_bought(ids, item[sold], session[past][sold], at[sold]),
    )  # fmt: skip


def _bought(
    ids: list[str], item: NDArray[np.int32], order: NDArray[np.int32], at: NDArray[np.int64]
) -> dict[str, Bought]:
    """The last bought items, each with the number of orders that held it."""
    pair = np.unique(item.astype(np.int64) << 32 | order, return_index=True)[1]
    items, first, times = np.unique(item[pair], return_index=True, return_counts=True)
    firsts, lasts = at[pair][first], at[pair][first + times - 1]
    kept = np.argsort(-lasts, kind="stable")[:BOUGHT_ITEMS]
    columns = (items[kept].tolist(), times[kept].tolist(), firsts[kept].tolist(), lasts[kept].tolist())
    return {ids[i]: Bought(n, a, b) for i, n, a, b in zip(*columns, strict=True)}
