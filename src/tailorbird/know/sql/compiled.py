"""A program's traits and segments as one SELECT over `history`."""

from collections.abc import Iterable, Sequence

from tailorbird.errors import BadDefinition
from tailorbird.know.language import tree as t
from tailorbird.know.language.walk import nodes
from tailorbird.know.sql.columns import needs
from tailorbird.know.sql.dialects import Dialect, in_dialect
from tailorbird.know.sql.expressions import sql_of
from tailorbird.know.sql.rows import Parts
from tailorbird.know.sql.scope import Baseline, Scope, at_present


def compile_sql(
    program: t.Program,
    names: Iterable[str] | None = None,
    *,
    now: int | None = None,
    probes: str = "",
    step: int = 0,
    baseline: Baseline | None = None,
    dialect: Dialect = "duckdb",
) -> str:
    """The query whose rows say of everyone which segments they are in, and their traits: of `names`, or all.

    Columns: `person`, `segment_NAME` (never NULL) and `trait_NAME`. Everyone who did something by `now` (ms) is a row;
    without `now` that is when the query runs. `baseline` is what the last `baseline` signal said.

    With `probes`, a relation (person, now), each of its rows is one, with the column `now` beside the person. `step`
    (ms) promises that each of these instants is a multiple of it, or that nothing happened between it and the end of
    its step: that makes many instants cheap.

    >>> joined = t.Aggregate("count", t.Events("Quiz Done"), None, None, "number")
    >>> keen = t.Definition("keen", "count('Quiz Done') >= 3", t.Compare(">=", joined, t.Constant(3, "number")))
    >>> print(compile_sql(t.Program(segments=(keen,)), now=1_790_000_000_000))
    WITH summed_1 AS (
    SELECT person,
        COUNT(CASE WHEN name = 'Quiz Done' THEN 1 END) AS value_1
    FROM history WHERE happened_at <= 1790000000000
    GROUP BY person),
    members_2 AS (
    SELECT *,
        COALESCE((CAST(COALESCE(value_1, 0) AS DOUBLE) >= 3e0), FALSE) AS segment_keen
    FROM summed_1)
    SELECT person,
        segment_keen
    FROM members_2
    """
    segments, traits = chosen(program, names)
    expressions = needed(program, names)
    by_name = {one.name: one.expression for one in program.segments}
    scope = Scope(
        Parts(needs(expressions), "" if probes else at_present(now)), by_name, baseline or {}, now, probes, step
    )
    columns = [scope.member(one.name) for one in segments]
    columns += [f"{sql_of(one.expression, scope)} AS trait_{one.name}" for one in traits]
    last = scope.finish()
    parts = ",\n".join(f"{name} AS ({body})" for name, body in scope.parts.bodies.items())
    selected = ",\n    ".join([scope.keys, *columns])
    with_parts = f"WITH {parts}\n" if parts else ""
    return in_dialect(f"{with_parts}SELECT {selected}\nFROM {last}", dialect)


def chosen(program: t.Program, names: Iterable[str] | None) -> tuple[Sequence[t.Definition], Sequence[t.Definition]]:
    """The segments and the traits of these names. Raises BadDefinition for a name that is neither."""
    if names is None:
        return program.segments, program.traits
    wanted = set(names)
    known = {one.name for one in (*program.segments, *program.traits)}
    if unknown := sorted(wanted - known):
        raise BadDefinition(f"{unknown[0]!r} is neither a segment nor a trait. Known: {', '.join(sorted(known))}.")
    segments = [one for one in program.segments if one.name in wanted]
    return segments, [one for one in program.traits if one.name in wanted]


def needed(program: t.Program, names: Iterable[str] | None = None) -> list[t.Expression]:
    """The expressions that these names lean on: their own, and those of the segments they name."""
    segments, traits = chosen(program, names)
    by_name = {one.name: one.expression for one in program.segments}
    found: dict[str, t.Expression] = {}
    waiting = [one.name for one in segments]
    for expression in (one.expression for one in traits):
        waiting += _named_in(expression)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = by_name[name]
            waiting += _named_in(by_name[name])
    return [*found.values(), *(one.expression for one in traits)]


def _named_in(expression: t.Expression) -> list[str]:
    return [node.segment for node in nodes(expression) if isinstance(node, t.Member)]
