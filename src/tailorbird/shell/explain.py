"""What becomes of a definition: the function that runs per event, and the query that any warehouse can run."""

from collections.abc import Iterable
from typing import NamedTuple, get_args

from tailorbird.errors import BadDefinition
from tailorbird.know.language.explain import outline
from tailorbird.know.language.program import load, read
from tailorbird.know.language.schema import Schema
from tailorbird.know.language.tree import Definition, Member, Program
from tailorbird.know.language.walk import nodes
from tailorbird.know.segment.live import compile_live
from tailorbird.know.sql.compiled import compile_sql
from tailorbird.know.sql.dialects import Dialect
from tailorbird.shell.in_force import Bodies, program_body

DIALECTS: tuple[Dialect, ...] = get_args(Dialect)
PREDICATE = "_it"  # the name of what has none; no definition can have one that starts so


class Explained(NamedTuple):
    """What one definition says, in English, and both of its compilations."""

    name: str
    text: str
    words: str
    python: str
    sql: str


def explain(bodies: Bodies, asked: str, dialect: Dialect = "duckdb", seen: Iterable[str] = ()) -> Explained:
    """Explain a segment or trait by its name, or any expression over what is in force.

    Raises BadDefinition for an expression that cannot be read, with its place.
    """
    if dialect not in DIALECTS:
        raise BadDefinition(f"'{dialect}' is no dialect that SQL is written in here. Known: {', '.join(DIALECTS)}.")
    body = program_body(bodies, seen)
    program = load(body)
    one = _named(program, asked) or _written(program, Schema.of(body["schema"]), asked)
    alone = _alone(program, one)
    sql = compile_sql(alone, [one.name], dialect=dialect)
    return Explained(one.name, one.text, outline(one.expression), compile_live(alone).source, sql)


def _named(program: Program, name: str) -> Definition | None:
    return next((one for one in (*program.segments, *program.traits) if one.name == name), None)


def _written(program: Program, schema: Schema, text: str) -> Definition:
    return Definition(PREDICATE, text, read(text, schema, program))


def _alone(program: Program, one: Definition) -> Program:
    """The program of this one, and of the segments that it names."""
    if one in program.traits or one.expression.kind != "boolean":
        return Program(traits=(one,), segments=_named_by(program, one))
    return Program(segments=(*_named_by(program, one), one))


def _named_by(program: Program, one: Definition) -> tuple[Definition, ...]:
    wanted = _members(one)
    found: list[Definition] = []
    # Each segment stands behind those that it names, so one pass from the end finds them all.
    for other in reversed(program.segments):
        if other.name in wanted and other is not one:
            wanted |= _members(other)
            found.append(other)
    return tuple(reversed(found))


def _members(one: Definition) -> set[str]:
    return {node.segment for node in nodes(one.expression) if isinstance(node, Member)}
