"""One event folded into one profile: step 4 of the flow."""

from collections.abc import Sequence

from tailorbird.events import DAY_MS, Event, Secret
from tailorbird.know.counters import bump
from tailorbird.know.heading import Deed, Heading
from tailorbird.know.items import KINDS, purchase, touch
from tailorbird.know.orders import ORDER, order
from tailorbird.know.predictions import foresee
from tailorbird.know.profile import Consent, Profile
from tailorbird.know.sessions import visit
from tailorbird.know.traits import declare, include, say

AHEAD_MS = 7 * DAY_MS  # how far a clock may run ahead of ours and still be believed
VISITS = frozenset({"track", "page", "screen"})
MADE = "Prediction Made"
# Said about people by the engine or its operators: nothing happened to them, so '*' in definitions leaves it out.
SAID = frozenset({"List Joined", "List Left", MADE})
# Tracked by a server on the person's behalf: the person was not there.
PASSIVE = SAID | {"Campaign Received", "Consent Changed"}


def fold(profile: Profile, event: Event | Deed, secret: Secret | None = None, joined: Sequence[int] = ()) -> None:
    """Fold one event into the profile of its person.

    `joined` are the positions of identifiers that became the person's by this event; their readable values, and
    traits, come from `secret`. It may be None: where nothing new is in it, or where its key is destroyed.
    """
    at, type = when(event), event.type
    name = event.event if type == "track" else type
    if profile.version:
        # A model scores everyone at night; that nobody was seen then must not be lost.
        if at > profile.last_seen_at and name != MADE:
            profile.last_seen_at = at
        elif at < profile.first_seen_at:
            profile.first_seen_at = at
    else:
        profile.first_seen_at = profile.last_seen_at = at
    profile.version += 1
    bump(profile.counters, name, at)
    # An identify call often follows a login on a server: it says who, not that they are here.
    if type in VISITS and name not in PASSIVE:
        visit(profile, at)
    if name in KINDS:
        touch(profile, KINDS[name], event.plain_properties, at)
    elif name == ORDER:
        order(profile, event.plain_properties, at)
        purchase(profile, event.plain_properties, at)
    elif name == MADE:
        foresee(profile, event.plain_properties, at)
    # A group's traits are the group's.
    if event.plain_traits and type != "group":
        declare(profile, event.plain_traits, at)
    if secret is not None:
        reveal(profile, event, secret, joined)


def when(event: Event | Deed | Heading) -> int:
    """The time an event counts for: a clock years ahead must not make its word the last one for ever."""
    # received_at is by our clock and stands in the log, so a replay judges alike.
    latest = event.received_at + AHEAD_MS
    return event.timestamp if event.timestamp < latest else latest


def reveal(profile: Profile, event: Event | Deed, secret: Secret, joined: Sequence[int]) -> None:
    """Fold what only the sealed part says: readable identifiers, traits, the group."""
    identify(profile, secret, joined)
    if event.type != "group":
        declare(profile, secret.traits, when(event))
        return
    group = secret.envelope.get("groupId")
    if isinstance(group, str | int) and group != "":
        include(profile.groups, str(group))


def identify(profile: Profile, secret: Secret, joined: Sequence[int]) -> None:
    """Take over the readable values of the identifiers at these positions."""
    for position in joined:
        if position < len(secret.identifiers):
            kind, value = secret.identifiers[position]
            include(profile.identifiers.setdefault(kind, []), value)


def hear(profile: Profile, event: Event | Heading) -> None:
    """Fold what the event says about purposes."""
    for purpose, granted in event.consent.items():
        say(profile.consent, purpose, Consent(granted, when(event), event.source))
