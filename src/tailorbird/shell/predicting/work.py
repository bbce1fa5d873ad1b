"""Training and scoring the models that definitions in force ask for; each ends in events."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from tailorbird.errors import BadRequest, Corrupt
from tailorbird.events import DAY_MS
from tailorbird.know.predict.question import Question
from tailorbird.shell.engines import Engines
from tailorbird.shell.predicting.model import Manifest, Model
from tailorbird.shell.predicting.registry import Look, registry
from tailorbird.shell.predicting.scoring import say_what_changed, scored
from tailorbird.shell.predicting.table import Latest, World, cuts_for, tables_of, world_of
from tailorbird.shell.predicting.training import train

Say = Callable[[str], None]
Clock = Callable[[], int]  # ms
RETRAIN_DAYS = 7
DRIFTED_PART = 0.2  # of the features by which it goes: then it is trained anew


class Outcome(NamedTuple):
    """What one model came to: trained or not, and what it then said."""

    question: Question
    why: str  # why it was trained; "" if it was not
    manifest: Manifest | None
    look: Look | None
    trouble: str = ""  # why it could not be trained


def predict(
    engines: Engines,
    clock: Clock,
    questions: Sequence[Question],
    *,
    anew: bool = False,
    say: Say = lambda step: None,
) -> list[Outcome]:
    """Train what is due (or all, `anew`), score everyone by all, and append what changed.

    A model that cannot be trained yet holds up no other; what it said before stays.
    """
    if not questions:
        return []
    say("the past")
    now = clock()
    world = world_of(engines, now)
    why = {one: "it was asked for" if anew else due(engines, one, world, now) for one in questions}
    latest = Latest()
    trouble = _train(engines, world, [one for one in questions if why[one]], now, say, latest)
    say("everyone now")
    serving = {one: model for one in questions if (model := _serving(engines, one)) is not None}
    looks = _score(engines, world, serving, clock, latest)
    return [
        Outcome(
            one,
            "" if one in trouble else why[one],
            serving[one].manifest if one in serving else None,
            looks.get(one),
            trouble.get(one, ""),
        )
        for one in questions
    ]


def due(engines: Engines, question: Question, world: World, now: int) -> str:
    """Why a model has to be trained, "" if it need not."""
    versions = registry(engines.layout, question)
    if not versions.current():
        return "it never was"
    try:
        manifest = versions.serving().manifest
    except Corrupt:  # damaged, or of another release: it would hold up all others, night after night
        return "what serves cannot be read"
    site = {name: str(body.get("sql", "")) for name, body in world.bodies.get("trait", {}).items()}
    changed = [name for name, text in manifest.texts.items() if name in manifest.site and site.get(name) != text]
    if changed:
        return f"the trait {changed[0]} changed"
    if now - manifest.trained_at >= RETRAIN_DAYS * DAY_MS:
        return f"{RETRAIN_DAYS} days have passed"
    looks = versions.looks()
    drifted = looks[-1].drifted if looks and looks[-1].version == manifest.version else []
    many = len(drifted) > DRIFTED_PART * len(manifest.features)
    # Once a day at most: what is learned from lies in the past, and cannot follow at once.
    return f"people changed: {', '.join(drifted[:5])}" if many and now - manifest.trained_at >= DAY_MS else ""


def roll_back(engines: Engines, question: Question) -> Manifest:
    """Let the version before serve again, from the next scoring on."""
    versions = registry(engines.layout, question)
    versions.roll_back()
    return versions.manifest(versions.current())


def _train(
    engines: Engines, world: World, questions: Sequence[Question], now: int, say: Say, latest: Latest
) -> dict[Question, str]:
    """Train them; of those that could not be trained why."""
    trouble: dict[Question, str] = {}
    ready = []
    for one in questions:
        try:
            cuts_for(world, one)
            ready.append(one)
        except BadRequest as error:
            trouble[one] = str(error)
    # All of them by one look at the lake, which also sees everyone as they are now (`Latest`).
    tables = tables_of(engines, world, ready, latest) if ready else {}
    for one in ready:
        say(one.model)
        versions = registry(engines.layout, one)
        try:
            versions.save(train(one, tables[one.model], world, versions.free(version_at(now)), now))
        except BadRequest as error:
            trouble[one] = str(error)
    return trouble


def _score(
    engines: Engines, world: World, serving: Mapping[Question, Model], clock: Clock, latest: Latest
) -> dict[Question, Look]:
    if not serving:
        return {}
    found = scored(engines, world, serving, latest)
    return {one: say_what_changed(engines, one, serving[one].manifest, found[one], clock) for one in serving}


def _serving(engines: Engines, question: Question) -> Model | None:
    """What serves; None where nothing does, or nothing that can be read."""
    try:
        return registry(engines.layout, question).serving()
    except (BadRequest, Corrupt):
        return None


def version_at(now: int) -> str:
    """What a version made now is called."""
    return datetime.fromtimestamp(now / 1000, UTC).strftime("%Y%m%d-%H%M%S")
