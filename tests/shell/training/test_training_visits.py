"""What visits said of themselves stands beside each contact of a training."""

import dataclasses

import msgspec
import numpy as np
import pytest
from lake_world import NOW, event, stored

from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.shell.engines import Engines
from tailorbird.shell.layout import Layout
from tailorbird.shell.training import visits
from tailorbird.shell.training.reading import read_lines
from tailorbird.shell.training.visits import VISIT_MS


@pytest.fixture
def engines(tmp_path):
    found = Engines(Layout(tmp_path), writes_state=True)
    yield found
    found.close()


def page(person, day, after_ms=0, **context):
    return moved(event(person, day, "Page Engaged", {}), after_ms, context)


def view(person, day, item, after_ms=0, **context):
    return moved(event(person, day, "Product Viewed", {"product_id": item}), after_ms, context)


def moved(told, after_ms, context):
    plain = {name.replace("_", "."): value for name, value in context.items()}
    at, message = told.timestamp + after_ms, f"{told.message_id}-{after_ms}"
    return msgspec.structs.replace(told, timestamp=at, received_at=at, message_id=message, plain_context=plain)


def beside(engines, name):
    lines, _ = read_lines(engines, NOW)
    if name not in lines.about:
        return {}
    values, codes = lines.about[name]
    return {lines.ids[item]: values[code] if code >= 0 else "" for item, code in zip(lines.item, codes, strict=True)}


def test_what_a_visit_says_when_it_begins_holds_for_the_visit_and_no_longer(engines):
    landing = page("ann", 1, campaign_source="News", device_type="mobile")
    seen = [view("ann", 1, "tea", 60_000), view("ann", 1, "pie", VISIT_MS + 60_000), view("bob", 1, "milk", 60_000)]
    stored(engines, [landing, *seen])
    assert beside(engines, "source") == {"tea": "news", "pie": "", "milk": ""}
    assert beside(engines, "device") == {"tea": "mobile", "pie": "", "milk": ""}


def test_a_campaign_comes_before_the_referrer_and_a_region_has_its_country(engines):
    context = {"referrer_host": "mail.example", "location_country": "de", "location_region": "by"}
    stored(engines, [view("ann", 1, "tea", **context), view("bob", 1, "pie", campaign_source="flyer", **context)])
    assert beside(engines, "source") == {"tea": "mail.example", "pie": "flyer"}
    assert beside(engines, "region") == {"tea": "DE/BY", "pie": "DE/BY"}


def test_of_who_withdrew_consent_nothing_is_read(engines):
    stored(engines, [view("ann", 1, "tea"), view("bob", 1, "pie", device_type="tablet")], withdrawn={"bob"})
    assert beside(engines, "device") == {}


def test_a_lake_in_which_nobody_said_anything_has_nothing_beside(engines):
    stored(engines, [view("ann", 1, "tea")])
    lines, _ = read_lines(engines, NOW)
    assert lines.about == {}


def test_there_may_be_more_origins_than_sixteen_bits_count():
    said = [(b"ann", at, (("source", f"{at:05}.example"),)) for at in range(33_000)]
    lines = Interactions.of([("ann", "tea", "viewed", 32_999)])
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(visits, "_said", lambda lake: iter(said))
        values, codes = visits.visits_beside(None, lines, {b"ann": 0})["source"]
    assert [values[code] for code in codes] == ["32999.example"]


def test_there_may_be_more_people_than_a_time_since_1970_leaves_room_for():
    lines = Interactions.of([("ann", "tea", "viewed", NOW)])
    many = dataclasses.replace(lines, person=np.full(1, 5_000_000, lines.person.dtype))
    said = [(b"ann", NOW - 1, (("source", "news"),)), (b"bob", NOW, (("source", "flyer"),))]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(visits, "_said", lambda lake: iter(said))
        values, codes = visits.visits_beside(None, many, {b"ann": 5_000_000, b"bob": 4_999_999})["source"]
    assert [values[code] for code in codes] == ["news"]
