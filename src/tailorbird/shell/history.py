"""The relation `history` over the lake: everyone's events as `know.sql` asks for them, in DuckDB's SQL.

The person is the one that the event's leaf belongs to now, so a merge or an unmerge needs no rewriting. A value of
another kind than asked for is NULL, as it is where an event is counted live: nothing is bent to fit.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tailorbird.know.fold import PASSIVE, VISITS
from tailorbird.know.language.tree import Kind, Program
from tailorbird.know.segment.kinds import MOST, TIME_TEXT
from tailorbird.know.sql.columns import Column, Needs, list_column, needs
from tailorbird.know.sql.compiled import Baseline, compile_sql, needed
from tailorbird.know.sql.dialects import in_dialect
from tailorbird.know.sql.expressions import quoted
from tailorbird.shell.embedded.lake_columns import Kind as LakeKind
from tailorbird.shell.embedded.lake_columns import Place
from tailorbird.shell.ports import Lake

Columns = Mapping[str, Place]  # of the lake, by their names


def ask(
    lake: Lake,
    program: Program,
    names: Sequence[str] | None = None,
    *,
    now: int,
    baseline: Baseline | None = None,
) -> Sequence[Mapping[str, Any]]:
    """What `compile_sql` tells of everyone in the lake at `now`: a row each.

    What the lake does not hold yet is not seen: seal first where the last minutes count.
    """
    sql = compile_sql(program, names, now=now, baseline=baseline)
    return lake.query(over(lake, sql, needs(needed(program, names))))


def over(lake: Lake, sql: str, asked: Needs, until: int | None = None, **relations: str) -> str:
    """`sql` with `history` (of what happened by `until`), and other relations by their text, before it."""
    bodies = {"history": history(asked, lake.columns(), until), **relations}
    # Once: the question reads it in several places, and an inlined part would be computed for each.
    parts = ",\n".join(f"{name} AS MATERIALIZED (\n{body})" for name, body in bodies.items())
    rest = f",\n{sql.removeprefix('WITH ')}" if sql.startswith("WITH ") else f"\n{sql}"
    return in_dialect(f"WITH {parts}{rest}", "duckdb")


def history(asked: Needs, columns: Columns, until: int | None = None) -> str:
    """The SELECT of the relation with the columns that are asked for."""
    names = {place: name for name, place in columns.items()}
    texts = {column.name: _GROUPS[column.group](column, names) for column in asked.columns.values()}
    texts |= {list_column(name): _list(name, list(fields.values()), names) for name, fields in asked.lists.items()}
    extra = "".join(f",\n    {text} AS {name}" for name, text in texts.items())
    past = "" if until is None else f"\nWHERE epoch_ms(least(timestamp, received_at)) <= {until}"
    return _HISTORY.format(visits=_in(VISITS), passive=_in(PASSIVE), extra=extra) + past


_HISTORY = """\
SELECT coalesce(person, leaf) AS person, epoch_ms(least(timestamp, received_at)) AS happened_at,
    CASE WHEN type = 'track' THEN event ELSE type END AS name, log_offset,
    type IN ({visits}) AND NOT (type = 'track' AND event IN ({passive})) AS contact{extra}
FROM people_events"""


def _in(names: frozenset[str]) -> str:
    return ", ".join(quoted(name) for name in sorted(names))


# -- values


def _stored(group: Any, column: Column, names: Mapping[Place, str]) -> str:
    """The value under a path; below its first part lies JSON."""
    key, *below = column.path
    if below:
        name = names.get(Place(group, key, "json"))
        return _OF_JSON[column.kind](_pointed(_name(name), below)) if name else _NOTHING[column.kind]
    found = [_PLAIN[kind](_name(name)) for kind in _KINDS[column.kind] if (name := names.get(Place(group, key, kind)))]
    if not found:
        return _NOTHING[column.kind]
    text = found[0] if len(found) == 1 else f"coalesce({', '.join(found)})"
    return _time(text) if column.kind == "time" else text


def _trait(column: Column, names: Mapping[Place, str]) -> str:
    # A group's traits are the group's.
    return f"CASE WHEN type <> 'group' THEN {_stored('traits', column, names)} END"


def _said(column: Column, names: Mapping[Place, str]) -> str:
    return _OF_JSON["boolean"](_pointed("consent", list(column.path)))


_GROUPS: Mapping[str, Callable[[Column, Mapping[Place, str]], str]] = {
    "properties": lambda column, names: _stored("properties", column, names),
    "context": lambda column, names: _stored("context", column, names),
    "event": lambda column, names: {"name": "event", "source": "source"}.get(column.path[0], "NULL::VARCHAR"),
    "traits": _trait,
    "consent": _said,
}
_KINDS: Mapping[Kind, tuple[LakeKind, ...]] = {
    "number": ("number", "integer"),
    "text": ("text",),
    "boolean": ("flag",),
    "time": ("text",),
}
_PLAIN: Mapping[LakeKind, Callable[[str], str]] = {
    "number": lambda name: f"CASE WHEN abs({name}) <= {MOST:.0e} THEN {name} END",
    "integer": lambda name: f"CAST({name} AS DOUBLE)",
    "text": lambda name: name,
    "flag": lambda name: name,
}
_NOTHING: Mapping[Kind, str] = {
    "number": "NULL::DOUBLE",
    "text": "NULL::VARCHAR",
    "boolean": "NULL::BOOLEAN",
    "time": "NULL::BIGINT",
}


def _time(text: str) -> str:
    return f"CASE WHEN regexp_full_match({text}, {quoted(TIME_TEXT)}) THEN epoch_ms(try_cast({text} AS TIMESTAMP)) END"


def _name(name: str) -> str:
    return f'"{name}"'


# -- JSON


def _pointed(json: str, path: Sequence[str]) -> str:
    """The JSON under a path, as text; strings keep their quotes, which tells them from numbers."""
    # ~ and / are spelled so in a JSON Pointer (RFC 6901).
    pointer = "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in path)
    return f"CAST(json_extract({json}, {quoted(pointer)}) AS VARCHAR)"


def _json_text(json: str) -> str:
    return f"CASE WHEN starts_with({json}, '\"') THEN {json}->>'$' END"


_OF_JSON: Mapping[Kind, Callable[[str], str]] = {
    "number": lambda json: _PLAIN["number"](f"try_cast({json} AS DOUBLE)"),
    "text": _json_text,
    "boolean": lambda json: f"CASE {json} WHEN 'true' THEN true WHEN 'false' THEN false END",
    "time": lambda json: _time(_json_text(json)),
}


def _list(key: str, fields: Sequence[Column], names: Mapping[Place, str]) -> str:
    """A list of the objects of an array, with these fields; NULL where there is no array.

    Each array is parsed once, into structs of JSON: one look for each field would take three times as long.
    """
    name = names.get(Place("properties", key, "json"))
    if name is None or not fields:
        none = ", ".join(f"{column.name} := {_NOTHING[column.kind]}" for column in fields) or "there := true"
        typed = f"[struct_pack({none})]"
        return f"CASE WHEN false THEN {typed} END" if name is None else _counted(_name(name), typed)
    heads = dict.fromkeys(column.path[0] for column in fields)
    shape = "[{" + ", ".join(f'"{_escaped(head)}": "JSON"' for head in heads) + "}]"
    parsed = f"json_transform({_name(name)}, {quoted(shape)})"
    packed = ", ".join(f"{column.name} := {_field(column)}" for column in fields)
    pairs = f"list_zip(json_type({_name(name)}, '$[*]'), {parsed})"
    objects = f"list_filter({pairs}, lambda pair: pair[1] = 'OBJECT')"
    return (
        f"CASE WHEN json_type({_name(name)}) = 'ARRAY'"
        f" THEN list_transform({objects}, lambda pair: struct_pack({packed})) END"
    )


def _counted(name: str, one: str) -> str:
    """As many as there are objects, when nothing is asked of them but how many."""
    objects = f"list_filter(json_type({name}, '$[*]'), lambda kind: kind = 'OBJECT')"
    return f"CASE WHEN json_type({name}) = 'ARRAY' THEN list_transform({objects}, lambda kind: {one}[1]) END"


def _field(column: Column) -> str:
    head, *below = column.path
    json = f"CAST(struct_extract(pair[2], {quoted(head)}) AS VARCHAR)"
    return _OF_JSON[column.kind](_pointed(json, below) if below else json)


def _escaped(key: str) -> str:
    return key.replace("\\", "\\\\").replace('"', '\\"')
