"""Searching for better settings and weights with Optuna, on the validation part only (extra `recommend`).

Trials are kept in DIR/models/tuning, a study for each data, code and seed, so a search that was killed goes on where it
was. The trial of a number depends on those before it and on nothing else: killed or not, the same trials come out. The
first one is the settings as they come with the weights of a coordinate search, so a tuned model is never worse than an
untuned one on the validation part. TPE: Bergstra et al., "Algorithms for Hyper-Parameter Optimization", NeurIPS 2011.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from tailorbird.errors import BadRequest, Corrupt, MissingExtra
from tailorbird.offer.recommend.choosing import Bench, Choose, Chosen
from tailorbird.offer.recommend.lineage import Lineage
from tailorbird.offer.recommend.model import Weights
from tailorbird.offer.recommend.settings import Nearness, Settings

MOST_TRIALS = 10_000
PATIENCE = 40  # trials without a better one: then it stops early
KEPT = 3  # studies
# name -> (lowest, highest, whether in powers)
SPACE: dict[str, tuple[float, float, bool]] = {
    "neighbours": (20, 100, False),
    "own_power": (0.2, 1.0, False),
    "other_power": (0.0, 0.8, False),
    "size_power": (0.0, 1.0, False),
    "shrink": (1.0, 300.0, True),
    "lasting_days": (5.0, 365.0, True),
    "recent_days": (0.5, 21.0, True),
    "item": (0.001, 2.0, True),
    "segment": (0.001, 0.5, True),
    "popular": (0.002, 0.5, True),
    "trending": (0.0005, 0.2, True),
    "half_life_days": (0.01, 365.0, True),
}
_NEARNESS = ("neighbours", "own_power", "other_power", "size_power", "shrink")
_WEIGHTS = ("item", "segment", "popular", "trending", "half_life_days")
Say = Callable[[str], None]
Parameters = dict[str, Any]


def tuner(folder: Path, lineage: Lineage, say: Say) -> Choose:
    """What `train` chooses with: `lineage.trials` trials, kept below `folder`. Raises MissingExtra, BadRequest."""
    if not 0 < lineage.trials <= MOST_TRIALS:
        raise BadRequest(f"--tune {lineage.trials}: give a number of trials from 1 to {MOST_TRIALS:,}, such as 50.")
    optuna()
    return lambda bench: _search(_study(folder, lineage), bench, lineage, say)


def optuna() -> Any:
    """The library; raises MissingExtra where it is not installed."""
    try:
        import optuna as found
    except ImportError:
        raise MissingExtra("Tuning", "recommend") from None
    found.logging.set_verbosity(found.logging.ERROR)
    return found


def _study(folder: Path, lineage: Lineage) -> Any:
    key = hashlib.sha256(f"{lineage.data.fingerprint} {lineage.code} {lineage.seed}".encode()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{key}.db"
    # Studies of data that are gone can never be gone on with.
    for old in sorted(folder.glob("*.db"), key=lambda one: one.stat().st_mtime)[:-KEPT]:
        if old != path:
            old.unlink(missing_ok=True)
    library = optuna()
    try:
        storage = library.storages.RDBStorage(f"sqlite:///{path.resolve()}")
        return library.create_study(study_name=key, storage=storage, direction="maximize", load_if_exists=True)
    except Exception as error:  # what a damaged file makes SQLAlchemy raise is not one kind
        raise Corrupt(f"{path} cannot be read ({type(error).__name__}). Delete it, and tune anew.") from None


def _search(study: Any, bench: Bench, lineage: Lineage, say: Say) -> Chosen:
    library = optuna()
    spread = _distributions(library)
    _end_killed(study, library)
    done = _done(study)
    while len(done) < lineage.trials and not _tired(done):
        say(f"trial {len(done) + 1} of {lineage.trials}, best NDCG@20 on validation {_best(done)}")
        if not done:
            first = _as_it_comes(bench)
            score = _score(bench, first)
            study.add_trial(library.trial.create_trial(params=first, distributions=spread, value=score))
        else:
            # A seed for each, so that it does not matter which of them were drawn before a restart.
            study.sampler = library.samplers.TPESampler(seed=lineage.seed * MOST_TRIALS + len(done))
            trial = study.ask(spread)
            study.tell(trial, _score(bench, trial.params))
        done = _done(study)
    # A study may hold more: asked for 50 after 80, the answer is that of the first 50, as without a history.
    done = done[: lineage.trials]
    settings, weights = recipe(max(done, key=lambda trial: trial.value).params)
    return Chosen(settings, bench.finished(bench.model(settings), weights), len(done))


def _end_killed(study: Any, library: Any) -> None:
    """A trial that was under way when it was killed has failed: the sampler would keep away from where it was."""
    for trial in study.get_trials(deepcopy=False):
        if not trial.state.is_finished():
            study.tell(trial.number, state=library.trial.TrialState.FAIL)


def _done(study: Any) -> list[Any]:
    """The finished trials in their order."""
    return [trial for trial in study.get_trials(deepcopy=False) if trial.state.name == "COMPLETE"]


def _tired(done: list[Any]) -> bool:
    """Whether none of the last trials was better than all before them."""
    if len(done) <= PATIENCE:
        return False
    values = [trial.value for trial in done]
    return max(values[-PATIENCE:]) <= max(values[:-PATIENCE])


def _best(done: list[Any]) -> str:
    return f"{max(trial.value for trial in done):.4f}" if done else "not known yet"


def _distributions(library: Any) -> dict[str, Any]:
    spread = library.distributions
    return {
        name: spread.IntDistribution(int(low), int(high), step=20)
        if name == "neighbours"
        else spread.FloatDistribution(low, high, log=powers)
        for name, (low, high, powers) in SPACE.items()
    }


def _as_it_comes(bench: Bench) -> Parameters:
    settings = Settings()
    weights = bench.weighed(bench.plain)
    known = {
        **msgspec.structs.asdict(settings),
        **msgspec.structs.asdict(settings.nearness),
        **msgspec.structs.asdict(weights),
    }
    return {name: known[name] for name in SPACE}


def _score(bench: Bench, parameters: Parameters) -> float:
    settings, weights = recipe(parameters)
    return bench.score(bench.model(settings), weights)


def recipe(parameters: Parameters) -> tuple[Settings, Weights]:
    """Settings and weights of one trial.

    >>> settings, weights = recipe({name: low for name, (low, _, _) in SPACE.items()})
    >>> settings.nearness.neighbours, weights.again, weights.item
    (20, 1.0, 0.001)
    """
    nearness = Nearness(**{name: parameters[name] for name in _NEARNESS})
    settings = Settings(nearness, parameters["lasting_days"], parameters["recent_days"])
    return settings, Weights(again=1.0, **{name: parameters[name] for name in _WEIGHTS})
