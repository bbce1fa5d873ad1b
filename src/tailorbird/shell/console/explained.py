"""A decision that was asked for with `debug`, in full: the parts of each score, the chain, what was left out."""

from typing import Any

from markupsafe import Markup

from tailorbird.shell.console import numbers
from tailorbird.shell.console.markup import Content, div, join, link, pill, span, table
from tailorbird.shell.console.parts import heading

CHAIN = ("history", "context", "content", "segment", "circumstances", "popular", "catalogue", "empty")
TONES = {"item_to_item": "a", "buy_again": "b", "category": "c", "segment": "d", "popular": "e", "trees": "f"}
NAMES = {
    "item_to_item": "item to item", "buy_again": "buy again", "category": "category", "segment": "segment",
    "popular": "popular",
    "trees": "trees",
}  # fmt: skip
_CODES = {"unavailable": "bad", "rule": "warn", "excluded": "warn", "hidden": "info", "consent": "bad"}


def explained(decision: dict[str, Any]) -> Markup:
    """The whole answer as markup."""
    if decision.get("ask"):
        asked = decision["ask"]
        return div(asked["text"], " ", [pill(str(one)) for one in asked["options"]], _foot(decision))
    terms = _step(decision, "score").get("terms", {})
    rows = [_row(at, one, terms.get(one["id"], {})) for at, one in enumerate(decision.get("items", []), 1)]
    heads = ["", "Item", "Score", "Made of", "Because", "Probability"]
    shown: Content = table(heads, rows, numeric=(2, 5)) if rows else div("Nothing to offer here.", cls="tb-quiet")
    return join([_chain(decision["link"]), shown, _key() if rows else None, _foot(decision), _left_out(decision)])


def _row(at: int, choice: dict[str, Any], terms: dict[str, float]) -> list[Content]:
    item = choice.get("item") or {}
    reasons = [div(reason["text"]) for reason in choice.get("reasons", [])]
    detail = " · ".join(filter(None, [item.get("category"), item.get("brand"), choice["id"]]))
    return [
        str(at),
        [item.get("name") or choice["id"], div(detail, cls="tb-quiet")],
        numbers.decimal(choice.get("score"), 4),
        _parts(terms),
        reasons,
        f"{choice.get('probability', 1.0):.3g}",
    ]


def _parts(terms: dict[str, float]) -> Markup:
    """A bar in which each term of the score has its share."""
    total = sum(value for value in terms.values() if value > 0) or 1.0
    told = ", ".join(f"{NAMES[name]} {value:+.4f}" for name, value in terms.items())
    widths = {name: 100 * max(0.0, value) / total for name, value in terms.items()}
    pieces = [span(cls=f"part {TONES[name]}", style=f"width:{width:.1f}%") for name, width in widths.items()]
    return div(pieces, cls="tb-parts", title=told)


def _key() -> Markup:
    return div([[span(cls=f"part {tone}"), NAMES[name]] for name, tone in TONES.items()], cls="tb-parts-key")


def _chain(spoke: str) -> Markup:
    """The cold-start chain, with the link that spoke."""
    return div([pill(one, "accent" if one == spoke else "quiet") for one in CHAIN], cls="tb-chain")


def _foot(decision: dict[str, Any]) -> Markup:
    model = decision.get("model") or "none yet"
    why = f" · {decision['why']}" if decision.get("why") else ""
    return div(f"Model {model} · probability of the page {decision['probability']:.3g}{why}", cls="tb-foot")


def _left_out(decision: dict[str, Any]) -> Markup:
    out = _step(decision, "left_out").get("items", [])
    refused = _step(decision, "gate").get("refused", {})
    counted = ", ".join(f"{count} {code}" for code, count in refused.items())
    head = heading("Left out", "what would stand there by its score alone, and does not")
    counts = div(f"Refused at the gate in all: {counted}.", cls="tb-foot") if counted else None
    if not out:
        return join([head, div("Nothing: by score alone the page would be the same.", cls="tb-quiet"), counts])
    rows = [
        [[one["name"] or one["id"], " ", span(one["id"], cls="tb-quiet")], numbers.decimal(one["score"], 4),
         pill(one["code"], _CODES.get(one["code"], "quiet")), one["why"]]
        for one in out
    ]  # fmt: skip
    return join([head, table(["Item", "Score", "", "Because"], rows, numeric=(1,)), counts])


def _step(decision: dict[str, Any], name: str) -> dict[str, Any]:
    return next((step for step in decision.get("steps", []) if step["step"] == name), {})


def person_hint() -> Markup:
    """Where to find somebody to try it with."""
    return div(
        "Who is here: ", link("People", "/people"), ". Without a name it is a stranger who asks.", cls="tb-quiet"
    )
