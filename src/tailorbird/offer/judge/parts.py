"""The measure that decides, by part: for whom is it how good? A mean over all hides who is served badly.

Parts are people by what is known of them (nothing, a little, much), and items that the known part never met: there only
such items count as targets, over the questions that want one.
"""

from dataclasses import dataclass

import numpy as np

from tailorbird.offer.judge.measures import by_question
from tailorbird.offer.judge.questions import Trial
from tailorbird.offer.judge.ranks import Doubles

LITTLE, SOME = 5, 20  # contacts
NEW_PEOPLE, NEW_ITEMS = "new people", "new items"


@dataclass(frozen=True)
class PartScore:
    """A part: how many questions, and the mean of the measure; 0 questions, 0."""

    name: str
    questions: int
    mean: float


def by_part(trial: Trial, ranks: Doubles) -> list[PartScore]:
    """The parts that any question belongs to. `ranks`: of each target."""
    measured = by_question(trial.start, ranks, trial.at)[trial.chosen_by]
    known = trial.asked.lengths()
    lengths = {
        NEW_PEOPLE: known == 0,
        f"1 to {LITTLE} contacts": (known > 0) & (known <= LITTLE),
        f"{LITTLE + 1} to {SOME} contacts": (known > LITTLE) & (known <= SOME),
        f"over {SOME} contacts": known > SOME,
    }
    parts = [PartScore(name, int(which.sum()), _mean(measured[which])) for name, which in lengths.items()]
    return [part for part in (*parts, _new_items(trial, ranks)) if part.questions]


def _new_items(trial: Trial, ranks: Doubles) -> PartScore:
    met = np.bincount(trial.known.item, minlength=trial.known.items) > 0
    # An item outside the catalogue is new to everybody; of the others those that no contact names.
    new = trial.target < 0
    new[~new] = ~met[trial.target[~new]]
    start = np.concatenate([[0], np.cumsum(new)])[trial.start].astype(np.int64)
    asking = np.diff(start) > 0
    measured = by_question(start, ranks[new], trial.at)[trial.chosen_by]
    return PartScore(NEW_ITEMS, int(asking.sum()), _mean(measured[asking]))


def _mean(values: Doubles) -> float:
    return float(values.mean()) if len(values) else 0.0
