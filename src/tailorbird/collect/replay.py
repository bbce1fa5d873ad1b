"""A refused event gets another chance, after the plan or the site's code was mended."""

from tailorbird.collect.accept import accept
from tailorbird.collect.draft import Accepted, Call
from tailorbird.collect.plan import TrackingPlan
from tailorbird.collect.seal import open_bytes
from tailorbird.events import Rejected


def replay(rejected: Rejected, key: bytes, plan: TrackingPlan, site_key: bytes) -> Accepted:
    """What `accept` makes of it now: one draft, or once more one rejected with today's reason.

    The call is as it was then: same source, same time of arrival, hence the same event as if it had been taken at
    once. Raises Corrupt where `key` is not that of `rejected.leaf`.
    """
    body = open_bytes(key, rejected.leaf, rejected.sealed)
    return accept(rejected.path, body, Call(rejected.received_at, rejected.source), plan, site_key)
