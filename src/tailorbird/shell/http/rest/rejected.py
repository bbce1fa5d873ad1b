"""GET /v1/rejected: what could not be understood, and why; POST /v1/rejected/replay: give it another chance."""

from collections import Counter
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from tailorbird.collect.accept import accept
from tailorbird.collect.draft import Call
from tailorbird.collect.seal import open_bytes
from tailorbird.errors import BadRequest, TailorbirdError
from tailorbird.events import Rejected, decode_record
from tailorbird.know.tables import REJECTED, offset_key, offset_of
from tailorbird.shell.http.rest.guard import needs
from tailorbird.shell.http.web import Web
from tailorbird.shell.people import iso

MOST_LISTED = 1000
_FIRST_WINDOW = 1 << 20  # bytes of log looked at first: however many were rejected, the newest are found at once
Reason = Annotated[str, Query(max_length=50, description="only this reason, such as 'timestamp'")]
Limit = Annotated[int, Query(ge=1, le=MOST_LISTED)]


def rejected_routes(web: Web) -> APIRouter:
    """The routes, bound to one process's parts."""
    router = APIRouter(prefix="/v1/rejected", tags=["rejected"])

    @router.get("", dependencies=[Depends(needs(web.site, "read"))])
    async def listed(reason: Reason = "", before: str = "", limit: Limit = 100) -> dict[str, Any]:
        """The rejected events, newest first. `before` is the offset of the last one of the page before."""
        return {"rejected": [_shown(offset, one) for offset, one in newest(web, reason, _offset(before), limit)]}

    @router.post("/replay", dependencies=[Depends(needs(web.site, "admin"))])
    async def replay(reason: Reason = "", offset: str = "", limit: Limit = 100) -> dict[str, Any]:
        """Accept them again, by the tracking plan in force now: one by `offset`, or the newest by `reason`.

        They keep their source, their time of receipt and their messageId, so nothing counts twice.
        """
        found = one_at(web, _offset(offset)) if offset else list(newest(web, reason, None, limit))
        outcomes: Counter[str] = Counter()
        for _, one in found:
            outcomes[await _again(web, one)] += 1
        return {"success": True, "replayed": len(found), "outcomes": dict(outcomes)}

    return router


def newest(web: Web, reason: str, before: int | None, limit: int) -> list[tuple[int, Rejected]]:
    """The rejected records, newest first."""
    found: list[tuple[int, Rejected]] = []
    with web.state.snapshot() as snapshot:
        stop, window = snapshot.offset + 1 if before is None else before, _FIRST_WINDOW
        while stop > 0 and len(found) < limit:
            start = max(0, stop - window)
            rows = list(snapshot.scan(REJECTED, offset_key(start), offset_key(stop)))
            for key, payload in reversed(rows):
                record = decode_record(payload)
                if isinstance(record, Rejected) and reason in ("", record.reason):
                    found.append((offset_of(key), record))
            stop, window = start, window * 2
    return found[:limit]


def one_at(web: Web, offset: int | None) -> list[tuple[int, Rejected]]:
    """The rejected record at this offset, if there is one."""
    with web.state.snapshot() as snapshot:
        payload = None if offset is None else snapshot.get(REJECTED, offset_key(offset))
    record = decode_record(payload) if payload else None
    return [(offset, record)] if offset is not None and isinstance(record, Rejected) else []


async def _again(web: Web, one: Rejected) -> str:
    """What became of it: "accepted", "rejected" again, or "forgotten" since its key was destroyed."""
    key = web.keys.get(one.leaf)
    if key is None:
        return "forgotten"
    call = Call(one.received_at, one.source)
    try:
        accepted = accept(one.path, open_bytes(key, one.leaf, one.sealed), call, web.site.now().plan, web.site_key)
    except TailorbirdError:
        return "rejected"
    if accepted.rejected or not accepted.drafts:
        return "rejected"
    await web.ingest.store(accepted)
    web.collect.count(one.source, accepted)
    return "accepted"


def _shown(offset: int, one: Rejected) -> dict[str, Any]:
    return {
        "offset": str(offset),
        "source": one.source,
        "reason": one.reason,
        "where": one.where,
        "detail": one.detail,
        "path": one.path,
        "received_at": iso(one.received_at),
    }


def _offset(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise BadRequest("An offset is a whole number, as GET /v1/rejected shows it.")
    return int(text)
