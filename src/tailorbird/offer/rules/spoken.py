"""A placement in plain words: what fills it, what may stand there, and what is wished of the page."""

from collections.abc import Iterator

from tailorbird.offer.placement import Placement
from tailorbird.offer.rules.refused import HIDDEN, parts

RECIPES = {
    "for_you": "what this person is likely to want: their history, habits, segments, and what is popular",
    "goes_with": "what is bought together with the page's items",
    "similar": "what is like the page's item, of its category",
    "popular": "what is popular with everybody",
    "buy_again": "what this person bought before and may need again",
    "ask": "one question, the one worth most first",
}


def spoken(placement: Placement) -> list[str]:
    """Its definition, a clause a line; defaults that change nothing are left out.

    >>> for line in spoken(Placement("home", limit=8, rule="price < 9", explore=0.05)): print(line)
    shows what this person is likely to want: their history, habits, segments, and what is popular
    8 items, at most half of them of one category
    only where price < 9
    never what is in the cart
    5% of the places are filled by chance among the next candidates
    """
    lines = [f"shows {RECIPES[placement.recipe]}"]
    if placement.recipe == "ask":
        about = ", ".join(f"{trait} ({question.text})" for trait, question in placement.ask.items())
        return [*lines, f"asks about {about}", f"who said not now is left in peace for {placement.again_days:g} days"]
    return [*lines, _size(placement), *_rules(placement), *_wishes(placement)]


def _size(placement: Placement) -> str:
    share = placement.per_category
    most = "" if share >= 1 else f", at most {'half' if share == 0.5 else f'{share:.0%}'} of them of one category"
    return f"{placement.limit} items{most}"


def _rules(placement: Placement) -> Iterator[str]:
    if placement.rule:
        yield f"only where {placement.rule}"
    if placement.only:
        yield f"only {parts(placement.only)}"
    if placement.never:
        yield f"never {parts(placement.never)}"
    if placement.exclude:
        yield f"never {', '.join(placement.exclude)}"
    if placement.hide:
        yield f"never what {' or '.join(HIDDEN[what] for what in placement.hide)}"


def _wishes(placement: Placement) -> Iterator[str]:
    for boost in placement.boost:
        yield f"{boost.by:g} times the score where {boost.when}"
    if placement.novelty:
        yield f"the most popular lose up to {placement.novelty:.0%} of their score"
    for place, item in sorted(placement.pin.items()):
        yield f"place {place} is for {item}"
    diversity = placement.diversity
    if diversity is not None and diversity.mmr is not None:
        yield f"each next item is unlike those before it (MMR {diversity.mmr:g})"
    if diversity is not None and diversity.most:
        yield f"at most {', '.join(f'{most} of one {name}' for name, most in diversity.most.items())}"
    if placement.explore:
        yield f"{placement.explore:.0%} of the places are filled by chance among the next candidates"
