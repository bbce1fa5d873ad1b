"""Traits and segments changed over the API: put, deleted, their versions, taken back. One set of routes for both."""

import asyncio
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response

from tailorbird.errors import BadRequest
from tailorbird.shell.auth import Caller
from tailorbird.shell.expressions import expression_body
from tailorbird.shell.http.rest.guard import body_of, needs
from tailorbird.shell.http.rest.replies import json_of, missing
from tailorbird.shell.http.web import Web
from tailorbird.shell.in_force import seen_events
from tailorbird.shell.people import iso
from tailorbird.shell.ports import Definition
from tailorbird.shell.site import Change, change_one, revert

_LONGEST_AUTHOR = 100
Name = Annotated[str, Path(description="its name", max_length=64, pattern="^[a-z][a-z0-9_]*$", examples=["high_value"])]
Version = Annotated[int | None, Query(ge=1, le=1_000_000_000, description="which one; the one before, if not said")]
_TEXT = {"type": "string"}
_BODY = {
    "type": "object",
    "required": ["sql"],
    "properties": {"sql": _TEXT, "description": _TEXT, "label": _TEXT, "author": _TEXT},
    "examples": [{"sql": "orders('90 days') >= 3", "description": "buys often", "author": "anna"}],
}


def definition_routes(web: Web, kind: str) -> APIRouter:
    """The routes of one kind, "trait" or "segment", bound to one process's parts."""
    router = APIRouter(prefix=f"/v1/{kind}s", tags=[f"{kind}s"])
    may_read, may_write = needs(web.site, "read"), needs(web.site, "admin")
    definitions = web.definitions

    def change(name: str, body: dict[str, Any] | None, author: str) -> Definition | None:
        present = definitions.get(kind, name)
        before = None if present is None else present.body
        return change_one(definitions, Change(kind, name, before, body), seen(web), author)

    @router.put("/{name}", openapi_extra=body_of(_BODY))
    async def put(name: Name, request: Request, caller: Annotated[Caller, Depends(may_write)]) -> Response:
        """Put it in force, as a new version. It is checked with all others, and refused (422) with the place."""
        body = _body(await request.body())
        author = _author(body, caller)
        done = await asyncio.to_thread(change, name, expression_body(kind, name, body), author)
        return json_of({"success": True, **shown(done)}) if done else missing(kind)

    @router.delete("/{name}")
    async def delete(name: Name, caller: Annotated[Caller, Depends(may_write)]) -> Response:
        """Take it out of force; refused (422) while others name it. It can be taken back by its versions."""
        if definitions.get(kind, name) is None:
            return missing(kind)
        await asyncio.to_thread(change, name, None, f"api:{caller.name}")
        return json_of({"success": True})

    @router.get("/{name}/versions", dependencies=[Depends(may_read)])
    async def versions(name: Name) -> Response:
        """All versions, newest first, with author and time."""
        history = await asyncio.to_thread(definitions.history, kind, name)
        return json_of({"versions": [shown(one) for one in history]}) if history else missing(kind)

    @router.post("/{name}/revert")
    async def back(name: Name, caller: Annotated[Caller, Depends(may_write)], version: Version = None) -> Response:
        """Take it back to an earlier version, as a new one."""
        if not definitions.history(kind, name):
            return missing(kind)
        change = revert(definitions, kind, name, version)
        done = await asyncio.to_thread(change_one, definitions, change, seen(web), f"api:{caller.name}")
        return json_of({"success": True, **(shown(done) if done else {"deleted": True})})

    return router


def seen(web: Web) -> set[str]:
    """Names of the events that came."""
    with web.state.snapshot() as snapshot:
        return seen_events(snapshot)


def shown(one: Definition) -> dict[str, Any]:
    """A version as JSON-able data."""
    told = {"name": one.name, **one.body, "version": one.version, "author": one.author, "changed_at": iso(one.at)}
    return {**told, "deleted": True} if one.deleted else told


def _body(data: bytes) -> dict[str, Any]:
    try:
        body = msgspec.json.decode(data)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"The body is not JSON: {error}.") from None
    if not isinstance(body, dict):
        raise BadRequest('Send {"sql": "...", "description": "..."}.')
    return body


def _author(body: dict[str, Any], caller: Caller) -> str:
    """Whoever the body says; else the key's name. It is taken out of the body."""
    author = body.pop("author", None)
    return f"api:{author[:_LONGEST_AUTHOR]}" if isinstance(author, str) and author.strip() else f"api:{caller.name}"
