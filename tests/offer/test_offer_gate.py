"""Law 10: whatever proposes an item, it comes out only if it may be shown."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from offer_world import IDS, NOW, ask, profiles, shop, shown, world_model

from tailorbird.consent.purpose import Policy, may
from tailorbird.events import Item
from tailorbird.offer.gate import Gate
from tailorbird.offer.placement import BUILT_IN, Placement, Rule
from tailorbird.offer.recommend.history import cart_of, seen_ids
from tailorbird.offer.recommend.rank import Proposal
from tailorbird.offer.request import Context, Request
from tailorbird.offer.rules.condition import condition
from tailorbird.offer.rules.wishes import Boost, Diversity
from tailorbird.offer.shelf import Shelf

MODEL = world_model()
times = st.none() | st.integers(NOW - 5, NOW + 5)
rules = st.none() | st.builds(
    Rule,
    category=st.lists(st.sampled_from(["tea", "pie"]), max_size=1).map(tuple),
    id=st.lists(st.sampled_from(IDS), max_size=3).map(tuple),
    min_price=st.none() | st.floats(0, 30),
    max_price=st.none() | st.floats(0, 30),
)
texts = st.sampled_from(
    [
        "",
        "price < 12",
        "category <> 'tea'",
        "in_stock or price > 3",
        "not (id in ('i1', 'i2'))",
        "name like '%i1%'",
        "category is null",
        "tags.new",
        "roast = 'dark'",
        "price / (price - 4) > 1",
    ]
)
factors = st.builds(Boost, texts.filter(bool), st.sampled_from([0.1, 2.0, 50.0]))
pins = st.dictionaries(st.integers(1, 15), st.sampled_from([*IDS, "stranger"]), max_size=4)
diversities = st.none() | st.builds(
    Diversity,
    st.none(),
    st.dictionaries(st.sampled_from(["category", "brand", "roast"]), st.integers(1, 3), min_size=1),
)
diversities |= st.builds(Diversity, st.floats(0, 1))
shares = st.just(0.0) | st.floats(0, 0.9)
placements = st.builds(
    Placement,
    st.just("home"),
    st.sampled_from(["for_you", "goes_with", "similar", "popular", "buy_again"]),
    only=rules,
    never=rules,
    hide=st.lists(st.sampled_from(["in_cart", "bought", "seen"]), unique=True).map(tuple),
    per_category=st.floats(0.05, 1),
    rule=texts,
    exclude=st.lists(st.sampled_from([*IDS, "stranger"]), max_size=3).map(tuple),
    boost=st.lists(factors, max_size=2).map(tuple),
    pin=st.just({}) | pins,
    diversity=diversities,
    novelty=shares,
    explore=shares,
)
# What the model does not know, and is like what it knows: one that may be sold, one that may not.
NEW = [Item("new", "the i4", "tea", price=3.0), Item("sold", "the i8", "tea", price=3.0, available=False)]
changes = st.fixed_dictionaries({"available": st.booleans(), "available_from": times, "available_until": times})
catalogues = st.dictionaries(st.sampled_from(IDS), changes, max_size=24).map(lambda changed: [*shop(**changed), *NEW])
ids = st.sampled_from([*IDS, "stranger", ""])
gone_ids = st.sets(st.sampled_from(IDS))
requests = st.builds(
    Request,
    st.just(("home",)),
    st.builds(
        Context, item=ids, items=st.lists(ids, max_size=4).map(tuple), category=st.sampled_from(["", "tea", "x"])
    ),
    exclude=st.lists(ids, max_size=6).map(tuple),
    limit=st.none() | st.integers(-1, 40),
)


@settings(max_examples=300, deadline=None)
@given(
    catalogues,
    placements,
    requests,
    st.none() | profiles,
    st.sampled_from([None, MODEL]),
    st.sets(st.sampled_from([*IDS, "new"])),
)
def test_nothing_ineligible_ever_comes_out(items, placement, request, profile, model, gone):
    shelf = Shelf(items)
    shelf.apply([(item_id, None) for item_id in gone], 2)
    [decision] = ask(request, profile, shelf, model, {"home": placement})
    out = shown(decision)
    by_id = {item.id: item for item in items if item.id not in gone}
    assert all(may_be_shown(by_id.get(item_id), placement, request) for item_id in out)
    assert len(set(out)) == len(out) <= max(0, 12 if request.limit is None else request.limit)
    assert hidden(profile, placement).isdisjoint(out)
    assert 0 < decision.probability <= 1 and all(0 < choice.probability <= 1 for choice in decision.items)
    assert not placement.explore or len(out) == len(page_without_chance(placement, request, profile, shelf, model))


def page_without_chance(placement, request, profile, shelf, model):
    [decision] = ask(request, profile, shelf, model, {"home": replace(placement, explore=0.0)})
    assert decision.probability == 1.0
    return shown(decision)


def may_be_shown(item, placement, request):
    """Eligibility, said once more and otherwise than in the gate."""
    if (
        item is None
        or not item.available
        or item.id in {*request.exclude, *request.context.items, request.context.item, *placement.exclude}
    ):
        return False
    opens, closes = item.available_from or 0, item.available_until or NOW + 1
    rules = (placement.only is None or placement.only.matches(item)) and not (
        placement.never and placement.never.matches(item)
    )
    return opens <= NOW < closes and rules and (not placement.rule or condition(placement.rule).matches(item))


def hidden(profile, placement):
    if profile is None or not may("personalization", profile.consent, Policy(), NOW).allowed:
        return set()
    what = {"in_cart": cart_of(profile.recent, NOW), "bought": set(profile.bought), "seen": seen_ids(profile.recent)}
    return set().union(*(what[name] for name in placement.hide))


@settings(max_examples=100, deadline=None)
@given(profiles)
def test_without_consent_the_page_is_that_of_a_stranger(profile):
    from tailorbird.know.profile import Consent

    profile.consent = {"personalization": Consent(False, 1, "test")}
    everything = Request(tuple(BUILT_IN), Context(item="i3"))
    for mine, theirs in zip(ask(everything, profile, model=MODEL), ask(everything, None, model=MODEL), strict=True):
        assert (mine.items, mine.link) == (theirs.items, theirs.link)
        assert "personalization" in mine.why


REFUSALS = [
    (None, "gone"),
    (Item("a", available=False), "unavailable"),
    (Item("a", available_from=NOW + 1), "too_early"),
    (Item("a", available_until=NOW), "too_late"),
    (Item("out"), "excluded"),
    (Item("cart"), "hidden"),
    (Item("a", category="x"), "rule"),
    (Item("a"), ""),
]


@pytest.mark.parametrize("item, code", REFUSALS)
def test_each_refusal_has_its_code(item, code):
    placement = Placement("p", never=Rule(category=("x",)))
    gate = Gate(placement, NOW, True, frozenset({"out"}), frozenset({"cart"}))
    assert gate.refusal(item, personal=True) == code


def test_what_is_known_of_somebody_may_not_propose_without_consent():
    gate = Gate(Placement("p"), NOW, may_be_personal=False)
    proposals = [Proposal(0, 1.0, personal=True), Proposal(7, 1.0), Proposal(-1, 1.0), Proposal(1, 0.5)]
    assert [item.id for item, _ in gate.let_out(proposals, [Item("a"), Item("b")], 5)] == ["b"]
    assert gate.refused["consent"] == 1 and gate.refused["gone"] == 2


def test_a_category_takes_no_more_than_its_share_while_others_are_left():
    items = [
        Item("t1", category="tea"),
        Item("t2", category="tea"),
        Item("t3", category="tea"),
        Item("p1", category="pie"),
    ]
    gate = Gate(Placement("p", per_category=0.5), NOW, may_be_personal=True)
    out = gate.let_out([Proposal(row, 1.0) for row in range(4)], items, 4)
    assert [item.id for item, _ in out] == ["t1", "t2", "p1", "t3"]
