"""What `accept` takes and gives: a call, and from it events that only lack their seal."""

from typing import Any

import msgspec

from tailorbird.events import EventType, Identifier, Leaf, Secret


class Call(msgspec.Struct, frozen=True):
    """The circumstances of one HTTP call, as the shell saw them."""

    received_at: int  # ms
    source: str  # name of the key it came with
    ip: str = ""
    user_agent: str = ""
    content_type: str = ""
    gpc: bool = False  # the browser sent `Sec-GPC: 1`
    may_derive: bool = False  # say what Tailorbird itself says of people: `understand.DERIVED`


class Draft(msgspec.Struct, frozen=True, gc=False):
    """An event understood and split, not yet sealed. Same fields as `Event`, with `secret` in place of `sealed`."""

    source: str
    message_id: str
    type: EventType
    event: str
    leaf: Leaf
    identifiers: list[Identifier]
    timestamp: int
    received_at: int
    plain_properties: dict[str, Any]
    plain_context: dict[str, Any]
    plain_traits: dict[str, Any]
    consent: dict[str, bool]
    secret: Secret
    plan_version: int = 0


class RejectedDraft(msgspec.Struct, frozen=True):
    """An event that was refused, not yet sealed. Posting `raw` to `path` again gives the same event another chance."""

    source: str
    reason: str
    where: str
    detail: str
    leaf: Leaf
    received_at: int
    raw: bytes
    path: str = "/v1/batch"


class Accepted(msgspec.Struct, frozen=True):
    """All that one call brought, in the order of the batch."""

    drafts: list[Draft]
    rejected: list[RejectedDraft]
    write_key: str | None = None  # where the body named one


class Refused(ValueError):
    """Why one event cannot be taken; becomes a `RejectedDraft`, never leaves this folder."""

    def __init__(self, reason: str, where: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.where = where
        self.detail = detail
