"""From the lake to a model in force: read the contacts, leave out who did not consent, train, judge, promote."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.util import find_spec

import msgspec

from tailorbird.errors import Corrupt
from tailorbird.offer.hybrid.lesson import Teacher
from tailorbird.offer.recommend.lessons import AT
from tailorbird.offer.recommend.model import Manifest, Model
from tailorbird.offer.recommend.promotion import verdict
from tailorbird.offer.recommend.train import train
from tailorbird.offer.shelf import Shelf
from tailorbird.shell.engines import Engines
from tailorbird.shell.models import Models
from tailorbird.shell.training.lineage import lineage_of
from tailorbird.shell.training.reading import read
from tailorbird.shell.training.seen import read_seen
from tailorbird.shell.training.tuning import tuner

Say = Callable[[str], None]


@dataclass(frozen=True)
class Wish:
    """What a training is asked to do. The same data, seed and number of trials give the same model."""

    seed: int = 0
    trials: int = 0  # of tuning; 0: the settings as they come
    why: str = "asked for"


@dataclass(frozen=True)
class Trained:
    """What a training came to."""

    manifest: Manifest
    promoted: bool
    why: str  # one sentence: why it was promoted, or why not
    left_out: int  # people whose consent does not allow it


AS_IT_COMES = Wish()


def train_and_promote(engines: Engines, now: int, say: Say = lambda step: None, wish: Wish = AS_IT_COMES) -> Trained:
    """Train on the lake as it is, save the model, and let it serve if it is better: see offer/recommend/promotion.py.

    Raises StateUnavailable while the state is behind the lake: who has withdrawn consent could not be known.
    """
    began = time.monotonic()
    say("reading the lake")
    lines, left_out, number = read(engines, now)
    seen = read_seen(engines, number, int(lines.at.max(initial=0)) + 1)
    items = [item for _, item in engines.catalogue.changes(0) if item is not None]
    models = Models(engines.layout.models)
    champion = serving(models, say)
    lineage = msgspec.structs.replace(
        lineage_of(engines, lines, items, left_out, wish.why),
        seed=wish.seed,
        trials=wish.trials,
        parent=champion.manifest.version if champion else "",
    )
    choose = tuner(engines.layout.models / "tuning", lineage, say) if wish.trials else None
    # By the time of day in UTC, so names sort as they were trained; `free`, as a second one may come within a second.
    version = models.free(datetime.fromtimestamp(now / 1000, UTC).strftime("%Y%m%d-%H%M%S"))
    manifest = Manifest(version, trained_at=now, lineage=lineage)
    model = train(lines, Shelf(items), manifest, say, champion, choose, teacher(), seen)
    found = verdict(model.manifest, champion.manifest if champion else None)
    model = _noted(model, promoted=found.promoted, why=found.why, seconds=round(time.monotonic() - began, 1))
    # Saved though it may not serve: whoever asks why finds its report.
    models.save(model)
    if found.promoted:
        models.promote(version)
    return Trained(model.manifest, found.promoted, found.why, left_out)


def teacher() -> Teacher | None:
    """Who teaches the trees; None without the extra `recommend`."""
    if find_spec("lightgbm") is None:
        return None
    from tailorbird.shell.learning.lambdamart import Settings, lambdamart

    # A blend that is right but for details: small trees of many candidates each, or they learn the people by heart.
    settings = Settings(leaves=15, rate=0.05, least=200, at=AT)
    return lambda learn, stop, seed: lambdamart(learn, stop, seed, settings)


def serving(models: Models, say: Say = lambda step: None) -> Model | None:
    """The champion; None where nothing serves, or what does cannot be read, which is said."""
    current = models.current()
    try:
        return models.load(current) if current else None
    except Corrupt as error:
        say(f"the champion is left out: {error}")
        return None


def _noted(model: Model, *, promoted: bool, why: str, seconds: float) -> Model:
    manifest = msgspec.structs.replace(model.manifest, verdict=why, promoted=promoted, seconds=seconds)
    return replace(model, manifest=manifest)
