"""What the people pages know of a person: their profile as it stands, what they did, and what may be done with it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from tailorbird.consent.purpose import Verdict, may
from tailorbird.events import IDENTIFIER_TYPES, Decided, Event
from tailorbird.know.completeness import Completeness
from tailorbird.know.component import node_of
from tailorbird.know.confidence import confidences
from tailorbird.know.profile import Profile
from tailorbird.know.segment.move import Move
from tailorbird.know.tables import NODE
from tailorbird.offer.question import complete
from tailorbird.shell import people, standing
from tailorbird.shell.console.desk import Desk
from tailorbird.shell.console.feed import Entry
from tailorbird.shell.declared import placements_of, policy_of

_TIMELINE = 40


@dataclass(frozen=True, slots=True)
class Someone:
    """One person at one moment."""

    profile: Profile
    records: list[tuple[int, Event | Decided]]  # latest first
    verdicts: dict[str, Verdict]
    names: dict[str, str]  # item id -> name
    evidence: int  # how many links hold the identifiers together
    now: int
    stands: dict[str, Any] = field(
        default_factory=lambda: {"segments": {}, "computed": {}}
    )  # as `standing.view` has it
    moves: tuple[Move, ...] = ()  # oldest first
    sure: dict[str, float] = field(default_factory=dict)  # of each trait, 0 to 1
    complete: Completeness | None = None  # by what the placements ask; None where none asks


def by_text(desk: Desk, text: str) -> bytes | None:
    """The person named by `TYPE:VALUE`, or by a bare value of any type, strongest first."""
    type, colon, value = text.strip().partition(":")
    # An e-mail address or an id may hold a colon itself: only a known type before it names one.
    tries = [(type, value)] if colon and type in IDENTIFIER_TYPES else [(t, text.strip()) for t in IDENTIFIER_TYPES]
    with desk.engines.state.snapshot() as snapshot:
        return next((found for t, v in tries if (found := people.find(snapshot, desk.engines.site_key, t, v))), None)


def someone(desk: Desk, person: bytes) -> Someone | None:
    """All that the page shows; None where there is no such person (any more)."""
    with desk.engines.state.snapshot() as snapshot:
        profile = people.read_profile(snapshot, person)
        if profile is None:
            return None
        records = list(islice(people.records(snapshot, person), _TIMELINE))
        evidence = len(people.links(snapshot, person))
        stands = standing.view(snapshot, desk.programs, person, desk.now)
        moves = tuple(standing.moves_of(snapshot, person))[-_TIMELINE:]
    policy, now = policy_of(desk.engines.definitions), desk.now
    verdicts = {purpose: may(purpose, profile.consent, policy, now) for purpose in policy.purposes}
    sure = confidences(profile, now, stands["computed"], stands.get("approximate", ()))
    complete = _complete(desk, profile, now)
    names = _names(desk, profile, records)
    return Someone(profile, records, verdicts, names, evidence, now, stands, moves, sure, complete)


def recent(desk: Desk, limit: int) -> list[Profile]:
    """The people of the latest events, latest first."""
    found: dict[bytes, Profile] = {}
    with desk.engines.state.snapshot() as snapshot:
        for entry in reversed(desk.feed.after(0, 400)):
            person = snapshot.get(NODE, _node(entry)) if isinstance(entry.record, Event) else None
            if person is None or person in found:
                continue
            profile = people.read_profile(snapshot, person)
            if profile is not None:
                found[person] = profile
            if len(found) == limit:
                break
    return sorted(found.values(), key=lambda profile: -profile.last_seen_at)


def person_of(desk: Desk, entry: Entry) -> bytes | None:
    """Whose event a row of the feed is, as identity sees it now."""
    if not isinstance(entry.record, Event):
        return None
    with desk.engines.state.snapshot() as snapshot:
        return snapshot.get(NODE, _node(entry))


def _complete(desk: Desk, profile: Profile, now: int) -> Completeness | None:
    placements = placements_of(desk.engines.definitions).values()
    asked = {trait: one for placement in placements for trait, one in placement.ask.items()}
    return complete(asked, profile, now) if asked else None


def strongest(profile: Profile) -> tuple[str, str] | None:
    """The identifier that names the person, readable; None once it was forgotten."""
    for type in IDENTIFIER_TYPES:
        if profile.identifiers.get(type):
            return type, profile.identifiers[type][0]
    return None


def _node(entry: Entry) -> bytes:
    assert isinstance(entry.record, Event)
    return node_of(entry.record.identifiers[0])


def _names(desk: Desk, profile: Profile, records: Iterable[tuple[int, Event | Decided]]) -> dict[str, str]:
    """Names from the catalogue, and where it has none from the person's own events."""
    names: dict[str, str] = {}
    for _, record in records:
        properties = record.plain_properties if isinstance(record, Event) else {}
        if properties.get("product_id") and properties.get("name"):
            names[str(properties["product_id"])] = str(properties["name"])
    wanted = {touch.item for touch in profile.recent} | set(profile.bought)
    return {**names, **desk.names(wanted)}
