"""The types beside a generated program, with which Cython compiles the very text that Python runs.

The text stays what it is, so there is one program and no twin. Beside it stands what its names are (an augmenting
`.pxd`, as Cython calls it): a local `x7` is a `WindowCount`, and a `WindowCount` keeps `total` at this place of its
memory. So a field is one look into memory where Python asks the type for a descriptor first. Values stay Python's own,
unbounded integers included, and so does all arithmetic; only the bits of what turned and what a contact weighs are C's.
A dict and a list are known to be one, and are asked without looking for the method first.

Where Python keeps a field is Python's business. So the compiled module asks each class when it is loaded, and refuses
where one of them keeps it elsewhere (`LAYOUT`); a person is then moved by the text as Python runs it.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args, get_origin, get_type_hints

from tailorbird.know.segment.module import Module
from tailorbird.know.segment.slots import Slot
from tailorbird.know.statistics.statistic import Statistic

BITS = 62  # what turned is a C integer while it has no more bits than this

# tailorbird_at: whether objects of a class keep a field at this place, as an object that is always there.
LAYOUT = """\
#include <Python.h>
#include <structmember.h>
#include <stddef.h>
static int tailorbird_at(PyObject *kind, const char *name, size_t place) {
    PyObject *found = PyObject_GetAttrString(kind, name);
    int same = found && Py_IS_TYPE(found, &PyMemberDescr_Type)
        && ((PyMemberDescrObject *)found)->d_member->type == T_OBJECT_EX
        && ((PyMemberDescrObject *)found)->d_member->offset == (Py_ssize_t)place;
    Py_XDECREF(found);
    PyErr_Clear();
    return same;
}
"""


@dataclass(frozen=True, slots=True)
class Typed:
    """A Python module with its types, ready to be compiled; `given` is what it takes from outside."""

    name: str
    text: str
    types: str  # NAME.pxd
    layout: str  # NAME.h
    given: Mapping[str, Any]


def typed(module: Module) -> Typed:
    """What an event runs of the module, with its types.

    >>> from tailorbird.know.language.program import check
    >>> from tailorbird.know.language.schema import schema_of
    >>> from tailorbird.know.segment.module import generate
    >>> made = typed(generate(check({}, {"busy": "count('Product Viewed') > 3"}, schema_of())))
    >>> "x0=Count" in made.types, "def count_0(p, act, at):" in made.text, "def tick(" in made.text
    (True, True, False)
    """
    name = f"segments_{module.key.hex()}"
    body = _run_by_events(ast.parse(module.source))
    kinds = {slot.number: kind_of(slot) for slot in module.plan.all_slots() if slot.statistic}
    classes = {kind.__name__: kind for kind in kinds.values()} | {"Person": module.standing}
    asked = {one: module.space[one] for one in _asked(body, module.space)}
    asked |= dict.fromkeys(module.plan.slots.baselines.values(), 0.0)
    functions, wide = [node for node in body if isinstance(node, ast.FunctionDef)], _wide(body)
    types = [*_classes(name, classes), *(line for one in functions for line in _declared(one, kinds, wide))]
    taken = [f"from {name}_given import {', '.join(sorted(asked))}"] if asked else []
    text = "\n".join([*taken, *_check(classes), *map(ast.unparse, body), ""])
    return Typed(name, text, "\n".join([*types, ""]), LAYOUT + _structs(classes), {**asked, **classes})


def _run_by_events(tree: ast.Module) -> list[ast.stmt]:
    """The functions that count and judge, those that they call, and what is set for them.

    The others run when somebody is new, when only time passes or somebody asks, and are as long again.
    """
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    wanted = {name for one in functions if one.startswith(("count_", "judge_")) for name in _reach(functions, one)}
    return [
        node
        for node in tree.body
        if isinstance(node, ast.Assign) or (isinstance(node, ast.FunctionDef) and node.name in wanted)
    ]


def _reach(functions: Mapping[str, ast.FunctionDef], name: str) -> list[str]:
    """The function, those that it calls, and theirs."""
    found = [name]
    for one in found:
        found += [name for name in sorted(_loaded(functions[one])) if name in functions and name not in found]
    return found


def kind_of(slot: Slot) -> type[Statistic]:
    """The class that a slot's statistic was set up from: they share fields, and where these are kept."""
    kinds = [one for one in slot.statistic.__mro__ if one.__name__ == slot.statistic.__name__]  # type: ignore[union-attr]
    return kinds[-1]


def fields_in_place(kind: type) -> list[str]:
    """The fields of a struct in the order of their places: those of each base in that of their names.

    >>> from tailorbird.know.statistics.ends import WindowLast
    >>> fields_in_place(WindowLast)
    ['at', 'value', 'until']
    """
    found: list[str] = []
    for base in reversed(kind.__mro__):
        fields = getattr(base, "__struct_fields__", ())
        found += sorted(set(fields) - {*found}) if isinstance(fields, tuple) else []
    return found


def _structs(classes: Mapping[str, type]) -> str:
    lines = []
    for name, kind in classes.items():
        fields = " ".join(f"PyObject *f_{field};" for field in fields_in_place(kind))
        lines.append(f"typedef struct {{ PyObject_HEAD {fields} }} Laid{name};")
    for name, kind in classes.items():
        tests = "".join(
            f' && tailorbird_at(kind, "{field}", offsetof(Laid{name}, f_{field}))' for field in fields_in_place(kind)
        )
        lines.append(f"static int laid_{name}(PyObject *kind) {{ return 1{tests}; }}")
    return "\n".join(lines) + "\n"


def _classes(name: str, classes: Mapping[str, type]) -> Iterator[str]:
    yield "cimport cython"
    yield f'cdef extern from "{name}.h":'
    for one, kind in classes.items():
        yield f"    int laid_{one}(object kind)"
        yield f"    ctypedef class {name}_given.{one} [object Laid{one}, check_size ignore]:"
        hints = get_type_hints(kind)
        yield from (f'        cdef {_kept(hints[field])} {field} "f_{field}"' for field in fields_in_place(kind))


def _kept(hint: Any) -> str:
    """What a field of this type holds, as far as it helps to know: what is read and written holds no other.

    >>> _kept(dict[str, list[int]]), _kept(list[int] | None), _kept(int)
    ('dict', 'list', 'object')
    """
    origins = [get_origin(one) for one in (hint, *get_args(hint))]
    return next((one.__name__ for one in origins if one in (dict, list)), "object")


def _check(classes: Iterable[str]) -> list[str]:
    """What the compiled module asks first."""
    return [f"if not laid_{one}({one}): raise ImportError('another layout: {one}')" for one in classes]


# `q` is what a sender wrote: it is asked whether it is one when it comes.
LOCALS = {"m": "dict", "q": "dict", "faded": "double"}
ARGUMENTS = {"p": "Person p", "m": "dict m", "out": "list out", "d": "long long d"}


def _declared(function: ast.FunctionDef, kinds: Mapping[int, type], wide: bool) -> Iterator[str]:
    """The types of a function's arguments and locals."""
    stored = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    arguments = [one.arg for one in function.args.args]
    types = [f"{one}={kind}" for one in sorted(stored) if (kind := _local(one, kinds))]
    if "d" in stored - {*arguments} and not wide:
        types.append("d='long long'")
    if types:
        yield f"@cython.locals({', '.join(types)})"
    shown = ("object d" if wide and one == "d" else ARGUMENTS.get(one, f"object {one}") for one in arguments)
    yield f"cpdef object {function.name}({', '.join(shown)})"


def _local(name: str, kinds: Mapping[int, type]) -> str:
    slot = re.fullmatch(r"x(\d+)", name)
    if slot and int(slot[1]) in kinds:
        return kinds[int(slot[1])].__name__
    return "double" if name.startswith("fade_") else LOCALS.get(name, "")


def _wide(body: Iterable[ast.stmt]) -> bool:
    """Whether what turned may have more bits than a C integer."""
    found = (node.value for one in body for node in ast.walk(one) if isinstance(node, ast.Constant))
    return any(type(value) is int and value >= 1 << BITS for value in found)


def _loaded(node: ast.AST) -> set[str]:
    """The names that it looks up."""
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)}


def _asked(body: Sequence[ast.stmt], space: Mapping[str, Any]) -> list[str]:
    """The names that these take from the module's space; some are called like what Python has built in."""
    own = {node.name for node in body if isinstance(node, ast.FunctionDef)}
    own |= {
        one.id for node in body if isinstance(node, ast.Assign) for one in node.targets if isinstance(one, ast.Name)
    }
    return sorted(set[str]().union(*map(_loaded, body)) & space.keys() - own)
