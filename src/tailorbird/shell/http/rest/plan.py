"""GET /v1/plan/observed: fields that arrive though nobody declared them, with a declaration to copy."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from tailorbird.shell.http.rest.guard import needs
from tailorbird.shell.http.web import Web
from tailorbird.shell.observing import LATEST, observed, report

Latest = Annotated[int, Query(ge=1, le=20_000, description="how many of the latest events to look at")]


def plan_routes(web: Web) -> APIRouter:
    """The routes, bound to one process's parts."""
    router = APIRouter(prefix="/v1/plan", tags=["plan"])

    # A plain function: FastAPI runs it in a thread, so that opening thousands of events holds up nobody.
    @router.get("/observed", dependencies=[Depends(needs(web.site, "read"))])
    def found(latest: Latest = LATEST) -> dict[str, Any]:
        """The undeclared or misfit fields of the latest events, names and kinds only, and a proposal for the plan."""
        with web.state.snapshot() as snapshot:
            return report(observed(snapshot, web.keys, web.site.now().plan, latest))

    return router
