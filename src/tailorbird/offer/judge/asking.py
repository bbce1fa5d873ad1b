"""Asking: a retriever answers the questions of a trial in blocks that fit into memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tailorbird.offer.judge.measures import by_question, means
from tailorbird.offer.judge.questions import Trial
from tailorbird.offer.judge.ranks import Doubles, ranked
from tailorbird.offer.retrievers.histories import Ints
from tailorbird.offer.retrievers.retriever import Judge, Retriever

BLOCK = 16_000_000  # scores at once: 64 MB


@dataclass(frozen=True)
class Answers:
    """What one retriever said."""

    best: Ints  # p x at: the lists, -1 behind the last
    ranks: Doubles  # of each target

    def measured(self, trial: Trial) -> dict[str, Doubles]:
        """Each measure of each question."""
        return by_question(trial.start, self.ranks, trial.at)


def behind_each_other(parts: Sequence[Answers]) -> Answers:
    """The answers to questions that follow each other."""
    return Answers(np.concatenate([one.best for one in parts]), np.concatenate([one.ranks for one in parts]))


def blocks(trial: Trial, scores_at_once: int = BLOCK) -> Iterator[Trial]:
    """The questions in parts of which the dense scores hold no more numbers than that, but at least one."""
    size = max(1, min(512, scores_at_once // max(1, trial.asked.items)))
    for begin in range(0, max(1, len(trial)), size):  # nobody asking is one part without questions
        yield trial.part(begin, min(begin + size, len(trial)))


def asked(retriever: Retriever, trial: Trial, width: int = 0) -> Answers:
    """Lists of `width` (else as long as the trial's) and the ranks of the targets."""
    width = width or trial.at
    found = [ranked(retriever.scores(part.asked), part, width) for part in blocks(trial)]
    if not found:
        return Answers(np.zeros((0, width), np.int32), np.zeros(0))
    return Answers(np.concatenate([best for best, _ in found]), np.concatenate([ranks for _, ranks in found]))


def quality(retriever: Retriever, trial: Trial) -> float:
    """The mean of the measure that decides."""
    return means(asked(retriever, trial).measured(trial))[trial.chosen_by]


def judge_of(trial: Trial) -> Judge:
    """A judge that asks these questions."""
    return lambda retriever: quality(retriever, trial)
