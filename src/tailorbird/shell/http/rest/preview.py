"""POST /v1/segments/preview: who a predicate would find, before anybody saves it."""

import asyncio
from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from tailorbird.errors import BadRequest
from tailorbird.shell.http.rest.guard import body_of, needs
from tailorbird.shell.http.rest.replies import json_of
from tailorbird.shell.http.web import Web
from tailorbird.shell.in_force import read_in_force
from tailorbird.shell.patience import PREVIEW_S, at_most

_PREDICATE = {
    "type": "object", "required": ["sql"], "properties": {"sql": {"type": "string"}},
    "examples": [{"sql": "orders('90 days') >= 3"}],
}  # fmt: skip


class Predicate(msgspec.Struct):
    """What is to be previewed: a predicate, or a segment's name."""

    sql: str


def preview_routes(web: Web) -> APIRouter:
    """The route, bound to one process's parts."""
    router = APIRouter(prefix="/v1", tags=["segments"])
    may_read = Depends(needs(web.site, "read"))
    # One after the other: a preview has all of the lake's threads, and many at once would leave none for other calls.
    alone = asyncio.Semaphore(1)

    @router.post("/segments/preview", dependencies=[may_read], openapi_extra=body_of(_PREDICATE))
    async def preview(request: Request) -> Response:
        """Who a predicate would find: size, 90 days, lifts, examples with reasons, overlap. Nothing is saved."""
        text = _predicate(await request.body())
        async with alone:
            return json_of(await asyncio.to_thread(_previewed, web, text))

    return router


def _previewed(web: Web, text: str) -> dict[str, Any]:
    # Here, in a thread: the language and its parser are no small thing, and few workers are ever asked.
    from tailorbird.shell.previewing import previewed

    with at_most(web.lake, PREVIEW_S, "The preview"), web.state.snapshot() as snapshot:
        return previewed(web.lake, snapshot, read_in_force(web.definitions).bodies, text)


def _predicate(body: bytes) -> str:
    try:
        return msgspec.json.decode(body, type=Predicate).sql
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BadRequest(f'Send {{"sql": "orders() >= 3"}}: {error}.') from None
