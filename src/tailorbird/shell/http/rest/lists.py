"""POST /v1/lists/{name}: put people on a static list, or take them off."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Path, Request

from tailorbird.collect.accept import accept
from tailorbird.errors import BadRequest
from tailorbird.shell.auth import Caller
from tailorbird.shell.http.collect import call_of
from tailorbird.shell.http.rest.guard import body_of, needs
from tailorbird.shell.http.web import Web
from tailorbird.shell.http.wire import Request as Call
from tailorbird.shell.lists import checked_name, joined, left

_MOST = 2_500  # what one batch may hold
_PEOPLE = {"type": "array", "maxItems": _MOST, "items": {"type": "string", "examples": ["userId:42"]}}
_BODY = {"type": "object", "properties": {"join": _PEOPLE, "leave": _PEOPLE}, "examples": [{"join": ["userId:42"]}]}


class Change(msgspec.Struct, forbid_unknown_fields=True):
    """Who joins and who leaves, each TYPE:VALUE."""

    join: list[str] = []
    leave: list[str] = []


_decode = msgspec.json.Decoder(Change).decode


def list_routes(web: Web) -> APIRouter:
    """The routes, bound to one process's parts."""
    router = APIRouter(prefix="/v1/lists", tags=["segments"])

    @router.post("/{name}", openapi_extra=body_of(_BODY))
    async def change(
        name: Annotated[str, Path(max_length=64, examples=["spring_letter"])],
        request: Request,
        caller: Annotated[Caller, Depends(needs(web.site, "collect"))],
    ) -> dict[str, Any]:
        """`{"join": ["userId:42"], "leave": []}`. Each becomes an event; the answer's offset is a token for `after`."""
        wanted = _change(await request.body())
        calls = [*joined(checked_name(name), wanted.join), *left(name, wanted.leave)]
        # All are looked at before any is said: one name that is none changes nothing.
        for named in (*wanted.join, *wanted.leave):
            if not web.lookup.identifiers(named):
                raise BadRequest(f"Nothing was changed: {_shown(named)} names nobody.")
        return {"success": True, "offset": str(await say(web, request, caller, calls)), "people": len(calls)}

    return router


async def say(web: Web, request: Request, caller: Caller, calls: list[bytes]) -> int:
    """Take these calls as if the caller had posted them; the offset behind them. Raises BadRequest."""
    client = request.client.host if request.client else ""
    call = call_of(Call("POST", "", b"", dict(request.scope["headers"]), client), caller)
    body = b'{"batch":[' + b",".join(calls) + b"]}"
    accepted = accept("/v1/batch", body, call, web.site.now().plan, web.site_key)
    if accepted.rejected:
        raise BadRequest(f"Nothing was changed: {accepted.rejected[0].detail}")
    offset = await web.ingest.store(accepted)
    web.collect.count(caller.name, accepted)
    return offset


def _change(body: bytes) -> Change:
    try:
        wanted = _decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BadRequest(f'Send {{"join": ["userId:42"], "leave": []}}: {error}.') from None
    if not 0 < len(wanted.join) + len(wanted.leave) <= _MOST:
        raise BadRequest(f"{len(wanted.join) + len(wanted.leave):,} people came; send 1 to {_MOST:,} in one call.")
    return wanted


def _shown(named: str) -> str:
    """The type alone: the value may be personal, and errors are logged."""
    type, colon, _ = named.partition(":")
    return f"that {type}" if colon and len(type) < 20 else "one of them"
