"""Two profiles that prove to be one person's: one profile, the same whichever comes first (law 6).

Merging what two persons did equals folding all of it for one: each part of a profile is a sum, a smallest, a largest,
a last word or the latest few of something, and each of those can be joined. Where a part is bounded, that holds up to
its bound. Decayed values agree to the last digits of a float.
"""

from tailorbird.know import affinity, counters, items, orders, sessions
from tailorbird.know.predictions import keep
from tailorbird.know.profile import Counter, Profile
from tailorbird.know.traits import declare, include, say


def merge(a: Profile, b: Profile) -> None:
    """Take all of `b` into `a`; `b` must not be used afterwards."""
    if not b.version:
        return
    a.first_seen_at = min(a.first_seen_at, b.first_seen_at) if a.version else b.first_seen_at
    a.last_seen_at = max(a.last_seen_at, b.last_seen_at) if a.version else b.last_seen_at
    a.version += b.version
    a.counters = joined_counters(a.counters, b.counters)
    a.categories = affinity.joined(a.categories, b.categories)
    a.brands = affinity.joined(a.brands, b.brands)
    a.bought = items.joined(a.bought, b.bought)
    # One by one: both are in order, and the latest of both are the latest of all.
    for touched in b.recent:
        items.remember(a, touched)
    orders.join(a, b)
    sessions.add(a, b.spans, forgotten=b.sessions - len(b.spans))
    merge_words(a, b)


def joined_counters(a: dict[str, Counter], b: dict[str, Counter]) -> dict[str, Counter]:
    """The counters of both; names beyond the bound go to the one for others."""
    both = dict(a)
    # Sorted, so that which names are kept beyond the bound does not depend on the order of a dictionary.
    for name, counter in sorted(b.items()):
        kept = name if name in both or len(both) < counters.COUNTER_NAMES else counters.OTHER
        both[kept] = counters.joined(both[kept], counter) if kept in both else counter
    return both


def merge_words(a: Profile, b: Profile) -> None:
    """Join what was said: identifiers, traits, consent, groups."""
    for kind, values in b.identifiers.items():
        for value in values:
            include(a.identifiers.setdefault(kind, []), value)
    for name, value in b.traits.items():
        declare(a, {name: value}, b.trait_at[name])
    for purpose, word in b.consent.items():
        say(a.consent, purpose, word)
    for group in b.groups:
        include(a.groups, group)
    for model, prediction in b.predictions.items():
        keep(a, model, prediction)
