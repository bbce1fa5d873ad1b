"""From a person, a page and a model to ranked proposals: the one path that serves, and that evaluation measures.

proposals = item-to-item from the live history  +  buy it again  +  the history's categories  +  shared traits  +  base
"""

from collections.abc import Iterator, Sequence
from functools import cache
from types import ModuleType

import msgspec
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from tailorbird.offer.placement import Placement
from tailorbird.offer.recommend.buy_again import again_of
from tailorbird.offer.recommend.here import Here
from tailorbird.offer.recommend.history import NOTHING, History, context_history
from tailorbird.offer.recommend.interests import declared, interesting
from tailorbird.offer.recommend.join import NO_SLOTS, NO_VALUES, NOTHING_LENT, Joint
from tailorbird.offer.recommend.model import Rows, Values
from tailorbird.offer.recommend.person import Person
from tailorbird.offer.recommend.ranker import POOL
from tailorbird.offer.request import Context
from tailorbird.offer.shelf import Mask

ITEM, AGAIN, CATEGORY, SEGMENT, BASE = range(5)  # the terms of a score, in the order of the kernel's columns
MOST_CONTEXT = 20  # items of a cart that speak
SIMILAR_WORTH = 0.25  # in "goes with": what the same category counts beside being bought together
Part = tuple[Rows, Values, float]  # slots and values proposed outside of the item-to-item sum, and a factor
Found = tuple[Rows, Values]  # the kernel's columns, see there
NO_PART: Part = (NO_SLOTS, NO_VALUES, 0.0)
NOTHING_FOUND: Found = (np.empty((9, 0), np.int32), np.empty((9, 0), np.float32))
NO_TERMS = (0.0, 0.0, 0.0, 0.0, 0.0)


class Proposal(msgspec.Struct, frozen=True, gc=False):
    """One shelf row with the terms of its score."""

    row: int
    score: float
    personal: bool = False  # whether what is known of the person had a part in it
    terms: Sequence[float] = NO_TERMS
    share: float = 0.0  # the largest part that one contact has in terms[ITEM]
    cause: int = -1  # that contact's position in the history
    speaker: int = -1  # position of the loudest contact with the item's category
    first: int = BASE  # the largest term
    second: int = -1  # the next one, where it is worth a sentence


class Ask(msgspec.Struct, frozen=True, gc=False):  # read all the time: faster than a named tuple
    """What the recipes start from: the person (None: unknown, or may not be used), the page, and the time."""

    joint: Joint
    placement: Placement
    context: Context
    person: Person | None
    history: History  # that speaks here: see `speaking_history`
    now: int
    depth: int  # how many proposals to rank
    here: Here | None = None  # popularity by the visit's circumstances, for who is hardly known


def ranked(ask: Ask) -> Iterator[Proposal]:
    """The placement's recipe applied: proposals, best first, at most `ask.depth`."""
    return proposed(columns(ask))


def columns(ask: Ask) -> Found:
    """The same as the kernel's columns, for who does without an object for each."""
    return RECIPES[ask.placement.recipe](ask)


def proposed(found: Found) -> Iterator[Proposal]:
    """The columns as proposals."""
    # Columns, not lines: a page shows a dozen of them, and only those that the gate looks at are put together.
    rows, personals, first, second, cause, speaker = found[0][:6].tolist()
    total, item, again, category, segment, popular, share = found[1][:7].tolist()
    terms = zip(item, again, category, segment, popular, strict=True)
    return map(Proposal, rows, total, personals, terms, share, cause, speaker, first, second)


def speaking_history(joint: Joint, placement: Placement, context: Context, history: History, now: int) -> History:
    """Whose items the recipe starts from: the page's for "goes with", nobody's for "popular", else the person's."""
    if placement.recipe == "goes_with":
        # The page's own item first; of a large cart those put in last.
        ids = dict.fromkeys(filter(None, (context.item, *context.items[-MOST_CONTEXT:])))
        return context_history(list(ids), joint, now)
    return history if placement.recipe == "for_you" else NOTHING


def pooled(ask: Ask, among: Rows | None = None, names: tuple[str, ...] = ()) -> tuple[Rows, Values, Values]:
    """What the ranker learns from: the best candidates for a person whose home page this is.

    Shelf rows (m), totals of the blend (m), features (m x f). `among`: these rows instead of the best.
    `names`: the features of said.py that are asked for too.
    """
    who, what = _for_one(ask, among)
    rows, what = who[0, :POOL], what[:, :POOL]
    return rows, what[0], _evidence(ask, rows, what, names)


def _for_you(ask: Ask) -> Found:
    ranker = ask.joint.model.ranker
    if ranker is None or ask.person is None:
        return _for_one(ask)
    # The whole pool, however short the page: a factor of 1 is the trees' mean over whole pools.
    who, what = _for_one(replace(ask, depth=max(ask.depth, POOL)))
    # The total alone: the terms keep the shares that reasons tell of (docs/why/113).
    what[0, :POOL] *= ranker.factors(_evidence(ask, who[0, :POOL], what[:, :POOL], ranker.names))
    # Trees may turn anything around; of equals the one that the blend likes better comes first.
    order = np.argsort(-what[0], kind="stable")
    return who[:, order], what[:, order]


def _for_one(ask: Ask, among: Rows | None = None) -> Found:
    joint, person, category = ask.joint, ask.person, ask.context.category
    weights = joint.model.manifest.weights
    page = (*joint.top_of(category), float(weights.first)) if category else NO_PART
    if person is None:
        return _found(ask, (NO_PART, NO_PART, page))
    again = (*again_of(person, joint, ask.now), float(weights.again))
    # What is popular among people who share a declared trait, averaged over the traits that the model knows.
    shared = person.columns(joint).segments
    segment = (*joint.popular_with(shared), 1.0) if shared else NO_PART
    # A page about a category is about that, whatever the person prefers.
    page = page if category else _wished(ask, person)
    return _found(ask, (again, segment, page), personal=True, among=among)


def _wished(ask: Ask, person: Person) -> Part:
    """Categories that the person named, else those that they prefer by what they did."""
    joint, weights = ask.joint, ask.joint.model.manifest.weights
    wanted = ask.placement.interests and person.profile.traits
    named = declared(person.profile, ask.placement.interests, joint.shelf) if wanted else []
    if named:
        return (*interesting(named, joint), float(weights.first))
    if not weights.preference:
        return NO_PART
    from tailorbird.offer.recommend.preference import preferred

    return (*preferred(person.columns(joint), joint, ask.now), float(weights.preference))


def _goes_with(ask: Ask) -> Found:
    return _found(ask, NO_PARTS, worth=SIMILAR_WORTH, base=False)


def _popular(ask: Ask) -> Found:
    return _found(ask, NO_PARTS)


def _buy_again(ask: Ask) -> Found:
    if ask.person is None:
        return NOTHING_FOUND
    slots, values = again_of(ask.person, ask.joint, ask.now)
    # The kernel takes up what has a value; this page is of all that was bought, also where the chance is 0.
    again = (slots, np.maximum(values, np.float32(1e-6)), 1.0)
    return _found(ask, (again, NO_PART, NO_PART), base=False, personal=True)


RECIPES = {"for_you": _for_you, "goes_with": _goes_with, "popular": _popular, "buy_again": _buy_again}


def base_of(ask: Ask) -> tuple[Values, Rows]:
    """What everybody may be offered: the base by slot, and the slots with the highest."""
    return (ask.here.base, ask.here.slots) if ask.here is not None else (ask.joint.base, ask.joint.base_slots)


def allowed_rows(joint: Joint, placement: Placement) -> Mask:
    """Which rows the placement's rules allow, empty for no rule; only a help for retrieval, the gate asks again."""
    allowed = placement.allowed
    return ANY_ROW if allowed is None else joint.shelf.matching_rows(allowed)


def _found(
    ask: Ask, parts: tuple[Part, Part, Part], *, worth: float = 1.0, base: bool = True, personal: bool = False,
    among: Rows | None = None,
) -> Found:  # fmt: skip
    """The kernel's columns. `parts` are those of AGAIN, SEGMENT and CATEGORY, in the kernel's order; `worth` is what a
    category counts; of the rows `among`, where they are given, all that are open.
    """
    joint, depth = ask.joint, ask.depth
    shop, usual = joint.lent()
    allowed = allowed_rows(joint, ask.placement) if among is None else _only(joint, among)
    # A base of zeros, not None: the kernel is compiled for one kind of argument.
    lift, slots = base_of(ask) if base else (joint.nothing, NO_SLOTS)
    slots = slots if among is None else _slots(joint, among, lift)
    lent = usual if slots is joint.base_slots and lift is joint.base else _lent(slots, lift)
    again, segment, page = parts
    who, what = np.empty((9, depth), np.int32), np.empty((9, depth), np.float32)
    count = _kernel().score_lent(
        float(ask.now), worth, personal, shop, ask.history.lent, _lent(again[0], again[1]), again[2],
        _lent(segment[0], segment[1]), segment[2], _lent(page[0], page[1]), page[2], lent, _highest(ask, base),
        joint.open_slots(ask.now), allowed, who, what,
    )  # fmt: skip
    return (who, what) if count == depth else (who[:, :count], what[:, :count])


def _lent(slots: Rows, values: Values) -> NDArray[np.int64]:
    """Their addresses, for as long as the arrays live."""
    if not len(slots) and not len(values):
        return NOTHING_LENT
    from tailorbird.offer.recommend.lending import lend_pair

    addresses: NDArray[np.int64] = lend_pair(slots, values)
    return addresses


def _highest(ask: Ask, base: bool) -> float:
    """No item's base is above this."""
    here, most = ask.here, ask.joint.highest if base else 0.0
    # What the visit's circumstances do not list has the base that it has for everybody.
    return most if here is None or not len(here.slots) else max(most, float(here.base[here.slots[0]]))


def _only(joint: Joint, rows: Rows) -> Mask:
    allowed = np.zeros(joint.shelf.capacity, np.bool_)
    allowed[rows] = True
    return allowed


def _slots(joint: Joint, rows: Rows, base: Values) -> Rows:
    slots = joint.slot_of_row[rows]
    return slots[np.argsort(-base[slots], kind="stable")]


def _evidence(ask: Ask, rows: Rows, what: Values, names: tuple[str, ...]) -> Values:
    from tailorbird.offer.recommend.evidence import evidence

    person, joint = ask.person, ask.joint
    assert person is not None
    return evidence(joint, ask.history, person, ask.now, rows, what, names)


@cache
def _kernel() -> ModuleType:
    """Loaded when first needed: numba takes half a second, which most commands need not wait for."""
    from tailorbird.offer.recommend import kernel

    return kernel


NO_PARTS = (NO_PART, NO_PART, NO_PART)
ANY_ROW: Mask = np.empty(0, np.bool_)
