"""What visits said of themselves, from the lake, put beside each contact of a training: device, country, source ...

A visit says most of it once, when it begins: the page after the first has no foreign referrer any more. So what was
said last holds for VISIT_MS.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tailorbird.events import HOUR_MS
from tailorbird.offer.recommend.circumstances import COUNTRY, DEVICE, REGION, SAID, SOURCE, visit_of
from tailorbird.offer.recommend.interactions import Column, Interactions
from tailorbird.shell.ports import Lake

VISIT_MS = 4 * HOUR_MS
STEP_MS = 10 * 60_000  # what a person says alike within it is read once
_COLUMNS = {  # the first that is there counts
    DEVICE: ("context_device_type",),
    COUNTRY: ("context_location_country",),
    REGION: ("context_location_region",),
    SOURCE: ("context_campaign_source", "context_referrer_host"),
}


def visits_beside(lake: Lake, lines: Interactions, number: Mapping[bytes, int]) -> dict[str, Column]:
    """For `Interactions.about`; `number`: of each person in the lines. Nobody else is looked at (law 7)."""
    told = [(number[person], at, said) for person, at, said in _said(lake) if person in number]
    # Person and time as one number, to be searched at once: each person has as many ms as all of the data span, and a
    # visit more, so that nobody's last words are the next one's. (With all ms since 1970 two million people were most.)
    first = min([at for _, at, _ in told] + [int(lines.at.min())]) if told and len(lines) else 0
    last = max([at for _, at, _ in told] + [int(lines.at.max())]) if told and len(lines) else 0
    own_ms = last - first + VISIT_MS + 1
    keys = np.array([who * own_ms + at - first for who, at, _ in told], np.int64)
    order = np.argsort(keys, kind="stable")
    asked = lines.person.astype(np.int64) * own_ms + (lines.at - first)
    found: dict[str, Column] = {}
    for name in SAID:
        given = [dict(said).get(name, "") for _, _, said in told]
        values = sorted(set(given) - {""})
        if values:
            place = {value: code for code, value in enumerate(values)}
            codes = np.array([place.get(value, -1) for value in given], np.int32)[order]
            found[name] = values, _latest(asked, keys[order][codes >= 0], codes[codes >= 0])
    return found


def _latest(asked: NDArray[np.int64], keys: NDArray[np.int64], codes: NDArray[np.int32]) -> NDArray[np.int32]:
    """What was said last at each moment, -1 where that is longer ago than a visit lasts, or was somebody else."""
    # What is said with the first page stands a moment behind its first step: both are in one step.
    last = np.searchsorted(keys, asked, side="right") - 1
    holds = (last >= 0) & (asked - keys[last.clip(0)] <= VISIT_MS)
    found: NDArray[np.int32] = np.where(holds, codes[last.clip(0)], np.int32(-1))
    return found


def _said(lake: Lake) -> Iterator[tuple[bytes, int, tuple[tuple[str, str], ...]]]:
    """(person, ms, circumstances) of whoever said anything."""
    there = {row["column_name"] for row in lake.query(_NAMES)}
    columns = {name: [one for one in some if one in there] for name, some in _COLUMNS.items()}
    if not any(columns.values()):
        return
    chosen = ", ".join(f"{_first(some)} AS {name}" for name, some in columns.items())
    sql = f"""
        SELECT person, min(epoch_ms(timestamp)) AS happened, {", ".join(SAID)}
        FROM (SELECT person, timestamp, {chosen} FROM people_events WHERE person IS NOT NULL)
        WHERE {" OR ".join(f"{name} <> ''" for name in SAID)}
        GROUP BY person, epoch_ms(timestamp) // {STEP_MS}, {", ".join(SAID)} ORDER BY person, happened"""  # noqa: S608
    for row in lake.query(sql):
        said: dict[str, Any] = {name: row[name] for name in SAID}
        yield bytes(row["person"]), int(row["happened"]), visit_of(**said)


def _first(columns: list[str]) -> str:
    texts = ", ".join(f"nullif(CAST({column} AS VARCHAR), '')" for column in columns)
    return f"coalesce({texts}, '')" if columns else "''"


_NAMES = "SELECT column_name FROM information_schema.columns WHERE table_name = 'people_events'"
