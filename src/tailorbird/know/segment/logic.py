"""Expressions as Python text, with SQL's three-valued logic and without carrying None through it.

A condition is written in the form that is asked for: `true` is true iff the condition is TRUE, `false` iff it is
FALSE; NULL is neither. `not` swaps the two. A value is written as guards, which must all hold one after the other or
else it is NULL, and the code that gives it behind them.
"""

from collections.abc import Callable
from dataclasses import replace
from math import isfinite
from typing import NamedTuple

from tailorbird.know.language.tree import (
    And,
    Arithmetic,
    Call,
    Case,
    Compare,
    Constant,
    Elapsed,
    Expression,
    In,
    IsNull,
    Like,
    Not,
    Or,
    Value,
)
from tailorbird.know.segment.bounds import HUGE, bound, whole
from tailorbird.know.segment.scalars import PARTIAL

TRUE, FALSE = "True", "False"
OPERATORS = {"=": "==", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
OPPOSITES = {"=": "!=", "<>": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
CONDITIONS = (And, Or, Not, Compare, In, Like, IsNull)


class Guarded(NamedTuple):
    """Code for a value that is not NULL where all guards hold."""

    guards: tuple[str, ...]
    code: str

    def alone(self) -> str:
        """The value, or None."""
        return f"({self.code} if {' and '.join(self.guards)} else None)" if self.guards else self.code


class Logic:
    """Writes expressions; `leaf` writes what they stand on: properties, traits, statistics, the clock."""

    def __init__(
        self,
        leaf: Callable[[Expression], Guarded],
        patterns: dict[tuple[str, bool], str],
        known: Callable[[Expression], Guarded | None] = lambda e: None,
    ) -> None:
        self._leaf = leaf
        self._known = known  # a value that is worked out already, and where it stands
        self._patterns = patterns  # of `like`, each with the name of its matcher
        self._names = 0

    def true(self, e: Expression) -> str:
        """Code that is true iff the condition is TRUE."""
        return self._condition(e, True)

    def false(self, e: Expression) -> str:
        """Code that is true iff the condition is FALSE."""
        return self._condition(e, False)

    def _condition(self, e: Expression, wanted: bool) -> str:
        if isinstance(e, Constant):
            return TRUE if e.value is wanted else FALSE
        if isinstance(e, Not):
            return self._condition(e.part, not wanted)
        if isinstance(e, And | Or):
            # De Morgan: an And is FALSE where one part is, an Or where all are.
            word = " and " if isinstance(e, And) is wanted else " or "
            return f"({word.join(self._condition(part, wanted) for part in e.parts)})" if e.parts else FALSE
        if isinstance(e, Case):
            return self._case_condition(e, wanted)
        guards, test = self._test(e, wanted)
        return f"({' and '.join((*guards, test))})" if guards else f"({test})"

    def _test(self, e: Expression, wanted: bool) -> tuple[tuple[str, ...], str]:
        if isinstance(e, Compare):
            left, right = self.value(_like(e.left, e.right)), self.value(_like(e.right, e.left))
            # Not a `not` around it: where a side is NULL the guards fail, and the condition is neither TRUE nor FALSE.
            operator = (OPERATORS if wanted else OPPOSITES)[e.operator]
            return (*left.guards, *right.guards), f"{left.code} {operator} {right.code}"
        if isinstance(e, In):
            return self._in(e, wanted)
        if isinstance(e, Like):
            found, matcher = self.value(e.value), self._patterns.setdefault((e.pattern, e.any_case), "")
            matcher = matcher or f"like_{len(self._patterns)}"
            self._patterns[e.pattern, e.any_case] = matcher
            return found.guards, f"{'' if wanted else 'not '}{matcher}({found.code})"
        if isinstance(e, IsNull):
            return (), self._is_null(e.value, wanted)
        found = self.value(e)
        return found.guards, found.code if wanted else f"not {found.code}"

    def _is_null(self, e: Expression, wanted: bool) -> str:
        if isinstance(e, CONDITIONS):
            either = f"({self.true(e)} or {self.false(e)})"
            return f"not {either}" if wanted else either
        guards = self.value(e).guards
        if not guards:
            return FALSE if wanted else TRUE
        return f"not ({' and '.join(guards)})" if wanted else " and ".join(guards)

    def _in(self, e: In, wanted: bool) -> tuple[tuple[str, ...], str]:
        value = self.value(e.value)
        known = [option.value for option in e.options if isinstance(option, Constant)]
        other = [self.value(option) for option in e.options if not isinstance(option, Constant)]
        listed = ", ".join(literal(one) for one in known if one is not None)
        tests = [f"{value.code} {'in' if wanted else 'not in'} ({listed},)"] if listed else []
        operator = "==" if wanted else "!="
        tests += [f"({' and '.join((*one.guards, f'{value.code} {operator} {one.code}'))})" for one in other]
        if None in known and not wanted:
            return (), FALSE  # NULL among them: a miss is NULL, not FALSE
        if not tests:
            return (value.guards, FALSE) if wanted or e.options else ((), TRUE)
        return value.guards, f"({(' or ' if wanted else ' and ').join(tests)})"

    def _case_condition(self, e: Case, wanted: bool) -> str:
        code = self._condition(e.otherwise, wanted)
        for condition, result in reversed(e.branches):
            code = f"{self._condition(result, wanted)} if {self.true(condition)} else {code}"
        return f"({code})"

    # -- values

    def value(self, e: Expression) -> Guarded:
        """Code for the value, behind its guards."""
        if isinstance(e, Constant):
            code = literal(e.value)
            return Guarded(("False",), "None") if code == "None" else Guarded((), code)
        if isinstance(e, CONDITIONS):
            return self._bound(f"(True if {self.true(e)} else False if {self.false(e)} else None)")
        if isinstance(e, Arithmetic | Call):
            return self._known(e) or self.computed(e)
        if isinstance(e, Elapsed):
            time = self.value(e.time)
            return Guarded(time.guards, f"((t - {time.code}) // {e.unit})")
        if isinstance(e, Case):
            code = self.value(e.otherwise).alone()
            for condition, result in reversed(e.branches):
                code = f"{self.value(result).alone()} if {self.true(condition)} else {code}"
            return self._bound(f"({code})")
        return self._leaf(e)

    def computed(self, e: Arithmetic | Call) -> Guarded:
        """The value worked out here."""
        return self._arithmetic(e) if isinstance(e, Arithmetic) else self._call(e)

    def _bound(self, code: str) -> Guarded:
        name = self._name()
        return Guarded((f"({name} := {code}) is not None",), name)

    def _name(self) -> str:
        self._names += 1
        return f"n{self._names}"

    def _arithmetic(self, e: Arithmetic) -> Guarded:
        left, right = self.value(e.left), self.value(e.right)
        guards, divisor = (*left.guards, *right.guards), right.code
        # A constant other than 0 needs no test.
        if e.operator in "/%" and not (isinstance(e.right, Constant) and e.right.value):
            divisor = self._name()
            guards = (*guards, f"({divisor} := {right.code}) != 0")
        # % has the sign of its left side, as in C and SQL; Python's own has that of its right.
        code = f"fmod({left.code}, {divisor})" if e.operator == "%" else f"({left.code} {e.operator} {divisor})"
        # Small numbers cannot leave what is finite, so nothing asks.
        if bound(e) <= HUGE:
            return Guarded(guards, code)
        name = self._name()
        return Guarded((*guards, f"-{HUGE} <= ({name} := {code}) <= {HUGE}"), name)

    def _call(self, e: Call) -> Guarded:
        arguments = [self.value(argument) for argument in e.arguments]
        if e.name == "coalesce":
            return self._coalesce(arguments)
        if e.name == "nullif":
            value, other = arguments[0], self.value(_like(e.arguments[1], e.arguments[0]))
            # An unknown other is equal to nothing, and the value stays.
            same = " and ".join((*other.guards, f"{value.code} == {other.code}"))
            return Guarded((*value.guards, f"not ({same})"), value.code)
        guards = tuple(guard for argument in arguments for guard in argument.guards)
        code = f"{e.name}({', '.join(argument.code for argument in arguments)})"
        if e.name not in PARTIAL:
            return Guarded(guards, code)
        bound = self._bound(code)
        return Guarded((*guards, *bound.guards), bound.code)

    def _coalesce(self, arguments: list[Guarded]) -> Guarded:
        last = next((place for place, one in enumerate(arguments) if not one.guards), len(arguments) - 1)
        code = arguments[last].alone()
        for argument in reversed(arguments[:last]):
            code = f"{argument.code} if {' and '.join(argument.guards)} else {code}"
        return self._bound(f"({code})") if arguments[last].guards else Guarded((), f"({code})")


def _like(e: Expression, other: Expression) -> Expression:
    """A constant as a whole number, where it is compared with one: two of a kind are compared faster."""
    if isinstance(e, Constant) and isinstance(e.value, float) and e.value.is_integer() and whole(other):
        return replace(e, value=int(e.value))
    return e


def literal(value: Value) -> str:
    """A constant as Python text; what is not finite is NULL.

    >>> literal("it's"), literal(3), literal(float("inf"))
    ('"it\\'s"', '3', 'None')
    """
    # `repr` of all else: quotes and line breaks of a user stay inside the literal.
    if isinstance(value, float) and not isfinite(value):
        return "None"
    return repr(value)
