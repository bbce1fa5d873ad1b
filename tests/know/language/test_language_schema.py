"""What expressions may name."""

import msgspec
import pytest
from sqlglot import parser, tokens

from tailorbird.collect.plan import TrackingPlan
from tailorbird.consent.purpose import load_policy
from tailorbird.events import DAY_MS
from tailorbird.know.language.dialect import WORDS
from tailorbird.know.language.program import read
from tailorbird.know.language.schema import Purpose, Schema, schema_of
from tailorbird.know.language.spell import spell
from tailorbird.know.language.tree import Compare, Constant, Trait

PLAN = TrackingPlan.load(
    {
        "events": {"Quiz Done": {"properties": {"score": "integer", "due": "datetime", "address": "object"}}},
        "traits": {"vip": {"type": "boolean", "personal": False}},
    }
)


def test_the_kinds_of_the_plan_are_those_of_the_language() -> None:
    schema = schema_of(PLAN)
    assert schema.events["Quiz Done"] == {"score": "number", "due": "time", "address": "any"}
    assert schema.traits["vip"] == "boolean" and schema.traits["email"] == "personal"
    assert schema.events["Order Completed"]["products"] == "list"


def test_purposes_carry_what_holds_while_nothing_was_said() -> None:
    policy = load_policy({"purposes": {"messaging": {"default": "denied"}, "research": {"lasts_days": 9}}})
    purposes = schema_of(policy=policy).purposes
    assert (purposes["messaging"], purposes["research"]) == (Purpose(default=False), Purpose(True, 9 * DAY_MS))


def test_a_schema_survives_the_log() -> None:
    schema = schema_of(PLAN, seen=["Wish Made"])
    packed = msgspec.msgpack.encode(schema.plain())
    assert Schema.of(msgspec.msgpack.decode(packed)) == schema


def test_of_any_event_those_fields_are_known_that_are_of_one_kind_everywhere() -> None:
    schema = Schema({"a": {"x": "number", "y": "text"}, "b": {"x": "text", "z": "time"}})
    assert schema.kinds("*") == {"y": "text", "z": "time"}


SQL_WORDS = {word.lower() for word in (*tokens.Tokenizer.KEYWORDS, *parser.Parser.FUNCTIONS) if word.isidentifier()}


def test_every_word_of_sql_but_the_operators_may_name_a_trait() -> None:
    for word in sorted(SQL_WORDS - WORDS):
        schema = Schema(traits={word: "number"})
        assert read(f"{word} = 1", schema) == Compare("=", Trait(word, "number"), Constant(1.0, "number"))


@pytest.mark.parametrize(
    "name", ["and", "a b", "a.b", 'q"x', "a'b", "1st", "ü", "Case", "null", "x-y", "a\\b", "`x`", "$x"]
)
def test_any_name_can_be_written_in_double_quotes(name: str) -> None:
    asked = Compare("=", Trait(name, "number"), Constant(1.0, "number"))
    assert read(spell(asked), Schema(traits={name: "number"})) == asked
