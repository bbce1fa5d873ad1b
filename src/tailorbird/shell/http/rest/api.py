"""The FastAPI application: routers, errors in our one shape, OpenAPI of everything, hot routes included."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.exceptions import HTTPException

from tailorbird.errors import TailorbirdError
from tailorbird.shell.http.answers import extra_headers, failure, status_and_code
from tailorbird.shell.http.rest.definitions import definition_routes
from tailorbird.shell.http.rest.docs_page import PAGE, PAGE_HEADERS
from tailorbird.shell.http.rest.hot_paths import add_hot_paths
from tailorbird.shell.http.rest.items import items_routes
from tailorbird.shell.http.rest.lists import list_routes
from tailorbird.shell.http.rest.members import member_routes
from tailorbird.shell.http.rest.models import model_routes
from tailorbird.shell.http.rest.people import people_routes
from tailorbird.shell.http.rest.plan import plan_routes
from tailorbird.shell.http.rest.predictions import prediction_routes
from tailorbird.shell.http.rest.preview import preview_routes
from tailorbird.shell.http.rest.rejected import rejected_routes
from tailorbird.shell.http.rest.segments import segment_routes
from tailorbird.shell.http.web import Web

TITLE = "Tailorbird"
SUMMARY = "Collect, know, offer, prove. Keys: Basic user name, `Authorization: Bearer`, or `X-Api-Key`."
_ROUTES = (
    people_routes, items_routes, plan_routes, rejected_routes, segment_routes, preview_routes, member_routes,
    list_routes, prediction_routes, model_routes,
)  # fmt: skip


def make_api(web: Web) -> FastAPI:
    """The application behind the hot routes."""
    api = FastAPI(title=TITLE, description=SUMMARY, docs_url=None, redoc_url=None, openapi_url="/openapi.json")
    for routes in _ROUTES:
        api.include_router(routes(web))
    for kind in ("segment", "trait"):
        api.include_router(definition_routes(web, kind))
    _errors(api)

    @api.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(PAGE, headers=PAGE_HEADERS)

    _document(api)
    return api


def _errors(api: FastAPI) -> None:
    @api.exception_handler(TailorbirdError)
    async def ours(request: Request, error: TailorbirdError) -> JSONResponse:
        status, code = status_and_code(error)
        headers = {name.decode(): value.decode() for name, value in extra_headers(error)}
        return JSONResponse(failure(code, str(error)), status, headers)

    @api.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        # Where and why, never the value: it may be personal, and it may not even be JSON.
        details = [{"where": ".".join(map(str, one["loc"])), "message": one["msg"]} for one in error.errors()]
        return JSONResponse({**failure("invalid", "The call has a wrong or missing part."), "details": details}, 422)

    @api.exception_handler(HTTPException)
    async def other(request: Request, error: HTTPException) -> JSONResponse:
        # Starlette's own errors in our one shape: a client needs to know a single one.
        code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "refused")
        return JSONResponse(
            failure(code, f"{error.detail}. /docs lists what there is."), error.status_code, error.headers
        )


def _document(api: FastAPI) -> None:
    """Give the document all endpoints, made once at the first call."""

    def document() -> dict[str, Any]:
        if api.openapi_schema is None:
            schema = get_openapi(title=TITLE, version="1", description=SUMMARY, routes=api.routes)
            api.openapi_schema = add_hot_paths(schema)
        return api.openapi_schema

    api.openapi = document  # type: ignore[method-assign]  # FastAPI's documented way
