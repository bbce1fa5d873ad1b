"""Whether a training is due, looked at every hour:   python -m tailorbird.shell.training.watching --data DIR

What is due is asked for as anybody would, by the file DIR/run/train with the reason in it, which the batch process
finds; it is noted in DIR/models/watched.json for the console, and told to the log.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tailorbird.errors import Corrupt, TailorbirdError
from tailorbird.events import DAY_MS, HOUR_MS
from tailorbird.offer.recommend.model import Manifest
from tailorbird.offer.shelf import Shelf
from tailorbird.prove.exposure import Windows
from tailorbird.prove.interval import Estimate
from tailorbird.prove.kpi import Kpi
from tailorbird.shell.config import Batch, load_settings
from tailorbird.shell.embedded.files import replace_file
from tailorbird.shell.engines import Engines
from tailorbird.shell.layout import Layout
from tailorbird.shell.logs import configure
from tailorbird.shell.measure import kpi
from tailorbird.shell.models import Models
from tailorbird.shell.training.contacts import counts_since
from tailorbird.shell.training.due import drifted, dropped, may_look, refit_due, scheduled
from tailorbird.shell.training.lineage import largest_shares
from tailorbird.shell.training.watched import Kind, Trigger, Watched, read_watched, write_watched

RECENT_MS = 7 * DAY_MS
PAST_MS = 28 * DAY_MS  # before the recent days: what they are compared with
LOOK_EVERY_MS = 6 * HOUR_MS  # at drift and drop, which ask the lake


def look(engines: Engines, settings: Batch, now: int) -> Trigger | None:
    """Note a look; what is due, if anything."""
    folder = engines.layout.models
    watched = read_watched(folder)
    # The first look ever: the first period is counted from here.
    watched = watched if watched.since else msgspec.structs.replace(watched, since=now)
    newest, champion = _told(Models(folder))
    found = _by_clock(settings, watched, newest, now)
    if found is None and champion and settings.train_on_change and now - watched.looked_at >= LOOK_EVERY_MS:
        watched = msgspec.structs.replace(watched, looked_at=now)
        found = _by_change(engines, watched, newest, now)
    if found is None and champion:
        found = _trigger("refit", refit_due(settings, watched, champion.trained_at, now), now)
    write_watched(folder, watched.with_trigger(found) if found else watched)
    return found


def _by_clock(settings: Batch, watched: Watched, newest: Manifest, now: int) -> Trigger | None:
    return _trigger("schedule", scheduled(settings, watched, newest.trained_at, now), now)


def _by_change(engines: Engines, watched: Watched, newest: Manifest, now: int) -> Trigger | None:
    if not may_look(watched, newest.trained_at, now):
        return None
    return _trigger("drift", _drift(engines, newest, now), now) or _trigger("drop", _drop(engines, now), now)


def _trigger(kind: Kind, why: str, now: int) -> Trigger | None:
    return Trigger(now, kind, why) if why else None


def _told(models: Models) -> tuple[Manifest, Manifest | None]:
    """What the newest training said, whether it serves or not; and the champion. What cannot be read said nothing."""
    found: dict[str, Manifest] = {}
    for version in models.versions():
        try:
            found[version] = models.manifest(version)
        except Corrupt:
            continue
    # A refit learns nothing new of what is worth what: the periods run between trainings.
    trained = [told for told in found.values() if not told.refit_of]
    newest = max(trained, key=lambda told: told.trained_at, default=Manifest(""))
    return newest, found.get(models.current())


def _drift(engines: Engines, newest: Manifest, now: int) -> str:
    """Against the last weeks that the newest training saw, promoted or not: what it saw is no news."""
    counts = counts_since(engines.lake, now - RECENT_MS)
    shelf = Shelf(item for _, item in engines.catalogue.changes(0) if item is not None)
    categories: dict[str, int] = {}
    kinds: dict[str, int] = {}
    for item_id, kind, count in counts:
        name = item.category if (item := shelf.item(item_id)) else ""
        categories[name] = categories.get(name, 0) + count
        kinds[kind] = kinds.get(kind, 0) + count
    everything = max(1, sum(kinds.values()))
    named = {name: count / everything for name, count in categories.items()}
    return drifted(newest.lineage, named, largest_shares(kinds), sum(kinds.values()))


def _drop(engines: Engines, now: int) -> str:
    """CTR, then conversion, of the last week that can still be counted in full against the four before it."""
    windows = Windows()
    # Each rate a window late: clicks of yesterday's pages may still come, and would look like a drop.
    for name, wait in (("CTR", windows.click_ms), ("conversion", windows.outcome_ms)):
        end = now - wait
        recent, past = _all(engines, end - RECENT_MS, end), _all(engines, end - RECENT_MS - PAST_MS, end - RECENT_MS)
        if recent and past:
            why = dropped(name, _rate(past, name), _rate(recent, name))
            if why:
                return why
    return ""


def _all(engines: Engines, start: int, end: int) -> Kpi | None:
    return next((one for one in kpi(engines.lake, start, end) if one.placement is None and one.day is None), None)


def _rate(found: Kpi, name: str) -> Estimate:
    return found.ctr if name == "CTR" else found.conversion


def main(argv: Sequence[str] | None = None) -> int:
    """Look once, and ask for what is due; 1 if that failed."""
    parser = argparse.ArgumentParser(prog="python -m tailorbird.shell.training.watching")
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    layout = Layout(parser.parse_args(argv).data)
    settings = load_settings(layout.root)
    engines = Engines(layout)
    try:
        found = look(engines, settings.batch, time.time_ns() // 1_000_000)
    except TailorbirdError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        engines.close()
    if found:
        layout.run.mkdir(parents=True, exist_ok=True)
        # Whole at once: the batch process takes the file as soon as it is there.
        replace_file(layout.run / ("refit" if found.kind == "refit" else "train"), found.why.encode(), durable=False)
        configure("watch", settings.logs.level, settings.logs.format).emit("retraining", why=found.why)
    return 0


if __name__ == "__main__":
    sys.exit(main())
