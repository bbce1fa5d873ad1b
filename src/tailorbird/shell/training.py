"""From the lake to a model in force: read the contacts, leave out who did not consent, train, judge, promote.

    python -m tailorbird.shell.training --data DIR

It runs in a process of its own, so that its memory goes back and a crash in it harms nothing. Killed midway, it leaves
the model in force as it was.
"""

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from tailorbird.consent.purpose import Policy, load_policy, may
from tailorbird.errors import StateUnavailable, TailorbirdError
from tailorbird.know.profile import Profile, decode_profile
from tailorbird.know.tables import PROFILE
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.model import Manifest, Model
from tailorbird.offer.recommend.train import train
from tailorbird.offer.shelf import Shelf
from tailorbird.shell.engines import Engines
from tailorbird.shell.layout import Layout
from tailorbird.shell.models import Models
from tailorbird.shell.ports import Lake, Snapshot
from tailorbird.shell.training_lines import people_with_contacts, plain_traits

Say = Callable[[str], None]


@dataclass(frozen=True)
class Trained:
    """What a training came to."""

    manifest: Manifest
    promoted: bool
    why: str  # one sentence: why it was promoted, or why not
    left_out: int  # people whose consent does not allow it


def train_and_promote(engines: Engines, now: int, say: Say = lambda step: None) -> Trained:
    """Train on the lake as it is, save the model, and let it serve unless popularity alone is better.

    Raises StateUnavailable while the state is behind the lake: who has withdrawn consent could not be known.
    """
    began = time.monotonic()
    say("reading the lake")
    lines, left_out = read_lines(engines, now)
    shelf = Shelf(item for _, item in engines.catalogue.changes(0) if item is not None)
    version = datetime.fromtimestamp(now / 1000, UTC).strftime("%Y%m%d-%H%M%S")
    model = train(lines, shelf, _free(engines.layout, version), now, say)
    model = _timed(model, time.monotonic() - began)
    models = Models(engines.layout.models)
    models.save(model)
    promoted, why = worth_promoting(model.manifest)
    if promoted:
        models.promote(model.manifest.version)
    return Trained(model.manifest, promoted, why, left_out)


def worth_promoting(manifest: Manifest) -> tuple[bool, str]:
    """Whether a model may serve: not if popularity alone does better on what came after the training part.

    >>> worth_promoting(Manifest("1", evaluation=[]))
    (False, 'nothing was done by anybody yet, so there is nothing to learn')
    """
    measured = {line["model"]: line["ndcg@20"] for line in manifest.evaluation}
    if not manifest.interactions:
        return False, "nothing was done by anybody yet, so there is nothing to learn"
    blend, popular = measured.get("blend", 0.0), measured.get("popular", 0.0)
    if blend < popular:
        return False, f"its NDCG@20 of {blend:.4f} is below that of popularity, {popular:.4f}"
    return True, f"its NDCG@20 is {blend:.4f}, that of popularity {popular:.4f}"


def read_lines(engines: Engines, now: int) -> tuple[Interactions, int]:
    """The contacts of all who allow it, by person and time, and how many people were left out (law 7)."""
    traits = plain_traits(engines.lake)
    with engines.state.snapshot() as snapshot:
        if snapshot.offset < engines.lake.sealed():
            raise StateUnavailable("The state is behind the lake, so consent cannot be asked. Try again in a minute.")
        return _allowed(engines.lake, snapshot, _policy(engines), traits, now)


def _allowed(lake: Lake, snapshot: Snapshot, policy: Policy, names: list[str], now: int) -> tuple[Interactions, int]:
    number: dict[str, int] = {}  # of each item, in the order they are met
    columns: list[tuple[Any, ...]] = []
    traits: dict[str, list[str | None]] = {name: [] for name in names}
    left_out = 0
    for person, items, kinds, at in people_with_contacts(lake):
        value = snapshot.get(PROFILE, person)
        profile = decode_profile(value) if value is not None else None
        if profile is None or not may("personalization", profile.consent, policy, now).allowed:
            left_out += 1  # nobody's profile: identity has moved on since, the next training meets them
            continue
        rows = np.array([number.setdefault(item, len(number)) for item in items], np.int64)
        columns.append((np.full(len(rows), len(columns)), rows, kinds, at))
        _keep_traits(traits, profile)
    return _sorted(list(number), columns, traits), left_out


def _keep_traits(traits: dict[str, list[str | None]], profile: Profile) -> None:
    for name, values in traits.items():
        given = profile.traits.get(name)
        values.append(None if given is None else str(given))


def _sorted(ids: list[str], columns: list[tuple[Any, ...]], traits: Mapping[str, list[str | None]]) -> Interactions:
    empty = np.empty(0, np.int64)
    person, item, kind, at = (np.concatenate([empty, *(row[n] for row in columns)]) for n in range(4))
    return Interactions.sorted(ids, person, item, kind, at, len(columns), traits)


def _policy(engines: Engines) -> Policy:
    found = engines.definitions.all("consent")
    return load_policy(found[0].body) if found else Policy()


def _free(layout: Layout, version: str) -> str:
    """The version, with a number behind it where that second has one already."""
    taken = set(Models(layout.models).versions())
    names = (version, *(f"{version}-{n}" for n in range(2, 1000)))
    return next(name for name in names if name not in taken)


def _timed(model: Model, seconds: float) -> Model:
    from dataclasses import replace

    return replace(model, manifest=msgspec.structs.replace(model.manifest, seconds=round(seconds, 1)))


def main(argv: Sequence[str] | None = None) -> int:
    """Train once. Exit code 0 also when the model was not promoted: the log says why."""
    parser = argparse.ArgumentParser(prog="python -m tailorbird.shell.training")
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    engines = Engines(Layout(parser.parse_args(argv).data))
    try:
        trained = train_and_promote(engines, int(time.time() * 1000), lambda step: print(step, file=sys.stderr))
    except TailorbirdError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        engines.close()
    print(f"{trained.manifest.version} promoted={trained.promoted}: {trained.why}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
