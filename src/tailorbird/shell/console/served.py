"""Which model serves now: a small card for the overview."""

from tailorbird.shell.console.desk import Desk
from tailorbird.shell.console.markup import Markup, div, join, link
from tailorbird.shell.console.parts import heading


def served_card(desk: Desk) -> Markup:
    return join([heading("Serving", "", link("Models", "/models")), div("…")])
