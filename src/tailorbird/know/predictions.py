"""What models said of a person last, kept in the profile: so a page has it without a look at definitions.

Definitions read the same events by themselves (know/language/prediction.py), with the same fortnight.
"""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from tailorbird.events import DAY_MS
from tailorbird.know.profile import Prediction, Profile

FRESH_MS = 14 * DAY_MS  # an older word counts as none: nobody scores this person any more
# That a profile keeps: those that spoke last, as a definition that is changed names another model.
MODELS = 32


def foresee(profile: Profile, properties: Mapping[str, Any], at: int) -> None:
    """Take over what a 'Prediction Made' says, unless a later word of its model is known; malformed, it says nothing.

    >>> profile = Profile(b"p")
    >>> foresee(profile, {"model": "likely_to_leave('60 days')", "value": 0.25, "version": "1"}, 9)
    >>> foresee(profile, {"model": "likely_to_leave('60 days')", "value": 0.5, "version": "0"}, 5)
    >>> profile.predictions
    {"likely_to_leave('60 days')": Prediction(value=0.25, label='', version='1', at=9)}
    """
    model, value = properties.get("model"), properties.get("value")
    if not isinstance(model, str) or not isinstance(value, int | float) or isinstance(value, bool):
        return
    if not isfinite(value):
        return
    label, version = (given if isinstance(given := properties.get(name), str) else "" for name in ("label", "version"))
    keep(profile, model, Prediction(float(value), label, version, at))


def keep(profile: Profile, model: str, word: Prediction) -> None:
    """Take over this word unless a later one is known; of two at once the greater, whichever came first."""
    kept = profile.predictions
    known = kept.get(model)
    if known is not None and _order(word) <= _order(known):
        return
    kept[model] = word
    if len(kept) > MODELS:
        del kept[min(kept, key=lambda one: (_order(kept[one]), one))]


def is_fresh(word: Prediction, now: int) -> bool:
    """Whether a word still counts at `now` (ms)."""
    return now - word.at < FRESH_MS


def _order(word: Prediction) -> tuple[int, float, str, str]:
    return word.at, word.value, word.label, word.version
