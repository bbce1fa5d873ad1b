"""What is said of a model, in words: the same on the terminal and in the console."""

from datetime import UTC, datetime

from tailorbird.offer.recommend.measured import Difference
from tailorbird.offer.recommend.model import Manifest
from tailorbird.offer.recommend.settings import MadeOf


def interval(apart: Difference | None) -> str:
    """A difference with its interval.

    >>> interval(Difference(0.1, 0.05, 0.15)), interval(Difference(0.1)), interval(None)
    ('+0.1000 [+0.0500, +0.1500]', '+0.1000', '')
    """
    if apart is None:
        return ""
    if apart.low is None or apart.high is None:
        return f"{apart.value:+.4f}"
    return f"{apart.value:+.4f} [{apart.low:+.4f}, {apart.high:+.4f}]"


def lineage_lines(manifest: Manifest) -> list[tuple[str, str]]:
    """Name and value of all that says where a model comes from; the console shows the same."""
    lineage, data, settings = manifest.lineage, manifest.lineage.data, manifest.settings
    span = f"{_day(data.since)} to {_day(data.until)}" if data.until else "nothing"
    trials = f"{lineage.trials_done} of {lineage.trials} trials" if lineage.trials else "not tuned"
    near, weights = settings.nearness, manifest.weights
    return [
        (
            "trained",
            f"{_day(manifest.trained_at, clock=True)} in {manifest.seconds:.0f} s, because: {lineage.why or '?'}",
        ),
        ("data", f"{data.fingerprint or '?'}: {data.contacts:,} contacts of {data.people:,} people, {span}"),
        ("log offset", f"{data.log_offset:,}"),
        ("catalogue", f"{data.items:,} items"),
        ("left out", f"{data.left_out:,} people whose consent does not allow it"),
        ("definitions", f"version {lineage.definitions or '?'}"),
        ("code", lineage.code or "?"),
        ("seed", f"{lineage.seed}, {trials}"),
        ("parent", lineage.parent or "none: nothing served before"),
        (
            "tables",
            f"{near.neighbours} neighbours, powers {near.own_power:.3g} and {near.other_power:.3g}, shrink "
            f"{near.shrink:.3g}, half-lives {settings.lasting_days:.3g} and {settings.recent_days:.3g} days",
        ),
        ("item to item", made_of(settings.made_of)),
        (
            "weights",
            f"item {weights.item:.3g}, again {weights.again:.3g}, segment {weights.segment:.3g}, popular "
            f"{weights.popular:.3g}, trending {weights.trending:.3g}, half-life {weights.half_life_days:.3g} days",
        ),
        *_trees(manifest),
    ]


def made_of(parts: MadeOf) -> str:
    """What the item-to-item table is made of.

    >>> made_of(()), made_of((("rules", 0.25), ("als", 0.75)))
    ('what is met in the same sessions', 'als .75, rules .25')
    """
    if not parts:
        return "what is met in the same sessions"
    return ", ".join(f"{name} {weight:.2f}".replace(" 0.", " .") for name, weight in sorted(parts, key=lambda p: -p[1]))


def _trees(manifest: Manifest) -> list[tuple[str, str]]:
    """Whether trees serve, and what they had of clicks; nothing of a model from before there were any."""
    ranker, learned = manifest.ranker, manifest.learned
    verdict = "they correct the blend" if ranker.accepted else "they do not serve"
    told = [("trees", f"{verdict}: {ranker.told}")] if ranker.why else []
    return [*told, *([("clicks", learned.told)] if learned.told else [])]


def _day(ms: int, *, clock: bool = False) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC" if clock else "%Y-%m-%d")
