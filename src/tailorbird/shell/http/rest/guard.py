"""What the FastAPI endpoints share: the caller, checked for a right, and how a body that we read ourselves is shown."""

from collections.abc import Callable
from typing import Any

from fastapi import Request

from tailorbird.events import Right
from tailorbird.shell.auth import Caller, require
from tailorbird.shell.http.site import SiteWatch


def needs(site: SiteWatch, right: Right) -> Callable[[Request], Caller]:
    """A dependency that gives the caller, or answers 401 or 403."""

    def caller(request: Request) -> Caller:
        return require(site.caller(dict(request.scope["headers"])), right)

    return caller


def body_of(schema: dict[str, Any]) -> dict[str, Any]:
    """A JSON body in the OpenAPI document. We read it whatever its content type says: curl -d calls it a form."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}
