"""A table of the past -> a model, held against what anybody could say. The same table and seed give the same model."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tailorbird import __version__
from tailorbird.errors import BadRequest
from tailorbird.events import DAY_MS
from tailorbird.know.cluster.drift import edges_of, shares_of
from tailorbird.know.predict.baseline import Rule, rule_of
from tailorbird.know.predict.calibration import Calibration, calibrated
from tailorbird.know.predict.quality import Gain, auc, gain, lift_at, off, reliability
from tailorbird.know.predict.question import Question
from tailorbird.offer.forest.forest import Forest
from tailorbird.shell.predicting.categories import RULE, best_of
from tailorbird.shell.predicting.model import LEAST_AMOUNT, Amount, Manifest, Measures, Model, Serves, scores_of
from tailorbird.shell.predicting.table import Table, World
from tailorbird.shell.predicting.trees import grow

Matrix = NDArray[np.float64]
LEAST = 50  # people who did it, and who did not, in training and in test


class Fitted(NamedTuple):
    """Trees and baseline, fitted on some cuts and calibrated on a later one."""

    chance: Forest
    calibration: Calibration
    rule: Rule
    mean: float
    amount: Amount | None = None


def train(question: Question, table: Table, world: World, version: str, now: int, seed: int = 0) -> Model:
    """The model of a question. Raises BadRequest where too few people did it, or too few did not."""
    cuts = table.cuts
    _check(question, table)
    amount = question.function == "expected_value"
    since = _since(question, table.names)
    # In time, never by people: trained on the first cuts, calibrated on a later one, tested on the last.
    tested = _fit(table, cuts.train, cuts.calibrate, since, amount, seed)
    test = table.at(cuts.test)
    values, outcome = table.values[test], table.outcome[test]
    said: dict[Serves, Matrix] = {
        "trees": _says(tested, values, since),
        "rule": tested.rule(values[:, since]),
        "everyone": _everyone(table, values, tested.mean),
    }
    judged = {name: _judged(table, test, one, outcome) for name, one in said.items()}
    # Beyond noise: trees that are as good as one feature alone only add what nobody understands.
    serves, because, more = chosen({name: one.losses for name, one in judged.items()})
    # What serves has learned one step more than what was tested, by the same procedure.
    final = _fit(table, (*cuts.train, cuts.calibrate), cuts.test, since, amount, seed)
    manifest = Manifest(
        version=version,
        model=question.model,
        trained_at=now,
        data_until=world.until,
        code=__version__,
        definitions=world.version,
        seed=seed,
        cuts=[day * DAY_MS for day in cuts.days],
        features=table.names,
        texts=dict(table.texts),
        site=table.site,
        rows=len(table.values),
        people=len(set(table.people)),
        left_out=table.left_out,
        rate=float(judged[serves].outcome.mean()),
        serves=serves,
        because=because,
        rule=table.names[since],
        measures={name: measured(one) for name, one in judged.items()},
        gain=more.mean,
        gain_half=more.half,
        curve=reliability(judged[serves].said, judged[serves].outcome),
        importance=importance(final.chance, table.names),
        edges=[edges_of(column).tolist() for column in values.T],
        shares=[shares_of(column, edges_of(column)).tolist() for column in values.T],
        usual=final.mean,
    )
    return Model(manifest, final.chance, final.calibration, final.rule, since, final.amount)


def chosen(losses: dict[Serves, Matrix]) -> tuple[Serves, str, Gain]:
    """What serves, why, and how much better the trees are than the best that is simpler; by each one's losses."""
    best: Serves = min(("rule", "everyone"), key=lambda name: float(losses[name].mean()))
    more = gain(losses["trees"], losses[best])
    if more.is_real:
        return "trees", f"better than {_NAMES[best]}, beyond noise", more
    simple: Serves = "rule" if gain(losses["rule"], losses["everyone"]).is_real else "everyone"
    return simple, f"the trees are not better than {_NAMES[best]} beyond noise, so {_NAMES[simple]} serves", more


_NAMES = {"rule": "one feature alone", "everyone": "the mean of everyone"}


class Judged(NamedTuple):
    """What was said of each person of the test, what came, and what it cost."""

    said: Matrix
    outcome: Matrix
    losses: Matrix


def _judged(table: Table, test: NDArray[np.bool_], said: Matrix, outcome: Matrix) -> Judged:
    """Of a person's categories only the one that is told most is said; it costs 1 if it does not come."""
    if table.groups is None:
        return Judged(said, outcome, (said - outcome) ** 2)
    rows = np.flatnonzero(test)
    best = best_of(table.groups[np.isin(table.groups, rows)] - rows[0], said)
    return Judged(said[best], outcome[best], 1 - outcome[best])


def measured(judged: Judged) -> Measures:
    """All figures of one way to say it, on the test."""
    said, outcome, losses = judged
    whole = float(outcome.sum())
    return Measures(
        loss=round(float(losses.mean()), 12),
        auc=auc(said, (outcome > 0).astype(np.float64)),
        lift=lift_at(said, outcome),
        off=off(reliability(said, outcome)),
        total=float(said.sum()) / whole if whole else 1.0,
    )


def importance(forest: Forest, names: Sequence[str]) -> dict[str, float]:
    """The share of splits at each feature, the most first."""
    counts, splits = Counter(forest.feature.tolist()), max(len(forest.feature), 1)
    return {names[place]: round(count / splits, 4) for place, count in counts.most_common()}


def _fit(table: Table, train: Sequence[int], calibrate: int, since: int, amount: bool, seed: int) -> Fitted:
    learned, held = table.at(*train), table.at(calibrate)
    values, outcome = table.values[learned], table.outcome[learned]
    did = (outcome > 0).astype(np.float64)
    chance = grow(table.names, values, did, "chance", seed)
    # On people whom the trees have not learned from: on their own they would look too sure.
    curve = calibrated(scores_of(chance, table.values[held]), (table.outcome[held] > 0).astype(np.float64))
    both = learned | held
    rule = rule_of(table.values[both][:, since], table.outcome[both])
    mean = float(table.outcome[both].mean())
    fitted = Fitted(chance, curve, rule, mean)
    if not amount:
        return fitted
    fitted = fitted._replace(amount=_amount(table.names, values, outcome, since, seed))
    said = float(_says(fitted, table.values[held], since).sum())
    # So that what is said of all adds up to what came of all, whatever the trees' factor does to the mean.
    scale = float(table.outcome[held].sum()) / said if said else 1.0
    return fitted._replace(amount=fitted.amount._replace(scale=scale) if fitted.amount else None)


def _amount(names: Sequence[str], values: Matrix, outcome: Matrix, since: int, seed: int) -> Amount:
    """Of those who spent something: a rule of thumb, and trees for the factor by which it is wrong.

    The gamma deviance of y around level * factor is that of y / level around factor, so no library needs an offset.
    """
    spent = outcome > 0
    level = rule_of(values[spent, since], outcome[spent])
    usual = np.maximum(level(values[spent, since]), LEAST_AMOUNT)
    return Amount(level, grow(names, values[spent], outcome[spent] / usual, "amount", seed))


def _says(fitted: Fitted, values: Matrix, since: int) -> Matrix:
    chance = fitted.calibration(scores_of(fitted.chance, values))
    return chance if fitted.amount is None else chance * fitted.amount(values[:, since], values)


def _everyone(table: Table, values: Matrix, mean: float) -> Matrix:
    """The same of all; of categories how popular they are."""
    return np.full(len(values), mean) if table.groups is None else values[:, table.names.index("popularity")]


def _since(question: Question, names: Sequence[str]) -> int:
    """The column that the rule of thumb goes by: how long ago they did it last, or what they spent lately."""
    own = f"own_{question.slug}_since"
    if question.function == "next_category":
        return list(names).index(RULE)
    if question.function == "expected_value":
        return list(names).index("revenue_90d")
    usual = "days_since_visit" if question.event == "session" else "days_since_order"
    return list(names).index(own if own in names else usual)


def _check(question: Question, table: Table) -> None:
    for part, days in (("to learn from", table.cuts.train), ("to be tested on", (table.cuts.test,))):
        outcome = table.outcome[table.at(*days)] > 0
        did, others = int(outcome.sum()), int((~outcome).sum())
        if did < LEAST or (others < LEAST and question.function != "expected_value"):
            raise BadRequest(
                f"{question.model} has {did} people {part} of whom it is true and {others} of whom it is not; "
                f"it needs {LEAST} of each. Wait for more people, or take another span."
            )
