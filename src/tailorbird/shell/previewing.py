"""What a predicate would find, before it is saved: asked of the lake, told as plain data for API and command line."""

import time
from typing import Any

from tailorbird.errors import BadDefinition
from tailorbird.know.force import BASELINE
from tailorbird.know.language.program import load, read_condition
from tailorbird.know.language.schema import Schema
from tailorbird.know.language.tree import Expression, Program
from tailorbird.know.language.words import words
from tailorbird.know.tables import META
from tailorbird.shell.audience import Audience, preview
from tailorbird.shell.in_force import Bodies, program_body, seen_events
from tailorbird.shell.members import name_of
from tailorbird.shell.people import iso
from tailorbird.shell.ports import Lake, Snapshot
from tailorbird.shell.standing import decode_spoken
from tailorbird.shell.trait_names import TraitNames


def previewed(lake: Lake, snapshot: Snapshot, bodies: Bodies, text: str) -> dict[str, Any]:
    """Size, 90 days, what sets them apart, ten examples with reasons, overlap: of a predicate or a segment's name.

    Raises BadDefinition for a text that cannot be read, with its place.
    """
    now = time.time_ns() // 1_000_000
    body = program_body(bodies, seen_events(snapshot))
    program, schema = load(body), Schema.of(body["schema"])
    name, predicate = _asked(program, schema, text)
    said = snapshot.get(META, BASELINE)
    baseline = decode_spoken(said).body if said else None
    found = preview(lake, snapshot, program, predicate, now=now, baseline=baseline, name=name)
    return {"name": name or None, "in_words": words(predicate), **_told(found, snapshot, TraitNames(program))}


def _asked(program: Program, schema: Schema, text: str) -> tuple[str, Expression]:
    """(name, predicate) of what is in force; ("", predicate) of what is written for the moment."""
    for one in program.segments:
        if one.name == text.strip():
            return one.name, one.expression
    if not text.strip():
        raise BadDefinition("There is nothing to preview: write a predicate, such as orders('90 days') >= 3.")
    return "", read_condition(text, schema, program)


def _told(found: Audience, snapshot: Snapshot, names: TraitNames) -> dict[str, Any]:
    return {
        "people": found.members,
        "of": found.people,
        "share": round(found.share, 6) if found.share is not None else None,
        "days": [{"at": iso(at), "people": count} for at, count in found.days],
        "lifts": [
            {"what": one.what, "value": one.value, "inside": round(one.inside, 6), "everyone": round(one.everyone, 6)}
            for one in found.lifts
        ],
        "examples": [
            {
                "person": one.person.hex(),
                "identifier": name_of(snapshot, one.person),
                "since": iso(one.since) if one.since is not None else None,
                "because": [names.put(reason) for reason in one.because],
            }
            for one in found.examples
        ],
        "overlaps": [
            {"segment": one.segment, "both": one.both, "jaccard": round(one.jaccard, 6)} for one in found.overlaps
        ],
        "seconds": round(found.seconds, 3),
    }
