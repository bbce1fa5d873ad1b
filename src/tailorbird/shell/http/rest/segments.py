"""Segments and traits as they are at work: lists with live sizes, members, snapshots, and everybody's moves."""

import asyncio
import time
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from tailorbird.errors import BadRequest
from tailorbird.shell.auth import Caller
from tailorbird.shell.http.rest.definitions import Name, shown
from tailorbird.shell.http.rest.guard import body_of, needs
from tailorbird.shell.http.rest.lists import say
from tailorbird.shell.http.rest.replies import json_of, missing
from tailorbird.shell.http.web import Web
from tailorbird.shell.in_force import read_in_force
from tailorbird.shell.members import Sizes, named_members, page_of_members
from tailorbird.shell.patience import PREVIEW_S, at_most
from tailorbird.shell.people import iso
from tailorbird.shell.standing import latest_number, moves_behind, show_move, told

Limit = Annotated[int, Query(ge=1, le=1000)]
Person = Annotated[str, Query(max_length=32, description="behind this person's id, as the page before ends")]
Number = Annotated[int, Query(ge=-1, le=1 << 62, description="behind this number; -1 for only what comes from now on")]
_SNAPSHOT_AT_ONCE = 500
_PREDICATE = {
    "type": "object", "required": ["sql"], "properties": {"sql": {"type": "string"}},
    "examples": [{"sql": "orders('90 days') >= 3"}],
}  # fmt: skip


class Predicate(msgspec.Struct):
    """What is to be previewed: a predicate, or a segment's name."""

    sql: str


def segment_routes(web: Web) -> APIRouter:
    """The routes, bound to one process's parts."""
    router = APIRouter(prefix="/v1", tags=["segments"])
    may_read, may_write = Depends(needs(web.site, "read")), needs(web.site, "admin")
    sizes = Sizes(web.state)
    # One after the other: a preview has all of the lake's threads, and many at once would leave none for other calls.
    alone = asyncio.Semaphore(1)

    @router.get("/segments", dependencies=[may_read])
    async def segments() -> Response:
        """All segments with their text, version and author, and how many people are in each now."""
        found, people = web.definitions.all("segment"), await asyncio.to_thread(sizes.now)
        rows = [{**shown(one), "people": people.get(one.name, 0)} for one in found]
        return json_of({"segments": rows, **_at_work(web)})

    @router.get("/traits", dependencies=[may_read], tags=["traits"])
    async def traits() -> Response:
        """All computed traits with their text, version and author."""
        return json_of({"traits": [shown(one) for one in web.definitions.all("trait")], **_at_work(web)})

    @router.get("/traits/{name}", dependencies=[may_read], tags=["traits"])
    async def trait(name: Name) -> Response:
        """One computed trait."""
        one = web.definitions.get("trait", name)
        return json_of(shown(one)) if one else missing("trait")

    @router.post("/segments/preview", dependencies=[may_read], openapi_extra=body_of(_PREDICATE))
    async def preview(request: Request) -> Response:
        """Who a predicate would find: size, 90 days, lifts, examples with reasons, overlap. Nothing is saved."""
        text = _predicate(await request.body())
        async with alone:
            return json_of(await asyncio.to_thread(_previewed, web, text))

    @router.get("/segments/{name}", dependencies=[may_read])
    async def segment(name: Name) -> Response:
        """One segment, and how many people are in it now."""
        one = web.definitions.get("segment", name)
        if one is None:
            return missing("segment")
        people = await asyncio.to_thread(sizes.now)
        return json_of({**shown(one), "people": people.get(name, 0), **_at_work(web)})

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


def _previewed(web: Web, text: str) -> dict[str, Any]:
    from tailorbird.shell.previewing import previewed

    with at_most(web.lake, PREVIEW_S, "The preview"), web.state.snapshot() as snapshot:
        return previewed(web.lake, snapshot, read_in_force(web.definitions).bodies, text)


def _predicate(body: bytes) -> str:
    try:
        return msgspec.json.decode(body, type=Predicate).sql
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BadRequest(f'Send {{"sql": "orders() >= 3"}}: {error}.') from None


def _at_work(web: Web) -> dict[str, Any]:
    """Since when the worker goes by definitions, and whether all people have been looked at since."""
    with web.state.snapshot() as snapshot:
        work = told(snapshot)
    since = iso(work.at) if work.at else None
    return {"in_force_since": since, "reaching": work.reaching, "refused": work.refused or None}
