"""GET /v1/predictions: the models that definitions ask for, how good each is, and when it last scored everyone."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from starlette.responses import JSONResponse, Response

from tailorbird.errors import BadRequest
from tailorbird.shell.http.answers import failure
from tailorbird.shell.http.rest.guard import needs
from tailorbird.shell.http.rest.replies import json_of
from tailorbird.shell.http.web import Web

Name = Annotated[str, Path(max_length=300, examples=["likely_order_completed_14_days"])]


def prediction_routes(web: Web) -> APIRouter:
    """The routes, bound to one process's parts."""
    router = APIRouter(prefix="/v1/predictions", tags=["traits"], dependencies=[Depends(needs(web.site, "read"))])

    @router.get("")
    async def every() -> Response:
        """All of them, each with who asks for it; `manifest` is null while a model is not trained yet."""
        return json_of({"predictions": await asyncio.to_thread(_all, web)})

    @router.get("/{name}")
    async def one(name: Name) -> Response:
        """One, by its name, its call, or a trait or segment that asks for it: measures, reliability curve, drift."""
        try:
            return json_of(await asyncio.to_thread(_one, web, name))
        except BadRequest as unknown:
            return JSONResponse(failure("not_found", str(unknown)), 404)

    return router


def _all(web: Web) -> list[dict[str, Any]]:
    # Imported in a thread, when somebody asks: the language and numpy's part of a model are no small thing.
    from tailorbird.shell.predicting.asking import asked_in
    from tailorbird.shell.predicting.registry import shown

    found = asked_in(web.definitions, web.state)
    return [{"asked_by": one.by, **shown(web.layout, one.question)} for one in found]


def _one(web: Web, name: str) -> dict[str, Any]:
    from tailorbird.shell.predicting.asking import asked_by_name, asked_in
    from tailorbird.shell.predicting.registry import shown

    found = asked_by_name(asked_in(web.definitions, web.state), name)
    return {"asked_by": found.by, **shown(web.layout, found.question)}
