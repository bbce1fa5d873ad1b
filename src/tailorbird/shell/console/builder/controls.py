"""The controls of a row: each asks for one field, and tells what was chosen."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from nicegui import ui

from tailorbird.shell.console.builder.condition import Given, Kind, Test, Value
from tailorbird.shell.console.builder.lengths import UNITS, length_of, parts_of
from tailorbird.shell.console.builder.operators import OPERATORS, operators_of
from tailorbird.shell.console.markup import span
from tailorbird.shell.console.parts import box, html

Told = Callable[[Any], None]
E = TypeVar("E", bound=ui.element)
# Enter takes the first option that fits what was typed; where anything may be typed, only one that begins like it.
_FIRST_FIT = """(typed) => setTimeout(() => {
  const select = getElement(ID)?.$refs.qRef, first = select?.options[0]?.label?.toLowerCase();
  if (!typed || first === undefined || select.getOptionIndex() !== -1) return;
  if (!FREE || first.startsWith(typed.toLowerCase())) select.moveOptionSelection(1, true);
}, 0)"""
_DEBOUNCE = 'debounce="250"'


def words(text: str) -> None:
    """The words between two controls."""
    if text:
        html(span(text), cls="tb-words")


def choose(label: str, options: Mapping[str, str], value: str, told: Told, free: bool = False) -> ui.select:
    """One of several, found by typing; `free` takes what is not among them too."""
    # What is chosen stays on offer though nobody declares it (any more): NiceGUI refuses a value without an option.
    known = {**options} if value in options or not value else {value: value, **options}
    control = ui.select(
        known, value=value or None, on_change=lambda event: told(event.value or ""), with_input=True,
        new_value_mode="add-unique" if free else None, key_generator=str,
    )  # fmt: skip
    control.on("input-value", js_handler=_FIRST_FIT.replace("ID", str(control.id)).replace("FREE", str(free).lower()))
    return _dressed(control, label, f"width:{_width(known, value)}px")


def choose_several(label: str, options: Mapping[str, str], values: Sequence[Value], told: Told) -> ui.select:
    """Several of several; what is typed and not among them is taken too."""
    known = {**dict.fromkeys(map(str, values), ""), **options}
    shown = {name: words or name for name, words in known.items()}
    control = ui.select(
        shown, value=[str(value) for value in values], on_change=lambda event: told(tuple(event.value or ())),
        multiple=True, with_input=True, new_value_mode="add-unique", key_generator=str,
    )  # fmt: skip
    return _dressed(control.props("use-chips"), label, "min-width:210px; max-width:460px")


def text_field(label: str, value: str, told: Told, width: int = 160, options: Sequence[str] = ()) -> ui.input:
    """A line of text, with what is usual there offered while it is typed."""
    control = ui.input(value=value, autocomplete=[*options] or None, on_change=lambda event: told(event.value or ""))
    return _dressed(control.props(_DEBOUNCE), label, f"width:{width}px")


def number_field(label: str, value: Value | None, told: Told, width: int = 80) -> ui.number:
    control = ui.number(
        value=value if isinstance(value, int | float) else None, on_change=lambda e: told(_number(e.value))
    )
    return _dressed(control.props(_DEBOUNCE), label, f"width:{width}px")


def length_field(label: str, length: str, told: Told, needed: bool) -> ui.number:
    """A number and a unit; where it may be left out, no number means ever."""
    number, unit = parts_of(length)
    kept: dict[str, Any] = {"number": number, "unit": unit}

    def tell(**changed: Any) -> None:
        kept.update(changed)
        told(length_of(kept["number"], kept["unit"]))

    count = ui.number(value=number, min=1, precision=0, on_change=lambda event: tell(number=event.value))
    if not needed:
        count.props('placeholder="ever"')
    units = ui.select(UNITS, value=unit, on_change=lambda event: tell(unit=event.value))
    _dressed(units, f"{label}: unit", "width:98px")
    return _dressed(count.props(_DEBOUNCE), label, "width:66px")


def question(test: Test, kind: Kind | None, told: Callable[[Test, bool], None], usual: Sequence[str] = ()) -> None:
    """Operator and operands; `told` hears the new test, and whether other controls are needed for it."""
    options = operators_of(kind) if kind else {key: one.words for key, one in OPERATORS.items()}
    options = options if test.operator in options else {test.operator: OPERATORS[test.operator].words, **options}
    now = {"test": test}

    def operator(key: str) -> None:
        told(Test(key, _fitting(now["test"].values, key, kind)), True)

    def operand(place: int) -> Told:
        def tell(value: Any) -> None:
            # The second bound of a `between` may be typed before the first.
            values = [*now["test"].values, *[""] * (place + 1 - len(now["test"].values))]
            values[place] = "" if value is None else value
            now["test"] = Test(test.operator, tuple(values))
            told(now["test"], False)

        return tell

    def operands(values: tuple[str, ...]) -> None:
        now["test"] = Test(test.operator, tuple(_valued(value, kind) for value in values))
        told(now["test"], False)

    choose("is asked", options, test.operator, operator).props("options-dense")
    count = OPERATORS[test.operator].operands
    if count < 0:
        choose_several("values", dict.fromkeys(usual, ""), test.values, operands)
    for place in range(count):
        if place:
            words("and")
        value = test.values[place] if place < len(test.values) else None
        if _is_number(test.operator, kind, value):
            number_field("value", value, operand(place))
        else:
            text_field("value", str(value or ""), operand(place), options=usual)


def more(label: str, offers: Mapping[str, Callable[[], None]]) -> None:
    """A small button that opens a menu of what can be added here."""
    if not offers:
        return
    with box(), _icon("add", label), ui.menu().props("auto-close"):
        for text, take in offers.items():
            ui.menu_item(text, on_click=take)


def remove(label: str, on_click: Callable[[], None]) -> None:
    _icon("close", label).on_click(on_click)


def _icon(icon: str, label: str) -> ui.button:
    return ui.button(icon=icon, color=None).props(f'flat dense round size="sm" aria-label="{label}"').classes("tb-icon")


def _dressed(control: E, label: str, style: str) -> E:
    control.props(f'outlined dense options-dense hide-bottom-space aria-label="{label}"').classes("tb-input tb-field")
    control.style(style)
    return control


def _width(options: Mapping[str, str], value: str) -> int:
    """Room for what is chosen: a row reads as a sentence only without gaps."""
    return max(96, min(300, 56 + int(7.6 * len(options.get(value) or value or "choose"))))


def _number(value: float | None) -> Value | None:
    return None if value is None else int(value) if float(value).is_integer() else value


def _is_number(operator: str, kind: Kind | None, value: Value | None) -> bool:
    if operator in ("older", "younger") or kind == "number":
        return True
    return kind is None and isinstance(value, int | float) and not isinstance(value, bool)


def _valued(text: str, kind: Kind | None) -> Value:
    if kind == "text":
        return text
    try:
        return _number(float(text)) or 0
    except ValueError:
        return text


def _fitting(values: tuple[Value, ...], operator: str, kind: Kind | None) -> tuple[Value, ...]:
    """The operands that another operator can keep."""
    count = OPERATORS[operator].operands
    kept = tuple(value for value in values if value != "" and (kind != "number" or not isinstance(value, str)))
    return kept if count < 0 else kept[:count]


def given_text(given: Given | None) -> str:
    """What stands in a field, as text."""
    return "" if given is None or isinstance(given, tuple) else str(given)
