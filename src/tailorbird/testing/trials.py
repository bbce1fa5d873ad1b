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
from tailorbird.testing.agreement import Difference, Site
from tailorbird.testing.drawn_definitions import Drawn, draw_definitions
from tailorbird.testing.drawn_lives import Lives, draw_lives
from tailorbird.testing.drawn_words import BASELINE
from tailorbird.testing.histories import START


@dataclass(frozen=True, slots=True)
class Trial:
    """What one trial compared and found."""

    cases: int
    doubted: int
    differences: tuple[Difference, ...]


def try_one(folder: Path, draw: Random, definitions: int = 20, people: int = 12) -> Trial:
    """A trial in an empty folder."""
    lives = draw_lives(draw, people)
    first, second = (draw_definitions(draw, definitions) for _ in range(2))
    site = Site(folder)
    try:
        differences = [one for now in told(site, draw, lives, first, second) for one in site.differences(now)]
    finally:
        site.close()
    return Trial(site.cases, site.doubted, tuple(differences))


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
        if draw.random() < 0.02:
            site.settle()
            site.restart()


def ticks(draw: Random, lives: Lives) -> list[int]:
    """Now and then, as the worker tells itself the time only when somebody is due."""
    return sorted(draw.randrange(START, lives.probes[-1]) for _ in range(draw.choice((0, 5, 40))))
