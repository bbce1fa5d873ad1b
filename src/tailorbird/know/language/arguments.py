"""The arguments of one call, put to the parameters of its function by place or by name."""

from collections.abc import Sequence

from sqlglot import exp

from tailorbird.know.language.dialect import place
from tailorbird.know.language.functions import Function, Parameter
from tailorbird.know.language.mistake import Mistake, instead, shown

Given = dict[str, list[exp.Expression]]


def put(function: Function, call: exp.Anonymous) -> Given:
    """What was given for each parameter; those left out are absent.

    Raises Mistake for one too many, a missing one, an unknown or repeated name.
    """
    given: Given = {}
    by_place = [one for one in call.expressions if not isinstance(one, exp.Kwarg)]
    _put_in_order(function, by_place, given)
    for one in call.expressions:
        if isinstance(one, exp.Kwarg):
            _put_by_name(function, one, given)
    for parameter in function.parameters:
        _check_count(function, parameter, given.get(parameter.name, ()), place(call))
    return given


def _put_in_order(function: Function, arguments: Sequence[exp.Expression], given: Given) -> None:
    places = [parameter for parameter in function.parameters if not parameter.named]
    for number, argument in enumerate(arguments):
        # The last place takes all that is left, as coalesce() and sequence() do.
        if places and places[-1].many and number >= len(places) - 1:
            given.setdefault(places[-1].name, []).append(argument)
        elif number < len(places):
            given[places[number].name] = [argument]
        else:
            takes = f"no more than {len(places)} by place" if places else "nothing by place"
            raise Mistake(f"{function.name}() takes {takes}.", written(function), place(argument))


def _put_by_name(function: Function, argument: exp.Kwarg, given: Given) -> None:
    # As functions are: SQL minds no case in names that are its own.
    name = argument.this.name.lower()
    if name not in {parameter.name for parameter in function.parameters}:
        names = [parameter.name for parameter in function.parameters if not parameter.many]
        raise Mistake(f"{function.name}() has no {shown(name)}.", instead(name, names), place(argument))
    if name in given:
        raise Mistake(f"{function.name}() is given {shown(name)} twice.", at=place(argument))
    given[name] = [argument.expression]


def _check_count(function: Function, parameter: Parameter, given: Sequence[exp.Expression], at: int | None) -> None:
    least = parameter.least if parameter.many else 0 if parameter.optional else 1
    if len(given) < least:
        wanted = f"{parameter.name} => …" if parameter.named else parameter.name
        times = f" at least {least} times" if least > 1 else ""
        raise Mistake(f"{function.name}() needs {wanted}{times}.", written(function), at)


def written(function: Function) -> str:
    """The next step after a call that does not fit."""
    return f"It is written {function.signature}."
