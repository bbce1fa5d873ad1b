"""What several endpoints answer alike."""

from fastapi import Response
from fastapi.responses import JSONResponse

from tailorbird.shell.http.answers import failure
from tailorbird.shell.http.wire import encode_json


def json_of(data: object) -> Response:
    """The data as JSON, by msgspec, as all answers are."""
    return Response(encode_json(data), media_type="application/json")


def missing(kind: str) -> Response:
    """404 for a definition that nobody made."""
    return JSONResponse(failure("not_found", f"No {kind} has this name; GET /v1/{kind}s lists them."), 404)
