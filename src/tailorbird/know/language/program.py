"""A site's definitions, read and checked: `load` for what the log carries, `check` for what somebody wrote.

    body = {"traits": {"orders_90d": "orders('90 days')"},
            "segments": {"high_value": {"sql": "orders_90d >= 3", "description": "buy often"}},
            "schema": schema_of(plan, policy, seen).plain()}
    program = load(body)          # the same body gives the same program, for ever
    read("segment('high_value') and orders() > 9", schema, program)     # one more predicate over it: a preview

Every mistake is a `Mistake` (a BadDefinition) with definition, line, column, problem and next step.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlglot import exp

from tailorbird.know.language.builders import build
from tailorbird.know.language.dialect import WORDS, parse
from tailorbird.know.language.kinds import Read, need
from tailorbird.know.language.mistake import Mistake, instead, shown
from tailorbird.know.language.order import Named, in_order, named
from tailorbird.know.language.reader import Around, Reader
from tailorbird.know.language.schema import Schema
from tailorbird.know.language.scope import Person
from tailorbird.know.language.tree import Call, Constant, Definition, Expression, Member, Program
from tailorbird.know.language.walk import check_size, rewrite

DEFINITIONS = 2_000
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_EMPTY = Program()
# Names that could not be spelled in an expression, or mean something there already.
_RESERVED = {*WORDS, "context", "event", "now"}


@dataclass(frozen=True, slots=True)
class Written:
    """A definition as it was written."""

    sql: str
    description: str = ""


def load(body: Mapping[str, Any]) -> Program:
    """The program of {"traits": …, "segments": …, "schema": …}, as a `definitions` signal carries them.

    >>> load({"segments": {"grown_up": "age >= 18"}, "schema": {"traits": {"age": "number"}}}).segments[0].text
    'age >= 18'
    """
    try:
        schema = Schema.of(body.get("schema") or {})
    except msgspec.ValidationError as wrong:
        raise Mistake(f"The schema beside these definitions is none: {wrong}.", "Apply the site again.") from None
    return check(body.get("traits") or {}, body.get("segments") or {}, schema)


def check(traits: Mapping[str, Any], segments: Mapping[str, Any], schema: Schema) -> Program:
    """All definitions of a site, read; values are texts or {"sql": …, "description": …}.

    >>> from tailorbird.know.language.schema import schema_of
    >>> program = check({"often": "orders('90 days')"}, {"loyal": "often >= 3"}, schema_of())
    >>> [definition.name for definition in program.segments]
    ['loyal']

    Raises Mistake for the first definition that cannot be read, and for circles.
    """
    # First who names whom, then reading in that order: so a circle is told as one, however it is spelled.
    texts = _texts("trait", traits) | _texts("segment", segments)
    if len(texts) > DEFINITIONS:
        raise Mistake(f"There are {len(texts):,} traits and segments; there may be {DEFINITIONS:,}.")
    site = _Site(schema, {name: written.sql for name, written in texts.items()})
    read_in_order = {name: site.define(name) for name in in_order(site.names)}
    definitions = {
        name: Definition(name.name, texts[name].sql, expression, texts[name].description)
        for name, expression in read_in_order.items()
    }
    return Program(
        tuple(one for name, one in definitions.items() if name.kind == "trait"),
        tuple(one for name, one in definitions.items() if name.kind == "segment"),
    )


def read(text: str, schema: Schema, program: Program = _EMPTY) -> Expression:
    """One expression over a program's traits and segments, of any kind.

    >>> from tailorbird.know.language.schema import schema_of
    >>> read("1 + 2 * 3", schema_of()).operator
    '+'

    Raises Mistake with line and column.
    """
    return _Site.of(schema, program).read(text).settled()


def read_condition(text: str, schema: Schema, program: Program = _EMPTY) -> Expression:
    """One predicate over a program's traits and segments; raises Mistake where it is none."""
    site = _Site.of(schema, program)
    return site.condition(text, site.read(text))


class _Site:
    """What is read so far; a name is read only when all that it names has been."""

    def __init__(self, schema: Schema, texts: Mapping[Named, str]) -> None:
        self.schema, self.texts = schema, texts
        self.known: dict[Named, Expression] = {}
        self.trees: dict[Named, exp.Expression] = {}
        self.names: dict[Named, set[Named]] = {}
        traits = {name.name for name in texts if name.kind == "trait"}
        for name, text in texts.items():
            with _Telling(text, name):
                self.trees[name] = parse(text)
                self.names[name] = named(self.trees[name], traits)

    @classmethod
    def of(cls, schema: Schema, program: Program) -> "_Site":
        """The site of a program that is read already."""
        site = cls(schema, {})
        site.known = {Named("trait", one.name): one.expression for one in program.traits} | {
            Named("segment", one.name): one.expression for one in program.segments
        }
        return site

    def define(self, name: Named) -> Expression:
        """Read a definition, and know it from then on."""
        text = self.texts[name]
        with _Telling(text, name):
            found = self.read(text, self.trees[name])
            self.known[name] = self.condition(text, found) if name.kind == "segment" else found.settled()
        return self.known[name]

    def condition(self, text: str, found: Read) -> Expression:
        """The expression of a segment."""
        with _Telling(text):
            return need(found, "boolean")

    def read(self, text: str, tree: exp.Expression | None = None) -> Read:
        """One text, checked for its size with all traits in place."""
        traits = {name.name: self.known[name] for name in self.known if name.kind == "trait"}
        with _Telling(text):
            around = Around(text, self.schema, self, build)
            # Traits are put in place, so a short text may be a tree of thousands of terms: its size is looked at behind
            # this.
            found = Reader(around, Person(self.schema, traits)).read(tree or parse(text))
            check_size(found.tree)
        return found

    def member(self, name: str, at: int | None) -> Member:
        """Membership in another segment."""
        if Named("segment", name) not in self.known:
            known = (one.name for one in {**self.texts, **self.known} if one.kind == "segment")
            raise Mistake(f"{shown(name)} is no segment.", instead(name, known), at)
        return Member(name)

    def in_place(self, tree: Expression) -> Expression:
        """The tree with the conditions of segments in place of their names."""
        known: dict[str, Expression] = {}

        def condition(node: Expression) -> Expression | None:
            if not isinstance(node, Member):
                return None
            if node.segment not in known:
                inner = rewrite(self.known[Named("segment", node.segment)], condition)
                # A member is one or is none, never NULL; the condition behind it may well be NULL.
                known[node.segment] = Call("coalesce", (inner, Constant(False, "boolean")), "boolean")
            return known[node.segment]

        return rewrite(tree, condition)


class _Telling:
    """Says of a mistake in which definition, line and column it lies."""

    def __init__(self, text: str, name: Named | None = None) -> None:
        self.text, self.name = text, name

    def __enter__(self) -> None: ...

    def __exit__(self, _: object, wrong: object, __: object) -> None:
        if isinstance(wrong, Mistake):
            wrong.stand_in(self.text)
            if self.name and not wrong.definition:
                wrong.definition = str(self.name).capitalize()


def _texts(kind: Any, definitions: Mapping[str, Any]) -> dict[Named, Written]:
    return {Named(kind, str(name)): _written(Named(kind, str(name)), body) for name, body in definitions.items()}


def _written(name: Named, body: Any) -> Written:
    if not _NAME.fullmatch(name.name) or name.name in _RESERVED:
        raise Mistake(
            f"{shown(name.name)} cannot be the name of a {name.kind}.",
            "Names are small letters, digits and _, from a letter on, at most 64, and no words of the language.",
        )
    if isinstance(body, str):
        return Written(body)
    sql = body.get("sql") if isinstance(body, Mapping) else None
    if not isinstance(sql, str):
        wrong = Mistake(f"{shown(body)} is no definition.", "Write a text, or {sql: …, description: …}.")
        wrong.definition = str(name).capitalize()
        raise wrong
    return Written(sql, str(body.get("description") or ""))
