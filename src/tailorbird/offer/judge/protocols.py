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

from tailorbird.offer.judge.questions import Trial, gathered, histories_of_rows
from tailorbird.offer.retrievers.histories import Histories, Ints, Longs
from tailorbird.offer.retrievers.retriever import Kind

HELD_OUT = 0.2  # of each person's items, or of the sessions
CHOSEN_BY: dict[Kind, str] = {"collaborative": "ndcg", "next-item": "ndcg", "sessions": "mrr", "baskets": "recall"}


def trial(kind: Kind, known: Histories, asked: Histories, start: Longs, target: Ints, at: int) -> Trial:
    """The questions, by the rules of their kind."""
    return Trial(kind, known, asked, start, target, kind == "collaborative", at, CHOSEN_BY[kind])


def last_contacts(histories: Histories, at: int) -> Trial:
    """next-item: the last contact of each history with at least two is asked for; all others may be learned from."""
    tested = histories.lengths() >= 2
    keep = np.ones(len(histories.item), bool)
    keep[histories.start[1:][tested] - 1] = False
    known = histories.chosen(keep)
    rows = np.flatnonzero(tested)
    return trial(
        "next-item", known, histories_of_rows(known, rows), np.arange(len(rows) + 1), histories.item[~keep], at
    )


def last_baskets(histories: Histories, at: int) -> Trial:
    """baskets: the contacts of each person's last instant are asked for, of people with two baskets or more."""
    when, rows = _when(histories), histories.rows()
    filled = np.flatnonzero(histories.lengths())
    latest = np.full(len(histories), -np.inf, np.float32)
    latest[filled] = np.maximum.reduceat(when, histories.start[:-1][filled])
    before = when < latest[rows]
    tested = np.flatnonzero(np.bincount(rows[before], minlength=len(histories)))
    keep = before | ~np.isin(rows, tested)
    known = histories.chosen(keep)
    targets = histories.chosen(~keep)
    start, target = gathered(targets.start, targets.item, tested)
    return trial("baskets", known, histories_of_rows(known, tested), start, target, at)


def next_clicks(known: Histories, sessions: Histories, at: int, *, each: bool) -> Trial:
    """sessions: all before a click is the question, the click its target; `each` click from the second on, or the last.

    Sessions with fewer than two clicks ask nothing.
    """
    lengths = sessions.lengths()
    most = lengths - 1 if each else np.minimum(lengths - 1, 1)
    row = np.repeat(np.arange(len(sessions)), np.maximum(most, 0))
    first = np.concatenate([[0], np.cumsum(np.maximum(most, 0))[:-1]]).astype(np.int64)
    length = np.arange(len(row)) - first[row] + 1 if each else lengths[row] - 1
    places = np.repeat(sessions.start[row], length) + _counted(length)
    start = np.concatenate([[0], np.cumsum(length)]).astype(np.int64)
    at_times = None if sessions.at is None else sessions.at[places]
    asked = replace(sessions, start=start, item=sessions.item[places], at=at_times)
    target = sessions.item[sessions.start[row] + length]
    return trial("sessions", known, asked, np.arange(len(row) + 1), target, at)


def validated(test: Trial, seed: int = 0) -> Trial:
    """The same kind of questions, made of what `test` lets be learned from, and of nothing else."""
    if test.kind == "next-item":
        return last_contacts(test.known, test.at)
    if test.kind == "baskets":
        return last_baskets(test.known, test.at)
    if test.kind == "sessions":
        return _late_sessions(test.known, test.at)
    return _some_of_each(test.known, test.at, seed)


def _some_of_each(known: Histories, at: int, seed: int) -> Trial:
    """A share of each history of three items or more, drawn; the histories were drawn so, too."""
    lengths, rows = known.lengths(), known.rows()
    out = np.where(lengths >= 3, np.maximum(1, np.round(HELD_OUT * lengths)), 0).astype(np.int64)
    order = np.lexsort((np.random.default_rng(seed).random(len(rows)), rows))
    held = np.zeros(len(rows), bool)
    held[order] = np.arange(len(rows)) - known.start[:-1][rows] < out[rows]
    kept, targets = known.chosen(~held), known.chosen(held)
    asked_rows = np.flatnonzero(out)
    start, target = gathered(targets.start, targets.item, asked_rows)
    return trial("collaborative", kept, histories_of_rows(kept, asked_rows), start, target, at)


def _late_sessions(known: Histories, at: int) -> Trial:
    """The last sessions ask, those before them may be learned from."""
    begin = len(known) - max(1, round(HELD_OUT / 2 * len(known)))
    order = np.arange(len(known)) if known.at is None else np.argsort(_ends(known), kind="stable")
    early, late = np.sort(order[:begin]), np.sort(order[begin:])
    return next_clicks(histories_of_rows(known, early), histories_of_rows(known, late), at, each=True)


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
