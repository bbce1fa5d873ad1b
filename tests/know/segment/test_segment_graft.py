"""From one program to the next: what was counted stays, what is new is read back; the answers are a refold's."""

from random import Random

import pytest
from test_segment_oracle import BASELINE, SCHEMA, Kept, agree

from tailorbird.events import Event
from tailorbird.know.language.program import load
from tailorbird.know.language.tree import Program
from tailorbird.know.segment.graft import Graft
from tailorbird.know.segment.live import Live, compile_live
from tailorbird.know.segment.move import Cause, Move
from tailorbird.testing.drawn_definitions import Drawn, draw_definitions
from tailorbird.testing.drawn_lives import draw_lives
from tailorbird.testing.slow_rows import at_of


def program(drawn: Drawn, names: set[str]) -> Program:
    return load({"traits": drawn.traits, "segments": {n: drawn.segments[n] for n in names}, "schema": SCHEMA})


def some(draw: Random, drawn: Drawn) -> set[str]:
    """The basic segments, which others name, and a few more."""
    return {name for name in drawn.segments if name.startswith("base") or draw.random() < 0.5}


def told(moves: list[Move]) -> list[tuple[str, bool, int, str]]:
    return sorted((move.segment, move.entered, move.at, move.because) for move in moves)


def by_person(events: list[Event]) -> dict[bytes, list[Event]]:
    return {leaf: [event for event in events if event.leaf == leaf] for leaf in {event.leaf for event in events}}


@pytest.mark.parametrize("seed", range(12))
def test_a_graft_is_what_a_refold_gives(seed: int) -> None:
    draw = Random(seed)
    drawn = draw_definitions(draw, 8)
    before, after = (compile_live(program(drawn, some(draw, drawn)), BASELINE) for _ in range(2))
    graft, lives = Graft(before, after), draw_lives(draw, 3)
    for person, events in by_person(lives.events).items():
        kept = Kept(program(drawn, set()), before, person, before.new())
        for event in events:
            kept.hear(event)
        now = max(kept.standing.at, *lives.probes)
        before.advance(kept.standing, person, now, [])
        assert differences(graft, after, kept, now) == []


def differences(graft: Graft, after: Live, kept: Kept, now: int) -> list[object]:
    """What the two ways tell apart: members, moves, every trait, and until when it holds."""
    acts, cause = sorted(kept.heard, key=at_of), Cause(99, "in force")
    slow_moves: list[Move] = []
    quick_moves: list[Move] = []
    slow = after.refold(kept.standing, kept.person, acts, now, cause, slow_moves)
    quick = graft.apply(kept.standing, kept.person, acts, now, cause, quick_moves)
    pairs = [(told(quick_moves), told(slow_moves)), (quick.members, slow.members), (quick.at, slow.at)]
    quick_values, slow_values = (after.values(one, kept.person, now) for one in (quick, slow))
    pairs += [(quick_values[name], slow_values[name]) for name in slow_values]  # type: ignore[misc]
    for one in (quick, slow):
        after.advance(one, kept.person, now + 40 * 86_400_000, quick_moves if one is quick else slow_moves)
    pairs += [(told(quick_moves), told(slow_moves))]
    return [pair for pair in pairs if not agree(*pair)]


def test_what_was_counted_is_not_read_again() -> None:
    names = {"many": "orders('90 days') >= 3"}
    body = {"segments": names, "schema": SCHEMA}
    before = compile_live(load(body))
    after = compile_live(load({**body, "segments": {**names, "more": "orders('90 days') >= 5"}}))
    assert Graft(before, after).part is None
