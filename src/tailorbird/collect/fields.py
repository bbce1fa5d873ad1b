"""Declared fields, and the split of a JSON object by them into a plain half and a secret half."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec

from tailorbird.collect.draft import Refused
from tailorbird.collect.kinds import COERCE, EXACT, WRONG, Kind, storable

_PLAIN_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_ .$-]{0,63}")

Unknown = Literal["keep", "drop", "reject"]
_EXACT_FLOAT = 2**53  # whole numbers below it are floats without loss
_NUMBERS: dict[str, Callable[[int], int | float]] = {"number": float, "integer": int}
Split = tuple[dict[str, Any], dict[str, Any]]


class Rule(msgspec.Struct, frozen=True):
    """One declared field, ready to be applied."""

    kind: Kind
    coerce: Callable[[Any], Any]
    exact: type | None = None  # values of exactly this class need no coercion
    personal: bool = False
    required: bool = False
    items: "Fields | None" = None  # of an array of objects, or the fields of one object


def rule(kind: Kind, personal: bool = False, required: bool = False, items: "Fields | None" = None) -> Rule:
    """A rule with the coercion of its kind."""
    return Rule(kind, COERCE[kind], EXACT.get(kind), personal, required, items)


class Fields:
    """The declared fields of one kind of object: an event's properties, a person's traits, a product.

    >>> fields = Fields({"price": rule("number"), "note": rule("string", personal=True)})
    >>> fields.split({"price": 5, "note": "for Ann", "colour": "red", "size": None})
    ({'price': 5.0}, {'note': 'for Ann', 'colour': 'red'})
    """

    def __init__(self, rules: Mapping[str, Rule], unknown: Unknown = "keep") -> None:
        self.rules = dict(rules)
        self.unknown = unknown
        self.required = tuple(name for name, declared in rules.items() if declared.required)
        # The hot path: a plain value of exactly its class needs one look-up, a whole number two.
        plain = {name: declared for name, declared in rules.items() if not declared.personal}
        self._exact = {name: declared.exact for name, declared in plain.items()}
        self._number = {name: _NUMBERS[field.kind] for name, field in plain.items() if field.kind in _NUMBERS}

    def split(self, values: dict[str, Any], where: str = "properties") -> Split:
        """(plain, secret): plain holds what is declared, not personal and of its kind; secret all the rest.

        Nulls say nothing and are dropped. Raises Refused where a required field is missing or of another kind, and
        for undeclared fields where the plan says `unknown: reject`.
        """
        plain: dict[str, Any] = {}
        secret: dict[str, Any] = {}
        exact, number, rules = self._exact.get, self._number, self.rules
        for name, value in values.items():
            kind = value.__class__
            if kind is exact(name):
                plain[name] = value
            # JSON does not tell 5 from 5.0: a column of numbers gets floats all the same, and loses no digit doing so.
            elif kind is int and name in number and -_EXACT_FLOAT < value < _EXACT_FLOAT:
                plain[name] = number[name](value)
            elif value is None:
                continue
            elif name in rules:
                _settle(rules[name], name, value, plain, secret)
            else:
                secret[name] = value if kind is str else storable(value)
        if secret and self.unknown != "keep":
            self._undeclared(secret, where)
        if self.required:
            self._require(plain, secret, where)
        return plain, secret

    def _undeclared(self, secret: dict[str, Any], where: str) -> None:
        for name in [name for name in secret if name not in self.rules]:
            if self.unknown == "reject":
                raise Refused(
                    "unknown", f"{where}.{_shown(name)}", "The plan declares no such field and refuses others."
                )
            del secret[name]

    def _require(self, plain: dict[str, Any], secret: dict[str, Any], where: str) -> None:
        for name in self.required:
            declared = self.rules[name]
            # What is personal goes to `secret` whatever it is: only the coercion tells whether it is of its kind.
            if name in plain or (declared.personal and declared.coerce(secret.get(name)) is not WRONG):
                continue
            place = f"{where}.{name}"
            if name in secret:
                raise Refused("kind", place, f"The required field '{name}' must be of type {declared.kind}.")
            raise Refused("required", place, f"The required field '{name}' is missing.")


def _settle(declared: Rule, name: str, value: Any, plain: dict[str, Any], secret: dict[str, Any]) -> None:
    """Put a value that is not exactly of its kind where it belongs; of a wrong kind it is kept, but sealed."""
    if declared.items is not None and not declared.personal:
        _settle_items(declared.items, name, value, plain, secret)
        return
    fitted = declared.coerce(value)
    if fitted is WRONG:
        secret[name] = storable(value)
    else:
        (secret if declared.personal else plain)[name] = fitted


def _settle_items(fields: Fields, name: str, value: Any, plain: dict[str, Any], secret: dict[str, Any]) -> None:
    """Split each object of a list; what is secret stays at its place in a list of the same length."""
    if value.__class__ is not list:
        secret[name] = storable(value)
        return
    halves = [fields.split(row, name) if row.__class__ is dict else ({}, storable(row)) for row in value]
    # Both lists keep every place: what lies sealed of the third product must meet the third product again.
    plain[name] = [half[0] for half in halves]
    if any(half[1] for half in halves):
        secret[name] = [half[1] for half in halves]


def _shown(name: str) -> str:
    """A field's name as it may be shown in the open: names come from the wire too, an address may be among them."""
    return name if _PLAIN_NAME.fullmatch(name) else "?"
