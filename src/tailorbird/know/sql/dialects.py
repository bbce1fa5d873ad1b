"""Where SQL engines spell differently: DuckDB's text as it is, others through sqlglot.

The text that the compiler writes is DuckDB's, but for the functions `tb_...`, which each engine spells in its own way.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Literal

Dialect = Literal["duckdb", "spark", "snowflake", "bigquery"]
DIALECTS: tuple[Dialect, ...] = ("duckdb", "spark", "snowflake", "bigquery")

# _0, _1 ... stand for the arguments.
#
# tb_latest(value, place)    the value at the largest place; of several there the largest. NULL values are left out.
# tb_earliest(value, place)  the value at the smallest place; of several there the smallest.
# tb_floor_div(a, b)         of whole numbers >= 0
# tb_date(days)              the date so many days after 1970-01-01
# tb_bucket(text)            the first 8 hex digits of its md5, % 10000 / 100
# tb_field(struct, name, type)
_SPELLINGS: Mapping[Dialect, Mapping[str, str]] = {
    "duckdb": {
        # Rows are compared from left to right: by place first, and of several there by value.
        "latest": "STRUCT_EXTRACT(MAX(CASE WHEN _0 IS NOT NULL THEN ROW(_1, _0) END), 2)",
        "earliest": "STRUCT_EXTRACT(MIN(CASE WHEN _0 IS NOT NULL THEN ROW(_1, _0) END), 2)",
        "floor_div": "((_0) // _1)",
        "date": "(DATE '1970-01-01' + CAST(_0 AS INT))",
        "trim": "TRIM(_0, ' ')",
        "starts_with": "STARTS_WITH(_0, _1)",
        "ends_with": "ENDS_WITH(_0, _1)",
        "contains": "CONTAINS(_0, _1)",
        "hex": "LOWER(HEX(_0))",
        "bucket": "(CAST(CAST('0x' || SUBSTR(MD5(_0), 1, 8) AS BIGINT) % 10000 AS DOUBLE) / 1e2)",
        "now": "EPOCH_MS(CURRENT_TIMESTAMP)",
        "field": "_0._1",
    },
    "spark": {
        "latest": "MAX(CASE WHEN NOT _0 IS NULL THEN STRUCT(_1 AS place, _0 AS value) END).value",
        "earliest": "MIN(CASE WHEN NOT _0 IS NULL THEN STRUCT(_1 AS place, _0 AS value) END).value",
        "floor_div": "(_0 DIV _1)",
        "date": "DATE_FROM_UNIX_DATE(CAST(_0 AS INT))",
        "trim": "TRIM(_0)",
        "starts_with": "STARTSWITH(_0, _1)",
        "ends_with": "ENDSWITH(_0, _1)",
        "contains": "CONTAINS(_0, _1)",
        "hex": "LOWER(HEX(_0))",
        "bucket": "(CAST(CAST(CONV(SUBSTR(MD5(_0), 1, 8), 16, 10) AS BIGINT) % 10000 AS DOUBLE) / 1e2)",
        "now": "UNIX_MILLIS(CURRENT_TIMESTAMP())",
        "field": "_0._1",
    },
    "snowflake": {
        # Snowflake's ARRAY_AGG leaves NULL values out by itself.
        "latest": "CAST(GET(ARRAY_AGG(_0) WITHIN GROUP (ORDER BY CASE WHEN NOT _0 IS NULL THEN _1 END DESC, _0 DESC),"
        " 0) AS _2)",
        "earliest": "CAST(GET(ARRAY_AGG(_0) WITHIN GROUP (ORDER BY CASE WHEN NOT _0 IS NULL THEN _1 END, _0),"
        " 0) AS _2)",
        "floor_div": "FLOOR(_0 / _1)",
        "date": "DATEADD(DAY, _0, CAST('1970-01-01' AS DATE))",
        "trim": "TRIM(_0)",
        "starts_with": "STARTSWITH(_0, _1)",
        "ends_with": "ENDSWITH(_0, _1)",
        "contains": "CONTAINS(_0, _1)",
        "hex": "LOWER(HEX_ENCODE(_0))",
        "bucket": "(CAST(MOD(TO_NUMBER(SUBSTR(MD5(_0), 1, 8), 'XXXXXXXX'), 10000) AS DOUBLE) / 1e2)",
        "now": "DATE_PART(EPOCH_MILLISECOND, CURRENT_TIMESTAMP())",
        "field": "CAST(GET(_0, '_1') AS _2)",
    },
    "bigquery": {
        "latest": "ARRAY_AGG(_0 IGNORE NULLS ORDER BY _1 DESC, _0 DESC LIMIT 1)[SAFE_OFFSET(0)]",
        "earliest": "ARRAY_AGG(_0 IGNORE NULLS ORDER BY _1, _0 LIMIT 1)[SAFE_OFFSET(0)]",
        "floor_div": "DIV(_0, _1)",
        "date": "DATE_FROM_UNIX_DATE(_0)",
        "trim": "TRIM(_0, ' ')",
        "starts_with": "STARTS_WITH(_0, _1)",
        "ends_with": "ENDS_WITH(_0, _1)",
        "contains": "(_1 = '' OR STRPOS(_0, _1) > 0)",
        "hex": "TO_HEX(_0)",
        "bucket": "(CAST(MOD(CAST(CONCAT('0x', SUBSTR(TO_HEX(MD5(_0)), 1, 8)) AS INT64), 10000) AS FLOAT64) / 1e2)",
        "now": "UNIX_MILLIS(CURRENT_TIMESTAMP())",
        "field": "_0._1",
    },
}  # fmt: skip
# Arguments that are names or types: they are put into the spelling's text, and not into its tree.
_WORDS: Mapping[str, tuple[int, ...]] = {"latest": (2,), "earliest": (2,), "field": (0, 1, 2)}
# Quoted text is matched as well, so that what looks like a call in it is passed over.
_OURS = re.compile(r"'(?:[^']|'')*'|\btb_([a-z_]+)\(")
_ARGUMENT = re.compile(r"_(\d)\b")
_STEP = re.compile(r"'(?:[^']|'')*'|[(),]")


def in_dialect(text: str, dialect: Dialect) -> str:
    """The compiler's text as an engine understands it.

    >>> in_dialect("SELECT tb_starts_with(name, 'tb_date(') FROM history", "duckdb")
    "SELECT STARTS_WITH(name, 'tb_date(') FROM history"
    >>> print(in_dialect("SELECT tb_starts_with(name, 'a') FROM history", "spark"))
    SELECT
      STARTSWITH(name, 'a')
    FROM history
    """
    return in_duckdb(text) if dialect == "duckdb" else _transpiled(text, dialect)


def in_duckdb(text: str) -> str:
    """Without sqlglot, whose reading takes longer than DuckDB's answer."""
    parts, done = [], 0
    for found in _OURS.finditer(text):
        if found[1] and found.start() >= done:
            arguments, end = _arguments(text, found.end())
            parts += [text[done : found.start()], _spelled(found[1], [in_duckdb(one) for one in arguments])]
            done = end
    return "".join([*parts, text[done:]])


def _spelled(name: str, arguments: list[str]) -> str:
    return _ARGUMENT.sub(lambda found: arguments[int(found[1])], _SPELLINGS["duckdb"][name])


def _arguments(text: str, start: int) -> tuple[list[str], int]:
    """The arguments of a call that opens before `start`, and where it ends; brackets in quotes do not count."""
    found, begin, depth = [], start, 0
    for step in _STEP.finditer(text, start):
        depth += {"(": 1, ")": -1}.get(step[0], 0)
        if depth < 0 or (step[0] == "," and depth == 0):
            found.append(text[begin : step.start()].strip())
            begin = step.end()
        if depth < 0:
            return [one for one in found if one], step.end()
    raise AssertionError("an open bracket")


# -- all others


def _transpiled(text: str, dialect: Dialect) -> str:
    import sqlglot
    from sqlglot import exp

    def own(node: Any) -> Any:
        if isinstance(node, exp.Anonymous) and str(node.this).lower().startswith("tb_"):
            return _filled(dialect, str(node.this).lower()[3:], node.expressions)
        if isinstance(node, exp.Window) and node.args.get("order"):
            # No NULL is ever ordered: each engine's own way needs no words, and BigQuery has none in a window.
            for ordered in node.args["order"].expressions:
                ordered.set("nulls_first", dialect != "snowflake")
        return _escaped(node) if isinstance(node, exp.Like) and dialect in ("spark", "bigquery") else node

    tree = sqlglot.parse_one(text, read="duckdb")
    return str(tree.transform(_from_within(own)).sql(dialect=dialect, pretty=True))


def _from_within(own: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Own functions stand within each other: what `own` gives is gone through again."""

    def step(node: Any) -> Any:
        changed = own(node)
        return changed if changed is node else changed.transform(step)

    return step


def _filled(dialect: Dialect, name: str, arguments: list[Any]) -> Any:
    from sqlglot import exp

    def fill(node: Any) -> Any:
        if isinstance(node, exp.Column) and not node.table and (found := _ARGUMENT.fullmatch(node.name)):
            return arguments[int(found[1])].copy()
        return node

    words = tuple((place, arguments[place].sql()) for place in _WORDS.get(name, ()))
    return _template(dialect, name, words).copy().transform(fill)


def _escaped(node: Any) -> Any:
    """A backslash means itself to DuckDB's LIKE, and takes the meaning from what follows to others'."""
    pattern = node.expression
    literal = pattern if pattern.is_string else None
    if literal is not None and "\\" in literal.this and not literal.meta.get("escaped"):
        # Once: what was changed is gone through again (`_from_within`).
        literal.set("this", literal.this.replace("\\", "\\\\"))
        literal.meta["escaped"] = True
    return node


@lru_cache(maxsize=256)
def _template(dialect: Dialect, name: str, words: tuple[tuple[int, str], ...]) -> Any:
    import sqlglot

    text = _SPELLINGS[dialect][name]
    for place, word in words:
        text = text.replace(f"_{place}", word)
    return sqlglot.parse_one(text, read=dialect)
