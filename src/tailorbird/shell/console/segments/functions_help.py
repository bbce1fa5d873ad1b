"""All functions of the language at a glance, from the table that its reader reads."""

from itertools import groupby

from nicegui import ui

from tailorbird.know.language.functions import FUNCTIONS, Function
from tailorbird.shell.console.markup import Content, div, span, table
from tailorbird.shell.console.parts import box, button, html


def functions_dialog() -> ui.dialog:
    """A dialog, closed; Escape closes it again."""
    with ui.dialog() as dialog, box("tb-card tb-functions"):
        with box("tb-row apart"):
            html(div("Functions", cls="tb-title"))
            button("Close", dialog.close, icon="close")
        for group, found in groupby(FUNCTIONS.values(), key=lambda one: one.group):
            html(div(group, cls="tb-sub"), table(["Written", "Gives"], [_row(one) for one in found]))
    return dialog


def _row(one: Function) -> list[Content]:
    return [span(one.signature, cls="tb-mono"), one.help]
