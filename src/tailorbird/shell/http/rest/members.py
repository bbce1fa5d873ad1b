"""Who is in a segment and since when, kept as a static list if somebody asks, and everybody's moves."""

import asyncio
import time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from tailorbird.shell.auth import Caller
from tailorbird.shell.http.rest.definitions import Name
from tailorbird.shell.http.rest.guard import needs
from tailorbird.shell.http.rest.lists import say
from tailorbird.shell.http.rest.replies import json_of, missing
from tailorbird.shell.http.web import Web
from tailorbird.shell.members import named_members, page_of_members
from tailorbird.shell.standing import latest_number, moves_behind, show_move

Limit = Annotated[int, Query(ge=1, le=1000)]
Person = Annotated[str, Query(max_length=32, description="behind this person's id, as the page before ends")]
Number = Annotated[int, Query(ge=-1, le=1 << 62, description="behind this number; -1 for only what comes from now on")]
_SNAPSHOT_AT_ONCE = 500


def member_routes(web: Web) -> APIRouter:
    """The routes, bound to one process's parts."""
    router = APIRouter(prefix="/v1", tags=["segments"])
    may_read, may_write = Depends(needs(web.site, "read")), needs(web.site, "admin")

    @router.get("/segments/{name}/members", dependencies=[may_read])
    async def members(name: Name, limit: Limit = 100, after: Person = "") -> Response:
        """Who is in it, and since when, in pages: `after` of one page is asked for in the next."""
        if web.definitions.get("segment", name) is None:
            return missing("segment")
        rows = await asyncio.to_thread(_members, web, name, limit, after)
        return json_of({"members": rows, "after": rows[-1]["person"] if len(rows) == limit else None})

    @router.post("/segments/{name}/snapshot")
    async def snapshot(name: Name, request: Request, caller: Annotated[Caller, Depends(may_write)]) -> Response:
        """Keep who is in it today as the static list NAME@DATE: one 'List Joined' event for each."""
        one = web.definitions.get("segment", name)
        if one is None:
            return missing("segment")
        list_name, calls = await asyncio.to_thread(_taken, web, name, one.version)
        offset = 0
        # In parts below the 500 KB of a call; said again after a crash they count once (`lists.snapped`).
        for start in range(0, len(calls), _SNAPSHOT_AT_ONCE):
            offset = await say(web, request, caller, calls[start : start + _SNAPSHOT_AT_ONCE])
        return json_of({"success": True, "list": list_name, "people": len(calls), "offset": str(offset)})

    @router.get("/moves", dependencies=[may_read])
    async def moves(after: Number = 0, limit: Limit = 100, segment: str = "") -> Response:
        """Everybody's moves in the order in which they happened here: 'Segment Entered' and 'Segment Left' events.

        `after` of one answer is asked for in the next; each move has an id that is the same in every replay.
        """
        return json_of(await asyncio.to_thread(_moves, web, after, limit, segment))

    return router


def _members(web: Web, name: str, limit: int, after: str) -> list[dict[str, Any]]:
    with web.state.snapshot() as snapshot:
        return page_of_members(snapshot, name, limit, after)


def _taken(web: Web, name: str, version: int) -> tuple[str, list[bytes]]:
    with web.state.snapshot() as snapshot:
        taken = named_members(snapshot, name, version, int(time.time() * 1000))
        return taken.list, list(taken.calls)


def _moves(web: Web, after: int, limit: int, segment: str) -> dict[str, Any]:
    with web.state.snapshot() as snapshot:
        behind = latest_number(snapshot) if after < 0 else after
        found = moves_behind(snapshot, behind, limit, segment)
    last = found[-1][0] if found else behind
    return {"moves": [{"number": n, **show_move(move)} for n, move in found], "after": last}
