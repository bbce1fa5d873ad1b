"""What could not be understood: found, shown, and given another chance. For API, command line and console alike."""

from collections import Counter
from itertools import islice
from typing import Any

import msgspec

from tailorbird.collect.draft import Accepted
from tailorbird.collect.plan import TrackingPlan
from tailorbird.collect.replay import replay
from tailorbird.errors import BadRequest
from tailorbird.events import Rejected, decode_record
from tailorbird.know.index import read_stats_key
from tailorbird.know.tables import REJECTED, STATS, offset_key
from tailorbird.shell.backwards import newest_first
from tailorbird.shell.people import iso
from tailorbird.shell.ports import Keys, Snapshot

Found = tuple[int, Rejected]  # with the offset that names it


def newest(snapshot: Snapshot, reason: str = "", before: int | None = None, limit: int = 100) -> list[Found]:
    """The rejected records, newest first; `reason` "" takes all, `before` is the offset of the page before."""
    decoded = ((offset, decode_record(payload)) for offset, payload in newest_first(snapshot, REJECTED, before))
    matching = ((at, one) for at, one in decoded if isinstance(one, Rejected) and reason in ("", one.reason))
    return list(islice(matching, limit))


def one_at(snapshot: Snapshot, offset: int) -> list[Found]:
    """The rejected record at this offset, if there is one."""
    payload = snapshot.get(REJECTED, offset_key(offset))
    record = decode_record(payload) if payload else None
    return [(offset, record)] if isinstance(record, Rejected) else []


def reasons(snapshot: Snapshot) -> Counter[str]:
    """How many there were of each reason, ever."""
    counts: Counter[str] = Counter()
    for key, value in snapshot.scan(STATS):
        _, what, reason = read_stats_key(key)
        if what == "(rejected)":
            counts[reason] += msgspec.msgpack.decode(value, type=int)
    return counts


def again(one: Rejected, keys: Keys, plan: TrackingPlan, site_key: bytes, now: int) -> Accepted | None:
    """What is made of it by the plan in force now; None if its key was destroyed.

    It keeps source, messageId and the time it happened at. It is received now: repeats are known by the day of receipt,
    so a second replay within 24 hours counts nothing twice, however old the event is.
    """
    key = keys.get(one.leaf)
    if key is None:
        return None
    try:
        accepted = replay(one, key, plan, site_key)
    except BadRequest:
        return Accepted([], [], None)  # not even a call, today as then
    drafts = [msgspec.structs.replace(draft, received_at=now) for draft in accepted.drafts]
    return msgspec.structs.replace(accepted, drafts=drafts)


def shown(offset: int, one: Rejected) -> dict[str, Any]:
    """One of them as data: all but the sealed bytes."""
    return {
        "offset": str(offset),
        "source": one.source,
        "reason": one.reason,
        "where": one.where,
        "detail": one.detail,
        "path": one.path,
        "received_at": iso(one.received_at),
    }
