"""Events that the operator sends about people: a consent noted at the till, a place on a list."""

from typing import Any

import msgspec


def track(named: str, event: str, properties: dict[str, Any] | None = None, **others: Any) -> bytes:
    """A track call about the person named TYPE:VALUE, as their own device would send it. `others` go to the root.

    >>> track("userId:42", "List Joined", {"list": "spring"})
    b'{"event":"List Joined","context":{},"userId":"42","properties":{"list":"spring"}}'
    """
    type, _, value = named.partition(":")
    context: dict[str, Any] = dict(others.pop("context", {}))
    call: dict[str, Any] = {"event": event, "context": context}
    # The tracking API has no root field for these two: they travel where `accept` looks for them.
    if type == "email":
        context["traits"] = {"email": value}
    elif type == "deviceId":
        context["device"] = {"id": value}
    else:
        call[type] = value
    if properties:
        call["properties"] = properties
    return msgspec.json.encode({**call, **others})
