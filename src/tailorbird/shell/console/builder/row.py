"""One row of the builder: its form, the fields of it, the filters, and what is asked of the value."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tailorbird.shell.console.builder import controls
from tailorbird.shell.console.builder.choices import Choices
from tailorbird.shell.console.builder.condition import Condition, Filter, Given, Test
from tailorbird.shell.console.builder.controls import given_text
from tailorbird.shell.console.builder.forms import FORMS, Field, Form, blank, missing
from tailorbird.shell.console.builder.operators import OPERATORS
from tailorbird.shell.console.markup import span
from tailorbird.shell.console.parts import box, html

# The row as it is now, and whether it has to be drawn anew.
Changed = Callable[[Condition, bool], None]
_REDRAWN = ("event", "events", "each", "property", "trait")  # fields that others depend on


class Row:
    """Draws a row into the present place. It keeps its own condition: controls tell one field at a time."""

    def __init__(self, row: Condition, choices: Choices, changed: Changed) -> None:
        self._row, self._choices, self._tell = row, choices, changed
        self._form = FORMS[row.form]
        with box("tb-rule-line"):
            self._draw()
        if row.filters:
            with box("tb-rule-filters"):
                self._draw_filters()
        lacking = missing(row)
        if lacking:
            html(span(f"Not counted yet: choose {_ARTICLES.get(lacking, 'a ' + lacking)}."), cls="tb-rule-lacks")

    def _draw(self) -> None:
        offers = {key: f"{form.words}" for key, form in FORMS.items()}
        controls.choose("condition", offers, self._row.form, self._reform).props('input-class="tb-strong"')
        for field in self._form.fields:
            if not field.shy or field.name in self._row.given:
                self._field(field)
        if self._form.kind != "boolean" or self._row.test.operator != "true":
            kind = self._choices.kind_of(self._row)
            controls.question(self._row.test, kind, self._asked, self._usual(self._row))
        controls.more("Add to this condition", self._offers())

    def _field(self, field: Field) -> None:
        # Words may stand on both sides of the control: "less than … ago".
        before, _, after = field.words.partition(" … ")
        controls.words(before)
        given = self._row.given.get(field.name)
        _ASKING.get(field.ask, _choose)(self, field, given)
        controls.words(after)

    def _offers(self) -> dict[str, Callable[[], None]]:
        """What can be added to the row: fields that are not shown yet, a filter, the opposite."""
        found: dict[str, Callable[[], None]] = {}
        if self._form.filters:
            found["only where …"] = self._add_filter
        for field in self._form.fields:
            if field.shy and field.name not in self._row.given and self._useful(field):
                found[f"{field.words} …" if "…" not in field.words else field.words] = self._showing(field)
        if self._form.kind == "boolean" and self._row.test.operator == "true":
            found["is not true"] = lambda: self._change(test=Test("false"))
        return found

    def _useful(self, field: Field) -> bool:
        return field.ask != "each" or bool(self._choices.of(field, self._row))

    def _showing(self, field: Field) -> Callable[[], None]:
        usual: dict[str, Given] = {"each": next(iter(self._choices.of(field, self._row)), ""), "property": ""}
        return lambda: self._change(given={**self._row.given, field.name: usual.get(field.ask, "1 hour")})

    # -- what the controls tell

    def given(self, field: Field, value: Given | None) -> None:
        redraw = field.ask in _REDRAWN
        row = self._row.with_given(field.name, value)
        if field.name in ("event", "value", "trait"):
            row = self._refit(row)
        self._keep(row, redraw or bool(missing(row)) != bool(missing(self._row)))

    def _refit(self, row: Condition) -> Condition:
        """A question that the new value's kind can answer."""
        kind = self._choices.kind_of(row)
        fits = kind is None or kind in OPERATORS[row.test.operator].kinds
        return row if fits else replace(row, test=_USUAL[kind])  # type: ignore[index]

    def _reform(self, form: str) -> None:
        if form not in FORMS or form == self._row.form:
            return
        fields = {field.name: field.ask for field in FORMS[form].fields}
        before = {field.name: field.ask for field in self._form.fields}
        # What another form asks for in the same way under the same name is kept: the event of a count, as that of a
        # sum.
        kept = {name: value for name, value in self._row.given.items() if fields.get(name) == before.get(name)}
        new = blank(form)
        filters = self._row.filters if FORMS[form].filters else ()
        self._keep(replace(new, given={**new.given, **kept}, filters=filters), True)

    def _asked(self, test: Test, redraw: bool) -> None:
        self._keep(replace(self._row, test=test), redraw)

    def _change(self, **changed: Any) -> None:
        self._keep(replace(self._row, **changed), True)

    def _keep(self, row: Condition, redraw: bool) -> None:
        self._row = row
        self._tell(row, redraw)

    # -- filters

    def _draw_filters(self) -> None:
        joined = {"and": "and", "or": "or"}
        for at, one in enumerate(self._row.filters):
            with box("tb-rule-line"):
                if at == 1:
                    word = "or" if self._row.either else "and"
                    controls.choose("joined by", joined, word, lambda w: self._change(either=w == "or"))
                else:
                    controls.words("only where" if not at else "or" if self._row.either else "and")
                self._draw_filter(at, one)

    def _draw_filter(self, at: int, one: Filter) -> None:
        known = self._choices.properties(self._row)
        names = {name: name for name in known}
        controls.choose(
            "property", names, one.property, lambda name: self._filter(at, Filter(name, self._fit(name))), True
        )
        usual = self._choices.values.get(one.property, ())
        controls.question(
            one.test,
            known.get(one.property),
            lambda t, redraw: self._filter(at, Filter(one.property, t), redraw),
            usual,
        )
        controls.remove("Remove this filter", lambda: self._filter(at, None))

    def _fit(self, name: str) -> Test:
        return _USUAL[self._choices.properties(self._row).get(name, "text")]

    def _filter(self, at: int, one: Filter | None, redraw: bool = True) -> None:
        rest = self._row.filters
        filters = (*rest[:at], *([one] if one else []), *rest[at + 1 :])
        self._keep(replace(self._row, filters=filters, either=self._row.either and len(filters) > 1), redraw)

    def _add_filter(self) -> None:
        name = next(iter(self._choices.properties(self._row)), "")
        self._change(filters=(*self._row.filters, Filter(name, self._fit(name))))

    def _usual(self, row: Condition) -> tuple[str, ...]:
        return tuple(self._choices.values.get(str(row.given.get("value", "")), ()))

    @property
    def choices(self) -> Choices:
        return self._choices

    @property
    def row(self) -> Condition:
        return self._row

    @property
    def form(self) -> Form:
        return self._form


_USUAL = {"number": Test(">=", (1,)), "text": Test("=", ("",)), "boolean": Test("true"), "time": Test("older", (30,))}
_ARTICLES = {"event": "an event", "events": "at least two events", "each": "a list", "text": "a text"}


def _choose(row: Row, field: Field, given: Given | None) -> None:
    options = row.choices.of(field, row.row)
    # An expression over properties; a list that nobody has joined yet.
    free = field.ask in ("property", "list")
    controls.choose(field.words or field.ask, options, given_text(given), lambda value: row.given(field, value), free)


def _several(row: Row, field: Field, given: Given | None) -> None:
    values = given if isinstance(given, tuple) else ()
    controls.choose_several("events in order", row.choices.of(field, row.row), values, lambda v: row.given(field, v))


def _length(row: Row, field: Field, given: Given | None) -> None:
    controls.length_field(field.words or field.name, given_text(given), lambda v: row.given(field, v), field.needed)


def _number(row: Row, field: Field, given: Given | None) -> None:
    value = given if isinstance(given, int | float) else None
    controls.number_field(field.words or field.name, value, lambda v: row.given(field, v), 76)


def _text(row: Row, field: Field, given: Given | None) -> None:
    usual = row.choices.values.get(str(row.row.given.get("of", "")), ())
    controls.text_field(field.words or field.name, given_text(given), lambda v: row.given(field, v), 200, usual)


def _predicate(row: Row, field: Field, given: Given | None) -> None:
    controls.text_field("condition as SQL", given_text(given), lambda value: row.given(field, value), 360).classes(
        "tb-mono"
    )


_ASKING: dict[str, Callable[[Row, Field, Given | None], None]] = {
    "events": _several,
    "window": _length,
    "length": _length,
    "number": _number,
    "text": _text,
    "predicate": _predicate,
}
