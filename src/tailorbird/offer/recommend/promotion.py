"""Whether a newly trained model may serve: only if it does better beyond noise, or as well and knows more recent days.

Decided by NDCG@20 on test moments that neither model has learned from (docs/why/108):

    nothing learned                           no
    below popularity                          no
    less than half of the champion's contacts no: something is missing from the data
    nothing serves yet                        yes
    better beyond noise                       yes
    worse beyond noise                        no
    within noise                              yes where it learned from later data, and is not lower by 2 % or more
"""

from typing import NamedTuple

from tailorbird.offer.recommend.measured import EVERYONE, Difference
from tailorbird.offer.recommend.model import Manifest

MEASURE = "ndcg@20"
CREEP = 0.02  # so that a row of trainings, each a little worse within noise, cannot lead down
MISSING = 0.5


class Verdict(NamedTuple):
    """Whether it may serve, and why or why not, in one sentence."""

    promoted: bool
    why: str


def verdict(new: Manifest, champion: Manifest | None) -> Verdict:
    """Over a model just trained, with its report; `champion`: what serves, None where nothing does.

    >>> verdict(Manifest("1"), None)
    Verdict(promoted=False, why='nothing was done by anybody yet, so there is nothing to learn')
    """
    if not new.interactions:
        return Verdict(False, "nothing was done by anybody yet, so there is nothing to learn")
    scores = {line["model"]: line[MEASURE] for line in new.evaluation}
    blend, popular = scores.get("blend", 0.0), scores.get("popular", 0.0)
    # Before all else, also for the first model: a blend below popularity has learned nothing that is worth serving.
    if blend < popular:
        return Verdict(False, f"its NDCG@20 of {blend:.4f} is below that of popularity, {popular:.4f}")
    if champion is None or not champion.interactions:
        return Verdict(True, f"its NDCG@20 is {blend:.4f}, that of popularity {popular:.4f}, and nothing served before")
    if new.interactions < MISSING * champion.interactions:
        return Verdict(False, f"it learned from {new.interactions:,} contacts, the champion from "
                              f"{champion.interactions:,}: is something missing from the lake?")  # fmt: skip
    return _beside(new, champion)


def _beside(new: Manifest, champion: Manifest) -> Verdict:
    everyone = new.report.part(EVERYONE)
    apart = everyone.against.get("champion", {}).get(MEASURE) if everyone else None
    apart = apart or Difference(0.0)
    beside = f"NDCG@20 {_signed(apart)} beside the champion"
    if apart.better:
        return Verdict(True, f"better beyond noise: {beside}")
    if apart.worse:
        return Verdict(False, f"worse beyond noise: {beside}")
    # As good as it and no fresher: a change would win nothing.
    if new.lineage.data.until <= champion.lineage.data.until:
        return Verdict(False, f"as good within noise ({beside}), and it knows nothing later")
    held = everyone.scores["champion"].get(MEASURE, 0.0) if everyone and "champion" in everyone.scores else 0.0
    if apart.value < -CREEP * held:
        return Verdict(False, f"no better within noise ({beside}), and lower by more than {CREEP:.0%}")
    return Verdict(True, f"as good within noise ({beside}), and it knows later days")


def _signed(apart: Difference) -> str:
    """
    >>> _signed(Difference(0.01, -0.002, 0.03)), _signed(Difference(0.01))
    ('+0.0100 [-0.0020, +0.0300]', '+0.0100 [too few people for an interval]')
    """
    if apart.low is None or apart.high is None:
        return f"{apart.value:+.4f} [too few people for an interval]"
    return f"{apart.value:+.4f} [{apart.low:+.4f}, {apart.high:+.4f}]"
