"""Live segments against the oracle that reads the same trees slowly: over definitions and lives that are drawn."""

from collections import defaultdict
from dataclasses import dataclass, field
from math import isclose
from random import Random
from typing import Any

import pytest

from tailorbird.events import Event
from tailorbird.know.language.program import load
from tailorbird.know.language.schema import schema_of
from tailorbird.know.language.tree import Program
from tailorbird.know.segment.live import Live, compile_live
from tailorbird.know.segment.move import Cause, Move
from tailorbird.know.segment.standing import Standing, encode_standing
from tailorbird.testing.drawn_definitions import draw_definitions
from tailorbird.testing.drawn_lives import draw_lives
from tailorbird.testing.drawn_words import UNDECLARED, plan, policy
from tailorbird.testing.slow_rows import at_of
from tailorbird.testing.slow_segments import members, traits, view_of

SCHEMA = schema_of(plan(), policy(), UNDECLARED).plain()
BASELINE = {"category": {"shoes": 0.3, "coffee": 0.2}, "brand": {"acme": 0.2}}


@dataclass
class Kept:
    """One person's standing as the fold keeps it: events as they come, folded anew where one is late."""

    program: Program
    live: Live
    person: bytes
    standing: Standing
    heard: list[Event] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)

    def hear(self, event: Event) -> None:
        self.heard.append(event)
        if not self.live.apply(self.standing, self.person, event, len(self.heard), self.moves):
            self.standing = self.anew(self.moves)

    def anew(self, moves: list[Move]) -> Standing:
        ordered = sorted(self.heard, key=at_of)
        return self.live.refold(self.standing, self.person, ordered, self.standing.at, Cause(), moves)

    def differences(self, now: int) -> list[Any]:
        self.live.advance(self.standing, self.person, now, self.moves)
        view = view_of(self.program, self.person, self.heard, now, BASELINE)
        slow = members(self.program, view) | traits(self.program, view)
        found = {one.name: one.name in self.standing.members for one in self.program.segments}
        found |= self.live.values(self.standing, self.person, now)
        again: list[Move] = []
        self.anew(again)
        wrong = [(name, found[name], slow[name]) for name in slow if not agree(found[name], slow[name])]
        return [] if view.doubts else [*wrong, *again]


def agree(a: Any, b: Any) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)
    return bool(a == b)


@pytest.mark.parametrize("seed", range(8))
def test_live_is_what_the_oracle_says(seed: int) -> None:
    draw = Random(seed)
    drawn = draw_definitions(draw, 8)
    program = load({"traits": drawn.traits, "segments": drawn.segments, "schema": SCHEMA})
    live, lives = compile_live(program, BASELINE), draw_lives(draw, 3)
    by_person: defaultdict[bytes, list[Event]] = defaultdict(list)
    for event in lives.events:
        by_person[event.leaf].append(event)
    for person, events in by_person.items():
        kept = Kept(program, live, person, live.new())
        for event in events:
            if draw.random() < 0.3:
                live.advance(kept.standing, person, event.received_at, kept.moves)
            kept.hear(event)
            kept.standing = live.decode(encode_standing(kept.standing)) or kept.standing
        for probe in (max(kept.standing.at, probe) for probe in lives.probes):
            assert kept.differences(probe) == []
