"""Nothing is known of a person, or of an item: what the running server makes of a visit, and of an upsert."""

import time

import pytest

from tailorbird.events import DAY_MS, HOUR_MS
from tailorbird.offer.recommend.fit import fit
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.model import Manifest
from tailorbird.shell.models import Models

NOW = int(time.time() * 1000)
PHONE = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148"}
DESKTOP = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/120"}
ITEMS = [{"id": f"tea{n}", "name": f"{word} tea", "category": "tea", "tags": [word]}
         for n, word in enumerate(("mint", "oolong", "rooibos", "sencha", "chai", "earl grey"))]  # fmt: skip


def trained():
    """On phones mint tea goes, elsewhere chai; who buys rooibos buys sencha."""
    lines, devices, sources = [], [], []
    for person in range(120):
        phone = person % 2
        picks = ["tea0" if phone else "tea4", "tea1", *(["tea2", "tea3"] if person % 3 == 0 else ["tea5"])]
        for item in picks:
            lines.append((f"p{person:03}", item, "bought", NOW - DAY_MS - person * HOUR_MS))
            devices.append(phone)
            sources.append(0 if person % 3 == 0 else -1)
    from dataclasses import replace

    import numpy as np

    plain = Interactions.of(lines)
    by_person = dict(zip((int(name[1:]) for name, *_ in lines), zip(devices, sources, strict=True), strict=True))
    given = np.array([by_person[person] for person in plain.person.tolist()], np.int16)
    about = {"device": (["desktop", "mobile"], given[:, 0]), "source": (["news.example"], given[:, 1])}
    return fit(replace(plain, about=about), NOW, Manifest("1"))


@pytest.fixture
def shop(fresh):
    fresh.post("/v1/items", {"items": ITEMS})
    models = Models(fresh.layout.models)
    models.promote(models.save(trained()))
    until = time.monotonic() + 30
    while not home(fresh)["model"] and time.monotonic() < until:
        time.sleep(0.05)
    return fresh


def home(shop, person="stranger", headers=None, **more):
    body = {"person": {"anonymousId": person}, "placements": ["home"], **more}
    return shop.post("/v1/decide", body, headers=headers).json["decisions"]["home"]


def order_of(decision):
    return [item["id"] for item in decision["items"]]


def reason(decision, item):
    [text] = [one["reasons"][0]["text"] for one in decision["items"] if one["id"] == item]
    return text


def test_a_stranger_is_met_by_their_device_and_told_so(shop):
    phone, desktop = home(shop, headers=PHONE), home(shop, headers=DESKTOP)
    assert order_of(phone).index("tea0") < order_of(phone).index("tea4")
    assert order_of(desktop).index("tea4") < order_of(desktop).index("tea0")
    assert (phone["link"], reason(phone, "tea0")) == ("circumstances", "popular on mobile")


def test_a_server_that_asks_for_somebody_says_the_device_and_origin_itself(shop):
    found = home(shop, context={"referrer": "https://www.news.example/story?id=7"}, debug=True)
    assert reason(found, "tea2") == "popular with people who come from news.example"
    [rank] = [step for step in found["steps"] if step["step"] == "rank"]
    assert rank["circumstances"]["source"] == "news.example" and "device" not in rank["circumstances"]


def test_who_withdrew_consent_is_not_met_by_their_device(shop):
    token = shop.post("/v1/track", {"anonymousId": "w", "event": "Product Clicked"}).json["offset"]
    token = shop.call("PUT", "/v1/people/anonymousId:w/consent", {"personalization": False}).json["offset"]
    assert order_of(home(shop, "w", PHONE, after=token)) == order_of(home(shop, "w", DESKTOP, after=token))


def test_a_new_item_that_is_like_a_known_one_is_offered_with_the_next_requests(shop):
    bought = {"event": "Order Completed", "properties": {"products": [{"product_id": "tea2"}]}}
    token = shop.post("/v1/track", {"anonymousId": "ann", **bought}).json["offset"]
    assert "new" not in order_of(home(shop, "ann", after=token))
    twin = {"id": "new", "name": "sencha tea", "category": "tea", "tags": ["sencha"]}
    assert shop.post("/v1/items", {"items": [twin]}).json["changed"] == 1
    until, found = time.monotonic() + 20, home(shop, "ann", after=token)
    while "new" not in order_of(found) and time.monotonic() < until:
        found = home(shop, "ann", after=token)
    assert reason(found, "new") == "new, and like sencha tea"
    assert order_of(found).index("new") < order_of(found).index("tea5")  # before what only everybody likes
