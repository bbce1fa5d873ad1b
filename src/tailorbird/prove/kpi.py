"""How each placement does, by day and in all: impressions, CTR, conversion, order value, revenue per visitor.

    impressions   decisions that were seen (prove/exposure.py); the same one seen twice is one
    visitors      people who saw one
    CTR           impressions with at least one click / impressions
    conversion    impressions that were credited with an order line (prove/outcome.py) / impressions
    AOV           mean value of the whole orders that hold a credited line
    revenue       of the credited lines; revenue per visitor divides it by visitors, buyers or not

All belong to the day (UTC) of the *impression*, so a day's figures grow for as long as its outcome window is open.
An order with lines from two placements counts as an order in both, its lines only in their own.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from tailorbird.events import DAY_MS
from tailorbird.prove.exposure import Shown
from tailorbird.prove.interval import Clusters, Estimate, mean, rate
from tailorbird.prove.outcome import Credit

Key = tuple[str | None, int | None]  # (placement, day since 1970); None: all of them together


@dataclass(frozen=True, slots=True)
class Kpi:
    """The sums of one placement and day, and the figures that follow from them."""

    placement: str | None
    day: int | None
    impressions: int
    visitors: int
    clicks: int  # impressions with a click
    additions: int  # impressions credited with a cart addition
    conversions: int  # impressions credited with an order line
    orders: int
    revenue: float
    order_value: float
    order_value_squared: float
    revenue_squared: float  # summed over visitors
    impressions_squared: int  # summed over visitors, as are the next four
    clicks_squared: int
    clicks_product: int
    conversions_squared: int
    conversions_product: int

    @property
    def ctr(self) -> Estimate:
        """Click-through rate; a share of impressions."""
        return rate(self._clusters(self.clicks, self.clicks_squared, self.clicks_product))

    @property
    def conversion(self) -> Estimate:
        """Share of impressions that ended in an order of an offered item."""
        return rate(self._clusters(self.conversions, self.conversions_squared, self.conversions_product))

    @property
    def aov(self) -> Estimate:
        """Mean order value, in the shop's currency."""
        return mean(self.orders, self.order_value, self.order_value_squared)

    @property
    def revenue_per_visitor(self) -> Estimate:
        """Credited revenue per person who saw the placement, in the shop's currency."""
        return mean(self.visitors, self.revenue, self.revenue_squared)

    def _clusters(self, successes: int, squared: int, product: int) -> Clusters:
        return Clusters(self.visitors, self.impressions, successes, self.impressions_squared, squared, product)


class _Impression(NamedTuple):
    shown: Shown
    added: bool
    bought: bool
    revenue: float


KEYS: tuple[Callable[[Shown], Key], ...] = (
    lambda shown: (shown.placement, shown.at // DAY_MS),
    lambda shown: (shown.placement, None),
    lambda shown: (None, shown.at // DAY_MS),
    lambda shown: (None, None),
)


def kpis(shown: Iterable[Shown], credits: Iterable[Credit]) -> list[Kpi]:
    """One `Kpi` a placement and day, one a placement, one a day and one for everything; by placement, then day.

    >>> home = Shown("d1", "home", b"P", 5, ("a",), {"a": 6})
    >>> [(k.placement, k.day, k.clicks) for k in kpis([home], [])]
    [('home', 0, 1), ('home', None, 1), (None, 0, 1), (None, None, 1)]
    """
    placed = {one.decision: one for one in shown}
    # `shown` may be a part, such as one week.
    credits = [one for one in credits if one.decision in placed]
    impressions = _impressions(list(placed.values()), credits)
    rows = []
    for key in KEYS:
        groups: dict[Key, list[_Impression]] = {}
        values: dict[Key, dict[str, float]] = {}
        for impression in impressions:
            groups.setdefault(key(impression.shown), []).append(impression)
        for line, decision, _ in credits:
            if line.kind == "bought":
                # By order: an order of five credited lines has its value once.
                values.setdefault(key(placed[decision]), {})[line.order] = line.order_value
        rows += [_kpi(group, members, values.get(group, {})) for group, members in groups.items()]
    return sorted(rows, key=lambda k: (k.placement is None, k.placement or "", k.day is None, k.day or 0))


def _impressions(shown: list[Shown], credits: list[Credit]) -> list[_Impression]:
    added = {c.decision for c in credits if c.line.kind == "added"}
    revenue: dict[str, float] = {}
    for line, decision, _ in credits:
        if line.kind == "bought":
            revenue[decision] = revenue.get(decision, 0.0) + line.revenue
    return [
        _Impression(one, one.decision in added, one.decision in revenue, revenue.get(one.decision, 0.0))
        for one in shown
    ]


def _kpi(key: Key, members: list[_Impression], orders: dict[str, float]) -> Kpi:
    # One person's impressions are alike, so the sums that intervals need are formed by person (docs/why/082).
    people: dict[bytes, list[_Impression]] = {}
    for one in members:
        people.setdefault(one.shown.person, []).append(one)
    seen = [len(own) for own in people.values()]
    clicks = [sum(1 for one in own if one.shown.clicked) for own in people.values()]
    bought = [sum(1 for one in own if one.bought) for own in people.values()]
    revenue = [sum(one.revenue for one in own) for own in people.values()]
    return Kpi(
        placement=key[0],
        day=key[1],
        impressions=len(members),
        visitors=len(people),
        clicks=sum(clicks),
        additions=sum(1 for one in members if one.added),
        conversions=sum(bought),
        orders=len(orders),
        revenue=sum(revenue),
        order_value=sum(orders.values()),
        order_value_squared=sum(value * value for value in orders.values()),
        revenue_squared=sum(value * value for value in revenue),
        impressions_squared=_dot(seen, seen),
        clicks_squared=_dot(clicks, clicks),
        clicks_product=_dot(seen, clicks),
        conversions_squared=_dot(bought, bought),
        conversions_product=_dot(seen, bought),
    )


def _dot(left: list[int], right: list[int]) -> int:
    return sum(a * b for a, b in zip(left, right, strict=True))
