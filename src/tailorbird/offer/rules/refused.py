"""Why an item does not stand in a placement, in words: which rule, which part of it, and what the item says to it."""

from functools import lru_cache

from sqlglot import exp

from tailorbird.events import Item
from tailorbird.know.language.dialect import parse
from tailorbird.offer.placement import Placement, Rule
from tailorbird.offer.rules.condition import Condition, condition

WORDS = {
    "gone": "it is not in the catalogue any more",
    "unavailable": "it is not available: sold out, or taken from sale",
    "too_early": "it is not sold yet (available_from)",
    "too_late": "it is no longer sold (available_until)",
    "consent": "it is known from a person whose data may not be used",
    "too_many": "the page has as much of its kind as it takes",
}
HIDDEN = {"in_cart": "is in the cart", "bought": "was bought", "seen": "was seen lately"}


def in_words(code: str, placement: Placement, item: Item) -> str:
    """One clause for a refusal of the gate.

    >>> in_words("rule", Placement("home", rule="in_stock and price < 2"), Item("1", price=3.0))
    'the rule asks for price < 2'
    """
    if code == "excluded":
        return "the placement excludes it" if item.id in placement.exclude else "the page shows it, or asked without it"
    if code == "hidden":
        return f"the placement hides what {' or '.join(HIDDEN[what] for what in placement.hide)}"
    if code == "wishes":
        return f"{_wishes(placement)} gave its place to others"
    return _rule(placement, item) if code == "rule" else WORDS.get(code, code)


def _wishes(placement: Placement) -> str:
    """What the placement wishes of its page, of the five things that it may."""
    wished = {
        "boosts": placement.boost,
        "pins": placement.pin,
        "diversity": placement.diversity,
        "novelty": placement.novelty,
        "chance": placement.explore,
    }
    return " or ".join(name for name, one in wished.items() if one)


def _rule(placement: Placement, item: Item) -> str:
    if item.id in placement.exclude:
        return "the placement excludes it"
    if placement.never is not None and placement.never.matches(item):
        return f"the placement never shows {parts(placement.never)}"
    if placement.only is not None and not placement.only.matches(item):
        return f"the placement shows only {parts(placement.only)}"
    return f"the rule asks for {next((one.text for one in conjuncts(placement.rule) if not one.matches(item)), '')}"


def parts(rule: Rule) -> str:
    """What a rule of lists asks for.

    >>> parts(Rule(category=("TEA", "PIE"), max_price=2))
    'category TEA or PIE, price up to 2'
    """
    named = {"category": rule.category, "brand": rule.brand, "tags": rule.tags, "id": rule.id}
    lists = [f"{name} {' or '.join(values)}" for name, values in named.items() if values]
    low = [] if rule.min_price is None else [f"price from {rule.min_price:g}"]
    return ", ".join(lists + low + ([] if rule.max_price is None else [f"price up to {rule.max_price:g}"]))


@lru_cache(maxsize=1000)
def conjuncts(text: str) -> tuple[Condition, ...]:
    """The parts of a rule that must all hold, each as it was written.

    >>> [one.text for one in conjuncts("in_stock and (price < 2 or tags.new)")]
    ['in_stock', 'price < 2 OR tags.new']
    """
    tree = parse(text)
    found = list(tree.flatten()) if isinstance(tree, exp.And) else [tree]
    return tuple(condition(one.sql()) for one in found) if len(found) > 1 else (condition(text),)
