"""Progressive profiling: a placement that asks for the one missing answer worth most, instead of showing items.

about_you:
  recipe: ask
  title: One question
  ask:
    household_size: {text: "How many are you at home?", options: ["1", "2", "3", "4", "5+"], weight: 2}
    kids_count: {text: "How many children?", options: ["0", "1", "2", "3+"]}
"""

from collections.abc import Mapping

import msgspec

from tailorbird.events import DAY_MS, Question
from tailorbird.know.completeness import Completeness, completeness
from tailorbird.know.confidence import confidences
from tailorbird.know.profile import Profile

SKIPPED = "Question Skipped"  # the event of somebody who does not want to say
SURE = 0.5  # what is at least so sure is not asked again
Answer = str | int | float | bool


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a site asks for one trait."""

    text: str
    options: tuple[Answer, ...]
    weight: float = 1.0  # how much knowing it is worth
    skip: str = "Not now"  # the button of who does not want to say


Questions = Mapping[str, Wanted]  # by trait


def next_question(questions: Questions, profile: Profile | None, now: int, again_days: float) -> Question | None:
    """The question whose answer would complete the profile most; None if all is known, or if they said "not now"
    within `again_days`.

    >>> questions = {"pets": Wanted("Any pets?", ("yes", "no")), "kids": Wanted("Kids?", ("yes", "no"), weight=2)}
    >>> next_question(questions, None, now=0, again_days=30).trait
    'kids'
    """
    if profile is not None and _lately_skipped(profile, now, again_days):
        return None
    # Confidence fades with time: what was said years ago is asked again.
    sure = confidences(profile, now)
    for gain in completeness(sure, {trait: question.weight for trait, question in questions.items()}).missing:
        if sure.get(gain.trait, 0.0) < SURE:
            question = questions[gain.trait]
            return Question(gain.trait, question.text, list(question.options), question.skip)
    return None


def complete(questions: Questions, profile: Profile | None, now: int) -> Completeness:
    """How complete a profile is, by all that a site asks."""
    return completeness(confidences(profile, now), {trait: question.weight for trait, question in questions.items()})


def _lately_skipped(profile: Profile, now: int, again_days: float) -> bool:
    skipped = profile.counters.get(SKIPPED)
    return skipped is not None and now - skipped.last_at < again_days * DAY_MS
