"""What the models in use say of everyone now: one question to the lake for all of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tailorbird.know.cluster.drift import DRIFTED, psi, shares_of
from tailorbird.know.predict.question import Question
from tailorbird.shell.engines import Engines
from tailorbird.shell.predicting.categories import best_of, groups_of, pairs_at, values_of
from tailorbird.shell.predicting.features import alone, rows_at
from tailorbird.shell.predicting.model import Manifest, Model
from tailorbird.shell.predicting.registry import Look, registry
from tailorbird.shell.predicting.saying import Told, last_words, news, send
from tailorbird.shell.predicting.table import Latest, World, allowed_of, ask_world

Matrix = NDArray[np.float64]
Serving = Mapping[Question, Model]


class Scored(NamedTuple):
    """What one model says of everyone who fits, at one instant, and the features by which it does."""

    told: dict[bytes, Told]
    values: Matrix
    named: Mapping[bytes, str]


def scored(engines: Engines, world: World, serving: Serving, latest: Latest) -> dict[Question, Scored]:
    """What each model says of everyone who fits its question and whose consent allows it."""
    found = {one: _categories(engines, world, model, latest) for one, model in serving.items() if not one.outcome}
    people = {one: model for one, model in serving.items() if one.outcome}
    return found | (_people(engines, world, people, latest) if people else {})


def _people(engines: Engines, world: World, serving: Serving, latest: Latest) -> dict[Question, Scored]:
    questions = list(serving)
    asked = ask_world(world, questions)
    features = list(dict.fromkeys(name for model in serving.values() for name in model.manifest.features))
    columns = [*features, *(f"about_{one.slug}" for one in questions)]
    rows = latest.people(columns)
    if rows is None:
        # One question for all models: most of what they ask for is the same.
        rows = rows_at(engines.lake, alone(asked, columns), [world.until - 1], world.baseline)
    named = allowed_of(engines, world, set(rows.people))
    willing = np.array([person in named for person in rows.people], bool)
    found = {}
    for place, (one, model) in enumerate(serving.items()):
        fits = np.flatnonzero(willing & (rows.values[:, len(features) + place] == 1))
        values = rows.values[np.ix_(fits, [features.index(name) for name in model.manifest.features])]
        said = model.says(values).tolist() if len(fits) else []
        told = {rows.people[row]: Told(value) for row, value in zip(fits.tolist(), said, strict=True)}
        found[one] = Scored(told, values, named)
    return found


def _categories(engines: Engines, world: World, model: Model, latest: Latest) -> Scored:
    """Of everyone who ordered within a year the category that is told most."""
    rows = latest.pairs or list(pairs_at(engines.lake, [world.until]))
    named = allowed_of(engines, world, {bytes(row["person"]) for row in rows})
    rows = [row for row in rows if bytes(row["person"]) in named]
    values = values_of(rows)
    if not rows:
        return Scored({}, values, named)
    said = model.says(values)
    best = best_of(groups_of(rows), said).tolist()
    told = {bytes(rows[row]["person"]): Told(float(said[row]), str(rows[row]["category"])) for row in best}
    return Scored(told, values, named)


def say_what_changed(
    engines: Engines, question: Question, manifest: Manifest, found: Scored, clock: Callable[[], int]
) -> Look:
    """Append what is news as events, and note what the scoring came to."""
    now = clock()
    last = last_words(engines.lake, question.model)
    calls = news(question, manifest.version, found.told, found.named, last, manifest.usual, now)
    sent = send(engines, calls, clock)
    values = [one.value for one in found.told.values()]
    drifts = _drifts(manifest, found.values)
    look = Look(
        at=now,
        version=manifest.version,
        people=len(values),
        said=sent,
        mean=round(float(np.mean(values)), 4) if values else 0.0,
        psi=drifts,
        drifted=[name for name, drift in drifts.items() if drift > DRIFTED],
    )
    registry(engines.layout, question).look(look)
    return look


def _drifts(manifest: Manifest, values: Matrix) -> dict[str, float]:
    if not len(values):
        return {}
    parts: Sequence[tuple[str, Matrix, list[float], list[float]]] = list(
        zip(manifest.features, values.T, manifest.edges, manifest.shares, strict=True)
    )
    return {name: round(psi(then, shares_of(now, np.array(edges))), 4) for name, now, edges, then in parts}
