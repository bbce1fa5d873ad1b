"""Who is hardly known is met by what is popular where, when and from where they come; and is told so."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as changed
from offer_world import NOW, shop

from tailorbird.consent.purpose import Policy, Purpose
from tailorbird.errors import Corrupt
from tailorbird.events import DAY_MS, HOUR_MS
from tailorbird.know.profile import Profile
from tailorbird.offer.decide import decide
from tailorbird.offer.placement import BUILT_IN
from tailorbird.offer.recommend.circumstances import Circumstances, hour_of, weekday_of
from tailorbird.offer.recommend.fit import fit
from tailorbird.offer.recommend.here import here_of, in_words
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.join import Joint
from tailorbird.offer.recommend.model import Manifest, Model
from tailorbird.offer.recommend.ratios import learned
from tailorbird.offer.recommend.settings import Settings
from tailorbird.offer.request import Request
from tailorbird.offer.shelf import Shelf

NOON = NOW - NOW % DAY_MS + 12 * HOUR_MS
ITEMS = [f"i{n}" for n in range(12)]


def world(people=200, seed=3):
    """On phones i0 is taken thrice as often; whoever comes from news.example takes i5; in DE/BY they like i9."""
    chance = np.random.default_rng(seed)
    lines, said = [], {"device": [], "source": [], "country": [], "region": []}
    for person in range(people):
        phone, news, bavarian = (bool(chance.integers(2)) for _ in range(3))
        weights = np.full(12, 1.0)
        weights[0] += 2 * phone
        weights[5] += 4 * news
        weights[9] += 3 * bavarian
        for item in chance.choice(12, 6, replace=False, p=weights / weights.sum()).tolist():
            lines.append((f"p{person:03}", ITEMS[item], "viewed", NOON - int(chance.integers(0, 9)) * DAY_MS))
            said["device"].append("mobile" if phone else "desktop")
            said["source"].append("news.example" if news else "")
            said["country"].append("DE" if bavarian else "FR")
            said["region"].append("DE/BY" if bavarian else "")
    return with_visits(lines, said)


def with_visits(lines, said):
    """Interactions of these lines, each with what its visit said of itself ("" for nothing)."""
    plain = Interactions.of(lines)
    people = {name: number for number, name in enumerate(sorted({line[0] for line in lines}))}
    keys = np.array([(people[person], at, plain.ids.index(item)) for person, item, _, at in lines], np.int64)
    order = np.lexsort((keys[:, 2], keys[:, 1], keys[:, 0]))
    about = {}
    for name, given_values in said.items():
        values = sorted(set(given_values) - {""})
        codes = np.array([values.index(value) if value else -1 for value in given_values], np.int16)
        about[name] = values, codes[order]
    return replace(plain, about=about)


LINES = world()
MODEL = fit(LINES, NOON, Manifest("1"))
PHONE, NEWS, BAVARIA = ("device", "mobile"), ("source", "news.example"), ("region", "DE/BY")
SAYINGS = [PHONE, ("device", "desktop"), NEWS, BAVARIA, ("country", "DE"), ("device", "toaster")]
VISITS = st.lists(st.sampled_from(SAYINGS), max_size=4, unique_by=lambda one: one[0])


def page(visit=(), profile=None, policy=None, now=NOON, **request):
    asked = Request(visit=tuple(visit), limit=12, **request)
    [decision] = decide(asked, profile, Shelf(shop()), MODEL, BUILT_IN, policy or Policy(), now, lambda: "d")
    return decision


def scores(decision):
    return {choice.id: choice.score for choice in decision.items}


def test_it_is_the_shrunk_ratio_of_taken_to_expected():
    lines = Interactions.of([(f"p{n}", "tea" if n < 30 else "pie", "bought", NOON) for n in range(60)])
    on_phone = np.array([0 if name < "p4" else -1 for name in sorted(f"p{n}" for n in range(60))])
    lines = replace(lines, about={"device": (["mobile"], on_phone[lines.person])})
    tea, pie = (sum(lines.ids[lines.item[k]] == name for k in np.flatnonzero(on_phone >= 0)) for name in ("tea", "pie"))
    found = learned(lines, NOON, Settings(shrink=10))
    row = found.row_of["device", "mobile"]
    ratio = {lines.ids[item]: value for item, value in zip(found.rows[row], found.ratios[row], strict=True)}
    expected = (tea + pie) / 2  # both are taken as often everywhere
    assert ratio == pytest.approx({"tea": (tea + 10) / (expected + 10), "pie": (pie + 10) / (expected + 10)})


def test_fewer_than_thirty_people_are_no_circumstance():
    few = world(people=40)
    assert PHONE not in learned(few, NOON, Settings()).row_of
    assert PHONE in MODEL.circumstances.row_of


def test_a_region_of_little_weight_is_as_its_country():
    rows, strong = MODEL.circumstances.row_of, learned(LINES, NOON, Settings(shrink=1e9)).row_of
    assert BAVARIA in rows and BAVARIA in strong
    ratios = learned(LINES, NOON, Settings(shrink=20))
    by = {
        name: dict(zip(ratios.rows[row].tolist(), ratios.ratios[row].tolist(), strict=True))
        for name, row in ratios.row_of.items()
    }
    # Nobody of this country lives elsewhere, so its region adds nothing to it.
    assert by[BAVARIA] == pytest.approx(by["country", "DE"], rel=0.2)


def test_strangers_on_phones_see_what_phones_like_and_are_told():
    plain, phone = page([("device", "desktop")]), page([PHONE])
    assert scores(phone)["i0"] > scores(plain)["i0"]
    assert phone.link == "circumstances"
    [reason] = [choice.reasons[0] for choice in phone.items if choice.id == "i0"]
    assert (reason.kind, reason.text) == ("circumstance", "popular on mobile")
    [reason] = [choice.reasons[0] for choice in page([NEWS]).items if choice.id == "i5"]
    assert reason.text == "popular with people who come from news.example"


@settings(max_examples=80, deadline=None)
@given(VISITS)
def test_without_the_circumstance_that_a_reason_names_the_score_is_lower(visit):
    whole = page(visit)
    words = {in_words(one): one for one in visit}
    for choice in whole.items:
        named = words.get(choice.reasons[0].text)
        if named:
            assert scores(page([one for one in visit if one != named])).get(choice.id, 0.0) < choice.score


@settings(max_examples=40, deadline=None)
@given(VISITS)
def test_base_scores_are_the_product_of_ratios(visit):
    joint = Joint(Shelf(shop()), MODEL)
    here = here_of(joint, visit)
    if here is None:
        return
    known = MODEL.circumstances
    for slot in range(len(MODEL.ids)):
        ratio = 1.0
        for one in here.said:
            row = known.row_of[one]
            ratio *= float(known.ratios[row][known.rows[row].tolist().index(slot)])
        weights = MODEL.manifest.weights
        expected = weights.popular * float(MODEL.popular[slot]) * ratio + weights.trending * float(MODEL.trending[slot])
        assert here.base[slot] == pytest.approx(expected, rel=1e-5)
    assert here.base[here.slots].tolist() == sorted(here.base[here.slots].tolist(), reverse=True)


def test_a_region_stands_for_its_country():
    joint = Joint(Shelf(shop()), MODEL)
    assert here_of(joint, [("country", "DE"), BAVARIA]) is here_of(joint, [BAVARIA])


def test_who_has_ordered_thrice_is_known_by_that():
    known = Profile(b"p", orders=3)
    assert scores(page([PHONE], known)) == scores(page([], known))
    assert page([PHONE], changed(known, orders=2)).link == "circumstances"
    assert page([PHONE], known, placements=("popular",)).link == "circumstances"


def test_nothing_a_visit_says_is_used_without_consent():
    denied = Policy({**Policy().purposes, "personalization": Purpose(default="denied")})
    assert page([PHONE, NEWS], policy=denied) == page([], policy=denied)
    silent = page([PHONE, NEWS], Profile(b"p", orders=9), denied)
    assert scores(silent) == scores(page([], policy=denied))


def test_a_model_keeps_its_circumstances_and_refuses_damaged_ones():
    again = Model.from_arrays(MODEL.manifest, MODEL.arrays()).circumstances
    assert again.names == MODEL.circumstances.names
    np.testing.assert_array_equal(again.ratios, MODEL.circumstances.ratios)
    for name, damage in (("circumstance_rows", 99), ("circumstance_ratios", np.nan)):
        arrays = dict(MODEL.arrays())
        arrays[name] = np.full_like(arrays[name], damage)
        with pytest.raises(Corrupt):
            Model.from_arrays(MODEL.manifest, arrays)
    arrays = {name: array for name, array in MODEL.arrays().items() if not name.startswith("circumstance")}
    assert Model.from_arrays(MODEL.manifest, arrays).circumstances is None  # of an earlier release


def test_the_time_is_in_utc():
    assert (hour_of(NOON), weekday_of(NOON), weekday_of(4 * DAY_MS)) == ("2", "1", "0")


def test_without_contacts_nothing_is_set_apart():
    assert learned(Interactions.of([]), NOON, Settings()) is None
    assert isinstance(MODEL.circumstances, Circumstances)
