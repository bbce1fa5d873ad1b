"""Everyone at several instants of the past, with what came of it: one question to the lake for all models."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from tailorbird.consent.purpose import may
from tailorbird.errors import BadRequest, StateUnavailable
from tailorbird.events import DAY_MS
from tailorbird.know.fold import PASSIVE
from tailorbird.know.predict.cuts import Cuts, cuts_of, days_needed
from tailorbird.know.predict.question import Question
from tailorbird.know.profile import decode_profile
from tailorbird.know.tables import PROFILE
from tailorbird.shell.engines import Engines
from tailorbird.shell.in_force import Bodies, policy_in, read_in_force, seen_events
from tailorbird.shell.members import strongest
from tailorbird.shell.ports import Lake, Snapshot
from tailorbird.shell.predicting.categories import CANDIDATES, FEATURES, groups_of, instants_of, pairs_at, values_of
from tailorbird.shell.predicting.features import (
    Asked,
    Rows,
    alone,
    asking,
    for_question,
    rows_at,
    usual_and_own,
)

Matrix = NDArray[np.float64]
# People and instants that are learned from; of more people a sample, the same at every instant.
ROWS = 400_000


@dataclass(frozen=True)
class Table:
    """What one question learns from: a row for each person who fits it, at each of its cuts."""

    names: list[str]
    values: Matrix  # (rows, names)
    outcome: Matrix
    cut: NDArray[np.int64]  # day of the cut of each row
    people: list[bytes]
    cuts: Cuts
    left_out: int = 0
    texts: Mapping[str, str] = field(default_factory=dict)  # of features, what is asked
    site: list[str] = field(default_factory=list)  # features that are the site's own traits

    groups: NDArray[np.int64] | None = None  # of categories: where the candidates of one person begin

    def at(self, *days: int) -> NDArray[np.bool_]:
        """Which rows are of these cuts."""
        return np.isin(self.cut, days)


class World(NamedTuple):
    """What is in force, and how far the lake tells, at one moment."""

    bodies: Bodies
    version: int  # of the definitions
    seen: list[str]
    first: int  # day of the first contact
    until: int  # the last instant known, ms
    people: int
    baseline: Mapping[str, Mapping[str, float]]


def world_of(engines: Engines, now: int) -> World:
    """Raises StateUnavailable while the state is behind the lake, BadRequest where the lake holds no contact."""
    with engines.state.snapshot() as snapshot:
        if snapshot.offset < engines.lake.sealed():
            raise StateUnavailable("The state is behind the lake, so consent cannot be asked. Try again in a minute.")
        seen = sorted(seen_events(snapshot))
    found = read_in_force(engines.definitions)
    passive = ", ".join(f"'{name}'" for name in sorted(PASSIVE))
    (row,) = engines.lake.query(_SPAN.format(passive=passive, now=now))
    if row["first"] is None:
        raise BadRequest("The lake holds no visit and no order yet, so there is nothing to learn from.")
    # What happened up to the last contact is known; behind it nobody may have sent anything yet.
    until = min(now, (row["last"] // DAY_MS + 1) * DAY_MS)
    return World(
        found.bodies, found.version, seen, row["first"] // DAY_MS, until, row["people"], _baseline(engines.lake)
    )


_SPAN = """
SELECT epoch_ms(min(least(timestamp, received_at))) AS first, epoch_ms(max(least(timestamp, received_at))) AS last,
    count(DISTINCT person) AS people
FROM people_events WHERE type IN ('track', 'page', 'screen') AND NOT (type = 'track' AND event IN ({passive}))
    AND epoch_ms(least(timestamp, received_at)) <= {now}"""


def ask_world(world: World, questions: Sequence[Question]) -> Asked:
    """All features of these questions and who they are about, ready to be asked."""
    about = {f"about_{one.slug}": one.about for one in questions}
    outcomes = {f"outcome_{one.slug}": one.outcome for one in questions if one.outcome}
    return asking(world.bodies, world.seen, {**usual_and_own(questions), **about, **outcomes})


def features_of(asked: Asked) -> list[str]:
    """The columns that may be learned from."""
    return [name for name in asked.columns if not name.startswith(("about_", "outcome_"))]


def cuts_for(world: World, question: Question) -> Cuts:
    """Raises BadRequest where the history is too short for the span."""
    end = world.until // DAY_MS
    found = cuts_of(world.first, end, question.days)
    if found is None:
        raise BadRequest(
            f"{question.model} needs {days_needed(question.days)} days of history, to learn from some and be tested on "
            f"others; the lake has {end - world.first}. Ask for a shorter span, or wait."
        )
    return found


@dataclass
class Latest:
    """Everyone now, where the same look at the lake that trained has seen them: a second one costs as much."""

    names: list[str] = field(default_factory=list)
    rows: Rows | None = None
    pairs: list[Mapping[str, Any]] = field(default_factory=list)

    def people(self, names: Sequence[str]) -> Rows | None:
        """The columns of that name, if all of them were asked for of everyone."""
        if self.rows is None or not set(names) <= set(self.names):
            return None
        return self.rows._replace(values=self.rows.values[:, [self.names.index(name) for name in names]])


def tables_of(engines: Engines, world: World, questions: Sequence[Question], latest: Latest) -> dict[str, Table]:
    """The table of each question, by its model. Of questions that have cuts (`cuts_for`); fills `latest`."""
    found = {one.model: _of_categories(engines, world, one, latest) for one in questions if not one.outcome}
    plain = [one for one in questions if one.outcome]
    return found | (_of_people(engines, world, plain, latest) if plain else {})


def _of_people(engines: Engines, world: World, questions: Sequence[Question], latest: Latest) -> dict[str, Table]:
    asked = ask_world(world, questions)
    cuts = {one.model: cuts_for(world, one) for one in questions}
    days = sorted({day for one in cuts.values() for day in one.days})
    share = min(1.0, ROWS / max(world.people * len(days), 1))
    texts = features_of(asked)
    about = [f"about_{one.slug}" for one in questions]
    columns = [*texts, *about]
    now = rows_at(engines.lake, alone(asked, columns), [*_ends(days), world.until - 1], world.baseline, share)
    if share == 1:
        present = np.flatnonzero(now.at == world.until - 1)
        people = [now.people[row] for row in present.tolist()]
        latest.names, latest.rows = columns, Rows(people, now.at[present], now.values[present])
    ends = sorted({day + one.days for one in questions for day in cuts[one.model].days})
    outcomes = [f"outcome_{one.slug}" for one in questions]
    # What came is asked at the end of each span, in the same language: an outcome is a trait of a later day.
    then = rows_at(engines.lake, alone(asked, outcomes), _ends(ends), world.baseline, share)
    allowed = allowed_of(engines, world, set(now.people))
    given = _texts(world, questions)
    return {
        one.model: _table(one, cuts[one.model], texts, now, place, then, allowed, given)
        for place, one in enumerate(questions)
    }


def allowed_of(engines: Engines, world: World, people: set[bytes]) -> dict[bytes, str]:
    """Of those whose consent allows predictions (law 7) the identifier by which to speak of them."""
    with engines.state.snapshot() as snapshot:
        return named_and_willing(snapshot, world.bodies, sorted(people), world.until)


def named_and_willing(snapshot: Snapshot, bodies: Bodies, people: Sequence[bytes], now: int) -> dict[bytes, str]:
    """The same, from one snapshot."""
    policy, found = policy_in(bodies), {}
    for person, value in zip(people, snapshot.get_many(PROFILE, people), strict=True):
        profile = decode_profile(value) if value is not None else None
        if profile is not None and may("personalization", profile.consent, policy, now).allowed:
            found[person] = strongest(profile)
    return found


def _table(
    question: Question,
    cuts: Cuts,
    names: list[str],
    now: Rows,
    place: int,
    then: Rows,
    allowed: Mapping[bytes, str],
    texts: Mapping[str, str],
) -> Table:
    # Who is not there at the end did nothing until then, so the outcome is 0 (`get` below).
    came = dict(zip(zip(then.people, then.at.tolist(), strict=True), then.values[:, place].tolist(), strict=True))
    day = (now.at + 1) // DAY_MS
    fits = (now.values[:, len(names) + place] == 1) & np.isin(day, cuts.days)
    willing = np.array([person in allowed for person in now.people], bool)
    rows = np.flatnonzero(fits & willing)
    outcome = np.array(
        [came.get((now.people[row], int(now.at[row]) + question.days * DAY_MS), 0.0) for row in rows.tolist()]
    )
    own = for_question(names, question)
    # As the trees will read them; and the last digits of a sum depend on how many threads added it up.
    values = np.round(now.values[rows][:, own], 6).astype(np.float32).astype(np.float64)
    names = [names[column] for column in own]
    left_out = len({now.people[row] for row in np.flatnonzero(fits & ~willing).tolist()})
    people = [now.people[row] for row in rows.tolist()]
    used = {name: texts[name] for name in names if name in texts}
    ours = [name for name in names if name not in usual_and_own([question])]
    return Table(names, values, np.round(np.nan_to_num(outcome), 6), day[rows], people, cuts, left_out, used, ours)


def _of_categories(engines: Engines, world: World, question: Question, latest: Latest) -> Table:
    cuts = cuts_for(world, question)
    share = min(1.0, ROWS / max(world.people * len(cuts.days) * CANDIDATES, 1))
    every = pairs_at(engines.lake, [*instants_of(cuts), world.until], share)
    if share == 1:
        latest.pairs = [row for row in every if row["cut"] == world.until]
    rows = [row for row in every if row["came"] is not None and row["cut"] != world.until]
    people = [bytes(row["person"]) for row in rows]
    allowed = allowed_of(engines, world, set(people))
    kept = [row for row, person in zip(rows, people, strict=True) if person in allowed]
    outcome = np.array([float(row["came"]) for row in kept])
    day = np.array([row["cut"] // DAY_MS for row in kept], np.int64)
    left_out = len(set(people) - allowed.keys())
    kept_people = [bytes(row["person"]) for row in kept]
    return Table(list(FEATURES), values_of(kept), outcome, day, kept_people, cuts, left_out, groups=groups_of(kept))


def _texts(world: World, questions: Sequence[Question]) -> dict[str, str]:
    """What is asked as each feature: so that a model notices when its traits mean something else."""
    site = {name: str(body.get("sql", "")) for name, body in world.bodies.get("trait", {}).items()}
    return {**site, **usual_and_own(questions)}


def _ends(days: Sequence[int]) -> list[int]:
    return [day * DAY_MS - 1 for day in days]


def _baseline(lake: Lake) -> Mapping[str, Mapping[str, float]]:
    rows: Any = lake.query("SELECT body FROM signals WHERE kind = 'baseline' ORDER BY log_offset DESC LIMIT 1")
    found: Mapping[str, Mapping[str, float]] = msgspec.json.decode(rows[0]["body"]) if rows else {}
    return found
