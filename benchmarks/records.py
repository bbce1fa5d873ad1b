"""Encoded, sealed records of benchmark traffic, as the log would hold them."""

import random
from collections.abc import Iterator

import msgspec

from benchmarks.traffic import event
from tailorbird.collect.accept import accept
from tailorbird.collect.draft import Call
from tailorbird.collect.plan import BUILT_IN_PLAN
from tailorbird.collect.seal import seal
from tailorbird.events import encode_record
from tailorbird.shell.ports import Keys

SITE_KEY = b"benchmark" * 3
RECEIVED_AT = 1_795_000_000_000


def payloads(
    keys: Keys, count: int, people: int, seed: int = 1, each_once: bool = False, since: int = 0
) -> Iterator[bytes]:
    """`count` records of `people` people in random order; with `each_once` nobody comes twice in a row of `people`.

    One a millisecond, from `since` ms behind `RECEIVED_AT` on: what follows other records should not lie before them.
    """
    chance = random.Random(seed)
    for start in range(0, count, 100):
        events = [event(chance, f"{seed}-{start + i}", people) for i in range(min(100, count - start))]
        if each_once:
            for i, one in enumerate(events):
                one["anonymousId"] = f"5f1c2a9e-0000-4000-8000-{(start + i) % people:012d}"
        body = msgspec.json.encode({"batch": events})
        drafts = accept("/v1/batch", body, Call(RECEIVED_AT + since + start, "web"), BUILT_IN_PLAN, SITE_KEY).drafts
        known = keys.ensure({draft.leaf for draft in drafts})
        for draft in drafts:
            yield encode_record(seal(draft, known[draft.leaf]))
