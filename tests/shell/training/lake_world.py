"""A small lake for the tests of training: orders and views, people who allow it or not."""

from tailorbird.events import DAY_MS, Event
from tailorbird.know.profile import Consent, Profile, encode_profile
from tailorbird.know.tables import PROFILE
from tailorbird.shell.ports import LinkChange

START = 1_700_000_000_000
NOW = START + 100 * DAY_MS


def order(person, day, *items):
    products = [{"product_id": item, "quantity": 1, "price": 2.0} for item in items]
    return event(person, day, "Order Completed", {"products": products})


def event(person, day, name, properties):
    leaf, at = person.encode().ljust(16), START + day * DAY_MS
    message = f"{person}-{day}-{name}"
    return Event("web", message, "track", name, leaf, [], at, at, properties, {}, {}, {}, b"")


def stored(engines, events, withdrawn=()):
    """As if stream and batch had run: events and links in the lake, profiles in the state."""
    people = sorted({event.leaf for event in events})
    links = [LinkChange(leaf, b"P" + leaf[1:], 0, 0) for leaf in people]
    engines.lake.seal(list(enumerate(events, 1)), links, len(events))
    profiles = {}
    for leaf in people:
        consent = {"personalization": Consent(False, 1, "test")} if leaf.strip().decode() in withdrawn else {}
        traits = {"age": "35-44"}
        profiles[b"P" + leaf[1:]] = encode_profile(Profile(b"P" + leaf[1:], consent=consent, traits=traits))
    engines.state.commit({PROFILE: profiles}, len(events))


def weekly(person, *items):
    return [order(person, day, *items) for day in range(0, 98, 7)]
