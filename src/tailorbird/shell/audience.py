"""Who a predicate would find, asked of the lake: how many, since when, what sets them apart, and why ten of them.

The lake says who, now and on the days before; the state says what is known of them. What the lake does not hold yet,
the last seconds, is missing.
"""

import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from math import sqrt

from tailorbird.events import DAY_MS
from tailorbird.know.component import decode_component
from tailorbird.know.index import Index
from tailorbird.know.language.tree import Affinity, Definition, Expression, Program
from tailorbird.know.past import past
from tailorbird.know.profile import Profile, decode_profile
from tailorbird.know.segment.live import compile_live
from tailorbird.know.segment.move import Cause
from tailorbird.know.segment.standing import decode_head
from tailorbird.know.sql.columns import needs
from tailorbird.know.sql.compiled import Baseline, compile_sql, needed
from tailorbird.know.sql.expressions import quoted
from tailorbird.know.sql.rows import Parts, contacts
from tailorbird.know.tables import PERSON, PROFILE, STANDING
from tailorbird.shell.history import over
from tailorbird.shell.ports import Lake, Snapshot

DAYS = 90
EXAMPLES = 10
LIFTS = 12
# People of whom something must be true before it is told: less names persons, and is chance.
FEWEST = 5
SAMPLE = 50_000  # profiles looked at for lifts: half a second
VALUES = 50  # different values of a declared trait; more of them describe nobody
# The predicate, as a segment among the others: no definition can have a name that starts so.
_IT = "_it"
_OF = ("category", "brand")


@dataclass(frozen=True, slots=True)
class Lift:
    """One thing that is more (or less) common among the members than among everyone."""

    what: str  # "category", "brand" or the name of a declared trait
    value: str
    inside: float  # share of the members
    everyone: float


@dataclass(frozen=True, slots=True)
class Example:
    """One member, since when (as the state knows it; ms) and what makes them one."""

    person: bytes
    since: int | None
    because: Sequence[str]


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many of the members are in another segment too, and that as a part of all who are in either."""

    segment: str
    both: int
    jaccard: float


@dataclass(frozen=True, slots=True)
class Audience:
    """All of it, for one predicate at one instant."""

    members: int
    people: int
    days: Sequence[tuple[int, int]] = ()  # (ms, members then): each day's end, and now
    lifts: Sequence[Lift] = ()
    examples: Sequence[Example] = ()
    overlaps: Sequence[Overlap] = ()
    seconds: float = 0.0

    @property
    def share(self) -> float | None:
        return self.members / self.people if self.people else None


def preview(
    lake: Lake,
    snapshot: Snapshot,
    program: Program,
    predicate: Expression,
    *,
    now: int,
    baseline: Baseline | None = None,
    name: str = "",
) -> Audience:
    """Who would be in it; `program` is what is in force, `name` the segment that the predicate is or would replace."""
    started = time.perf_counter()
    asked = replace(program, segments=(*program.segments, Definition(_IT, "", predicate)))
    rows = lake.query(_question(lake, asked, now, baseline))
    # The last row is now, and only that one names people.
    found = {person for row in rows[-1:] for person in row["members"] or ()}
    since, overlaps = _standings(snapshot, found, name)
    return Audience(
        len(found),
        rows[-1]["people"] if rows else 0,
        [(row["day"], row["inside"]) for row in rows],
        lifts(snapshot, found, _said_traits(lake)),
        list(_examples(snapshot, asked, found, since, now, baseline)),
        overlaps,
        time.perf_counter() - started,
    )


def members(lake: Lake, program: Program, segment: str, *, now: int, baseline: Baseline | None = None) -> list[bytes]:
    """Who is in a segment at `now`, by the lake alone."""
    sql = f"SELECT person FROM ({compile_sql(program, [segment], now=now, baseline=baseline)}) AS answers WHERE segment_{segment}"  # noqa: S608, E501
    return [row["person"] for row in lake.query(over(lake, sql, needs(needed(program, [segment]))))]


def baseline_of(lake: Lake, now: int, half_life: int = 30 * DAY_MS) -> dict[str, dict[str, float]]:
    """Each category's and brand's part in the weights of everybody's contacts, each halved every `half_life` ms."""
    found: dict[str, dict[str, float]] = {of: {} for of in _OF}
    asked = needs([Affinity("category", "", half_life)])
    parts = Parts(asked)
    # Shares are the same from whatever instant they are seen, so none has to be told.
    weight = f"SUM(weight * POWER(5e-1, (latest - happened_at) / {float(half_life)!r}e0))"
    asks = [
        f"SELECT {quoted(of)} AS what, value, {weight} AS weight FROM"  # noqa: S608
        f" (SELECT *, MAX(happened_at) OVER () AS latest FROM {contacts(of, parts)} WHERE happened_at <= {now}) AS seen"
        " GROUP BY value"
        for of in _OF
    ]
    for row in lake.query(over(lake, " UNION ALL ".join(asks), asked, **parts.bodies)):
        found[row["what"]][row["value"]] = row["weight"]
    return {of: _parts_of_one(weights) for of, weights in found.items()}


def _parts_of_one(weights: Mapping[str, float]) -> dict[str, float]:
    whole = sum(weights.values())
    return {value: weight / whole for value, weight in sorted(weights.items())} if whole else {}


# -- the one question


def _question(lake: Lake, asked: Program, now: int, baseline: Baseline | None) -> str:
    expressions = needed(asked, [_IT])
    return over(
        lake,
        _ANSWER.format(now=now),
        needs(expressions),
        until=now,
        probes=_PROBES.format(instants=", ".join(str(instant) for instant in instants(now))),
        at_days=compile_sql(asked, [_IT], probes="probes", step=DAY_MS, baseline=baseline),
    )


def instants(now: int) -> list[int]:
    """The last ms of each of the days before, and now."""
    today = now // DAY_MS
    return [*((today - back) * DAY_MS - 1 for back in range(DAYS - 1)), now]


_PROBES = """
SELECT person, now FROM (SELECT person, MIN(happened_at) AS first_at FROM history GROUP BY person) AS known
JOIN (SELECT UNNEST([{instants}]) AS now) AS instants ON first_at <= now"""

_ANSWER = f"""
SELECT now AS day, COUNT(*) AS people, COUNT(CASE WHEN segment_{_IT} THEN 1 END) AS inside,
    LIST(person) FILTER (WHERE now = {{now}} AND segment_{_IT}) AS members
FROM at_days GROUP BY now ORDER BY now"""  # noqa: S608  a constant of our own


# -- what sets them apart


def _said_traits(lake: Lake) -> set[str]:
    """The plain traits: whatever is personal never becomes a column, and never a lift."""
    return {key for group, key, kind in lake.columns().values() if group == "traits" and kind != "json"}


def lifts(snapshot: Snapshot, members: Collection[bytes], traits: Collection[str]) -> list[Lift]:
    """The most telling things: those that lie furthest from what chance would give, in standard deviations.

    From the profiles of all people, or of the first `SAMPLE` by their ids, which are hashes and so a fair sample.
    """
    everyone, inside = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    people = seen = 0
    for person, value in islice(snapshot.scan(PROFILE), SAMPLE):
        facts = _facts(decode_profile(value), traits)
        people += 1
        everyone.update(facts)
        if person in members:
            seen += 1
            inside.update(facts)
    many = Counter(what for what, _ in everyone)
    told = [
        Lift(what, value, inside[what, value] / seen, count / people)
        for (what, value), count in everyone.items()
        # Enough who have it, or enough of whom it was to be expected: that something is missing tells as much.
        if (what in _OF or many[what] <= VALUES) and max(inside[what, value], count * seen / people) >= FEWEST
    ]
    told.sort(key=lambda lift: (-_surprise(lift, seen, people), lift.what, lift.value))
    return told[:LIFTS]


def _facts(profile: Profile, traits: Collection[str]) -> list[tuple[str, str]]:
    facts = [("category", name) for name in profile.categories] + [("brand", name) for name in profile.brands]
    said = ((name, profile.traits[name]) for name in traits if name in profile.traits)
    return facts + [(name, str(value)) for name, value in said if isinstance(value, str | int | float)]


def _surprise(lift: Lift, members: int, people: int) -> float:
    # The standard deviation of a share among so many people drawn from everyone; never that of a certainty, which is 0.
    spread = sqrt(max(lift.everyone * (1 - lift.everyone), 1 / people) / members)
    return abs(lift.inside - lift.everyone) / spread


# -- members, one by one


def _standings(snapshot: Snapshot, found: Collection[bytes], name: str) -> tuple[dict[bytes, int], list[Overlap]]:
    """Since when members are in the segment `name`, and how many of them are in each other one, by the state."""
    since, sizes, both = dict[bytes, int](), dict[str, int](), dict[str, int]()
    for person, value in snapshot.scan(STANDING):
        for segment, at in decode_head(value).members.items():
            sizes[segment] = sizes.get(segment, 0) + 1
            if person in found:
                both[segment] = both.get(segment, 0) + 1
                if segment == name:
                    since[person] = at
    overlaps = [
        Overlap(segment, shared, shared / (len(found) + sizes[segment] - shared))
        for segment, shared in both.items()
        if segment != name
    ]
    return since, sorted(overlaps, key=lambda one: (-one.jaccard, one.segment))


def _examples(
    snapshot: Snapshot,
    asked: Program,
    found: Collection[bytes],
    since: Mapping[bytes, int],
    now: int,
    baseline: Baseline | None,
) -> Iterator[Example]:
    """Some of them, each with what the live side says of their events: the words of a person's page."""
    live = compile_live(asked, baseline)
    # By id, which is a hash: no order that means anything, and the same ten at every look.
    for person in sorted(found)[:EXAMPLES]:
        value = snapshot.get(PERSON, person)
        if value is not None:
            acts = past(snapshot, Index(), live, decode_component(value).nodes, snapshot.offset)
            standing = live.refold(live.new(), person, acts, now, Cause(), [])
            yield Example(person, since.get(person), live.why(standing, person, _IT, now))
