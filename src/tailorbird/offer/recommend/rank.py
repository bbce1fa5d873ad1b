"""From a person, a page and a model to ranked proposals: the one path that serves, and that evaluation measures.

proposals = item-to-item from the live history  +  buy it again  +  the history's categories  +  shared traits  +  base
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from tailorbird.know.profile import Profile
from tailorbird.offer.placement import Placement
from tailorbird.offer.recommend.buy_again import again_of
from tailorbird.offer.recommend.history import CLICK_FLOOR, NOTHING, History, context_history
from tailorbird.offer.recommend.join import Joint
from tailorbird.offer.recommend.model import Rows, Values
from tailorbird.offer.request import Context
from tailorbird.offer.shelf import Mask

ITEM, AGAIN, CATEGORY, SEGMENT, BASE = range(5)  # the terms of a score, in the order of the kernel's columns
MOST_CONTEXT = 20  # items of a cart that speak
Part = tuple[int, Rows, Values]  # (term, shelf rows, values) proposed outside of the item-to-item sum


class Proposal(NamedTuple):
    """One shelf row with the terms of its score."""

    row: int
    score: float
    personal: bool  # whether what is known of the person had a part in it
    terms: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0, 0.0)
    cause: str = ""  # the history or context item with the largest part in terms[ITEM]
    cause_kind: int = 0  # see history.KINDS
    share: float = 0.0  # that part


@dataclass(frozen=True, slots=True)
class Ask:
    """What the recipes start from: the person (None: unknown, or may not be used), the page, and the time."""

    joint: Joint
    placement: Placement
    context: Context
    profile: Profile | None
    history: History
    now: int
    depth: int  # how many proposals to rank


def ranked(ask: Ask) -> list[Proposal]:
    """The placement's recipe applied: proposals, best first, at most `ask.depth`."""
    return RECIPES[ask.placement.recipe](ask)


def _for_you(ask: Ask) -> list[Proposal]:
    profile, parts = ask.profile, list(_category_parts(ask.joint, ask.history))
    if ask.context.category:
        parts.append(_scaled(CATEGORY, ask.joint.top_of(ask.context.category), ask.joint.model.manifest.weights.first))
    if profile is not None:
        rows, values = again_of(profile, ask.joint, ask.now)
        parts.append((AGAIN, rows, values * np.float32(ask.joint.model.manifest.weights.again)))
        parts.extend(_segment_parts(ask.joint, profile.traits))
    return _scored(ask, ask.history, parts, personal=profile is not None)


def _goes_with(ask: Ask) -> list[Proposal]:
    pages = speaking_history(ask)
    return _scored(ask, pages, list(_category_parts(ask.joint, pages, worth=0.25)), base=False)


def speaking_history(ask: Ask) -> History:
    """Whose items the recipe starts from: the page's for "goes with", nobody's for "popular", else the person's."""
    if ask.placement.recipe == "goes_with":
        context = ask.context
        ids = dict.fromkeys(filter(None, (context.item, *context.items[-MOST_CONTEXT:])))
        return context_history(tuple(ids), ask.joint)
    return ask.history if ask.placement.recipe == "for_you" else NOTHING


def _popular(ask: Ask) -> list[Proposal]:
    return _scored(ask, NOTHING, [])


def _buy_again(ask: Ask) -> list[Proposal]:
    if ask.profile is None:
        return []
    rows, values = again_of(ask.profile, ask.joint, ask.now)
    return _scored(ask, NOTHING, [(AGAIN, rows, np.maximum(values, np.float32(1e-6)))], base=False, personal=True)


RECIPES = {"for_you": _for_you, "goes_with": _goes_with, "popular": _popular, "buy_again": _buy_again}


def live_categories(joint: Joint, history: History) -> dict[str, tuple[float, int]]:
    """Category -> (summed live worth of its contacts, position of the strongest, the later of equals)."""
    found: dict[str, tuple[float, int]] = {}
    strongest: dict[str, float] = {}
    for position, worth in enumerate(history.live.tolist()):
        item = (
            joint.shelf.item(history.ids[position])
            if worth > CLICK_FLOOR * joint.model.manifest.weights.first
            else None
        )
        if item is None:
            continue
        total, best = found.get(item.category, (0.0, position))
        if worth >= strongest.get(item.category, 0.0):
            strongest[item.category], best = worth, position
        found[item.category] = total + worth, best
    return found


def _category_parts(joint: Joint, history: History, worth: float = 1.0) -> Iterator[Part]:
    for category, (total, _) in live_categories(joint, history).items():
        yield _scaled(CATEGORY, joint.top_of(category), worth * total)


def _scaled(term: int, top: tuple[Rows, Values], factor: float) -> Part:
    return term, top[0], top[1] * np.float32(factor)


def _segment_parts(joint: Joint, traits: Mapping[str, Any]) -> Iterator[Part]:
    """What is popular among people who share a declared trait, averaged over the traits that the model knows."""
    model = joint.model
    shared = [row for trait, value in traits.items() if (row := model.segment_row(trait, value)) >= 0]
    for row in shared:
        rows = model.segment_rows[row]
        on_shelf = np.where(rows >= 0, joint.to_shelf[rows], -1)
        there = on_shelf >= 0
        factor = np.float32(model.manifest.weights.segment / len(shared))
        yield SEGMENT, on_shelf[there], model.segment_values[row][there] * factor


def allowed_rows(joint: Joint, placement: Placement) -> Mask:
    """Which rows the placement's rules allow; only a help for retrieval, the gate asks again."""
    allowed = joint.everything
    if placement.only is not None:
        allowed = allowed & joint.shelf.matching_rows(placement.only)
    if placement.never is not None:
        allowed = allowed & ~joint.shelf.matching_rows(placement.never)
    return allowed


def _scored(
    ask: Ask, history: History, parts: list[Part], *, base: bool = True, personal: bool = False
) -> list[Proposal]:
    from tailorbird.offer.recommend.kernel import score

    joint, model = ask.joint, ask.joint.model
    past = history.rows, history.long, history.live
    near = model.start, model.neighbours, model.nearness, joint.to_shelf
    masks = joint.shelf.open_rows(ask.now), allowed_rows(joint, ask.placement)
    lift = (joint.base, joint.base_rows) if base else (joint.nothing, NO_ROWS)
    found = score(past, near, _flat(parts), lift, masks, (joint.sums, joint.slots), ask.depth)
    return _proposals(found, history, personal)


def _flat(parts: list[Part]) -> tuple[Rows, Values, Rows]:
    if not parts:
        return NO_ROWS, NO_VALUES, NO_ROWS
    rows = np.concatenate([rows for _, rows, _ in parts])
    values = np.concatenate([values for _, _, values in parts])
    return rows, values, np.repeat(np.array([term for term, _, _ in parts], np.int32), [len(r) for _, r, _ in parts])


def _proposals(found: tuple[Any, ...], history: History, personal: bool) -> list[Proposal]:
    rows, scores, terms, causes, shares = (array.tolist() for array in found)
    kinds = history.kinds.tolist()
    return [
        Proposal(row, score, personal and score > term[BASE], tuple(term), history.ids[cause] if cause >= 0 else "",
                 kinds[cause] if cause >= 0 else 0, share)
        for row, score, term, cause, share in zip(rows, scores, terms, causes, shares, strict=True)
    ]  # fmt: skip


NO_ROWS: Rows = np.empty(0, np.int32)
NO_VALUES: Values = np.empty(0, np.float32)
