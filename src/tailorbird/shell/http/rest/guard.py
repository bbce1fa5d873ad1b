"""The caller of a FastAPI endpoint, checked for a right."""

from collections.abc import Callable

from fastapi import Request

from tailorbird.events import Right
from tailorbird.shell.auth import Caller, require
from tailorbird.shell.http.site import SiteWatch


def needs(site: SiteWatch, right: Right) -> Callable[[Request], Caller]:
    """A dependency that gives the caller, or answers 401 or 403."""

    def caller(request: Request) -> Caller:
        return require(site.caller(request.scope["headers"]), right)

    return caller
