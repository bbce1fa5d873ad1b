"""All definitions that people's traits and segments follow from, as they stand at one moment."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from tailorbird.collect.plan import BUILT_IN_PLAN, TrackingPlan
from tailorbird.consent.purpose import Policy, load_policy
from tailorbird.know.index import read_stats_key
from tailorbird.know.tables import STATS
from tailorbird.shell.ports import Definitions, Snapshot

KINDS = ("plan", "consent", "trait", "segment", "cluster")
Bodies = Mapping[str, Mapping[str, Mapping[str, Any]]]  # kind -> name -> body


class InForce(NamedTuple):
    """The bodies by kind and name, as of one version of the store."""

    version: int
    bodies: Bodies


def read_in_force(definitions: Definitions) -> InForce:
    """What is in force now, of one version: somebody may change it while it is read."""
    while True:
        version = definitions.version()
        bodies = {kind: {one.name: one.body for one in definitions.all(kind)} for kind in KINDS}
        if definitions.version() == version:
            return InForce(version, bodies)


def seen_events(snapshot: Snapshot) -> set[str]:
    """The names of all events that ever came, declared or not: the counts by day and source know them."""
    names = {read_stats_key(key)[1] for key, _ in snapshot.scan(STATS)}
    # "(decided)" and the like are our own records.
    return {name for name in names if not name.startswith("(")}


def plan_in(bodies: Bodies) -> TrackingPlan:
    """The tracking plan; the built-in one if none is declared."""
    return next((TrackingPlan.load(body) for body in bodies.get("plan", {}).values()), BUILT_IN_PLAN)


def policy_in(bodies: Bodies) -> Policy:
    """The consent policy; the built-in one if none is declared."""
    return next((load_policy(body) for body in bodies.get("consent", {}).values()), Policy())


def program_body(bodies: Bodies, seen: Iterable[str] = ()) -> dict[str, Any]:
    """What a `definitions` signal carries: all that `know.language.program.load` needs, as plain data.

    `seen`: names of events that came though the plan does not declare them.
    """
    from tailorbird.know.language.schema import schema_of

    schema = schema_of(plan_in(bodies), policy_in(bodies), seen)
    return {
        "traits": {name: dict(body) for name, body in bodies.get("trait", {}).items()},
        "segments": {name: dict(body) for name, body in bodies.get("segment", {}).items()},
        "schema": schema.plain(),
    }
