"""From a person, a page and a model to ranked proposals: the one path that serves, and that evaluation measures.

proposals = item-to-item from the live history  +  buy it again  +  the history's categories  +  shared traits  +  base
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from tailorbird.know.profile import Profile
from tailorbird.offer.placement import Placement
from tailorbird.offer.recommend.buy_again import again_of
from tailorbird.offer.recommend.history import NOTHING, History, context_history
from tailorbird.offer.recommend.join import Joint
from tailorbird.offer.recommend.model import Rows, Values
from tailorbird.offer.request import Context
from tailorbird.offer.shelf import Mask

ITEM, AGAIN, CATEGORY, SEGMENT, BASE = range(5)  # the terms of a score, in the order of the kernel's columns
MOST_CONTEXT = 20  # items of a cart that speak
SIMILAR_WORTH = 0.25  # in "goes with": what the same category counts beside being bought together
Part = tuple[int, Rows, Values]  # (term, slots, values) proposed outside of the item-to-item sum


class Proposal(NamedTuple):
    """One shelf row with the terms of its score."""

    row: int
    score: float
    personal: bool = False  # whether what is known of the person had a part in it
    terms: Sequence[float] = (0.0, 0.0, 0.0, 0.0, 0.0)
    share: float = 0.0  # the largest part that one history item has in terms[ITEM]
    cause: int = -1  # that item's position in the history


class Ask(NamedTuple):
    """What the recipes start from: the person (None: unknown, or may not be used), the page, and the time."""

    joint: Joint
    placement: Placement
    context: Context
    profile: Profile | None
    history: History  # that speaks here: see `speaking_history`
    now: int
    depth: int  # how many proposals to rank


def ranked(ask: Ask) -> Iterator[Proposal]:
    """The placement's recipe applied: proposals, best first, at most `ask.depth`."""
    return RECIPES[ask.placement.recipe](ask)


def speaking_history(joint: Joint, placement: Placement, context: Context, history: History) -> History:
    """Whose items the recipe starts from: the page's for "goes with", nobody's for "popular", else the person's."""
    if placement.recipe == "goes_with":
        ids = dict.fromkeys(filter(None, (context.item, *context.items[-MOST_CONTEXT:])))
        return context_history(list(ids), joint)
    return history if placement.recipe == "for_you" else NOTHING


def _for_you(ask: Ask) -> Iterator[Proposal]:
    profile, parts = ask.profile, _category_parts(ask.joint, ask.history)
    if ask.context.category:
        parts.append(_scaled(CATEGORY, ask.joint.top_of(ask.context.category), ask.joint.model.manifest.weights.first))
    if profile is not None:
        rows, values = again_of(profile, ask.joint, ask.now)
        parts.append((AGAIN, rows, values * np.float32(ask.joint.model.manifest.weights.again)))
        parts.extend(_segment_parts(ask.joint, profile.traits))
    return _scored(ask, parts, personal=profile is not None)


def _goes_with(ask: Ask) -> Iterator[Proposal]:
    return _scored(ask, _category_parts(ask.joint, ask.history, worth=SIMILAR_WORTH), base=False)


def _popular(ask: Ask) -> Iterator[Proposal]:
    return _scored(ask, [])


def _buy_again(ask: Ask) -> Iterator[Proposal]:
    if ask.profile is None:
        return iter(())
    rows, values = again_of(ask.profile, ask.joint, ask.now)
    return _scored(ask, [(AGAIN, rows, np.maximum(values, np.float32(1e-6)))], base=False, personal=True)


RECIPES = {"for_you": _for_you, "goes_with": _goes_with, "popular": _popular, "buy_again": _buy_again}


def _category_parts(joint: Joint, history: History, worth: float = 1.0) -> list[Part]:
    return [
        _scaled(CATEGORY, joint.top_of(category), worth * total) for category, (total, _) in history.speakers.items()
    ]


def _scaled(term: int, top: tuple[Rows, Values], factor: float) -> Part:
    return term, top[0], top[1] * np.float32(factor)


def _segment_parts(joint: Joint, traits: Mapping[str, Any]) -> list[Part]:
    """What is popular among people who share a declared trait, averaged over the traits that the model knows."""
    model = joint.model
    shared = tuple(row for trait, value in traits.items() if (row := model.segment_row(trait, value)) >= 0)
    return [(SEGMENT, *joint.popular_with(shared))] if shared else []


def allowed_rows(joint: Joint, placement: Placement) -> Mask:
    """Which rows the placement's rules allow, empty for no rule; only a help for retrieval, the gate asks again."""
    only, never = placement.only, placement.never
    if only is None:
        return ANY_ROW if never is None else ~joint.shelf.matching_rows(never)
    allowed = joint.shelf.matching_rows(only)
    return allowed if never is None else allowed & ~joint.shelf.matching_rows(never)


def _scored(ask: Ask, parts: list[Part], *, base: bool = True, personal: bool = False) -> Iterator[Proposal]:
    from tailorbird.offer.recommend.kernel import score

    joint, model, history = ask.joint, ask.joint.model, ask.history
    past = history.slots, history.long, history.live
    near = model.start, model.neighbours, model.nearness, model.manifest.near
    doors = joint.row_of, joint.open_slots(ask.now), allowed_rows(joint, ask.placement)
    lift = (joint.base, joint.base_slots) if base else (joint.nothing, NO_SLOTS)
    found = score(past, near, _flat(parts), lift, doors, joint.desk, ask.depth).tolist()
    return (
        Proposal(int(line[0]), line[1], personal and line[1] > line[6], line[2:7], line[7], int(line[8]))
        for line in found
    )


def _flat(parts: list[Part]) -> tuple[Rows, Values, Rows]:
    if not parts:
        return NO_SLOTS, NO_VALUES, NO_SLOTS
    terms, slots, values = zip(*parts, strict=True)
    kinds = np.repeat(np.array(terms, np.int32), [len(column) for column in slots])
    return np.concatenate(slots), np.concatenate(values), kinds


NO_SLOTS: Rows = np.empty(0, np.int32)
NO_VALUES: Values = np.empty(0, np.float32)
ANY_ROW: Mask = np.empty(0, np.bool_)
