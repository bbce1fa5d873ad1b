"""The hot routes in the OpenAPI document: they do not pass through FastAPI, so they are described here."""

from typing import Any

import msgspec

from tailorbird.collect.dialects.segment import BATCHES, TYPES
from tailorbird.shell.http import decide

_REF = "#/components/schemas/{name}"
_CALLS = {
    "track": "Something a person did, by name.",
    "identify": "Who a person is, and their traits.",
    "page": "A page was viewed.",
    "screen": "A screen of an app was viewed.",
    "group": "A person belongs to a group.",
    "alias": "Two identifiers are one person's.",
}
_STRICT = {
    "name": "strict",
    "in": "query",
    "required": False,
    "schema": {"type": "string", "enum": ["0", "1"]},
    "description": "1: answer 400 with a list of what was wrong and where, instead of 200",
}
_FIELDS: dict[str, Any] = {
    **{name: {"type": "string"} for name in ("userId", "anonymousId", "messageId", "timestamp", "event")},
    **{name: {"type": "object"} for name in ("properties", "traits", "context")},
}
_EVENT = {"type": "object", "properties": _FIELDS}
_TYPED = {"type": {"type": "string", "enum": list(_CALLS)}, **_FIELDS}
_ITEM_OF_BATCH = {"type": "object", "required": ["type"], "properties": _TYPED}
_BATCH = {
    "type": "object",
    "required": ["batch"],
    "properties": {
        "batch": {"type": "array", "items": _ITEM_OF_BATCH, "maxItems": 2500},
        "context": {"type": "object"},
        "integrations": {"type": "object"},
        "sentAt": {"type": "string"},
        "writeKey": {"type": "string"},
    },
}
_ACKNOWLEDGED = {
    "type": "object",
    "required": ["success", "offset"],
    "properties": {"success": {"type": "boolean"}, "offset": {"type": "string", "description": "token for `after`"}},
}
_FAILURE = {
    "type": "object",
    "properties": {"success": {"type": "boolean"}, "error": {"type": "string"}, "message": {"type": "string"}},
}
_FAILURES = {
    "400": "The body cannot be understood",
    "401": "No known key",
    "403": "The key lacks the right",
    "408": "The body came too slowly",
    "413": "Too many bytes or events",
    "503": "The log cannot be written now; try again after Retry-After seconds",
}
_KEYS = {
    "basic": {"type": "http", "scheme": "basic", "description": "the key as user name, no password"},
    "bearer": {"type": "http", "scheme": "bearer"},
    "header": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
}


def add_hot_paths(schema: dict[str, Any]) -> dict[str, Any]:
    """The document with the hot routes, the keys and the error answers."""
    components = schema.setdefault("components", {})
    parts = components.setdefault("schemas", {})
    (body, answer), ours = msgspec.json.schema_components([decide.Body, decide.Answer], ref_template=_REF)
    parts.update(ours)
    parts["Failure"] = _FAILURE
    components["securitySchemes"] = _KEYS
    schema["security"] = [{name: []} for name in _KEYS]
    hot = {
        **_collecting(),
        "/v1/decide": {"post": _call("decide", "What should this person see now, and why.", body, answer)},
        "/v1/projects/{key}/settings": {"get": _settings()},
        **{path: {"get": _open(says)} for path, says in _OPEN.items()},
    }
    # First: they are what nearly everybody looks for.
    schema["paths"] = {**hot, **schema.get("paths", {})}
    _add_failures(schema["paths"])
    return schema


_OPEN = {
    "/healthz": "200 while the process answers.",
    "/readyz": "200 while log, state and stream worker are of use; else 503 with what is not.",
    "/metrics": "All metrics for Prometheus.",
    "/tailorbird.js": "The browser SDK.",
}


def _collecting() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for name, kind in TYPES.items():
        says = _CALLS[kind] if name == kind else f"Short for /v1/{kind}."
        paths[f"/v1/{name}"] = {"post": _call("collect", says, _EVENT, _ACKNOWLEDGED, [_STRICT])}
    for name in BATCHES:
        says = "Up to 2,500 events in 500 KB; each says its type." if name == "batch" else "Same as /v1/batch."
        paths[f"/v1/{name}"] = {"post": _call("collect", says, _BATCH, _ACKNOWLEDGED, [_STRICT])}
    return paths


def _call(tag: str, says: str, body: Any, answer: Any, parameters: Any = ()) -> dict[str, Any]:
    return {
        "tags": [tag],
        "summary": says,
        "parameters": list(parameters),
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {"200": {"description": "OK", "content": {"application/json": {"schema": answer}}}},
    }


def _settings() -> dict[str, Any]:
    key = {"name": "key", "in": "path", "required": True, "schema": {"type": "string"}}
    answer = {"200": {"description": "OK", "content": {"application/json": {"schema": {"type": "object"}}}}}
    says = "Where analytics.js shall send; public, as every visitor's browser asks it."
    return {"tags": ["collect"], "summary": says, "parameters": [key], "responses": answer, "security": []}


def _open(says: str) -> dict[str, Any]:
    return {"tags": ["health"], "summary": says, "responses": {"200": {"description": "OK"}}, "security": []}


def _add_failures(paths: dict[str, Any]) -> None:
    """Every call that needs a key may be refused in these ways."""
    answer = {"content": {"application/json": {"schema": {"$ref": _REF.format(name="Failure")}}}}
    for operations in paths.values():
        for operation in operations.values():
            if operation.get("security") != []:
                failures = {code: {"description": text, **answer} for code, text in _FAILURES.items()}
                operation["responses"] = {**failures, **operation["responses"]}
