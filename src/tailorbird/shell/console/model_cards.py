"""What a training said of its model: by segment, for new people and new items, with intervals; and its lineage."""

from typing import Any

from tailorbird.shell.console import numbers
from tailorbird.shell.console.markup import Content, pairs, pill, span, table
from tailorbird.shell.console.parts import card, empty, heading, html
from tailorbird.shell.console.registry import Version
from tailorbird.shell.model_words import interval

_MEASURE = "ndcg@20"
_HEADS = ("Part", "Moments", "People", "NDCG@20", "Above popularity", "")


def parts_card(version: Version) -> None:
    """A line a part: the blend's NDCG@20, and how far above popularity and the champion, with 95 % intervals."""
    heads = [*_HEADS, *([f"Beside {version.champion}", ""] if version.champion else [])]
    with card(flush=True):
        html(heading("By segment, new people, new items", "NDCG@20 with 95 % intervals, people drawn whole"))
        if version.parts:
            html(table(heads, [_part(part, bool(version.champion)) for part in version.parts], (1, 2, 3, 4, 6)))
        else:
            empty("groups", "No report", "It was trained by an earlier release. The next training has one.")


def lineage_card(version: Version) -> None:
    """What it was made of, and why it serves or does not."""
    with card("Lineage", "the same data, code, seed and trials make the same model"):
        html(pairs([("verdict", version.verdict or numbers.DASH), *version.lineage]))


def _part(part: Any, champion: bool) -> list[Content]:
    counts: list[Content] = [part.name, numbers.count(part.moments), numbers.count(part.people)]
    names = ("popular", "champion") if champion else ("popular",)
    if not part.moments:
        return [*counts, numbers.DASH, *(cell for _ in names for cell in ("", ""))]
    cells: list[Content] = [numbers.decimal(part.scores["blend"].get(_MEASURE))]
    for name in names:
        cells += _beside(part.against.get(name, {}).get(_MEASURE))
    return [*counts, *cells]


def _beside(apart: Any) -> list[Content]:
    if apart is None:
        return ["", ""]
    sign = pill("better", "good") if apart.better else pill("worse", "bad") if apart.worse else pill("within noise")
    return [span(interval(apart), cls="tb-mono"), sign]
