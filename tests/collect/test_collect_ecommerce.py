import json
import os
from pathlib import Path

import pytest

from tailorbird.collect.ecommerce import EVENTS
from tailorbird.collect.plan import BUILT_IN_PLAN

KINDS = {"String": "string", "Number": "number", "Array": "array", "String | Object": "any"}
# Counted, not measured: a whole number says more than the specification's Number.
WHOLE = {"position", "step"}


def test_there_are_28_ecommerce_events() -> None:
    assert len(EVENTS) == 28


def test_the_built_in_plan_declares_what_the_specification_names() -> None:
    vectors = os.environ.get("TAILORBIRD_VECTORS")
    if not vectors:
        pytest.skip("TAILORBIRD_VECTORS names no folder with the recorded requests and specifications")
    specified = json.loads((Path(vectors) / "wire" / "segment-ecommerce-v2.json").read_text())["events"]
    assert set(specified) == set(EVENTS)
    for event, properties in specified.items():
        rules = BUILT_IN_PLAN.events[event].rules
        for one in properties:
            name, _, field = one["property"].partition(".$.")
            declared = rules[name].items.rules[field] if field and rules[name].items else rules[name]
            kind = KINDS[one["type"].partition("<")[0]]
            assert declared.kind in {
                kind,
                *(["integer"] if name in WHOLE or field in WHOLE else []),
                *(["array"] if field else []),
            }
