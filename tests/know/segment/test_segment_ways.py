"""Which way an event can move a segment, and that nobody is looked at whom it cannot move."""

import os
import subprocess
import sys

import pytest
from segment_people import NOW, Someone, program, someone

from tailorbird.know.segment.live import compile_live
from tailorbird.know.segment.ways import BOTH, DOWN, STILL, UP, way

VIEWS = "count('Viewed', '7 days')"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"{VIEWS} > 2", UP),
        (f"2 > {VIEWS}", DOWN),
        (f"not {VIEWS} > 2", DOWN),
        (f"{VIEWS} = 2", BOTH),
        (f"{VIEWS} between 2 and 4", BOTH),
        (f"3 - 0.5 * {VIEWS} <= 1 or distinct('Viewed', 'category') > 1", UP),
        (f"{VIEWS} / -2 < -1", UP),
        (f"{VIEWS} * {VIEWS} > 4", BOTH),  # below zero that would turn it round
        ("coalesce(affinity('category', 'tea'), 0) < 0.1", UP),
        ("affinity('category', 'tea') > 0.1", DOWN),
        (f"affinity('category', 'tea') > 0.1 and {VIEWS} > 2", BOTH),
        ("avg('Viewed', 'price') > 2", BOTH),
        ("sum('Viewed', 'price') > 2", BOTH),  # a price may be negative
    ],
)
def test_way_of_a_condition(text, found):
    expression = program({"s": text}).segments[0].expression
    assert way(expression, lambda part: True) == found
    assert way(expression, lambda part: False) == STILL


def test_a_member_whom_an_event_can_only_let_in_is_not_looked_at():
    source = someone(f"0.1 * {VIEWS} > 0.25").live.source
    assert "if 's' not in m or d & 1:" in source


def test_a_leaning_is_asked_for_strangers_only_where_the_contact_has_its_name():
    live = compile_live(program({"s": "affinity('category', 'tea') > 0.45"}), {"category": {"tea": 0.5}}, 1)
    person = Someone(live, live.new()).does("Product Viewed", category="tea")
    for later in range(1, 4):
        person.does("Product Viewed", NOW + later, category="milk")
    person.does("Product Added", NOW + 9, category="tea")
    assert [(entered, at - NOW) for _, entered, at in person.told()] == [(True, 0), (False, 2), (True, 9)]


@pytest.mark.slow
def test_the_text_is_the_same_in_every_process():
    condition = "count('Product Viewed') > 2 and days_since('Product Viewed') > 3 and affinity('brand', 'leaf') > 0.5"
    script = (
        "from tailorbird.know.language.program import check\n"
        "from tailorbird.know.language.schema import schema_of\n"
        "from tailorbird.know.segment.live import compile_live\n"
        f"print(compile_live(check({{}}, {{'one': {condition!r}}}, schema_of())).key)"
    )
    keys = {
        subprocess.run(
            [sys.executable, "-c", script], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True
        ).stdout
        for seed in "012345"
    }
    assert len(keys) == 1 and keys != {b""}
