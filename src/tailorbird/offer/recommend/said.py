"""What was said of people and where they stood, by time: predictions and segments, as features of the ranker.

    prediction likely('Order Completed', '14 days')    the model's last word before the moment, NaN where there is none
                                                       or it is a fortnight old; of a model that tells a category, only
                                                       for candidates in that category, 0 for others
    in vip                                             1 for who is in the segment, else 0

A request reads both from the person as they are; training, for a moment of the past, from the words that were said by
then. Both come to `columns`, so that what trees learn from is what they are asked with.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

from tailorbird.know.predictions import is_fresh
from tailorbird.know.profile import Prediction

PREDICTION, SEGMENT = "prediction ", "in "
MOST = 64  # features of this kind
Predictions = Mapping[str, Prediction]


@dataclass(frozen=True)
class Said:
    """w words by (person, at); `names` are features: of a segment a word is 1, entered, or 0, left."""

    names: tuple[str, ...]
    start: NDArray[np.int64]  # p + 1: where each person's words begin
    at: NDArray[np.int64]  # w, ms
    name: NDArray[np.int32]  # w, of `names`
    value: NDArray[np.float64]  # w
    label: Sequence[str]  # w; "" for none

    @staticmethod
    def of(people: int, words: Sequence[tuple[int, int, str, float, str]]) -> "Said":
        """From (person, at, name, value, label) in any order; of two words at one instant the later one holds.

        >>> said = Said.of(2, [(1, 5, "in vip", 1.0, ""), (1, 9, "in vip", 0.0, "")])
        >>> said.at_moment(1, 9), said.at_moment(1, 10), said.at_moment(0, 10)
        (({}, frozenset({'vip'})), ({}, frozenset()), ({}, frozenset()))
        """
        # By person and time alone: of two words at one instant the order stays in which they were given.
        ordered = sorted(words, key=lambda word: word[:2])
        met = Counter(word[2] for word in ordered)
        # Few models predict; of segments those that say something of many people.
        names = sorted(sorted(met, key=lambda name: (not name.startswith(PREDICTION), -met[name], name))[:MOST])
        number = {name: place for place, name in enumerate(names)}
        kept = [word for word in ordered if word[2] in number]
        person = np.array([word[0] for word in kept], np.int64)
        return Said(
            tuple(names),
            np.searchsorted(person, np.arange(people + 1)),
            np.array([word[1] for word in kept], np.int64),
            np.array([number[word[2]] for word in kept], np.int32),
            np.array([word[3] for word in kept], np.float64),
            [word[4] for word in kept],
        )

    def at_moment(self, person: int, now: int) -> tuple[dict[str, Prediction], frozenset[str]]:
        """What had been said of the person before `now` (ms), by model, and the segments they were in."""
        if not self.names:
            return {}, frozenset()
        first, end = int(self.start[person]), int(self.start[person + 1])
        # Strictly before: a word of the moment itself may have been said because of what is asked for.
        last: dict[int, int] = {int(self.name[row]): row for row in range(first, end) if self.at[row] < now}
        predictions: dict[str, Prediction] = {}
        segments = set()
        for name, row in last.items():
            text = self.names[name]
            if text.startswith(PREDICTION):
                word = Prediction(float(self.value[row]), self.label[row], "", int(self.at[row]))
                predictions[text.removeprefix(PREDICTION)] = word
            elif self.value[row]:
                segments.add(text.removeprefix(SEGMENT))
        return predictions, frozenset(segments)


NOTHING_SAID = Said.of(0, [])


def columns(
    names: Sequence[str], predictions: Predictions, segments: frozenset[str], now: int, category: NDArray[np.int32],
    codes: Mapping[str, int],
) -> NDArray[np.float32]:  # fmt: skip
    """A row for each name and a column for each candidate; `category` is theirs, numbered as in `codes`.

    >>> words = {"next_category()": Prediction(0.6, "tea", "", 5)}
    >>> columns(["prediction next_category()", "in vip"], words, frozenset({"vip"}), 6, np.array([0, 1]), {"tea": 1})
    array([[0. , 0.6],
           [1. , 1. ]], dtype=float32)
    """
    words = [_word(name, predictions, segments, now) for name in names]
    found = np.empty((len(names), len(category)), np.float32)
    found[:] = np.array([[value] for value, _ in words], np.float32)
    for row, (_, label) in enumerate(words):
        if label:
            # -2 is no category: a label that the shelf does not have fits nobody, also not those of category -1.
            found[row, category != codes.get(label, -2)] = 0.0
    return found


def _word(name: str, predictions: Predictions, segments: frozenset[str], now: int) -> tuple[float, str]:
    """What a feature is, and the category that it is told of, "" for all."""
    if name.startswith(SEGMENT):
        return float(name[len(SEGMENT) :] in segments), ""
    word = predictions.get(name[len(PREDICTION) :])
    return (word.value, word.label) if word is not None and is_fresh(word, now) else (nan, "")
