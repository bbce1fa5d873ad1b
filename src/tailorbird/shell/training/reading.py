"""What a training may learn from: the contacts of all who allow it, in an order that is the same each time."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from tailorbird.consent.purpose import Policy, may
from tailorbird.errors import StateUnavailable
from tailorbird.know.profile import Profile, decode_profile
from tailorbird.know.tables import PROFILE
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.shell.declared import policy_of
from tailorbird.shell.engines import Engines
from tailorbird.shell.ports import Lake, Snapshot
from tailorbird.shell.training.contacts import people_with_contacts, plain_traits
from tailorbird.shell.training.standing import read_said
from tailorbird.shell.training.visits import visits_beside


class Read(NamedTuple):
    """What a training may learn from."""

    lines: Interactions
    left_out: int  # people whose consent does not allow it
    number: dict[bytes, int]  # of each person, as in the lines


def read_lines(engines: Engines, now: int) -> tuple[Interactions, int]:
    """The contacts of all who allow it, by person and time, and how many people were left out (law 7)."""
    found = read(engines, now)
    return found.lines, found.left_out


def read(engines: Engines, now: int) -> Read:
    """The contacts of all who allow it, by person and time, and who these are (law 7).

    Raises StateUnavailable while the state is behind the lake: who has withdrawn consent could not be known.
    """
    traits = plain_traits(engines.lake)
    with engines.state.snapshot() as snapshot:
        # Contacts are of the lake, consent is of the state: with a state of yesterday a no of today would not be heard.
        if snapshot.offset < engines.lake.sealed():
            raise StateUnavailable("The state is behind the lake, so consent cannot be asked. Try again in a minute.")
        found = _allowed(engines.lake, snapshot, policy_of(engines.definitions), traits, now)
        segments = frozenset(one.name for one in engines.definitions.all("segment"))
        said = read_said(engines.lake, snapshot, found.number, segments)
    return found._replace(lines=replace(found.lines, said=said))


def _allowed(lake: Lake, snapshot: Snapshot, policy: Policy, names: list[str], now: int) -> Read:
    number: dict[str, int] = {}  # of each item, in the order they are met
    columns: list[tuple[Any, ...]] = []
    traits: dict[str, list[str | None]] = {name: [] for name in names}
    people: dict[bytes, int] = {}
    left_out = 0
    for person, items, kinds, at in people_with_contacts(lake):
        value = snapshot.get(PROFILE, person)
        profile = decode_profile(value) if value is not None else None
        if profile is None or not may("personalization", profile.consent, policy, now).allowed:
            # Nobody's profile: identity has moved on since, the next training meets them.
            left_out += 1
            continue
        rows = np.array([number.setdefault(item, len(number)) for item in items], np.int64)
        people[person] = len(columns)
        columns.append((np.full(len(rows), len(columns)), rows, kinds, at))
        _keep_traits(traits, profile)
    lines = _sorted(list(number), columns, traits)
    return Read(replace(lines, about=visits_beside(lake, lines, people)), left_out, people)


def _keep_traits(traits: dict[str, list[str | None]], profile: Profile) -> None:
    for name, values in traits.items():
        given = profile.traits.get(name)
        values.append(None if given is None else str(given))


def _sorted(met: list[str], columns: list[tuple[Any, ...]], traits: Mapping[str, list[str | None]]) -> Interactions:
    """With the items numbered by their ids: the order in which the lake hands out a person's contacts may vary."""
    empty = np.empty(0, np.int64)
    person, item, kind, at = (np.concatenate([empty, *(row[n] for row in columns)]) for n in range(4))
    ids = sorted(met)
    place = {item_id: number for number, item_id in enumerate(ids)}
    item = np.array([place[item_id] for item_id in met], np.int64)[item]
    # The last of the keys that an order goes by: the others come in `sorted`.
    by_kind = np.argsort(kind, kind="stable")
    return Interactions.sorted(ids, person[by_kind], item[by_kind], kind[by_kind], at[by_kind], len(columns), traits)
