"""People whose future is known but for chance: each orders at a rate of their own, and some stop for good.

So the true probability of what a model predicts is known, and a model can be held against it, not only against luck.
"""

from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from tailorbird.events import DAY_MS

Array = NDArray[np.float64]
RATES = (1 / 6, 1 / 25, 1 / 120)  # orders a day: often, now and then, seldom
STOPS = 1 / 150  # a day: the chance that somebody never comes back
WINES = 0.8  # of the baskets of every second person hold wine


class World(NamedTuple):
    """The orders of some people over so many days, and what drove them."""

    calls: list[bytes]  # track calls in the order of time
    times: list[int]  # of each, ms
    rate: Array  # of each person, orders a day while they come
    stopped: Array  # the day on which each stopped, inf if they never did

    def chance(self, day: int, span: int) -> Array:
        """The true probability that each orders within `span` days behind `day`, of whoever still comes; else 0."""
        # Two things may happen first, an order or leaving for good: of two exponential clocks the order's rings first
        # with rate / total.
        total = self.rate + STOPS
        return np.where(self.stopped > day, self.rate / total * (1 - np.exp(-total * span)), 0.0)


def world(people: int, days: int, start: int, seed: int = 1) -> World:
    """Draw one; persons are userId:p0, userId:p1, ...

    >>> drawn = world(30, 60, start=0)
    >>> drawn.times == sorted(drawn.times), len(drawn.rate)
    (True, 30)
    """
    random = np.random.default_rng(seed)
    rate = np.array([RATES[person % 3] for person in range(people)])
    stopped = random.exponential(1 / STOPS, people)
    stopped[stopped > days] = np.inf
    said = []
    for person in range(people):
        end = min(days, stopped[person])
        count = random.poisson(rate[person] * end)
        for number, day in enumerate(np.sort(random.uniform(0, end, count)).tolist()):
            at = start + int(day * DAY_MS)
            said.append((at, _order(person, number, at, random)))
    said.sort(key=lambda pair: (pair[0], pair[1]))
    return World([call for _, call in said], [at for at, _ in said], rate, stopped)


def _order(person: int, number: int, at: int, random: Any) -> bytes:
    wine = person % 2 == 0 and random.random() < WINES
    basket = ["Bread", "Wine"] if wine else ["Bread"] if random.random() < 0.5 else ["Milk"]
    revenue = round(float(random.gamma(4, 10 if wine else 3)), 2)
    products = [{"product_id": one.lower(), "category": one, "price": 5.0, "quantity": 1} for one in basket]
    return msgspec.json.encode({
        "type": "track", "event": "Order Completed", "userId": f"p{person}", "messageId": f"{person}-{number}",
        "timestamp": _iso(at), "properties": {"revenue": revenue, "products": products},
    })  # fmt: skip


def _iso(at: int) -> str:
    return str(np.datetime64(at, "ms")) + "Z"
