"""Any text is read or refused: a tree, or BadDefinition, and never anything else."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.errors import BadDefinition
from tailorbird.know.language.dialect import WORDS
from tailorbird.know.language.functions import FUNCTIONS
from tailorbird.know.language.program import check, read
from tailorbird.know.language.schema import schema_of
from tailorbird.know.language.spell import spell
from tailorbird.testing.drawn_definitions import draw_definitions
from tailorbird.testing.drawn_words import UNDECLARED, plan, policy

SCHEMA = schema_of(plan(), policy(), UNDECLARED)
SIGNS = ["(", ")", ",", "=>", "=", "<", "+", "-", "*", "/", "%", "||", ";", ".", "'", '"', "[", "::", "->", "--", "/*"]
NAMES = [
    "'Order Completed'",
    "'7 days'",
    "revenue",
    "'revenue'",
    "age",
    "city",
    "3",
    "0.5",
    "1e400",
    "products",
    "where",
]
words = st.lists(st.sampled_from([*SIGNS, *NAMES, *sorted(WORDS), *FUNCTIONS]), max_size=25).map(" ".join)


def read_or_refuse(text: str) -> None:
    try:
        read(text, SCHEMA)
    except BadDefinition as wrong:
        assert str(wrong)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    read_or_refuse(text)


@settings(max_examples=300, deadline=None)
@given(words)
def test_any_words_of_the_language_are_read_or_refused(text: str) -> None:
    read_or_refuse(text)


@pytest.mark.parametrize("seed", range(60))
def test_a_definition_with_a_piece_torn_out_is_read_or_refused(seed: int) -> None:
    chance = Random(seed)
    for text in draw_definitions(chance, 3).segments.values():
        start, end = sorted(chance.choices(range(len(text) + 1), k=2))
        piece = chance.choice(["", "(", "'", "null", "-1", "=>", text[:start]])
        read_or_refuse(text[:start] + piece + text[end:])


@pytest.mark.parametrize("seed", range(40))
def test_what_is_spelled_from_a_tree_reads_as_the_same_tree(seed: int) -> None:
    drawn = draw_definitions(Random(seed), 4)
    program = check(drawn.traits, drawn.segments, SCHEMA)
    for one in (*program.traits, *program.segments):
        assert read(spell(one.expression), SCHEMA, program) == one.expression
