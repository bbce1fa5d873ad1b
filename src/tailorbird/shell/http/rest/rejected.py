"""GET /v1/rejected: what could not be understood, and why; POST /v1/rejected/replay: give it another chance."""

import time
from collections import Counter
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from tailorbird.errors import BadRequest
from tailorbird.events import Rejected
from tailorbird.shell import quarantine
from tailorbird.shell.http.rest.guard import needs
from tailorbird.shell.http.web import Web

MOST_LISTED = 1000
Reason = Annotated[str, Query(max_length=50, description="only this reason, such as 'timestamp'")]
Limit = Annotated[int, Query(ge=1, le=MOST_LISTED)]


def rejected_routes(web: Web) -> APIRouter:
    """The routes, bound to one process's parts."""
    router = APIRouter(prefix="/v1/rejected", tags=["rejected"])

    @router.get("", dependencies=[Depends(needs(web.site, "read"))])
    async def listed(reason: Reason = "", before: str = "", limit: Limit = 100) -> dict[str, Any]:
        """The rejected events, newest first. `before` is the offset of the last one of the page before."""
        with web.state.snapshot() as snapshot:
            found = quarantine.newest(snapshot, reason, _offset(before), limit)
        return {"rejected": [quarantine.shown(at, one) for at, one in found]}

    @router.post("/replay", dependencies=[Depends(needs(web.site, "admin"))])
    async def replay(reason: Reason = "", offset: str = "", limit: Limit = 100) -> dict[str, Any]:
        """Accept them again, by the tracking plan in force now: one by `offset`, or the newest by `reason`.

        They keep their source, their time and their messageId: two replays within 24 hours count once.
        """
        only = _offset(offset)
        with web.state.snapshot() as snapshot:
            newest = quarantine.newest(snapshot, reason, limit=limit) if only is None else []
            found = newest if only is None else quarantine.one_at(snapshot, only)
        outcomes: Counter[str] = Counter()
        for _, one in found:
            outcomes[await _again(web, one)] += 1
        return {"success": True, "replayed": len(found), "outcomes": dict(outcomes)}

    return router


async def _again(web: Web, one: Rejected) -> str:
    """What became of it: "accepted", "rejected" again, or "forgotten" since its key was destroyed."""
    accepted = quarantine.again(one, web.keys, web.site.now().plan, web.site_key, time.time_ns() // 1_000_000)
    if accepted is None:
        return "forgotten"
    if accepted.rejected or not accepted.drafts:
        return "rejected"
    await web.ingest.store(accepted)
    web.collect.count(one.source, accepted)
    return "accepted"


def _offset(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise BadRequest("An offset is a whole number, as GET /v1/rejected shows it.")
    return int(text)
