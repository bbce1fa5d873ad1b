"""Segments and traits as they are at work: lists, single ones, and how many people are in each now."""

import asyncio
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from tailorbird.shell.http.rest.definitions import Name, shown
from tailorbird.shell.http.rest.guard import needs
from tailorbird.shell.http.rest.replies import json_of, missing
from tailorbird.shell.http.web import Web
from tailorbird.shell.members import Sizes
from tailorbird.shell.people import iso
from tailorbird.shell.standing import told


def segment_routes(web: Web) -> APIRouter:
    """The routes, bound to one process's parts."""
    router = APIRouter(prefix="/v1", tags=["segments"])
    may_read = Depends(needs(web.site, "read"))
    sizes = Sizes(web.state)

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

    @router.get("/segments/{name}", dependencies=[may_read])
    async def segment(name: Name) -> Response:
        """One segment, and how many people are in it now."""
        one = web.definitions.get("segment", name)
        if one is None:
            return missing("segment")
        people = await asyncio.to_thread(sizes.now)
        return json_of({**shown(one), "people": people.get(name, 0), **_at_work(web)})

    return router


def _at_work(web: Web) -> dict[str, Any]:
    """Since when the worker goes by definitions, and whether all people have been looked at since."""
    with web.state.snapshot() as snapshot:
        work = told(snapshot)
    since = iso(work.at) if work.at else None
    return {"in_force_since": since, "reaching": work.reaching, "refused": work.refused or None}
