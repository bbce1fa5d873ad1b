"""Where a model comes from: fingerprints of data and code, and what the lake and the site were like."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

import msgspec
import numpy as np

import tailorbird
from tailorbird.events import DAY_MS, Item
from tailorbird.offer.recommend.contacts import KINDS
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.lineage import Data, Lineage
from tailorbird.offer.shelf import Shelf
from tailorbird.shell.engines import Engines

LETTERS = 16  # of a fingerprint
RECENT_MS = 28 * DAY_MS  # of the contacts whose mixture drift is measured against
MOST_CATEGORIES = 20  # the largest, the rest as one: many thin ones would drift by chance alone
REST = "(others)"


def lineage_of(engines: Engines, lines: Interactions, items: list[Item], left_out: int, why: str) -> Lineage:
    """All of it but seed and trials, which whoever trains knows."""
    shelf = Shelf(items)
    recent = last_days(lines, RECENT_MS)
    return Lineage(
        data=Data(
            fingerprint=fingerprint(lines, items),
            log_offset=engines.lake.sealed(),
            contacts=len(lines),
            people=lines.people,
            items=len(items),
            since=int(lines.at.min()) if len(lines) else 0,
            until=int(lines.at.max()) + 1 if len(lines) else 0,
            left_out=left_out,
        ),
        definitions=str(engines.definitions.version()),
        code=code(),
        why=why,
        categories=category_shares(recent, shelf),
        kinds=kind_shares(recent),
    )


def fingerprint(lines: Interactions, items: Iterable[Item]) -> str:
    """Of all that a training reads: equal for equal contacts, traits and items in the catalogue's order."""
    digest = hashlib.sha256()
    said = lines.said
    for column in (lines.person, lines.item, lines.kind, lines.at, said.start[1:], said.at, said.name, said.value):
        digest.update(np.ascontiguousarray(column).data)
    digest.update(msgspec.json.encode([lines.ids, sorted(lines.traits.items())]))
    encode = msgspec.json.Encoder().encode
    for item in items:
        digest.update(encode(item))
    return digest.hexdigest()[:LETTERS]


@cache
def code() -> str:
    """The release, and a fingerprint of the source that trains and scores."""
    top = Path(tailorbird.__file__).parent
    digest = hashlib.sha256()
    # Not the whole package: a new page of the console makes no other model.
    for path in sorted([*top.glob("offer/**/*.py"), *top.glob("shell/training/*.py")]):
        digest.update(path.read_bytes())
    return f"{version('tailorbird')}+{digest.hexdigest()[:LETTERS]}"


def last_days(lines: Interactions, span_ms: int) -> Interactions:
    """The contacts of the last days before the last one."""
    late = lines.at > (int(lines.at.max()) - span_ms if len(lines) else 0)
    return replace(lines, person=lines.person[late], item=lines.item[late], kind=lines.kind[late], at=lines.at[late])


def category_shares(lines: Interactions, shelf: Shelf) -> dict[str, float]:
    """The share of each of the largest categories in these contacts, largest first, and of all others together."""
    names = [item.category if (item := shelf.item(item_id)) else "" for item_id in lines.ids]
    counts: dict[str, int] = {}
    for number, count in enumerate(np.bincount(lines.item, minlength=len(names)).tolist()):
        if count:
            counts[names[number]] = counts.get(names[number], 0) + count
    return largest_shares(counts)


def kind_shares(lines: Interactions) -> dict[str, float]:
    """The share of each kind of contact."""
    counts = np.bincount(lines.kind, minlength=len(KINDS)).tolist()
    return largest_shares({name: counts[code] for name, code in KINDS.items() if counts[code]})


def largest_shares(counts: Mapping[str, int]) -> dict[str, float]:
    """The shares of the largest, largest first, and of all others together.

    >>> largest_shares({"tea": 3, "pie": 1})
    {'tea': 0.75, 'pie': 0.25}
    """
    largest = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    total = max(1, sum(counts.values()))
    shares = {name: count / total for name, count in largest[:MOST_CATEGORIES]}
    if len(largest) > MOST_CATEGORIES:
        shares[REST] = 1 - sum(shares.values())
    return shares
