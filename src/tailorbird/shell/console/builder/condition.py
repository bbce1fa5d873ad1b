"""What the builder holds: conditions in groups. Plain data, to be written as SQL and read back."""

from dataclasses import dataclass, field, replace
from typing import Literal

Kind = Literal["number", "text", "boolean", "time"]
Value = float | int | str | bool
# What stands in one field of a form; a tuple where it takes several.
Given = Value | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Test:
    """What is asked of a value: an operator of `operators.OPERATORS` and what it is compared with."""

    __test__ = False  # pytest: not one of yours

    operator: str
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on a property of the event."""

    property: str
    test: Test


@dataclass(frozen=True, slots=True)
class Condition:
    """One row: a form of `forms.FORMS`, filled in, and what is asked of its value."""

    form: str
    given: dict[str, Given] = field(default_factory=dict)
    filters: tuple[Filter, ...] = ()
    test: Test = Test("true")
    either: bool = False  # one of the filters is enough

    def with_given(self, name: str, value: Given | None) -> "Condition":
        """The same row with one field filled in anew, or emptied."""
        rest = {key: kept for key, kept in self.given.items() if key != name}
        return replace(self, given=rest if value in (None, "", ()) else {**rest, name: value})


@dataclass(frozen=True, slots=True)
class Written:
    """A row that the builder has no form for: SQL as it was written."""

    sql: str


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of which all or any must hold; `negated`: that must not be so."""

    of: Literal["all", "any"] = "all"
    parts: tuple["Part", ...] = ()
    negated: bool = False


Part = Condition | Written | Group
