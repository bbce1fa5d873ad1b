"""People as they stood at a past moment: the profile that serving would have had, and what they did next."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from tailorbird.know.items import buy
from tailorbird.know.profile import RECENT_ITEMS, Bought, Profile, Touch
from tailorbird.offer.recommend.circumstances import Circumstance
from tailorbird.offer.recommend.contacts import KINDS
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.person import Person

KIND_NAMES = list(KINDS)
BOUGHT = KINDS["bought"]


@dataclass(frozen=True, slots=True)
class Case:
    """One moment: who stood there, when, and what of the session came from then on."""

    profile: Profile
    now: int
    targets: frozenset[str]
    visit: tuple[Circumstance, ...] = ()  # what it said of itself
    segments: frozenset[str] = frozenset()  # that they were in

    def person(self) -> Person:
        """The person as a request would have met them."""
        return _person(self.profile, self.segments)


def cases(lines: Interactions, since: int, until: int, most: int) -> list[Case]:
    """At most `most` moments in [since, until), spread evenly over them, each with the profile before it.

    A moment is the beginning of a session, and what was bought in it counts as done next. Where the site has no
    purchases at all, each instant of a session is one, since a visit of somebody unknown has no history but itself;
    what counts is anything from then on until the session ends.
    """
    session = lines.sessions()
    buys = bool((lines.kind == BOUGHT).any())
    aim = lines.kind == BOUGHT if buys else np.ones(len(lines), np.bool_)
    fresh = np.diff(session, prepend=-1) > 0
    begins = np.flatnonzero(fresh if buys else fresh | (np.diff(lines.at, prepend=-1) != 0))
    ends = np.searchsorted(session, session[begins], side="right")
    # Summed up, so that whether a session holds anything to aim at is one difference.
    aims = np.concatenate([[0], np.cumsum(aim)])
    fits = (lines.at[begins] >= since) & (lines.at[begins] < until) & (aims[ends] > aims[begins])
    chosen = np.flatnonzero(fits)
    chosen = chosen[np.linspace(0, len(chosen) - 1, min(most, len(chosen))).round().astype(int)]
    return list(_cases(lines, session, aim, begins[chosen], ends[chosen]))


def baskets(lines: Interactions, since: int, until: int, most: int, stale_ms: int = 0) -> list[Case]:
    """At most `most` instants of purchase in [since, until), spread evenly, each with the profile `stale_ms` before.

    The question is asked at the instant itself: with `stale_ms` above 0 it is what a profile that is late would answer.
    """
    new = (np.diff(lines.person, prepend=-1) != 0) | (np.diff(lines.at, prepend=-1) != 0)
    begins = np.flatnonzero(new)
    ends = np.append(begins[1:], len(lines))
    fits = (lines.at[begins] >= since) & (lines.at[begins] < until) & (lines.kind[begins] == BOUGHT)
    chosen = np.flatnonzero(fits)
    chosen = chosen[np.linspace(0, len(chosen) - 1, min(most, len(chosen))).round().astype(int)]
    aim = lines.kind == BOUGHT
    return list(_cases(lines, lines.sessions(), aim, begins[chosen], ends[chosen], stale_ms))


def people_at(lines: Interactions, person: NDArray[np.int32], at: NDArray[np.int64]) -> Iterator[Person]:
    """Each of these people as they stood just before an instant (ms), both sorted by (person, at)."""
    bounds = np.searchsorted(lines.person, np.arange(lines.people + 1))
    past = _Past(lines, lines.sessions())
    for who, now in zip(person.tolist(), at.tolist(), strict=True):
        first, end = int(bounds[who]), int(bounds[who + 1])
        past.move_to(who, first, first + int(np.searchsorted(lines.at[first:end], now)))
        profile = past.profile()
        profile.predictions, segments = lines.said.at_moment(who, now)
        yield _person(profile, segments)


def _person(profile: Profile, segments: frozenset[str]) -> Person:
    person = Person(profile)
    person.segments = segments
    return person


def _cases(lines: Interactions, session: NDArray[np.int32], aim: NDArray[np.bool_], begins: NDArray[np.int64],
           ends: NDArray[np.int64], stale_ms: int = 0) -> Iterator[Case]:  # fmt: skip
    first = np.searchsorted(lines.person, np.arange(lines.people))
    past = _Past(lines, session)
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        person = int(lines.person[begin])
        start = int(first[person])
        known = start + int(np.searchsorted(lines.at[start:begin], lines.at[begin] - stale_ms, side="right"))
        past.move_to(person, start, known if stale_ms else begin)
        targets = frozenset(lines.ids[item] for item in lines.item[begin:end][aim[begin:end]].tolist())
        profile, now = past.profile(), int(lines.at[begin])
        # A late profile has late words, too.
        profile.predictions, segments = lines.said.at_moment(person, now - stale_ms)
        yield Case(profile, now, targets, lines.visit(begin), segments)


class _Past:
    """One person's contacts up to a moving point, folded as `know.items` folds them."""

    def __init__(self, lines: Interactions, session: NDArray[np.int32]) -> None:
        self.lines, self.session = lines, session
        self.person, self.first, self.here = -1, 0, 0
        self.bought: dict[str, Bought] = {}

    def move_to(self, person: int, first: int, here: int) -> None:
        """Go on to the contact `here` of this person, whose first one is `first`."""
        # Moments come by person and time, so each goes on from the one before instead of from the first contact.
        if person != self.person:
            self.person, self.first, self.here, self.bought = person, first, first, {}
        lines, part = self.lines, slice(self.here, here)
        columns = (lines.item[part].tolist(), lines.kind[part].tolist(), lines.at[part].tolist())
        for at, order in groupby(zip(*columns, strict=True), key=itemgetter(2)):
            buy(self.bought, dict.fromkeys(lines.ids[item] for item, kind, _ in order if kind == BOUGHT), at)
        self.here = here

    def profile(self) -> Profile:
        """The part of the profile that ranking reads."""
        lines, past = self.lines, slice(self.first, self.here)
        last = slice(max(self.first, self.here - RECENT_ITEMS), self.here)
        columns = (lines.item[last].tolist(), lines.kind[last].tolist(), lines.at[last].tolist())
        recent = [Touch(lines.ids[item], KIND_NAMES[kind], at) for item, kind, at in zip(*columns, strict=True)]
        when = lines.at[past][lines.kind[past] == BOUGHT]
        traits = {trait: given for trait, values in lines.traits.items() if (given := values[self.person]) is not None}
        return Profile(
            self.person.to_bytes(16, "big"), traits=traits, orders=len(np.unique(when)), recent=recent,
            first_order_at=int(when[0]) if len(when) else 0, last_order_at=int(when[-1]) if len(when) else 0,
            # Copied: the next moment of this person goes on changing these.
            bought={item: Bought(b.times, b.first_at, b.last_at) for item, b in self.bought.items()},
        )  # fmt: skip
