"""Which model serves now: a small card for the overview."""

from markupsafe import Markup

from tailorbird.shell.console import numbers
from tailorbird.shell.console.desk import Desk
from tailorbird.shell.console.markup import bar, div, join, link, span
from tailorbird.shell.console.parts import heading
from tailorbird.shell.console.registry import FLOOR, SERVING, Version, versions

_UNTRAINED = "No model has been trained yet."


def served_card(desk: Desk) -> Markup:
    """The model in use, beside popularity."""
    found = versions(desk)
    serving = next((version for version in found if version.serves), None)
    title = heading("Serving", "", link("All models", "/models"))
    if serving is None:
        trained = "A model was trained, but none was good enough to serve yet." if found else _UNTRAINED
        text = f"{trained} People see what fits their live history, then the catalogue."
        return join([title, div(text, cls="tb-quiet")])
    age = f"trained {numbers.ago(serving.trained_at, desk.now)} on {numbers.count(serving.interactions)} contacts"
    return join([title, div(serving.name, cls="tb-mono"), div(age, cls="tb-sub"), _beside(serving)])


def _beside(version: Version) -> Markup:
    best, floor = (version.line(name).get("recall@20") for name in (SERVING, FLOOR))
    if not best or floor is None:
        return div("It was not evaluated: there was too little to hold out.", cls="tb-foot")
    rows = [
        [span("This model"), bar(1.0), span(numbers.decimal(best), cls="num")],
        [span("Popularity"), bar(floor / best, "olive"), span(numbers.decimal(floor), cls="num")],
    ]
    told = "Recall@20, on sessions after the training's end"
    return join([div(rows, cls="tb-bars", style="margin-top:18px"), div(told, cls="tb-foot")])
