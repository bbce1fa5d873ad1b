"""Requests recorded from real tracking libraries: each event arrives and is understood."""

import base64
import json
import os
from pathlib import Path
from typing import Any

import pytest
from collect_cases import KEY, SITE_KEY

from tailorbird.collect.accept import accept
from tailorbird.collect.dialects.segment import write_key_of
from tailorbird.collect.draft import Call
from tailorbird.collect.plan import BUILT_IN_PLAN
from tailorbird.collect.seal import seal
from tailorbird.collect.times import parse_time
from tailorbird.events import decode_record, encode_record

NOW = parse_time("2026-11-21T21:00:00Z")
LIBRARIES = {"segment-browser": 6, "segment-node": 7, "segment-python": 8, "rudder-python": 6}


def recorded(library: str) -> list[dict[str, Any]]:
    vectors = os.environ.get("TAILORBIRD_VECTORS")
    if not vectors:
        pytest.skip("TAILORBIRD_VECTORS names no folder with the recorded requests")
    requests = json.loads((Path(vectors) / "wire" / f"{library}.json").read_text())
    return [request for request in requests if request["method"] == "POST"]


@pytest.mark.parametrize(("library", "events"), LIBRARIES.items())
def test_every_event_of_a_real_library_is_understood(library: str, events: int) -> None:
    drafts = []
    for request in recorded(library):
        accepted = accept(
            request["path"], base64.b64decode(request["body_b64"]), Call(NOW, "web"), BUILT_IN_PLAN, SITE_KEY
        )
        assert accepted.rejected == []
        drafts += accepted.drafts
    assert len(drafts) == events
    assert all(draft.timestamp <= NOW for draft in drafts)
    assert {draft.event for draft in drafts if draft.type == "track"} >= {"Product Viewed"}
    sealed = [seal(draft, KEY) for draft in drafts]
    assert [decode_record(encode_record(event)) for event in sealed] == sealed


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_key_of_a_real_library_is_found(library: str) -> None:
    for request in recorded(library):
        headers = [(name.lower().encode(), value.encode()) for name, value in request["headers"].items()]
        expected = request["basic_decoded"].partition(":")[0]
        assert write_key_of(headers, base64.b64decode(request["body_b64"])) == expected
