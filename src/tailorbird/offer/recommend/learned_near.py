"""The item-to-item table that is learned: what several retrievers say of each item, as one row of its neighbours.

    row(i) = sum over the retrievers r of weight_r * what r answers to the history (i), each answer scaled alike

A page costs the same with it as with the table of sessions, which is one of its parts: the kernel adds up rows, and
each contact's part in a score stays one term, which is the reason that a page gives. Weights are learned on moments of
the validation part, on what people took that they had not bought before: what they come back to is told by `again`.

The most frequent items have learned rows; all others keep what sessions say. So the cost has a bound: of MOST_ITEMS
squared for each retriever, whatever the catalogue, and of LONGEST contacts of each person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array

from tailorbird.errors import Corrupt
from tailorbird.events import DAY_MS
from tailorbird.offer.hybrid.blend import Question, learned
from tailorbird.offer.hybrid.exam import Key
from tailorbird.offer.hybrid.tables import alone, evened, merged, pool_of
from tailorbird.offer.judge.questions import Trial
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.item_to_item import WORTH, Sparse
from tailorbird.offer.recommend.replay import Case
from tailorbird.offer.recommend.settings import MadeOf
from tailorbird.offer.retrievers.als import AlsRecipe
from tailorbird.offer.retrievers.deflated import DeflatedRecipe
from tailorbird.offer.retrievers.histories import Histories
from tailorbird.offer.retrievers.retriever import Recipe
from tailorbird.offer.retrievers.rules import RulesRecipe
from tailorbird.offer.retrievers.three_hop import ThreeHopRecipe
from tailorbird.offer.retrievers.two_step import TwoStepRecipe

SESSIONS = "sessions"  # the table of item_to_item.py
MOST_PAIRS = 16_000_000  # 128 MB
RECIPES: tuple[tuple[Recipe, bool], ...] = (  # and whether the order of a history counts
    (ThreeHopRecipe(most_pairs=MOST_PAIRS), False),
    (DeflatedRecipe(most_pairs=MOST_PAIRS), False),
    (AlsRecipe(factors=128), False),
    (RulesRecipe(), True),
    (TwoStepRecipe(), True),
)
MOST_ITEMS = 12_000
LONGEST = 200  # contacts of a person: the last ones
WIDTH = 100  # neighbours that each retriever names
LEAST_WEIGHT = 0.02  # of the sum: below it a retriever is not worth fitting
LEAST_GAIN = 1.02  # over sessions alone, on moments that the weights are learned on: below it is none
FEWEST = 50  # moments from which weights can be learned
HALF_LIVES = (1.0, 5.0, 30.0)  # days: of a contact, while weights are learned; the blend finds its own
AT = 20

Tables = Mapping[str, csr_array]


def tables(lines: Interactions, sessions: Sparse, wanted: Sequence[str] | None = None) -> Tables:
    """What each retriever says of the frequent items; all of them, or those `wanted`. Items numbered by frequency.

    Raises Corrupt where one is wanted that this version does not have.
    """
    unknown = set(wanted or ()) - {SESSIONS, *(recipe.name for recipe, _ in RECIPES)}
    if unknown:
        raise Corrupt(f"The table is made of {min(unknown)!r}, which this version does not have. Train again.")
    items = min(len(lines.ids), MOST_ITEMS)
    rows = np.arange(items, dtype=np.int32)
    known = _histories(lines, items)
    found: dict[str, csr_array] = {}
    for recipe, ordered in RECIPES:
        if wanted is None or recipe.name in wanted:
            # As a bag where order says nothing: `steps_back` then counts all contacts alike.
            histories = replace(known, ordered=ordered)
            found[recipe.name] = evened(alone(recipe.fit(histories), rows, histories, WIDTH, masked=True))
    table = csr_array((sessions.value, sessions.column, sessions.start), (len(lines.ids),) * 2)
    one = np.ones(1, np.float32)
    # `merged` of one table, for its order: `evened` wants rows best first.
    return found | {SESSIONS: evened(merged([csr_array(table[:items, :items])], one, WIDTH))}


def _histories(lines: Interactions, items: int) -> Histories:
    """Who had to do with which of the first `items` items, in order; of each person the last LONGEST contacts."""
    start = np.searchsorted(lines.person, np.arange(lines.people + 1)).astype(np.int64)
    whole = Histories(start, lines.item, items)
    speaks = whole.chosen((WORTH[lines.kind] > 0) & (lines.item < items))
    # A person with thousands of contacts has as many pairs as their square.
    last = np.repeat(speaks.start[1:], speaks.lengths()) - np.arange(len(speaks.item)) <= LONGEST
    return speaks.chosen(last)


def made_of(some: Tables, ids: Sequence[str], moments: Sequence[Case]) -> MadeOf:
    """The weights that suit these moments best; nothing where they are few, or sessions alone are as good."""
    slot = {item_id: number for number, item_id in enumerate(ids[: some[SESSIONS].shape[0]])}
    trial = _trial(moments, slot)
    if len(trial) < FEWEST:
        return ()
    names = tuple(some)
    questions = []
    for days in HALF_LIVES:
        pool = pool_of([some[name] for name in names], names, _faded(moments, slot, days), trial)
        questions.append(Question.of(pool, Key.of(pool, trial)))
    found = [(learned(question)[0], question) for question in questions]
    weights, question = max(found, key=lambda one: one[1].of_weights(one[0]))
    # At the fading that suits them best: else the gain could be that of the fading alone.
    sessions = max(question.worth(question.scores[names.index(SESSIONS)]) for question in questions)
    if question.of_weights(weights) <= LEAST_GAIN * sessions:
        return ()
    return tuple((name, round(float(w), 3)) for name, w in zip(names, weights, strict=True) if w >= LEAST_WEIGHT)


def _trial(moments: Sequence[Case], slot: Mapping[str, int]) -> Trial:
    """What these people took that they had not bought, out of what they had not touched."""
    before = [sorted({slot[i] for i in (*_touched(m), *m.profile.bought) if i in slot}) for m in moments]
    # -1 is nobody's candidate: what the table cannot know counts as missed, for every mixture alike.
    wanted = [sorted(slot.get(item_id, -1) for item_id in m.targets - m.profile.bought.keys()) for m in moments]
    start = np.concatenate([[0], np.cumsum([len(rows) for rows in wanted])]).astype(np.int64)
    asked = Histories.of(before, len(slot), ordered=False)
    target = np.array([row for rows in wanted for row in rows], np.int32)
    return Trial("sessions", asked, asked, start, target, True, AT, "ndcg")


def _touched(moment: Case) -> set[str]:
    return {touch.item for touch in moment.profile.recent}


def _faded(moments: Sequence[Case], slot: Mapping[str, int], half_life_days: float) -> csr_array:
    """What each contact still counts when the page is built: moments x items."""
    found = [
        (row, slot[touch.item], 0.5 ** ((moment.now - touch.at) / DAY_MS / half_life_days))
        for row, moment in enumerate(moments)
        for touch in moment.profile.recent
        if touch.item in slot
    ]
    row, column, value = zip(*found, strict=True) if found else ((), (), ())
    parts = (np.array(value, np.float32), (np.array(row, np.int64), np.array(column, np.int64)))
    return csr_array(parts, (len(moments), len(slot)))


def learned_near(some: Tables, sessions: Sparse, of: MadeOf, width: int) -> Sparse:
    """The table that these weights make, nearest first, values in (0, 1]; of items without one the row of sessions."""
    names, weights = [name for name, _ in of], np.array([weight for _, weight in of], np.float32)
    table = merged([some[name] for name in names], weights / weights.sum(), width)
    rest = evened(csr_array((sessions.value, sessions.column, sessions.start), (len(sessions.start) - 1,) * 2))
    # Learned rows come first, because items are numbered by frequency and the most frequent have them.
    behind = slice(rest.indptr[table.shape[0]], None)
    column = np.concatenate([table.indices, rest.indices[behind]]).astype(np.int32)
    value = np.concatenate([table.data, rest.data[behind]]).astype(np.float32)
    counts = np.concatenate([np.diff(table.indptr), np.diff(rest.indptr)[table.shape[0] :]])
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    # Above 0, or the model is refused: a live contact is divided by the nearness of its nearest.
    value = np.maximum(value / max(float(value.max(initial=0.0)), 1e-30), 1e-12)
    return Sparse(start, column, value.astype(np.float32))
