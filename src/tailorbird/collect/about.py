"""What a context says: its two halves, and the few words in it that accept itself acts on."""

from functools import lru_cache
from typing import Any

import msgspec

from tailorbird.collect.body import read_json
from tailorbird.collect.plan import TrackingPlan
from tailorbird.collect.visit import add_visit

Json = dict[str, Any]


# No cycle can start from plain JSON, so the garbage collector need not walk thousands of remembered contexts.
class About(msgspec.Struct, frozen=True, gc=False):
    """One context, read. Shared by all events that came with it: never changed."""

    plain: Json  # by dotted path
    secret: Json
    traits: Json  # of the person, where a client puts them here
    device_id: Any = None
    consent: Any = None


def read_about(context: Json, plan: TrackingPlan) -> About:
    """The context, split by the plan. Raises Refused where it is nested too deep."""
    plain, secret = plan.split_context(context)
    add_visit(plain, context, plan)
    traits, device, said = (_mapping(context.get(name)) for name in ("traits", "device", "consent"))
    return About(plain, secret, traits, device.get("id"), said.get("categoryPreferences"))


class Contexts:
    """Reads contexts under one plan, and remembers the latest.

    A server library sends the same context with every event, a page with every event of one view: looking up its raw
    bytes costs a tenth of reading and splitting it again.
    """

    def __init__(self, plan: TrackingPlan, size: int = 4_096) -> None:
        self.plan = plan
        # A memory for each plan and not one for the method: how a context is split depends on the plan, and is
        # forgotten with it.
        self.read = lru_cache(size)(self._read)

    def _read(self, raw: bytes) -> About:
        # Empty bytes are an item that brought no context at all.
        return read_about(_mapping(read_json(raw)) if raw else {}, self.plan)


@lru_cache(4)
def contexts_under(plan: TrackingPlan) -> Contexts:
    """The process's memory of contexts under this plan."""
    return Contexts(plan)


def _mapping(value: Any) -> Json:
    return value if value.__class__ is dict else {}
