"""GET /v1/people/{type}:{value}, its timeline, and PUT .../consent."""

import asyncio
import time
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import JSONResponse, Response

from tailorbird.collect.accept import accept
from tailorbird.errors import BadRequest
from tailorbird.events import Identifier
from tailorbird.shell import people, standing
from tailorbird.shell.auth import Caller
from tailorbird.shell.http.answers import failure
from tailorbird.shell.http.collect import call_of
from tailorbird.shell.http.freshness import offset_of
from tailorbird.shell.http.rest.guard import body_of, needs
from tailorbird.shell.http.web import Web
from tailorbird.shell.http.wire import Request as Call
from tailorbird.shell.http.wire import encode_json
from tailorbird.shell.knowing import knowing
from tailorbird.shell.on_behalf import track

Named = Annotated[str, Path(description="TYPE:VALUE, such as userId:42", examples=["userId:42"])]
After = Annotated[str | None, Query(description="wait for this offset token, at most 20 ms", examples=["1187"])]
_PURPOSES = {"type": "object", "additionalProperties": {"type": "boolean"}, "minProperties": 1, "maxProperties": 50,
             "examples": [{"personalization": False}]}  # fmt: skip
_read_purposes = msgspec.json.Decoder(dict[str, bool]).decode


def people_routes(web: Web) -> APIRouter:
    """The routes, bound to one process's parts."""
    router = APIRouter(prefix="/v1/people", tags=["people"])
    may_read, may_write = needs(web.site, "read"), needs(web.site, "collect")

    # The longer paths first: a value may hold slashes, so `{named:path}` alone takes everything.
    @router.get("/{named:path}/timeline", dependencies=[Depends(may_read)])
    async def timeline(named: Named, limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> Response:
        """The person's latest events and decisions, newest first."""
        found = web.lookup.identifiers(named)
        with web.state.snapshot() as snapshot:
            person = web.lookup.find(found).person
            rows = [] if person is None else people.timeline(snapshot, web.keys, person, limit)
        return Response(encode_json({"timeline": rows}), media_type="application/json")

    @router.put("/{named:path}/consent", openapi_extra=body_of(_PURPOSES))
    async def consent(request: Request, named: Named, caller: Annotated[Caller, Depends(may_write)]) -> dict[str, Any]:
        """Grant or withdraw purposes. Becomes an event; the answer's offset is a token for `after`."""
        purposes = purposes_of(await request.body())
        body = _consent_changed(named, web.lookup.identifiers(named), purposes)
        client = request.client.host if request.client else ""
        call = call_of(Call("PUT", "", b"", dict(request.scope["headers"]), client), caller)
        accepted = accept("/v1/track", body, call, web.site.now().plan, web.site_key)
        if accepted.rejected:  # a client must not believe that a no was heard
            raise BadRequest(f"Nothing was changed: {accepted.rejected[0].detail}")
        offset = await web.ingest.store(accepted)
        web.collect.count(caller.name, accepted)
        # Answered when it is folded, if that is soon: the next page of whoever said no is already without.
        return {"success": True, "offset": str(offset), "fresh": await web.freshness.reached(offset)}

    @router.get("/{named:path}", dependencies=[Depends(may_read)])
    async def person(named: Named, after: After = None) -> Response:
        """What is known of a person: identifiers, traits, segments, counters, affinities, recent items, consent."""
        if after is not None:
            await web.freshness.reached(offset_of(after))
        found = web.lookup.find(web.lookup.identifiers(named))
        if found.person is None or found.profile is None:
            return JSONResponse(failure("not_found", "No person is known by this identifier."), 404)
        now = int(time.time() * 1000)
        stands = await asyncio.to_thread(_standing, web, found.person, now)
        placements = web.site.now().placements
        known = knowing(found.profile, placements, now, stands["computed"], stands.get("approximate", ()))
        shown = {**people.view(found.profile, now), **stands, **known}
        return Response(encode_json(shown), media_type="application/json")

    return router


def _standing(web: Web, person: bytes, now: int) -> dict[str, Any]:
    # In a thread: the first of them reads and compiles the site's definitions.
    with web.state.snapshot() as snapshot:
        return standing.view(snapshot, web.programs, person, now)


def purposes_of(body: bytes) -> dict[str, bool]:
    """The purposes granted or withdrawn; raises BadRequest.

    >>> purposes_of(b'{"personalization": false}')
    {'personalization': False}
    """
    try:
        purposes = _read_purposes(body)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BadRequest(f'Send {{"purpose": true or false}}, such as {{"personalization": false}}: {error}.') from None
    if not 0 < len(purposes) <= 50:
        raise BadRequest(f"{len(purposes)} purposes came; send 1 to 50.")
    return purposes


def _consent_changed(named: str, identifiers: list[Identifier], purposes: dict[str, bool]) -> bytes:
    """The track call that says so; raises BadRequest for an identifier that names nobody."""
    if not identifiers:
        raise BadRequest("This identifier names nobody: it is empty, or a blocked value such as 'null' or 'guest'.")
    return track(named, "Consent Changed", context={"consent": {"categoryPreferences": purposes}})
