"""The typed tree of an expression: what `read` makes of its text, and what both compilers take.

    leaves        Constant, Property, Trait, Now, Member, Consented, RandomBucket
    statistics    Aggregate, Affinity, Sequence, Absence, Periods, Restart, Held: live state, and an SQL term
    the rest      as in SQL, with SQL's three-valued logic: None is NULL

Every node is frozen and comparable, so equal statistics are kept once however many definitions ask for them. Each has
a `kind`; times are ms since 1970 in UTC, lengths are ms. The meaning of each node is told once, here; two compilers
(`know.segment` per event, `know.sql` over the lake) and one page of docs/guide/language each follow it.

Which events: those of one person. An event counts from `at = least(timestamp, received_at)` on: nothing happened after
it was heard of. Its `name` is the event of a track call and otherwise the call's type ("page", "identify", ...);
"session" is the start of a session: a contact (know.fold.VISITS) more than 30 minutes behind the contact before it.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "text", "boolean", "time"]
Value = float | int | str | bool | None
Function = Literal[
    "count", "sum", "avg", "min", "max", "first", "last", "distinct", "most_frequent", "first_at", "last_at"
]
# "event": its own fields: name (of a page or screen), source.
Group = Literal["properties", "context", "event"]

# -- leaves


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal; None is NULL."""

    value: Value
    kind: Kind


@dataclass(frozen=True, slots=True)
class Property:
    """A plain property of the event (or of the element, under `Events.each`) that a filter or value looks at.

    A value of another kind than declared is NULL: nothing is bent to fit. A number lies within 1e100; a time is text in
    UTC, 2026-11-21 or 2026-11-21T20:53[:16[.964]][Z], from 1970 to 9999. `path` has more than one part for nested ones.
    For "context" the path is one dotted key ("page.path",).
    """

    group: Group
    path: tuple[str, ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Trait:
    """A declared plain trait: the last value said, by `at`, of any call with plain traits but group.

    Of two at once the larger counts (text by code point, false < true). A value of another kind than declared is not
    said. A null is never sent on.
    """

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Now:
    """A whole number told by the clock in UTC: it changes only at the unit's edge."""

    unit: Literal["year", "month", "day", "weekday", "hour"]  # weekday: 1 Monday to 7 Sunday
    kind: Kind = "number"


@dataclass(frozen=True, slots=True)
class Member:
    """Whether the person is in another segment now; never NULL."""

    segment: str
    kind: Kind = "boolean"


@dataclass(frozen=True, slots=True)
class Consented:
    """Whether the purpose may use the person's data (`consent.purpose.may`); `default` where nothing was said.

    A yes holds for `lasts` ms (0: for ever); from then on `default` counts again. A no never runs out.
    """

    purpose: str
    default: bool
    lasts: int = 0
    kind: Kind = "boolean"


@dataclass(frozen=True, slots=True)
class RandomBucket:
    """A number in [0, 100), the same for ever for one person and salt, even over persons:
    the first 8 hex digits of md5(salt + ":" + hex of the person's id), as a number, % 10000 / 100."""

    salt: str
    kind: Kind = "number"


# -- statistics


@dataclass(frozen=True, slots=True)
class Events:
    """Which events: by name, a filter that must be TRUE, and with `each` once per element.

    "*" is all but "session" and what is said about people: "List Joined", "List Left", "Prediction Made".
    `each` names an array property of objects ("products"); properties in filter and value are then the element's,
    and an event without such an array has no elements.
    """

    name: str
    where: "Expression | None" = None
    each: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """The last `length` ms in whole granules, the present one included: those with
    floor(at / granule) > floor(now / granule) - length / granule. `length` is a multiple of `granule`."""

    length: int
    granule: int


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One value over the events (of the window).

    count           of events; 0 for none. All others are NULL for none, and leave out events whose value is NULL.
    sum avg min max of a number (min, max: a time or text, too)
    first last      the value at the smallest / largest `at`; of several at one time the smallest / largest value
    distinct        how many different values; 0 for none
    most_frequent   the value that came most often; of equals the smallest
    first_at last_at  the time itself (value is None)
    """

    function: Function
    events: Events
    value: "Expression | None"
    window: Window | None
    kind: Kind


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Whole units from `time` to now, floor((now - time) / unit); NULL where time is NULL. `days_since(...)`."""

    time: "Expression"
    unit: int
    kind: Kind = "number"


@dataclass(frozen=True, slots=True)
class Affinity:
    """How much the person leans to one value of "category" or "brand", against everyone: share / (share + baseline).

    share: the part of this value in the sum of all contacts' weights, each halved every `half_life` ms
    (know.affinity.WEIGHTS by event, products of an order each bought); baseline: the same over everyone, as the last
    `baseline` signal said, 0 where it does not name the value. 0.5: as everyone. NULL without any contact; 0 where
    share is 0.
    """

    of: Literal["category", "brand"]
    value: str
    half_life: int
    kind: Kind = "number"


@dataclass(frozen=True, slots=True)
class Sequence:
    """How often the last step was reached: each event of the last step before which the others lie in order, strictly
    later one than the other, from the first to the last within `within` ms (<=), all with the same key.

    `key` is a property; events without it are left out. `window` limits the event of the last step.
    """

    steps: tuple[Events, ...]
    within: int
    key: "Expression | None"
    window: Window | None
    kind: Kind = "number"


@dataclass(frozen=True, slots=True)
class Absence:
    """Whether there is a `first` with at + within <= now (and now < at + until, if given) and, with the same key, no
    `then` at or after it up to now."""

    first: Events
    then: Events
    within: int
    key: "Expression | None"
    until: int | None
    kind: Kind = "boolean"


@dataclass(frozen=True, slots=True)
class Periods:
    """In how many of the last `of` periods of `every` ms (the present one included; edges at multiples since 1970)
    there was such an event."""

    events: Events
    of: int
    every: int
    kind: Kind = "number"


@dataclass(frozen=True, slots=True)
class Restart:
    """Whether such an event came `after` ms or more behind the one before it, and since then less than `within` ms
    have passed: stopped, and started again."""

    events: Events
    after: int
    within: int
    kind: Kind = "boolean"


@dataclass(frozen=True, slots=True)
class Held:
    """Whether `predicate` is TRUE now and was at each of the last `length` / `granule` edges (multiples of `granule`
    since 1970, one that falls on now included), by all that is known now of what happened up to each edge."""

    predicate: "Expression"
    length: int
    granule: int
    kind: Kind = "boolean"


# -- as in SQL


@dataclass(frozen=True, slots=True)
class Call:
    """A scalar function of `functions.SCALARS`."""

    name: str
    arguments: tuple["Expression", ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """+ - * / %: of doubles; division by zero and all that is not finite is NULL. % has the sign of its left side."""

    operator: Literal["+", "-", "*", "/", "%"]
    left: "Expression"
    right: "Expression"
    kind: Kind = "number"


@dataclass(frozen=True, slots=True)
class Compare:
    operator: Literal["=", "<>", "<", "<=", ">", ">="]
    left: "Expression"
    right: "Expression"
    kind: Kind = "boolean"


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Expression", ...]
    kind: Kind = "boolean"


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Expression", ...]
    kind: Kind = "boolean"


@dataclass(frozen=True, slots=True)
class Not:
    part: "Expression"
    kind: Kind = "boolean"


@dataclass(frozen=True, slots=True)
class In:
    """`value in (options)`; options are any expressions, as in SQL: NULL among them makes a miss NULL."""

    value: "Expression"
    options: tuple["Expression", ...]
    kind: Kind = "boolean"


@dataclass(frozen=True, slots=True)
class Like:
    """SQL's like: % and _; case matters unless `any_case` (ilike)."""

    value: "Expression"
    pattern: str
    any_case: bool = False
    kind: Kind = "boolean"


@dataclass(frozen=True, slots=True)
class IsNull:
    value: "Expression"
    kind: Kind = "boolean"


@dataclass(frozen=True, slots=True)
class Case:
    """The result of the first condition that is TRUE, else `otherwise`."""

    branches: tuple[tuple["Expression", "Expression"], ...]
    otherwise: "Expression"
    kind: Kind


Statistic = Aggregate | Affinity | Sequence | Absence | Periods | Restart | Held
Expression = (
    Constant | Property | Trait | Now | Member | Consented | RandomBucket | Elapsed | Statistic
    | Call | Arithmetic | Compare | And | Or | Not | In | Like | IsNull | Case
)  # fmt: skip


# -- a site's definitions, read


@dataclass(frozen=True, slots=True)
class Definition:
    """One named expression. A segment's is boolean, and only TRUE makes a member."""

    name: str
    text: str
    expression: Expression
    description: str = ""


@dataclass(frozen=True, slots=True)
class Program:
    """All traits and segments of a site, checked; traits are already put in place where expressions name them.

    `segments` stand in an order in which each `Member` names one before it.
    """

    traits: tuple[Definition, ...] = ()
    segments: tuple[Definition, ...] = ()
