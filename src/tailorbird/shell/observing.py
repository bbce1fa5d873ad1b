"""Which fields arrive that the tracking plan does not declare: found by opening the latest events, when asked."""

from collections import Counter
from itertools import islice
from typing import Any

import msgspec

from tailorbird.collect.observed import Observed, observe, propose
from tailorbird.collect.plan import TrackingPlan
from tailorbird.events import Event, decode_record
from tailorbird.know.tables import EVENT
from tailorbird.shell.backwards import newest_first
from tailorbird.shell.ports import Keys, Snapshot
from tailorbird.shell.run import opened

# Events looked at: a fraction of a second, and all that a running site sends in minutes.
LATEST = 5_000


def observed(snapshot: Snapshot, keys: Keys, plan: TrackingPlan, latest: int = LATEST) -> Counter[Observed]:
    """How often each such field stands in the latest events; names and kinds only, never a value."""
    seen: Counter[Observed] = Counter()
    for _, payload in islice(newest_first(snapshot, EVENT), latest):
        event = decode_record(payload)
        secret = opened(keys, event) if isinstance(event, Event) else None
        if isinstance(event, Event) and secret is not None:
            seen.update(observe(event.type, event.event, secret, plan))
    return seen


def report(seen: Counter[Observed]) -> dict[str, Any]:
    """The fields, most frequent first, and what to lay over `site/events.yaml` to declare them."""
    fields = [{**msgspec.structs.asdict(one), "count": count} for one, count in seen.most_common()]
    return {"observed": fields, "proposal": propose(seen)}
