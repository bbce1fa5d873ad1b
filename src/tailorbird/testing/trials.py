"""One trial of law 4 (and 5): drawn definitions and drawn lives, through a site from log to lake.

In the log stand events, ticks at odd times, a baseline, other definitions midway; the worker is started anew now and
then. At each probe all three are asked; the last ones lie weeks behind the last event, so only time can move people.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from tailorbird.events import DAY_MS
from tailorbird.testing.agreement import Site
from tailorbird.testing.drawn_definitions import Drawn, draw_definitions
from tailorbird.testing.drawn_lives import Lives, draw_lives
from tailorbird.testing.drawn_words import BASELINE
from tailorbird.testing.histories import START
from tailorbird.testing.smallest import smallest

EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Trial:
    """What one trial compared and found."""

    cases: int
    doubted: int  # of them, left out because rounding may turn them
    differences: int
    examples: tuple[str, ...]  # of differences, made small


def try_one(folder: Path, draw: Random, definitions: int = 20, people: int = 12) -> Trial:
    """A trial in an empty folder."""
    lives = draw_lives(draw, people)
    first, second = (draw_definitions(draw, definitions) for _ in range(2))
    site, count, examples = Site(folder), 0, list[str]()
    try:
        for now in told(site, draw, lives, first, second):
            found = site.differences(now)
            count += len(found)
            # Made small at once, because later the site knows of later events.
            examples += [smallest(site, one) for one in found[: EXAMPLES - len(examples)]]
    finally:
        site.close()
    return Trial(site.cases, site.doubted, count, tuple(examples))


def told(site: Site, draw: Random, lives: Lives, first: Drawn, second: Drawn) -> Iterator[int]:
    """Tell the site everything in the order of its receipt, and stop at each probe."""
    site.define(first, START - DAY_MS)
    changed, weighed = START + draw.randrange(30, 45) * DAY_MS, START + draw.randrange(40) * DAY_MS
    happening = [
        *((event.received_at, partial(site.hear, event)) for event in lives.events),
        *((at, partial(site.tick, at)) for at in ticks(draw, lives)),
        (weighed, partial(site.weigh, BASELINE, weighed)),
        (changed, partial(site.define, second, changed)),
        *((at, None) for at in lives.probes),
    ]
    for at, tell in sorted(happening, key=lambda one: (one[0], one[1] is None)):
        if tell is None:
            yield at
            continue
        tell()
        if draw.random() < 0.01:
            site.settle()
            site.restart()


def ticks(draw: Random, lives: Lives) -> list[int]:
    """Now and then, as the worker tells itself the time only when somebody is due."""
    return sorted(draw.randrange(START, lives.probes[-1]) for _ in range(draw.choice((0, 5, 40))))
