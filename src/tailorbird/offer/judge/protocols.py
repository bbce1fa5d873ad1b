"""The protocols: what is asked, what counts and what is masked, for each kind of question.

    collaborative  the history is a bag: rank everything that is not in it
    next-item      the last contact is the target: rank all items
    sessions       each next click, or the last of each prefix, is a target: rank all items, repeats included
    baskets        the last basket is the target: rank all items, repeats included

`validated` asks the same way within what may be learned from; what is tested stays unseen.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tailorbird.offer.judge.questions import Trial, gathered, histories_of_rows, places_of
from tailorbird.offer.retrievers.histories import Histories, Ints, Longs
from tailorbird.offer.retrievers.retriever import Kind

HELD_OUT = 0.2  # at most: of the items of each person who is asked, or of the sessions
MOST_ASKED = 15_000  # people of whom items are held out; what the others have stays whole
VALIDATED_ON = 12_000  # questions that are wanted: where people are few, more than one of each
MOST_EACH = 5
CHOSEN_BY: dict[Kind, str] = {"collaborative": "ndcg", "next-item": "ndcg", "sessions": "mrr", "baskets": "recall"}


def trial(kind: Kind, known: Histories, asked: Histories, start: Longs, target: Ints, at: int) -> Trial:
    """The questions, by the rules of their kind."""
    return Trial(kind, known, asked, start, target, kind == "collaborative", at, CHOSEN_BY[kind])


def last_contacts(histories: Histories, at: int, each: int = 1) -> Trial:
    """next-item: the last contact of each history with at least two is asked for; what lies before may be learned from.

    Up to `each` of the last contacts, but no more than a tenth of a history, are asked for one after the other.
    """
    lengths = histories.lengths()
    out = _held_out(lengths, each)
    row = np.repeat(np.arange(len(histories)), out)
    place = lengths[row] - out[row] + _counted(out)
    known = histories.chosen(_counted(lengths) < (lengths - out)[histories.rows()])
    target = histories.item[histories.start[row] + place]
    return trial("next-item", known, _begun(histories, row, place), np.arange(len(row) + 1), target, at)


def last_baskets(histories: Histories, at: int, each: int = 1) -> Trial:
    """baskets: the contacts of the last instant are asked for, of people with two baskets or more; `each` as above."""
    when, rows = _when(histories), histories.rows()
    # A basket begins where the person or the instant changes.
    opens = np.flatnonzero(np.append(True, (np.diff(rows) > 0) | (np.diff(when) != 0))[: len(rows)])
    closes = np.append(opens[1:], len(rows)).astype(np.int64)
    baskets = np.bincount(rows[opens], minlength=len(histories))
    out = _held_out(baskets, each)
    held = np.flatnonzero(_counted(baskets) >= (baskets - out)[rows[opens]])
    known = histories.chosen(~np.repeat(np.isin(np.arange(len(opens)), held), closes - opens))
    row = rows[opens[held]]
    asked = _begun(histories, row, opens[held] - histories.start[row])
    places, start = places_of(np.append(opens, len(rows)).astype(np.int64), held)
    return trial("baskets", known, asked, start, histories.item[places], at)


def next_clicks(known: Histories, sessions: Histories, at: int, *, each: bool) -> Trial:
    """sessions: all before a click is the question, the click its target; `each` click from the second on, or the last.

    Sessions with fewer than two clicks ask nothing.
    """
    lengths = sessions.lengths()
    out = np.maximum(lengths - 1, 0) if each else np.minimum(lengths // 2, 1)
    row = np.repeat(np.arange(len(sessions)), out)
    place = lengths[row] - out[row] + _counted(out)
    target = sessions.item[sessions.start[row] + place]
    return trial("sessions", known, _begun(sessions, row, place), np.arange(len(row) + 1), target, at)


def _held_out(counts: Longs, each: int) -> Longs:
    """How many of the last are asked for: one of two or more, more of ten or more."""
    return np.where(counts >= 2, np.clip(counts // 10, 1, each), 0)


def _begun(histories: Histories, row: Longs, length: Longs) -> Histories:
    """The first `length` contacts of each of these histories."""
    places = np.repeat(histories.start[row], length) + _counted(length)
    start = np.concatenate([[0], np.cumsum(length)]).astype(np.int64)
    at = None if histories.at is None else histories.at[places]
    return replace(histories, start=start, item=histories.item[places], at=at)


def validated(test: Trial, seed: int = 0) -> Trial:
    """The same kind of questions, made of what `test` lets be learned from, and of nothing else."""
    each = min(MOST_EACH, -(-VALIDATED_ON // max(1, len(test))))
    if test.kind == "next-item":
        return last_contacts(test.known, test.at, each)
    if test.kind == "baskets":
        return last_baskets(test.known, test.at, each)
    if test.kind == "sessions":
        return _late_sessions(test.known, test.at)
    return _some_of_each(test.known, test.at, seed)


def _some_of_each(known: Histories, at: int, seed: int) -> Trial:
    """A share of some histories of three items or more, drawn; the histories were drawn so, too.

    As few people and as small a share as give enough questions: what is held out makes the data thinner than what will
    be fitted in the end, and thin data favours other settings and other retrievers (docs/why/120).
    """
    lengths, rows = known.lengths(), known.rows()
    rng = np.random.default_rng(seed)
    who = rng.permutation(np.flatnonzero(lengths >= 3))[:MOST_ASKED]
    share = _share(int(lengths[who].sum()))
    out = np.zeros(len(known), np.int64)
    out[who] = np.maximum(1, np.round(share * lengths[who]))
    # Drawn within each history: by chance first, then gathered by person.
    order = np.lexsort((rng.random(len(rows)), rows))
    held = np.zeros(len(rows), bool)
    held[order] = np.arange(len(rows)) - known.start[:-1][rows] < out[rows]
    kept, targets = known.chosen(~held), known.chosen(held)
    asked_rows = np.flatnonzero(out)
    start, target = gathered(targets.start, targets.item, asked_rows)
    return trial("collaborative", kept, histories_of_rows(kept, asked_rows), start, target, at)


def _late_sessions(known: Histories, at: int) -> Trial:
    """The last sessions ask, those before them may be learned from."""
    # Where sessions are many a tenth asks enough, and the rest may be learned from.
    share = _share(int(np.maximum(known.lengths() - 1, 0).sum()))
    begin = len(known) - max(1, round(share * len(known)))
    order = np.arange(len(known)) if known.at is None else np.argsort(_ends(known), kind="stable")
    early, late = np.sort(order[:begin]), np.sort(order[begin:])
    return next_clicks(histories_of_rows(known, early), histories_of_rows(known, late), at, each=True)


def _share(contacts: int) -> float:
    """How much of so many contacts is held out: enough to ask of, half of HELD_OUT at least."""
    return float(np.clip(VALIDATED_ON / max(1, contacts), HELD_OUT / 2, HELD_OUT))


def _ends(histories: Histories) -> NDArray[np.float32]:
    """When each history ended; an empty one at the very first."""
    assert histories.at is not None
    ends = np.zeros(len(histories), np.float32)
    filled = histories.lengths() > 0
    ends[filled] = histories.at[histories.start[1:][filled] - 1]
    return ends


def _when(histories: Histories) -> NDArray[np.float32]:
    if histories.at is None:
        raise ValueError("Baskets need the time of each contact: contacts of one basket share it.")
    return histories.at


def _counted(lengths: Longs) -> Longs:
    """0, 1, ... for each of the lengths, one behind the other."""
    counted: Longs = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return counted
