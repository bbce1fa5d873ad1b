"""Builders of the scalar functions: most are told by the table alone."""

from collections.abc import Callable, Iterator

from sqlglot import exp

from tailorbird.know.language.call import Call
from tailorbird.know.language.functions import Parameter
from tailorbird.know.language.kinds import agree, need
from tailorbird.know.language.mistake import Mistake
from tailorbird.know.language.tree import Arithmetic, Constant, Expression, Now
from tailorbird.know.language.tree import Call as Scalar

_ZERO = Constant(0.0, "number")
_BOUNDS = {"start": (1, 10_000), "length": (0, 10_000), "digits": (0, 10)}


def scalar(call: Call) -> Expression:
    """A function whose arguments are of the kinds that its parameters take."""
    function = call.function
    if function.kind == "same":
        arguments = agree([read for parameter in function.parameters for read in call.reads(parameter.name)])
        return Scalar(function.name, arguments, arguments[0].kind)
    arguments = tuple(one for parameter in function.parameters for one in _read(call, parameter))
    return Scalar(function.name, arguments, function.kind)  # type: ignore[arg-type]  # "same" is dealt with above


def _read(call: Call, parameter: Parameter) -> Iterator[Expression]:
    if parameter.takes == "count":
        if call.has(parameter.name):
            yield Constant(float(call.whole(parameter.name, *_BOUNDS[parameter.name])), "number")
        return
    for read in call.reads(parameter.name):
        yield need(read, parameter.takes)  # type: ignore[arg-type]  # scalars take kinds


def _part_of_time(call: Call) -> Expression:
    """year, month, day, weekday and hour: of now(), or of a time."""
    node = call.only("time")
    if not (isinstance(node, exp.Anonymous) and node.name.lower() == "now"):
        return scalar(call)
    if node.expressions:
        raise Mistake("now() takes nothing.", at=call.at)
    if not call.reader.scope.statistics:
        raise Mistake("A filter or value does not change with time.", "Compare with now() outside the call.", call.at)
    return Now(call.function.name)  # type: ignore[arg-type]  # the five that this builds


def _now(call: Call) -> Expression:
    raise Mistake(
        "now() stands only inside year, month, day, weekday or hour.",
        "How long ago something was is days_since(…), hours_since(…) or minutes_since(…).",
        call.at,
    )


def _score(call: Call) -> Expression:
    """Each term of the sum counts 0 where it is NULL."""
    return _sum(call, call.only("sum"))


def _sum(call: Call, node: exp.Expression) -> Expression:
    # Brackets alone do not end the sum: (a + b) + c has three terms.
    while isinstance(node, exp.Paren):
        node = node.this
    if isinstance(node, exp.Add | exp.Sub):
        operator = "+" if isinstance(node, exp.Add) else "-"
        return Arithmetic(operator, _sum(call, node.left), _sum(call, node.right))  # type: ignore[arg-type]
    term = call.reader.number(node)
    return (
        # A number written out is never NULL.
        term if isinstance(term, Constant) and term.value is not None else Scalar("coalesce", (term, _ZERO), "number")
    )


_PARTS = ("year", "month", "day", "weekday", "hour")

BUILDERS: dict[str, Callable[[Call], Expression]] = {
    **dict.fromkeys(_PARTS, _part_of_time),
    "now": _now,
    "score": _score,
}
