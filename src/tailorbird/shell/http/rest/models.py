"""GET /v1/models: the versions of the recommender, how good each is, where it comes from, and which one serves."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from fastapi.responses import JSONResponse, Response

from tailorbird.shell.http.answers import failure
from tailorbird.shell.http.rest.guard import needs
from tailorbird.shell.http.rest.replies import json_of
from tailorbird.shell.http.web import Web
from tailorbird.shell.models import Models, overview


def model_routes(web: Web) -> APIRouter:
    """The routes, bound to one process's parts."""
    router = APIRouter(prefix="/v1/models", tags=["models"], dependencies=[Depends(needs(web.site, "read"))])
    models = Models(web.layout.models)

    @router.get("")
    def listed() -> dict[str, Any]:
        """All versions, newest first; a damaged one says so in `trouble`."""
        return {"models": overview(models)}

    @router.get("/{version}")
    def shown(version: Annotated[str, Path(max_length=64, examples=["20261122-031500"])]) -> Response:
        """One version: recipe, evaluation, report by part with intervals, lineage, verdict."""
        if version not in models.versions():
            return JSONResponse(failure("not_found", "No model has this version; GET /v1/models lists them."), 404)
        return json_of(models.manifest(version))

    return router
