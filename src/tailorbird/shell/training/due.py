"""When to train again, and why: by the clock, because the data have drifted, or because what is shown is liked less.

Pure: whoever watches brings the time and the figures.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from tailorbird.events import DAY_MS, HOUR_MS
from tailorbird.know.cluster.drift import DRIFTED, psi
from tailorbird.offer.recommend.lineage import Lineage
from tailorbird.prove.falling import change, has_fallen
from tailorbird.prove.interval import Estimate
from tailorbird.shell.config import Batch
from tailorbird.shell.training.lineage import REST
from tailorbird.shell.training.watched import Watched

# A period is over when less than this is missing, so that hourly looks do not drift.
EARLY_MS = HOUR_MS
# After a training that a change set off: the next look at changes comes a day later.
REST_MS = DAY_MS
FEWEST_CONTACTS = 1000  # of the last days: fewer drift by chance
Shares = Mapping[str, float]


def scheduled(settings: Batch, watched: Watched, trained_at: int, now: int) -> str:
    """Why a training is due by the clock, "" if it is not. `trained_at`: the last one, 0 for never."""
    if not settings.train_every_h:
        return ""
    # A site that never trained waits its first period, too: on the day of its start there is nothing to learn from.
    waited = now - max(trained_at or watched.since, watched.last("schedule"))
    hour = settings.train_hour
    if waited < settings.train_every_h * HOUR_MS - min(EARLY_MS, settings.train_every_h * HOUR_MS / 2):
        return ""
    if hour >= 0 and datetime.fromtimestamp(now / 1000, UTC).hour != hour:
        return ""
    return f"scheduled: every {settings.train_every_h:g} hours" + (f", at {hour}:00 UTC" if hour >= 0 else "")


def refit_due(settings: Batch, watched: Watched, fitted_at: int, now: int) -> str:
    """Why the tables are to be made anew without a training, "" if they need not."""
    every = settings.refit_every_h * HOUR_MS
    waited = now - max(fitted_at, watched.last("refit"))
    return (
        f"refit: every {settings.refit_every_h:g} hours" if every and waited >= every - min(EARLY_MS, every / 2) else ""
    )


def may_look(watched: Watched, trained_at: int, now: int) -> bool:
    """Whether changes may set off a training now: not within a day after the last one, they need time to show."""
    return now - max(trained_at, watched.last("schedule", "drift", "drop")) >= REST_MS


def drifted(lineage: Lineage, categories: Shares, kinds: Shares, contacts: int) -> str:
    """Why the data are not what was trained on, "" if they are; shares of the last days' contacts.

    >>> told = Lineage(categories={"tea": 0.5, "pie": 0.5}, kinds={"bought": 1.0})
    >>> drifted(told, {"tea": 0.9, "soap": 0.1}, {"bought": 1.0}, 5000)
    'drift: categories have changed, population stability index 5.18 (0.25 and more is drift)'
    >>> drifted(told, {"tea": 0.48, "pie": 0.52}, {"bought": 1.0}, 5000)
    ''
    """
    if contacts < FEWEST_CONTACTS or not lineage.categories:
        return ""
    for name, then, now in (("categories", lineage.categories, categories), ("kinds", lineage.kinds, kinds)):
        index = stability(then, now)
        if index >= DRIFTED:
            what = "kinds of contact" if name == "kinds" else name
            return f"drift: {what} have changed, population stability index {index:.2f} ({DRIFTED} and more is drift)"
    return ""


def stability(then: Shares, now: Shares) -> float:
    """The population stability index over the names of `then`; what is new is one more bin."""
    # The rest of then is no category of now: what is in neither list is the last bin of both.
    names = [name for name in then if name != REST]
    before, after = [then[name] for name in names], [now.get(name, 0.0) for name in names]
    return psi([*before, max(0.0, 1 - sum(before))], [*after, max(0.0, 1 - sum(after))])


def dropped(name: str, past: Estimate, now: Estimate) -> str:
    """Why what is shown is liked less than it was, "" if it is not.

    >>> from tailorbird.prove.interval import wilson
    >>> dropped("CTR", wilson(500, 5000), wilson(350, 5000))
    'drop: CTR fell from 10.00% to 7.00%, by -3.00% [-4.10%, -1.91%]'
    """
    if not has_fallen(past, now):
        return ""
    apart = change(past, now)
    assert past.value is not None and now.value is not None
    assert apart.value is not None and apart.low is not None and apart.high is not None
    return (
        f"drop: {name} fell from {past.value:.2%} to {now.value:.2%}, by {apart.value:.2%} "
        f"[{apart.low:.2%}, {apart.high:.2%}]"
    )
