"""The lines of the report: one JSON object a model, with all that one must know to read its figures."""

from typing import Any

from tailorbird.offer.hybrid.tools import Cost
from tailorbird.offer.judge.asking import Answers
from tailorbird.offer.judge.breadth import around, by_list, means_where, overall
from tailorbird.offer.judge.measures import Doubles, interval, means
from tailorbird.offer.judge.parts import by_part
from tailorbird.offer.judge.questions import Trial

SHOWN = {
    "collaborative": ("recall", "ndcg"),
    "next-item": ("recall", "ndcg", "mrr"),
    "sessions": ("hr", "mrr"),
    "baskets": ("recall", "ndcg", "hr"),
}
VALIDATION = "chosen on a part of train; in the final fit"


def line(
    trial: Trial, model: str, measured: dict[str, Doubles], costs: dict[str, Cost], said: Answers | None = None,
    **more: Any,
) -> dict[str, Any]:  # fmt: skip
    """The measures of the protocol with the interval of the one that decides, costs, and the rules that held.

    Of what was said to every question also what the lists are like, and the measure that decides by part.
    """
    all_means = means(measured)
    low, high = interval(measured[trial.chosen_by])
    return {
        "protocol": trial.kind,
        "model": model,
        **{f"{name}@{trial.at}": round(all_means[name], 5) for name in SHOWN[trial.kind]},
        f"{trial.chosen_by}@{trial.at} 95%": [round(low, 5), round(high, 5)],
        "seconds": {step: round(one.seconds, 2) for step, one in costs.items()},
        "peak_mb": round(max((one.peak_mb for one in costs.values()), default=0.0)),
        "people": len(measured[trial.chosen_by]),
        "items": trial.known.items,
        **({} if said is None else _looked_into(trial, said)),
        **rules(trial),
        **more,
    }


def _looked_into(trial: Trial, said: Answers) -> dict[str, Any]:
    beside = around(trial)
    broad = overall(said.best, trial.target, beside) | means_where(by_list(said.best, beside))
    measure = f"{trial.chosen_by}@{trial.at}"
    parts = {one.name: {"questions": one.questions, measure: round(one.mean, 5)} for one in by_part(trial, said.ranks)}
    return {"lists": {name: round(value, 5) for name, value in broad.items()}, "parts": parts}


def rules(trial: Trial) -> dict[str, Any]:
    """How it was counted."""
    return {"masked": trial.masked, "ties": "mid-rank", "candidates": "all items", "validation": VALIDATION}
