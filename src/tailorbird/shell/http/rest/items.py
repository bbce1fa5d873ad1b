"""The catalogue: PUT and DELETE /v1/items/{id}, POST /v1/items in bulk, GET /v1/items to search."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import JSONResponse, Response

from tailorbird.collect.draft import Refused
from tailorbird.collect.kinds import MAX_DEPTH, storable
from tailorbird.collect.times import parse_time
from tailorbird.errors import BadRequest
from tailorbird.events import Item
from tailorbird.shell.http.answers import failure
from tailorbird.shell.http.rest.guard import body_of, needs
from tailorbird.shell.http.rest.replies import json_of
from tailorbird.shell.http.web import Web

MOST_AT_ONCE = 10_000
_LATEST_MS = 1 << 53  # what JSON readers everywhere keep exact
_LONGEST_ID = 200
_decode = msgspec.json.Decoder().decode


def _item_schema() -> dict[str, Any]:
    _, components = msgspec.json.schema_components([Item])
    return dict(components["Item"])


_SCHEMA = _item_schema()
_BULK_SCHEMA = {"type": "object", "required": ["items"], "properties": {"items": {"type": "array", "items": _SCHEMA}}}

ItemId = Annotated[str, Path(description="the item's id", min_length=1, max_length=_LONGEST_ID, examples=["p1"])]


def items_routes(web: Web) -> APIRouter:
    """The routes, bound to one process's parts."""
    router = APIRouter(prefix="/v1", tags=["items"])
    _add_reading(router, web)
    _add_writing(router, web)
    return router


def _add_reading(router: APIRouter, web: Web) -> None:
    may_read, catalogue = Depends(needs(web.site, "read")), web.catalogue

    @router.get("/items", dependencies=[may_read])
    async def search(
        q: Annotated[str, Query(max_length=500, description="words to look for")] = "",
        category: Annotated[str, Query(max_length=200)] = "",
        limit: Annotated[int, Query(ge=1, le=500)] = 20,
        offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    ) -> Response:
        """A page of matches, best first, and how many there are."""
        items, total = await asyncio.to_thread(catalogue.search, q, category, limit, offset)
        return json_of({"items": items, "total": total})

    @router.get("/categories", dependencies=[may_read])
    async def categories() -> dict[str, Any]:
        """All categories with the number of their items, largest first."""
        found = await asyncio.to_thread(catalogue.categories)
        return {"categories": [{"category": name, "items": count} for name, count in found]}

    @router.get("/items/{item_id:path}", dependencies=[may_read])
    async def one(item_id: ItemId) -> Response:
        """One item."""
        item = await asyncio.to_thread(catalogue.get, item_id)
        return json_of(item) if item else JSONResponse(failure("not_found", "No item has this id."), 404)


def _add_writing(router: APIRouter, web: Web) -> None:
    may_write, catalogue = Depends(needs(web.site, "admin")), web.catalogue

    async def change(work: Callable[..., int], *arguments: Any) -> int:
        changed = await asyncio.to_thread(work, *arguments)
        # This worker shows its own change in its very next answer; the others find it when they next look.
        web.shelves.look()
        return changed

    @router.post("/items", dependencies=[may_write], openapi_extra=body_of(_BULK_SCHEMA))
    async def bulk(request: Request) -> dict[str, Any]:
        """Add or replace many items: `{"items": [...]}`. All are taken or none."""
        items = bulk_of(await request.body())
        return {"success": True, "changed": await change(catalogue.upsert, items)}

    @router.put("/items/{item_id:path}", dependencies=[may_write], openapi_extra=body_of(_SCHEMA))
    async def put(item_id: ItemId, request: Request) -> dict[str, Any]:
        """Add or replace one item; the id stands in the path."""
        body = _json_of(await request.body())
        if not isinstance(body, dict):
            raise BadRequest("An item must be a JSON object.")
        return {"success": True, "changed": await change(catalogue.upsert, [item_of({**body, "id": item_id}, "item")])}

    @router.delete("/items/{item_id:path}", dependencies=[may_write])
    async def remove(item_id: ItemId) -> dict[str, Any]:
        """Remove one item; `removed` is 0 if there was none."""
        return {"success": True, "removed": await change(catalogue.remove, [item_id])}


def bulk_of(body: bytes) -> list[Item]:
    """The items of a bulk call; raises BadRequest naming the first bad one."""
    data = _json_of(body)
    listed = data.get("items") if isinstance(data, dict) else data
    if not isinstance(listed, list):
        raise BadRequest('Send {"items": [...]}.')
    if len(listed) > MOST_AT_ONCE:
        raise BadRequest(f"{len(listed):,} items came; send at most {MOST_AT_ONCE:,} in one call.")
    return [item_of(fields, f"items[{index}]") for index, fields in enumerate(listed)]


def item_of(fields: Any, where: str) -> Item:
    """One item from JSON; dates may be ISO 8601 or ms. Raises BadRequest with the place."""
    try:
        if isinstance(fields, dict):
            fields = {**fields, **{name: _ms(fields[name]) for name in _DATES if fields.get(name) is not None}}
        item = msgspec.convert(fields, Item)
        item = msgspec.structs.replace(item, attributes=_storable(item.attributes)) if item.attributes else item
    except (msgspec.ValidationError, ValueError, OverflowError) as error:
        raise BadRequest(f"{where} cannot be taken: {error}.") from None
    if not 0 < len(item.id) <= _LONGEST_ID:
        raise BadRequest(f"{where} needs an id of 1 to {_LONGEST_ID} characters.")
    return item


def _storable(attributes: dict[str, Any]) -> dict[str, Any]:
    """As for events: whole numbers beyond 64 bits become text, and there is an end to nesting."""
    try:
        return dict(storable(attributes))
    except Refused:
        raise ValueError(f"its attributes are nested deeper than {MAX_DEPTH} levels") from None


_DATES = ("available_from", "available_until")


def _ms(value: Any) -> int:
    try:
        at = parse_time(value)
    except ValueError:
        # The message must not hold what was sent.
        raise ValueError("a date cannot be read; send ISO 8601 or ms since 1970") from None
    if abs(at) > _LATEST_MS:
        raise ValueError("a date lies too far away")
    return at


def _json_of(body: bytes) -> Any:
    try:
        return _decode(body)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"The body is not JSON: {error}.") from None
