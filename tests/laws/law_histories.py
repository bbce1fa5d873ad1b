"""Histories that Hypothesis makes up, for the laws."""

from hypothesis import settings
from hypothesis import strategies as st

from tailorbird.events import HOUR_MS, Event
from tailorbird.testing.histories import START, event

MINUTE = 60_000
ITEMS = st.sampled_from(["tea", "milk", "bread", "soap"])
CATEGORIES = st.sampled_from(["drinks", "food", "home"])
# A person's identifiers, strongest first; nobody shares one, so no history of theirs holds a conflict.
PEOPLE = {
    person: [("userId", f"u{person}"), ("email", f"{person}@example.com"), ("anonymousId", f"a{person}"),
             ("anonymousId", f"b{person}")]
    for person in "xyz"
}  # fmt: skip
# Here a kiosk and a family's address are shared: identifiers pull people together who must stay apart.
SHARED = {
    **{person: [*ids[:2], ("anonymousId", "kiosk"), ("anonymousId", f"a{person}")] for person, ids in PEOPLE.items()},
    "w": [("email", "x@example.com"), ("anonymousId", "kiosk")],
}


@st.composite
def contacts(draw, people=PEOPLE):
    """What one event says, but for its number: who, what and when."""
    identifiers = people[draw(st.sampled_from(sorted(people)))]
    chosen = draw(st.lists(st.sampled_from(identifiers), min_size=1, max_size=3, unique=True))
    who = sorted(chosen, key=identifiers.index)
    at = START + draw(st.integers(0, 3 * 24 * 60)) * MINUTE
    return {"who": who, "at": at, **draw(st.sampled_from([viewed, ordered, identified]))(draw)}


def viewed(draw):
    properties = {"product_id": draw(ITEMS), "category": draw(CATEGORIES)}
    return {"name": draw(st.sampled_from(["Product Viewed", "Product Added"])), "properties": properties}


def ordered(draw):
    lines = [{"product_id": item, "category": "food", "price": 1.1} for item in draw(st.sets(ITEMS, min_size=1))]
    return {"name": "Order Completed", "properties": {"products": lines, "revenue": draw(st.integers(1, 9)) * 1.1}}


def identified(draw):
    traits = draw(st.dictionaries(st.sampled_from(["city", "plan"]), st.sampled_from(["a", "b", 3]), max_size=2))
    return {"name": "", "type": "identify", "traits": traits, "plain_traits": {"age": draw(st.integers(20, 22))}}


def consents(draw):
    purpose = draw(st.sampled_from(["analytics", "personalization"]))
    return {"name": "Consent Changed", "consent": {purpose: draw(st.booleans())}}


@st.composite
def anything(draw, people=SHARED):
    """As `contacts`, with repeats, and with yes and no."""
    one = draw(contacts(people))
    if draw(st.integers(0, 4)) == 0:
        one = {"who": one["who"], "at": one["at"], **consents(draw)}
    return {**one, "message_id": f"m{draw(st.integers(0, 25))}"}


def made(history: list[dict]) -> list[Event]:
    """The events of a history in its order, received hour by hour across a midnight."""
    noon = START + 12 * HOUR_MS
    return [event(number, received_at=noon + number * HOUR_MS, **one) for number, one in enumerate(history, start=1)]


# Laws are checked on fewer cases than they could be, so that the quick tests stay quick.
LAW = settings(max_examples=40, deadline=None)
HISTORIES = st.lists(contacts(), min_size=1, max_size=12)
ANYTHING = st.lists(anything(), min_size=1, max_size=25)
